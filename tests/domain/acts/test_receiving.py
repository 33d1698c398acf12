"""How departments take their assignments: receipts, declined assignments, another lead, other participants, disputes.

The days are counted by hand in the calendar of 2018: 28 April is a make-up working day, 30 April and 1 May are off.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    AcknowledgeReminder,
    AppointDeputy,
    ChangeCalendar,
    DeclineAssignment,
    GrantGrace,
    InsistOnAssignment,
    RaiseDispute,
    ReassignLead,
    ReplaceParticipant,
    ReportProgress,
    RequestCompletion,
    RuleOnDispute,
    SignReceipt,
    Urge,
    Withdraw,
)
from domain.acts.receiving import NothingSentError, ReminderSeenError
from domain.acts.rejections import MilestoneSettledError
from domain.events import (
    ClockResumed,
    DeadlineBreached,
    DutyHandedOver,
    EscalationOrderIssued,
    LimitEnded,
    LimitEscalated,
    LimitPassed,
    LimitReminderIssued,
    LimitSet,
    NoReportReceived,
    NoticeNotSent,
    ReceiptSigned,
    ReminderAcknowledged,
    ReminderIssued,
    UrgeIssued,
)
from domain.seeing.lights import light_of, light_of_part
from tests.domain.samples import (
    FIRST,
    LEAD,
    LI,
    PARTICIPANT,
    SECOND,
    STRANGER,
    WHOLE_LIFE,
    Desk,
    lone,
    milestone,
    request,
)
from tests.domain.scripts import OTHER_CALENDAR

HEAD, LEADER = "组织部主要负责人", "分管领导"


def life(*milestones: Any) -> Desk:
    """A project under the whole life cycle."""
    return Desk(*milestones, policy=WHOLE_LIFE)


def two() -> Desk:
    """Two milestones, due on 31 May and 30 September."""
    return life(milestone(1), milestone(2, date(2018, 9, 30)))


def test_lead_and_participant_each_have_three_working_days_to_sign() -> None:
    """From 25 April: the 26th, the 27th and the make-up Saturday."""
    limits = [(event.owner, event.due_on) for event in life().of(LimitSet)]
    assert limits == [("组织部", date(2018, 4, 28)), ("宣传部", date(2018, 4, 28))]


def test_a_receipt_that_does_not_come_is_reminded_of_passed_and_brought_to_the_superiors() -> None:
    """A working day before, when the day is over, and one and three working days after the limit."""
    desk = life()
    desk.run_until("05-10 12:00")
    brought = [(event.to, f"{event.decided_at:%m%d}") for event in desk.of(LimitEscalated) if event.owner == "组织部"]
    assert [f"{event.decided_at:%m%d}" for event in desk.of(LimitReminderIssued)] == ["0427", "0427"]
    assert [f"{event.occurred_at:%m%d %H%M}" for event in desk.of(LimitPassed)] == ["0429 0000"] * 2
    assert brought == [(HEAD, "0502"), (LEADER, "0504")]


def test_signing_ends_the_receipt_and_nothing_else() -> None:
    """A receipt is not an answer: the stage, the date and the ladder are as they were."""
    desk = life()
    before = desk[FIRST]
    desk.ask(request(SignReceipt, None))
    assert desk[FIRST] == before.model_copy(update={"signed": True})
    assert [(event.answered, event.working_days_late) for event in desk.of(LimitEnded)] == [(True, 0)]


def test_a_receipt_that_comes_late_says_by_how_many_working_days() -> None:
    """Signed on 4 May, three working days after 28 April: 2, 3 and 4 May."""
    desk = life()
    desk.ask(request(SignReceipt, None), "05-04 10:00")
    assert desk.of(LimitEnded)[-1].working_days_late == 3


def test_signing_for_one_milestone_leaves_the_receipt_open() -> None:
    """The limit ends with the last signature."""
    desk = two()
    desk.ask(request(SignReceipt, FIRST))
    assert (desk[FIRST].signed, desk[SECOND].signed, len(desk.of(LimitEnded))) == (True, False, 0)
    desk.ask(request(SignReceipt, None))
    assert desk.of(ReceiptSigned)[-1].milestone_ids == (SECOND,)
    assert len(desk.of(LimitEnded)) == 1


def test_a_receipt_ends_with_what_there_is_to_sign_for() -> None:
    """The only milestone that was not signed for is withdrawn: nobody is asked for a signature any more."""
    desk = two()
    desk.ask(request(SignReceipt, FIRST))
    desk.ask(request(Withdraw, SECOND))
    assert [(event.owner, event.answered) for event in desk.of(LimitEnded)] == [("组织部", False)]
    assert desk.state.open_limit("receipt", None, "宣传部") is not None


def test_a_limit_that_ran_out_in_the_night_is_on_record_before_a_signature_at_dawn() -> None:
    """No answer slips past what was over before it."""
    desk = life()
    desk.run_until("04-28 23:00")
    desk.now = desk.now.replace(day=29, hour=0, minute=1)
    events = desk.ask(request(SignReceipt, None))
    assert [event.type for event in events] == ["LimitPassed", "LimitPassed", "ReceiptSigned", "LimitEnded"]


def test_a_declined_assignment_stops_the_clock_until_it_is_ruled_on() -> None:
    """Declined on 2 May, insisted on the 10th: the 3rd, 4th, 7th, 8th, 9th and 10th are excused."""
    desk = life()
    desk.ask(request(DeclineAssignment, None), "05-02 10:00")
    desk.ask(request(InsistOnAssignment, None, department="组织部"), "05-10 10:00")
    assert (desk[FIRST].working_days_excused, desk[FIRST].answer_by) == (6, date(2018, 6, 8))


def test_a_declined_assignment_waits_three_working_days_and_goes_to_the_leader() -> None:
    """The assigning side is on the clock too."""
    desk = life()
    desk.ask(request(DeclineAssignment, None), "05-02 10:00")
    desk.run_until("05-09 12:00")
    declined = [event for event in desk.of(LimitEscalated) if event.kind == "declined_assignment"]
    assert [(event.owner, event.to, event.due_on) for event in declined] == [("督查室", LEADER, date(2018, 5, 7))]


def test_who_is_insisted_on_signs_anew() -> None:
    """A receipt is asked for again, with a limit of its own."""
    desk = life()
    desk.ask(request(SignReceipt, None))
    desk.ask(request(DeclineAssignment, None))
    desk.ask(request(InsistOnAssignment, None, department="组织部"))
    assert not desk[FIRST].signed
    assert desk.state.open_limit("receipt", None, "组织部") is not None


def test_a_participant_that_declines_stops_its_own_clock_only() -> None:
    """The lead's goes on."""
    desk = life()
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))
    assert desk[FIRST].stops == {}
    assert "declined_assignment" in desk[FIRST].parts["宣传部"].stops


