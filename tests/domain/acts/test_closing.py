"""Withdrawal, another calendar, the end of a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from domain.acts.commands import (
    AcceptCompletion,
    ChangeCalendar,
    CloseYear,
    DeclineAssignment,
    IssueDirective,
    OpenInspection,
    RaiseDispute,
    RequestCompletion,
    RequestExtension,
    Resume,
    StrikeOff,
    Suspend,
    Withdraw,
)
from domain.events import (
    CalendarChanged,
    DeadlineBreached,
    EscalationOrderIssued,
    Event,
    InspectionClosed,
    LimitEnded,
    LimitEscalated,
    LimitNoticeNotSent,
    LimitPassed,
    LimitReminderIssued,
    MilestoneCarriedOver,
    MilestoneEnded,
    NoticeNotSent,
    ProjectArchived,
    ReminderIssued,
    UrgeIssued,
)
from domain.seeing.lights import light_of, project_light
from domain.seeing.views import view_of
from tests.domain.samples import CALENDAR, FIRST, LI, SECOND, WANG, WHOLE_LIFE, Desk, at, milestone, request
from tests.domain.scripts import LATER_CALENDAR, OTHER_CALENDAR

RUNGS = (
    ReminderIssued,
    UrgeIssued,
    EscalationOrderIssued,
    DeadlineBreached,
    NoticeNotSent,
    LimitReminderIssued,
    LimitEscalated,
    LimitPassed,
    LimitNoticeNotSent,
)
"""What takes a rung of a due date or of a matter, or tells that its notice did not go out."""


def life() -> Desk:
    """Two milestones, due on 31 May and 30 September."""
    return Desk(milestone(1), milestone(2, date(2018, 9, 30)), policy=WHOLE_LIFE)


def struck_off(desk: Desk, milestone_id: str) -> None:
    """A milestone goes all its way."""
    desk.ask(request(RequestCompletion, milestone_id))
    desk.ask(request(AcceptCompletion, milestone_id, by=LI))
    desk.ask(request(StrikeOff, milestone_id, by=WANG))


def test_a_withdrawn_milestone_lets_everything_fall_that_waits_in_it() -> None:
    """Extension, dispute and directive end, not answered; those of the other one go on."""
    desk = life()
    desk.ask(request(RequestExtension, FIRST, new_due_on=date(2018, 7, 31)))
    desk.ask(request(RaiseDispute, FIRST, against="宣传部"))
    desk.ask(request(RaiseDispute, SECOND, against="宣传部"))
    desk.ask(request(IssueDirective, FIRST))
    desk.ask(request(Withdraw, FIRST))
    assert [(event.kind, event.answered) for event in desk.of(LimitEnded)] == [
        ("extension_review", False),
        ("dispute", False),
        ("directive_answer", False),
    ]
    assert [limit.kind for limit in desk.state.limits.values() if limit.milestone_id] == ["dispute"]
    assert desk.state.directives == {}
    assert light_of(desk.state, FIRST, desk.now).colour == "grey"


def test_a_withdrawn_project_has_no_matter_open() -> None:
    """Receipts and all others end with it, and none counts days late for ever."""
    desk = life()
    desk.ask(request(RaiseDispute, FIRST, against="宣传部"))
    desk.ask(request(Withdraw, None), "05-10 10:00")
    assert (desk.state.stage, desk.state.limits, view_of(desk.state, desk.now).limits) == ("withdrawn", {}, ())
    assert {event.answered for event in desk.of(LimitEnded)} == {False}


def test_the_archive_ends_a_receipt_that_nobody_signed() -> None:
    """What was done without a signature is done."""
    desk = life()
    for each in (FIRST, SECOND):
        struck_off(desk, each)
    assert len(desk.of(ProjectArchived)) == 1
    assert {(event.kind, event.answered) for event in desk.of(LimitEnded) if event.kind == "receipt"} == {
        ("receipt", False)
    }


def test_a_year_is_closed_by_carrying_over_what_is_open_and_ending_what_is_ruled_to_end() -> None:
    """One goes on in 2019's list, one ends as it stands, and the file is closed."""
    desk = life()
    desk.ask(request(CloseYear, to_year=2019, ended=(FIRST,)), "12-29 10:00")
    assert [event.milestone_id for event in desk.of(MilestoneEnded)] == [FIRST]
    assert [(event.milestone_id, event.to_year) for event in desk.of(MilestoneCarriedOver)] == [(SECOND, 2019)]
    assert (desk.state.stage, desk.state.limits) == ("archived", {})
    assert project_light(desk.state, desk.now).colour == "grey"


def test_the_breaches_of_a_closed_year_stay() -> None:
    """Carried over is not forgiven."""
    desk = life()
    desk.ask(request(CloseYear, to_year=2019), "12-29 10:00")
    assert [len(each.breaches) for each in desk.state.milestones.values()] == [1, 1]
    assert "曾违期1次" in light_of(desk.state, SECOND, desk.now).explanation


def test_what_is_struck_off_is_not_carried_over() -> None:
    """The year's end leaves it as it is."""
    desk = life()
    struck_off(desk, FIRST)
    desk.ask(request(CloseYear, to_year=2019), "12-29 10:00")
    assert [event.milestone_id for event in desk.of(MilestoneCarriedOver)] == [SECOND]
    assert desk[FIRST].stage == "struck_off"


