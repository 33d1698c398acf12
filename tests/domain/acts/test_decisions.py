"""The rules that commands can break: who may and may not, dates, numbers, order of steps; and what a repeat does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.actors import ENGINE, department, operator
from domain.acts.commands import (
    AcceptCompletion,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.acts.decisions import outcome_of, reject
from domain.acts.rejections import (
    BeforeWindowError,
    CompletionUnderReviewError,
    FutureDateError,
    MilestoneSettledError,
    NotAnOperatorError,
    NotCompletedError,
    NothingToReviewError,
    NotYourDutyError,
    ProjectClosedError,
    TrueDateMissingError,
    TwoPersonsError,
    UnknownMilestoneError,
)
from domain.errors import RejectedError
from domain.events import (
    CommandRejected,
    DeadlineBreached,
    MilestoneCompleted,
    MilestoneReturnedForRework,
    NoReportReceived,
    ProgressReported,
    ProjectArchived,
    UrgeIssued,
)
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import (
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    SECOND,
    STRANGER,
    WANG,
    Desk,
    at,
    key_project,
    milestone,
    request,
)

DEPARTMENT_COMMANDS = (ReportProgress, RequestCompletion)
OPERATOR_COMMANDS = (AcceptCompletion, ReturnForRework, StrikeOff, Urge, Withdraw)
MORNING = "05-09 10:00"


def refuse(desk: Desk, error: type[RejectedError], command: Any, when: str | None = MORNING) -> RejectedError:
    """The refusal of a command, which must have changed nothing."""
    if when is not None:
        desk.run_until(when)
    before, events = desk.state, len(desk.events)
    with pytest.raises(error) as refused:
        desk.ask(command)
    assert refused.value.rule
    assert refused.value.text.endswith(("。", "："))
    assert (desk.state, len(desk.events)) == (before, events)
    return refused.value


def completed(*milestones: Any) -> Desk:
    """A desk whose first milestone was completed by 李."""
    desk = Desk(*(milestones or (milestone(), milestone(2))))
    desk.ask(request(RequestCompletion), MORNING)
    desk.ask(request(AcceptCompletion))
    return desk


@pytest.mark.parametrize("command", DEPARTMENT_COMMANDS)
@pytest.mark.parametrize("by", [STRANGER, LI, ENGINE, operator("组织部"), department("组织")], ids=str)
def test_only_a_department_with_a_duty_reports_and_completes(command: Any, by: Any) -> None:
    """Strangers, operators, the engine and a department with a like name are refused."""
    refuse(Desk(), NotYourDutyError, request(command, by=by))


@pytest.mark.parametrize("command", OPERATOR_COMMANDS)
@pytest.mark.parametrize("by", [LEAD, PARTICIPANT, STRANGER, ENGINE, operator("组织部"), operator("宣传部")], ids=str)
def test_only_a_named_operator_reviews_strikes_off_urges_and_withdraws(command: Any, by: Any) -> None:
    """Departments, the engine, and an operator who bears a department's name are refused."""
    refuse(Desk(), NotAnOperatorError, request(command, by=by))


@pytest.mark.parametrize("command", [*DEPARTMENT_COMMANDS, *OPERATOR_COMMANDS])
@pytest.mark.parametrize("milestone_id", ["2018-05a-03", "2018-05b-01", "2017-05a-01"])
def test_a_milestone_of_another_project_is_unknown(command: Any, milestone_id: str) -> None:
    """A milestone that the project does not have is refused with the range of those that it has."""
    error = refuse(Desk(milestone(), milestone(2)), UnknownMilestoneError, request(command, milestone_id))
    assert "2018-05a-01 到 2018-05a-02" in error.text


