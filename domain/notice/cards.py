"""Tables that stand on their side, one for each project: heads in the first column, what they head beside them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.notice.column_heads import ASIDE, plain_head, role_of
from domain.notice.columns import columns_of
from domain.notice.document import Cell, Row, Table
from domain.notice.heads import HeadRows
from domain.notice.trail import RowView, Spot

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class CardView(RowView):
    """A row made of one column of a card; each of its places is somewhere else in the table."""

    spots: tuple[Spot, ...] = ()

    def spot(self, column: int) -> Spot:
        """The place of a text in the table as it is printed."""
        return self.spots[column]


def card(block: int, table: Table) -> tuple[HeadRows, list[RowView]] | None:
    """The heads and the one project of a card (`任务名称 | 修订章程`, `牵头单位 | 甲局`), as a table of two rows."""
    heads: list[tuple[Cell, Spot]] = []
    values: list[tuple[Cell, Spot]] = []
    for number, row in enumerate(table.rows):
        cells = _apart(block, number, row)
        if not cells:
            continue
        if len(cells) % 2 or not all(_is_head(cell.text) for cell, _ in cells[::2]):
            return None
        heads += cells[::2]
        values += cells[1::2]
    named = [plain_head(cell.text) for cell, _ in heads]
    if len(named) < _FEWEST or len(set(named)) < len(named):
        return None
    paths = tuple((cell.text.strip(),) if cell.text.strip() else () for cell, _ in heads)
    columns = columns_of(paths)
    if columns.at("title") is None or columns.known < _FEWEST:
        return None
    place = table.rows[0].place
    views: list[RowView] = [
        CardView(block, number, Row(tuple(cell for cell, _ in cells), place), {}, tuple(spot for _, spot in cells))
        for number, cells in enumerate((heads, values))
    ]
    return HeadRows(0, 1, paths, columns), views


def _apart(block: int, number: int, row: Row) -> list[tuple[Cell, Spot]]:
    """The places of a row, merged ones once; without blank ones at its end."""
    found: list[tuple[Cell, Spot]] = []
    seen: set[int] = set()
    for column, cell in enumerate(row.cells):
        if cell.region is None or cell.region not in seen:
            found.append((cell, (block, number, column)))
        if cell.region is not None:
            seen.add(cell.region)
    while len(found) > 2 and not found[-1][0].text.strip() and not found[-2][0].text.strip():
        del found[-2:]
    return found


def _is_head(text: str) -> bool:
    """Whether a text heads something that is known."""
    return role_of(text) is not None or ASIDE.fullmatch(plain_head(text)) is not None
