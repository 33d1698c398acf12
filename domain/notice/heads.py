"""The rows of heads of a table: where they stand, how many they are, and each column's head from above to below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.notice.column_heads import ASIDE, plain_head, role_of, time_of
from domain.notice.columns import Columns, columns_of
from domain.notice.columns_by_content import by_what_stands_there
from domain.notice.document import Row, Table
from domain.notice.time_cells import begins_with_a_time

_HEAD_SEARCH = 15
_TALLEST = 3
_LONGEST_HEAD = 40
_LONGEST_SUBHEAD = 14
_FEWEST_HEADS = 3
_FEWEST_ROWS = 2

Heads = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class HeadRows:
    """The rows `first`..`end` of a table that hold its heads, and what they say."""

    first: int
    end: int
    heads: Heads
    columns: Columns


def head_rows(table: Table, fewest: int = 2) -> HeadRows | None:
    """The heads of a table: the row among the first ones under which most kinds of column stand, `fewest` at least."""
    best: HeadRows | None = None
    for at, row in enumerate(table.rows[:_HEAD_SEARCH]):
        texts = {cell.text.strip() for cell in row.cells if cell.text.strip()}
        if len(texts) < 2 or any(len(cell.text) > _LONGEST_HEAD for cell in row.cells):
            continue
        end = at + _height(table, at)
        heads = _heads(table.rows[at:end])
        columns = columns_of(heads)
        if columns.known >= fewest and (best is None or columns.known > best.columns.known):
            best = HeadRows(at, end, heads, columns)
    return best


def _height(table: Table, at: int) -> int:
    """How many rows of heads there are: one that goes on below is merged down, or has sub-heads under its groups."""
    height = 1
    while height < _TALLEST and at + height < len(table.rows):
        upper, lower = table.rows[at + height - 1].cells, table.rows[at + height].cells
        if len(upper) != len(lower) or not _is_subhead(table.rows[at], upper, lower):
            break
        height += 1
    return height


def _is_subhead(first: Row, upper: Sequence[object], lower: Sequence[object]) -> bool:
    above, below = [_of(cell) for cell in upper], [_of(cell) for cell in lower]
    down = any(a[1] is not None and a[1] == b[1] for a, b in zip(above, below, strict=True))
    across = any(a[1] is not None and a[1] == b[1] for a, b in pairwise(above))
    if any(len(text) > _LONGEST_SUBHEAD for text, _ in below):
        return False
    if down and across:
        return True
    own = [
        (at, text)
        for at, (text, region) in enumerate(below)
        if text and (region is None or region != above[at][1]) and text != above[at][0]
    ]
    if len(own) < 2 or any(text.isdigit() for _, text in own):
        return False
    named = [at for at, text in own if role_of(text) is not None or time_of(text) is not None]
    # A sub-head stands under a group: under a head that is blank beside it, or merged.
    grouped = [at for at, _ in own if not above[at][0] or _begins_group(above, at) or _beside_itself(above, at)]
    blank_first = below[0][0] == "" or below[0] == above[0] or (below[0][1] is not None and below[0][1] == above[0][1])
    return blank_first and len(named) >= 2 and len(grouped) == len(own)


def _begins_group(above: Sequence[tuple[str, int | None]], at: int) -> bool:
    if at + 1 >= len(above):
        return False
    following = above[at + 1]
    return not following[0] or (following[1] is not None and following[1] == above[at][1]) or above[at][1] is not None


def _beside_itself(above: Sequence[tuple[str, int | None]], at: int) -> bool:
    """Whether a head stands once more right beside it, as a merged one does in an export."""
    return above[at][0] in (
        text for beside in (at - 1, at + 1) if 0 <= beside < len(above) for text in above[beside][:1]
    )


def _of(cell: object) -> tuple[str, int | None]:
    text, region = getattr(cell, "text", ""), getattr(cell, "region", None)
    return text.strip(), region


def _heads(rows: Sequence[Row]) -> Heads:
    """Each column's head; a blank place beside a group's name belongs to the group where a sub-head stands under it."""
    width = len(rows[0].cells)
    paths: list[tuple[str, ...]] = []
    group: dict[int, str] = {}
    for at in range(width):
        path: list[str] = []
        for number, row in enumerate(rows):
            text = row.cells[at].text.strip() if at < len(row.cells) else ""
            below = any(r.cells[at].text.strip() for r in rows[number + 1 :] if at < len(r.cells))
            if text:
                group[number] = text
            elif below and number in group:
                text = group[number]
            if text and (not path or path[-1] != text):
                path.append(text)
        paths.append(tuple(path))
    return tuple(paths)


def without_heads(table: Table) -> HeadRows | None:
    """A table that has no heads at all: times in one column, offices in one, words in one, from the first row on."""
    width = len(table.rows[0].cells)
    if len(table.rows) < _FEWEST_ROWS or any(len(row.cells) != width for row in table.rows):
        return None
    columns = by_what_stands_there([[cell.text for cell in row.cells] for row in table.rows], begins_with_a_time)
    return HeadRows(0, 0, ((),) * width, columns) if columns is not None else None


def heads_anew(row: Row, before: Heads) -> tuple[Heads, Columns] | None:
    """The heads and columns under a row that heads others anew: a list's are among them, each written place is a head.

    A word that nobody knows may stand there where most places say what the heads `before` do.
    """
    texts = [cell.text.strip() for cell in row.cells]
    written = [text for text in texts if text]
    if len(written) < _FEWEST_HEADS or any(len(text) > _LONGEST_SUBHEAD for text in written):
        return None
    known = all(role_of(text) is not None or ASIDE.fullmatch(plain_head(text)) for text in written)
    if not known and _said_before(texts, before) * 2 < len(written):
        return None
    heads = tuple((text,) if text else () for text in texts)
    columns = columns_of(heads)
    content = columns.at("content")
    if columns.at("title") is None and content is not None:
        # `措施` beside who and by when are the duties.
        columns = replace(columns, places={**columns.places, "title": content})
    whole = columns.at("title") is not None and columns.at("lead") is not None and columns.has_schedule
    return (heads, columns) if whole else None


def repeats_head(row: Row, heads: Heads) -> bool:
    """Whether a row only repeats the heads, as the top of a printed page does."""
    filled = [(at, text) for at, cell in enumerate(row.cells) if (text := plain_head(cell.text))]
    if any(_heads_otherwise(text, heads[at] if at < len(heads) else ()) for at, text in filled):
        return False
    same = _said_before([cell.text for cell in row.cells], heads)
    return same >= 2 and (same == len(filled) or same >= max(3, sum(map(bool, heads)) - 1))


def _said_before(texts: Sequence[str], heads: Heads) -> int:
    """How many places of a row say what stands at the head of their columns."""
    plain = [plain_head(text) for text in texts]
    return sum(bool(text) and text in map(plain_head, path) for text, path in zip(plain, heads, strict=False))


def _heads_otherwise(text: str, path: Sequence[str]) -> bool:
    """Whether a word heads a start or a limit where the list has other things."""
    role = role_of(text)
    return role in ("start", "due") and all(role_of(head) != role for head in path)
