"""A day and an instant as pages read them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.clock import office_minute
from entrypoints.desk.days import BEGINS, ENDS, day_of, instant_of


def test_a_day_is_read_as_a_calendar_s_field_sends_it() -> None:
    """A day that an office can have, and nothing that only a library takes for one."""
    assert day_of("2018-06-30") == date(2018, 6, 30)
    for text in ("", "20180630", "2018-W26-6", "2018-6-30", "2018-02-30", "0001-01-01", "9999-12-31", "２０１８-06-30"):
        assert day_of(text) is None, text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2018-06-30T08:30", "2018-06-30 08:30"),
        ("2018-06-30 00:30+00:00", "2018-06-30 08:30"),
        ("2018-06-29T16:00Z", "2018-06-30 00:00"),
        ("2018-06-30", "2018-06-30 23:59"),
    ],
)
def test_an_instant_is_of_the_office_s_time_where_it_names_no_other(text: str, told: str) -> None:
    """A day alone is its end, or its beginning, as the page means it."""
    found = instant_of(text, ENDS)
    assert found is not None
    assert office_minute(found) == told


def test_what_is_no_instant_is_none() -> None:
    """No day without its signs is an instant at midnight; none lies beyond what a store holds."""
    beginning = instant_of("2018-06-30", BEGINS)
    assert beginning is not None
    assert office_minute(beginning) == "2018-06-30 00:00"
    for text in (
        "",
        "20180630",
        "2018-W26-6",
        "soon",
        "9999-12-31T00:00",
        "0001-01-01T00:00+23:00",
        "2018-06-30T25:00",
    ):
        assert instant_of(text, ENDS) is None, text
