"""What a page did to a text: paragraphs broken at its width, and its numbers and heads between the lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from adapters.readers.unruled import width
from domain.notice.column_heads import role_of
from domain.notice.item_numbers import item_level

PAGE_BREAK = "\f"
"""A line that stands for the end of a page: nothing is written there, and what is above it may go on below."""
ITEM = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.、．]|[•●■◆▪①-⑳-])"
)
"""A line that begins an item, whatever the line above it looks like."""
_HEADING = re.compile(r"\s*【[^【】]*】\s*")
"""A line that is a heading in brackets (`【教务处】`), and no rest of the line above it."""
_NUMBER = re.compile(
    r"[-—–－·]{1,3}\s*\d{1,4}\s*[-—–－·]{1,3}|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*[共(（]\s*\d{1,4}\s*页[)）]?)?"
    r"|page\s+\d{1,4}(?:\s+of\s+\d{1,4})?",
    re.IGNORECASE,
)
_NO_HEAD = re.compile(r"[\t:：,，;；。、|]|\S\s{2,}\S")
_OPENS, _CLOSES = "（([【〔《", "）)]】〕》"
_ENDED = re.compile(r"[。；;.!！?？]\s*$")
_CLOSED = re.compile(r"[。；;：:！!？?）)”』】]\s*$")
_LABEL = re.compile(r"[^\s:：,，;；。、()（）]{2,10}(?=[:：])")
_MARK_BEHIND = re.compile(r"[,，;；。、:：]\s*$")
# Kinsoku pushes up to two characters to the next line; a page is as wide as some twenty characters at least.
_PUSHED, _NARROWEST, _WIDEST = 6, 40, 120
_FEWEST_FULL = 3
_MOST_LINES = 8


def without_page_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """A text whose page numbers and running heads are page breaks, line for line, and what stood there."""
    lines = [line.strip("\f") for line in text.split("\n")]
    begins = {at for at, line in enumerate(text.split("\n")) if line.startswith(PAGE_BREAK)}
    numbers = {at for at, line in enumerate(lines) if _NUMBER.fullmatch(line.strip())}
    beside = [at for edge in begins for at in (edge, _written(lines, edge, -1))]
    beside += [_written(lines, number, way) for number in numbers for way in (-1, 1)]
    at_edges = {at for at in beside if at is not None and at not in numbers and _may_be_a_head(lines[at])}
    often = Counter(lines[at].strip() for at in at_edges)
    marks = numbers | {at for at in at_edges if often[lines[at].strip()] > 1}
    told = tuple(lines[at].strip() for at in sorted(marks))
    for mark in marks:
        for way in (-1, 1):
            beside_it = _written(lines, mark, way)
            edge = beside_it if beside_it is not None else (-1 if way < 0 else len(lines))
            for blank in range(mark, edge, way):
                lines[blank] = PAGE_BREAK
    return "\n".join(lines), told


def _written(lines: Sequence[str], at: int, way: int) -> int | None:
    """The next line on which something is written."""
    at += way
    while 0 <= at < len(lines):
        if lines[at].strip():
            return at
        at += way
    return None


def _may_be_a_head(line: str) -> bool:
    return bool(line.strip()) and _NO_HEAD.search(line.strip()) is None and not _begins_an_item(line)


def _begins_an_item(line: str) -> bool:
    return ITEM.match(line) is not None or item_level(line) is not None or _HEADING.fullmatch(line) is not None


def whole_paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The written lines, each with its index; those that the width of a page broke are one.

    A bracket that a line leaves open is closed on the next ones. Where three lines and more are as wide as the widest,
    one of those goes on in the next one, unless a sentence ends there or an item begins, if the last one ends as
    paragraphs do.
    """
    plain = [width(line.rstrip()) for line in lines if "\t" not in line]
    page = max(plain, default=0)
    full = sum(each >= page - _PUSHED for each in plain)
    broken = _NARROWEST <= page <= _WIDEST and full >= _FEWEST_FULL
    at = 0
    while at < len(lines):
        last = at
        if lines[at].strip() and "\t" not in lines[at]:
            last = _closed_at(lines, at)
            if broken:
                last = max(last, _filled_to(lines, last, page))
        if lines[at].strip():
            yield at, _joined(lines[at : last + 1]) if last > at else lines[at]
        at = last + 1


def _closed_at(lines: Sequence[str], at: int) -> int:
    """The line on which the brackets are closed that a line leaves open; itself where none of the next does."""
    open_ones = _left_open(lines[at])
    for last in range(at + 1, min(at + _MOST_LINES, len(lines))) if open_ones else ():
        if "\t" in lines[last] or _begins_an_item(lines[last]):
            return at
        open_ones += _left_open(lines[last], open_ones)
        if open_ones <= 0:
            return last
    return at


def _left_open(line: str, before: int = 0) -> int:
    """How many brackets more are open behind a line than before it; what is closed without being open counts not."""
    depth = before
    for char in line:
        if char in _OPENS:
            depth += 1
        elif char in _CLOSES and depth:
            depth -= 1
    return depth - before


def _filled_to(lines: Sequence[str], at: int, page: int) -> int:
    """The line on which the paragraph ends that fills its line and goes on."""
    last = at
    while width(lines[last].rstrip()) >= page - _PUSHED and not _ENDED.search(lines[last]):
        below = last + 1
        while below < len(lines) and lines[below] == PAGE_BREAK:
            below += 1
        if below >= len(lines) or not lines[below].strip() or "\t" in lines[below] or _begins_an_item(lines[below]):
            return at
        last = _closed_at(lines, below)
    return last if _CLOSED.search(lines[last]) else at


def _joined(lines: Sequence[str]) -> str:
    joined = ""
    for line in filter(None, (line.strip() for line in lines)):
        label = _LABEL.match(line)
        parted = joined and label is not None and role_of(label.group()) is not None
        joined = unwrapped(f"{joined}；\n{line}" if parted and not _MARK_BEHIND.search(joined) else f"{joined}\n{line}")
    return joined


def unwrapped(text: str) -> str:
    """The lines of a text as the one line they were wrapped from."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    joined = ""
    for line in lines:
        blank = (
            joined
            and joined[-1].isascii()
            and line[0].isascii()
            and joined[-1].isalnum()
            and line[0].isalnum()
            and not (joined[-1].isdigit() and line[0].isdigit())
        )
        joined += (" " if blank else "") + line
    return joined
