"""The names of periods that are scored, among all that people may type."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.office.scoring import UnknownPeriodError, period_of
from domain.bounds import FIRST_DAY, LAST_DAY
from tests.domain.edges import tried

_PARTS = ("", "H1", "H2", "Q1", "Q2", "Q3", "Q4", *(f"{month:02d}" for month in range(1, 13)))


@pytest.mark.parametrize(
    "text", ["0000", "1900", "1948-12", "2200", "9999", "9999-12", "2018-00", "2018-13", "２０１８"]
)
def test_a_period_that_no_calendar_has_is_a_sentence(text: str) -> None:
    """A year before the first one or after the last one is told like any other slip of the pen."""
    with pytest.raises(UnknownPeriodError) as refused:
        period_of(text)
    assert refused.value.text == f"“{text}”不是考核期：请写 2018、2018-H1、2018-Q2 或 2018-06。"


@given(st.integers(FIRST_DAY.year, LAST_DAY.year))
def test_the_parts_of_a_year_are_all_of_it(year: int) -> None:
    """Halves, quarters and months follow one another without a gap, leap days included."""
    periods = {part: period_of(f"{year}-{part}" if part else str(year)) for part in _PARTS}
    for parts in (_PARTS[1:3], _PARTS[3:7], _PARTS[7:]):
        each = [periods[part] for part in parts]
        assert (each[0].from_on, each[-1].to_on) == (periods[""].from_on, periods[""].to_on)
        assert all(one.to_on + timedelta(days=1) == two.from_on for one, two in pairwise(each))


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{4}(-[0-9HQhq]{1,3})?", fullmatch=True))
def test_whatever_is_typed_is_a_period_or_a_sentence(text: str) -> None:
    """Never another error."""
    answer = tried(lambda: period_of(text), UnknownPeriodError)
    if isinstance(answer, UnknownPeriodError):
        assert answer.text.endswith("。")
    else:
        assert FIRST_DAY <= answer.from_on <= answer.to_on <= LAST_DAY
