"""A range whose every month, quarter or year has so much (`3-5月各开展1次`): a window for each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.windows import last_of_month

_EACH = regex(
    r"\s*,?\s*(?:期间)?(?:每月|每季度|每年)?(?:各|分别)(?:自|组织|召开|开展|举办|举行|进行|完成|实施|安排|报送|通报|检查|调度|新增|新建|改造|建设)*"
    r"(?:不少于|不低于|至少)?(?:\d|[一二两三四五六七八九十]{1,2}(?:次|场|期|轮|批|个|家|篇|条))"
)
_STEPS = {"month": 1, "quarter": 3, "year": 12}
_MOST = 12


def each_of(text: str, end: int, first: Point, last: Point) -> list[Point]:
    """The points between the ends of a range, where the words behind it say how much there is in each of them."""
    step = _STEPS.get(first.unit, 0) if first.unit == last.unit and not (first.end_only or last.end_only) else 0
    if not step or _EACH.match(text, end) is None:
        return []
    months = range(first.first.year * 12 + first.first.month - 1, last.last.year * 12 + last.last.month, step)
    if not 1 < len(months) <= _MOST:
        return []
    return [
        replace(
            first,
            end=last.end,
            first=date(at // 12, at % 12 + 1, 1),
            last=last_of_month((at + step - 1) // 12, (at + step - 1) % 12 + 1),
        )
        for at in months
    ]
