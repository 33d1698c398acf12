"""Web pages on which offices publish: the page's text as paragraphs, its tables as tables, its frame named as left."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from adapters.readers.html_tables import html_tables, table_at, without_frames
from adapters.readers.second_count import html_pieces
from domain.notice.document import LeftOut, NoticeDocument, Paragraph, Table

_IS_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_UNSHOWN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript)[\s>].*?</\1>", re.IGNORECASE | re.DOTALL)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote body br caption center dd div dl dt fieldset figure form header hr html li main ol"
        " p pre section ul h1 h2 h3 h4 h5 h6 table tbody td tfoot th thead tr",
    )
)
_FRAME = {"title": "网页的标题栏", "nav": "网页的导航", "footer": "网页的页脚", "aside": "网页的侧栏"}
_FRAME |= dict.fromkeys(("select", "button", "textarea"), "网页的按钮和选项")
_VOID = frozenset(("br", "hr", "img", "input", "meta", "link", "wbr", "area", "col", "base", "source", "embed"))
_STRUCK = frozenset(("del", "s", "strike"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_page(text: str) -> bool:
    """Whether a text is a web page by its first mark."""
    return _IS_PAGE.match(text) is not None


def html_document(text: str, name: str) -> NoticeDocument:
    """A web page as a notice."""
    text = text.replace("\r\n", "\n")
    held = html_pieces(text)
    plain, tables = html_tables(without_frames(_UNSHOWN.sub(lambda gone: "\n" * gone.group().count("\n"), text)))
    page = _Page(tables)
    page.feed(plain)
    page.close()
    page.end_block()
    left_out = tuple(LeftOut(place, "\n".join(texts)) for place, texts in page.left_out.items())
    return NoticeDocument(name, tuple(page.blocks), left_out, held, tuple(page.unseen))


class _Page(HTMLParser):
    def __init__(self, tables: list[Table]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Paragraph | Table] = []
        self.left_out: dict[str, list[str]] = {}
        self.unseen: list[LeftOut] = []
        self._tables = tables
        self._text: list[str] = []
        self._gone: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._counts: list[int | None] = []
        self._mark = ""
        self._heading = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_block()
        given = dict(attrs)
        if tag not in _VOID:
            self._open.append((tag, "hidden" in given or _HIDDEN.search(given.get("style") or "") is not None))
        if tag in ("ol", "ul"):
            first = given.get("start") or "1"
            self._counts.append(int(first) if tag == "ol" and first.isdecimal() else 1 if tag == "ol" else None)
        elif tag == "li" and self._counts:
            count = self._counts[-1]
            # What the browser writes before an item belongs to it.
            self._mark = "• " if count is None else f"{count}. "
            self._counts[-1] = count + 1 if count is not None else None
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        if tag in ("ol", "ul") and self._counts:
            self._counts.pop()
        at = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at][0] == tag), None)
        if at is not None:
            del self._open[at:]

    def handle_data(self, data: str) -> None:
        for line in data.split("\n"):
            at = table_at(line)
            if at is not None and at < len(self._tables):
                self.end_block()
                self.blocks.append(self._tables[at])
            else:
                self._words(line)

    def _words(self, line: str) -> None:
        tags = {tag for tag, _ in self._open}
        if not line.strip():
            if self._text and line:
                self._text.append(" ")
            return
        frame = next((_FRAME[tag] for tag, _ in self._open if tag in _FRAME), None)
        hidden = any(hidden for _, hidden in self._open)
        if frame is not None or hidden:
            self.left_out.setdefault(frame or "网页里不显示的文字", []).append(line.strip())
        elif tags & _STRUCK:
            self._gone.append(line.strip())
        else:
            self._text.append(line if not self._text else f" {line}" if line[0].isascii() else line)

    def end_block(self) -> None:
        """Whatever was gathered is a paragraph."""
        text, gone = " ".join("".join(self._text).split()), " ".join(self._gone)
        if text or gone:
            self.blocks.append(Paragraph(f"{self._mark}{text}" if text else "", gone, self._heading))
            self._mark = ""
        self._text, self._gone, self._heading = [], [], 0