def test_a_participants_own_stop_and_the_whole_ones_are_excused_once() -> None:
    """Declined 7 to 11 May, dispute 9 to 15 May: six working days for the participant, and four for the lead."""
    desk = life()
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT), "05-07 10:00")
    desk.ask(request(RaiseDispute, FIRST, against="宣传部"), "05-09 10:00")
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"), "05-11 10:00")
    desk.ask(request(RuleOnDispute, FIRST, responsible="组织部"), "05-15 10:00")
    assert desk[FIRST].answer_by == date(2018, 6, 6)
    assert desk[FIRST].parts["宣传部"].answer_by == date(2018, 6, 8)


def test_a_whole_decline_outlives_the_ruling_on_one_milestone() -> None:
    """Insisted on for one milestone, the participant's clock there stands still for the other letter."""
    desk = two()
    desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))
    desk.ask(request(DeclineAssignment, None, by=PARTICIPANT))
    desk.ask(request(InsistOnAssignment, FIRST, department="宣传部"))
    assert desk[FIRST].parts["宣传部"].stops
    desk.ask(request(InsistOnAssignment, None, department="宣传部"))
    assert not desk[FIRST].parts["宣传部"].stops


def test_a_new_lead_gets_days_of_its_own_for_what_is_late() -> None:
    """Reassigned on 11 June, six working days after 31 May: until 19 June, for 18 June is off."""
    desk = life()
    desk.ask(request(ReassignLead, to="统战部"), "06-11 10:00")
    assert [(event.answer_by, event.round) for event in desk.of(DutyHandedOver)] == [(date(2018, 6, 19), 1)]


