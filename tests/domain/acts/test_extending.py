"""Extensions before the due date and grace after it; the days are counted by hand in the calendar of 2018."""

from __future__ import annotations

from datetime import date

import pytest

from domain.acts.commands import (
    AcceptCompletion,
    GrantGrace,
    RaiseDispute,
    ReportProgress,
    RequestCompletion,
    RequestExtension,
    Resume,
    ReturnForRework,
    ReviewExtension,
    RuleOnDispute,
    RuleOnExtension,
    SignReceipt,
    SupplementExtension,
    Suspend,
)
from domain.acts.rejections import ExtensionTooLateError, NoLaterDateError, NotYetDueError, TooManyExtensionsError
from domain.events import (
    ClockResumed,
    DeadlineBreached,
    DeadlineExtended,
    EscalationOrderIssued,
    GraceGranted,
    LimitEnded,
    LimitEscalated,
    LimitSet,
    NoticeNotSent,
    ReminderIssued,
    UrgeIssued,
)
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.lights import light_of
from tests.domain.samples import FIRST, LI, PARTICIPANT, WANG, WHOLE_LIFE, Desk, milestone, request

JULY = date(2018, 7, 31)


def life() -> Desk:
    """One milestone, due on Thursday 31 May, under the whole life cycle."""
    return Desk(policy=WHOLE_LIFE)


def asked(desk: Desk, on: str, until: date = JULY) -> None:
    """An extension is asked for and reviewed first, at once."""
    desk.ask(request(RequestExtension, new_due_on=until), on)
    desk.ask(request(ReviewExtension, by=LI))


def ruled(desk: Desk, on: str, ruling: str, until: date | None = None) -> None:
    """Another person rules."""
    desk.ask(request(RuleOnExtension, by=WANG, ruling=ruling, new_due_on=until), on)


def test_a_granted_date_is_exactly_the_one_ruled() -> None:
    """Less than what was asked for, and not later by the days that the ruling took."""
    desk = life()
    asked(desk, "05-21 10:00")
    ruled(desk, "05-24 10:00", "grant", date(2018, 6, 29))
    assert (desk[FIRST].approved_due_on, desk[FIRST].answer_by) == (date(2018, 6, 29), date(2018, 6, 29))
    (granted,) = desk.of(DeadlineExtended)
    assert (granted.before, granted.requested_due_on, granted.after) == (date(2018, 5, 31), JULY, date(2018, 6, 29))


def test_an_extension_keeps_the_baseline_and_the_forecast() -> None:
    """The three dates stand beside each other."""
    desk = life()
    desk.ask(request(ReportProgress, forecast_on=date(2018, 7, 15)))
    asked(desk, "05-21 10:00")
    ruled(desk, "05-21 11:00", "grant", JULY)
    each = desk[FIRST]
    assert (each.baseline_due_on, each.approved_due_on, each.forecast_due_on) == (
        date(2018, 5, 31),
        JULY,
        date(2018, 7, 15),
    )


def test_a_refused_extension_moves_the_date_by_the_days_that_the_ruling_took() -> None:
    """Asked on 21 May, refused on the 24th: 22, 23 and 24 May; from 31 May that is 5 June."""
    desk = life()
    asked(desk, "05-21 10:00")
    ruled(desk, "05-24 10:00", "refuse")
    assert (desk[FIRST].approved_due_on, desk[FIRST].answer_by) == (date(2018, 5, 31), date(2018, 6, 5))


def test_a_granted_date_is_later_than_the_one_that_a_refusal_would_leave() -> None:
    """Asked on Monday 21 May and answered on the 24th: refused it is 5 June, so granted it is no day up to then."""
    desk = life()
    desk.ask(request(RequestExtension, new_due_on=date(2018, 6, 2)), "05-21 10:00")
    with pytest.raises(NoLaterDateError, match=r"2018-06-05.*停止计时3个工作日"):
        desk.ask(request(ReviewExtension, by=LI, recommended_due_on=date(2018, 6, 2)), "05-24 10:00")
    desk.ask(request(ReviewExtension, by=LI, recommended_due_on=date(2018, 6, 6)))
    for until in (date(2018, 6, 1), date(2018, 6, 5)):
        with pytest.raises(NoLaterDateError):
            ruled(desk, "05-24 11:00", "grant", until)
    ruled(desk, "05-24 11:00", "grant", date(2018, 6, 6))
    assert desk[FIRST].answer_by == date(2018, 6, 6)


