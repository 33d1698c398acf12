"""What a limit beside another time of one duty makes certain: its end, the limit of an amount, what goes on from it."""

from __future__ import annotations

from dataclasses import replace

from domain.notice.labels import HiddenTime
from domain.notice.patterns import regex
from domain.notice.windows import Basis, Doubt, TimeReading, Window, spoken

# A limit with nothing behind it but that the duty before it ends.
_ONLY_ENDS = regex(r"\s*(?:前)?(?:(?:全面|全部|基本)?(?:完成|完工|竣工|办结|收尾|终止)|截止|结束|为?止)?\s*(?=$|[;。])")
_RESPECTIVELY = regex(r"[\s,]*(?:计划|拟)?分别(?:计划|拟)?(?:于|在|为|是)?\s*")
_ONLY_HELD = regex(r"\s*(?:前)?(?:完成|办结|开展|举行|举办|召开|进行|组织|实施)?\s*(?=$|[;。,])")
_AMOUNT = regex(r"[^,;。:()]+\d[^,;。:()]*,")
_OUTCOME = regex(r"\s*(?:要|须|力争|确保)?(?:取得|见到|见|达到|实现)?[^,;。:()\d]{0,6}?(?:成效|实效|见效|到位|成果)\s*")
_MADE = regex(
    r"\s*(?:之?前)?[,:]?\s*(?:全面|基本|统一)?(?:完成)?(?:建立|建成|制定|编制|形成|搭建|梳理|摸清|汇总|公布|印发|出台)"
)
_KEPT = regex(r"\s*(?:进行|予以|动态|滚动|定期)*(?:更新|维护|调整|修订|完善|补充|核对)")


def ended_beside(  # noqa: PLR0911 - one exit for each reason
    text: str, cell: str, reading: TimeReading, hidden: list[HiddenTime], end: int
) -> TimeReading | None:
    """The one reading of a time and of the only limit behind it in its clause, where both are of one duty."""
    if len(hidden) == 1 and (each := _each_named(text, reading, hidden[0], end)) is not None:
        return each
    if len(hidden) != 1 or len(reading.windows) != 1 or len(hidden[0].reading.windows) != 1:
        return None
    last, window, limit = hidden[0].reading, reading.windows[0], hidden[0].reading.windows[0]
    duty = text[reading.end : hidden[0].cut].rstrip()
    said = cell[last.start : last.end].strip()
    if limit.due_on is None or limit.starts_on is not None or limit.recurrence is not None or window.recurrence:
        return None
    if reading.basis is Basis.UNDATED:
        # `持续整改，12月底前取得阶段性成效`: what goes on is due by the day on which it has an effect.
        if not window.ongoing or not last.deadline or not _OUTCOME.fullmatch(text, last.end, end):
            return None
        goes_on = Doubt("continues_after", "note", f"要持续进行，按“{said}”督办。", spoken((limit,)))
        return replace(last, start=reading.start, end=reading.end, doubts=(*last.doubts, goes_on))
    behind = window.starts_on is not None and window.starts_on < limit.due_on
    if not behind or not duty.endswith(",") or _ONLY_ENDS.match(text, last.end, end) is None:
        return None
    doubts = (*reading.doubts, *last.doubts)
    if window.ongoing and reading.basis is Basis.DATED:
        # `7月起实施，11月底结束`
        return replace(reading, windows=(Window(starts_on=window.starts_on, due_on=limit.due_on),), doubts=doubts)
    within = window.due_on is not None and limit.due_on <= window.due_on
    if reading.basis is Basis.WHOLE_YEAR and within and _AMOUNT.fullmatch(duty):
        # `全年改造120公里，10月底前完工`
        year = cell[reading.start : reading.end].strip()
        of_amount = Doubt("year_of_amount", "note", f"“{year}”是数量的年份，按“{said}”督办。", spoken((limit,)))
        return replace(reading, windows=(limit,), basis=last.basis, doubts=(*doubts, of_amount), deadline=True)
    return None


def _each_named(text: str, reading: TimeReading, time: HiddenTime, end: int) -> TimeReading | None:
    """`上、下半年各一次，分别于7月15日、次年1月15日前完成`: when each of several is due."""
    named = time.reading
    if len(named.windows) != len(reading.windows) or len(named.windows) < 2 or reading.windows == named.windows:
        return None
    said = _RESPECTIVELY.fullmatch(text, time.cut, named.start) is not None and text[: time.cut].rstrip().endswith(",")
    if not said or _ONLY_HELD.match(text, named.end, end) is None:
        return None
    return replace(reading, windows=named.windows, doubts=(*reading.doubts, *named.doubts), deadline=True)


def keeps_what_is_made(text: str, time: HiddenTime, outer: TimeReading, end: int) -> bool:
    """`2月底前建立台账，每月更新`: what is made by a day is kept from then on."""
    made = _MADE.match(text, outer.end, time.cut)
    return made is not None and _KEPT.match(text, time.reading.end, end) is not None


def kept_from_then_on(windows: tuple[Window, ...]) -> tuple[Doubt, ...]:
    """What is told of what comes back from a limit on."""
    return (Doubt("repeats_after", "note", "写在时限之后，按之后每期督办理解。", spoken(windows)),)