def test_a_new_lead_does_not_inherit_the_rungs_of_the_one_before() -> None:
    """No urge and no order follows for the date that was missed before; its own ladder follows its own date."""
    desk = life()
    desk.ask(request(ReassignLead, to="统战部"), "06-04 09:00")
    desk.run_until("06-11 23:00")
    own = [event for event in desk.of(EscalationOrderIssued) if event.department is None]
    assert (own, [event for event in desk.of(UrgeIssued) if event.department is None and event.round == 1]) == ([], [])
    desk.run_until("06-12 12:00")
    late = [event.due_on for event in desk.of(DeadlineBreached) if event.department is None]
    assert late == [date(2018, 5, 31), date(2018, 6, 11)]


def test_the_breach_of_the_lead_before_stays_with_a_new_lead() -> None:
    """A breach is indelible, whoever leads."""
    desk = life()
    desk.ask(request(ReassignLead, to="统战部"), "06-11 10:00")
    assert [breach.due_on for breach in desk[FIRST].breaches] == [date(2018, 5, 31)]


def test_the_reminders_that_a_new_leads_days_leave_no_time_for_are_on_record_as_not_sent() -> None:
    """Five working days are too few for the reminders of fourteen and seven working days before."""
    desk = life()
    desk.ask(request(ReassignLead, to="统战部"), "06-11 10:00")
    passed = [event.rung for event in desk.of(NoticeNotSent) if event.round == 1 and event.department is None]
    assert passed == ["reminder-14", "reminder-7"]


def test_a_new_lead_signs_for_itself_and_a_declined_assignment_of_the_one_before_ends() -> None:
    """The decline is answered by the reassignment, and the clock goes on."""
    desk = life()
    desk.ask(request(DeclineAssignment, None), "05-02 10:00")
    desk.ask(request(ReassignLead, to="统战部"), "05-04 10:00")
    assert desk[FIRST].stops == {}
    assert {limit.kind: limit.owner for limit in desk.state.limits.values() if limit.owner != "宣传部"} == {
        "receipt": "统战部"
    }


def test_a_participant_that_comes_to_lead_leaves_its_part_on_record() -> None:
    """Its part is released, with the breach that it had."""
    desk = life()
    desk.ask(request(ReassignLead, to="宣传部"), "06-04 10:00")
    part = desk[FIRST].parts["宣传部"]
    assert (part.stage, [breach.due_on for breach in part.breaches]) == ("released", [date(2018, 5, 31)])


def test_a_replaced_participant_keeps_what_it_missed_when_it_comes_back() -> None:
    """Its breach stays, its new round has another number, and no rung is taken twice in one round."""
    desk = life()
    desk.ask(request(GrantGrace, new_due_on=date(2018, 6, 29)), "06-04 09:30")
    desk.ask(request(ReplaceParticipant, None, department="宣传部", to="统战部"), "06-04 10:00")
    desk.ask(request(ReplaceParticipant, None, department="统战部", to="宣传部"), "06-05 10:00")
    part = desk[FIRST].parts["宣传部"]
    assert (part.stage, part.round, len(part.breaches)) == ("assigned", 2, 1)


