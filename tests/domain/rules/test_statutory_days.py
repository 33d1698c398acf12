"""The statutory holidays: known before a year's schedule, never worked in any schedule, and all that is known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from lunar_python import Lunar, Solar

from adapters.calendar.state_council import state_council_calendar
from domain.festival_days import MOVABLE, MOVABLE_DAYS
from domain.rules.calendar import WorkingCalendar
from domain.rules.statutory_days import statutory_days

_SINCE = 2014
_LAST = 2035
_PUBLISHED = state_council_calendar(range(_SINCE, _LAST + 1))
PUBLISHED_YEARS = [each.year for each in _PUBLISHED.years]
# Holidays of one year alone, by a decision of their own: the third of September 2015, and three days of February 2020.
_OF_ONE_YEAR = {2015: 1, 2020: 3}


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _solar(day: Solar) -> date:
    return date(day.getYear(), day.getMonth(), day.getDay())


@pytest.mark.parametrize("year", sorted(MOVABLE_DAYS))
def test_the_table_of_the_chinese_calendar_is_what_a_library_computes(year: int) -> None:
    """Every day of every festival of the table, computed again by another program."""
    counted = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "中秋": (8, 15), "重阳": (9, 9)}
    computed = {name: _solar(Lunar.fromYmd(year, *on).getSolar()) for name, on in counted.items()}
    computed["清明"] = _solar(Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"])
    assert dict(zip(MOVABLE, MOVABLE_DAYS[year], strict=True)) == computed


@pytest.mark.parametrize("year", range(2025, _LAST + 1))
def test_since_2025_thirteen_days_are_fixed_with_the_eve_of_the_spring_festival(year: int) -> None:
    """Day by day from the library's own Chinese calendar; where two festivals meet on one day there are fewer."""
    expected = set()
    days = [*_days(year), date(year + 1, 1, 1)]
    chinese_days = [Solar.fromYmd(day.year, day.month, day.day).getLunar() for day in days]
    for day, (lunar, after) in zip(days, pairwise(chinese_days), strict=False):
        chinese = (lunar.getMonth(), lunar.getDay())
        eve = (after.getMonth(), after.getDay()) == (1, 1)
        if eve or chinese in {(1, 1), (1, 2), (1, 3), (5, 5), (8, 15)} or lunar.getJieQi() == "清明":
            expected.add(day)
        if (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}:
            expected.add(day)
    assert statutory_days(year) == expected
    assert len(expected) in (12, 13)


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_no_statutory_day_is_worked_whether_the_schedule_is_published_or_not(year: int) -> None:
    """Every published schedule since 2014, and the same year as it is before its schedule."""
    provisional = WorkingCalendar()
    for day in statutory_days(year):
        assert not _PUBLISHED.is_working_day(day), day
        assert not provisional.is_working_day(day), day


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_before_and_after_its_schedule_a_year_differs_only_in_moved_weekends(year: int) -> None:
    """What the schedule frees is what it works on weekends and what it gives back for statutory days on a weekend."""
    provisional, freed, worked = WorkingCalendar(), 0, 0
    for day in _days(year):
        before, after = provisional.is_working_day(day), _PUBLISHED.is_working_day(day)
        if before != after:
            assert day not in statutory_days(year)
        if after and not before:
            assert day.weekday() >= 5
            worked += 1
        freed += before and not after
    on_weekends = sum(day.weekday() >= 5 for day in statutory_days(year))
    assert freed == worked + on_weekends + _OF_ONE_YEAR.get(year, 0)
    assert freed > 0


def test_there_are_schedules_to_compare_with() -> None:
    """Every year since 2014 up to the last one of the library."""
    assert list(range(_SINCE, PUBLISHED_YEARS[-1] + 1)) == PUBLISHED_YEARS
    assert PUBLISHED_YEARS[-1] >= 2026


def test_urges_of_an_unpublished_year_do_not_go_out_on_the_third_day_of_the_spring_festival() -> None:
    """Due on the Friday before: the first working day after the festival of 2027 is the Tuesday after its third day."""
    calendar = WorkingCalendar()
    assert calendar.working_day(date(2027, 2, 4), 1) == date(2027, 2, 9)
    assert calendar.is_provisional(date(2027, 2, 9))


def test_a_year_before_the_regulation_and_one_beyond_the_table_have_what_is_known() -> None:
    """Nothing before 2014; the days of the sun's calendar alone after the table's end."""
    assert statutory_days(2013) == frozenset()
    assert statutory_days(2051) == {date(2051, *on) for on in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
