"""What time alone brings: each rung on its day, an engine that was away, and what is recorded instead of sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from domain.acts.commands import (
    GrantGrace,
    ReassignLead,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    Suspend,
    Withdraw,
)
from domain.events import (
    ClockResumed,
    DeadlineBreached,
    EscalationOrderIssued,
    InspectionNotOpened,
    InspectionOpened,
    NoReportReceived,
    NoticeNotSent,
    ReminderIssued,
    UrgeIssued,
)
from domain.rules.ladder_rules import MilestoneRules, RulesOverride
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from domain.rungs.wakeups import due_actions, next_wakeup, pending_rungs, wake, woken
from tests.domain.samples import FIRST, PROJECT, SECOND, WHOLE_LIFE, Desk, at, lone, milestone, request

SPREAD = SupervisionPolicy()
OFFSET = SPREAD.spread_for(PROJECT)


def not_sent(desk: Desk) -> list[tuple[str, str]]:
    """The rungs that were recorded instead of sent, with the reason."""
    return [(event.rung, event.reason) for event in desk.of(NoticeNotSent)]


def taken_on(desk: Desk) -> list[tuple[str, str]]:
    """What was recorded after the docketing, with its instant."""
    return [(event.type, f"{event.decided_at:%m-%d %H:%M}") for event in desk.events if event.cause.startswith("rung:")]


def test_who_wakes_a_project_learns_when_the_next_thing_comes() -> None:
    """What was looked through to see that nothing more is due tells it: who looks ahead does not look again."""
    state = lone().state
    comes_at = next_wakeup(state, at("04-25"))
    seen: list[datetime] = []
    while comes_at is not None:
        seen.append(comes_at)
        _, state, comes_at = woken(state, comes_at)
        assert comes_at == next_wakeup(state, seen[-1])
    assert len(seen) == 8


def test_a_silent_milestone_climbs_the_whole_ladder_on_its_days() -> None:
    """Due on 31 May: each rung at the opening of its working day, the breach at midnight, Dragon Boat left out."""
    desk = lone()
    desk.run_until("07-01 00:00")
    assert taken_on(desk) == [
        ("ReminderIssued", "05-11 08:30"),
        ("ReminderIssued", "05-22 08:30"),
        ("ReminderIssued", "05-30 08:30"),
        ("DeadlineBreached", "06-01 00:00"),
        ("NoReportReceived", "06-01 00:00"),
        ("UrgeIssued", "06-01 08:30"),
        ("EscalationOrderIssued", "06-05 08:30"),
        ("EscalationOrderIssued", "06-07 08:30"),
        ("InspectionOpened", "06-07 08:30"),
        ("EscalationOrderIssued", "06-14 08:30"),
    ]
    assert next_wakeup(desk.state, desk.now) is None


def test_a_due_date_on_a_holiday_is_over_with_that_day_and_urged_on_the_next_working_day() -> None:
    """Due on 30 April, a day off: the breach on the night to May Day, the urge on 2 May, nothing on the holiday."""
    desk = lone(milestone(due_on=date(2018, 4, 30)))
    desk.run_until("05-03 00:00")
    assert taken_on(desk) == [
        ("ReminderIssued", "04-28 08:30"),
        ("DeadlineBreached", "05-01 00:00"),
        ("NoReportReceived", "05-01 00:00"),
        ("UrgeIssued", "05-02 08:30"),
    ]


@pytest.mark.parametrize(("roll", "breach"), [("following", "05-03"), ("preceding", "04-29")])
def test_a_due_date_is_moved_off_a_holiday_where_the_rules_say_so(roll: str, breach: str) -> None:
    """30 April moves to 2 May or to the make-up Saturday of 28 April; the breach says the day that counts."""
    rules = MilestoneRules.model_validate({"due_roll": roll})
    desk = lone(milestone(due_on=date(2018, 4, 30)), policy=SupervisionPolicy(rules=rules, spread_minutes=0))
    desk.run_until("05-04 00:00")
    (event,) = desk.of(DeadlineBreached)
    assert event.decided_at == at(f"{breach} 00:00")
    assert event.due_on == event.decided_at.date() - timedelta(days=1)


def test_rungs_are_spread_by_the_project_and_stay_in_the_morning() -> None:
    """Every rung comes the project's own offset after its nominal instant."""
    desk = lone(policy=SPREAD)
    desk.run_until("07-01 00:00")
    opened = {event.decided_at for event in desk.of(ReminderIssued) + desk.of(UrgeIssued)}
    assert {instant - OFFSET for instant in opened} == {
        at(f"{day} 08:30") for day in ("05-11", "05-22", "05-30", "06-01")
    }
    assert desk.of(DeadlineBreached)[0].decided_at == at("06-01 00:00") + OFFSET
    assert desk.of(DeadlineBreached)[0].occurred_at == at("06-01 00:00")


