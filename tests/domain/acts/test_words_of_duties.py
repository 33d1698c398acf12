"""What departments take over, send back and report: whose matters begin and end, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.actors import department
from domain.acts.commands import (
    AcceptCompletion,
    DeclineAssignment,
    InsistOnAssignment,
    IssueDirective,
    RaiseDispute,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    RuleOnDispute,
    Withdraw,
)
from domain.events import (
    AssignmentDeclined,
    AssignmentInsisted,
    CompletionRequested,
    LimitEnded,
    LimitSet,
    MilestoneReturnedForRework,
    ProgressReported,
)
from domain.project import Recurrence
from domain.rules.ladder_rules import RulesOverride
from domain.rules.policy import SupervisionPolicy
from tests.domain.acts.test_words_of_access import refused
from tests.domain.samples import FIRST, LEAD, LI, PARTICIPANT, PROJECT, SECOND, Desk, key_project, milestone, request

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
    (limit,) = [each for each in desk.state.limits.values() if each.kind == "declined_assignment"]
    whole = refused(desk, request(DeclineAssignment, SECOND, by=PARTICIPANT))
    assert whole.text == f"宣传部已退回交办，不必再退：督查室于 {limit.due_on} 前处理退回的交办，请等结果。"
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


def test_a_dispute_is_decided_for_one_of_the_two_who_have_it() -> None:
    """A third one of the milestone is refused with both names; where one of the two was released, he may be named."""
    project = key_project((milestone(1, date(2018, 7, 31)),)).having(participating_departments=("宣传部", "统战部"))
    desk = Desk(project=project)
    desk.ask(request(RaiseDispute, by=LEAD, against="宣传部"))
    third = refused(desk, request(RuleOnDispute, responsible="统战部"))
    assert (third.rule, "组织部与宣传部之间" in third.text) == ("ruling_between_two", True)
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to=None))
    desk.ask(request(RuleOnDispute, responsible="统战部"))
    assert desk.state.open_limit("dispute", FIRST) is None


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


@pytest.mark.parametrize("where", [None, FIRST])
def test_a_department_that_asks_again_is_told_of_its_own_letter(where: str | None) -> None:
    """Another department's letter, on the whole or on the same milestone, came before it and is answered before it."""
    desk = Desk(project=key_project((milestone(),)).having(participating_departments=("宣传部", OTHERS)))
    desk.ask(request(DeclineAssignment, where, by=department(OTHERS)))
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT), "04-27 10:00")
    (limit,) = [each for each in desk.state.limits.values() if each.about == "宣传部"]
    again = refused(desk, request(DeclineAssignment, FIRST, by=PARTICIPANT))
    assert again.text == f"宣传部已退回交办，不必再退：督查室于 {limit.due_on} 前处理退回的交办，请等结果。"


def test_a_part_is_given_on_although_another_one_is_late() -> None:
    """Only the milestone that is given on must not be over."""
    desk = Desk(milestone(1, date(2018, 12, 20)), milestone(2))
    desk.run_until("06-04 10:00")
    assert desk.ask(replaced(FIRST, OTHERS))


def test_who_has_no_open_duty_left_sends_nothing_back() -> None:
    """A directive alone keeps the project open: the refusal names the department and the project."""
    desk = two()
    desk.ask(request(IssueDirective, None))
    for where in (FIRST, SECOND):
        desk.ask(request(Withdraw, where))
    error = refused(desk, request(DeclineAssignment, None, by=LEAD))
    assert error.ids == {"project_id": PROJECT, "department": "组织部"}


def test_a_letter_on_the_whole_falls_away_with_the_last_duty() -> None:
    """Unanswered, when the department is replaced in the one milestone that it had."""
    desk = Desk(milestone())
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT))
    desk.ask(replaced(FIRST, OTHERS), "04-27 10:00")
    assert ended(desk)[-1] == ("declined_assignment", None, "督查室", False)
    assert not [each for each in desk.state.limits.values() if each.kind == "declined_assignment"]


def test_a_part_that_is_late_by_its_own_day_is_not_given_on() -> None:
    """It says that day, not the lead's: the one that takes it over would be late as it begins."""
    desk = Desk(milestone())
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT), "05-07 10:00")
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"), "05-16 10:00")
    desk.run_until("06-12 10:00")
    error = refused(desk, replaced(FIRST, OTHERS))
    assert error.ids == {
        "milestone_id": FIRST, "department": OTHERS, "due_on": date(2018, 6, 11), "today": date(2018, 6, 12)
    }  # fmt: skip


