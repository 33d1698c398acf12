"""Times that name no day of the calendar: `方案印发后30日内`, `持续推进`, `适时`, `即日起`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from domain.notice.numerals import CHINESE_NUMBER, number
from domain.notice.patterns import regex
from domain.notice.points import point_at
from domain.notice.windows import (
    Basis,
    Choice,
    Doubt,
    TimeContext,
    TimeReading,
    Window,
    day_choice,
    last_of_month,
    span_choice,
    spoken,
)
from domain.rules.calendar import WorkingCalendar

_N = rf"(?:\d{{1,4}}|{CHINESE_NUMBER}|半)"
_LENGTH = rf"(?P<n>{_N})\s*个?\s*(?P<unit>工作日|自然日|日历日|日|天|周|星期|月|季度|年)"
_RELATIVE = regex(
    rf"(?:自|从|在|于)?(?P<anchor>[^,;。:、\d\n]{{0,24}}?)(?:之日起|之日|日起|起|之后|以后|后)(?:的|,)?\s*(?:[于在]|第)?(?P<first>前)?{_LENGTH}\s*(?:之内|以内|内(?!部|容)|前|起)?"
    r"|(?:(?:力争|确保|争取|务必|须|应|要|并|必须)?[于在])?"
    rf"{_LENGTH.replace('?P<n>', '?P<bare_n>').replace('?P<unit>', '?P<bare_unit>')}\s*(?:之内|以内|内(?!部|容))"
)
# `10月内`, `一季度内` name a time of the year; `10个月内` and `三月以内` count.
_NAMES_A_MONTH = regex(r"(?:1[0-2]|[1-9])\s*月\s*内|[一二三四1-4]\s*季度\s*(?:之|以)?内")
# `压缩至3个工作日内`: how long something may take.
_TAKES = regex(r"(?:压缩|压减|缩短|缩减|减少|精简|控制|降低?|提速)(?:至|到|在|为)?\s*$|(?:实现|做到)[^,;。:\d]{0,10}$")
_A_YEAR = regex(r"\s*(?:19|20)\d{2}\s*年")
_FROM_NOW = regex(
    r"(?:从|自)?(?:即日|印发之日|发文之日|发布之日|通知印发之日|本通知印发之日|现在|印发之时)起(?!\s*(?:\d|[一二两三四五六七八九十半]|草))(?:实施|执行)?"
)
_UNTIL = regex(r"\s*(?:至|到|-+)\s*")
_SINCE_UNTIL = regex(r"(?:自|从)(?P<anchor>[^,;。:、\d\n]{2,20}?)(?:之日|之时|日|后)?(?:起|开始)\s*(?:至|到|-+)\s*")
_ISSUE = regex(r"印发|下发|发文|发布|通知|文件|公布|出台")
_LASTS = regex(
    rf"\s*[,(]?\s*(?:为期|历时|持续|工期(?:为)?)\s*(?P<n>{_N})\s*个?(?P<unit>月|天|周|星期|年|季度)(?!\s*[-至到])\)?"
)
# The list's own issue, not that of a paper which somebody has still to issue.
_OWN_ISSUE = regex(r"(?:本(?:通知|方案|清单|文件|意见|计划))?(?:印发|下发|发文|发布|公布)")
_CONTINUING = (
    r"持续推进|持续开展|持续进行|持续落实|持续实施|持续加强|持续深化|持续跟进|持续|长期坚持|长期推进|长期开展|长期实施|长期任务|长期性工作|长期|"
    r"常态化推进|常态化开展|常态化实施|常态化落实|常态化|常年坚持|常年开展|常年|经常性开展|经常性|日常工作|日常性工作|日常|一直|始终|不间断|滚动推进|压茬推进"
)
_UNFIXED = (
    r"适时|择机|择期|择时|待定|未定|另行通知|另行安排|时间待定|视情况?|视工作情况|视进展情况|根据(?:工作)?(?:实际|需要|情况|上级|省|市|国家|中央|团中央)[^,;。:]{0,12}"
    r"|(?:按照?|依照?|遵照|根据)(?:[“\"][^“”\"]{1,40}[”\"]|[^,;。:“”\"]{0,16})(?:的)?(?:要求|部署|安排|进度|计划|通知|节点|规定|需要)(?:的?时间)?(?:推进|开展|执行|落实|完成)?"
    r"|按需|随时|不定期|定期|按时|按期|如期|及时|即时|立即|立行立改|马上|尽快|尽早|近期|有序推进|(?:分步骤?|分阶段|分批次?)(?:实施|推进|开展|完成)|分阶段|同步推进|与[^,;。:]{1,12}同步|无|/|-|—|暂无|近年|长远"
)
_CONTINUING_AT = regex(_CONTINUING)
_UNFIXED_AT = regex(_UNFIXED)
_CHOICES = (Choice(key="全年持续", text="全年持续进行，到年底为止"), Choice(key="年底前", text="年底到期"))


def relative_at(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """A time counted from an event (`会后3个工作日内`), or from the day of issue (`即日起`)."""
    if (now := _FROM_NOW.match(text, at)) is not None:
        until = _UNTIL.match(text, now.end())
        last = point_at(text, until.end(), context) if until is not None else None
        if last is not None:
            start = context.issued_on if context.issued_on is not None and context.issued_on <= last.last else None
            return TimeReading(
                at, last.end, (Window(starts_on=start, due_on=last.last),), Basis.DATED, last.doubts, deadline=True
            )
        return _from_issue(at, now.end(), context)
    return _since_an_event(text, at, context) or _counted_from(text, at, context)


def _counted_from(text: str, at: int, context: TimeContext) -> TimeReading | None:
    match = _RELATIVE.match(text, at)
    if match is None or _A_YEAR.match(match.group()):
        return None
    printed, unit = match["n"] or match["bare_n"], match["unit"] or match["bare_unit"]
    anchor = (match["anchor"] or "").strip()
    if match["n"] is not None and not anchor and "日" not in match.group()[:3]:
        return None
    if match["bare_n"] is not None and (
        _NAMES_A_MONTH.match(match.group()) or _TAKES.search(text, 0, match.start("bare_n"))
    ):
        return None
    amount = number(printed) if printed != "半" else None
    due = None
    issued = not anchor or (_ISSUE.search(anchor) is not None and not anchor.startswith(("接", "收")))
    if context.issued_on is not None and amount is not None and issued:
        due = _later(context.issued_on, amount, unit, context.calendar)
    choices = (day_choice(due),) if due else ()
    window = Window(due_on=due)
    of_the_list = context.issued_on is not None and _OWN_ISSUE.fullmatch(anchor) is not None
    own = due is not None and of_the_list
    printed = text[at : match.end()]
    sentence = f"“{printed}”从另一件事算起，要写明日期。"
    if own:
        sentence = f"“{printed}”按清单的印发日期计。"
    elif of_the_list and unit == "工作日":
        sentence = f"“{printed}”按工作日数，那几天的放假安排还不知道，要写明日期。"
    doubt = Doubt(
        "relative_time",
        "note" if own else "ruling",
        sentence,
        spoken((window,)) if due else None,
        (*choices, Choice(key="M月D日前", text="写明到期日")),
    )
    return TimeReading(at, match.end(), (window,), Basis.RELATIVE, (doubt,), deadline=True)


def _since_an_event(text: str, at: int, context: TimeContext) -> TimeReading | None:
    """`自签订之日起至年底`: the end is a day, the beginning hangs on an event."""
    match = _SINCE_UNTIL.match(text, at)
    if match is None or point_at(text, match.start("anchor"), context) is not None:
        return None
    last = point_at(text, match.end(), context)
    if last is None:
        return None
    window = Window(due_on=last.last)
    sentence = f"从“{match['anchor']}”算起的开始日期没有写明，只按到期日督办。"
    doubt = Doubt("relative_start", "note", sentence)
    return TimeReading(at, last.end, (window,), Basis.DATED, (*last.doubts, doubt), deadline=True)


def lasting(text: str, at: int, first: date) -> TimeReading | None:
    """`，为期3个月` right behind a beginning: the window until then, and asked, for somebody has to count."""
    match = _LASTS.match(text, at)
    half = match is not None and match["n"] == "半"
    amount = 6 if half else number(match["n"]) if match is not None else None
    if match is None or amount is None or (half and match["unit"] != "年"):
        return None
    later = _later(first, amount, "月" if half else match["unit"])
    if later is None:
        return None
    window = Window(starts_on=first, due_on=later - timedelta(days=1))
    choice = span_choice(first, later - timedelta(days=1))
    doubt = Doubt("lasts", "ruling", "只写了起始日和多长时间，到期日是推算的。", spoken((window,)), (choice,))
    return TimeReading(0, match.end(), (window,), Basis.DATED, (doubt,), deadline=True)


def _from_issue(at: int, end: int, context: TimeContext) -> TimeReading:
    if context.issued_on is None:
        doubt = Doubt(
            "relative_time",
            "ruling",
            "从印发之日算起，但不知道印发日期。",
            None,
            (Choice(key="M月D日起", text="写明起始日"),),
        )
        return TimeReading(at, end, (Window(ongoing=True),), Basis.RELATIVE, (doubt,), deadline=True)
    day = context.issued_on
    window = Window(starts_on=day, due_on=max(day, date(context.year, 12, 31)), ongoing=True)
    return TimeReading(at, end, (window,), Basis.DATED, deadline=True)


def _later(day: date, amount: int, unit: str, calendar: WorkingCalendar | None = None) -> date | None:
    if amount > 3660:
        return None
    if unit == "工作日":
        last = calendar.working_day(day, amount) if calendar is not None else day
        known = calendar is not None and not (calendar.is_provisional(day) or calendar.is_provisional(last))
        return last if known else None
    if unit in ("月", "季度", "年"):
        months = amount * {"月": 1, "季度": 3, "年": 12}[unit]
        if months > 240:
            return None
        index = day.month - 1 + months
        year, month = day.year + index // 12, index % 12 + 1
        return date(year, month, min(day.day, last_of_month(year, month).day))
    return day + timedelta(days=amount * (7 if unit in ("周", "星期") else 1))


_EVENT = regex(
    r"(?P<event>[^,;。:\d\n()]{2,16}?)(?:之前|以前|前|之后|以后|后|期间|召开时|结束时)(?=\s*(?:[:;,。\n]|$))"
)
_HAPPENING = regex(
    r"(?:(?:全国|全省|全市|省|市|县|区)?(?:两会|人代会|党代会|团代会)|主?汛期?|(?:春季|秋季)?开学|中高考|中考|高考|放假|(?:春季|秋季)学期"
    r"|农忙|农闲|春运|春耕|春播|夏收|麦收|秋收|秋播|秋种|冬季供暖|供暖|采暖|入冬|入夏|雨季|三夏|三秋|防火期|寒暑假|\d{2,3}[^,;。:、\s\d]{0,6}[日周月节](?:活动)?(?=期间)|[一-鿿]{2,10}(?:宣传[日周月]|活动[周月]|纪念日|主题日|开放日|文化节|博览会|峰会)|封山育林期|[“\"][^“”\"]{2,16}(?:日|周|月|节)[”\"](?:活动)?|[“\"][^“”\"]{2,16}(?<!五)[”\"](?=期间))"
    r"(?:(?:来临|到来|召开|结束)?(?:之前|以前|前|之后|以后|后(?!续|勤))|期间|(?=每[周月日天旬]))"
    # `高温季节开展送清凉`
    r"|[一-鿿]{2,4}(?:季节|时节)(?:期间|前后|(?:来临|到来)?前)?"
)
_SIDE_BY_SIDE = regex(r"\s*[、/和及与]\s*")
_LONGEST_LIST = 12
_KNOWN_EVENT = regex(
    r"会议|大会|两会|汛期|党代会|团代会|开学|放假|节|假期|考试|高考|中考|换届|检查|巡视|验收|印发|下发|出台|批复|审批|通过|施工|开工|召开|启动|结束|完成|活动|活动周|上级|文件"
)


def event_at(text: str, at: int) -> TimeReading | None:
    """A time that hangs on an event without a number of days (`两会前`, `会议召开前`)."""
    match = _EVENT.match(text, at)
    if match is None or not _KNOWN_EVENT.search(match["event"]):
        return _happenings_at(text, at)
    return _hanging(at, match)


def _happenings_at(text: str, at: int) -> TimeReading | None:
    """Events side by side (`春季开学前、秋季开学前`): each is a window of its own."""
    reading = happening_at(text, at)
    while reading is not None and (separator := _SIDE_BY_SIDE.match(text, reading.end)) is not None:
        other = happening_at(text, separator.end())
        if other is None or len(reading.windows) > _LONGEST_LIST:
            break
        windows, doubts = (*reading.windows, *other.windows), (*reading.doubts, *other.doubts)
        reading = replace(reading, end=other.end, windows=windows, doubts=doubts)
    return reading


def happening_at(text: str, at: int) -> TimeReading | None:
    """A yearly event whose day the list does not say (`汛期前`, `“文化遗产日”期间`), whatever follows it."""
    match = _HAPPENING.match(text, at)
    return _hanging(at, match) if match is not None else None


def _hanging(at: int, match: re.Match[str]) -> TimeReading:
    doubt = Doubt(
        "relative_time",
        "ruling",
        f"“{match.group()}”随另一件事而定，要写明日期。",
        None,
        (Choice(key="M月D日前", text="写明到期日"),),
    )
    return TimeReading(at, match.end(), (Window(),), Basis.RELATIVE, (doubt,), deadline=True)


def undated_at(text: str, at: int) -> TimeReading | None:
    """A time that fixes nothing: it goes on (`持续推进`), or is left to circumstances (`适时`)."""
    if (match := _CONTINUING_AT.match(text, at)) is not None:
        return _undated(at, match, ongoing=True)
    if (match := _UNFIXED_AT.match(text, at)) is not None:
        return _undated(at, match, ongoing=False)
    return None


_LEFT_OPEN = regex(r"适时|择机|择期|择时|视情|另行|待定|未定")


def left_open_at(text: str, at: int) -> bool:
    """Whether a sentence opens with a word that leaves its time to circumstances (`适时`, `择机`)."""
    return _LEFT_OPEN.match(text, at) is not None


def _undated(at: int, match: re.Match[str], *, ongoing: bool) -> TimeReading:
    window = Window(ongoing=ongoing)
    doubt = Doubt("undated", "ruling", f"“{match.group()}”没有时限，要写明到什么时候。", None, _CHOICES)
    return TimeReading(at, match.end(), (window,), Basis.UNDATED, (doubt,))