def test_a_reminder_whose_instant_passed_before_the_start_is_recorded_as_not_sent() -> None:
    """The supervision order stands in its place; the later reminders come."""
    desk = lone(milestone(due_on=date(2018, 5, 11)))
    assert not_sent(desk) == [("reminder-14", "before_assignment")]
    desk.run_until("05-11 00:00")
    assert [event.working_days_before for event in desk.of(ReminderIssued)] == [7, 1]


def test_a_milestone_over_before_the_start_never_alarms() -> None:
    """Due the day before, or born late by the notice: nothing is waited for, and nothing is a breach."""
    desk = lone(milestone(due_on=date(2018, 4, 24)), milestone(2, date(2018, 5, 31), born_late=True))
    assert pending_rungs(desk.state, desk.now) == []
    assert desk.run_until("12-31 00:00") == []


def test_a_milestone_due_on_the_day_of_the_start_can_still_be_late() -> None:
    """The day of the start is not over: its breach comes at midnight."""
    desk = lone(milestone(due_on=date(2018, 4, 25)))
    desk.run_until("04-26 12:00")
    assert [type(event) for event in desk.events[-3:]] == [DeadlineBreached, NoReportReceived, UrgeIssued]


def test_a_milestone_without_a_date_waits_for_nothing() -> None:
    """Its date waits for a ruling: no rung, no alarm."""
    assert lone(milestone(due_on=None, starts_on=None)).run_until("12-31 00:00") == []


def test_after_weeks_away_the_rungs_are_taken_in_order_and_what_is_overtaken_is_recorded() -> None:
    """Back on 8 June: stale reminders and the superseded urge on record, the breach, and every order that is due."""
    desk = lone()
    events = desk.wake_at("06-08 10:00")
    assert [event.type for event in events] == [
        "NoticeNotSent",
        "NoticeNotSent",
        "NoticeNotSent",
        "DeadlineBreached",
        "NoReportReceived",
        "NoticeNotSent",
        "EscalationOrderIssued",
        "EscalationOrderIssued",
        "InspectionOpened",
    ]
    assert not_sent(desk) == [
        ("reminder-14", "stale"),
        ("reminder-7", "stale"),
        ("reminder-1", "stale"),
        ("urge", "superseded"),
    ]
    assert wake(desk.state, desk.now) == ()
    assert [order.level for order in desk.of(EscalationOrderIssued)] == ["blue", "yellow"]
    assert next_wakeup(desk.state, desk.now) == at("06-14 08:30")


def test_back_in_the_night_the_breach_is_recorded_and_the_papers_wait_for_the_morning() -> None:
    """At 03:00 only the fact; at the opening the papers, and no reminder of a date that is over."""
    desk = lone()
    desk.run_until("05-22 12:00")
    events = desk.wake_at("06-01 03:00")
    assert [event.type for event in events] == ["DeadlineBreached", "NoReportReceived"]
    assert next_wakeup(desk.state, desk.now) == at("06-01 08:30")
    desk.run_until("06-01 08:30")
    assert not_sent(desk) == [("reminder-1", "stale")]
    assert [type(event) for event in desk.events[-2:]] == [NoticeNotSent, UrgeIssued]


