"""Expressions that were written, with what people would read, by somebody who had not seen the reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from domain.notice.window_reading import read_window
from tests.domain.notice.expected_windows import expected_one_of

_TABLES = sorted(Path(__file__).parent.glob("unseen_expressions_*.txt"))
_LIST = re.compile(r"# list of (?P<year>\d{4}), issued (?P<issued>\S+)$")
_YEAR, _ISSUED = 2018, date(2018, 1, 20)


def _rows(table: Path) -> Iterator[tuple[str, str, int, date]]:
    year, issued = _YEAR, _ISSUED
    for line in table.read_text(encoding="utf-8").splitlines():
        if (listed := _LIST.match(line)) is not None:
            year, issued = int(listed["year"]), date.fromisoformat(listed["issued"])
        elif line and not line.startswith("#"):
            text, reading = line.rsplit(" | ", 1)
            yield text.replace("⏎", "\n"), reading, year, issued


def _as_people_read(text: str, reading: str, year: int, issued: date) -> bool:
    asked, alternatives = expected_one_of(reading, year)
    read = read_window(text, year, issued)
    if asked == "doubtful":
        return bool(read.findings)
    right = any(
        len(windows) == len(read.windows)
        and all(window.fits(found) for window, found in zip(windows, read.windows, strict=True))
        for windows in alternatives
    )
    to_rule = any(finding.needs_ruling for finding in read.findings)
    return right or to_rule if asked == "either" else right and not to_rule


# One test a table: seven thousand tests of a line each take longer to hand out than to run.
@pytest.mark.parametrize("table", _TABLES, ids=[table.stem for table in _TABLES])
def test_an_unseen_expression_is_read_right_or_asked_about(table: Path) -> None:
    """Where people agree the windows are theirs, without a ruling to give; where they do not, there is a finding."""
    misread = [
        f"{text} | {reading}"
        for text, reading, year, at in _rows(table)
        if not _as_people_read(text, reading, year, at)
    ]
    assert misread == []


def test_the_tables_hold_what_was_promised() -> None:
    """At least 300 expressions in the first table, 150 in each of the others, less in two that looked again."""
    numbers = {table.stem: len(table.read_text(encoding="utf-8").splitlines()) - 1 for table in _TABLES}
    assert numbers.pop("unseen_expressions_1") >= 300
    assert numbers.pop("unseen_expressions_24") >= 60
    assert numbers.pop("unseen_expressions_27") >= 100
    assert min(numbers.values()) >= 150
