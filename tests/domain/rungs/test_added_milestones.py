"""A milestone that the list adds to a running project begins with its addition, not with the project."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import AmendProject, SignReceipt
from domain.events import LimitSet, PaceWarningIssued, ReportPeriodMissed
from domain.project import Milestone
from tests.domain.samples import PARTICIPANT, PROJECT, WHOLE_LIFE, Desk, milestone, request

NEW = f"{PROJECT}-02"


def with_added(each: Milestone, on: str) -> Desk:
    """A project whose receipts are signed, and to which a milestone is added on a day."""
    desk = Desk(milestone(1, date(2018, 12, 28)), policy=WHOLE_LIFE)
    desk.ask(request(SignReceipt, None))
    desk.ask(request(SignReceipt, None, by=PARTICIPANT))
    project = desk.state.project.model_copy(update={"milestones": (*desk.state.project.milestones, each)})
    desk.ask(request(AmendProject, project=project), on)
    return desk


def test_periods_that_ended_before_the_addition_were_nobodys_to_report() -> None:
    """Added on 3 September to a window from May: July's end is not missed, October's is."""
    ongoing = milestone(2, date(2018, 12, 28), starts_on=date(2018, 5, 1)).model_copy(update={"ongoing": True})
    desk = with_added(ongoing, "09-03 10:00")
    desk.run_until("11-05 12:00")
    missed = [event.ended_on for event in desk.of(ReportPeriodMissed) if event.milestone_id == NEW]
    assert missed == [date(2018, 10, 31)]


def test_a_pace_mark_that_passed_before_the_addition_is_not_warned_of() -> None:
    """Half of May to September was over in August; three quarters are to come."""
    quota = milestone(2, date(2018, 9, 28), starts_on=date(2018, 5, 1), quota=30)
    desk = with_added(quota, "08-01 10:00")
    desk.run_until("09-14 12:00")
    assert [event.percent for event in desk.of(PaceWarningIssued) if event.milestone_id == NEW] == [75]


def test_an_added_milestone_is_signed_for_like_the_others() -> None:
    """Lead and participant are asked for their receipt anew, within three working days of 3 September."""
    desk = with_added(milestone(2, date(2018, 12, 28)), "09-03 10:00")
    asked = [(event.owner, event.due_on) for event in desk.of(LimitSet) if event.kind == "receipt"][2:]
    assert asked == [("组织部", date(2018, 9, 6)), ("宣传部", date(2018, 9, 6))]