@pytest.mark.parametrize("command", DEPARTMENT_COMMANDS)
def test_nothing_was_done_on_a_day_that_has_not_come(command: Any) -> None:
    """Tomorrow is refused, today is not; today is the office's day, not that of Greenwich."""
    desk = Desk()
    refuse(desk, FutureDateError, request(command, done_on=date(2018, 5, 10)), "05-09 00:30")
    desk.ask(request(command, done_on=date(2018, 5, 9)))


@pytest.mark.parametrize("command", [ReportProgress, RequestCompletion, Urge])
def test_while_a_completion_is_under_review_the_department_is_left_alone(command: Any) -> None:
    """A second request, a report and an urge by hand wait for the ruling on the first request."""
    desk = Desk()
    desk.ask(request(RequestCompletion), MORNING)
    refuse(desk, CompletionUnderReviewError, request(command), None)


@pytest.mark.parametrize("command", [ReportProgress, RequestCompletion, AcceptCompletion, ReturnForRework, Urge])
def test_a_completed_milestone_is_not_completed_reviewed_or_urged_again(command: Any) -> None:
    """Everything but the striking off and the withdrawal is refused after the completion."""
    refuse(completed(), MilestoneSettledError, request(command), None)


@pytest.mark.parametrize("command", [*DEPARTMENT_COMMANDS, *OPERATOR_COMMANDS])
@pytest.mark.parametrize("last", [StrikeOff, Withdraw])
def test_a_milestone_that_is_struck_off_or_withdrawn_takes_nothing_more(command: Any, last: Any) -> None:
    """Every command to a closed milestone is refused while the project goes on."""
    desk = completed()
    desk.ask(request(last, by=WANG))
    refuse(desk, MilestoneSettledError, request(command, by=LEAD if command in DEPARTMENT_COMMANDS else LI), None)


@pytest.mark.parametrize("command", [AcceptCompletion, ReturnForRework])
def test_only_a_requested_completion_can_be_reviewed(command: Any) -> None:
    """Without a request there is nothing to accept or to send back, after a progress report either."""
    desk = Desk()
    refuse(desk, NothingToReviewError, request(command))
    desk.ask(request(ReportProgress))
    refuse(desk, NothingToReviewError, request(command), None)


def test_only_a_completed_milestone_is_struck_off() -> None:
    """Neither an open milestone nor one under review can be struck off."""
    desk = Desk()
    refuse(desk, NotCompletedError, request(StrikeOff, by=WANG))
    desk.ask(request(RequestCompletion))
    refuse(desk, NotCompletedError, request(StrikeOff, by=WANG), None)


@pytest.mark.parametrize("same", ["李", " 李", "李　"])
def test_nobody_strikes_off_what_he_accepted_himself(same: str) -> None:
    """The one who accepted is refused, blanks around the name notwithstanding; another person is not."""
    desk = completed()
    assert "李" in refuse(desk, TwoPersonsError, request(StrikeOff, by=operator(same)), None).text
    desk.ask(request(StrikeOff, by=WANG))
    assert desk[FIRST].stage == "struck_off"


def test_the_two_persons_are_those_of_the_last_review() -> None:
    """Who returned a completion may strike it off after another one accepted it."""
    desk = Desk(milestone(), milestone(2))
    desk.ask(request(RequestCompletion), MORNING)
    desk.ask(request(ReturnForRework, by=WANG))
    desk.ask(request(RequestCompletion))
    desk.ask(request(AcceptCompletion, by=LI))
    refuse(desk, TwoPersonsError, request(StrikeOff, by=LI), None)
    desk.ask(request(StrikeOff, by=WANG))


def test_a_retrospective_completion_needs_the_true_date() -> None:
    """What was over before supervision began is completed with the day on which it was really done."""
    desk = Desk(milestone(due_on=date(2018, 3, 31), starts_on=date(2018, 3, 1), born_late=True))
    refuse(desk, TrueDateMissingError, request(RequestCompletion))
    refuse(desk, BeforeWindowError, request(RequestCompletion, done_on=date(2017, 2, 28)), None)
    refuse(desk, FutureDateError, request(RequestCompletion, done_on=date(2018, 5, 10)), None)
    desk.ask(request(RequestCompletion, done_on=date(2018, 4, 2)))
    assert desk[FIRST].done_on == date(2018, 4, 2)
    assert not desk[FIRST].breaches