def test_a_replacement_in_the_project_leaves_alone_whoever_was_released_from_a_milestone_before() -> None:
    """The part that another has there meanwhile is not begun anew."""
    desk = two()
    desk.ask(request(ReplaceParticipant, FIRST, department="宣传部", to="统战部"))
    desk.ask(request(ReportProgress, FIRST, by=STRANGER))
    desk.ask(request(ReplaceParticipant, SECOND, department="宣传部", to="学校部"))
    before = desk[FIRST].parts["统战部"]
    desk.ask(request(ReplaceParticipant, None, department="学校部", to="统战部"))
    assert desk[FIRST].parts["统战部"] == before


def test_a_part_of_what_is_completed_is_not_declined() -> None:
    """Nobody would rule on it any more: its matter would stay open behind the strike-off."""
    desk = life()
    desk.ask(request(RequestCompletion))
    desk.ask(request(AcceptCompletion, by=LI))
    with pytest.raises(MilestoneSettledError, match="已办结"):
        desk.ask(request(DeclineAssignment, FIRST, by=PARTICIPANT))


def test_a_participants_silence_is_its_own() -> None:
    """A new lead is in time and shows green, before it has delivered and after; till then the participant shows red."""
    desk = life()
    desk.ask(request(ReassignLead, to="统战部"), "05-30 10:00")
    desk.ask(request(SignReceipt, None, by=STRANGER))
    desk.ask(request(ReportProgress, by=STRANGER))
    desk.run_until("06-04 12:00")
    assert [event.department for event in desk.of(NoReportReceived)] == ["宣传部"]
    assert light_of(desk.state, FIRST, desk.now).colour == "green"
    assert light_of_part(desk.state, FIRST, "宣传部", desk.now).colour == "red"
    desk.ask(request(RequestCompletion, by=STRANGER), "06-06 10:00")
    assert light_of(desk.state, FIRST, desk.now).colour == "green"
    over = light_of_part(desk.state, FIRST, "宣传部", desk.now)
    assert (over.colour, "曾违期1次" in over.explanation) == ("grey", True)


def test_only_who_said_nothing_is_on_record_as_silent() -> None:
    """Both are late and show red; the lead has reported, so the silence is the participant's alone."""
    desk = life()
    desk.ask(request(ReportProgress), "05-30 10:00")
    desk.run_until("06-04 12:00")
    assert [event.department for event in desk.of(NoReportReceived)] == ["宣传部"]
    assert light_of(desk.state, FIRST, desk.now).colour == "red"
    assert light_of_part(desk.state, FIRST, "宣传部", desk.now).colour == "red"


def test_a_participant_that_delivered_shows_green_while_the_lead_is_late() -> None:
    """Neither light colours the other."""
    desk = life()
    desk.ask(request(RequestCompletion, by=PARTICIPANT), "05-30 10:00")
    desk.run_until("06-04 12:00")
    assert light_of_part(desk.state, FIRST, "宣传部", desk.now).colour == "green"
    assert light_of(desk.state, FIRST, desk.now).colour == "red"


def test_a_participant_is_urged_and_escalated_by_its_own_lighter_ladder() -> None:
    """One reminder seven working days before, an urge the day after, one blue order to its own head."""
    desk = life()
    desk.run_until("07-31 12:00")
    orders = [(event.level, event.to) for event in desk.of(EscalationOrderIssued) if event.department == "宣传部"]
    reminders = [f"{event.decided_at:%m%d}" for event in desk.of(ReminderIssued) if event.department == "宣传部"]
    urges = [f"{event.decided_at:%m%d}" for event in desk.of(UrgeIssued) if event.department == "宣传部"]
    assert (reminders, urges, orders) == (["0522"], ["0601"], [("blue", "宣传部主要负责人")])


