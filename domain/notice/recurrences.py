"""Duties that come back: `每两个月`, `按季度`, `每月不少于2次`, `6期`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.bounds import MOST, MOST_MONTHS
from domain.notice.cadences import (
    AGAIN,
    BEHIND_ITS_END,
    BESIDE,
    BY_DAYS,
    DAYS_OF,
    IN_SEASONS,
    MONTHS_BY,
    MONTHS_OF,
    MONTHS_PER,
    PER_DAYS,
    SEASONS,
    SHARED,
    joined,
    listed_beside,
    of_quarter,
    unit_before,
)
from domain.notice.festivals import FESTIVAL_NAMES
from domain.notice.numerals import CHINESE_NUMBER, number
from domain.notice.patterns import regex
from domain.notice.quotas import HELD_SO_OFTEN
from domain.notice.windows import Choice, Doubt, Window, last_of_month
from domain.project import Quota, Recurrence

_COUNT = rf"(?:\d{{1,3}}|{CHINESE_NUMBER})"
_EVERY = regex(
    rf"(?P<seasons>{SEASONS})|(?:每隔?|隔|逢(?=[单双]月))\s*(?P<each>{_COUNT})?\s*个?\s*(?P<unit>双月|单月|月度?|季度?|半年度?|半个?月|学期|双周|周|星期|旬|年度?|工作日|天|日)(?!度?末报(?!送|告|备|清单|进[展度]|情况|名单|结果|台账)|报(?:表|刊|纸|[,;。]|$)|刊(?!发))"
    r"|(?P<per>一年|半年|一个?季度|一季|一个?月|半个?月|一周|一天|两个月|三个月|四个月|六个月|两周)\s*(?=(?:[一-鿿]{2})?(?:\d{1,2}|[一二两三四五六七八九十])次)"
    # `月调度、季通报`: the unit alone, before what is done in each.
    r"|(?<![一-鿿\d])(?P<unit_alone>日|双?周|旬|月|季|半年|年)(?=(?:调度|通报|报告|分析|巡检|更新|上报|例会|会商|研判|总结|小结|考核|评估|点评|述职|盘点|排查|巡查|督导|评价|汇总|自查|督办|(?<!年)(?:拉练|观摩|考评|评比|晾晒|排名|复盘|测评|评议|演练|抽查|会诊|对账|公示))(?![会前后]|[一-鿿]{2}))"
    # `季度调度、半年评估、年度考核`: each with what is done in it, and nothing else; `月度/季度通报`.
    rf"|(?:(?<![一-鿿\dA-ZⅠ-Ⅻ])|(?<=[度月年][和及与]))(?P<unit_listed>月度|双月(?=/)|季度|半年(?!以|左|内|前)度?|年度)(?!一(?!次)|[首末]月)(?:{SHARED}|{BESIDE})"
    rf"|{AGAIN}"
    # `季度讲评一次`: the unit alone, and once in each.
    r"|(?<![一-鿿\dA-ZⅠ-Ⅻ])(?P<unit_once>(?:月度|季度|半年|年度|周)(?![底末初内前])(?=[一-鿿]{2,4}(?:一|1|不少于1|至少1)次)|(?:月度|季度|半年度)(?=\s*$))"
    # `一月一调度`: once in each.
    r"|(?:一(?!半)个?|(?<![\d.第])1个|(?<![上下前后])(?=[半全])|(?=两(?:周|个月)一))(?P<paired>两周|两个月|天|日|周|旬|半?月|季度?|半?年|全年(?=一(?:总结|考核|评估|评价|述职|通报)))一(?![天日号周旬月季年度至到个次])(?=[一-鿿])"
    r"|(?P<slashed>\d{1,2})\s*次\s*/\s*(?P<slash>月|季度|季|半年|年|周)"
    r"|(?P<even>双月|单月)(?=[底末初上中下]|月[底末]|[^一-鿿]|$|召开|开展|组织|举办|通报|报送|调度|评查|检查|督查|抽查|考核|例会|会商)"
    r"|(?P<by>(?<![一-鿿\d])季度?(?=[首末]月)|季末(?=通报|上报|报送|报告|汇总|考核|评估|总结|点评|督查|检查)|逐月|按月|分月|按季度?|逐季|分季度?|各个?(?:季度|月份?)(?=\s*(?:[:,;。\n]|$|召开|开展|组织|举办|完成|进行|各))|按周|按旬|按年度?|按半年)(?!份)"
)
_DETAIL = regex(
    rf"\s*(?:(?<=[周期])(?:周|星期)?(?P<weekday>[一二三四五六日天末])(?![个次场期份篇条])(?P<weekdays>(?:[、,和及](?:周|星期)?[一二三四五六日天](?![个次场期份篇条月季年十百]))*)"
    rf"|的?(?P<month>第{_COUNT}个月|首个?月|末月|末(?=\s*(?:的\s*)?\d{{1,2}}[日号])|最后一?个?月|次月)?份?\s*的?\s*"
    rf"(?:(?P<lost>(?<=学期)(?:开学|放假|结束|期?[初末中])|(?:第{_COUNT}|首|最后一?|倒数第{_COUNT})个?(?:周|星期)[一二三四五六日天末]?(?!次)|(?:第{_COUNT}|首|最后一?|倒数第{_COUNT})个?工作日)|第{_COUNT}[个周]月?|(?P<tenth>[上中下]旬)|月?[底末初中]|最后一[天日]|第?(?:{_COUNT}\s*(?:-|至|到)\s*)?(?P<day>{_COUNT})(?:[日号]|(?=(?:[、,/和及]{_COUNT})+[日号]))(?P<more>(?:前?[、,/和及]{_COUNT}(?:[日号]|(?=[、,/和及])))*))?)"
    r"\s*(?:之前|以前|前(?!期|往|后)|以内|内(?!部|容))?"
)
_DAY_NAMED = regex(r"[\d末底初中下]")
_JOIN = regex(r"\s*(?:[/、]|和|及|与|以及)\s*")
_MOST_SIDE_BY_SIDE = 4
_A_YEAR = 12
_SHARED = regex(SHARED)
_THROUGH_THE_WEEK = regex(r"\s*(?:至|到|-)\s*(?:周|星期)?[一二三四五六日天](?:每[天日])?")
_TENTHS = {"上旬": 10, "中旬": 20}
_LONGEST_MONTH = 31
_HOW_OFTEN = regex(
    r"^[^,;。:]{0,12}?(?:不少于|至少|不低于|开展|举办|召开|组织|举行|进行)?\s*(?P<times>\d{1,3}|[一二两三四五六七八九十]+)(?P<most>\s*(?:-|至|到)\s*(?:\d{1,3}|[一二两三四五六七八九十]+))?\s*(?P<unit>次|期|场次|场|篇|条|份|回)(?!全会)"
)
_SESSIONS = regex(
    r"(?<![第首末上下本])(?P<times>\d{1,3}|[二两三四五六七八九十]+)\s*期(?!间|限|工程|项目|建设|刊|货|望|末|初|中)"
)
_MONTH_FOLLOWS = regex(
    r"\s*的?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:[-、,和及与至到]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*)*月|\s*年?[底末初]|\s*第?[一二三四1-4](?:[-、,和及与至到]第?[一二三四1-4])*季度|\s*[上下][、,和及]?下?半年"
    rf"|\s*[“\"]?(?:{'|'.join(FESTIVAL_NAMES)})[”\"]?(?:节|假期)?(?:之|以)?前"
)
TIMES_A_YEAR = regex(
    rf"(?:[每一全]年|每年度)(?:组织|开展|召开|举办|举行|进行|安排)?(?P<times>{_COUNT})次\((?:分别)?[于在]?(?=[^()]*\))"
)
"""`每年两次（5月、11月）`: how often, and in brackets behind it when."""
_SYSTEM = regex(r"^[^,;。:]{0,10}(?:制度|机制|台账)")


@dataclass(frozen=True, slots=True)
class Period:
    """How often a duty comes back, read at `start`..`end`: every so many months, or every so many days.

    `day` is the day of the month by which each session is due, `month` which month of the period holds it.
    """

    start: int
    end: int
    months: int | None
    days: int | None
    times: int = 1
    unit: str | None = None
    doubt: Doubt | None = None
    day: int | None = None
    month: int | None = None
    parity: int | None = None
    """1 for the odd months (`单月`), 0 for the even ones."""

    @property
    def length_in_days(self) -> int:
        """About how long one period lasts."""
        return self.months * 30 if self.months is not None else self.days or 1

    def divides(self, window: Window) -> bool:
        """Whether a window of months holds a whole number of periods, so that nobody doubts how many sessions."""
        if self.months is None or self.parity is not None or window.starts_on is None or window.due_on is None:
            return True
        return _months(window.starts_on, window.due_on) % self.months == 0

    def within(self, window: Window) -> Window:
        """The window with the sessions that fall into it, at least one."""
        if window.starts_on is None or window.due_on is None:
            return window
        if self.months is not None:
            held = range(window.starts_on.month, window.starts_on.month + _months(window.starts_on, window.due_on))
            odd_or_even = [month for month in held if month % 2 == self.parity]
            periods = max(1, len(odd_or_even) if self.parity is not None else len(held) // self.months)
        else:
            periods = max(1, ((window.due_on - window.starts_on).days + 1) // (self.days or 1))
        count = min(periods * self.times, MOST)
        months = self.months if self.times == 1 and (self.months or 0) <= MOST_MONTHS else None
        recurrence = Recurrence(count=count, every_months=months, day=self.day, month=self.month)
        quota = Quota(value=count, unit=self.unit) if self.unit else window.quota
        return window.having(recurrence=recurrence, quota=quota)

    def from_issue(self, window: Window, issued_on: date | None) -> Window:
        """The window without the periods whose session was over when the list was issued; the last one stays."""
        first, last = window.starts_on, window.due_on
        if issued_on is None or first is None or last is None:
            return window
        while (following := self._following(first)) <= last and self._session(first) < issued_on:
            first = following
        return window.having(starts_on=first)

    def _following(self, first: date) -> date:
        if self.months is None:
            return first + timedelta(days=self.days or 1)
        index = first.year * 12 + first.month - 1 + self.months
        return date(index // 12, index % 12 + 1, 1)

    def _session(self, first: date) -> date:
        """The day on which the session of the period that begins on `first` is due."""
        last = self._following(first) - timedelta(days=1)
        if self.months is None or (self.day is None and self.month is None):
            return last
        index = first.year * 12 + first.month - 1 + (self.month or self.months) - 1
        end = last_of_month(index // 12, index % 12 + 1)
        return end.replace(day=min(self.day or _LONGEST_MONTH, end.day))


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def period_at(  # noqa: PLR0911 - one exit for each form
    text: str, at: int
) -> Period | None:
    """The period that the folded text names at an offset (`每两个月`), with how often in each (`一次`)."""
    match = _EVERY.match(text, at)
    if match is None or (match["unit_listed"] and not is_listed(text, match)) or of_quarter(text, match):
        return None
    if match["again"] is not None:
        before = unit_before(text, at)
        leans_on = period_at(text, before[1]) if before is not None else None
        if leans_on is None or leans_on.end > at:
            # `每月5日、20日`: part of what was read.
            return None
    months, days = _length(match)
    if months is None and days is None:
        return None
    if (behind := BEHIND_ITS_END.match(text, match.end())) is not None and months is not None:
        return _after_each(at, behind, text[at : behind.end()].strip(), months)
    detail = _DETAIL.match(text, match.end())
    if (
        detail is not None
        and detail["weekday"]
        and (through := _THROUGH_THE_WEEK.match(text, detail.end())) is not None
    ):
        # `每周一至周五巡查`: on each of these days.
        return Period(at, through.end(), None, 1, doubt=not_kept(text[at : through.end()], "每天"))
    end = detail.end() if detail is not None else match.end()
    more = f"{detail['more'] or ''}{detail['weekdays'] or ''}" if detail is not None else ""
    days_named = 1 + len(re.findall("[、,/和及]", more))
    rest = text[end : end + 40]
    if _SYSTEM.match(rest) and not (detail is not None and detail.group().strip()) and not _HOW_OFTEN.match(rest):
        # `每日报告制度` is a rule; `每月底前更新台账` and `每月更新一次台账` are duties.
        return None
    if match["slashed"]:
        return Period(at, end, months, days, max(1, int(match["slashed"])), "次")
    often = _HOW_OFTEN.match(rest)
    times = number(often["times"]) if often else None
    if months == 12 and _says_in_which_months(text, match):
        return None
    day, month = _place(detail, months) if detail is not None and days_named == 1 else (None, None)
    if "单月" in (match["even"], match["unit"]):
        # Two months begin with January: the odd one is the first of the two.
        month = 1
    parity = {"单": 1, "双": 0}.get((match["even"] or match["unit"] or "")[:1]) if months == 2 else None
    if times and days_named > 1:
        # `每月5日、20日前各报一次`: on each of the days.
        times *= days_named
    unit = often["unit"] if often and times else None
    doubt = (
        _longer_than_a_year(match, months)
        or _range_of_times(often)
        or _doubt(match, rest)
        or _following_month(match, detail)
        or (not_kept(match.group().strip(), "每天") if match["unit"] == "工作日" else None)
        or _lost(match, detail)
        or (Doubt("seasons", "note", IN_SEASONS) if match["seasons"] else None)
        or (
            not_kept(text[at:end].strip(), f"{match.group().strip()}{days_named}次")
            if days_named > 1 and months
            else None
        )
    )
    return Period(at, end, months, days, times or days_named, unit, doubt, day, month, parity)


def _says_in_which_months(text: str, match: re.Match[str]) -> bool:
    """`每年4月`, or as many times in brackets as it comes back in a year."""
    if match["unit"] in ("年", "年度") and _MONTH_FOLLOWS.match(text, match.end()):
        return True
    often = TIMES_A_YEAR.match(text, match.start())
    inner = text[often.end() : text.index(")", often.end())] if often is not None else ""
    return often is not None and number(often["times"]) == len(re.split("[、,和及与]", inner)) > 1


def is_listed(text: str, match: re.Match[str]) -> bool:
    """Whether a unit alone says how often: it shares its duty with another one, or stands beside one."""
    shared = _SHARED.match(text, match.end()) is not None
    return shared or listed_beside(text, match.start(), match.end())


def _longer_than_a_year(match: re.Match[str], months: int | None) -> Doubt | None:
    """`每三年一次` may be due in the list's year or not."""
    if months is None or months <= 12:
        return None
    choices = (Choice(key="年底前", text="今年内一次"), Choice(key="M月D日前", text="写明到期日"))
    text = f"“{match.group().strip()}”比一年长，没有写明今年是不是其中一次。"
    return Doubt("longer_than_a_year", "ruling", text, "今年一次", choices)


