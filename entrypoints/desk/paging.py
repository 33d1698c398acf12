"""Lists page by page: which part of a list the address asks for, and what stands below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.paging import Part, Stretch
from entrypoints.desk.visits import Visit

PAGING: Final = ("after", "before")
"""What an address says of its page; a link to another list leaves it out."""
_END: Final = "end"
"""In an address, what stands behind the last row: a place that no row has."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Which rows a page has, of how many on all, and what an address says of the pages beside it; none says nothing."""

    first: int
    last: int
    count: int
    back: dict[str, str | None] | None
    on: dict[str, str | None] | None
    beginning: dict[str, str | None]
    end: dict[str, str | None]


def part_of(visit: Visit, rows: int) -> Part:
    """The part of a list that the address asks for, of so many rows."""
    params = visit.request.query_params
    before = params.get("before") or None
    return Part(limit=rows, after=params.get("after") or None, before="" if before == _END else before)


def pages_of(lies: Stretch, rows: int, count: int) -> Pages:
    """What stands below so many rows of a list."""
    on = lies.next(rows, count)
    return Pages(
        lies.before + 1,
        lies.before + rows,
        count,
        back=_address(before=lies.first or _END) if lies.before else None,
        on=None if on is None else _address(after=on),
        beginning=_address(),
        end=_address(before=_END),
    )


def _address(after: str | None = None, before: str | None = None) -> dict[str, str | None]:
    return {"after": after, "before": before}
