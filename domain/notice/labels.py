"""Where a text names a time: the label that opens a clause, and a second time hidden inside one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from domain.notice.english_recurrences import closing_period, english_period_at
from domain.notice.festivals import FESTIVAL_NAMES
from domain.notice.open_times import event_at, undated_at
from domain.notice.patterns import regex
from domain.notice.recurrences import TIMES_A_YEAR, Period, find_period, period_at
from domain.notice.times import time_at, time_within
from domain.notice.what_follows import ATTRIBUTIVE, VERB, attributive, describes
from domain.notice.windows import Basis, TimeContext, TimeReading, Window
from domain.notice.words_before import (
    IS_THE_TIME,
    KEEPS_UP,
    MAY_BE_LATER,
    NAMED_PART,
    OF_A_KIND,
    OF_SEVERAL_DAYS,
    OFFICE,
    SUBJECT,
)

_DELIMITER = regex(r"\s*(?:[:,、]|-{1,4}(?!\d))+\s*|\s+|$")
# `全年目标：…`, `一季度工作：…`: a time heads what is to be done in it.
_HEADED = regex(r"(?:的?(?:主要|重点|阶段性?)?(?:工作|目标|任务|计划|安排)){1,2}\s*(?=:)")
# `2026年为30%`; `当年为企业减负5亿元` is a duty.
_IS = regex(r"是|为(?![一-鿿]{2,6}(?:减|增|降|节|提|培|办|发|争|送))")
_BLANK = regex(r"\s*")
_OF_A_TIME = "月日号年底末初旬季度半 "
_NAMED_MONTH = regex(r"、\s*[一-鿿A-Z]{2,5}(?=\d{1,2}(?:-\d{1,2})?月(?!\d))")
_PART_OF_YEAR = regex(r"年[中终]$")
_YEARS_PAPER = regex(r"(?:工作|总结|述职|表彰|分析)*(?:会|大会)|奖|报[告表]|决算|结余|数据|绩效|[,;。、]")
_PAPER = regex(r"工作|总结(?:会|报告|材料|大会|$)")
# `四季度总结`, `12月上旬报告`: a paper's name that closes its part is what is done then.
_DONE_THEN = regex(r"总结|(?:报告|汇报|培训|会议)(?=\s*(?:$|[,;。)]))")
_ONLY_A_NUMBER = regex(r"\s*各?(?:\d+|[一二两三四五六七八九十]+)[期次场个家项批](?=\s*(?:[,、;。]|$))")
# `上半年计划完成10个`: the plan is to do it; `上半年计划` alone is a paper.
_PLANNED = regex(
    r"计划(?:完成|开展|举办|召开|新|启动|实施|建|组织|培训|开工|投|改造|对|于|在|在?推|出台|印发|引进|实现)"
)
_QUOTED_FEAST = regex(rf"[“\"](?:{'|'.join(FESTIVAL_NAMES)})[”\"](?:节|假期)?(?:(?:之|以)?前|期间|前后)")
_CONNECTOR = regex(
    r"(?:(?:必要时|根据需要|视情况?|酌情|并|且|再|其中|同时|另|又|也|还|则|但|最后|最终|随后|然后|接着|随即|分别|计划|预计|全部|要|须|应|确保|力争|争取|务必|于|在|到|至|自|从|赶在|必须|拟"
    r"|(?:启动|开始|开工|完成|办结|竣工|完工|结束|投用)(?:时间|时限|期限|日期)(?:为|是)?)\s*)*"
)
_UP_TO = regex(r"(?:截至|截止[到至]?|(?:期限?|时间)(?:延长)?[到至])\s*$")
_AT_THE_LATEST = regex(r"(?:最[迟晚]|至迟|不得?[晚迟]于)\s*(?:于|在|不超过|到)?\s*$")
_NOT_BEFORE = regex(r"[对与和及跟同向为将把比以由被迎,、“《(\[的是召]\s*$")
_MONTH_END = regex(r"(?:月份?|季度|半年|[上中下]旬)$")
_HOLIDAY = regex(r"[寒暑]假")
_AND = regex(r"\s+(?:and|then)\s+(?:then\s+)?", re.IGNORECASE)
_THEN = regex(r"\s*(?:and\s+)?then\s+", re.IGNORECASE)
_ENGLISH_TIME = regex(r"\b(?:by|before|in|until)\s+(?:the\s+)?(?:[A-Z]|\d|end|mid|late|early)|\bQ[1-4]\b")
_FREQUENCY = regex(r"至少|不少于|不低于|开展|举办|召开|组织|举行|进行|[\d一二两三四五六七八九十]+|[次期场回篇条份]|\W")
_COUNTED = regex(r"[\d一二两三四五六七八九十]\s*[次期场回篇条份]")
_ALSO = regex(r"(?:并且?|且|同时|其间|期间|(?P<since>此后|今后|之后|以后|随后|其后|而后))(?=每|按)")
_SHORTEST_DUTY = 2
_CANDIDATE = regex(
    r"\d|[一二][〇零九O0][〇零O0一二三四五六七八九]{2}年|[上中下]{1,2}旬|[月季][底末]|[同当次翌本下]月|下个月|[本下](?:周|季度)|[到至](?=(?:19|20)\d{2}年)|前(?=[三3]个?季度)|[一二三四五六七八九十元]{1,3}\s*(?:月|个?季度|[-至、])|(?<=[,于在])[一二两三四五六七八九十半]{1,3}\s*个?\s*(?:工作日|[日天周月]|星期|季度)(?:之|以)?内(?![部容外])|[上下前后]半年|(?<=[,;、])半年(?=\d)|全年|整年|(?<![去上前学财])年(?:[底末初终尾]|中(?!国))|(?<![去上前学财\d一二两三四五六七八九十几多])年内|去年|上年(?=\d|[底末])|前年(?=\d|[底末])|今年|本年|当年|明年|次年|第\s*[一二三四1-4]|首季|"
    rf"{'|'.join(FESTIVAL_NAMES)}|寒假|(?<!寒)暑假|暑期|即日|贯穿(?=全年)|Q[1-4]|H[12](?![A-Za-z\d])"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
# A date or a month by its name; behind a word that only describes (`the June report`) it is no time.
_ENGLISH_POINT = regex(rf"(?<![A-Za-z\d])(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}(?![a-z])")
_DESCRIBES = regex(
    r"(?<![A-Za-z])(?:for|of|to|and|or|the|a|an|from|since|between|than|after|with|on|our|its|their|this|last)\s*$"
    r"|\d\s*-?\s*$",
    re.IGNORECASE,
)
_ENGLISH_CANDIDATE = regex(
    r"(?<![A-Za-z])(?:by|before|no later|until|in|from|within|between|Q[1-4]|H[12]|quarterly|monthly|end)\b",
    re.IGNORECASE,
)
# Whatever a time may begin with, in one look.
_OPENS_A_TIME = regex(
    f"{_CANDIDATE.pattern}|{TIMES_A_YEAR.pattern}|(?i:{_ENGLISH_CANDIDATE.pattern})|{_ENGLISH_POINT.pattern}"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A time that governs a clause: its reading, the period where it is one, and where the text it governs begins."""

    reading: TimeReading
    body: int
    period: Period | None = None
    delimited: bool = True