def periods_beside(text: str, period: Period, end: int) -> list[Period]:
    """The other periods right behind one, which share what is done in each (`每月/每季度通报`)."""
    found = [period]
    while len(found) < _MOST_SIDE_BY_SIDE:
        following = _JOIN.match(text, found[-1].end, end)
        other = period_at(text, following.end()) if following is not None else None
        if following is None or other is None or other.end > end or not joined(text, found[-1].end, other.start):
            break
        found.append(other)
    # `每月5日和每季度末报送`, and a line that says no more than how often: nobody can say what is due in each.
    bare = all(_DAY_NAMED.search(text, each.start, each.end) is None for each in found)
    return found[1:] if bare and text[found[-1].end : end].strip() else []


def _range_of_times(often: re.Match[str] | None) -> Doubt | None:
    """`每月1-2次` counts the lower number, as every range does."""
    if often is None or not often["most"]:
        return None
    printed = f"{often['times']}{often['most']}{often['unit']}"
    return Doubt("inexact_quota", "note", f"“{printed}”不是确数，每期按{often['times']}{often['unit']}计。")


def _after_each(at: int, behind: re.Match[str], printed: str, months: int) -> Period:
    """`每季度结束后10日内`: by that day of the month that follows each quarter."""
    if months >= _A_YEAR:
        asked = f"“{printed}”要到下一年才到期，清单的年份里没有这一期，请写明时限。"
        return Period(at, behind.end(), months, None, doubt=Doubt("after_each", "ruling", asked), month=1)
    day = int(behind["n"]) if behind["n"].isdigit() and behind["unit"] in ("日", "天", "自然日") else 0
    if not 1 <= day <= _LONGEST_MONTH:
        return Period(at, behind.end(), months, None, month=1, doubt=not_kept(printed, "每期结束后的一个月"))
    told = Doubt("after_each", "note", f"“{printed}”按每期结束后的下一个月{day}日前理解，最后一期在下一年，没有编入。")
    return Period(at, behind.end(), months, None, doubt=told, day=day, month=1)


