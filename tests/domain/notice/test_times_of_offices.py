"""The kinds of times that offices write beside the plain ones: each kind by many variants, with its right reading."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.window_reading import WindowReading, read_window

_ISSUED = date(2024, 2, 20)


def _read(text: str, *, fiscal_start: int | None = None) -> WindowReading:
    return read_window(text, 2024, _ISSUED, fiscal_start=fiscal_start)


def _dues(text: str) -> list[str]:
    return [str(window.due_on) for window in _read(text).windows]


def _asks(text: str) -> bool:
    return any(finding.needs_ruling for finding in _read(text).findings)


@pytest.mark.parametrize(
    "text",
    [
        "20240630",
        "20240630前",
        "2024.6.30",
        "24.6.30",
        "24/6/30前",
        "24-06-30",
        "6/30前",
        "6月30前",
        "2024年6月30",
        "30-Jun-24",
        "30-Jun-2024",
        "30 Jun 24",
        "Jun 30, 2024",
        "30/06/24",
        "by COB 30 June 2024",
        "2024年6月30日（含）前",
        "’24.6.30",
    ],
)
def test_a_day_in_any_compact_form_is_that_day(text: str) -> None:
    """Digits alone, two figures of the year, names of months between hyphens: 30 June 2024, without a question."""
    assert (_dues(text), _asks(text)) == (["2024-06-30"], False)


@pytest.mark.parametrize("text", ["06/05/24", "45473", "Jun-24", "23/06/24", "5/6前"])
def test_a_compact_form_with_two_readings_is_asked_about(text: str) -> None:
    """Day and month may change places, a number may be a spreadsheet's day."""
    assert _asks(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("第24周", ("2024-06-10", "2024-06-16")),
        ("2024年第24周", ("2024-06-10", "2024-06-16")),
        ("第24-26周", ("2024-06-10", "2024-06-30")),
        ("W24", ("2024-06-10", "2024-06-16")),
        ("week 24", ("2024-06-10", "2024-06-16")),
        ("w/c 3 June 2024", ("2024-06-03", "2024-06-09")),
        ("week commencing 3 June", ("2024-06-03", "2024-06-09")),
        ("week of 5 June 2024", ("2024-06-03", "2024-06-09")),
        ("w/b 3/6/24", ("2024-06-03", "2024-06-09")),
        ("week ending 7 June 2024", ("2024-06-03", "2024-06-07")),
        ("二三季度", ("2024-04-01", "2024-09-30")),
        ("三四季度", ("2024-07-01", "2024-12-31")),
        ("七八月", ("2024-07-01", "2024-08-31")),
        ("“十四五”期间", ("2021-01-01", "2025-12-31")),
        ("202406", ("2024-06-01", "2024-06-30")),
        ("本月", ("2024-02-01", "2024-02-29")),
        ("下季度", ("2024-04-01", "2024-06-30")),
        ("下月中旬", ("2024-03-11", "2024-03-20")),
    ],
)
def test_a_stretch_of_weeks_quarters_or_plans_is_read_whole(text: str, span: tuple[str, str]) -> None:
    """From its first day to its last."""
    (window,) = _read(text).windows
    assert (str(window.starts_on), str(window.due_on)) == span


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("本月底前", "2024-02-29"),
        ("下月10日前", "2024-03-10"),
        ("下个月底", "2024-03-31"),
        ("本季度末前", "2024-03-31"),
        ("下周五前", "2024-03-01"),
        ("“十四五”末", "2025-12-31"),
        ("十五五期末", "2030-12-31"),
    ],
)
def test_an_end_counted_from_the_issue_or_a_plan_has_its_day(text: str, due: str) -> None:
    """The day of issue says which month is meant; nothing is asked."""
    assert (_dues(text), _asks(text)) == ([due], False)


def test_a_month_counted_from_an_unknown_issue_is_an_error() -> None:
    """本月 means nothing where nobody knows when the list was issued."""
    assert [finding.severity for finding in read_window("本月底前", 2024).findings] == ["error"]


@pytest.mark.parametrize(
    "text",
    [
        "31 January 2024, revised to 15 March 2024",
        "31 January 2024 extended to 15 March 2024",
        "31 Jan 2024 (now 15 March 2024)",
        "15 March 2024 (was 31 January 2024)",
        "Originally 31 January 2024, now 15 March 2024",
        "31 January 2024 → 15 March 2024",
        "1月31日，调整为3月15日",
        "原定1月31日，现延期至3月15日",
        "由1月31日推迟至3月15日",
        "1月31日前（延期至3月15日前）",
        "3月15日前（原定1月31日前）",
        "~~1月31日前~~ 3月15日前",
        "1月31日改为3月15日",
    ],
)
def test_a_revised_time_counts_and_the_old_one_is_told(text: str) -> None:
    """Nobody is held to a date that was withdrawn, and nobody loses sight of it."""
    reading = _read(text)
    assert [str(window.due_on) for window in reading.windows] == ["2024-03-15"]
    assert "superseded_time" in {finding.code for finding in reading.findings}


@pytest.mark.parametrize(
    "text",
    [
        "已完成（3月）",
        "已完成",
        "3月已完成",
        "3月底前（已完成）",
        "已于3月完成",
        "已办结",
        "3月：方案已印发",
        "全部整改到位，已销号",
        "Completed March 2024",
        "Completed",
        "Done",
        "March 2024 (completed)",
    ],
)
def test_what_is_finished_is_never_an_open_duty_in_silence(text: str) -> None:
    """A status in a schedule cell is asked about."""
    assert _asks(text)


