"""What is wrong with a value that a person gave, in a few words; the same on every screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydantic import ValidationError

from domain.errors import UnusableInputError
from domain.texts import own_sentence

_QUOTED: Final = 40
"""So many letters of a text say which one is meant."""
NO_DAY: Final = "不是日期，请写作 2018-04-25"
_FAULTS: Final = {
    "string_too_short": "不能为空",
    "string_too_long": "最多 {max_length} 字",
    "string_unicode": "含有不是文字的编码",
    "too_long": "最多 {max_length} 项",
    "less_than_equal": "最大为 {le}",
    "greater_than_equal": "最小为 {ge}",
    "greater_than": "须大于 {gt}",
    "missing": "没有写，请写明",
    "extra_forbidden": "这里没有这一项，请去掉",
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "不是数，请写阿拉伯数字，如 5"),
    **dict.fromkeys(("date_parsing", "date_type", "date_from_datetime_parsing", "date_from_datetime_inexact"), NO_DAY),
    **dict.fromkeys(("bool_parsing", "bool_type"), "请写 true 或 false"),
    "string_type": "不是文字，请写成文字",
    "string_pattern_mismatch": "写法不对，请照说明改写",
}


def fault_of(details: Any) -> str:
    """What one error of a validation says to a person."""
    return own_sentence(details) or _FAULTS.get(details["type"], "写法不对").format_map(details.get("ctx", {}))


class UnusableTextError(UnusableInputError, rule="usable_text"):
    """What a person typed can be no such value."""

    says = "“{given}”不能用，请改正：{fault}。"
    given: str
    fault: str


@contextmanager
def as_typed() -> Iterator[None]:
    """Make values of what a person typed in this block.

    Raises:
        UnusableTextError: one is empty, too long or unreadable.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        raise UnusableTextError(given=str(first.get("input"))[:_QUOTED], fault=fault_of(first)) from error