def test_what_waits_in_a_milestone_falls_away_with_its_acceptance() -> None:
    """The letter of a participant is answered no more, and says by how much it was late."""
    desk = two()
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))
    desk.ask(request(RequestCompletion), "05-07 10:00")
    desk.ask(request(AcceptCompletion, by=LI), "05-08 10:00")
    (event,) = [each for each in desk.of(LimitEnded) if each.kind == "declined_assignment"]
    assert (event.milestone_id, event.answered, event.working_days_late) == (FIRST, False, 5)


def test_the_days_of_rework_are_those_of_the_milestones_own_rules() -> None:
    """Beside one that has the list's."""
    own = RulesOverride(rework_working_days=3)
    desk = Desk(milestone(), milestone(2), policy=SupervisionPolicy(spread_minutes=0, milestones={FIRST: own}))
    for where in (FIRST, SECOND):
        desk.ask(request(RequestCompletion, where), "05-30 10:00")
        desk.ask(request(ReturnForRework, where))
    assert [event.answer_by for event in desk.of(MilestoneReturnedForRework)] == [date(2018, 6, 4), date(2018, 6, 6)]


def test_a_date_that_leaves_just_the_days_of_rework_stands() -> None:
    """In the same round; what is sent back one day later is a round of its own."""
    for day, kept in (("05-24", True), ("05-25", False)):
        desk = Desk(milestone())
        desk.ask(request(RequestCompletion), f"{day} 09:30")
        desk.ask(request(ReturnForRework))
        (event,) = desk.of(MilestoneReturnedForRework)
        assert (event.round == 0) is kept


def test_each_return_of_what_is_told_afterwards_is_a_round_of_its_own() -> None:
    """It has no due date that could stand: twice on one day are two rounds."""
    desk = Desk(milestone(1, date(2018, 3, 31), starts_on=None, born_late=True))
    for _ in range(2):
        desk.ask(request(RequestCompletion, done_on=date(2018, 3, 30)), "05-07 10:00")
        desk.ask(request(ReturnForRework))
    assert [event.round for event in desk.of(MilestoneReturnedForRework)] == [1, 2]


def test_a_first_total_may_be_nothing() -> None:
    """Nothing is less than nothing: it falls below no total."""
    desk = Desk(milestone(quota=30))
    desk.ask(request(ReportProgress, quantity=0))
    assert [event.quantity for event in desk.of(ProgressReported)] == [0]


@pytest.mark.parametrize("kind", [ReportProgress, RequestCompletion])
def test_a_text_without_words_is_refused_for_its_milestone(kind: Any) -> None:
    """A dot tells nobody what was done."""
    assert refused(two(), request(kind, SECOND, text="。")).ids == {"milestone_id": SECOND}


def test_a_participant_reports_for_no_period() -> None:
    """The periods are the lead's: one that the participant names is not there."""
    every = {"recurrence": Recurrence(count=6, every_months=2)}
    desk = Desk(milestone(1, date(2018, 12, 29), starts_on=date(2018, 1, 1)).model_copy(update=every))
    desk.ask(request(ReportProgress, by=PARTICIPANT))
    desk.ask(request(ReportProgress))
    assert [event.period for event in desk.of(ProgressReported)] == [None, 2]
    assert refused(desk, request(ReportProgress, by=PARTICIPANT, period=1)).ids["periods"] == 0


def test_the_last_period_can_be_named_once_it_has_begun() -> None:
    """And the refusal before that says its own first day."""
    every = {"recurrence": Recurrence(count=6, every_months=2)}
    desk = Desk(milestone(1, date(2018, 12, 29), starts_on=date(2018, 1, 1)).model_copy(update=every))
    begins = refused(desk, request(ReportProgress, period=6)).ids["begins_on"]
    assert begins == date(2018, 11, 1)
    desk.run_until("11-01 10:00")
    assert desk.ask(request(ReportProgress, period=6))


def test_a_dispute_of_what_is_under_review_waits_for_it() -> None:
    """The sentence says whose review, and until when."""
    desk = two()
    desk.ask(request(RequestCompletion))
    (limit,) = [each for each in desk.state.limits.values() if each.kind == "completion_review"]
    error = refused(desk, request(RaiseDispute, by=LEAD, against="宣传部"))
    assert error.ids == {"milestone_id": FIRST, "waits": f"督查室于 {limit.due_on} 前审核办结"}


def test_who_is_told_that_it_stands_reads_of_which_milestone() -> None:
    """The record of the ruling has it, and where nothing was sent back nothing is upheld."""
    desk = two()
    assert refused(desk, request(InsistOnAssignment, FIRST, department="宣传部")).ids == {"department": "宣传部"}
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))
    assert refused(desk, request(InsistOnAssignment, FIRST, department="组织部")).ids == {"department": "组织部"}
    assert refused(desk, request(InsistOnAssignment, SECOND, department="宣传部")).ids == {"department": "宣传部"}
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"))
    assert [event.milestone_id for event in desk.of(AssignmentInsisted)] == [FIRST]
