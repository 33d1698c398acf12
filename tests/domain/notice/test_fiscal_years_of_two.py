"""A fiscal year that is printed as two years (`Q2 2026/27`) is read as one, and asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.notice.window_reading import read_window

_ROWS = [
    [part.strip() for part in line.split("|")]
    for line in Path(__file__).with_name("fiscal_years_of_two.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("words", "first", "last"), _ROWS)
def test_two_years_beside_a_part_are_one_fiscal_year(words: str, first: str, last: str) -> None:
    """It is assumed to begin in April, never in January, and who knows better says so."""
    window = read_window(words, year=2026, issued_on=date(2026, 4, 14))
    assert [(str(each.starts_on or "-"), str(each.due_on)) for each in window.windows] == [(first, last)]
    (asked,) = [finding for finding in window.findings if finding.needs_ruling]
    assert asked.code == "fiscal_year"
    assert next(choice.key for choice in asked.choices if choice.key.startswith("财年")) == "财年4月起"


@pytest.mark.parametrize("words", ["Q2 2026/29", "2026/27/03 Q2"])
def test_other_numbers_beside_a_part_are_no_fiscal_year(words: str) -> None:
    """Years that do not follow each other, and days, are not taken for one."""
    window = read_window(words, year=2026, issued_on=date(2026, 4, 14))
    assert all(finding.code != "fiscal_year" for finding in window.findings)