@pytest.mark.parametrize("command", [*DEPARTMENT_COMMANDS, *OPERATOR_COMMANDS])
@pytest.mark.parametrize("milestone_id", [FIRST, "2018-05a-09"])
def test_a_withdrawn_project_takes_nothing_more(command: Any, milestone_id: str) -> None:
    """After the withdrawal every command is refused, and the sentence says withdrawn."""
    desk = Desk()
    desk.ask(request(Withdraw, None), MORNING)
    assert "撤销" in refuse(desk, ProjectClosedError, request(command, milestone_id), None).text
    assert desk.run_until("12-31 00:00") == []


def test_a_project_is_archived_with_its_last_milestone() -> None:
    """Struck off and withdrawn milestones close the file together; then nothing more is taken."""
    desk = completed()
    assert not desk.of(ProjectArchived)
    desk.ask(request(StrikeOff, by=WANG))
    events = desk.ask(request(Withdraw, SECOND))
    assert isinstance(events[-1], ProjectArchived)
    assert desk.state.stage == "archived"
    assert "归档" in refuse(desk, ProjectClosedError, request(Urge), None).text


def test_a_project_without_milestones_refuses_in_words() -> None:
    """A row that has no milestone answers a command with a refusal, never with a fault."""
    refuse(Desk(project=key_project()), UnknownMilestoneError, request(Urge))


def test_the_same_request_again_changes_nothing_and_answers_the_same() -> None:
    """A repeated request id makes no event and answers the first one's events, after the project is closed too."""
    desk = Desk()
    first = request(ReportProgress, request_id="once")
    (event,) = desk.ask(first, MORNING)
    answer = outcome_of(desk.state, first)
    assert answer.event_ids == (f"key-project/2018/05a#{event.seq}",)
    assert desk.ask(first) == ()
    assert outcome_of(desk.state, first) == answer
    desk.ask(request(Withdraw, None))
    assert desk.ask(first) == ()


def test_a_refused_request_may_come_again_under_its_id() -> None:
    """A request id is used up by an acceptance, not by a refusal."""
    desk = Desk()
    again = request(AcceptCompletion, request_id="accept")
    refuse(desk, NothingToReviewError, again)
    desk.ask(request(RequestCompletion))
    assert desk.ask(again)


def test_returned_with_time_to_spare_the_due_date_stands() -> None:
    """A return long before the due date opens no new round and takes no day away."""
    desk = Desk()
    desk.ask(request(RequestCompletion), MORNING)
    desk.ask(request(ReturnForRework))
    (returned,) = desk.of(MilestoneReturnedForRework)
    assert (returned.round, returned.answer_by) == (0, date(2018, 5, 31))
    assert desk[FIRST].stage == "returned_for_rework"


def test_returned_late_the_department_gets_the_days_of_rework() -> None:
    """A return on the last day, or after it, opens a round of five working days; the make-up day counts."""
    desk = Desk(milestone(due_on=date(2018, 4, 26)))
    desk.ask(request(RequestCompletion), "04-26 16:00")
    desk.ask(request(ReturnForRework), "04-27 10:00")
    (returned,) = desk.of(MilestoneReturnedForRework)
    assert (returned.round, returned.answer_by) == (1, date(2018, 5, 7))
    assert not desk[FIRST].breaches


