"""Tables that no lines rule (a PDF, a text): columns by the blank strips under the heads, rows by serials or gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

from domain.notice.column_heads import Role
from domain.notice.columns import columns_of
from domain.notice.time_cells import is_a_time

_ONCE: tuple[Role, ...] = ("serial", "title", "lead", "participants", "category", "priority", "source", "leader")
_SAME_LINE = 3.0
_FEWEST_HEADS = 3
_OVERHANG = 12.0
_PUSHED = 72.0
_WIDER = 1.4


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a blank between them, and its box."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str

    def apart(self) -> list[Word]:
        """The pieces between its blanks: a text that fills its column is one blank away from the next one."""
        pieces: list[Word] = []
        scale = (self.x1 - self.x0) / max(width(self.text), 1)
        for piece in re.finditer(r"\S+", self.text):
            x0, x1 = (self.x0 + scale * width(self.text[:at]) for at in piece.span())
            pieces.append(Word(x0, x1, self.top, self.bottom, piece.group()))
        return pieces


def width(text: str) -> int:
    """How many places a text takes where every character is as wide as half a Chinese one."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


@dataclass(slots=True)
class Line:
    """Words of one height, from left to right."""

    words: list[Word]

    @property
    def top(self) -> float:
        """Where the line begins."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Where the line ends."""
        return max(word.bottom for word in self.words)

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return max(word.x1 for word in self.words)

    @property
    def text(self) -> str:
        """The line as it reads."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of an unruled table: where each but the last one ends, which holds the serials, and which the limits.

    `once` are the columns that say something of the whole project, however many limits it has.
    """

    edges: tuple[float, ...]
    serial: int | None
    limits: int | None = None
    once: frozenset[int] = frozenset()
    overhang: float = _OVERHANG
    """How far a word may run over the edge of its column."""

    def column(self, word: Word) -> int:
        """The column that a word begins in."""
        middle = (word.x0 + min(word.x1, word.x0 + 40)) / 2
        return next((at for at, edge in enumerate(self.edges) if middle < edge), len(self.edges))

    def fits(self, line: Line) -> bool:
        """Whether no word of a line runs across an edge."""
        return all(
            word.x1 <= edge + self.overhang for word in line.words for edge in self.edges if word.x0 < edge - _OVERHANG
        )

    def texts(self, line: Line) -> list[str]:
        """The line's words by column."""
        texts: list[list[str]] = [[] for _ in range(len(self.edges) + 1)]
        for word in line.words:
            texts[self.column(word)].append(word.text)
        return [" ".join(words) for words in texts]


@dataclass(slots=True)
class Unruled:
    """What a page without ruled tables holds: the lines above its table, the rows of cells, the lines below."""

    above: list[str] = field(default_factory=list)
    rows: list[list[list[str]]] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    layout: Layout | None = None


def lines_of(page: Any) -> list[Line]:
    """The lines of a page, from above."""
    lines: list[Line] = []
    words = sorted(page.extract_words(x_tolerance=3, y_tolerance=3), key=lambda word: (word["top"], word["x0"]))
    for found in words:
        word = Word(found["x0"], found["x1"], found["top"], found["bottom"], found["text"])
        if lines and abs(lines[-1].words[0].top - word.top) <= _SAME_LINE:
            lines[-1].words.append(word)
        else:
            lines.append(Line([word]))
    for line in lines:
        line.words.sort(key=lambda word: word.x0)
    return lines


def unruled(page: Any, layout: Layout | None) -> Unruled | None:
    """The unruled table of a page; `layout` is that of the page before, for one that goes on without heads."""
    return unruled_lines(lines_of(page), layout)


def unruled_lines(lines: list[Line], layout: Layout | None, *, aligned: bool = False) -> Unruled | None:
    """The unruled table in some lines; the head must name three columns that are known.

    `aligned` says that columns begin where their heads do, and that a long text pushes what follows to the right.
    """
    at = next((at for at, line in enumerate(lines) if _is_head(line)), None)
    if at is None and layout is None:
        return None
    found = Unruled()
    if at is not None:
        found.above = [line.text for line in lines[:at]]
        layout = _layout(lines[at], lines[at + 1 :], aligned=aligned)
        found.rows.append([[text] for text in layout.texts(lines[at])])
        lines = lines[at + 1 :]
    assert layout is not None
    lines = [
        line if layout.fits(line) else Line([piece for word in line.words for piece in word.apart()]) for line in lines
    ]
    end = next((at for at, line in enumerate(lines) if not layout.fits(line)), len(lines))
    found.layout = layout
    found.below = [line.text for line in lines[end:]]
    for group in _rows(lines[:end], layout):
        found.rows.extend(_cells(group, layout))
    return found if len(found.rows) > (at is not None) else None


