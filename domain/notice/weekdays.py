"""The day of the week beside a date (`6月15日（星期一）`): where it does not fit, one of the two is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from domain.notice.patterns import regex
from domain.notice.points import point_at
from domain.notice.windows import Doubt, TimeContext, day_choice

_DAYS = "一二三四五六日"
_N = r"[\d一二三四五六七八九十〇零]{1,4}"
_DATED = regex(
    rf"(?<![\d.])(?P<day>(?:{_N}年\s*)?{_N}\s*月\s*{_N}\s*[日号]|(?:19|20)\d{{2}}[./-]\d{{1,2}}[./-]\d{{1,2}})"
    r"\s*[(,]?\s*(?:[本当下]?周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
)


def weekdays_beside(text: str, hidden: Sequence[bool], context: TimeContext) -> Iterator[tuple[tuple[int, int], Doubt]]:
    """Where a folded text names a date and a day of the week that it is not, with the question."""
    for match in _DATED.finditer(text):
        point = point_at(text, match.start(), context) if not hidden[match.start()] else None
        if point is None or point.doubts or point.first != point.last or point.end < match.end("day"):
            continue
        named = _DAYS.index(match["weekday"].replace("天", "日"))
        if point.last.weekday() == named:
            continue
        said = text[match.start() : match.end()].replace("(", "（")
        sentence = (
            f"“{said}{'）' if '（' in said else ''}”的日期和星期对不上："
            f"{point.last}是星期{_DAYS[point.last.weekday()]}，有一个写错了。"
        )
        choices = tuple(map(day_choice, (point.last, _nearest(point.last, named))))
        yield match.span(), Doubt("weekday", "ruling", sentence, choices[0].text, choices)


def _nearest(day: date, weekday: int) -> date:
    """The day nearest to a date that is such a day of the week."""
    ahead = (weekday - day.weekday()) % len(_DAYS)
    return day + timedelta(days=ahead if ahead <= len(_DAYS) // 2 else ahead - len(_DAYS))