@pytest.mark.parametrize("back", ["06-02 10:00", "06-03 23:00", "06-04 08:29:59", "06-01 17:30"])
def test_back_on_a_day_off_or_after_hours_papers_wait_for_the_next_working_morning(back: str) -> None:
    """The urge of Friday goes on Monday at the opening and the project's own offset, not in the weekend."""
    desk = lone(policy=SPREAD)
    desk.run_until("06-01 08:00")
    assert [type(event) for event in desk.wake_at(back)] == []
    desk.run_until("06-04 12:00")
    (urge,) = desk.of(UrgeIssued)
    assert urge.decided_at == at("06-04 08:30") + OFFSET


def test_a_reminder_that_is_late_and_still_of_use_is_issued() -> None:
    """Back the day before the due date, only the last reminder goes out; the two before it are stale."""
    desk = lone()
    desk.wake_at("05-31 16:00")
    assert not_sent(desk) == [("reminder-14", "stale"), ("reminder-7", "stale")]
    assert [event.working_days_before for event in desk.of(ReminderIssued)] == [1]


def test_an_order_after_a_long_absence_does_not_hide_the_one_below_it() -> None:
    """Each order goes to another superior, so all of them are issued at once, from blue to red."""
    desk = lone()
    desk.wake_at("09-03 10:00")
    assert [(order.level, order.to) for order in desk.of(EscalationOrderIssued)] == [
        ("blue", "组织部主要负责人"),
        ("yellow", "分管领导"),
        ("red", "主要领导"),
    ]
    assert len(desk.of(InspectionOpened)) == 1


def test_everything_due_at_one_instant_is_one_decision() -> None:
    """Two milestones due on the same day share their wake-ups."""
    desk = lone(milestone(), milestone(2))
    desk.run_until("05-11 08:29")
    assert [due.milestone_id for due in due_actions(desk.state, at("05-11 08:30"))] == [FIRST, SECOND]
    assert len(desk.wake_at("05-11 08:30")) == 2


def test_the_clock_stands_still_while_a_completion_is_under_review() -> None:
    """A request on the due day stops every rung; after the return the round of rework has its own short ladder."""
    desk = lone()
    desk.ask(request(RequestCompletion), "05-31 16:00")
    waited = desk.run_until("06-08 10:00")
    assert {event.type for event in waited} == {"LimitReminderIssued", "LimitPassed", "LimitEscalated"}
    desk.ask(request(ReturnForRework), "06-08 10:00")
    assert desk[FIRST].answer_by == date(2018, 6, 15)
    desk.run_until("06-20 12:00")
    assert [each for each in taken_on(desk)[3:] if not each[0].startswith("Limit")] == [
        ("ReminderIssued", "06-14 08:30"),
        ("DeadlineBreached", "06-16 00:00"),
        ("UrgeIssued", "06-19 08:30"),
    ]


def test_a_review_takes_no_day_and_no_reminder() -> None:
    """Nine working days under review move the date by nine, and the reminders that fell into them come before it."""
    desk = lone()
    desk.ask(request(RequestCompletion), "05-10 10:00")
    desk.ask(request(ReturnForRework), "05-23 10:00")
    assert desk[FIRST].answer_by == date(2018, 6, 13)
    desk.run_until("06-13 10:00")
    assert not_sent(desk) == []
    assert [event.working_days_before for event in desk.of(ReminderIssued)] == [14, 7, 1]


def test_silence_is_recorded_only_where_nothing_was_reported() -> None:
    """One report ever, and the breach stands alone."""
    desk = lone()
    desk.ask(request(ReportProgress), "05-02 10:00")
    desk.run_until("06-02 00:00")
    assert desk.of(DeadlineBreached)
    assert not desk.of(NoReportReceived)


