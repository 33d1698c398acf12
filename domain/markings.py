"""Classification marks: what bears one must not come into this system at all, and is refused before it is kept.

A mark is written as the standard of documents has it (`机密★10年`, `绝密★`), or stands alone on a line.
A word inside a sentence (`机密文件清查工作`) is no mark. A policy may name more words (`内部资料`), which are refused
wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.errors import UnusableInputError

_WORD = r"(?:绝\s{0,9}密|机\s{0,9}密|秘\s{0,9}密)"
_BLANK = r" \t\r\u00a0\u3000"
_IN_EVERY_MARK = "密"
# Every repetition is bounded and none of them crosses a line: a long text of blanks or of empty lines takes no longer
# than any other.
_STARRED = re.compile(rf"{_WORD}\s{{0,9}}[★☆⭐✭✯]")
_ALONE = re.compile(rf"^[{_BLANK}【\[（(]{{0,40}}{_WORD}[{_BLANK}至:：★\d年月日个长期】\]）)]{{0,60}}$", re.MULTILINE)


class ClassifiedError(UnusableInputError, rule="no_classified_content"):
    """A text or a file bears a classification mark: this system is not for secrets, and nothing of it is kept."""

    says = (
        "{where}带有密级或限制标志“{mark}”：本系统不得存储、处理涉密或限制内容，已拒绝，没有保存；"
        "请改用涉密渠道办理，或去掉涉密内容后重新提交。"
    )
    where: str
    mark: str


def mark_in(text: str, refused: Sequence[str] = ()) -> str | None:
    """The classification mark that a text bears, or one of the words that are refused; none where it has none."""
    found = (_STARRED.search(text) or _ALONE.search(text)) if _IN_EVERY_MARK in text else None
    if found is not None:
        return "".join(found.group().split()).strip("【】[]（）()")
    return next((word for word in refused if word and word in text), None)


def must_bear_no_mark(text: str, where: str, refused: Sequence[str] = ()) -> None:
    """Refuse a text with a mark.

    Raises:
        ClassifiedError: it has one; `where` says which text it is.
    """
    mark = mark_in(text, refused)
    if mark is not None:
        raise ClassifiedError(where=where, mark=mark)
