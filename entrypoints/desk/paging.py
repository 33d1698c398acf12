"""Lists page by page: which page the address asks for, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from domain.bounds import whole_number
from entrypoints.desk.visits import Visit

SEEN: Final = "seen"
"""The row with which the page before ended, in the address of the next one."""
_DIGITS = 8

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Pages:
    """The page that is shown, the last one, and how many rows there are on all."""

    number: int
    last: int
    count: int
    last_row: str = ""
    """Which row the page ends with: the next one is asked for with it, and begins behind it."""
    moved: bool = False
    """Whether another row than that stands before the page by now: what is worked on changes its place in a list."""


def first_row(visit: Visit, rows: int) -> int:
    """Where in a list the page begins that the address asks for, of so many rows."""
    return (_number(visit) - 1) * rows


def part_of(visit: Visit, rows: int) -> tuple[int, int]:
    """How many rows the page needs, and from where: its own, and the one before them."""
    first = first_row(visit, rows)
    return (rows + 1, first - 1) if first else (rows, 0)


def moving(
    visit: Visit, found: Sequence[Row], count: int, rows: int, name: Callable[[Row], str]
) -> tuple[Sequence[Row], Pages]:
    """The rows of a page of a list in which rows move, of those that `part_of` asked for, and what stands below it."""
    before = 1 if first_row(visit, rows) else 0
    shown, seen = found[before:], visit.request.query_params.get(SEEN)
    moved = bool(before) and seen is not None and seen not in map(name, found[:before])
    return shown, replace(pages_of(visit, count, rows), last_row=name(shown[-1]) if shown else "", moved=moved)


def pages_of(visit: Visit, count: int, rows: int) -> Pages:
    """What stands below a list."""
    return Pages(_number(visit), max(1, -(-count // rows)), count)


def _number(visit: Visit) -> int:
    return whole_number(visit.request.query_params.get("page", "1"), _DIGITS) or 1
