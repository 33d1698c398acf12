"""Scheduled progress (序时进度): how the calendar of a long milestone moves with the days that are excused."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from domain.acts.commands import AmendProject, ReportProgress, Suspend
from domain.events import PaceWarningIssued, ReportPeriodMissed
from domain.project import Recurrence
from domain.rules.life_cycle import LifeCycleRules
from domain.rungs.reporting_periods import periods_in, periods_of
from domain.seeing.lights import light_of
from tests.domain.samples import FIRST, WHOLE_LIFE, Desk, milestone, request


def test_days_for_which_the_clock_stood_still_stretch_the_schedule() -> None:
    """Suspended up to its due date when the clock goes on, the calendar does not ask for all of it."""
    desk = Desk(milestone(due_on=date(2018, 5, 31), starts_on=date(2018, 5, 1), quota=30), policy=WHOLE_LIFE)
    desk.ask(request(ReportProgress, quantity=10), "05-14 10:00")
    desk.run_until("05-16 12:00")
    (warning,) = desk.of(PaceWarningIssued)
    assert (warning.scheduled, warning.due_on) == (15, date(2018, 5, 31))
    desk.ask(request(ReportProgress, quantity=18))
    desk.ask(request(Suspend, until=date(2018, 6, 1)), "05-17 10:00")
    desk.run_until("06-04 12:00")
    assert desk[FIRST].answer_by == date(2018, 6, 15)
    # 35 of 46 days have passed, not all of 31.
    assert "按时序应完成22场（76%），累计18场（60%）" in light_of(desk.state, FIRST, desk.now).explanation


def test_a_reporting_period_that_ends_while_the_clock_stands_still_ends_later() -> None:
    """Suspended over the end of the second quarter: the report may come as many working days after it."""
    ongoing = milestone(due_on=date(2018, 12, 31)).model_copy(update={"ongoing": True})
    desk = Desk(ongoing, policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 7, 6)), "06-28 10:00")
    desk.run_until("07-09 23:00")
    assert desk.of(ReportPeriodMissed) == []
    desk.run_until("07-20 12:00")
    # 29 June and 2 to 6 July are excused: six working days, which make 30 June 9 July.
    assert [(missed.period, missed.ended_on) for missed in desk.of(ReportPeriodMissed)] == [(1, date(2018, 7, 9))]


def test_a_report_before_the_later_end_of_a_period_is_for_that_period() -> None:
    """The same days count for the report that comes without a number."""
    ongoing = milestone(due_on=date(2018, 12, 31)).model_copy(update={"ongoing": True})
    desk = Desk(ongoing, policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 7, 6)), "06-28 10:00")
    desk.ask(request(ReportProgress), "07-09 10:00")
    desk.run_until("07-20 12:00")
    assert desk[FIRST].periods_reported == (1,)
    assert desk.of(ReportPeriodMissed) == []


def given_again(desk: Desk, due_on: date) -> None:
    """The list gives the milestone this date."""
    project = desk.state.project
    moved = project.milestones[0].model_copy(update={"due_on": due_on})
    wanted = project.model_copy(update={"milestones": (moved,)})
    desk.ask(request(AmendProject, project=wanted, basis="调整通知"))


def test_days_excused_before_the_list_gave_another_date_move_no_report_after_it() -> None:
    """Suspended in June, dated anew in August: the third quarter ends with its month, later by what comes since."""
    ongoing = milestone(due_on=date(2018, 12, 31)).model_copy(update={"ongoing": True})
    desk = Desk(ongoing, policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 6, 15)), "06-04 10:00")
    desk.run_until("08-01 10:00")
    assert [period.ends_on for period in periods_in(desk.state, FIRST)][1] == date(2018, 10, 18)
    given_again(desk, date(2018, 11, 30))
    assert [period.ends_on for period in periods_in(desk.state, FIRST)][1] == date(2018, 9, 30)
    desk.ask(request(Suspend, until=date(2018, 8, 3)))
    desk.run_until("08-06 10:00")
    assert [period.ends_on for period in periods_in(desk.state, FIRST)][1] == date(2018, 10, 9)


def test_a_report_that_was_asked_for_by_a_later_day_keeps_it_when_the_list_gives_another_date() -> None:
    """The second quarter had until 12 July when the list came on the 4th: nobody is late by a day of before."""
    ongoing = milestone(due_on=date(2018, 12, 31)).model_copy(update={"ongoing": True})
    desk = Desk(ongoing, policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 6, 15)), "06-04 10:00")
    desk.run_until("07-04 10:00")
    given_again(desk, date(2018, 11, 30))
    ends = [period.ends_on for period in periods_in(desk.state, FIRST)]
    assert ends == [date(2018, 7, 12), date(2018, 9, 30), date(2018, 11, 30)]
    desk.run_until("07-12 23:00")
    assert desk.of(ReportPeriodMissed) == []


def test_a_report_that_would_come_no_sooner_than_the_next_one_is_told_with_it() -> None:
    """Two months were excused of a monthly report when the list gave another date: nobody is asked for it besides."""
    monthly = milestone(due_on=date(2018, 12, 31)).model_copy(
        update={"recurrence": Recurrence(count=9, every_months=1)}
    )
    desk = Desk(monthly, policy=WHOLE_LIFE)
    desk.ask(request(Suspend, until=date(2018, 6, 29)), "04-28 10:00")
    desk.run_until("07-02 10:00")
    given_again(desk, date(2018, 11, 30))
    desk.run_until("08-15 10:00")
    assert [(missed.period, missed.ended_on) for missed in desk.of(ReportPeriodMissed)] == [
        (1, date(2018, 7, 2)),
        (4, date(2018, 7, 31)),
    ]


@pytest.mark.parametrize(
    ("starts_on", "recurrence", "ends"),
    [
        # 单月
        ((3, 1), Recurrence(count=5, every_months=2, month=1), [(3, 31), (5, 31), (7, 31), (9, 30), (11, 30)]),
        # 双月
        ((3, 1), Recurrence(count=5, every_months=2), [(4, 30), (6, 30), (8, 31), (10, 31), (12, 31)]),
        # 每季度首月10日前
        ((4, 1), Recurrence(count=3, every_months=3, day=10, month=1), [(4, 10), (7, 10), (10, 10)]),
        # 每季度末月25日前
        ((4, 1), Recurrence(count=3, every_months=3, day=25, month=3), [(6, 25), (9, 25), (12, 25)]),
        # 每月31日前, from the middle of October on
        ((10, 15), Recurrence(count=3, every_months=1, day=31), [(10, 31), (11, 30), (12, 31)]),
        # 每月5日前, from the middle of October on: the fifth of October is over, the third report closes the window
        ((10, 15), Recurrence(count=3, every_months=1, day=5), [(11, 5), (12, 5), (12, 31)]),
    ],
)
def test_each_report_is_due_on_the_day_and_in_the_month_that_the_notice_names(
    starts_on: tuple[int, int], recurrence: Recurrence, ends: list[tuple[int, int]]
) -> None:
    """Periods follow one another without a gap, and only one that ends with the window is left to the due date."""
    named = milestone(due_on=date(2018, 12, 31), starts_on=date(2018, *starts_on))
    periods = periods_of(named.model_copy(update={"recurrence": recurrence}), LifeCycleRules())
    assert [(period.ends_on.month, period.ends_on.day) for period in periods] == ends
    assert [period.closing for period in periods] == [end == (12, 31) for end in ends]
    assert [(after.starts_on - before.ends_on).days for before, after in pairwise(periods)] == [1] * (len(ends) - 1)


def test_a_report_for_the_odd_months_is_missed_at_their_end() -> None:
    """`单月` from May on: nothing is asked for at the end of June, and the last report is due before the end."""
    odd = Recurrence(count=4, every_months=2, month=1)
    named = milestone(due_on=date(2018, 12, 31), starts_on=date(2018, 5, 1)).model_copy(update={"recurrence": odd})
    desk = Desk(named, policy=WHOLE_LIFE)
    desk.run_until("12-10 12:00")
    ended = [missed.ended_on for missed in desk.of(ReportPeriodMissed)]
    assert ended == [date(2018, 5, 31), date(2018, 7, 31), date(2018, 9, 30), date(2018, 11, 30)]
