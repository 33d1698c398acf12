"""A silent year with a yearly inspection plan: what the plan and the ladder open, and what they do not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from domain.events import InspectionNotOpened, InspectionOpened
from domain.project import KeyProject, ProjectList
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from tests.rehearsal.conftest import Rehearsing
from tests.rehearsal.expected import wakes
from tests.rehearsal.notice_2018 import ISSUED_ON, the_list
from tests.rehearsal.office_days import counted, on_or_after

_PLAN = (date(2018, 5, 16), date(2018, 7, 8), date(2018, 7, 10))
"""The second is a Sunday: its inspections are opened on the Monday."""
_PER_MONTH = 2
_YELLOW_AFTER = 5
Outcome = tuple[date, str, str]


def plan() -> SupervisionPolicy:
    """The default policy with three planned days, on which every department is in the sample."""
    days = tuple(PlannedInspection(on=day, sample_percent=100) for day in _PLAN)
    return SupervisionPolicy().model_copy(update={"life_cycle": LifeCycleRules(inspection_plan=days)})


def expected(listed: ProjectList) -> list[Outcome]:
    """What becomes of each inspection that the ladder or the plan foresees, in the order in which the projects wake."""
    foreseen = [each for project in listed.projects for each in _foreseen(project)]
    opened: set[str] = set()
    months: Counter[tuple[str, int]] = Counter()
    outcomes = []
    for on, _, lead, _, milestone_id in sorted(foreseen):
        if milestone_id in opened:
            outcome = "already_open"
        elif months[lead, on.month] >= _PER_MONTH:
            outcome = "burden_cap"
        else:
            outcome = "opened"
            opened.add(milestone_id)
            months[lead, on.month] += 1
        outcomes.append((on, milestone_id, outcome))
    return outcomes


def _foreseen(project: KeyProject) -> Iterator[tuple[date, int, str, str, str]]:
    # What was over before the notice was issued is asked for without alarm.
    due = {m.milestone_id: m.due_on for m in project.milestones if m.due_on is not None and m.due_on >= ISSUED_ON}
    place, lead = wakes(project.project_id), project.lead_department
    for milestone_id, on in due.items():
        yield counted(on, _YELLOW_AFTER), place, lead, milestone_id, milestone_id
    # Nobody answers, so the first milestone by date is open all year; the plan comes before the ladder.
    first = min(due, key=lambda milestone_id: (due[milestone_id], milestone_id))
    for day in _PLAN:
        yield on_or_after(day), place, lead, "", first


async def test_the_plan_opens_inspections_under_the_same_cap_as_the_ladder(rehearsed: Rehearsing) -> None:
    """Every inspection of the year, opened or not and why, to the day, against a calculation from the notice."""
    year = await rehearsed("silent", plan())
    found = []
    for event in year.of(InspectionOpened, InspectionNotOpened):
        reason = "opened" if isinstance(event, InspectionOpened) else str(getattr(event, "reason", None))
        found.append((event.decided_at.date(), getattr(event, "milestone_id", None), reason))
    outcomes = sorted(expected(the_list()))
    assert sorted(found) == outcomes
    assert {outcome for _, _, outcome in outcomes} == {"opened", "already_open", "burden_cap"}
