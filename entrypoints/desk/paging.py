"""Lists page by page: which page the address asks for, and which there are."""

from __future__ import annotations

from dataclasses import dataclass

from entrypoints.desk.visits import Visit

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Pages:
    """The page that is shown, the last one, and how many rows there are on all."""

    number: int
    last: int
    count: int


def page_number(visit: Visit) -> int:
    """The page that the address asks for; the first where it names none."""
    text = visit.request.query_params.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 1


def pages_of(number: int, count: int, rows: int) -> Pages:
    """What stands below a list."""
    return Pages(number, max(1, -(-count // rows)), count)
