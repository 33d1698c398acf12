"""What people write, as it may be kept: readable characters and a bounded length, for every command, plan and policy.

A text has no control characters (a terminal would obey them, no document can hold them), none that turn the direction
of the text round (what is read would not be what is kept), none that are no characters at all. A refusal is a sentence:
errors whose type begins with `OWN` carry it, so that every reader of a file and every command says the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from domain.characters import REFUSED, without_invisible
from domain.markings import standard_mark_in

_SEVERAL_LINES = re.compile("[\t\n\u2028\u2029]")
_CLASSIFIED = (
    "带有密级标志“{mark}”，本系统不得存储、处理涉密内容，已拒绝且没有保存（规则 no_classified_content）："
    "请改写为不涉密的内容，涉密事项按保密规定另行办理"
)
OWN: Final = "duban_"
"""How the types of our own validation errors begin: their message is part of a Chinese sentence."""


def readable(text: str) -> str:
    """A text that can be kept and shown; raises as every validator of a text does."""
    text = text.replace("\r\n", "\n")
    if (mark := standard_mark_in(text)) is not None:
        raise PydanticCustomError(f"{OWN}classified", "{said}", {"said": _CLASSIFIED.format(mark=mark)})
    if REFUSED.search(text):
        raise PydanticCustomError(f"{OWN}unreadable", "须有可显示的文字，不能含控制字符或改变文字方向的字符")
    return text


def _said(text: str) -> str:
    text = readable(text)
    if not without_invisible(text).strip():
        raise PydanticCustomError(f"{OWN}blank", "不能为空")
    return text


def one_line(text: str) -> str:
    """A readable text of one line that says something; raises as every validator of a text does."""
    text = _said(text)
    if _SEVERAL_LINES.search(text):
        raise PydanticCustomError(f"{OWN}several_lines", "只能写一行，不能含换行或制表符")
    return text


def own_sentence(details: Any) -> str | None:
    """What one of our own validation errors says, for the reader of a file; none for any other error."""
    return str(details["msg"]) if str(details["type"]).startswith(OWN) else None


def allowed_words(context: Mapping[str, object]) -> dict[str, str]:
    """What a library's validation error says of the values that it allows, as a Chinese sentence lists them."""
    return {name: str(value).replace(" or ", "、").replace(", ", "、") for name, value in context.items()}


# Together these limits keep the longest event of a command below what one entry of the ledger can hold (64 KiB); a
# test holds them. What holds several such texts is measured as a whole before it is decided (`domain/record/leaf.py`).
Text = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_said)]
"""What somebody says: never blank."""
Evidence = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_said)]
"""One piece of evidence: a plain text, or a file's (`domain/evidence.py`)."""
Line = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
"""A short text of one line, such as a request's own id."""
Cell = Annotated[str, Field(max_length=20_000), AfterValidator(readable)]
"""A whole cell of a list, which may be empty."""
Part = Annotated[str, Field(max_length=4_000), AfterValidator(readable)]
"""A part of a cell: what a milestone says, its time, a title. It may be empty."""
Label = Annotated[str, Field(max_length=1_000), AfterValidator(readable)]
"""A short text that stands beside others: a serial, a number, a key. It may be empty."""
