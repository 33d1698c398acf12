"""Scheduled progress (序时进度): how the calendar of a long milestone moves with the days that are excused."""

from __future__ import annotations

from datetime import date

from domain.acts.commands import ReportProgress, Suspend
from domain.events import PaceWarningIssued, ReportPeriodMissed
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
    assert "按时序应完成22场，累计18场" in light_of(desk.state, FIRST, desk.now).explanation


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