def test_a_dispute_stops_every_clock_of_the_milestone_until_the_ruling() -> None:
    """Raised on 14 May, ruled on the 21st: five working days for the lead and the participant."""
    desk = life()
    desk.ask(request(RaiseDispute, FIRST, by=PARTICIPANT, against="组织部"), "05-14 10:00")
    desk.ask(request(RuleOnDispute, FIRST, responsible="宣传部"), "05-21 10:00")
    (resumed,) = desk.of(ClockResumed)
    assert (resumed.working_days_excused, resumed.answer_by) == (5, date(2018, 6, 7))
    assert desk[FIRST].parts["宣传部"].answer_by == date(2018, 6, 7)


def test_a_dispute_that_is_not_decided_goes_to_the_leader() -> None:
    """Five working days from 14 May: the 21st; a working day later it is escalated."""
    desk = life()
    desk.ask(request(RaiseDispute, FIRST, against="宣传部"), "05-14 10:00")
    desk.run_until("05-22 12:00")
    brought = [(event.to, event.due_on) for event in desk.of(LimitEscalated) if event.kind == "dispute"]
    assert brought == [(LEADER, date(2018, 5, 21))]


def test_another_calendar_moves_a_receipt_that_still_runs() -> None:
    """19 June is off now: a receipt that was asked for on the 15th runs until the 22nd, not the 21st."""
    desk = life()
    desk.ask(request(ReassignLead, to="统战部"), "06-15 10:00")
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR))
    limit = desk.state.open_limit("receipt", None, "统战部")
    assert limit is not None
    assert limit.due_on == date(2018, 6, 22)


def test_a_deputy_signs_for_its_department() -> None:
    """The event names both."""
    desk = life()
    period: dict[str, Any] = {"from_on": date(2018, 4, 25), "until_on": date(2018, 4, 30)}
    desk.ask(request(AppointDeputy, by=LEAD, principal=LEAD, deputy=STRANGER, **period))
    (signed, _) = desk.ask(request(SignReceipt, None, by=STRANGER, on_behalf_of=LEAD))
    assert (signed.actor, signed.on_behalf_of) == ("department:统战部", "department:组织部")
    assert desk[FIRST].signed


def test_a_reminder_is_acknowledged_once_by_whom_it_went_to() -> None:
    """Each department for itself: what it saw stands in the event; the next reminder can be acknowledged again."""
    desk = Desk()
    desk.run_until("05-22 12:00")
    (reminded,) = [event for event in desk.of(ReminderIssued) if event.department == "宣传部"]
    (seen,) = desk.ask(request(AcknowledgeReminder, by=PARTICIPANT))
    assert isinstance(seen, ReminderAcknowledged)
    assert (seen.department, seen.reminder) == ("宣传部", reminded.seq)
    assert seen.words() == f"宣传部确认收到提醒（记录 #{reminded.seq}）"
    with pytest.raises(ReminderSeenError):
        desk.ask(request(AcknowledgeReminder, by=PARTICIPANT))
    desk.ask(request(AcknowledgeReminder, by=LEAD))
    desk.ask(request(Urge, department="宣传部"))
    assert desk.ask(request(AcknowledgeReminder, by=PARTICIPANT))


def test_seeing_a_reminder_is_no_answer() -> None:
    """The ladder goes on, and the silence after the due date is recorded all the same."""
    desk = lone()
    desk.run_until("05-30 12:00")
    desk.ask(request(AcknowledgeReminder))
    desk.run_until("06-02 00:00")
    assert desk.of(NoReportReceived)
    assert [urge.reason for urge in desk.of(UrgeIssued)] == [None]


def test_a_new_lead_has_seen_nothing_and_been_sent_nothing() -> None:
    """What went to the department before is not the new one's to acknowledge."""
    desk = Desk()
    desk.ask(request(Urge), "05-09 10:00")
    desk.ask(request(ReassignLead, None, to="统战部"))
    with pytest.raises(NothingSentError):
        desk.ask(request(AcknowledgeReminder, by=STRANGER))
