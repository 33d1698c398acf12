"""The time inside a clause that no label opens: in brackets, in its first words, or behind what is to be done."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from domain.notice.clauses import Clause
from domain.notice.labels import Label, governing_period, hidden_times, label_at
from domain.notice.open_times import left_open_at
from domain.notice.patterns import regex
from domain.notice.recurrences import find_period, period_at
from domain.notice.times import time_within
from domain.notice.windows import Basis, TimeContext, TimeReading

# `待定，预计三季度`, `TBC – likely Q3`: nobody has said it yet, whatever is hoped for behind it.
_TO_BE_SAID = regex(r"(?:时间)?(?:待定|未定|另行)|T\.?B\.?[CDA]|to\s+be\s", re.IGNORECASE)
# The paper that a clause refers to: `按照三年行动计划（2023—2025年），`, `按照2025年12月印发的方案，`.
REFERENCE = regex(
    r"(?:按照?|依照?|依据|遵照|根据|对照|结合|围绕|落实|执行)[^,;。:()]{1,40}(?:\([^()]*\)[^,;。:()]{0,12}|"
    r"(?:印发|出台|下发|发布|公布|召开|通过|批准|批复|签订)的[^,;。:()]{1,40}),\s*"
)
AT_ONCE = regex(r"立即|马上|尽快|尽早|及时|即时")
"""Words that hurry, and say no day."""
_BEGUN = regex(r"\s*(?:启动|开展|组织|着手|部署|推进|实施|行动|整改|办理)?")
_DATED = regex(r"[\d月季年日]")
_REPORTS = regex(r"[^,;。:()]{0,14}(?:报告|汇报|通报|反馈|上报|报送)(?:一次|\d次)?[^,;。:()]{0,8}(?:进展|进度|情况)\s*")
_EVENT_DATED = regex(r"[^,;。:()\d]{2,12}(?<!完成)(?:前|[期]内|期间|时|之际|来临前|到来前)\(")
_LATEST = regex(r",\s*(?:最[迟晚]|至迟|务必|必须|确保)?(?:不超过|不得?[晚迟]于|于|在)?\s*")
_TRAILING = regex(r"[(\[【](?P<inner>[^()\[\]【】]{1,40})[)\]】]\s*(?:期间)?[,。;]?\s*$")
_BRACKET = regex(r"\((?P<inner>[^()]{1,40})\)\s*[:,]")

# `夏季（6-8月）开展…`: brackets behind the first word say when.
_OPENING_BRACKET = regex(r"[^\d,;。:()]{1,6}\((?P<inner>[^()]{1,40})\)")
# `【6月底前】修订章程`
_LEADING = regex(r"\s*[(\[【](?P<inner>[^()\[\]【】]{1,40})[)\]】]\s*(?=[一-鿿A-Za-z])")
_PHASE_OPENS = regex(r"(?P<phase>[^,;。:()\d\s][^,;。:()]{1,11})\((?P<inner>[^()]{1,40})\)(?=\s*[^,;。、:()\s])")
_LONGEST_NAME = 16
_MONTHS_OF_A_YEAR = 12
_SHORTEST_DUTY = 2
# What joins a sentence to the one before it, and is no duty.
_LINK = regex(r"(?:在此基础上|在此期间|其间|此外|另外|同时|与此同时|届时|随后|然后|最后|其次)\s*")
_SAID_IN_BRACKETS = regex(
    r"\s*(?:时限|完成时限|时间|截止|期限|due|deadline|target)(?:为|至|到)?\s*:?\s*", re.IGNORECASE
)
_CLOSING_BRACKET = regex(
    r"(?P<closed>\((?P<inner>[^()]{1,40})\))\s*(?:(?:[,、]|->|→|(?=以?及|和|and\s|then\s))\s*(?:以及|[和及并再]|and\s+|then\s+)?|$)"
)
_COMPLETION = regex(
    r"\s*(?:(?:全面|全部|基本|正式|确保|力争|初步|顺利|如期|陆续|整体|要|须|应|需|并|同步|率先|可)*"
    r"(?:完成|建成|投入使用|投入运营|投入试用|投用|投产|投运|启用|开通|开业|开园|开馆|开学|开课|开班|开讲|开营|开幕|结业|结课|上线|运行|试运行|交付|竣工|完工|开工|动工|落实|到位|实施"
    r"|执行|办结|销号|印发|出台|发布|公布|公示|启动|举办|召开|举行|结束|见效|验收|交工|通车|挂牌|达产|实现|提交|报送|上报|落地|运营|使用|开放"
    r"|搬迁|入驻|完毕|组织实施|建设|整改|工作|任务|施工|主体|封顶|招标|采购|签约|推广|铺开|推开|审议|报批|备案|总结|评审|通过|达标|成形|成型"
    r"|completed?|done|launch(?:ed)?|finish(?:ed)?|deliver(?:ed|y)?|published?|in\s+place|in\s+use|live|ready|due)){1,4}\s*$",
    re.IGNORECASE,
)


def own_time(
    text: str, hidden: list[bool], clause: Clause, context: TimeContext, *, governed: bool, behind: bool
) -> TimeReading | None:
    """The time inside a clause without a label.

    `governed` says that a time stands over the clause already, `behind` that the cell writes its times behind.
    """
    bracketed = bracketed_time(text, clause, context)
    if bracketed is not None:
        return bracketed
    times = hidden_times(text, hidden, clause.start, clause.end, context)
    first = times[0].reading if times else None
    comma = text.find(",", clause.start, clause.end)
    if first is not None and (
        not governed
        or comma == -1
        or first.start < comma
        or behind
        or closes(text, first, clause.end)
        or _LINK.fullmatch(text, clause.start, comma)
    ):
        return first
    return _at_a_mark(text, hidden, clause, context) if not governed else None


def closes(text: str, reading: TimeReading, end: int) -> bool:
    """Whether nothing but a word of completion follows a time: it is the time of what stands before it."""
    stop = text.find(",", reading.end, end)
    rest = text[reading.end : end if stop == -1 else stop]
    return not rest.strip() or _COMPLETION.match(rest) is not None


def parts_with_times_behind(text: str, hidden: list[bool], clause: Clause, context: TimeContext) -> list[Clause]:
    """`X，3月底前完成，Y，10月底前完成`: each duty with the time behind it is a clause of its own."""
    bracketed = parts_with_brackets(text, clause, context)
    closed = bracketed if len(bracketed) > 1 else _each_with_its_limit(text, hidden, clause, context)
    parted = closed if len(closed) > 1 else _behind_what_comes_back(text, hidden, clause, context)
    if len(parted) > 1:
        return parted
    times = [time.reading for time in hidden_times(text, hidden, clause.start, clause.end, context)]
    parts: list[Clause] = []
    start = clause.start
    for reading, following in itertools.pairwise(times):
        comma = text.find(",", reading.end, following.start)
        if comma == -1 or not text[start : reading.start].strip(" ,") or not closes(text, reading, clause.end):
            return [clause]
        duty = text[comma + 1 : following.start].strip()
        if not duty.strip(",") or "," not in duty:
            return [clause]
        parts.append(Clause(start, comma, clause.numbering if not parts else None))
        start = comma + 1
    if not parts or not closes(text, times[-1], clause.end):
        return [clause]
    while start < clause.end and text[start].isspace():
        start += 1
    return [*parts, Clause(start, clause.end)]


def _behind_what_comes_back(text: str, hidden: list[bool], clause: Clause, context: TimeContext) -> list[Clause]:
    """`对重点企业每月调度，12月20日前报总结`: a duty that comes back, before one with a time of its own.

    As many times as sessions (`对企业每半年走访一次，6月、12月开展`) are those of the sessions.
    """
    comma = text.find(",", clause.start, clause.end)
    period = find_period(text, hidden, clause.start, comma) if comma != -1 else None
    following = label_at(text, comma + 1, clause.end, context) if period is not None else None
    if period is None or following is None or hidden_times(text, hidden, clause.start, comma, context):
        return []
    reading = following.reading
    dated = following.period is None and reading.basis is Basis.DATED and not reading.windows[0].ongoing
    sessions = period.months is not None and len(reading.windows) * period.months == _MONTHS_OF_A_YEAR
    own = dated and not sessions and following.body < clause.end and not closes(text, reading, clause.end)
    return [replace(clause, end=comma), Clause(comma + 1, clause.end)] if own else []


def _each_with_its_limit(text: str, hidden: list[bool], clause: Clause, context: TimeContext) -> list[Clause]:
    """`一期600个6月底前、二期900个12月20日前`: parts that each end with a limit of their own."""
    marks = [at for at in range(clause.start, clause.end) if text[at] in "、," and not hidden[at]]
    begins, ends = [clause.start, *(at + 1 for at in marks)], [*marks, clause.end]
    for begin, end in zip(begins, ends, strict=True) if marks else ():
        times = hidden_times(text, hidden, begin, end, context)
        duty = text[begin : times[0].reading.start].strip() if len(times) == 1 else ""
        if len(duty) < _SHORTEST_DUTY or not times[0].reading.deadline or not closes(text, times[0].reading, end):
            return []
    return [
        Clause(begin, end, clause.numbering if not at else None)
        for at, (begin, end) in enumerate(zip(begins, ends, strict=True))
    ]


def _phases(text: str, clause: Clause, context: TimeContext) -> list[Clause]:
    """`第一阶段（3-5月）摸底，第二阶段（6-9月）整治`: a phase with its time in brackets opens a clause of its own."""
    found = [
        match.start("phase")
        for match in _PHASE_OPENS.finditer(text, clause.start, clause.end)
        if (match.start() == clause.start or text[: match.start()].rstrip().endswith(","))
        and _time_in(text, *match.span("inner"), context) is not None
    ]
    if len(found) < 2 or found[0] != clause.start:
        return []
    ends = [text.rfind(",", clause.start, begin) for begin in found[1:]] + [clause.end]
    return [
        Clause(begin, end, clause.numbering if not at else None)
        for at, (begin, end) in enumerate(zip(found, ends, strict=True))
    ]


def parts_with_brackets(text: str, clause: Clause, context: TimeContext) -> list[Clause]:
    """`X（4月15日前），Y（5月底前）`: a time in brackets behind its duty closes a clause of its own."""
    if text.find("(", clause.start, clause.end) == -1:
        return [clause]
    if phases := _phases(text, clause, context):
        return phases
    parts: list[Clause] = []
    start = clause.start
    for bracket in _CLOSING_BRACKET.finditer(text, clause.start, clause.end):
        duty = text[start : bracket.start()].strip(" ,、")
        if duty and _time_in(text, *bracket.span("inner"), context) is not None:
            parts.append(Clause(start, bracket.end("closed"), clause.numbering if not parts else None))
            start = bracket.end()
    if text[start : clause.end].strip(" ,、"):
        parts.append(Clause(start, clause.end))
    return parts if sum(text[part.end - 1] == ")" for part in parts) > 1 else [clause]


def _time_in(text: str, begin: int, end: int, context: TimeContext) -> TimeReading | None:
    """The time that brackets hold, where they hold nothing else."""
    said = _SAID_IN_BRACKETS.match(text, begin, end)
    label = label_at(text, said.end() if said is not None else begin, end, context)
    if label is not None and label.body >= end:
        return label.reading
    # `（甲局，4月底前）`: who, and by when.
    comma = max(text.rfind(mark, begin, end) for mark in ",;")
    behind = label_at(text, comma + 1, end, context) if comma != -1 and comma - begin <= _LONGEST_NAME else None
    return behind.reading if behind is not None and behind.body >= end and behind.reading.deadline else None


def _at_a_mark(text: str, hidden: list[bool], clause: Clause, context: TimeContext) -> TimeReading | None:
    for at in range(clause.start, clause.end):
        if hidden[at]:
            continue
        period = governing_period(text, hidden, at, clause.end) if at == clause.start else None
        if period is not None and (label := label_at(text, period.start, clause.end, context)) is not None:
            return label.reading
        reading = time_within(text, at, clause.end, context) if text[at - 1 : at] in (",", ":", " ", "-") else None
        if reading is not None and reading.end >= clause.end:
            return reading
    return None


def bracketed_time(text: str, clause: Clause, context: TimeContext) -> TimeReading | None:
    """The time in brackets at the clause's end, before a mark, or behind its first word."""
    trailing = _TRAILING.search(text, clause.start, clause.end)
    opening = _OPENING_BRACKET.match(text, clause.start, clause.end)
    leading = _LEADING.match(text, clause.start, clause.end)
    for bracket in (trailing, *_BRACKET.finditer(text, clause.start, clause.end), opening, leading):
        if bracket is None:
            continue
        begin, end = bracket.span("inner")
        if (whole := _time_in(text, begin, end, context)) is not None:
            return whole
        said = _SAID_IN_BRACKETS.match(text, begin, end)
        label = label_at(text, said.end() if said is not None else begin, end, context)
        if label is not None and label.body >= end - (2 if bracket is trailing else 0):
            return label.reading
    return None


