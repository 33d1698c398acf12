"""Times that no longer hold: struck out, revised, postponed, or told as what was planned before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.notice.folding import fold_ranges
from domain.notice.patterns import regex
from domain.notice.points import point_at
from domain.notice.recurrences import period_at
from domain.notice.times import time_at
from domain.notice.windows import Doubt, TimeContext

_STRUCK = regex(r"~~(?P<old>[^~\n]+)~~|<(?:del|s|strike)>(?P<html>[^<]+)</(?:del|s|strike)>", re.IGNORECASE)
_CHANGED = (
    r"(?:现|已|后|又|经批准|申请|经研究){0,3}(?:调整|修改|修订|变更|更改|推迟|延期|延迟|延长|延后|顺延|推后|展期|暂缓|提前|更正|延|改)(?:为|至|到|成)"
    r"|现(?:为|定于|定为|定|改)(?=\d)|(?:后|又|再)改(?=\d)|现(?:为|定于|定为)|[-=]+>|→|⇒"
    r"|(?:has\s+been\s+|was\s+|is\s+|now\s+|then\s+|since\s+|later\s+|date\s+){0,3}(?:revised|extended|postponed|deferred|moved|rescheduled|changed|amended|delayed"
    r"|slipped|slipping|brought\s+forward|pushed(?:\s+(?:back|out))?|put\s+back|updated|shifted|re-?baselined|re-?forecast|adjusted)\s+(?:to|until|till)(?:\s+be)?\s"
    r"|(?:now|currently|revised(?:\s+(?:date|deadline|target))?|new(?:\s+(?:date|deadline|target))?)\s*:?\s(?:expected\s+|due\s+|by\s+)*"
)
CHANGE = regex(
    rf"(?P<open>\()?(?:(?:因|由于|受)[^(),;。\d]{{1,12}}?)?(?<![可能需以顺])(?:{_CHANGED})\s*:?\s*", re.IGNORECASE
)
_WAS = regex(
    r"\((?P<word>原(?:定|计划|时限|为|来|本)?(?:于|在|为|是|时间|完成时限|时限)?|was|were|originally|previously|formerly|initially|old(?:\s+date)?)\s*:?\s*(?P<old>[^()]{1,40})\)",
    re.IGNORECASE,
)
# `delayed from March to June 2025`
_FROM_TO = regex(
    r"(?:delayed|moved|postponed|slipped|deferred|changed|rescheduled|extended|pushed(?:\s+back)?|brought\s+forward)\s+from\s+"
    r"(?P<old>[^,;()]{3,24}?)\s+(?:to|until)\s+(?P<new>\S)",
    re.IGNORECASE,
)
# `截至2月底已完成60%，剩余任务4月15日前完成`: how far it is, before what is still to be done and by when.
_STATE = regex(
    r"(?:(?<!\s)\s*(?:,\s*)?)?(?:累计|均|共|现|全部|基本|顺利)*已(?:经)?(?:累计|全部|基本|顺利)?(?:完成|开展|启动|开工|建成|办结|达|取得|印发|销号|整改|落实|投入|签订|拨付)"
    r"(?!的)[^,;。()\d]{0,12}(?:\d[^,;。()]{0,12})?(?:,\s*(?:占|达|约|较)[^,;。()]{1,16})*[,;]"
)
_DATED = regex(r"[月日季截]|半年")
# `…，其中一季度已完成`
_PART_DONE = regex(
    r"[,;]\s*其中(?!今年|本年|全部|均)[^,;。()]{1,10}已(?:经)?(?:完成|办结|建成|报送|竣工|验收)(?=\s*(?:[,;。]|$))"
)
_OPENING = regex(
    r"(?:原(?:定|计划|时限)?(?:于|在|为)?|由|从|自|originally|initially|previously|was|from)\s*:?\s*$", re.IGNORECASE
)
_CLOSING = regex(
    r"(?:完成|办结|实施|举办|召开|开展|due|completion)?(?:[\s,;:]*(?:因|由于|受|经)[^,;。:]{1,20}?)?[\s,;:]*$",
    re.IGNORECASE,
)
_ARROW = regex(r"\s*(?:[-=]+>|→|⇒)\s*")
_PART_ENDS = regex(r"[,;。)\n]|$")
_TO = regex(r"\s*(?:-{1,4}|至|到)\s*")
_LONGEST_TIME = 40


@dataclass(frozen=True, slots=True)
class Superseded:
    """A stretch of a cell that no longer holds, and what is told about it."""

    start: int
    end: int
    doubt: Doubt


def without_superseded(cell: str, context: TimeContext) -> tuple[str, list[Superseded]]:
    """The folded cell with blanks where a time no longer holds, exactly as long as it was, and what was taken out."""
    text = fold_ranges(cell)
    found: list[Superseded] = []
    for match in _STRUCK.finditer(cell):
        if (cell[: match.start()] + cell[match.end() :]).strip():
            text = _blanked(text, match.start(), match.end())
            found.append(_told(match.start(), match.end(), f"“{match['old'] or match['html']}”已划去，不再计。"))
    for match in _WAS.finditer(text):
        inner = match.start("old")
        if _whole_time(text, inner, match.end("old"), context) and text[: match.start()].strip():
            printed = cell[match.start() : match.end()].strip()
            text = _blanked(text, match.start(), match.end())
            found.append(_told(match.start(), match.end(), f"“{printed}”是原来的时限，不再计。"))
    for match in _FROM_TO.finditer(text):
        old, new = match.start("old"), match.start("new")
        if _whole_time(text, old, match.end("old"), context) and _begins_a_time(text, new, context):
            printed = cell[old : match.end("old")].strip()
            text = _blanked(text, match.start(), new)
            found.append(_told(match.start(), new, f"“{printed}”已改期，按改后的时限计。"))
    for begin, stop in _done_already(text, context):
        printed = cell[begin:stop].strip(" ，,；;")
        text = _blanked(text, begin, stop)
        found.append(_told(begin, stop, f"“{printed}”写的是已有的进度，不再计。"))
    at = 0
    while (change := CHANGE.search(text, at)) is not None:
        at = change.end()
        start = old_time(text, change.start(), context)
        if start is None or not _begins_a_time(text, change.end(), context) or _otherwise(text, start, change.end()):
            continue
        if _ARROW.fullmatch(change.group()) and not _is_all(text, change.end(), context):
            # `采购：7月底前→9-10月安装`: one thing after the other.
            continue
        start = _end_of_a_range(text, start, change.start(), change.end(), context)
        printed = cell[start : change.start()].strip(" ，,；;")
        text = _blanked(text, start, change.end())
        if change["open"] and (closing := text.find(")", change.end())) != -1:
            text = _blanked(text, closing, closing + 1)
        found.append(_told(start, change.end(), f"“{printed}”已改期，按改后的时限计。"))
    return text, found


def _otherwise(text: str, old: int, new: int) -> bool:
    """`每月报送，7月起改为每季度报送`: the time says from when on the duty comes back otherwise, and holds."""
    return period_at(text, new) is not None and period_at(text, old) is None


def _told(start: int, end: int, text: str) -> Superseded:
    return Superseded(start, end, Doubt("superseded_time", "note", text))


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _begins_a_time(text: str, at: int, context: TimeContext) -> bool:
    return time_at(text, at, context) is not None or period_at(text, at) is not None


def _done_already(text: str, context: TimeContext) -> Iterator[tuple[int, int]]:
    """Where a text says how far a duty is, with the day, beside what is still to be done."""
    for match in _STATE.finditer(text):
        start = old_time(text, match.start(), context)
        dated = start is not None and _DATED.search(text, start, match.start()) is not None
        if start is not None and dated and _has_a_time(text, match.end(), context):
            yield start, match.end() - (text[match.end() - 1] == ";")
    for match in _PART_DONE.finditer(text):
        yield match.span()


def _has_a_time(text: str, at: int, context: TimeContext) -> bool:
    """Whether a time stands in what follows in the same sentence."""
    stop = min((i for i in (text.find(mark, at) for mark in "。\n") if i != -1), default=len(text))
    return any(time_at(text, place, context) is not None for place in range(at, stop))


def _is_all(text: str, at: int, context: TimeContext) -> bool:
    """Whether nothing but a word of completion stands behind the time that begins here."""
    reading = time_at(text, at, context) or period_at(text, at)
    stop = _PART_ENDS.search(text, reading.end) if reading is not None else None
    return reading is None or stop is None or _CLOSING.fullmatch(text, reading.end, stop.start()) is not None


def _end_of_a_range(text: str, start: int, stop: int, change: int, context: TimeContext) -> int:
    """Where the end of `3月1日—6月30日` begins, which alone a later limit moves; else where the old time begins."""
    old, first, last = time_at(text, start, context), point_at(text, start, context), point_at(text, change, context)
    mark = _TO.match(text, first.end, stop) if first is not None else None
    if old is None or first is None or mark is None or last is None or len(old.windows) != 1:
        return start
    return mark.end() if first.first < last.last and _TO.match(text, last.end) is None else start


def _whole_time(text: str, start: int, end: int, context: TimeContext) -> bool:
    reading = time_at(text, start, context)
    return reading is not None and _CLOSING.fullmatch(text, min(reading.end, end), end) is not None


def old_time(text: str, stop: int, context: TimeContext) -> int | None:
    """Where the time begins that ends right before `stop`, with the word that opens it (`由`, `originally`)."""
    for start in range(max(0, stop - _LONGEST_TIME), stop):
        if text[start].isspace() or (start and text[start - 1].isdigit() and text[start].isdigit()):
            continue
        if (start and text[start].isascii() and text[start].isalpha()) and text[start - 1].isalpha():
            continue
        reading = time_at(text, start, context)
        if reading is None or reading.end > stop or _CLOSING.fullmatch(text, reading.end, stop) is None:
            continue
        opening = _OPENING.search(text, max(0, start - _LONGEST_TIME), start)
        return opening.start() if opening is not None else start
    return None
