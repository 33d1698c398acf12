"""Parts of a duty that brackets behind it hold with limits of their own: `10月底前完成（其中A标段8月底前完成）`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from domain.notice.deliverables import Deliverable
from domain.notice.labels import label_at
from domain.notice.patterns import regex
from domain.notice.times import time_at
from domain.notice.windows import Basis, TimeContext, TimeReading

_BRACKETS = regex(r"\((?P<inner>[^()]{3,80})\)")
_PART_OF_IT = regex(r"其中|其余|另外?(?!行)")
# What stands before a limit that is no part's: a hope, an exception, a condition, whose limit it is.
_NO_NAME = regex(
    r"确保|力争|争取|最[迟晚]|原则|计划|预计|可|不|延|含|至|到|原|即|[由自从以因视对已未如若]|确有|逾期|现|调整|改"
    r"|(?:完成|办结|截止|最终)?(?:时限|时间|期限)|每|各|分别|.*(?:要求|规定|为准)"
)
# `一标段9月底前，二标段10月底前完成`: what is due, its limit, and at most a few words of what is done.
_NAME = regex(r"[^\s,;。:、()\d]{2,10}?(?=\d|[一二三四五六七八九十]{1,2}月|[上下]半年|年[底末])|\d{1,2}(?:个|家|处|项)")
_DUTY = regex(
    r"\s*(?:完成|建成|开工|启动|形成|达到?|实现|出台|印发|投用|封顶|竣工|交付|提交|报送|不[少低]于|至少)[^,;。]{2,}$"
)
_ASIDE = regex(r"另行|待|如|视|可|延|原|拟|力争|争取|确保")
_DONE = regex(r"[一-鿿]{0,8}$")
_ENDS = regex(r"\s*(?:$|[;。\n])")
_FARTHEST = 120
_SHORTEST = 2
_SENTENCE_ENDS = regex(r"[;。\n]")


def with_parts_opened(text: str, context: TimeContext) -> tuple[str, list[tuple[int, int]]]:
    """The folded cell with `;` for the brackets that hold such parts, exactly as long as it was, and where they stand.

    What follows such brackets inside its sentence would lose the time before them, and a part that is due after the
    whole is an exception: there the brackets stay, and are asked about.
    """
    opened: list[tuple[int, int]] = []
    for match in _BRACKETS.finditer(text):
        comma = text.startswith(",", match.end()) and label_at(text, match.end() + 1, len(text), context) is not None
        ends = _ENDS.match(text, match.end()) is not None
        if not (comma or ends):
            continue
        if ends and _are_steps(match["inner"], context) and not _said_before(text, match.start(), context):
            # `改造市场5个（3月启动，11月底前完成）`: the brackets hold all its times.
            text = f"{text[: match.start()]}:{match['inner']};{text[match.end() :]}"
            continue
        parts = _parts(match["inner"], context)
        dues = [window.due_on for part in parts for window in part.windows if window.due_on is not None]
        said = _said_before(text, match.start(), context) if dues else []
        outer = [reading.windows[-1].due_on for reading in said]
        if dues and max(dues) <= max((due for due in outer if due is not None), default=date.min):
            opened.append(match.span("inner"))
    for begin, end in opened:
        text = text[: begin - 1] + ";" + text[begin:end] + ";" + text[end + 1 :]
        if (named := _PART_OF_IT.match(text, begin)) is not None and time_at(text, named.end(), context) is not None:
            # `（其中上半年4期）`: the time opens what is due in it.
            text = text[:begin] + " " * (named.end() - begin) + text[named.end() :]
    return text, opened


def _said_before(text: str, end: int, context: TimeContext) -> list[TimeReading]:
    """The times of a sentence before its brackets."""
    farthest = max(0, end - _FARTHEST)
    begin = max((mark.end() for mark in _SENTENCE_ENDS.finditer(text, farthest, end)), default=farthest)
    return [*_times(text, begin, end, context)]


def _are_steps(inner: str, context: TimeContext) -> bool:
    """Whether brackets hold steps, each behind its time (`3月启动，11月底前完成`)."""
    parts = [part.strip() for part in re.split(r"[,;、]", inner)]
    labels = [label_at(part, 0, len(part), context) for part in parts]
    return len(parts) > 1 and all(
        label is not None
        and label.period is None
        and label.reading.windows[0].due_on is not None
        and len(part) - label.body >= _SHORTEST
        for label, part in zip(labels, parts, strict=True)
    )


def _parts(inner: str, context: TimeContext) -> list[TimeReading]:
    """The times of the parts that brackets name; none where something else stands in them."""
    if (named := _PART_OF_IT.match(inner)) is not None:
        return [reading for reading in _times(inner, named.end(), len(inner), context) if not reading.bare]
    opening = label_at(inner, 0, len(inner), context) if _NO_NAME.match(inner) is None else None
    if opening is not None and opening.period is None and _DUTY.match(inner, opening.body) and not _ASIDE.search(inner):
        # `2027年12月（2026年完成投资60%）`: what is due before.
        return [opening.reading]
    found = [_part(part.strip(), context) for part in re.split(r"[,;、]", inner)]
    return [reading for reading in found if reading is not None] if all(found) else []


def _part(part: str, context: TimeContext) -> TimeReading | None:
    name = _NAME.match(part) if _NO_NAME.match(part) is None else None
    reading = time_at(part, name.end(), context) if name is not None else None
    fits = reading is not None and reading.deadline and _DONE.match(part, reading.end) is not None
    return reading if fits else None


def _times(text: str, begin: int, end: int, context: TimeContext) -> Iterator[TimeReading]:
    """The dated times between two places of a text, from the left."""
    at = begin
    while at < end:
        reading = None if at > begin and text[at - 1].isdigit() else time_at(text[:end], at, context)
        if reading is not None and reading.basis in (Basis.DATED, Basis.WHOLE_YEAR):
            yield reading
            at = max(reading.end, at + 1)
        else:
            at += 1


def with_duties_in_brackets(drafts: list[Deliverable], cell: str) -> list[Deliverable]:
    """`4月底前（方案）；8月底前（建设）`: where brackets stand behind each of several times, they say what is due."""
    told = [_bracketed_duty(draft, cell) for draft in drafts]
    if len(drafts) < 2 or not all(told):
        return drafts
    return [
        replace(draft, description=duty, doubts=tuple(doubt for doubt in draft.doubts if doubt.code != "remark"))
        for draft, duty in zip(drafts, told, strict=True)
    ]


def _bracketed_duty(draft: Deliverable, cell: str) -> str:
    """The words of a remark that stands for a duty; a single one may say anything."""
    remark = any(doubt.code == "remark" for doubt in draft.doubts) and not draft.description
    words = cell[draft.body : draft.end].strip().strip("()（）").strip()
    return words if remark and not any(char.isdigit() for char in words) else ""
