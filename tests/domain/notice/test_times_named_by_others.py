"""Feasts whose day no table has, weeks named by a day, lengths inside a sentence: read, and asked about where told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from domain.notice.window_reading import read_window
from tests.domain.notice.expected_windows import expected

_TABLE = Path(__file__).with_name("times_named_by_others.txt")
_LIST = re.compile(r"# list of (?P<year>\d{4}), issued (?P<issued>\S+)$")


def test_each_time_is_read_and_asked_about_only_where_people_would_ask() -> None:
    """Windows and questions of every line of the table."""
    misread: list[str] = []
    year, issued = 2024, date(2024, 1, 15)
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if (listed := _LIST.match(line)) is not None:
            year, issued = int(listed["year"]), date.fromisoformat(listed["issued"])
        elif line and not line.startswith("#"):
            text, reading = line.rsplit(" | ", 1)
            asked, windows = expected(reading, year)
            read = read_window(text.replace("⏎", "\n"), year, issued)
            right = len(windows) == len(read.windows) and all(
                window.fits(found) for window, found in zip(windows, read.windows, strict=True)
            )
            to_rule = any(finding.needs_ruling for finding in read.findings)
            if not right or (asked != "either" and to_rule != (asked == "doubtful")):
                misread.append(line)
    assert misread == []