def _following_month(match: re.Match[str], detail: re.Match[str] | None) -> Doubt | None:
    """`每季度次月10日前` may be the month behind the quarter, or the second one in it."""
    months = _length(match)[0] or 1
    if detail is None or detail["month"] != "次月" or months <= 1:
        return None
    name = match.group().strip()
    day = f"{detail['day']}日前" if detail["day"] else ""
    choices = (
        Choice(key=f"{name}首月{day}", text="每期结束后的下一个月"),
        Choice(key=f"{name}第2个月{day}", text="每期的第二个月"),
    )
    return Doubt(
        "following_month", "ruling", "“次月”可能是下一期的第一个月，也可能是本期的第二个月。", choices[0].text, choices
    )


def _lost(match: re.Match[str], detail: re.Match[str] | None) -> Doubt | None:
    """What a duty that comes back says of its day and a session cannot keep: the day of the week, a working day."""
    if detail is None or not (detail["weekday"] or detail["lost"]):
        return None
    often = match.group().strip()
    return not_kept(f"{often}{detail.group()}".strip(), often if often.startswith("每") else "每期")


def not_kept(printed: str, often: str) -> Doubt:
    """The note that a duty comes back on a day that its sessions do not keep."""
    return Doubt("detail_not_kept", "note", f"“{printed}”里写的日子没有编入节点，只按{often}督办。")


