"""A table of a page and its exports, made of one definition: what is shown is what is taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from starlette.responses import Response

from domain.clock import office_minute
from domain.directory.ids import DirectoryRole
from domain.errors import UnusableInputError
from domain.seeing.stage_words import part_word, stage_word
from entrypoints.core_sentences import core_said, is_chinese
from entrypoints.desk.cells import Kind, Shown
from entrypoints.desk.downloads import CSV, XLSX, download
from entrypoints.desk.exports import as_csv, as_xlsx
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import Everybody, Page
from entrypoints.desk.visits import Visit


class UnusedFilterError(UnusableInputError, rule="filter_is_used"):
    """A file is asked for by something that cannot be used: it would have other rows than whoever reads it thinks."""

    says = "有一项筛选条件不能采用，没有导出：请回到列表重新选择，再导出。"


LIGHT_WORDS: Final = {"red": _("红灯"), "yellow": _("黄灯"), "green": _("绿灯"), "grey": _("灰灯")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what stands in it of a row, of which kind it is, where it leads."""

    head: str
    cell: Callable[[Any], object]
    kind: Kind = "text"
    href: Callable[[Any], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first column names the row."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Any]

    def heads(self, visit: Visit) -> list[str]:
        """The heads, in the language of the visit."""
        return [visit.say(column.head) for column in self.columns]

    def cells(self, visit: Visit) -> list[list[Shown]]:
        """The rows as a page shows them."""
        return [[_shown(visit, column, row) for column in self.columns] for row in self.rows]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table in the language of a visit, with the addresses of its exports; none where it is only told."""

    caption: str
    heads: list[str]
    cells: list[list[Shown]]
    csv: str | None = None
    xlsx: str | None = None


def shown(visit: Visit, table: Table, path: str, unused: Collection[str] = ()) -> ShownTable:
    """A table for a page; its exports are at `path` with an ending, with the same filters but for those of the address
    that the page did not use."""
    query = visit.request.url.query
    if unused:
        query = visit.keeping(**dict.fromkeys(unused)).partition("?")[2]
    query = f"?{query}" if query else ""
    return replace(only_told(visit, table), csv=f"{path}.csv{query}", xlsx=f"{path}.xlsx{query}")


def only_told(visit: Visit, table: Table) -> ShownTable:
    """A table without exports: the answer to a form, or what another file of its page has."""
    return ShownTable(visit.say(table.caption), table.heads(visit), table.cells(visit))


def exports(
    path: str,
    who: frozenset[DirectoryRole] | Everybody,
    make: Callable[[Visit], Awaitable[Any]],
    table_of: Callable[[Any], Table] = lambda made: made,
) -> tuple[Page, Page]:
    """The two pages that give a table away, as text and as a spreadsheet: `table_of` makes it of what `make` reads."""

    async def text(visit: Visit) -> Response:
        table = table_of(await make(visit))
        return download(as_csv(table.heads(visit), _plain(visit, table)), f"{table.name}.csv", CSV)

    async def sheet(visit: Visit) -> Response:
        table = table_of(await make(visit))
        return download(await as_xlsx(table.heads(visit), _plain(visit, table)), f"{table.name}.xlsx", XLSX)

    return Page(f"{path}.csv", text, who), Page(f"{path}.xlsx", sheet, who)


def _plain(visit: Visit, table: Table) -> list[list[object]]:
    return [[cell.text for cell in row] for row in table.cells(visit)]


def _shown(visit: Visit, column: Column, row: Any) -> Shown:
    raw = column.cell(row)
    href = column.href(row) if column.href else None
    text = _text(visit, column.kind, raw)
    left_chinese = column.kind in ("said", "told") and is_chinese(str(text))
    written = isinstance(raw, str) and (column.kind == "text" or left_chinese)
    return Shown(text, column.kind, raw, href, written)


def _text(visit: Visit, kind: Kind, raw: Any) -> object:
    if raw is None:
        return ""
    said = _SAID.get(kind)
    if said is not None:
        return said(visit, raw)
    if isinstance(raw, datetime):
        return office_minute(raw)
    return raw.isoformat() if isinstance(raw, date) else raw


_SAID: Final[Mapping[Kind, Callable[[Visit, Any], str]]] = {
    "light": lambda visit, raw: visit.say(LIGHT_WORDS[raw]),
    "stage": lambda visit, raw: visit.say(stage_word(raw)),
    "part": lambda visit, raw: visit.say(part_word(raw)),
    "word": lambda visit, raw: visit.say(raw),
    "said": lambda visit, raw: core_said(visit.language, raw),
}
"""How what is said in the language of the visit is said, by the kind of its cell."""
