"""A notice as a reader hands it over: paragraphs and tables in their order, whatever file they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a table. Places that were merged hold the same text and the same `region`.

    `fault` says where and why its text is not to be trusted (`F5是公式`). `struck` is what was struck through: it is
    not valid and stands apart from the text. `shaded` says that the place is coloured, as bars of a plan are; `number`
    that the file has a number there, which may have lost a zero at its end.
    """

    text: str
    region: int | None = None
    fault: str | None = None
    struck: str = ""
    shaded: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `place` says where it stands, for a person (`第5行`, `工作表“清单”第5行`)."""

    cells: tuple[Cell, ...]
    place: str

    @property
    def blank(self) -> bool:
        """Whether nothing is written in the row."""
        return all(not cell.text.strip() and not cell.struck for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `name` is the worksheet's, where there is one."""

    rows: tuple[Row, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text outside the tables; `struck` is what was struck through in it.

    `heading` is its depth as a heading, 0 where it is none.
    """

    text: str
    struck: str = ""
    heading: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Text that a reader saw and does not hand over as part of the notice (`页眉`, `隐藏的工作表“旧”`)."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeDocument:
    """A notice file's content, in reading order. `name` is the file's name, for messages.

    `held` is the file's text as counted a second time, by other means than the reader's: what stands in it and in no
    block was lost on the way. `held_in_order` says that it stands there in reading order.
    """

    name: str
    blocks: tuple[Paragraph | Table, ...]
    left_out: tuple[LeftOut, ...] = ()
    held: tuple[str, ...] | None = None
    unseen: tuple[LeftOut, ...] = ()
    """What is read though nobody sees it: hidden rows, columns and words."""
    held_in_order: bool = True

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def texts(self) -> Iterator[str]:
        """Every paragraph and every place of a table, in reading order."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                yield from (cell.text for row in block.rows for cell in row.cells)