@pytest.mark.parametrize("text", ["已完成80%，年底前全部完成", "6月底前完成已立项目", "Complete by June 2024"])
def test_what_only_sounds_finished_is_not_asked_about_as_such(text: str) -> None:
    """A part that is done, or a verb, is no status."""
    assert "finished" not in {finding.code for finding in _read(text).findings}


@pytest.mark.parametrize(
    ("text", "count", "day", "month"),
    [
        ("每月5日前", 10, 5, None),
        ("每月25日前", 11, 25, None),
        ("每月25日前报送进展", 11, 25, None),
        ("每月上旬", 10, 10, None),
        ("每季度首月10日前", 3, 10, 1),
        ("每季度末月20日前", 4, 20, 3),
        ("每季度第二个月15日前", 3, 15, 2),
        ("每季度最后一个月25日前", 4, 25, 3),
        ("Monthly, by the 5th", 10, 5, None),
        ("By the 10th of each month", 10, 10, None),
        ("每月20号前", 11, 20, None),
        ("每月", 11, None, None),
        ("每季度", 4, None, None),
    ],
)
def test_a_recurrence_keeps_its_day_and_counts_from_the_issue(
    text: str, count: int, day: int | None, month: int | None
) -> None:
    """Sessions that were over when the list was issued are nobody's duty."""
    recurrence = _read(text).windows[0].recurrence
    assert recurrence is not None
    assert (recurrence.count, recurrence.day, recurrence.month) == (count, day, month)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("每季度末（分别在6月、9月和12月底）", 3),
        ("每季度一次（4月、7月、10月）", 3),
        ("每半年（6月底、12月底前）", 2),
        ("每月一次（3月至11月）", 9),
        ("每月（4-9月）", 6),
        ("每两个月（3月、5月、7月、9月、11月）", 5),
    ],
)
def test_brackets_limit_what_comes_back(text: str, count: int) -> None:
    """What the brackets name are the sessions."""
    recurrence = _read(text).windows[0].recurrence
    assert recurrence is not None
    assert recurrence.count == count


@pytest.mark.parametrize("text", ["半月一次", "一周一次", "三个月一次", "两个月一次", "半年一次", "每半个月", "月调度"])
def test_how_often_without_each_comes_back(text: str) -> None:
    """半月一次 says each half of a month."""
    assert _read(text).kind == "recurring"


@pytest.mark.parametrize(
    "text",
    [
        "1Q FY25",
        "Q1 FY2024/25",
        "FY25",
        "end of FY24",
        "FY2024-25 Q1",
        "the 2024-25 financial year",
        "2024财年第一季度",
        "财政年度末",
        "fiscal Q3 2024",
        "by the end of the financial year",
    ],
)
def test_a_fiscal_time_is_asked_about_until_its_start_is_declared(text: str) -> None:
    """Nobody knows in which month a fiscal year begins."""
    assert _asks(text)
    assert not any(finding.needs_ruling for finding in _read(text, fiscal_start=4).findings)


@pytest.mark.parametrize(
    ("text", "start", "span"),
    [
        ("1Q FY25", 4, ("2024-04-01", "2024-06-30")),
        ("Q1 FY2024/25", 4, ("2024-04-01", "2024-06-30")),
        ("FY25", 10, ("2024-10-01", "2025-09-30")),
        ("FY2024-25", 7, ("2024-07-01", "2025-06-30")),
        ("2024财年", 1, ("2024-01-01", "2024-12-31")),
        ("Q4 FY24", 4, ("2024-01-01", "2024-03-31")),
        ("H2 FY25", 7, ("2025-01-01", "2025-06-30")),
    ],
)
def test_a_declared_fiscal_year_has_its_days(text: str, start: int, span: tuple[str, str]) -> None:
    """One number names the year in which it ends, two the year in which it begins."""
    (window,) = _read(text, fiscal_start=start).windows
    assert (str(window.starts_on), str(window.due_on)) == span


@pytest.mark.parametrize(
    "text", ["2024年12月（长期坚持）", "12月底前，长期坚持", "by June 2024 and annually thereafter"]
)
def test_what_goes_on_after_its_end_is_told(text: str) -> None:
    """The end counts, and a note says that it goes on."""
    assert "continues_after" in {finding.code for finding in _read(text).findings}


@pytest.mark.parametrize(
    ("text", "dues"),
    [
        ("September\n2024", ["2024-09-30"]),
        ("30 June\n2024", ["2024-06-30"]),
        ("2024年\n6月底前", ["2024-06-30"]),
        ("6月\n30日前", ["2024-06-30"]),
        ("6月底\n前", ["2024-06-30"]),
        ("2024年6月\n-9月", ["2024-09-30"]),
        ("end of\nJune 2024", ["2024-06-30"]),
        ("Q2\n2024", ["2024-06-30"]),
        ("1-3月\n7月起", ["2024-03-31", "2024-12-31"]),
        ("6月底前\n9月底前", ["2024-06-30", "2024-09-30"]),
        ("3月\n9月", ["2024-03-31", "2024-09-30"]),
    ],
)
def test_a_line_break_within_a_time_breaks_nothing_and_stacked_times_stay_apart(text: str, dues: list[str]) -> None:
    """Narrow cells break times; some cells stack several."""
    assert _dues(text) == dues


def test_a_sure_limit_with_an_earlier_hope_is_asked_about() -> None:
    """确保6月底前完成，力争5月底前完成 is one duty."""
    assert _asks("确保6月底前完成，力争5月底前完成")
