"""Suspension and resumption, silence of notices: days counted by hand in the calendar of 2018."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import (
    AcceptCompletion,
    AmendProject,
    EndSilence,
    IssueDirective,
    RequestCompletion,
    Resume,
    ReturnForRework,
    SilenceNotices,
    Suspend,
)
from domain.events import (
    ClockResumed,
    DeadlineBreached,
    EscalationOrderIssued,
    LimitEscalated,
    LimitNoticeNotSent,
    LimitPassed,
    NoticeNotSent,
    ReminderIssued,
    Resumed,
    UrgeIssued,
)
from domain.seeing.lights import light_of, light_of_part
from domain.seeing.views import view_of
from tests.domain.samples import FIRST, LI, SECOND, WHOLE_LIFE, Desk, milestone, request


def life() -> Desk:
    """Two milestones, due on 31 May and 31 October."""
    return Desk(milestone(1), milestone(2, date(2018, 10, 31)), policy=WHOLE_LIFE)


def test_a_suspension_over_a_holiday_excuses_the_working_days_with_the_makeup_days() -> None:
    """From Friday 28 September up to and with Sunday 7 October: 29 and 30 September; on Monday the clock goes on."""
    desk = life()
    desk.ask(request(Suspend, SECOND, until=date(2018, 10, 7)), "09-28 10:00")
    desk.run_until("10-08 12:00")
    assert [(event.working_days, f"{event.occurred_at:%m%d %H%M}") for event in desk.of(Resumed)] == [(2, "1008 0000")]
    assert (desk[SECOND].answer_by, desk[SECOND].stops) == (date(2018, 11, 2), {})


def test_a_suspension_ends_on_its_day_however_late_that_is_recorded() -> None:
    """Until 18 May, the engine away until 6 June: excused are 15 to 18 May, and the date of 6 June stands."""
    desk = life()
    desk.ask(request(Suspend, FIRST, until=date(2018, 5, 18)), "05-14 10:00")
    desk.wake_at("06-06 12:00")
    assert (desk[FIRST].answer_by, desk[FIRST].working_days_excused) == (date(2018, 6, 6), 4)
    assert [breach.due_on for breach in desk[FIRST].breaches] == []


def test_a_date_that_passed_after_a_suspension_ended_while_the_engine_was_away_is_breached() -> None:
    """The same, seen on the 7th: the end comes first, then the breach, each at its own instant."""
    desk = life()
    desk.ask(request(Suspend, FIRST, until=date(2018, 5, 18)), "05-14 10:00")
    desk.wake_at("06-07 12:00")
    assert [f"{event.occurred_at:%m%d}" for event in desk.of(Resumed)] == ["0519"]
    lead = [f"{event.occurred_at:%m%d}" for event in desk.of(DeadlineBreached) if event.department is None]
    assert lead == ["0607"]


def test_a_command_that_comes_before_the_wake_up_finds_the_suspension_ended_on_its_day() -> None:
    """The engine was away over the end and over the date: the extension comes too late, and the breach is there."""
    desk = life()
    desk.ask(request(Suspend, FIRST, until=date(2018, 5, 18)), "05-14 10:00")
    desk.now = desk.now.replace(month=6, day=7)
    events = desk.ask(request(RequestCompletion))
    assert [event.type for event in events][:4] == ["Resumed", "ClockResumed", "DeadlineBreached", "NoReportReceived"]
    assert [breach.due_on for breach in desk[FIRST].breaches] == [date(2018, 6, 6)]


def test_nothing_is_due_of_what_is_suspended() -> None:
    """No reminder, no breach, no urge, no order, of the lead or the participant."""
    desk = life()
    desk.ask(request(Suspend, None), "05-14 10:00")
    before = len(desk.events)
    desk.run_until("09-14 12:00")
    assert desk.events[before:] == []
    assert light_of(desk.state, FIRST, desk.now).colour == "grey"
    assert light_of_part(desk.state, FIRST, "宣传部", desk.now).colour == "grey"


def test_what_was_late_before_a_suspension_stays_late_and_red() -> None:
    """Two working days late on 4 June, and no more of them until it goes on."""
    desk = life()
    desk.ask(request(Suspend, FIRST), "06-04 10:00")
    desk.run_until("06-20 12:00")
    light = light_of(desk.state, FIRST, desk.now)
    assert light.colour == "red"
    assert "已逾期2个工作日" in light.explanation
    assert desk.of(EscalationOrderIssued) == []


def test_the_ladder_after_a_breach_goes_on_after_the_days_of_the_suspension() -> None:
    """Breached on 31 May, suspended from 4 to 8 June: the blue order comes four working days later, on the 11th."""
    desk = life()
    desk.ask(request(Suspend, FIRST), "06-04 10:00")
    desk.ask(request(Resume, FIRST), "06-08 10:00")
    desk.run_until("06-11 12:00")
    lead = [f"{event.decided_at:%m%d}" for event in desk.of(EscalationOrderIssued) if event.department is None]
    assert lead == ["0611"]
    assert len([event for event in desk.of(DeadlineBreached) if event.department is None]) == 1


def test_limits_stand_still_while_the_project_is_suspended() -> None:
    """Suspended from 26 April to 9 May, eight working days: the receipt of 28 April is due on 11 May."""
    desk = life()
    desk.ask(request(Suspend, None), "04-26 10:00")
    desk.run_until("05-09 09:00")
    assert (desk.of(LimitPassed), desk.of(LimitEscalated)) == ([], [])
    desk.ask(request(Resume, None), "05-09 10:00")
    limit = desk.state.open_limit("receipt", None, "组织部")
    assert limit is not None
    assert limit.due_on == date(2018, 5, 11)


def test_a_matter_that_began_during_a_suspension_stands_still_from_then_on() -> None:
    """Suspended from 7 to 18 May, a directive on the 15th for ten working days until the 29th: three days later."""
    desk = life()
    desk.ask(request(Suspend, None), "05-07 10:00")
    desk.ask(request(IssueDirective, None), "05-15 10:00")
    desk.ask(request(Resume, None), "05-18 10:00")
    limit = desk.state.open_limit("directive_answer")
    assert limit is not None
    assert limit.due_on == date(2018, 6, 1)


def test_two_suspensions_that_overlap_move_a_matter_once() -> None:
    """The project from 7 to 11 May, the milestone from 9 to 16 May: seven working days from 8 to 16 May."""
    desk = life()
    desk.ask(request(IssueDirective, FIRST, answer_by=date(2018, 5, 11)), "05-07 09:00")
    desk.ask(request(Suspend, None), "05-07 10:00")
    desk.ask(request(Suspend, FIRST), "05-09 10:00")
    desk.ask(request(Resume, None), "05-11 10:00")
    desk.ask(request(Resume, FIRST), "05-16 10:00")
    limit = desk.state.open_limit("directive_answer", FIRST)
    assert limit is not None
    assert limit.due_on == date(2018, 5, 22)
    assert desk[FIRST].working_days_excused == 7


def test_lateness_of_a_matter_is_not_counted_while_it_stands_still() -> None:
    """Passed on 28 April, suspended on 3 May: two working days late in the register and when it ends, on 31 May too."""
    desk = life()
    desk.ask(request(Suspend, None), "05-03 10:00")
    desk.run_until("05-31 10:00")
    assert {limit.working_days_late for limit in view_of(desk.state, desk.now).limits} == {2}
    desk.ask(request(Resume, None))
    assert {limit.working_days_late for limit in view_of(desk.state, desk.now).limits} == {2}


def test_a_milestone_that_is_suspended_by_itself_stays_so_when_the_project_goes_on() -> None:
    """And the other one goes on."""
    desk = life()
    desk.ask(request(Suspend, FIRST), "05-07 10:00")
    desk.ask(request(Suspend, None))
    desk.ask(request(Resume, None), "05-11 10:00")
    assert ("suspension" in desk[FIRST].stops, desk[SECOND].stops) == (True, {})


def test_a_milestone_that_is_added_during_a_suspension_stands_still_too() -> None:
    """It goes on with the others."""
    desk = life()
    desk.ask(request(Suspend, None), "05-07 10:00")
    third = milestone(3, date(2018, 8, 31))
    project = desk.state.project.model_copy(update={"milestones": (*desk.state.project.milestones, third)})
    desk.ask(request(AmendProject, project=project), "05-09 10:00")
    desk.ask(request(Resume, None), "05-11 10:00")
    assert desk[third.milestone_id].answer_by == date(2018, 9, 4)


def test_a_review_within_a_suspension_is_excused_once() -> None:
    """Suspended from 16 May to 1 June, returned on 30 May: the rework is counted from the 30th, and two days more."""
    desk = life()
    desk.ask(request(RequestCompletion), "05-14 10:00")
    desk.ask(request(Suspend, FIRST), "05-16 10:00")
    desk.ask(request(ReturnForRework), "05-30 10:00")
    assert desk[FIRST].answer_by == date(2018, 6, 6)
    desk.ask(request(Resume, FIRST), "06-01 10:00")
    assert desk[FIRST].answer_by == date(2018, 6, 8)


def test_a_return_after_a_long_review_excuses_the_review_and_leaves_days_of_rework() -> None:
    """Requested on 28 May, three working days before the date; returned on 25 June: until 2 July at least."""
    desk = life()
    desk.ask(request(RequestCompletion), "05-28 10:00")
    desk.ask(request(ReturnForRework), "06-25 10:00")
    # 31 May and nineteen working days of review are 28 June; five working days of rework are 2 July.
    (resumed,) = [event for event in desk.of(ClockResumed) if event.department is None]
    assert (resumed.working_days_excused, resumed.answer_by) == (19, date(2018, 6, 28))
    assert (desk[FIRST].answer_by, desk[FIRST].round) == (date(2018, 7, 2), 1)


def test_a_return_with_time_to_spare_keeps_the_date_that_the_review_moved() -> None:
    """Requested on 7 May, returned on the 9th: two days later than 31 May, in the same round."""
    desk = life()
    desk.ask(request(RequestCompletion), "05-07 10:00")
    desk.ask(request(ReturnForRework), "05-09 10:00")
    assert (desk[FIRST].answer_by, desk[FIRST].round) == (date(2018, 6, 4), 0)


def test_a_completed_milestone_is_not_stopped_by_a_suspension() -> None:
    """No clock of it runs that could stand still."""
    desk = life()
    desk.ask(request(RequestCompletion))
    desk.ask(request(AcceptCompletion, by=LI))
    desk.ask(request(Suspend, None))
    assert (desk[FIRST].stops, "suspension" in desk[SECOND].stops) == ({}, True)


def test_silenced_notices_are_on_record_one_by_one_with_the_reason() -> None:
    """Reminders, urge and orders of lead and participant, and those of matters; the breach counts all the same."""
    desk = life()
    desk.ask(request(SilenceNotices, None, until=date(2018, 6, 30)), "05-10 09:00")
    desk.run_until("06-20 12:00")
    lead = [event.rung for event in desk.of(NoticeNotSent) if event.department is None and event.reason == "silenced"]
    assert lead == [
        "reminder-14",
        "reminder-7",
        "reminder-1",
        "urge",
        "order-blue",
        "order-yellow",
        "order-red",
    ]
    assert (desk.of(ReminderIssued), desk.of(UrgeIssued)) == ([], [])
    assert len(desk[FIRST].breaches) == 1


def test_silence_holds_back_the_notices_of_matters_too() -> None:
    """The receipt's reminder and orders, with the reason; that it passed is a fact."""
    desk = life()
    desk.ask(request(SilenceNotices, None, until=date(2018, 6, 30)))
    desk.run_until("05-10 12:00")
    silenced = [
        event.rung for event in desk.of(LimitNoticeNotSent) if event.limit_id == desk.of(LimitPassed)[0].limit_id
    ]
    assert silenced == ["limit-reminder-1", "limit-order-1", "limit-order-3"]
    assert {event.reason for event in desk.of(LimitNoticeNotSent)} == {"silenced"}


def test_notices_go_out_again_on_the_day_after_a_silence_or_when_it_is_ended() -> None:
    """Silenced until 17 May: the reminder of the 21st goes out; ended on the 11th, that of the 21st too."""
    for until, ended in ((date(2018, 5, 17), None), (date(2018, 6, 30), "05-11 10:00")):
        desk = life()
        desk.ask(request(SilenceNotices, FIRST, until=until))
        if ended:
            desk.ask(request(EndSilence, FIRST), ended)
        desk.run_until("05-22 12:00")
        lead = [event.working_days_before for event in desk.of(ReminderIssued) if event.department is None]
        assert lead[-1] == 7


def test_a_pause_says_who_why_and_until_when() -> None:
    """In the register, until it ends."""
    desk = life()
    desk.ask(request(Suspend, FIRST, reason="机构改革", until=date(2018, 5, 25)), "05-14 10:00")
    pause = view_of(desk.state, desk.now).milestones[0].suspension
    assert pause is not None
    assert (pause.by, pause.reason, pause.since, pause.until) == (
        "operator:李",
        "机构改革",
        date(2018, 5, 14),
        date(2018, 5, 25),
    )