def test_days_excused_over_a_holiday_count_the_makeup_days_and_not_the_days_off() -> None:
    """Asked on Friday 28 September, refused on Tuesday 9 October: the 29th, the 30th and 8 and 9 October."""
    desk = Desk(milestone(1, date(2018, 10, 31)), policy=WHOLE_LIFE)
    asked(desk, "09-28 10:00", date(2018, 12, 28))
    ruled(desk, "10-09 10:00", "refuse")
    (resumed,) = desk.of(ClockResumed)
    assert (resumed.working_days_excused, resumed.answer_by) == (4, date(2018, 11, 6))


@pytest.mark.parametrize(
    ("roll", "moved"), [("none", "09-25"), ("following", "09-26"), ("preceding", "09-25")], ids=str
)
def test_an_excused_day_is_not_lost_where_the_date_is_moved_off_a_day_that_is_not_worked(roll: str, moved: str) -> None:
    """Due on Saturday 22 September, a day before two more that are off: rolled on, that is Tuesday the 25th already."""
    policy = WHOLE_LIFE.model_copy(update={"rules": WHOLE_LIFE.rules.model_copy(update={"due_roll": roll})})
    desk = Desk(milestone(1, date(2018, 9, 22)), policy=policy)
    asked(desk, "09-17 10:00", date(2018, 12, 28))
    ruled(desk, "09-18 10:00", "refuse")
    assert f"{desk[FIRST].answer_by:%m-%d}" == moved


def test_nothing_is_due_while_an_extension_waits() -> None:
    """Asked on the last day: neither breach nor urge nor order, for lead and participant alike."""
    desk = life()
    asked(desk, "05-31 10:00")
    desk.run_until("06-29 12:00")
    assert (desk.of(DeadlineBreached), desk.of(UrgeIssued), desk.of(EscalationOrderIssued)) == ([], [], [])
    assert light_of(desk.state, FIRST, desk.now).colour == "green"


def test_review_and_ruling_each_have_a_limit_and_a_superior() -> None:
    """Three working days for each: from 7 May until the 10th, from 14 May until the 17th; a day later it climbs."""
    desk = life()
    desk.ask(request(RequestExtension, new_due_on=JULY), "05-07 10:00")
    desk.ask(request(ReviewExtension, by=LI), "05-14 10:00")
    desk.run_until("05-18 12:00")
    limits = [(event.kind, f"{event.due_on:%m%d}") for event in desk.of(LimitSet) if event.kind != "receipt"]
    assert limits == [("extension_review", "0510"), ("extension_ruling", "0517")]
    climbed = [(event.to, f"{event.decided_at:%m%d}") for event in desk.of(LimitEscalated) if event.owner == "督查室"]
    assert climbed == [("督查室主任", "0511"), ("分管领导", "0518")]


def test_the_clock_runs_while_more_is_asked_for_and_stands_still_once_more_was_said() -> None:
    """The department's days between the question and its answer are its own."""
    desk = life()
    asked(desk, "05-21 10:00")
    ruled(desk, "05-22 10:00", "ask_more")
    assert (desk[FIRST].stops, desk[FIRST].answer_by) == ({}, date(2018, 6, 1))
    desk.ask(request(SupplementExtension), "05-24 10:00")
    assert "extension" in desk[FIRST].stops
    desk.ask(request(ReviewExtension, by=LI))
    ruled(desk, "05-25 10:00", "refuse")
    assert desk[FIRST].answer_by == date(2018, 6, 4)


def test_a_date_that_passed_before_more_was_said_is_on_record() -> None:
    """At dawn, before the wake-up: the breach comes first, and stays."""
    desk = life()
    asked(desk, "05-21 10:00")
    ruled(desk, "05-21 11:00", "ask_more")
    desk.run_until("05-31 23:50")
    desk.now = desk.now.replace(month=6, day=1, hour=0, minute=1)
    events = desk.ask(request(SupplementExtension))
    assert [event.type for event in events][:2] == ["DeadlineBreached", "NoReportReceived"]
    assert [breach.due_on for breach in desk[FIRST].breaches] == [date(2018, 5, 31)]


