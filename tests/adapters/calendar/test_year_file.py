from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from adapters.calendar.year_file import UnreadableCalendarError, read_calendar_years
from domain.errors import InputError


def written(folder: Path, text: str) -> Path:
    file = folder / "calendar.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_weekend_inside_a_holiday_may_be_listed_and_is_dropped(tmp_path: Path) -> None:
    """The State Council lists whole spans, weekends included; the calendar keeps what differs from the week."""
    file = written(tmp_path, "years:\n  2027:\n    days_off: [2027-01-01, 2027-01-02]\n    makeup_working_days: []\n")

    (year,) = read_calendar_years(file)

    assert year.days_off == (date(2027, 1, 1),)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "years"),
        ("[1]", 1, "years"),
        ("years: 3", 1, "按年份"),
        ("years:\n  2027:\n    days_off: [\n", 4, "不是合法的YAML"),
        ("years:\n  2027: {days_off: [], makeup_working_days: []}\n  2027: {}", 3, "同一个键写了两次"),
        ("years:\n\t2027: {}", 2, "缩进用了制表符"),
        ("years:\n  二〇二七: {}", 2, "四位数字"),
        ("years:\n  2027: 3", 2, "days_off"),
        ("years:\n  2027:\n    days_off: []", 2, "makeup_working_days: []"),
        ("years:\n  2027:\n    days_off: []\n    holidays: []", 4, "“holidays”"),
        ("years:\n  2027:\n    days_off: 2027-01-01\n    makeup_working_days: []", 3, "列表"),
        ("years:\n  2027:\n    days_off:\n    - 2027-01-01\n    - 1月2日\n    makeup_working_days: []", 5, "“1月2日”"),
        ("years:\n  2027:\n    days_off:\n    - '2027-02-30'\n    makeup_working_days: []", 4, "“2027-02-30”"),
        ("years:\n  2027:\n    days_off:\n    - 2027-02-30\n    makeup_working_days: []", 4, "“2027-02-30”"),
        ("years:\n  2027:\n    days_off: [2026-12-31]\n    makeup_working_days: []", 3, "不在2027年"),
        ("years:\n  2027:\n    days_off: []\n    makeup_working_days:\n    - 2027-01-04", 5, "不是周六或周日"),
        ("years:\n  2027:\n    days_off: [2027-01-02]\n    makeup_working_days: [2027-01-02]", 4, "保留一处"),
    ],
)
def test_a_fault_names_the_file_the_line_and_what_is_allowed(tmp_path: Path, text: str, line: int, says: str) -> None:
    """Each fault is one sentence that sends the reader to the right line."""
    file = written(tmp_path, text)

    with pytest.raises(UnreadableCalendarError) as refused:
        read_calendar_years(file)

    assert refused.value.line == line
    assert f"“{file}”第{line}行：" in refused.value.text
    assert says in refused.value.text
    assert refused.value.text.endswith("。")
    assert "\n" not in refused.value.text


def test_a_file_that_is_not_there_is_an_unreadable_input(tmp_path: Path) -> None:
    """A missing file is the caller's to mend: it counts as input."""
    with pytest.raises(InputError, match="没有这个文件"):
        read_calendar_years(tmp_path / "absent.yaml")


def test_a_file_in_another_encoding_is_named_as_such(tmp_path: Path) -> None:
    """Files saved by older office software are recognised instead of read as nonsense."""
    file = tmp_path / "calendar.yaml"
    file.write_bytes("# 日历\nyears: {}".encode("gb18030"))

    with pytest.raises(UnreadableCalendarError, match="UTF-8"):
        read_calendar_years(file)