def _place(detail: re.Match[str], months: int | None) -> tuple[int | None, int | None]:
    """The day of the month, and which month of the period, that a duty names (`每季度首月10日前`)."""
    if months is None:
        return None, None
    day = number(detail["day"]) if detail["day"] else _TENTHS.get(detail["tenth"] or "")
    named, month = detail["month"] or "", None
    if months > 1 and named:
        month = 1 if named.startswith(("首", "次")) else number(named.strip("第个月"))
        month = months if named.startswith(("末", "最后")) else month
    within = month is None or 1 <= month <= months
    return day if day is None or 1 <= day <= _LONGEST_MONTH else None, month if within else None


def _doubt(match: re.Match[str], rest: str) -> Doubt | None:
    """`一季度一次` may be a quarter of the year or every quarter; `每隔两个月` may leave out one month or two."""
    if match["per"] == "一季度" or (match["per"] == "一月" and not rest.startswith("一次")):
        name = "第一季度" if match["per"] == "一季度" else "1月"
        choices = (Choice(key=f"每{match['per'][1:]}", text="定期"), Choice(key=name, text=f"{name}一次"))
        return Doubt(
            "period_or_time", "ruling", f"“{match['per']}”可能是每{match['per'][1:]}，也可能是{name}。", "定期", choices
        )
    if "隔" in match.group() and match["each"] and (each := number(match["each"])) and each > 1:
        choices = (
            Choice(key=f"每{each + 1}个{match['unit']}", text="中间隔开"),
            Choice(key=f"每{each}个{match['unit']}", text="不隔开"),
        )
        return Doubt("every_other", "ruling", f"“{match.group()}”有两种算法。", choices[0].key, choices)
    return None