def test_each_round_of_rework_can_be_breached_anew() -> None:
    """A department that is late again after a return has two breaches on its record, each with its date."""
    desk = Desk()
    desk.ask(request(RequestCompletion), "06-04 10:00")
    desk.ask(request(ReturnForRework), "06-04 11:00")
    desk.ask(request(RequestCompletion), "06-13 10:00")
    desk.ask(request(AcceptCompletion))
    assert [(b.due_on, b.round) for b in desk[FIRST].breaches] == [(date(2018, 5, 31), 0), (date(2018, 6, 11), 1)]
    assert desk.of(MilestoneCompleted)


@pytest.mark.parametrize("command", [ReportProgress, RequestCompletion, Urge, Withdraw])
def test_no_late_command_slips_past_the_breach(command: Any) -> None:
    """Minutes after midnight, before the spread wake-up: the breach and the silence come first, then the command."""
    desk = Desk(policy=SupervisionPolicy(spread_minutes=30))
    assert desk.state.policy.spread_for(desk.state.project_id) > timedelta(minutes=1)
    events = desk.ask(request(command), "06-01 00:00:01")
    assert [type(event) for event in events[:2]] == [DeadlineBreached, NoReportReceived]
    assert [event.occurred_at for event in events[:2]] == [at("06-01 00:00")] * 2
    assert desk.run_until("06-01 08:00") == []


def test_withdrawing_a_project_first_records_what_was_late() -> None:
    """A withdrawal after midnight does not save a project from the breaches of the day before."""
    desk = Desk(milestone(), milestone(2), milestone(3, date(2018, 6, 30)), policy=SupervisionPolicy())
    desk.ask(request(Withdraw, None), "06-01 00:00:01")
    late = [breach.milestone_id for breach in desk.of(DeadlineBreached) if breach.department is None]
    assert late == [FIRST, SECOND]


def test_a_request_in_the_last_moment_of_the_due_day_is_on_time() -> None:
    """One microsecond before midnight is no breach, and none comes while the completion is under review."""
    desk = Desk()
    desk.ask(request(RequestCompletion), "05-31 23:59:59.999999")
    desk.run_until("08-31 00:00")
    assert not desk[FIRST].breaches


def test_a_progress_report_alone_does_not_stop_the_clock() -> None:
    """A department that reported and did not finish is in breach, and its silence is not recorded."""
    desk = Desk()
    desk.ask(request(ReportProgress), MORNING)
    desk.run_until("06-01 00:00")
    assert len(desk[FIRST].breaches) == 1
    assert [silence.department for silence in desk.of(NoReportReceived)] == ["宣传部"]
    assert desk.of(ProgressReported)


def test_an_urge_by_hand_names_the_date_that_counts() -> None:
    """The due date as the rules roll it; none where the date waits for a ruling, and then no date is made up."""
    rolled = MilestoneRules(due_roll="preceding")
    desk = Desk(
        milestone(due_on=date(2018, 6, 30)),
        milestone(2, None, starts_on=None),
        policy=SupervisionPolicy(rules=rolled, spread_minutes=0),
    )
    desk.ask(request(Urge), MORNING)
    desk.ask(request(Urge, SECOND))
    assert [urge.due_on for urge in desk.of(UrgeIssued)] == [date(2018, 6, 29), None]
    assert "时限待定" in desk.papers[-1].body


def test_an_urge_by_hand_does_not_take_the_place_of_the_ladders_own() -> None:
    """An operator's urge before the due date leaves the urge after it to come."""
    desk = Desk()
    desk.ask(request(Urge), MORNING)
    desk.run_until("06-01 12:00")
    assert [urge.reason for urge in desk.of(UrgeIssued) if urge.department is None] == ["已办", None]


def test_a_refusal_by_signal_is_recorded_with_what_arrived() -> None:
    """The record has the rule, the sentence and the beginning of what came, however long it was."""
    desk = Desk()
    (event,) = reject(desk.state, "known_milestone", "没有节点。", "x" * 5_000, at(MORNING))
    assert isinstance(event, CommandRejected)
    assert (event.seq, event.rule, len(event.received)) == (desk.state.next_seq, "known_milestone", 2_000)
