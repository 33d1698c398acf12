"""Working days: the State Council's schedule, counted strictly, and honest about years not published yet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.calendar import WorkingCalendar, end_of, office_instant
from tests.domain.samples import CALENDAR, at

DAY = timedelta(days=1)
days_of_2018 = st.dates(min_value=date(2018, 1, 15), max_value=date(2018, 12, 15))
offsets = st.integers(min_value=-60, max_value=60)


@given(st.dates(date(2015, 1, 1), date(2021, 12, 31)), st.integers(min_value=-40, max_value=1_500))
def test_a_count_over_years_is_the_count_day_by_day(after: date, days: int) -> None:
    """Published years, years that are not, leap years, and what is not later."""
    walked = (after + past * DAY for past in range(1, days + 1))
    assert CALENDAR.working_days_between(after, after + days * DAY) == sum(map(CALENDAR.is_working_day, walked))


@pytest.mark.parametrize("day", ["2018-02-11", "2018-04-08", "2018-04-28", "2018-09-30", "2018-12-29", "2018-05-02"])
def test_make_up_days_and_ordinary_days_are_worked(day: str) -> None:
    """Weekend days that the schedule moves work onto count as working days."""
    assert CALENDAR.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2018-01-01", "2018-04-30", "2018-05-01", "2018-06-18", "2018-10-03", "2018-05-05"])
def test_holidays_and_weekends_are_not_worked(day: str) -> None:
    """Weekdays that the schedule makes free do not count."""
    assert not CALENDAR.is_working_day(date.fromisoformat(day))


def test_a_year_that_is_not_published_is_provisional_and_knows_the_statutory_days_alone() -> None:
    """Nothing is guessed silently: the dates are marked; weekends and the days of the regulation are free."""
    assert CALENDAR.is_provisional(date(2019, 1, 1))
    assert not CALENDAR.is_provisional(date(2018, 12, 31))
    assert not CALENDAR.is_working_day(date(2019, 1, 1))
    assert CALENDAR.is_working_day(date(2019, 1, 2))
    assert not CALENDAR.is_working_day(date(2019, 2, 2))
    assert WorkingCalendar().is_provisional(date(2018, 1, 1))


@given(days_of_2018, offsets.filter(bool))
def test_the_nth_working_day_is_worked_strict_and_the_nth(day: date, offset: int) -> None:
    """It is a working day on the right side of the day, with exactly n - 1 working days between the two."""
    found = CALENDAR.working_day(day, offset)
    assert CALENDAR.is_working_day(found)
    assert (found > day) is (offset > 0)
    assert found != day
    if offset > 0:
        assert CALENDAR.working_days_between(day, found) == offset
    else:
        assert CALENDAR.working_days_between(found - DAY, day - DAY) == -offset


@given(days_of_2018, st.integers(min_value=1, max_value=40))
def test_from_a_working_day_there_and_back_is_the_same_day(day: date, offset: int) -> None:
    """Forwards and backwards are inverse on working days; from a day off the way back ends on its near side."""
    there = CALENDAR.working_day(day, offset)
    back = CALENDAR.working_day(there, -offset)
    assert back == (day if CALENDAR.is_working_day(day) else CALENDAR.on_or_before(day))


@given(days_of_2018, offsets, offsets)
def test_counting_is_additive_and_monotone(day: date, first: int, second: int) -> None:
    """More working days are never earlier; in one direction the steps add up."""
    low, high = sorted((first, second))
    assert CALENDAR.working_day(day, low) <= CALENDAR.working_day(day, high)
    if first > 0 and second > 0:
        assert CALENDAR.working_day(CALENDAR.working_day(day, first), second) == CALENDAR.working_day(
            day, first + second
        )


@given(days_of_2018)
def test_rolling_finds_the_nearest_working_day_on_its_side(day: date) -> None:
    """On or after, on or before: the day itself when it is worked, otherwise the first one with none between."""
    after, before = CALENDAR.on_or_after(day), CALENDAR.on_or_before(day)
    assert before <= day <= after
    assert CALENDAR.is_working_day(before)
    assert CALENDAR.is_working_day(after)
    assert CALENDAR.working_days_between(before, after) == (0 if before == after else 1)


@given(days_of_2018, st.integers(min_value=0, max_value=30))
def test_nothing_lies_between_a_day_and_an_earlier_one(day: date, back: int) -> None:
    """The count is zero backwards and for the day itself."""
    assert CALENDAR.working_days_between(day, day - timedelta(days=back)) == 0


def test_a_day_is_over_at_its_midnight_in_office_time() -> None:
    """Due on 31 May means until the first instant of 1 June in the offices."""
    assert end_of(date(2018, 5, 31)) == at("06-01 00:00")
    assert office_instant(date(2018, 5, 31), at("01-01 08:30").time()) == at("05-31 08:30")