def test_an_extension_that_nobody_ruled_on_falls_away_with_the_completion() -> None:
    """Its limit ends, not answered."""
    desk = life()
    desk.ask(request(RequestExtension, new_due_on=JULY), "05-21 10:00")
    desk.ask(request(RequestCompletion), "05-23 10:00")
    assert desk[FIRST].extension is None
    assert [(event.kind, event.answered) for event in desk.of(LimitEnded) if event.kind != "receipt"] == [
        ("extension_review", False)
    ]


def test_extensions_are_bounded_in_number_and_refusals_do_not_count() -> None:
    """Two are granted, with a refusal between them; the third is refused by its rule."""
    desk = life()
    for day, ruling, until in (
        ("05-21", "grant", date(2018, 6, 29)),
        ("06-01", "refuse", None),
        ("06-04", "grant", JULY),
    ):
        asked(desk, f"{day} 10:00", date(2018, 8, 31))
        ruled(desk, f"{day} 11:00", ruling, until)
    with pytest.raises(TooManyExtensionsError, match="最多延期 2 次，已批准 2 次"):
        desk.ask(request(RequestExtension, new_due_on=date(2018, 8, 31)))


def test_after_the_due_date_only_grace_is_left_and_before_it_only_an_extension() -> None:
    """Two acts of two sides."""
    desk = life()
    with pytest.raises(NotYetDueError):
        desk.ask(request(GrantGrace, new_due_on=JULY), "05-31 23:59")
    with pytest.raises(ExtensionTooLateError):
        desk.ask(request(RequestExtension, new_due_on=JULY), "06-01 00:00")
    desk.ask(request(GrantGrace, new_due_on=JULY))
    assert desk[FIRST].approved_due_on == JULY


def test_a_clock_that_was_stopped_after_the_due_date_does_not_let_an_extension_in() -> None:
    """What was late when the clock stopped is late: only grace is left."""
    desk = life()
    desk.ask(request(RaiseDispute, against="宣传部"), "06-04 10:00")
    with pytest.raises(ExtensionTooLateError):
        desk.ask(request(RequestExtension, new_due_on=JULY))


def test_grace_keeps_the_breach_and_begins_a_ladder_of_its_own() -> None:
    """What was red is so no more, the record says once late; the next breach is another."""
    desk = life()
    desk.ask(request(SignReceipt, None))
    desk.ask(request(ReportProgress))
    desk.ask(request(GrantGrace, new_due_on=date(2018, 6, 29)), "06-05 10:00")
    assert [event.before for event in desk.of(GraceGranted)] == [date(2018, 5, 31)]
    assert light_of(desk.state, FIRST, desk.now).colour == "green"
    desk.run_until("07-02 12:00")
    assert [breach.due_on for breach in desk[FIRST].breaches] == [date(2018, 5, 31), date(2018, 6, 29)]


def test_grace_does_not_count_as_an_extension() -> None:
    """The number that is bounded is that of extensions."""
    desk = life()
    desk.ask(request(GrantGrace, new_due_on=JULY), "06-05 10:00")
    assert desk[FIRST].extensions_granted == 0


def test_grace_is_later_than_today() -> None:
    """A date that is over already would be breached as it is granted."""
    desk = life()
    with pytest.raises(NoLaterDateError):
        desk.ask(request(GrantGrace, new_due_on=date(2018, 6, 5)), "06-05 10:00")


def test_a_new_date_that_leaves_no_time_for_a_reminder_has_it_on_record_as_not_sent() -> None:
    """Granted on 31 May until 8 June: six working days are too few for those of fourteen and seven."""
    desk = life()
    asked(desk, "05-31 10:00")
    ruled(desk, "05-31 11:00", "grant", date(2018, 6, 8))
    lead = [event for event in desk.of(NoticeNotSent) if event.department is None and event.round == 1]
    assert [(event.rung, event.reason) for event in lead] == [("reminder-14", "amended"), ("reminder-7", "amended")]
    desk.run_until("06-08 12:00")
    sent = [event for event in desk.of(ReminderIssued) if event.round == 1 and event.department is None]
    assert [event.working_days_before for event in sent] == [1]