def label_at(  # noqa: PLR0911 - one exit for each kind of label
    text: str, at: int, end: int, context: TimeContext
) -> Label | None:
    """The label that opens a clause at an offset; without a delimiter only where it cannot be part of a name."""
    keeps_up = KEEPS_UP.match(text, at)
    at = keeps_up.end() if keeps_up is not None else at
    if (period := period_at(text, at)) is not None:
        return _periodic(text, at, end, period, context)
    reading = time_within(text, at, end, context)
    if reading is None:
        return _undated(text, at, end)
    headed = _HEADED.match(text, reading.end, end)
    delimiter = _DELIMITER.match(text, headed.end() if headed is not None else reading.end, end)
    strong = delimiter is not None and (delimiter.group().strip() != "" or delimiter.end() >= end)
    if strong and delimiter is not None:
        return Label(reading, delimiter.end())
    rest = text[reading.end : end].lstrip()
    if reading.deadline:
        return None if attributive(rest) and not rest.startswith(("前", "完成的同时")) else _loose(text, reading)
    if reading.bare and rest.startswith(("为", "是")):
        return None
    spaced = text[reading.end : reading.end + 1].isspace()
    holiday = spaced and _HOLIDAY.fullmatch(text, at, reading.end) is not None
    if reading.bare and not VERB.match(rest) and period_at(rest, 0) is None and not holiday:
        return None
    month = _MONTH_END.search(text[at : reading.end]) is not None
    if (
        ATTRIBUTIVE.match(rest)
        and (not spaced or rest.startswith("的"))
        and not _PLANNED.match(rest)
        and not (month and _DONE_THEN.match(rest))
    ):
        return None
    return _loose(text, reading)


