"""The tables of the shell: what a command prints as a table it writes as a file (`-o`), from one definition.

Who prints a table has been given a `Tables` by the option of his command; there is no other way to one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from rich.table import Table as Drawn
from rich.text import Text

from entrypoints.cli.session import as_shown, json_option, out, wants_json

Answer = TypeVar("Answer")
Cell = str | int

_ENDINGS: Final = (".xlsx", ".csv")


@dataclass(slots=True)
class Table:
    """Rows under heads: `title` stands above them on the screen, `name` where a file has several tables.

    Cells under the heads that are `whole` are never folded, those that are `short` may be cut at the end of their line,
    those of `numbers` stand to the right.
    """

    name: str
    heads: tuple[str, ...]
    title: str = ""
    whole: Collection[str] = ()
    numbers: Collection[str] = ()
    short: Collection[str] = ()
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        """A row below those that are there."""
        self.rows.append(cells)

    def drawn(self) -> Drawn:
        """The table as a screen shows it."""
        drawn = Drawn(title=Text(as_shown(self.title), style="table.title") if self.title else None)
        drawn.title_justify = "left"
        for head in self.heads:
            justify, whole = "right" if head in self.numbers else "left", head in self.whole
            drawn.add_column(as_shown(head), overflow="fold", no_wrap=whole, justify=justify)  # type: ignore[arg-type]
        for row in self.told():
            # A text is no markup: what somebody wrote in brackets stands as he wrote it.
            cells = (
                Text(str(cell), no_wrap=True, overflow="ellipsis") if head in self.short else Text(str(cell))
                for head, cell in zip(self.heads, row, strict=True)
            )
            drawn.add_row(*cells)
        return drawn

    def told(self) -> list[list[Cell]]:
        """The rows in the caller's language."""
        return [[cell if isinstance(cell, int) else as_shown(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the tables of a command go: on the screen, or into the file that its caller names."""

    file: Path | None = None

    def show(self, *tables: Table, nothing: str = "") -> None:
        """Show tables, or write them; `nothing` is said where they have no row, and a file then has the heads alone."""
        count = sum(len(table.rows) for table in tables)
        if nothing and not count:
            out().print(nothing)
        elif self.file is None:
            for table in tables:
                out().print(table.drawn())
        if self.file is not None:
            _write(self.file, tables)
            out().print(f"已写入 {self.file}：{count} 行。")


SCREEN: Final = Tables()
"""The screen alone: where a table is no answer, or its files are written otherwise."""


class TableFile(click.ParamType[Path]):
    """The file of a table, to be made or made anew: `.xlsx` or `.csv`, in a folder that is there."""

    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Read the name of a file."""
        path = Path(value)
        if path.suffix.lower() not in _ENDINGS:
            raise click.UsageError(f"-o {path} 应以 .xlsx 或 .csv 结尾：请改文件名。")
        if path.is_dir():
            raise click.UsageError(f"-o {path} 是文件夹：请写其中的一个文件名。")
        if not path.parent.is_dir():
            raise click.UsageError(f"-o {path} 所在的文件夹不存在：请先建好。")
        return path


def tables_option(command: Callable[..., Answer]) -> Callable[..., Answer]:
    """The options `-o` and `--json`, for a command that prints tables: it shows them through its argument `tables`."""

    @click.option(
        "-o", "--output", type=TableFile(), help="把表写成文件（.xlsx 或 .csv），不在屏幕上列出；已有的文件换成新的"
    )
    @json_option
    @wraps(command)
    def with_tables(*args: Any, output: Path | None, **given: Any) -> Answer:
        if output is not None and wants_json():
            raise click.UsageError("-o 和 --json 只能取一个：表写成文件，或输出 JSON。")
        return command(*args, tables=Tables(output), **given)

    return with_tables


def _write(file: Path, tables: Collection[Table]) -> None:
    # What writes spreadsheets is loaded by who wants a file.
    from entrypoints.bootstrap.written_files import write_file  # noqa: PLC0415
    from entrypoints.desk.exports import Sheet, csv_of, xlsx_of  # noqa: PLC0415

    sheets = [Sheet(as_shown(table.name), [as_shown(head) for head in table.heads], table.told()) for table in tables]
    write_file(file, (xlsx_of if file.suffix.lower() == ".xlsx" else csv_of)(sheets))
