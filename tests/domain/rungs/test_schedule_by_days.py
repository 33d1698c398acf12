"""Scheduled progress counted day by day: the formulas say what counting on the fingers says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.acts.commands import ReportProgress, Suspend
from domain.project import Milestone, Recurrence
from domain.rules.life_cycle import LifeCycleRules
from domain.rules.light_rules import LightRules
from domain.rules.policy import SupervisionPolicy
from domain.rungs.reporting_periods import (
    Lag,
    Period,
    Scheduled,
    elapsed_percent,
    lag_of,
    next_percent,
    next_step,
    percent_day,
    period_at,
    periods_in,
    periods_of,
    schedule_judged_after,
    scheduled_progress,
    share_day,
)
from tests.domain.samples import FIRST, Desk, milestone, request

ONE = timedelta(days=1)
MAY = date(2018, 5, 1), date(2018, 5, 31)
WINDOWS = [(MAY[0], MAY[0] + (length - 1) * ONE) for length in (1, 2, 7, 31, 99, 100, 101, 245)]


def days_of(first: date, last: date) -> list[date]:
    """Every day from one to another."""
    return [first + number * ONE for number in range((last - first).days + 1)]


def ongoing(starts_on: date | None, due_on: date | None) -> Milestone:
    """Work that goes on."""
    return milestone(due_on=due_on, starts_on=starts_on).model_copy(update={"ongoing": True})


def by_count(window: tuple[date, date], of: int, on: date) -> int:
    """The most of `of` whose share of the days is over by the end of a day."""
    days = days_of(*window)
    over = sum(day <= on for day in days)
    return max(number for number in range(of + 1) if number * len(days) <= of * over)


@pytest.mark.parametrize("window", WINDOWS)
def test_hundredths_of_a_window_are_those_that_are_counted(window: tuple[date, date]) -> None:
    """On each day, before and after the window too; and the day that a hundredth names is the first with so many."""
    for day in days_of(window[0] - 2 * ONE, window[1] + 2 * ONE):
        assert elapsed_percent(window, day) == by_count(window, 100, day)
    for percent in range(1, 101):
        first = next(day for day in days_of(*window) if elapsed_percent(window, day) >= percent)
        assert percent_day(window, percent) == first


@pytest.mark.parametrize("quota", [1, 7, 31, 45, 200])
def test_what_should_be_delivered_is_its_share_of_the_days(quota: int) -> None:
    """On each day; and the next step is the next day on which it is more."""
    desk = Desk(milestone(due_on=MAY[1], starts_on=MAY[0], quota=quota))
    days = days_of(MAY[0] - 2 * ONE, MAY[1] + 2 * ONE)
    for day in days:
        due = by_count(MAY, quota, day)
        assert scheduled_progress(desk.state, FIRST, day) == Scheduled(due, quota, "场")
        more = [later for later in days if later > day and by_count(MAY, quota, later) > due]
        assert next_step(desk.state, FIRST, day) == (more[0] if more else None)
        risen = [later for later in days if later > day and by_count(MAY, 100, later) > by_count(MAY, 100, day)]
        assert next_percent(desk.state, FIRST, day) == (risen[0] if risen else None)


def test_in_a_long_window_a_hundredth_takes_days() -> None:
    """The next one is over on the first day of more than a hundred by whose end there is one more."""
    window = date(2018, 5, 1), date(2018, 12, 31)
    desk, days = Desk(milestone(due_on=window[1], starts_on=window[0], quota=3)), days_of(*window)
    over = {day: elapsed_percent(window, day) for day in days}
    for day in days[:-1]:
        assert next_percent(desk.state, FIRST, day) == next(later for later in days if over[later] > over[day])


def test_a_window_of_one_day_has_a_schedule() -> None:
    """Nothing the day before, all of it by the end of the day."""
    desk = Desk(milestone(due_on=MAY[1], starts_on=MAY[1], quota=4))
    assert scheduled_progress(desk.state, FIRST, MAY[1] - ONE) == Scheduled(0, 4, "场")
    assert scheduled_progress(desk.state, FIRST, MAY[1]) == Scheduled(4, 4, "场")


def test_what_has_no_number_or_no_date_has_no_schedule() -> None:
    """Neither a share, nor a lag, nor a next day; a number alone or a date alone is not enough."""
    for each in (milestone(), milestone(due_on=None, quota=30), milestone(due_on=None)):
        desk = Desk(each)
        for of in (scheduled_progress, lag_of, next_step, next_percent):
            assert of(desk.state, FIRST, MAY[0]) is None
    desk = Desk(milestone(due_on=None))
    assert share_day(desk.state, FIRST, 50) is None


def test_how_far_it_is_behind_is_in_hundredths_of_the_whole() -> None:
    """Nothing, a part, all and more than all of it was delivered; both are rounded down."""
    desk = Desk(milestone(due_on=MAY[1], starts_on=MAY[0], quota=30))
    on = date(2018, 5, 10)
    assert lag_of(desk.state, FIRST, on) == Lag(32, 0)
    for quantity, done in ((10, 33), (29, 96), (30, 100), (45, 100)):
        desk.ask(request(ReportProgress, quantity=quantity), "05-10 10:00")
        lag = lag_of(desk.state, FIRST, on)
        assert lag == Lag(32, done)
        assert lag.points == 32 - done


def test_what_comes_back_in_periods_is_not_judged_by_a_number() -> None:
    """Unless a number is printed as well; what comes back at no printed time is judged by how often."""
    by_months = milestone(due_on=date(2018, 12, 31)).model_copy(
        update={"recurrence": Recurrence(count=4, every_months=2)}
    )
    assert lag_of(Desk(by_months).state, FIRST, MAY[1]) is None
    quota = milestone(quota=30).quota
    assert lag_of(Desk(by_months.model_copy(update={"quota": quota})).state, FIRST, MAY[1]) is not None
    assert lag_of(Desk(milestone(recurrence=4)).state, FIRST, MAY[1]) is not None


def test_the_working_day_of_a_share_is_the_next_one() -> None:
    """Half of May, 15 days and a half, is over on the sixteenth; a free day leaves it to the next working day."""
    desk = Desk(milestone(due_on=MAY[1], starts_on=MAY[0], quota=30))
    assert share_day(desk.state, FIRST, 50) == date(2018, 5, 16)
    assert share_day(desk.state, FIRST, 60) == date(2018, 5, 21)  # the nineteenth is a Saturday
    assert share_day(desk.state, FIRST, 90) == date(2018, 5, 28)
    assert share_day(desk.state, FIRST, 99) == date(2018, 5, 31)
    twenty_days = Desk(milestone(due_on=date(2018, 5, 26), starts_on=date(2018, 5, 7), quota=30))
    assert share_day(twenty_days.state, FIRST, 20) == date(2018, 5, 11)


def test_the_period_of_a_day_is_the_one_that_runs() -> None:
    """The first before any has begun, the last after the end, none where there are none."""
    first, last = Period(1, MAY[0], date(2018, 5, 15)), Period(2, date(2018, 5, 16), MAY[1])
    for day, period in (
        (MAY[0] - ONE, first), (first.ends_on, first), (last.starts_on, last), (MAY[1], last), (MAY[1] + ONE, last),
    ):  # fmt: skip
        assert period_at((first, last), day) == period
    assert period_at((first,), MAY[1]) == first
    assert period_at((), MAY[0]) is None


def test_ongoing_work_is_reported_on_every_few_months_up_to_its_end() -> None:
    """The last period ends with the window, however short; a window without both ends has none."""
    rules = LifeCycleRules(ongoing_report_every_months=3)
    quarters = periods_of(ongoing(date(2018, 4, 1), date(2018, 10, 1)), rules)
    assert quarters == (
        Period(1, date(2018, 4, 1), date(2018, 6, 30)),
        Period(2, date(2018, 7, 1), date(2018, 9, 30)),
        Period(3, date(2018, 10, 1), date(2018, 10, 1), closing=True),
    )
    assert periods_of(ongoing(None, MAY[1]), rules) == periods_of(ongoing(MAY[0], None), rules) == ()
    assert periods_of(milestone(), rules) == ()


def test_the_last_of_so_many_reports_closes_the_window() -> None:
    """Of three monthly reports the third one has the rest of the window; in odd months each keeps its own."""
    three = milestone(due_on=date(2018, 12, 31)).model_copy(update={"recurrence": Recurrence(count=3, every_months=1)})
    ends = [(period.ends_on, period.closing) for period in periods_of(three, LifeCycleRules())]
    assert ends == [(date(2018, 4, 30), False), (date(2018, 5, 31), False), (date(2018, 12, 31), True)]
    odd = three.model_copy(update={"recurrence": Recurrence(count=3, every_months=2, month=1)})
    ends = [(period.ends_on, period.closing) for period in periods_of(odd, LifeCycleRules())]
    assert ends == [(date(2018, 4, 30), False), (date(2018, 6, 30), False), (date(2018, 8, 31), False)]


def test_a_session_on_the_first_day_is_the_first_report() -> None:
    """From the fifth on, every month by the fifth: one is due on the first day itself."""
    named = milestone(due_on=date(2018, 6, 5), starts_on=date(2018, 5, 5))
    fifth = named.model_copy(update={"recurrence": Recurrence(count=2, every_months=1, day=5)})
    assert periods_of(fifth, LifeCycleRules()) == (
        Period(1, date(2018, 5, 5), date(2018, 5, 5)),
        Period(2, date(2018, 5, 6), date(2018, 6, 5), closing=True),
    )


def test_days_that_are_excused_move_the_periods_that_were_not_over() -> None:
    """Each begins the day after the one before it ends; what was over before the assignment stays where it was."""
    desk = Desk(ongoing(date(2018, 1, 1), date(2018, 12, 31)))
    desk.ask(request(Suspend, until=date(2018, 7, 6)), "06-28 10:00")
    desk.run_until("07-09 23:00")
    assert periods_in(desk.state, FIRST) == (
        Period(1, date(2018, 1, 1), date(2018, 3, 31)),
        Period(2, date(2018, 4, 1), date(2018, 7, 9)),
        Period(3, date(2018, 7, 10), date(2018, 10, 15)),
        Period(4, date(2018, 10, 16), date(2019, 1, 9), closing=True),
    )


def test_nobody_is_judged_before_a_first_report_is_due() -> None:
    """The end of the first period that was not over at the assignment, or so many working days after it."""
    assert schedule_judged_after(Desk(ongoing(date(2018, 1, 1), date(2018, 12, 31))).state, FIRST) == date(2018, 6, 30)
    assert schedule_judged_after(Desk(ongoing(date(2018, 2, 1), date(2018, 12, 31))).state, FIRST) == date(2018, 4, 30)
    for limit, day in ((1, date(2018, 4, 26)), (3, date(2018, 4, 28)), (None, None)):
        lights = LightRules(behind_after_working_days=limit)
        policy = SupervisionPolicy(spread_minutes=0, life_cycle=LifeCycleRules(lights=lights))
        assert schedule_judged_after(Desk(milestone(quota=3), policy=policy).state, FIRST) == day


def test_a_period_that_ends_on_the_day_of_the_assignment_is_judged_then() -> None:
    """It was not over: its report could still come on that day."""
    fifth = milestone(due_on=date(2018, 12, 31)).model_copy(
        update={"recurrence": Recurrence(count=9, every_months=1, day=25)}
    )
    assert schedule_judged_after(Desk(fifth).state, FIRST) == date(2018, 4, 25)
    desk = Desk(fifth)
    desk.ask(request(Suspend, until=date(2018, 5, 3)), "04-25 10:00")
    desk.run_until("05-07 12:00")
    assert periods_in(desk.state, FIRST)[0].ends_on > date(2018, 4, 25)
