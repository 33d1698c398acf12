"""Classification marks: what bears one must not come into this system at all, and is refused before it is kept.

A mark is written as the standard of documents has it (`机密★10年`), or stands alone on a line. Where something comes
in, it is also found in brackets at an end of a line and behind the word that announces it (`密级：秘密`), in whatever
width or spelling, with blanks or what nobody sees in its midst. A word inside a sentence (`机密文件清查`) is no mark.
A policy may name more words (`内部资料`), which are refused wherever they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from domain.characters import without_invisible
from domain.errors import UnusableInputError

TYPED: Final = "填写的内容"
"""Where a mark was found that somebody typed."""
_IN_EVERY_MARK = "密"
# What is read back from the record or the engine is held against these alone: a text that was taken once stays
# readable, and a project that was given it goes on, however much more is refused at the doors.
_WORD = r"(?:绝\s{0,9}密|机\s{0,9}密|秘\s{0,9}密)"
_BLANK = r" \t\r\u00a0\u3000"
_STANDARD = (
    re.compile(rf"{_WORD}\s{{0,9}}[★☆⭐✭✯]"),
    re.compile(rf"^[{_BLANK}【\[（(]{{0,40}}{_WORD}[{_BLANK}至:：★\d年月日个长期】\]）)]{{0,60}}$", re.MULTILINE),
)
# Texts are compared in their plain width: `（` is `(`, `：` is `:`, `＊` is `*`. Every repetition is bounded and none
# but those inside a mark crosses a line: a long text of blanks or of empty lines takes no longer than any other.
_BLANKS = r"[ \t\r]{0,9}"
_APART = r"[\s·・.\-_]{0,9}"
_LEVEL = rf"[绝絕机機秘祕]{_APART}密{_BLANKS}[级級]?"
_OPENING, _CLOSING = r"\[({<〈【〔「『⟦", r"\])}>〉】〕」』⟧"
_ENDS = rf"$|[\s,.;:。★☆*/|\d{_OPENING}{_CLOSING}]"
_ANNOUNCED = rf"(?:密{_BLANKS}[级級]|定密|(?:保密|涉密|秘密)等级|密级标[识志])"
_AROUND = r" \t\r|·・,#*"
_MARKS = tuple(
    re.compile(mark, re.MULTILINE)
    for mark in (
        rf"{_LEVEL}\s{{0,9}}[★☆⭐✩-✰🌟⭑⭒⋆▲△※]",
        rf"{_LEVEL}{_BLANKS}[*⁎∗✱✲]{_BLANKS}(?:\d|长期|[{_CLOSING}]|$)",
        rf"^[特提加平急件{_AROUND}{_OPENING}]{{0,40}}{_LEVEL}[特提加平急件{_AROUND}{_OPENING}{_CLOSING}至到:;。.★/\-\d年月日天个长期]{{0,60}}$",
        rf"^{_BLANKS}[{_OPENING}]{_BLANKS}{_LEVEL}{_BLANKS}[{_CLOSING}]",
        rf"[{_OPENING}]{_BLANKS}{_LEVEL}{_BLANKS}[{_CLOSING}][ \t\r。.;]{{0,9}}$",
        rf"{_ANNOUNCED}{_BLANKS}[为是:=]{{0,2}}{_BLANKS}[{_OPENING}]?{_LEVEL}(?={_ENDS})",
    )
)
_PARTS_OF_A_NAME = re.compile(rf"[\s_\-—–·.,，、+&/\\{_OPENING}{_CLOSING}（）]+")


class ClassifiedError(UnusableInputError, rule="no_classified_content"):
    """A text or a file bears a classification mark: this system is not for secrets, and nothing of it is kept."""

    says = (
        "{where}带有密级或限制标志“{mark}”：本系统不得存储、处理涉密或限制内容，已拒绝，没有保存；"
        "请改用涉密渠道办理，或去掉涉密内容后重新提交。"
    )
    where: str
    mark: str


def standard_mark_in(text: str) -> str | None:
    """The mark that a text bears as the standard writes it; none where it has none."""
    if _IN_EVERY_MARK not in text:
        return None
    found = next((found for mark in _STANDARD if (found := mark.search(text)) is not None), None)
    return None if found is None else _told(found)


def mark_in(text: str, refused: Sequence[str] = ()) -> str | None:
    """The classification mark that a text bears, or one of the words that are refused; none where it has none."""
    if _IN_EVERY_MARK not in text and not refused:
        return None
    plain = unicodedata.normalize("NFKC", without_invisible(text))
    if _IN_EVERY_MARK in plain:
        for mark in _MARKS:
            if (found := mark.search(plain)) is not None:
                return _told(found)
    return next((word for word in refused if _spelled(word).search(plain)), None)


def must_bear_no_mark(text: str, where: str, refused: Sequence[str] = ()) -> None:
    """Refuse a text with a mark.

    Raises:
        ClassifiedError: it has one; `where` says which text it is.
    """
    mark = mark_in(text, refused)
    if mark is not None:
        raise ClassifiedError(where=where, mark=mark)


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a value as JSON has it, wherever it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | Sequence):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(inner)


def must_be_named_openly(name: str, where: str, refused: Sequence[str] = ()) -> None:
    """Refuse a file's name with a mark, as a whole or as a part of it: `机密-方案.docx`, `方案（秘密）终稿.docx`.

    Raises:
        ClassifiedError: it has one.
    """
    must_bear_no_mark(in_lines(name), where, refused)


def in_lines(name: str) -> str:
    """A file's name and, each in a line of its own, the parts of it."""
    return "\n".join((name, _PARTS_OF_A_NAME.sub("\n", name)))


def _told(found: re.Match[str]) -> str:
    return "".join(found.group().split()).strip(f"（）{_OPENING}{_CLOSING}\\")


@lru_cache(maxsize=256)
def _spelled(word: str) -> re.Pattern[str]:
    """A refused word in any width and case; its characters may stand apart, letters of one word may not."""
    plain = unicodedata.normalize("NFKC", without_invisible(word)).strip()
    if not plain:
        return re.compile(r"(?!)")
    said = re.escape(plain[0])
    for before, after in pairwise(plain):
        if not after.isspace():
            said += r"\s{1,9}" if before.isspace() else "" if before.isascii() and after.isascii() else r"\s{0,3}"
            said += re.escape(after)
    return re.compile(said, re.IGNORECASE)