def test_a_withdrawn_milestone_waits_for_nothing_while_the_others_go_on() -> None:
    """The wake-ups of the other milestone stay."""
    desk = lone(milestone(), milestone(2, date(2018, 6, 29)))
    desk.ask(request(Withdraw), "05-02 10:00")
    assert {due.milestone_id for due in pending_rungs(desk.state, desk.now)} == {SECOND}


def test_a_milestones_own_rules_hold_for_it_alone() -> None:
    """One without an urge and with one order, beside one with the list's rules."""
    override = RulesOverride.model_validate(
        {"urge_after_working_days": None, "escalation": [{"level": "red", "after_working_days": 2, "to": "主要领导"}]}
    )
    desk = lone(milestone(), milestone(2), policy=SupervisionPolicy(milestones={SECOND: override}, spread_minutes=0))
    desk.run_until("07-01 00:00")
    assert [urge.milestone_id for urge in desk.of(UrgeIssued)] == [FIRST]
    assert [(o.level, f"{o.decided_at:%m%d}") for o in desk.of(EscalationOrderIssued) if o.milestone_id == SECOND] == [
        ("red", "0604")
    ]


def test_no_wake_up_is_early_and_none_is_for_nothing() -> None:
    """A microsecond before the next instant nothing is due; at the instant something is."""
    desk = lone(policy=SPREAD)
    while (due := next_wakeup(desk.state, desk.now)) is not None:
        assert wake(desk.state, due - timedelta(microseconds=1)) == ()
        assert desk.wake_at(due)
    assert desk.now == at("06-14 08:30") + OFFSET
    assert isinstance(desk.now, datetime)


def test_the_clocks_that_a_suspensions_day_sets_going_name_their_rule_and_the_end_of_that_day() -> None:
    """However late the engine comes to record it, each clock went on when the last suspended day was over."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 5, 2)), "04-26 10:00")
    desk.wake_at("05-08 10:00")
    (resumed,) = desk.of(ClockResumed)
    assert (resumed.cause, resumed.occurred_at) == ("rung:resumption", at("05-03"))
    assert resumed.working_days_excused == 3


def test_a_planned_inspection_passes_over_what_was_over_before_the_assignment() -> None:
    """Of a milestone born late and one to come, the one to come is inspected; of the first alone, nothing is."""
    plan = LifeCycleRules(inspection_plan=(PlannedInspection(on=date(2018, 5, 14), sample_percent=100),))
    whole = SupervisionPolicy(spread_minutes=0, life_cycle=plan)
    born_late = milestone(1, date(2018, 3, 31), starts_on=None, born_late=True)
    desk, alone = Desk(born_late, milestone(2), policy=whole), Desk(born_late, policy=whole)
    for each in (desk, alone):
        each.run_until("05-15 00:00")
    assert [opened.milestone_id for opened in desk.of(InspectionOpened)] == [SECOND]
    assert [(event.milestone_id, event.reason) for event in alone.of(InspectionNotOpened)] == [(None, "nothing_open")]


def test_a_date_that_is_granted_sends_no_reminder_whose_day_is_over() -> None:
    """The ruling tells the new date: a reminder that would have been before it is on record as not sent."""
    desk = Desk(policy=WHOLE_LIFE)
    desk.ask(request(ReportProgress))
    desk.run_until("06-05 10:00")
    sent = len(desk.of(ReminderIssued))
    desk.ask(request(GrantGrace, new_due_on=date(2018, 6, 13)))
    desk.ask(request(ReassignLead, None, to="统战部"))
    desk.run_until("06-08 12:00")
    assert not_sent(desk) == [("reminder-14", "amended"), ("reminder-7", "amended"), ("reminder-7", "amended")]
    assert len(desk.of(ReminderIssued)) == sent
    desk.run_until("06-12 12:00")
    assert [event.working_days_before for event in desk.of(ReminderIssued)[sent:]] == [1]
