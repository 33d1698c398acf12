"""The text of a Word paragraph: what is valid apart from what is struck through, and its automatic number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from docx.oxml.ns import qn

_GONE = {
    qn("w:moveFrom"),
    qn("w:pPr"),
    qn("w:rPr"),
    # How a word is spoken, above it.
    qn("w:rt"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_TEXT, _DELETED, _TAB, _BREAKS = qn("w:t"), qn("w:delText"), qn("w:tab"), {qn("w:br"), qn("w:cr")}
_HYPHEN, _RUN, _VALUE = qn("w:noBreakHyphen"), qn("w:r"), qn("w:val")
_STRIKES = (f"{qn('w:rPr')}/{qn('w:strike')}", f"{qn('w:rPr')}/{qn('w:dstrike')}")
_OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"(?:[Hh]eading|标题)\s?([1-9])")
# The marks of a symbol font that say yes; what any other symbol means is told, and not guessed.
_SYMBOLS = {("Wingdings", 0xFC): "✓", ("Wingdings", 0xFE): "☑"}
_SYMBOL, _FONT, _CHAR = qn("w:sym"), qn("w:font"), qn("w:char")
_CHINESE = "〇一二三四五六七八九"


def paragraph_text(paragraph: Any, gone_styles: Collection[str] = ()) -> tuple[str, str]:
    """The valid text of a paragraph, and what is struck through or deleted in it, by itself or by its style."""
    style = _val(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
    pieces = list(_pieces(paragraph, gone_styles, struck=style in gone_styles))
    return "".join(text for text, gone in pieces if not gone), "".join(text for text, gone in pieces if gone).strip()


def heading_depth(paragraph: Any) -> int:
    """How deep a heading a paragraph is by its style, 0 where it is none."""
    style = _val(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")) or ""
    match = _HEADING.fullmatch(style)
    return int(match[1]) if match is not None else 0


def gone_styles(styles: Any) -> frozenset[str]:
    """The styles whose words are struck through, by their own word or by that of the style that they are based on."""
    named = {style.get(qn("w:styleId")) or "": style for style in styles.iter(qn("w:style"))}

    def struck(name: str, seen: frozenset[str]) -> bool:
        style = named.get(name)
        if style is None or name in seen:
            return False
        own = [mark for path in _STRIKES if (mark := style.find(path)) is not None]
        return any(map(is_on, own)) if own else struck(_val(style.find(qn("w:basedOn"))) or "", seen | {name})

    return frozenset(name for name in named if struck(name, frozenset()))


def symbol(element: Any) -> str | None:
    """The mark that a character of a symbol font shows; nothing where it is none that is known."""
    code = int(element.get(_CHAR) or "0", 16)
    return _SYMBOLS.get((element.get(_FONT) or "", code - 0xF000 if code >= 0xF000 else code))


def _pieces(element: Any, gone: Collection[str], *, struck: bool) -> Iterator[tuple[str, bool]]:
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == _TEXT:
            yield child.text or "", struck
        elif child.tag == _DELETED:
            yield child.text or "", True
        elif child.tag == _TAB:
            yield "\t", struck
        elif child.tag in _BREAKS:
            yield "\n", struck
        elif child.tag == _HYPHEN:
            yield "-", struck
        elif child.tag == _SYMBOL:
            yield symbol(child) or "", struck
        elif child.tag == _RUN:
            yield from _pieces(child, gone, struck=_is_struck(child, gone, struck=struck))
        else:
            yield from _pieces(child, gone, struck=struck)


def _is_struck(run: Any, gone: Collection[str], *, struck: bool) -> bool:
    """Whether a run is struck through: by its own word, or else by its style's or its paragraph's."""
    own = [mark for path in _STRIKES if (mark := run.find(path)) is not None]
    styled = _val(run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")) in gone
    return any(map(is_on, own)) if own else struck or styled


def is_on(mark: Any | None) -> bool:
    """Whether a mark of a run or a row stands there and is not switched off."""
    return mark is not None and (mark.get(_VALUE) or "1").lower() not in _OFF


class Numbering:
    """The automatic numbers of a document: printed before paragraphs, and nowhere in their text."""

    def __init__(self, part: Any | None, styles: Any | None = None) -> None:
        """Take the document's numbering definitions, if it has any, and its styles, which may number too."""
        self._styles = {
            style.get(qn("w:styleId")): numbered
            for style in (styles.iter(qn("w:style")) if styles is not None else ())
            if (numbered := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None
        }
        self._levels: dict[tuple[str, str], tuple[str, str]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if part is None:
            return
        abstract = {found.get(qn("w:abstractNumId")): found for found in part.iter(qn("w:abstractNum"))}
        for number in part.iter(qn("w:num")):
            link = number.find(qn("w:abstractNumId"))
            definition = abstract.get(link.get(_VALUE)) if link is not None else None
            for level in definition.iter(qn("w:lvl")) if definition is not None else ():
                form, text = level.find(qn("w:numFmt")), level.find(qn("w:lvlText"))
                key = (number.get(qn("w:numId")) or "", level.get(qn("w:ilvl")) or "0")
                self._levels[key] = (_val(form) or "decimal", _val(text) or "")

    def of(self, paragraph: Any) -> tuple[int, str] | None:
        """A paragraph's number as counted and as printed (`（一）`, `1.`, `•`); nothing where it has none."""
        properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is None and self._styles:
            style = _val(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))
            properties = self._styles.get(style)
        identity = _val(properties.find(qn("w:numId"))) if properties is not None else None
        if properties is None or identity in (None, "0"):
            return None
        assert identity is not None
        level = int(_val(properties.find(qn("w:ilvl"))) or 0)
        counts = self._counts.setdefault(identity, {})
        counts[level] = counts.get(level, 0) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return counts[level], self._printed(identity, level, counts)

    def _printed(self, identity: str, level: int, counts: dict[int, int]) -> str:
        form, text = self._levels.get((identity, str(level)), ("decimal", f"%{level + 1}."))
        if form == "bullet":
            return "• "
        for at in range(level + 1):
            at_form = self._levels.get((identity, str(at)), (form, ""))[0]
            text = text.replace(f"%{at + 1}", _number(counts.get(at, 1), at_form))
        return text


def _val(element: Any | None) -> str | None:
    return element.get(_VALUE) if element is not None else None


def _number(value: int, form: str) -> str:
    if form.startswith(("chinese", "ideograph", "japanese", "taiwanese")) and 0 < value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十") + (_CHINESE[ones] if ones else "")
    if form.startswith("decimalEnclosedCircle") and 0 < value <= 20:
        return chr(ord("①") + value - 1)
    if form.endswith("Letter") and 0 < value <= 26:
        return chr(ord("a" if form.startswith("lower") else "A") + value - 1)
    return str(value)
