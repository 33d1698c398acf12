"""What departments take over, send back and report: whose matters begin and end, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    DeclineAssignment,
    InsistOnAssignment,
    RaiseDispute,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    RuleOnDispute,
)
from domain.events import (
    AssignmentDeclined,
    CompletionRequested,
    LimitEnded,
    LimitSet,
    MilestoneReturnedForRework,
    ProgressReported,
)
from domain.project import Recurrence
from tests.domain.acts.test_words_of_access import refused
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, PROJECT, SECOND, Desk, milestone, request

OTHERS = "学校部"


def two() -> Desk:
    """Two milestones, with a participating department in both."""
    return Desk(milestone(), milestone(2))


def replaced(where: str | None, to: str | None = None) -> Any:
    """The act that takes the participating department out."""
    return request(ReplaceParticipant, where, department="宣传部", to=to)


def ended(desk: Desk) -> list[tuple[str, str | None, str, bool]]:
    """The matters that have ended."""
    return [(each.kind, each.milestone_id, each.owner, each.answered) for each in desk.of(LimitEnded)]


def receipts(desk: Desk) -> list[str]:
    """Whose receipts are open."""
    return sorted(limit.owner for limit in desk.state.limits.values() if limit.kind == "receipt")


def test_who_has_no_duty_left_owes_no_receipt() -> None:
    """Its receipt ends unanswered with its last part, and not before; nobody else's does."""
    desk = two()
    desk.ask(replaced(FIRST))
    assert (ended(desk), receipts(desk)) == ([], ["宣传部", "组织部"])
    desk.ask(replaced(SECOND))
    assert (ended(desk), receipts(desk)) == ([("receipt", None, "宣传部", False)], ["组织部"])


def test_who_takes_over_two_parts_signs_once() -> None:
    """The second part opens no second receipt."""
    desk = two()
    for where in (FIRST, SECOND):
        desk.ask(replaced(where, OTHERS))
    assert [each.owner for each in desk.of(LimitSet) if each.kind == "receipt"].count(OTHERS) == 1
    assert receipts(desk) == [OTHERS, "组织部"]


def test_a_part_that_is_taken_ends_its_own_decline_only() -> None:
    """What the department sent back of the other milestone still waits."""
    desk = two()
    for where in (FIRST, SECOND):
        desk.ask(request(DeclineAssignment, where, by=PARTICIPANT))
    assert [each.milestone_id for each in desk.of(AssignmentDeclined)] == [FIRST, SECOND]
    desk.ask(replaced(FIRST))
    assert [where for kind, where, _, _ in ended(desk) if kind == "declined_assignment"] == [FIRST]


@pytest.mark.parametrize("to", ["宣传部", "组织部"])
def test_a_part_is_not_given_to_who_has_it(to: str) -> None:
    """Neither to itself nor to the lead department."""
    error = refused(two(), replaced(FIRST, to))
    assert (error.rule, error.ids) == ("another_department", {"department": to})


def test_only_a_whole_that_is_sent_back_ends_the_receipt() -> None:
    """Who sends a part back still signs for the rest; who is told that it stands signs anew."""
    desk = two()
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))
    assert receipts(desk) == ["宣传部", "组织部"]
    (limit,) = [each for each in desk.state.limits.values() if each.kind == "declined_assignment"]
    again = refused(desk, request(DeclineAssignment, FIRST, by=PARTICIPANT))
    assert again.text == f"宣传部已退回交办，不必再退：督查室于 {limit.due_on} 前处理退回的交办，请等结果。"
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"))
    assert receipts(desk) == ["宣传部", "组织部"]
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT))
    assert receipts(desk) == ["组织部"]
    whole = refused(desk, request(DeclineAssignment, SECOND, by=PARTICIPANT))
    assert "处理退回的交办" in whole.text
    desk.ask(request(InsistOnAssignment, None, department="宣传部"))
    assert receipts(desk) == ["宣传部", "组织部"]


def test_a_lead_department_that_sends_a_part_back_is_told_of_which_project() -> None:
    """It can send the whole back alone."""
    assert refused(two(), request(DeclineAssignment, by=LEAD)).ids == {"project_id": PROJECT}


@pytest.mark.parametrize("kind", [DeclineAssignment, ReportProgress])
def test_a_part_that_is_delivered_is_named_with_its_stage(kind: Any) -> None:
    """Nothing more is asked of it, nor heard."""
    desk = two()
    desk.ask(request(RequestCompletion, by=PARTICIPANT))
    error = refused(desk, request(kind, by=PARTICIPANT))
    assert error.ids == {"milestone_id": FIRST, "department": "宣传部", "stage": "delivered"}