def _loose(text: str, reading: TimeReading) -> Label:
    blank = _BLANK.match(text, reading.end)
    return Label(reading, blank.end() if blank is not None else reading.end, delimited=False)


def _periodic(text: str, at: int, end: int, period: Period, context: TimeContext) -> Label | None:
    if period.end > end:
        return None
    whole = Window(starts_on=date(context.year, 1, 1), due_on=date(context.year, 12, 31))
    year = period.from_issue(whole, context.issued_on)
    delimiter = _DELIMITER.match(text, period.end, end)
    body = delimiter.end() if delimiter is not None else period.end
    reading = TimeReading(at, period.end, (period.within(year),), Basis.DATED, (period.doubt,) if period.doubt else ())
    return Label(reading, body, period, delimited=delimiter is not None and delimiter.group().strip() != "")


def _undated(text: str, at: int, end: int) -> Label | None:
    reading = undated_at(text, at) or event_at(text, at)
    if reading is None or reading.end > end:
        return None
    delimiter = _DELIMITER.match(text, reading.end, end)
    strong = delimiter is not None and (delimiter.group().strip() != "" or delimiter.end() >= end)
    body = delimiter.end() if delimiter is not None else reading.end
    return Label(reading, body, delimited=strong)


@dataclass(frozen=True, slots=True)
class HiddenTime:
    """A second time inside a clause: its reading, where its part of the text begins, where its description begins."""

    reading: TimeReading
    cut: int
    body: int
    within: bool = False
    """Whether it only repeats inside the time that governs the clause (`上半年：…，每月报送进展`)."""
    since: bool = False
    """Whether it repeats from the end of that time on (`6月底前…，之后每月调度`)."""


def hidden_times(
    text: str,
    hidden: list[bool],
    start: int,
    end: int,
    context: TimeContext,
    *,
    skip_to: int | None = None,
    numbers: bool = False,
) -> list[HiddenTime]:
    """The times named inside `start`..`end` of the folded text that stand for a deadline of their own.

    `numbers` says whether a time and a bare number (`下半年3场`) are a deliverable, as they are behind another one.
    """
    found: list[HiddenTime] = []
    segment = start
    at = skip_to if skip_to is not None else start
    refused: int | None = None
    while at < end:
        if not hidden[at] and (text[at] == "," or (text[at] in "、/" and period_at(text, at + 1) is not None)):
            segment = at + 1
            at += 1
            often = _how_often(text, segment, start, end, context)
            if often is not None:
                found.append(often)
                at = often.reading.end
            continue
        if text[at] == "、" and not hidden[at] and _NAMED_MONTH.match(text, at, end) is not None:
            # `首批3月、二批6月`
            segment = at = at + 1
            continue
        if not hidden[at] and (boundary := _boundary(text, at, end, refused, context)) is not None:
            segment = at = boundary
            continue
        feast = text[at] in '“"' and _QUOTED_FEAST.match(text, at) is not None
        if (hidden[at] and not feast) or (not feast and _OPENS_A_TIME.match(text, at) is None):
            at += 1
            continue
        time = _hidden_time(text, segment, at, end, context, first=skip_to is None and not found)
        if time is not None and not numbers and _ONLY_A_NUMBER.match(text, time.reading.end, end):
            # `分两期举办，上半年一期，下半年一期`: where no label stands before, the numbers share what was said first.
            time = None
        refused = at if time is None else None
        if time is not None:
            found.append(time)
            at = max(time.reading.end, at + 1)
        else:
            at = _past_number(text, at, end)
    return found


