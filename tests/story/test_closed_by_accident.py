"""The story's year, closed by accident in the middle and reopened: nothing is different but what says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from domain.acts.commands import CloseYear, ReopenProject
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.papers.paper import Paper
from domain.rules.policy import SupervisionPolicy
from domain.rules.score_rules import ScoreRules
from domain.scoring.period import Period
from domain.scoring.table import score_table
from domain.seeing.next_change import changes_at
from domain.seeing.register_rows import registered
from domain.seeing.views import view_of
from entrypoints.bootstrap.plan_files import load_plan
from tests.domain.acts.test_decisions import refuse
from tests.domain.samples import Desk, at
from tests.rehearsal.test_score import agree
from tests.story.script import ACTS, EXAMPLE, LI, PROJECT, WANG, Act
from tests.story.test_a_project_year import LOOKS

YEAR = Period(name="2018", from_on=date(2018, 1, 1), to_on=date(2018, 12, 31))


def accident(closed: str, reopened: str) -> tuple[Act, ...]:
    """Somebody closes the year, months before its end, is refused, does it with a reason and a second person; and both
    take it back."""
    end: dict[str, Any] = {"by": LI, "reason": "误办", "to_year": 2019}
    forced = {**end, "despite_period": "以为到了年底", "confirmed_by": WANG}
    back: dict[str, Any] = {"by": WANG, "confirmed_by": LI, "reason": "系误办"}
    return (
        Act(at(closed), CloseYear(request_id="accident-1", **end), refused="plausible_year_end"),
        Act(at(closed), CloseYear(request_id="accident-2", **forced)),
        Act(at(reopened), ReopenProject(request_id="accident-3", **back)),
    )


def lived(acts: Iterable[Act], looks: Sequence[str]) -> tuple[Desk, list[tuple[Any, ...]]]:
    """The story's project through its year on the core with these acts, and what the register shows at each look."""
    project = next(each for each in load_plan(EXAMPLE).projects if each.project_id == PROJECT)
    desk, seen = Desk(policy=SupervisionPolicy(), project=project), []
    for instant, what in sorted([(each.at, each) for each in acts] + [(at(look), None) for look in looks], key=_first):
        desk.run_until(instant)
        if what is None:
            view = view_of(desk.state, desk.now).model_copy(update={"events": 0})
            duties = registered(desk.state, desk.now).duties
            seen.append((view, duties, changes_at(desk.state, desk.now)))
        elif what.refused is None:
            desk.ask(what.command)
        else:
            assert refuse(desk, RejectedError, what.command, None).rule == what.refused
    return desk, seen


def _first(each: tuple[datetime, Act | None]) -> datetime:
    return each[0]


def of_the_year(events: Iterable[DomainEvent], *accident_at: datetime) -> list[tuple[Any, ...]]:
    """Each event without its place in the stream, and without those that the accident brought."""
    return [
        (event.type, event.decided_at, event.actor, event.words())
        for event in events
        if event.decided_at not in accident_at
    ]


def as_sent(papers: Iterable[Paper], *accident_at: datetime) -> list[tuple[Any, ...]]:
    """Each paper as its reader has it, without those of the accident."""
    return [
        (each.kind, each.level, each.to, each.copies_to, each.issued_at, each.send_from, each.due_on, each.body)
        for each in papers
        if each.issued_at not in accident_at
    ]


def points(desk: Desk) -> list[tuple[Any, ...]]:
    """Every point of the year's score, by what it is for, and the scores; two programs agree on them."""
    rules = ScoreRules()
    table = score_table([desk.events], rules, YEAR, YEAR.to_on)
    agree(table, {supervision_workflow_id(PROJECT): desk.events}, rules, YEAR)
    found = [
        (row.department, row.score, point.rule, point.milestone_id, point.points, point.holds)
        for row in table.departments
        for point in row.points
    ]
    assert found
    return found


@pytest.mark.parametrize(
    ("closed", "reopened"),
    [("05-16 10:30", "05-16 16:00"), ("09-06 17:20", "09-06 17:50"), ("10-03 10:30", "10-03 11:00")],
    ids=["in dispute", "late and inspected", "suspended"],
)
def test_a_year_closed_by_accident_and_reopened_is_the_year_that_was_left_alone(closed: str, reopened: str) -> None:
    """Register at every later look, record, papers and score: those of the twin, but for what says so."""
    looks = [*sorted({look for look, *_ in LOOKS if at(look) > at(reopened)}, key=at), "2019-01-31 12:00"]
    (desk, shown), (twin, shown_of_twin) = lived((*ACTS, *accident(closed, reopened)), looks), lived(ACTS, looks)
    assert shown == shown_of_twin
    instants = at(closed), at(reopened)
    assert of_the_year(desk.events, *instants) == of_the_year(twin.events, *instants)
    assert as_sent(desk.papers, *instants) == as_sent(twin.papers, *instants)
    assert {each.type for each in desk.events if each.decided_at in instants} >= {"YearClosed", "ProjectReopened"}
    first, *_, last = [each for each in desk.papers if each.issued_at in instants]
    assert (first.kind, last.kind) == ("closing_notice", "status_notice")
    assert "年终结转通知作废" in last.body
    assert points(desk) == points(twin)
