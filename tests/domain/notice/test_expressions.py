"""Time expressions as people write them: a table of readings, each looked at by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.notice.window_reading import WindowReading, read_window
from domain.rules.calendar import CalendarYear, WorkingCalendar

_TABLE = Path(__file__).with_name("expressions_2018.txt")


def _rows() -> list[tuple[str, str]]:
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(line.split(" | ")[0], line) for line in lines]


def _told(text: str, reading: WindowReading) -> str:
    windows = []
    for window in reading.windows:
        told = f"{window.starts_on or '-'}..{window.due_on or '-'}"
        told += " ONG" if window.ongoing else ""
        told += f" x{window.recurrence.count}/{window.recurrence.every_months}" if window.recurrence else ""
        told += f" q{window.quota.value}{window.quota.unit}" if window.quota else ""
        windows.append(told)
    findings = ",".join(f"{finding.code}!{finding.severity[0]}" for finding in reading.findings)
    return f"{text} | {reading.kind} | {'; '.join(windows)} | {findings}"


@pytest.mark.parametrize(("text", "expected"), _rows(), ids=[text for text, _ in _rows()])
def test_an_expression_is_read_as_people_read_it(text: str, expected: str) -> None:
    """Each line of the table: kind, windows, number, and the findings where people would not agree."""
    assert _told(text, read_window(text, 2018)) == expected.rstrip("\n")


def test_the_table_holds_at_least_150_expressions() -> None:
    """The table is as long as was promised."""
    assert len({text for text, _ in _rows()}) >= 150


@pytest.mark.parametrize(
    ("text", "due_on"), [("方案印发后30日内", date(2018, 5, 25)), ("通知印发之日起一个月内", date(2018, 5, 25))]
)
def test_a_time_after_the_issue_is_computed_and_still_asked_about(text: str, due_on: date) -> None:
    """What counts from the notice's own issue has a date to propose, never without a finding."""
    reading = read_window(text, 2018, date(2018, 4, 25))
    assert reading.kind == "relative"
    assert reading.windows[0].due_on == due_on
    assert [finding.severity for finding in reading.findings] == ["ruling"]


def test_from_now_on_starts_on_the_day_of_issue() -> None:
    """即日起 is dated as soon as the day of issue is known."""
    (window,) = read_window("即日起", 2018, date(2018, 4, 25)).windows
    assert (window.starts_on, window.due_on, window.ongoing) == (date(2018, 4, 25), date(2018, 12, 31), True)


def test_a_festival_that_was_over_when_the_list_was_issued_is_asked_about() -> None:
    """春节前 in a list issued in April may mean the next year's."""
    reading = read_window("春节前", 2018, date(2018, 4, 25))
    assert [finding.code for finding in reading.findings] == ["which_festival"]


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("春节前", date(2019, 2, 4)),
        ("元旦前", date(2018, 12, 31)),
        ("元宵节", date(2019, 2, 19)),
        ("2018年春节前", date(2018, 2, 15)),
        ("国庆前", date(2018, 9, 30)),
    ],
)
def test_the_feast_that_comes_is_meant_where_the_one_before_is_long_over(text: str, due_on: date) -> None:
    """In a list issued in November, 春节 is the next one, told; 国庆 was nearer, and is asked about."""
    reading = read_window(text, 2018, date(2018, 11, 2))
    assert reading.windows[-1].due_on == due_on
    asked = {finding.code for finding in reading.findings if finding.needs_ruling}
    assert ("which_festival" in asked) == (text == "国庆前")
    assert any(finding.code == "next_festival" for finding in reading.findings) == (due_on > date(2018, 11, 2))


def test_working_days_from_the_issue_are_counted_where_the_years_schedule_is_known() -> None:
    """`本通知印发后10个工作日内` skips holidays; beyond the known years it is asked about, with the reason."""
    known = WorkingCalendar(years=(CalendarYear(year=2026, days_off=(date(2026, 4, 6),), makeup_working_days=()),))
    reading = read_window("本通知印发后10个工作日内", 2026, date(2026, 3, 27), calendar=known)
    assert (reading.windows[0].due_on, [each.severity for each in reading.findings]) == (date(2026, 4, 13), ["note"])
    for issued, calendar in ((date(2026, 3, 27), None), (date(2026, 12, 25), known)):
        beyond = read_window("本通知印发后10个工作日内", 2026, issued, calendar=calendar)
        assert (beyond.windows[0].due_on, beyond.findings[0].severity) == (None, "ruling")
        assert "放假安排" in beyond.findings[0].text


def test_a_lunar_festival_of_a_year_without_a_published_date_is_an_error_not_a_guess() -> None:
    """Beyond the table of festivals nothing is assumed."""
    reading = read_window("中秋节前", 2090)
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("unknown_festival", "error")]


@pytest.mark.parametrize(("year", "due_on"), [(2020, date(2020, 2, 29)), (2021, date(2021, 2, 28))])
def test_the_end_of_february_follows_the_year(year: int, due_on: date) -> None:
    """2月底 is the 29th in a leap year."""
    assert read_window("2月底前", year).windows[0].due_on == due_on


@pytest.mark.parametrize("delimiter", ["：", ":", "，", ",", "、", " ", "　", "： ", "—", "——", " - ", ""])
@pytest.mark.parametrize("label", ["3月", "５月", "4-6月", "上半年", "四季度", "12月底前", "4月起"])
def test_any_delimiter_after_a_label_reads_the_same(label: str, delimiter: str) -> None:
    """Colon, comma, enumeration comma, blank, dash or nothing at all: the window is the label's."""
    assert read_window(f"{label}{delimiter}召开推进会", 2018).windows == read_window(label, 2018).windows
