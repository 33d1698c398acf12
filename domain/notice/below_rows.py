"""What stands below a table's rows or between its pages and is none of the list's: remarks, who made it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.notice.patterns import regex

_REMARK = regex(r"^(?:注|备注|说明|填表说明|note)s?[:：]?", re.IGNORECASE)
# `填表人：刘洋`, `联系电话：…`
_WHO_MADE_IT = regex(
    r"(?:填表|制表|填报|审核|复核|审批|审定|经办|联系|联络|报送|单位负责|部门负责|分管领导|主管领导)(?:人|员|单位|部门|日期|时间|电话|方式|签字|签章|[(（][^()（）]*[)）])*\s*[:：].*",
    re.DOTALL,
)
_GOES_ON = regex(r"[（(]?(?:续|接|转)(?:上|下|前|后)?[页表][）)]?")


def is_below(texts: Sequence[str]) -> bool:
    """Whether a row is one remark, or says who made the table and how to reach them, or that the table goes on."""
    remark = len(texts) == 1 and (_REMARK.match(texts[0]) or _GOES_ON.fullmatch(texts[0]))
    return bool(remark) or all(map(_WHO_MADE_IT.fullmatch, texts))
