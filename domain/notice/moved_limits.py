"""A remark beside a row that moves its limit (`因设计变更，延期至11月30日`): the day that it says counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.notice.deliverables import Deliverable
from domain.notice.folding import fold
from domain.notice.own_times import closes
from domain.notice.patterns import regex
from domain.notice.schedule import read_schedule
from domain.notice.superseded import CHANGE, old_time
from domain.notice.time_cells import TimeCells, holds_a_time
from domain.notice.times import time_at
from domain.notice.windows import TimeContext, Window

_READING = TimeContext.of(2000)
# Asked for, planned or bound to a condition: nobody has moved the limit yet.
_NOT_YET = regex(
    r"拟|申请|建议|请求|请示|可(?!研)|预计|可能|计划|争取|力争|不|未|待|如|若|遇|原则|或|propos|request|may |if |expect"
)
# The same in an earlier part of the remark: `如征地受阻，延期至9月底前`.
_ON_CONDITION = regex(
    r"(?:^|(?<=[,;。:(\n]))\s*(?:如|若|倘|遇|视|拟|申请|建议|请求|请示|proposed|request|subject to|if\b|may\b|expect)",
    re.IGNORECASE,
)
# What a remark says of the whole row: who agreed, why, that it is the limit.
_OF_THE_ROW = regex(
    r"经[^,]{0,12}(?:批准|同意|研究|审定|决定|批复)后?|受[^,]{1,12}影响|(?:因|由于)[^,]{1,12}(?:原因|影响|变更|调整|需要|滞后|延误|不足)"
    r"|(?:该|本|此|整体|全部|现|已|再次?|又|统一)*(?:项目|任务|事项|工作|项)?(?:的)?"
    r"(?:整体|总体)?(?:完成|办结|整改|竣工|截止|结束|到期)?(?:时间|时限|期限|日期|节点|工期)?(?:均|已|现|统一|相应)*\s*"
    r"|(?:the )?"
    r"(?:due date|deadline|target(?: date)?|completion(?: date)?|date|end date)?\s*(?:has been|was|is|now)*\s*",
    re.IGNORECASE,
)
_CHANGES = regex(
    r"取消|终止|中止|暂停|暂缓|停办|不再|撤销|转入|合并|延期|推迟|顺延|提前|调整[为至到]|改为|cancel|clos|complete|defer"
)
# The reason that stands before a change without a comma: `因附属工程延期至9月底` may be put off itself.
_REASON = regex(r"\(?(?P<why>(?:因|由于|受).+?)(?:现|已|后|又|经批准|经研究)*(?:调|修|变|更|推|延|顺|展|提|改)")
_EARLIER = regex(r"提前|advanced?|brought forward|earlier")
_YEAR = regex(r"(?:19|20)\d\d|年")


@dataclass(frozen=True, slots=True)
class Moved:
    """The schedule of a row with its limit moved, and the words of the remark that stand in it."""

    text: str
    words: str


def moved(times: TimeCells, remark: str) -> Moved | None:
    """What a row's schedule is by a remark, where that is certain: one change, agreed upon, of one known step."""
    text = fold(remark)
    change = CHANGE.search(text)
    new = time_at(text, change.end(), _READING) if change is not None else None
    if change is None or new is None or len(new.windows) != 1 or new.windows[0].recurrence is not None:
        return None
    before = old_time(text, change.start(), _READING)
    stop = change.start() if before is None else before
    rest = text[:stop] + text[new.end :]
    begins = max(text.rfind(mark, 0, stop) for mark in ",;。:(\n") + 1
    subject = text[begins:stop].strip()
    reason = _REASON.match(change.group())
    certain = closes(text, new, len(text)) and not any(doubt.severity != "note" for doubt in new.doubts)
    if (
        not certain
        or _ON_CONDITION.search(text[:stop])
        or _NOT_YET.search(subject + change.group())
        or (reason is not None and not _OF_THE_ROW.fullmatch(reason["why"]))
        or _CHANGES.search(rest)
        or holds_a_time(rest)
    ):
        return None
    words = remark[change.start() : new.end].strip("（( \n")
    steps = read_schedule(times.text, _READING).deliverables
    at = _step(steps, subject)
    due = new.windows[0].due_on
    if at is None or due is None or steps[at].window.recurrence is not None or not steps[at].window_text:
        return None
    old = steps[at].window.due_on
    if before is not None and old not in _ends_in(text, before, change.start()):
        return None
    if old is None or (not _EARLIER.search(change.group()) and not _is_later(old, due, steps[at].window_text, words)):
        return None
    said = times.text.find(steps[at].window_text, steps[at].start) + len(steps[at].window_text)
    again = f"{times.text[:said]}（{words}）{times.text[said:]}"
    return Moved(again, words) if _only_moves(steps, at, again, new.windows[0]) else None


def _is_later(old: date, new: date, printed: str, words: str) -> bool:
    """Whether a limit is put off, and not put back: a day without a year is one of the year of the other."""
    if _YEAR.search(words) and not _YEAR.search(printed):
        return True
    return new > old if _YEAR.search(words) else (new.month, new.day) > (old.month, old.day)


def _ends_in(text: str, start: int, stop: int) -> set[date | None]:
    """The last days of the time that a remark says was meant before."""
    found = (time_at(text, place, _READING) for place in range(start, stop))
    return {reading.windows[0].due_on for reading in found if reading is not None}


def _step(steps: list[Deliverable], subject: str) -> int | None:
    """The one step that a remark is about: the only one there is, or the only one that it names."""
    if _OF_THE_ROW.fullmatch(subject):
        return 0 if len(steps) == 1 else None
    named = [at for at, step in enumerate(steps) if subject in fold(step.description)]
    return named[0] if len(named) == 1 else None


def _only_moves(steps: list[Deliverable], at: int, text: str, new: Window) -> bool:
    """Whether a schedule with the words in it reads as before but for the end of one step."""
    found = read_schedule(text, _READING).deliverables
    ends = [step.window.due_on if number != at else new.due_on for number, step in enumerate(steps)]
    return [step.window.due_on for step in found] == ends
