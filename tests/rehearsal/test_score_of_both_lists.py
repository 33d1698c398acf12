"""The score of both lists under every behaviour, on the core: two programs agree, and each behaviour tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from application.office.starting import Year
from application.rehearsing.behaviours import behaviour_of, last_instant, script
from domain.clock import VirtualClock
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.notice.compiling import compilation
from domain.project import ProjectList
from domain.rules.policy import SupervisionPolicy
from domain.rules.score_rules import ScoreRules
from domain.scoring.table import score_table
from entrypoints.bootstrap.plan_files import read_notice
from tests.domain.samples import CALENDAR, Desk, at
from tests.examples.sixty_projects import notice
from tests.rehearsal.notice_2018 import the_list
from tests.rehearsal.test_score import END, MAY, YEAR, agree

START = at("04-25 09:00")
BEHAVIOURS = ("silent", "on-time", "early:60", "late:4", "late:40", "silent:{}")


@cache
def _lists(folder: Path) -> dict[str, ProjectList]:
    file = folder / "notice.txt"
    file.write_text(notice(), encoding="utf-8")
    return {"real": the_list(), "second": compilation(read_notice(file)).plan}


def lived(listed: ProjectList, behaviour: str) -> dict[str, Sequence[DomainEvent]]:
    """A year of a list in which all behave so, by project."""
    year = Year(listed=listed, policy=SupervisionPolicy(), calendar=CALENDAR, clock=VirtualClock())
    how = behaviour_of(behaviour.format(listed.projects[0].lead_department), listed)
    acts = defaultdict(list)
    for act in script(year, how, START):
        acts[act.project_id].append(act)
    streams: dict[str, Sequence[DomainEvent]] = {}
    end = last_instant(year, START)
    for project in listed.projects:
        desk = Desk(policy=SupervisionPolicy(), project=project)
        for when, together in groupby(acts[project.project_id], key=lambda each: each.at):
            desk.run_until(when)
            for act in together:
                desk.ask(act.command)
        desk.run_until(end)
        streams[supervision_workflow_id(project.project_id)] = desk.events
    return streams


@pytest.mark.parametrize("which", ["real", "second"])
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_two_programs_agree_on_the_scores_of_both_lists(
    which: str, behaviour: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every department, project and point of the year and of a month; what is late or silent costs, nothing else."""
    listed = _lists(tmp_path_factory.getbasetemp())[which]
    # Every fourth row of the second list: as many as the real one has.
    listed = listed.model_copy(update={"projects": listed.projects[:: 1 if which == "real" else 4]})
    streams, rules = lived(listed, behaviour), ScoreRules()
    tables = [score_table(streams.values(), rules, period, END) for period in (YEAR, MAY)]
    for table, period in zip(tables, (YEAR, MAY), strict=True):
        agree(table, streams, rules, period)
    deducted = {row.department for row in tables[0].departments if any(each.points < 0 for each in row.points)}
    everybody = {row.department for row in tables[0].departments}
    if behaviour in ("on-time", "early:60"):
        assert deducted == set()
    elif behaviour in ("silent", "late:4", "late:40"):
        assert deducted == everybody
    else:
        assert listed.projects[0].lead_department in deducted