def dated_in_brackets(text: str, clause: Clause, label: Label, context: TimeContext) -> bool:
    """Whether brackets behind it date what has no date: `汛期前（5月1日前）`, `立行立改（2月底前）`."""
    window = label.reading.windows[0]
    # `春节前（2月10日前）`: the day of a feast is said in brackets.
    feast = label.reading.deadline and _DATED.search(text, label.reading.start, label.reading.end) is None
    if (window.due_on is not None and not feast) or window.ongoing or left_open_at(text, label.reading.start):
        return False
    if not text.startswith("(", label.body):
        return False
    said = bracketed_time(text, clause, context)
    return said is not None and said.windows[0].due_on is not None


def only_leads_to_a_time(text: str, hidden: list[bool], label: Label, clause: Clause, context: TimeContext) -> bool:
    """Whether `按照三年行动计划，…` or `持续实施，…` stands before a clause that says its time itself."""
    at_once = AT_ONCE.match(text, label.reading.start) is not None
    loose = not label.delimited and label.reading.windows[0].ongoing
    if (
        loose
        or _TO_BE_SAID.match(text, label.reading.start)
        or ":" in text[label.reading.end : label.body]
        or label.body >= clause.end
    ):
        return False
    following = label_at(text, label.body, clause.end, context)
    comes_back = following is not None and following.period is not None
    if comes_back and text[label.body - 1] == "," and not label.reading.windows[0].ongoing:
        # `按省厅要求，每季度首月10日前报送`
        return True
    times = hidden_times(text, hidden, label.body, clause.end, context)
    dated = bool(times) and (times[0].reading.deadline or not label.reading.windows[0].ongoing)
    comma = text.find(",", label.body, times[0].reading.start) if times else -1
    # `立即启动，6月底前完成`: what begins at once is by that day.
    begun = at_once and comma != -1 and _BEGUN.fullmatch(text, label.body, comma) is not None
    # `尽快完成土地出让，最迟不超过7月底`: the limit behind it says by when the same is due.
    limits = at_once and comma != -1 and _LATEST.fullmatch(text, comma, times[0].reading.start) is not None
    return dated and (comma == -1 or begun or (limits and closes(text, times[0].reading, clause.end)))


def is_all_when(text: str, clause: Clause, own: TimeReading, context: TimeContext) -> bool:
    """Whether a clause holds what has no date, its date in brackets, and nothing else."""
    behind = text[own.end : clause.end].strip()
    if _EVENT_DATED.fullmatch(text, clause.start, own.start) is not None and behind.strip("前 ") == ")":
        return True
    event = label_at(text, clause.start, clause.end, context)
    if event is None or event.reading.windows[0].due_on is not None or own.start < event.body:
        return False
    return text[event.body : own.start].strip() == "(" and behind == ")"


def reports_on_it(text: str, label: Label, clause: Clause) -> bool:
    """Whether nothing but reports on the progress of a duty stands behind its limit."""
    (window, *_) = label.reading.windows
    period = period_at(text, label.body)
    limit = label.reading.deadline and label.period is None and window.starts_on is None and not window.ongoing
    return limit and period is not None and _REPORTS.fullmatch(text, period.end, clause.end) is not None
