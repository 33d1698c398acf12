from __future__ import annotations

from datetime import date
from pathlib import Path

from adapters.calendar.state_council import state_council_calendar


def test_make_up_working_days_of_2018_are_those_of_the_state_council() -> None:
    """The seven weekend days that were worked in 2018, the one of December announced with 2019's schedule included."""
    (year,) = state_council_calendar([2018]).years

    assert [f"{day:%m-%d}" for day in year.makeup_working_days] == [
        "02-11", "02-24", "04-08", "04-28", "09-29", "09-30", "12-29",
    ]  # fmt: skip


def test_days_off_of_2018_are_the_weekdays_of_its_holidays() -> None:
    """Every weekday that the State Council gave free in 2018, and no weekend day."""
    (year,) = state_council_calendar([2018]).years

    assert [f"{day:%m-%d}" for day in year.days_off] == [
        "01-01", "02-15", "02-16", "02-19", "02-20", "02-21", "04-05", "04-06", "04-30", "05-01", "06-18", "09-24",
        "10-01", "10-02", "10-03", "10-04", "10-05", "12-31",
    ]  # fmt: skip


def test_a_make_up_sunday_is_worked_and_a_holiday_monday_is_not() -> None:
    """The calendar that comes out answers for single days."""
    calendar = state_council_calendar([2018])

    assert calendar.is_working_day(date(2018, 9, 30))
    assert not calendar.is_working_day(date(2018, 4, 30))


def test_years_come_in_order_and_once() -> None:
    """Whatever order is asked for, the data that travels is the same."""
    assert [year.year for year in state_council_calendar([2019, 2018, 2019]).years] == [2018, 2019]


def test_every_year_from_2004_to_2026_is_published() -> None:
    """The coverage of the library: a version of it that lost a year would be noticed."""
    assert [year.year for year in state_council_calendar(range(2004, 2027)).years] == list(range(2004, 2027))


def test_a_year_that_nobody_has_published_is_absent_and_provisional() -> None:
    """Beyond the library's last year nothing is invented."""
    calendar = state_council_calendar([2018, 2199])

    assert [year.year for year in calendar.years] == [2018]
    assert calendar.is_provisional(date(2199, 1, 4))
    assert not calendar.is_provisional(date(2018, 1, 4))


def test_an_extension_file_adds_a_year(tmp_path: Path) -> None:
    """An office need not wait for the library once the schedule is published."""
    file = tmp_path / "calendar.yaml"
    file.write_text("years:\n  2199:\n    days_off: [2199-01-01]\n    makeup_working_days: [2199-01-05]\n", "utf-8")

    calendar = state_council_calendar([2018, 2199], file)

    assert [year.year for year in calendar.years] == [2018, 2199]
    assert calendar.is_working_day(date(2199, 1, 5))


def test_an_extension_file_replaces_a_published_year_whole(tmp_path: Path) -> None:
    """What the office's file says of a year is all that holds for that year."""
    file = tmp_path / "calendar.json"
    file.write_text('{"years": {"2018": {"days_off": ["2018-01-01"], "makeup_working_days": []}}}', "utf-8")

    (year,) = state_council_calendar([2018], file).years

    assert (year.days_off, year.makeup_working_days) == ((date(2018, 1, 1),), ())