def _boundary(text: str, at: int, end: int, refused: int | None, context: TimeContext) -> int | None:
    """Where a mark weaker than a comma begins a part with a time of its own (`…30家、下半年培育20家`)."""
    if text[at] in "、/":
        begin = at + 1
        if not _CANDIDATE.match(text, begin) or _hidden_time(text, begin, begin, end, context) is None:
            return None
        # `总结3月、4月检查情况`: the mark joins two times of one list, which was found to be no time of its own.
        listed = time_at(text, refused, context) if refused is not None else None
        return begin if listed is None or listed.end <= at else None
    if text[at] == " " and (match := _AND.match(text, at, end)) is not None:
        times = (_ENGLISH_TIME.search(text, match.end(), end), _ENGLISH_TIME.search(text[:at]))
        return match.end() if all(times) else None
    return None


def _how_often(text: str, at: int, start: int, end: int, context: TimeContext) -> HiddenTime | None:
    """A part that says how often something of its own comes back (`…，每两个月召开一次例会`).

    A part that holds nothing but the number (`…，每季度不少于2次`) tells of what stands before it.
    """
    begin = at
    while begin < end and text[begin].isspace():
        begin += 1
    joined = _ALSO.match(text, begin, end)
    begin = joined.end() if joined is not None else begin
    period = period_at(text, begin)
    if period is None or period.end > end:
        return None
    stop = min((i for i in (text.find(mark, period.end, end) for mark in ",;。") if i != -1), default=end)
    rest = text[period.end : stop].strip()
    since = joined is not None and joined["since"] is not None
    once_in_each = text[begin] in "一半全两" and text[period.end - 1] == "一"
    if since or once_in_each or (len(rest) >= _SHORTEST_DUTY and not _COUNTED.search(rest)):
        return replace(_inside(at, begin, period, context), since=since)
    duty = _FREQUENCY.sub("", text[period.end : stop])
    if len(duty) < _SHORTEST_DUTY or duty in text[start:at]:
        return None
    return _inside(at, begin, period, context)


def _inside(at: int, begin: int, period: Period, context: TimeContext) -> HiddenTime:
    year = Window(starts_on=date(context.year, 1, 1), due_on=date(context.year, 12, 31))
    year = period.from_issue(year, context.issued_on)
    reading = TimeReading(
        begin, period.end, (period.within(year),), Basis.DATED, (period.doubt,) if period.doubt else ()
    )
    return HiddenTime(reading, at, begin, within=True)


def _past_number(text: str, at: int, end: int) -> int:
    at += 1
    while at < end and text[at].isdigit() and text[at - 1].isdigit():
        at += 1
    return at


def _hidden_time(
    text: str, segment: int, at: int, end: int, context: TimeContext, *, first: bool = False
) -> HiddenTime | None:
    past = text[max(0, at - 2) : at] in ("去年", "上年", "前年") or MAY_BE_LATER.search(text, segment, at) is not None
    before = text[at - 1] if at else ""
    behind = text[at - 2] if at > 1 else ""
    # The end of a range whose beginning is no time of its own is none either.
    range_ = (before in ("/", "-") and behind.isdigit()) or (before in ("-", "至", "到") and behind in _OF_A_TIME)
    number = before.isdigit() or before in (".", "第") or range_
    if past or (text[at].isdigit() and number):
        return None
    reading = time_within(text, at, end, context)
    if reading is None or reading.basis is Basis.UNDATED:
        return None
    lead = text[segment:at]
    often = english_period_at(text, at) if not _THEN.fullmatch(lead) else None
    if often is not None and not text[often.end : end].strip(" ."):
        # `starting in May, monthly`: how often the duty before it comes back.
        return None
    rest = text[reading.end : end].lstrip()
    latest = _AT_THE_LATEST.match(lead) if first else None  # behind another time it is a second limit of one duty
    if not reading.deadline and len(reading.windows) == 1 and (latest or _UP_TO.search(lead)):
        # `征集期限截至5月31日`, `最迟9月30日交付`: an end, and no day on which it is done.
        due = Window(due_on=reading.windows[0].due_on)
        reading = replace(reading, windows=(due,), deadline=True)
    if latest is not None:
        lead = lead[: latest.start()]
        at = segment + latest.start()
    if not _accepted(reading, text[at : reading.end], lead, rest):
        return None
    connector = _CONNECTOR.search((lead.strip() and lead) or "")
    opening = lead.strip() == "" or (connector is not None and _CONNECTOR.fullmatch(lead.strip()) is not None)
    if opening:
        delimiter = _DELIMITER.match(text, reading.end, end)
        body = delimiter.end() if delimiter is not None else reading.end
        return HiddenTime(replace(reading, start=at), segment, body)
    return HiddenTime(replace(reading, start=at), segment, segment)


