"""Numbers in English lists: what an act is to deliver is an amount; times, years and sets that exist are none."""

from __future__ import annotations

from datetime import date

import pytest

from domain.notice.festivals import Festivals
from domain.notice.schedule import read_schedule
from domain.notice.windows import TimeContext
from domain.project import Quota


def _amounts(text: str) -> list[Quota | None]:
    read = read_schedule(text, TimeContext(2026, date(2026, 1, 10), Festivals()))
    return [each.window.quota for each in read.deliverables]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("By 30 June: renew 30 stops", 30, "stops"),
        ("Renew 12 bus shelters by 30 June", 12, "shelters"),
        ("By 30 June: hold at least 4 workshops on safety", 4, "workshops"),
        ("By 30 June: train 1,200 primary school teachers", 1200, "teachers"),
        ("By 30 June: vaccinate 500 children", 500, "children"),
    ],
)
def test_what_an_act_delivers_is_an_amount(text: str, value: int, unit: str) -> None:
    """A number behind the verb of an act counts, in the noun that it counts."""
    assert _amounts(text) == [quota := Quota(value=value, unit=unit)]
    assert quota.told == f"{value} {unit}"


@pytest.mark.parametrize(
    "text",
    [
        "By 30 June: inspect the 30 stops",
        "By 30 June: complete 5 of 12 projects",
        "By 30 June: review 2025 accounts",
        "By 30 June: close 3 months of works",
        "By 30 June: publish the report within 10 days of approval",
        "By 30 June: open 2 bus",
    ],
)
def test_what_only_describes_is_none(text: str) -> None:
    """A set that exists, a part of one, a year and a length of time ask for no number."""
    assert set(_amounts(text)) <= {None}