def test_a_dispute_is_between_departments_of_the_milestone() -> None:
    """The one that is none of them, or the same, is named; the ruling ends the matter."""
    desk = two()
    assert refused(desk, request(RaiseDispute, by=LEAD, against="组织部")).ids == {"department": "组织部"}
    stranger = {"project_id": PROJECT, "department": "统战部"}
    assert refused(desk, request(RaiseDispute, by=LEAD, against="统战部")).ids == stranger
    desk.ask(request(RaiseDispute, by=LEAD, against="宣传部"))
    assert refused(desk, request(RuleOnDispute, responsible="统战部")).ids == stranger
    desk.ask(request(RuleOnDispute, responsible="宣传部"))
    assert [(kind, where, answered) for kind, where, _, answered in ended(desk)] == [("dispute", FIRST, True)]


def test_a_period_that_is_not_there_or_not_yet_is_told_with_its_beginning() -> None:
    """One that is to come can be named from its first day on, and not before."""
    every = {"recurrence": Recurrence(count=6, every_months=2)}
    desk = Desk(milestone(1, date(2018, 12, 29), starts_on=date(2018, 1, 1)).model_copy(update=every))
    error = refused(desk, request(ReportProgress, period=7))
    assert error.ids == {"milestone_id": FIRST, "period": 7, "periods": 6, "begins_on": None}
    begins = refused(desk, request(ReportProgress, period=3)).ids["begins_on"]
    assert isinstance(begins, date)
    desk.run_until(f"{begins:%m-%d} 10:00")
    assert desk.ask(request(ReportProgress, period=3))


def test_a_report_keeps_its_days() -> None:
    """The day on which it was done, and the day that the department expects."""
    desk = two()
    desk.ask(request(ReportProgress, done_on=date(2018, 4, 20), forecast_on=date(2018, 5, 20)))
    (event,) = desk.of(ProgressReported)
    assert (event.done_on, event.forecast_on) == (date(2018, 4, 20), date(2018, 5, 20))


@pytest.mark.parametrize(
    ("reported", "asked", "claimed"), [(None, None, 30), (40, None, 40), (30, 30, 30), (10, 35, 35)]
)
def test_a_completion_claims_the_number_that_was_asked_for_or_more(
    reported: int | None, asked: int | None, claimed: int
) -> None:
    """Without a number the target, or what was reported already where that is more."""
    desk = Desk(milestone(quota=30))
    if reported is not None:
        desk.ask(request(ReportProgress, quantity=reported))
        desk.ask(request(ReportProgress, quantity=reported))
    desk.ask(request(RequestCompletion, quantity=asked))
    assert [event.quantity for event in desk.of(CompletionRequested)] == [claimed]


def test_a_total_falls_only_after_it_was_sent_back() -> None:
    """Before that the total that stands is named; a claim that was sent back is the department's to correct."""
    desk = Desk(milestone(quota=30))
    desk.ask(request(ReportProgress, quantity=20))
    ids = {"milestone_id": FIRST, "quantity": 19, "before": 20, "unit": "场"}
    assert refused(desk, request(ReportProgress, quantity=19)).ids == ids
    ids = {"milestone_id": FIRST, "quantity": 29, "target": 30, "unit": "场"}
    assert refused(desk, request(RequestCompletion, quantity=29)).ids == ids
    desk.ask(request(RequestCompletion))
    desk.ask(request(ReturnForRework))
    assert desk.ask(request(ReportProgress, quantity=12))


@pytest.mark.parametrize(("day", "kept"), [("05-14", True), ("05-25", False)])
def test_what_is_sent_back_with_time_to_spare_keeps_its_date(day: str, kept: bool) -> None:
    """Otherwise it gets the days of rework, as a round of its own."""
    desk = Desk(milestone())
    desk.ask(request(RequestCompletion), f"{day} 09:30")
    desk.ask(request(ReturnForRework))
    (event,) = desk.of(MilestoneReturnedForRework)
    assert (event.answer_by == date(2018, 5, 31), event.round == 0) == (kept, kept)


def test_what_is_settled_is_named_with_its_stage_to_who_reports_and_to_who_reviews() -> None:
    """Completed, it hears no report and no second acceptance."""
    desk = two()
    desk.ask(request(RequestCompletion))
    desk.ask(request(AcceptCompletion, by=LI))
    for command in (
        request(ReportProgress),
        request(AcceptCompletion, by=LI),
        request(DeclineAssignment, by=PARTICIPANT),
    ):
        assert refused(desk, command).ids == {"milestone_id": FIRST, "stage": "completed"}
