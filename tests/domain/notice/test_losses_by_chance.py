"""One thing lost or changed at random in what a reader hands over: the account names it, wherever it is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputError
from domain.notice.compiling import compilation
from domain.notice.document import Cell, NoticeDocument, Paragraph, Row, Table
from tests.domain.notice.tables_at_random import made

_Block = Paragraph | Table


def _pieces(document: NoticeDocument) -> Iterator[str]:
    """Every text of a notice, that of merged places once."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from (block.text, block.struck)
            continue
        yield block.name
        regions: set[int] = set()
        for cell in (cell for row in block.rows for cell in row.cells):
            if cell.region is None or cell.region not in regions:
                yield from (cell.text, cell.struck)
            if cell.region is not None:
                regions.add(cell.region)


def _characters(document: NoticeDocument) -> Counter[str]:
    return Counter("".join("".join(_pieces(document)).split()))


def _row_lost(chance: random.Random, block: _Block) -> _Block:
    if isinstance(block, Paragraph):
        return replace(block, text="", struck="")
    at = chance.randrange(len(block.rows))
    return replace(block, rows=(*block.rows[:at], *block.rows[at + 1 :]))


def _column_lost(chance: random.Random, block: _Block) -> _Block:
    if isinstance(block, Paragraph):
        return replace(block, text=block.text[: len(block.text) // 2])
    at = chance.randrange(max(len(row.cells) for row in block.rows))
    return replace(block, rows=tuple(replace(row, cells=row.cells[:at] + row.cells[at + 1 :]) for row in block.rows))


def _text_changed(chance: random.Random, text: str) -> str:
    """The text cut, without one character, or with another in its place, as `6月` for `9月`."""
    if not text:
        return text
    at = chance.randrange(len(text))
    return chance.choice(
        (text[:at], text[:at] + text[at + 1 :], text[:at] + chance.choice("0369月前") + text[at + 1 :])
    )


def _place_changed(chance: random.Random, block: _Block) -> _Block:
    """One place changed; of merged ones too only the one, as a reader's mistake would."""
    if isinstance(block, Paragraph):
        return replace(block, text=_text_changed(chance, block.text))
    row = chance.randrange(len(block.rows))
    cells = list(block.rows[row].cells)
    at = chance.randrange(len(cells))
    cell: Cell = cells[at]
    cells[at] = (
        replace(cell, struck="")
        if cell.struck and chance.random() < 0.5
        else replace(cell, text=_text_changed(chance, cell.text))
    )
    changed = replace(block.rows[row], cells=tuple(cells))
    return replace(block, rows=(*block.rows[:row], changed, *block.rows[row + 1 :]))


_LOSSES: tuple[Callable[[random.Random, _Block], _Block], ...] = (_row_lost, _column_lost, _place_changed)


def _sabotaged(chance: random.Random, document: NoticeDocument) -> NoticeDocument:
    """The notice without one block, or with one thing in one block lost or changed."""
    at = chance.randrange(len(document.blocks))
    if chance.random() < 0.15:
        return replace(document, blocks=document.blocks[:at] + document.blocks[at + 1 :])
    block = chance.choice(_LOSSES)(chance, document.blocks[at])
    return replace(document, blocks=(*document.blocks[:at], block, *document.blocks[at + 1 :]))


@given(st.integers(0, 1_000_000))
def test_a_loss_anywhere_in_what_a_reader_hands_over_is_counted_and_asked_about(seed: int) -> None:
    """The characters that went are the account's own figure, and the operator is asked; or the file is refused."""
    chance = random.Random(seed)
    whole = made(seed).document
    whole = replace(whole, held=tuple(_pieces(whole)))
    broken = _sabotaged(chance, whole)
    lost = sum((_characters(whole) - _characters(broken)).values())
    try:
        found = compilation(broken)
    except InputError:
        return
    asked = {finding.code for finding in found.plan.unruled}
    assert (found.coverage.file_missing or 0) >= lost
    assert ("file_unread" in asked) == bool(found.coverage.file_missing)
    before, after = _places(whole), _places(broken)
    # A row or column of merged places alone may go: its text still stands in the others.
    if lost or (len(before) == len(after) and before != after):
        assert "file_unread" in asked


def _places(document: NoticeDocument) -> list[str]:
    """The texts of a notice place by place, merged ones each time, without their blanks."""
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            texts += [block.text, block.struck]
        else:
            texts += [text for row in block.rows for cell in row.cells for text in (cell.text, cell.struck)]
    return ["".join(text.split()) for text in texts]


@pytest.mark.parametrize("spoilt", ["丙局", "甲", ""])
def test_a_change_in_one_of_several_merged_places_is_asked_about(spoilt: str) -> None:
    """A lead merged over two rows that one of them holds otherwise would send orders to the wrong office."""
    heads = Row(tuple(Cell(head) for head in ("工作任务", "牵头单位", "完成时限")), "第1行")
    first = Row((Cell("任务甲"), Cell("甲局", region=1), Cell("6月底前")), "第2行")
    second = Row((Cell("任务乙"), Cell(spoilt, region=1), Cell("9月底前")), "第3行")
    held = ("某市2024年重点工作清单", "工作任务牵头单位完成时限", "任务甲", "甲局", "6月底前", "任务乙", "9月底前")
    notice = NoticeDocument("list", (Paragraph(held[0]), Table((heads, first, second))), held=held)
    (asked,) = [finding for finding in compilation(notice).plan.unruled if finding.code == "file_unread"]
    assert "甲局" in asked.text


def _exchanged(chance: random.Random, document: NoticeDocument) -> NoticeDocument:
    """The notice with the texts of two rows' places in one column exchanged, as a reader's mistake would."""
    at, table = chance.choice([(at, block) for at, block in enumerate(document.blocks) if isinstance(block, Table)])
    rows = list(table.rows)
    one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    column = chance.randrange(min(len(rows[one].cells), len(rows[other].cells)))
    here, there = rows[one].cells[column], rows[other].cells[column]
    if here.region is not None or there.region is not None:
        # What merged places hold otherwise than each other is another test's matter.
        return document
    for row, text in ((one, there.text), (other, here.text)):
        cells = list(rows[row].cells)
        cells[column] = replace(cells[column], text=text)
        rows[row] = replace(rows[row], cells=tuple(cells))
    blocks = (*document.blocks[:at], replace(table, rows=tuple(rows)), *document.blocks[at + 1 :])
    return replace(document, blocks=blocks)


@given(st.integers(0, 1_000_000))
def test_two_texts_that_a_reader_exchanges_are_asked_about(seed: int) -> None:
    """No character is lost, and yet one row would get the other's limit."""
    chance = random.Random(seed)
    whole = made(seed).document
    if not whole.tables:
        return
    whole = replace(whole, held=tuple(_pieces(whole)))
    broken = _exchanged(chance, whole)
    try:
        codes = [{finding.code for finding in compilation(document).plan.unruled} for document in (whole, broken)]
    except InputError:
        return
    assert "file_order" not in codes[0]
    # One that only moves over blank places stands in the same order as before.
    before, after = ([piece.strip() for piece in _pieces(each) if piece.strip()] for each in (whole, broken))
    if before != after:
        assert {"file_order", "file_unread"} & codes[1]
