"""Lists page by page: which page the address asks for, and which there are."""

from __future__ import annotations

from dataclasses import dataclass

from domain.bounds import whole_number
from entrypoints.desk.visits import Visit

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Pages:
    """The page that is shown, the last one, and how many rows there are on all."""

    number: int
    last: int
    count: int


def first_row(visit: Visit, rows: int) -> int:
    """Where in a list the page begins that the address asks for, of so many rows."""
    return (_number(visit) - 1) * rows


def pages_of(visit: Visit, count: int, rows: int) -> Pages:
    """What stands below a list."""
    return Pages(_number(visit), max(1, -(-count // rows)), count)


def _number(visit: Visit) -> int:
    return whole_number(visit.request.query_params.get("page", "1"), _DIGITS) or 1