def test_a_participant_moves_with_the_lead_unless_it_has_delivered() -> None:
    """A part that is delivered stays as it is; one that is not has the new date, and a new round of its ladder."""
    moved = {}
    for delivered in (True, False):
        desk = life()
        if delivered:
            desk.ask(request(RequestCompletion, by=PARTICIPANT), "05-10 10:00")
        asked(desk, "05-21 10:00")
        ruled(desk, "05-21 11:00", "grant", JULY)
        part = desk[FIRST].parts["宣传部"]
        moved[part.stage] = (part.answer_by, part.round)
    assert moved == {"delivered": (date(2018, 5, 31), 0), "assigned": (JULY, 1)}


def test_a_date_ruled_during_a_suspension_is_excused_only_for_the_days_after_the_ruling() -> None:
    """Suspended from 14 to 25 May; on the 23rd 29 June is granted: the 24th and the 25th move it to 3 July."""
    desk = life()
    asked(desk, "05-10 10:00")
    desk.ask(request(Suspend, FIRST), "05-14 10:00")
    ruled(desk, "05-23 10:00", "grant", date(2018, 6, 29))
    desk.ask(request(Resume, FIRST), "05-25 10:00")
    assert desk[FIRST].answer_by == date(2018, 7, 3)


def test_the_days_of_overlapping_reasons_are_excused_once() -> None:
    """Extension 14 to 21 May, dispute 16 to 23 May: the 15th to the 23rd are seven working days."""
    desk = life()
    asked(desk, "05-14 10:00")
    desk.ask(request(RaiseDispute, against="宣传部"), "05-16 10:00")
    ruled(desk, "05-21 10:00", "refuse")
    desk.ask(request(RuleOnDispute, responsible="组织部"), "05-23 10:00")
    assert (desk[FIRST].working_days_excused, desk[FIRST].answer_by) == (7, date(2018, 6, 11))


def test_a_milestone_without_a_date_that_was_sent_back_can_be_extended() -> None:
    """Its only date is the one of the rework: that is the one before."""
    desk = Desk(milestone(1, None, starts_on=None), policy=WHOLE_LIFE)
    desk.ask(request(RequestCompletion), "05-14 10:00")
    desk.ask(request(ReturnForRework), "05-15 10:00")
    asked(desk, "05-16 10:00")
    ruled(desk, "05-16 11:00", "grant", JULY)
    assert [(event.before, event.after) for event in desk.of(DeadlineExtended)] == [(date(2018, 5, 22), JULY)]


def test_a_breach_before_an_extension_stays_after_the_next_one() -> None:
    """Grace, extension, completion: the one day of lateness is in the record for ever."""
    desk = life()
    desk.ask(request(GrantGrace, new_due_on=date(2018, 6, 29)), "06-05 10:00")
    asked(desk, "06-20 10:00")
    ruled(desk, "06-21 10:00", "grant", JULY)
    desk.ask(request(RequestCompletion), "07-20 10:00")
    desk.ask(request(AcceptCompletion, by=LI), "07-23 10:00")
    assert "曾违期1次" in light_of(desk.state, FIRST, desk.now).explanation


def test_a_date_that_counts_as_a_day_that_is_over_is_no_later_date() -> None:
    """Where days off count as the working day before them, a Sunday given on the Saturday before it is over already."""
    rules = MilestoneRules(due_roll="preceding")
    desk = Desk(milestone(1, date(2018, 5, 13)), policy=SupervisionPolicy(spread_minutes=0, rules=rules))
    with pytest.raises(NoLaterDateError, match="须晚于 2018-05-20，给出的是 2018-05-20"):
        desk.ask(request(GrantGrace, new_due_on=date(2018, 5, 20)), "05-19 10:00")
    desk.ask(request(GrantGrace, new_due_on=date(2018, 5, 21)))
    assert desk[FIRST].answer_by == date(2018, 5, 21)
