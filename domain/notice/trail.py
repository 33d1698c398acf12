"""What became of each place of a notice: the claims of those who read it, which the account then checks.

A claim is cheap to make and is not believed: the account looks for the words in the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from domain.notice.document import Cell, Row, Table

if TYPE_CHECKING:
    from domain.notice.listed import ProjectRow

Spot = tuple[int, int, int]
"""A place of a notice: the block's number, the row's, the column's; a paragraph has row and column -1."""


BELOW = "表下说明"
"""Why a row is left that remarks on the list."""


def paragraph_spot(block: int) -> Spot:
    """The place of a paragraph."""
    return (block, -1, -1)


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's word on a place: taken into a row's `part`, or left for the reason `why`.

    `as_read` is what the place's text stands as, where it was written in another way (a day's number as its date).
    """

    part: str = ""
    row: ProjectRow | None = None
    why: str = ""
    as_read: str | None = None


@dataclass(frozen=True, slots=True)
class RowView:
    """A table's row with its place in the notice; merged places have one spot, the first."""

    block: int
    number: int
    row: Row
    firsts: dict[int, Spot]

    @property
    def place(self) -> str:
        """Where it stands, for a person."""
        return self.row.place

    def cell(self, column: int | None) -> Cell:
        """What stands in a column; nothing where the row is shorter."""
        if column is None or column >= len(self.row.cells):
            return Cell("")
        return self.row.cells[column]

    def text(self, column: int | None) -> str:
        """The text of a column."""
        return self.cell(column).text.strip()

    def spot(self, column: int) -> Spot:
        """The place of a column's text."""
        region = self.row.cells[column].region
        return (self.block, self.number, column) if region is None else self.firsts[region]

    def shares(self, other: RowView, column: int | None) -> bool:
        """Whether a column holds one merged place with another row."""
        region = self.cell(column).region
        return region is not None and region == other.cell(column).region and self.block == other.block

    def columns(self) -> Iterator[int]:
        """The columns in which something is written."""
        return (at for at, cell in enumerate(self.row.cells) if cell.text.strip())


def row_views(block: int, table: Table) -> list[RowView]:
    """The rows of a table with their places."""
    firsts: dict[int, Spot] = {}
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            if cell.region is not None:
                firsts.setdefault(cell.region, (block, number, column))
    return [RowView(block, number, row, firsts) for number, row in enumerate(table.rows)]


@dataclass(slots=True)
class Trail:
    """The claims about each place, in the order in which they were made."""

    claims: dict[Spot, list[Claim]] = field(default_factory=dict)

    def take(self, spot: Spot, part: str, row: ProjectRow | None = None, as_read: str | None = None) -> None:
        """Say that a place's text was taken: as a head or heading, or into a project."""
        self.claims.setdefault(spot, []).append(Claim(part, row, as_read=as_read))

    def leave(self, spot: Spot, why: str) -> None:
        """Say that a place's text was seen and is not taken, and why."""
        self.claims.setdefault(spot, []).append(Claim(why=why))

    def take_row(self, row: RowView, part: str) -> None:
        """Say that everything in a row was taken as one thing (`head`, `heading`, `section`)."""
        for column in row.columns():
            self.take(row.spot(column), part)

    def leave_row(self, row: RowView, why: str) -> None:
        """Say that nothing of a row is taken, and why."""
        for column in row.columns():
            self.leave(row.spot(column), why)
