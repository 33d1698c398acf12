"""Tables written in HTML inside a text (`<table><tr><td rowspan="2">…`), with their merged places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from domain.notice.document import Cell, Row, Table

_TAG = re.compile(r"<(?P<closing>/?)table(?=[\s>])[^>]*>", re.IGNORECASE)
_PLACE = re.compile(r"<t[dh](?=[\s>])", re.IGNORECASE)
_FRAMING = re.compile(r"<(/?)(?:tr|td|th|tbody|thead|tfoot)(?=[\s>])[^>]*>", re.IGNORECASE)
_BREAKS = frozenset(("br", "p", "div", "li"))
_STRUCK = frozenset(("del", "s", "strike"))
_UNSEEN = frozenset(("script", "style"))
_OF_A_TABLE = frozenset(("table", "tr", "td", "th"))
_MOST_SPANNED = 200
_MARK = "\x00"


def holds_html_tables(text: str) -> bool:
    """Whether a text holds a table in HTML."""
    return bool(_places(text))


def without_frames(text: str) -> str:
    """The text without tables that only hold a greater one, as pages are laid out: what they hold stands free."""
    at = 0
    while at < len(text):
        place = next((place for place in _places(text) if place[0] >= at), None)
        if place is None:
            break
        start, end = place
        opening = text.index(">", start) + 1
        inner = [(opening + a, opening + b) for a, b in _places(text[opening:end])]
        within = [_places_of(text[a:b]) for a, b in inner]
        if inner and max(within) > _places_of(text[start:end]) - sum(within):
            closing = text.rfind("</", opening, end)
            closing = closing if _TAG.match(text, closing) else end
            frame = [*_outside(text, opening, closing, inner)]
            text = f"{text[:start]}<div>{''.join(frame)}</div>{text[end:]}"
            at = start
        else:
            at = end
    return text


def _outside(text: str, start: int, end: int, inner: list[tuple[int, int]]) -> Iterator[str]:
    """What a frame holds, with its own rows and places as blocks; the tables inside stay as they are."""
    for a, b in [*inner, (end, end)]:
        yield _FRAMING.sub(r"<\1div>", text[start:a])
        yield text[a:b]
        start = b


def _places_of(table: str) -> int:
    return len(_PLACE.findall(table))


def html_tables(text: str) -> tuple[str, list[Table]]:
    """The text with a line of its own in place of each table, told by `table_at`, and the tables."""
    text = text.replace(_MARK, "")
    tables: list[Table] = []
    pieces: list[str] = []
    at = 0
    for start, end in _places(text):
        reader = _Tables(text.count("\n", 0, start) + 1)
        reader.feed(text[start:end])
        reader.close()
        # As many lines as before: the places of what follows are told by the line.
        pieces += [text[at:start], f"\n{_MARK}{len(tables)}\n", "\n" * max(text.count("\n", start, end) - 2, 0)]
        tables.append(Table(tuple(reader.rows)))
        at = end
    return "".join([*pieces, text[at:]]), tables


def _places(text: str) -> list[tuple[int, int]]:
    """Where the outermost tables stand; one that is never closed goes on to the end."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for tag in _TAG.finditer(text):
        if not tag["closing"]:
            start = tag.start() if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                found.append((start, tag.end()))
    return [*found, (start, len(text))] if depth else found


def table_at(line: str) -> int | None:
    """Which table stands where this line does."""
    return int(line[1:]) if line.startswith(_MARK) else None


@dataclass(slots=True)
class _Place:
    rows: int
    columns: int
    text: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)


class _Tables(HTMLParser):
    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._line = line
        self._places: list[_Place] = []
        self._open: _Place | None = None
        self._below: dict[int, tuple[int, Cell]] = {}
        self._region = 0
        self._struck = self._unseen = 0
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag == "table"
        if self._depth > 1 and tag in _OF_A_TABLE:
            # A table inside a place is a part of its text.
            self._broken()
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            spans = dict(attrs)
            self._open = _Place(_span(spans.get("rowspan")), _span(spans.get("colspan")))
            self._places.append(self._open)
        elif tag in _BREAKS:
            self._broken()
        self._struck += tag in _STRUCK
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        if self._depth > 1 and tag in _OF_A_TABLE:
            self._broken()
        elif tag in ("td", "th"):
            self._open = None
        elif tag in ("tr", "table"):
            self._end_row()
        elif tag in _BREAKS:
            self._broken()
        self._depth -= tag == "table"
        self._struck = max(0, self._struck - (tag in _STRUCK))
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._open is None:
            # Words between the places (a caption) are a row of their own.
            if data.strip():
                self._end_row()
                self.rows.append(Row((Cell(_told([data])),), self._place()))
            return
        (self._open.struck if self._struck else self._open.text).append(" ".join(data.split("\n")))

    def _broken(self) -> None:
        if self._open is not None:
            self._open.text.append("\n")

    def _place(self) -> str:
        return f"第{self._line}行起的表第{len(self.rows) + 1}行"

    def _end_row(self) -> None:
        self._open = None
        if not self._places:
            return
        cells: list[Cell] = []
        below: dict[int, tuple[int, Cell]] = {}
        for place in self._places:
            self._fill(cells, below)
            region = None
            if place.rows > 1 or place.columns > 1:
                self._region += 1
                region = self._region
            cell = Cell(_told(place.text), region, struck=_told(place.struck))
            for _ in range(place.columns):
                if place.rows > 1:
                    below[len(cells)] = (place.rows - 1, cell)
                cells.append(cell)
        self._fill(cells, below)
        self._below, self._places = below, []
        self.rows.append(Row(tuple(cells), self._place()))

    def _fill(self, cells: list[Cell], below: dict[int, tuple[int, Cell]]) -> None:
        """The places that reach down from the row above, as far as they come next."""
        while (held := self._below.get(len(cells))) is not None:
            rows, cell = held
            if rows > 1:
                below[len(cells)] = (rows - 1, cell)
            cells.append(cell)


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _MOST_SPANNED) if value is not None and value.strip().isdecimal() else 1


def _told(pieces: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)