def _cells(group: list[Line], layout: Layout) -> list[list[list[str]]]:
    """The rows of cells of one project: one, or one for each line on which a limit of its own stands."""
    rows: list[list[list[str]]] = []
    several = layout.limits is not None and all(
        is_a_time(limit) for line in group if (limit := layout.texts(line)[layout.limits])
    )
    for line in group:
        texts = layout.texts(line)
        if not rows or (several and layout.limits is not None and texts[layout.limits] and rows[-1][layout.limits]):
            rows.append([[] for _ in texts])
        for column, text in enumerate(texts):
            if text:
                rows[0 if column in layout.once else -1][column].append(text)
    return rows


def heads_columns(texts: Sequence[str]) -> bool:
    """Whether texts side by side are heads, three of them known."""
    return (
        len(texts) >= _FEWEST_HEADS
        and columns_of([(text,) for text in texts]).known >= _FEWEST_HEADS
        and all(len(text) <= 20 for text in texts)
    )


def _is_head(line: Line) -> bool:
    return heads_columns([word.text for word in line.words])


def _layout(head: Line, body: list[Line], *, aligned: bool) -> Layout:
    """The edges of the columns: the widest blank strip of the body between the middles of two neighbouring heads."""
    edges: list[float] = []
    pairs = list(pairwise(head.words))
    # A line that runs under two whole heads is running text below the table.
    body = [
        line
        for line in body
        if not any(
            word.x0 <= left.x0 + _SAME_LINE and word.x1 >= right.x1 for word in line.words for left, right in pairs
        )
    ]
    for left, right in pairs:
        low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
        middle = right.x0 - _SAME_LINE if aligned else (left.x1 + right.x0) / 2
        edges.append((None if aligned else _strip(low, high, body)) or middle)
    columns = columns_of([(word.text,) for word in head.words])
    once = frozenset(at for role in _ONCE if (at := columns.at(role)) is not None)
    overhang = _PUSHED if aligned else _OVERHANG
    return Layout(tuple(edges), columns.at("serial"), columns.at("due"), once, overhang)


def _strip(low: float, high: float, body: list[Line]) -> float | None:
    spans = sorted(
        (max(word.x0, low), min(word.x1, high))
        for line in body
        for word in line.words
        if word.x1 > low and word.x0 < high
    )
    widest, middle, reached = 0.0, None, low
    for x0, x1 in [*spans, (high, high)]:
        if x0 - reached > widest:
            widest, middle = x0 - reached, (x0 + reached) / 2
        reached = max(reached, x1)
    return middle


def _rows(lines: list[Line], layout: Layout) -> list[list[Line]]:
    """The lines of each row: a row has one serial; without serials, a wider gap than usual parts two rows."""
    if not lines:
        return []
    numbered = [
        at
        for at, line in enumerate(lines)
        if layout.serial is not None and any(char.isalnum() for char in layout.texts(line)[layout.serial])
    ]
    gaps = [below.top - above.bottom for above, below in pairwise(lines)]
    if numbered:
        cuts = []
        for one, other in pairwise(numbered):
            # The widest gap between two serials; of equal ones the last, as where rows are aligned at the top.
            cuts.append(max(range(one, other), key=lambda at: (round(gaps[at]), at)) + 1)
    else:
        narrow = min(gaps, default=0.0)
        filled = [sum(map(bool, layout.texts(line))) for line in lines]
        begins = [at for at in range(1, len(lines)) if filled[at] > 1 and layout.texts(lines[at])[0]]
        cuts = [at for at in range(1, len(lines)) if gaps[at - 1] > max(narrow, 1.0) * _WIDER] or begins
    bounds = [0, *cuts, len(lines)]
    return [lines[first:last] for first, last in pairwise(bounds) if last > first]
