"""The account of a notice: how much of it was taken into the plan, how much was left, and why; the sums agree."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from domain.frozen import Frozen

LeftKind = Literal["table", "row", "column", "cell", "paragraph", "file"]


def written_characters(text: str) -> int:
    """How many characters of a text are not blank."""
    return sum(not char.isspace() for char in text)


class Tally(Frozen):
    """So many taken and so many left, of so many in all."""

    total: int = Field(ge=0)
    taken: int = Field(ge=0)
    left: int = Field(ge=0)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.taken + self.left != self.total:
            raise ValueError("读取情况的合计对不上")
        return self


class LeftPart(Frozen):
    """One thing that was not taken, or several of a kind: where it stands, how much it is, why it was left, its words.

    `text` is all that is written there, so that nothing left can be found nowhere.
    """

    kind: LeftKind
    place: str
    name: str = ""
    why: str
    cells: int = Field(default=0, ge=0)
    characters: int = Field(default=0, ge=0)
    text: str = ""

    @model_validator(mode="after")
    def _is_told_whole(self) -> Self:
        if written_characters(self.text) != self.characters:
            raise ValueError("未读部分的字数对不上")
        return self


class Coverage(Frozen):
    """What became of everything that a notice holds.

    Cells are those in which something is written, merged ones once; characters are those that are not blank, of cells
    and paragraphs. `file_characters` is a second count of the file's own text, made by other means than the reader's,
    and `file_missing` how many of them the reader did not hand over; both are absent where there is no second count.
    """

    tables: Tally
    rows: Tally
    columns: Tally
    cells: Tally
    paragraphs: Tally
    characters: Tally
    left: tuple[LeftPart, ...] = ()
    file_characters: int | None = None
    file_missing: int | None = None

    @model_validator(mode="after")
    def _parts_add_up(self) -> Self:
        inside = [part for part in self.left if part.kind != "file"]
        if sum(part.characters for part in inside) != self.characters.left:
            raise ValueError("未读部分的字数对不上")
        if sum(part.cells for part in inside) != self.cells.left:
            raise ValueError("未读部分的单元格数对不上")
        return self
