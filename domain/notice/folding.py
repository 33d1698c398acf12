"""Width and punctuation: one reading for full and half width, and for every dash that people type.

Folding keeps the length of the text, so that an offset into the folded text is an offset into the printed one.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.notice.patterns import regex

_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
_DASHES = "‐‑‒–—―−－﹣─━⸺〜～∼~ー∽˜"
_WAVE = regex(r"(?<!\d)20\d\d(?:[./]\d{1,2}){1,2}\s*(?P<wave>[〜～~∼—–])(?=\s*\d{1,2}(?![\d./]))")
_BLANKS = "\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\u200b\ufeff\u2007\u2008\u2005\u2004\t\v\f"

_TABLE: dict[int, str] = {
    code: chr(code - _FULL_WIDTH_SHIFT) for code in range(_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST + 1)
}
_TABLE |= {ord(dash): "-" for dash in _DASHES}
_TABLE |= {ord(blank): " " for blank in _BLANKS}
_TABLE |= {ord(line_end): "\n" for line_end in "\r\u2028\u2029\x0b\x85"}
_TABLE |= {
    ord("○"): "〇",
    ord("Ｏ"): "O",
    ord("﹪"): "%",
    ord("％"): "%",
    ord("﹔"): ";",
    ord("︰"): ":",
    ord("∶"): ":",
    ord("ː"): ":",
    ord("﹕"): ":",
    ord("﹐"): ",",
    ord("｡"): "。",
    ord("､"): "、",
    ord("⼀"): "一",
    ord("貳"): "二",
    ord("兩"): "两",
    ord("個"): "个",
    ord("⽉"): "月",
    ord("⽇"): "日",
    ord("⽇"): "日",
    ord("⾄"): "至",
} | {ord(roman): digit for roman, digit in zip("ⅠⅡⅢⅣ", "一二三四", strict=True)}


def fold(text: str) -> str:
    """The text in half width with one kind of dash and blank: exactly as long as it was."""
    return text.translate(_TABLE)


def fold_ranges(text: str) -> str:
    """The folded text of a cell in which `2027.3～11` keeps that it is a range: a stroke may be the mark of a day."""
    folded = fold(text)
    for mark in _WAVE.finditer(text):
        folded = f"{folded[: mark.start('wave')]}至{folded[mark.end('wave') :]}"
    return folded


_OPENING = {
    "《": "》",
    "“": "”",
    "「": "」",
    "『": "』",
    "〈": "〉",
    "【": "】",
    "‘": "’",
    "(": ")",
    "[": "]",
    "〔": "〕",
}


_TITLES = {opening: closing for opening, closing in _OPENING.items() if opening not in "([〔"}


def in_titles(folded: str) -> list[bool]:
    """For each character, whether it stands inside quotation or title marks; brackets hide nothing."""
    return quoted(folded, _TITLES)


def quoted(folded: str, marks: Mapping[str, str] = _OPENING) -> list[bool]:
    """For each character, whether it stands inside quotation marks, title marks or brackets (the marks included).

    A mark that is never closed quotes nothing: a forgotten bracket must not hide the rest of a cell.
    """
    inside = [False] * len(folded)
    opened: list[tuple[int, str]] = []
    straight: int | None = None
    for at, char in enumerate(folded):
        if char == '"':
            if straight is None:
                straight = at
            else:
                inside[straight : at + 1] = [True] * (at + 1 - straight)
                straight = None
        elif char in marks:
            opened.append((at, marks[char]))
        elif any(closing == char for _, closing in opened):
            while opened:
                start, closing = opened.pop()
                if closing == char:
                    inside[start : at + 1] = [True] * (at + 1 - start)
                    break
    return inside
