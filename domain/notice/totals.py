"""Rows of totals: a word such as `合计` as the whole of what is named, with nothing but numbers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.time_cells import is_a_time

_TOTAL = regex(
    r"(?:本页|分项|以上)?(?:合计|总计|小计|共计|总分|得分|总得分|满分|平均分?|(?:grand|sub)?-?total|sum|average)(?:数|分数)?:?",
    re.IGNORECASE,
)
_AMOUNT = regex(r"[(]?[¥$€£]?\d[\d.,]*\s*(?:[^\d\s()]{0,3})[)]?")
_NUMBER = regex(r"[\d\s.,%()分-]*")


def is_total(texts: Iterable[str]) -> bool:
    """Whether one of the texts is a word of totals, perhaps with its number behind it, and nothing else."""
    for text in texts:
        plain = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=total)", "", fold(text).strip(), flags=re.IGNORECASE)
        match = _TOTAL.match(plain)
        if match is not None and (match.end() == len(plain) or is_amount(plain[match.end() :])):
            return True
    return False


def is_amount(text: str) -> bool:
    """Whether a text is a number, with its unit or without, and no time."""
    plain = fold(text).strip()
    if not any(char.isdigit() for char in plain):
        return not any(char.isalnum() for char in plain)
    # `8.8` beside a total is no day.
    return _NUMBER.fullmatch(plain) is not None or (_AMOUNT.fullmatch(plain) is not None and not is_a_time(plain))