def _accepted(  # noqa: PLR0911 - one exit for each reason
    reading: TimeReading, printed: str, lead: str, rest: str
) -> bool:
    opening = _CONNECTOR.fullmatch(lead.strip()) is not None
    if reading.deadline:
        if attributive(rest) or (_PAPER.match(rest) and rest != "总结"):
            return False
        if lead.rstrip().endswith("的"):
            # `涉及拆迁的年底前完成`: those of a kind, and by when.
            return OF_A_KIND.match(lead.strip()) is not None or rest.startswith(
                ("完成", "办结", "到位", "建成", "整改")
            )
        return opening or not _NOT_BEFORE.search(lead.rstrip()) or lead.rstrip().endswith(("为", "以", "将"))
    if IS_THE_TIME.search(lead) and (rest == "" or rest[0] in ",;。("):
        return True
    month = _MONTH_END.search(printed) is not None
    if reading.bare:
        # `2025年完成30%，2026年全面推开`: behind a comma and before a verb a year is a time.
        # So are the middle and the end of the year before any words but a paper's name (`年中自查`, `年终总结会`).
        duty = VERB.match(rest) or (_PART_OF_YEAR.search(printed) and rest and not _YEARS_PAPER.match(rest))
        return opening and bool(duty) and not attributive(rest) and not _IS.match(rest)
    if ATTRIBUTIVE.match(rest) and not _PLANNED.match(rest) and not (opening and month and _DONE_THEN.match(rest)):
        return False
    if opening and month and _DONE_THEN.match(rest):
        return True
    if opening:
        # Whatever stands behind a comma and a time is a duty of its own, unless the time only describes a noun.
        return not describes(rest)
    return _behind_its_duty(reading, printed, lead, rest, month=month)


def _behind_its_duty(  # noqa: PLR0911 - one exit for each reason
    reading: TimeReading, printed: str, lead: str, rest: str, *, month: bool
) -> bool:
    """Whether a time inside a part of a sentence is the time of what stands there, and does not only describe it."""
    if _NOT_BEFORE.search(lead.rstrip()):
        return False
    if _ENGLISH_CANDIDATE.match(printed) and (rest == "" or rest[0] in ",;."):
        return True
    if _ENGLISH_POINT.match(printed) and (rest == "" or rest[0] in ",;.("):
        return _DESCRIBES.search(lead) is None
    if VERB.match(lead) is not None and OF_SEVERAL_DAYS.match(rest) is not None:
        # `组织参加5月18日博物馆日、6月13日遗产日活动`
        return True
    subject = SUBJECT.fullmatch(lead.strip()) or OFFICE.fullmatch(lead.strip())
    if subject and re.match(r"[一-鿿]{2}", rest) and not describes(rest):
        # `区县5月自查，市里6月复核`: who does it stands before the time.
        return True
    if month and NAMED_PART.fullmatch(lead.strip(" -")) and (rest == "" or rest[0] in ",;。、"):
        # `小学5月，初中6月`: what is due in each month.
        return True
    if re.search(r"(?:于|在|自|从|到|至|截至|力争|确保|争取|计划|拟|预计)\s*$", lead):
        return rest == "" or rest[0] in ",;。" or VERB.match(rest) is not None
    return VERB.match(rest) is not None and not rest.startswith(
        ("对", "向", "为", "在", "与", "按", "将", "以", "由", "总结", "考核", "检查", "培训", "建设", "运行", "运营")
    )


def governing_period(text: str, hidden: list[bool], start: int, end: int) -> Period | None:
    """How often a deliverable comes back, where its text says so."""
    return find_period(text, hidden, start, end) or closing_period(text, start, end)
