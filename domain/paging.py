"""Lists page by page: a page begins behind the place of a row in the order of its list, never behind a number of rows.

So what comes or goes while somebody reads on moves no other row over the edge of a page: none is shown twice, none is
passed over. A place is what a row has under each key of the order, as text; it stays where the row stood, though the
row goes. A beginning of one (`2018-05a` in `2018-05a 3`) is the place of all rows that begin so, and none at all
(``""``) of every row: before it are the last rows of the list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import Field

from domain.errors import UnusableInputError
from domain.frozen import Frozen

_MOST_ROWS: Final = 1_000_000_000
Row = TypeVar("Row")


class UnreadablePlaceError(UnusableInputError, rule="place_is_in_a_list"):
    """A page is asked for behind or before what is no place of its list."""

    says = "“{place}”不是这张清单里的位置，翻不到那一页：请从清单的第一页看起。"
    place: str


class Part(Frozen):
    """Which part of a list: at most `limit` rows, the first ones `after` a place, or the last ones `before` one."""

    limit: int | None = Field(default=None, ge=1, le=_MOST_ROWS)
    after: str | None = None
    before: str | None = None


WHOLE: Final = Part()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a page lies in its list: how many rows stand before it, the places of its first and of its last row."""

    before: int = 0
    first: str = ""
    last: str = ""

    def next(self, rows: int, count: int) -> str | None:
        """Behind which place the list goes on after so many rows; none where these are its last ones."""
        return self.last if rows and self.before + rows < count else None


NOWHERE: Final = Stretch()


def part_of_all(rows: Sequence[Row], part: Part, place: Callable[[Row], str]) -> tuple[Sequence[Row], Stretch]:
    """The part of a list that is at hand whole, in the order of its places, and where it lies."""
    start, end = 0, len(rows)
    if part.after is not None:
        start = bisect_right(rows, part.after, key=place)
    if part.before:
        end = bisect_left(rows, part.before, key=place)
    if part.limit is not None:
        start, end = (max(start, end - part.limit), end) if part.before is not None else (start, start + part.limit)
    found = rows[start:end]
    return found, Stretch(start, place(found[0]), place(found[-1])) if found else Stretch(start)


def latest_first(rows: Sequence[Row], part: Part, place: Callable[[Row], str]) -> tuple[Sequence[Row], Stretch]:
    """The same of a list that has its last place in front."""
    before = "" if part == Part(limit=part.limit) else part.after
    found, lies = part_of_all(rows[::-1], Part(limit=part.limit, after=part.before, before=before), place)
    return found[::-1], Stretch(len(rows) - lies.before - len(found), lies.last, lies.first)