def _length(  # noqa: PLR0911 - one exit for each way to say a period
    match: re.Match[str],
) -> tuple[int | None, int | None]:
    if by := match["by"]:
        if by.startswith("各"):
            return (3 if "季" in by else 1), None
        return MONTHS_BY.get(by.removesuffix("末")), BY_DAYS.get(by)
    if per := match["per"]:
        return MONTHS_PER.get(per), PER_DAYS.get(per)
    if slash := match["slash"]:
        return MONTHS_OF.get(slash), DAYS_OF.get(slash)
    if match["even"]:
        return 2, None
    if match["seasons"]:
        return 6, None
    if match["again"] is not None:
        before = unit_before(match.string, match.start())
        return (MONTHS_OF.get(before[0]), DAYS_OF.get(before[0])) if before is not None else (None, None)
    if alone := match["unit_alone"] or match["paired"] or match["unit_once"] or match["unit_listed"]:
        return MONTHS_OF.get(alone) or MONTHS_PER.get(alone), DAYS_OF.get(alone) or PER_DAYS.get(alone)
    each = number(match["each"]) if match["each"] else 1
    if not each or each > 60:
        return None, None
    if "隔" in match.group():
        # Every other month leaves one out.
        each += 1
    unit = match["unit"]
    if unit in MONTHS_OF:
        return MONTHS_OF[unit] * each, None
    return None, DAYS_OF[unit] * each


def find_period(text: str, hidden: list[bool], start: int, end: int) -> Period | None:
    """The first period named in a stretch of the folded text, outside quotation marks."""
    for match in _EVERY.finditer(text, start, end):
        if not hidden[match.start()] and (period := period_at(text, match.start())) is not None:
            return period
    return None


def periods_in(text: str, hidden: Sequence[bool], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a stretch of the folded text says how often, with how often in each (`每月至少2次`)."""
    for match in _EVERY.finditer(text, start, end):
        period = period_at(text, match.start()) if not hidden[match.start()] else None
        if period is not None:
            often = _HOW_OFTEN.match(text[period.end : period.end + 40])
            yield period.start, period.end + (often.end() if often is not None else 0)


def find_sessions(text: str, hidden: list[bool], start: int, end: int) -> int | None:
    """How many sessions a deliverable has (`举办2期`), or `None`; a single session does not come back."""
    for match in _SESSIONS.finditer(text, start, end):
        if not hidden[match.start()] and not text[: match.start()].endswith(("第", "届")):
            times = number(match["times"])
            # `二期` is the second phase unless something is held so often.
            phase = not match["times"].isdigit() and HELD_SO_OFTEN.search(text, start, match.start()) is None
            if times is not None and times > 1 and not phase:
                return times
    return None