def test_the_end_of_a_year_ends_the_inspections_that_are_open() -> None:
    """Those of what is struck off too: nothing keeps the file open."""
    desk = life()
    desk.ask(request(OpenInspection, FIRST))
    struck_off(desk, FIRST)
    desk.ask(request(CloseYear, to_year=2019), "12-29 10:00")
    assert len(desk.of(InspectionClosed)) >= 1
    assert desk.state.archived


def test_a_year_that_is_closed_during_a_suspension_is_closed() -> None:
    """What is suspended is carried over like the rest."""
    desk = life()
    desk.ask(request(Suspend, None), "12-10 10:00")
    desk.ask(request(CloseYear, to_year=2019), "12-29 10:00")
    assert desk.state.archived


def test_another_calendar_moves_limits_and_rungs_and_says_from_when_to_when() -> None:
    """19 June is off now: a declined assignment of the 15th is due on the 22nd and no more on the 21st."""
    desk = life()
    desk.ask(request(DeclineAssignment, None), "06-15 10:00")
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR))
    (changed,) = desk.of(CalendarChanged)
    moved = {each.of: (each.before, each.after) for each in changed.moved}
    (limit,) = [limit for limit in desk.state.limits.values() if limit.kind == "declined_assignment"]
    assert limit.due_on == date(2018, 6, 22)
    assert (date(2018, 6, 21), date(2018, 6, 22)) in moved.values()


def test_nothing_is_sent_again_after_a_change_of_the_calendar() -> None:
    """What went out went out, of dates and of matters, and each rung is taken once."""
    # A directive of 4 June is due on the 19th and reminded of on the 15th; while the 19th is off it is due on the 20th.
    desk = life()
    desk.ask(request(IssueDirective, FIRST), "06-04 10:00")
    desk.run_until("06-15 12:00")
    (directive,) = [limit.limit_id for limit in desk.state.limits.values() if limit.kind == "directive_answer"]
    assert directive in {event.limit_id for event in desk.of(LimitReminderIssued)}
    due_on = []
    for calendar in (OTHER_CALENDAR, CALENDAR, LATER_CALENDAR, OTHER_CALENDAR):
        desk.ask(request(ChangeCalendar, calendar=calendar))
        due_on.append(f"{desk.state.limits[directive].due_on:%m%d}")
    assert due_on == ["0620", "0619", "0619", "0620"]
    desk.run_until("12-28 12:00")
    events: Sequence[Event] = desk.events
    rungs = Counter(
        (
            getattr(event, "limit_id", None) or event.milestone_id,
            *(getattr(event, name, None) for name in ("department", "round", "cause")),
        )
        for event in events
        if isinstance(event, RUNGS)
    )
    assert (directive, None, None, "rung:limit-reminder-1") in rungs
    assert set(rungs.values()) == {1}, rungs.most_common(1)


def test_another_calendar_leaves_the_dates_of_milestones_alone() -> None:
    """Suspended from 14 to 16 May, 15 June became 20 June for both: it stays so, though the 19th is off now."""
    desk = Desk(milestone(1, date(2018, 6, 15)), milestone(2, date(2018, 6, 19)), policy=WHOLE_LIFE)
    desk.ask(request(Suspend, FIRST), "05-14 10:00")
    desk.ask(request(Resume, FIRST), "05-16 10:00")
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR), "05-17 10:00")
    dates = [(each.answer_by, each.parts["宣传部"].answer_by) for each in desk.state.milestones.values()]
    assert dates == [(date(2018, 6, 20),) * 2, (date(2018, 6, 19),) * 2]


def test_a_standstill_over_a_change_of_the_calendar_is_counted_by_the_new_one() -> None:
    """Suspended from 15 to 21 June: the 20th and the 21st are excused, the 19th no more; 29 June becomes 3 July."""
    desk = Desk(milestone(1, date(2018, 6, 29)), policy=WHOLE_LIFE)
    desk.ask(request(Suspend, FIRST), "06-15 10:00")
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR), "06-20 10:00")
    desk.ask(request(Resume, FIRST), "06-21 10:00")
    assert (desk[FIRST].answer_by, desk[FIRST].parts["宣传部"].answer_by) == (date(2018, 7, 3),) * 2


def test_a_limit_that_has_passed_is_not_moved_by_another_calendar() -> None:
    """It passed, and stays passed on its day."""
    desk = Desk(policy=WHOLE_LIFE, start=at("06-15 09:00"))
    desk.run_until("06-25 12:00")
    before = {limit.limit_id: limit.due_on for limit in desk.state.limits.values()}
    desk.ask(request(ChangeCalendar, calendar=OTHER_CALENDAR))
    assert {limit.limit_id: limit.due_on for limit in desk.state.limits.values()} == before


def test_a_published_calendar_takes_the_provisional_mark_off() -> None:
    """A date of 2019 was marked until that year's schedule was published."""
    desk = Desk(milestone(1, date(2019, 3, 29)), policy=WHOLE_LIFE)
    assert "暂定" in light_of(desk.state, FIRST, desk.now).explanation
    desk.ask(request(ChangeCalendar, calendar=LATER_CALENDAR), "12-28 10:00")
    assert "暂定" not in light_of(desk.state, FIRST, desk.now).explanation
