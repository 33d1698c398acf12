"""Expressions that were written, with what people would read, by somebody who had not seen the reading."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from domain.notice.window_reading import read_window
from tests.domain.notice.expected_windows import expected_one_of

_TABLES = sorted(Path(__file__).parent.glob("unseen_expressions_*.txt"))
_LIST = re.compile(r"# list of (?P<year>\d{4}), issued (?P<issued>\S+)$")
_YEAR, _ISSUED = 2018, date(2018, 1, 20)


def _rows() -> list[tuple[str, str, int, date]]:
    rows: list[tuple[str, str, int, date]] = []
    for table in _TABLES:
        year, issued = _YEAR, _ISSUED
        for line in table.read_text(encoding="utf-8").splitlines():
            if (listed := _LIST.match(line)) is not None:
                year, issued = int(listed["year"]), date.fromisoformat(listed["issued"])
            elif line and not line.startswith("#"):
                text, reading = line.rsplit(" | ", 1)
                rows.append((text.replace("⏎", "\n"), reading, year, issued))
    return rows


@pytest.mark.parametrize(("text", "reading", "year", "issued"), _rows(), ids=[text for text, *_ in _rows()])
def test_an_unseen_expression_is_read_right_or_asked_about(text: str, reading: str, year: int, issued: date) -> None:
    """Where people agree the windows are theirs, without a ruling to give; where they do not, there is a finding."""
    asked, alternatives = expected_one_of(reading, year)
    read = read_window(text, year, issued)
    right = any(
        len(windows) == len(read.windows)
        and all(window.fits(found) for window, found in zip(windows, read.windows, strict=True))
        for windows in alternatives
    )
    to_rule = [finding for finding in read.findings if finding.needs_ruling]
    if asked == "doubtful":
        assert read.findings, read
    elif asked == "either":
        assert right or to_rule, read
    else:
        assert right, read
        assert not to_rule, read


def test_the_tables_hold_what_was_promised() -> None:
    """At least 300 expressions in the first table, 150 in each of the others, less in two that looked again."""
    numbers = {table.stem: len(table.read_text(encoding="utf-8").splitlines()) - 1 for table in _TABLES}
    assert numbers.pop("unseen_expressions_1") >= 300
    assert numbers.pop("unseen_expressions_24") >= 60
    assert numbers.pop("unseen_expressions_27") >= 100
    assert min(numbers.values()) >= 150
