"""One point of the calendar in a text: a day, a third of a month, a month, a quarter, a half, a year, a festival."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from domain.notice.compact_dates import compact_at
from domain.notice.festivals import FESTIVAL_NAMES, known_by_its_numbers
from domain.notice.numerals import number
from domain.notice.patterns import regex
from domain.notice.planned_years import fiscal_at, five_years_at
from domain.notice.point import Point, Unit, vague
from domain.notice.short_times import leaning
from domain.notice.times_from_issue import from_issue_at
from domain.notice.weeks import in_its_week, week_at
from domain.notice.windows import Choice, Doubt, TimeContext, day_choice, last_of_month, span_choice

# What may stand behind a day and is not kept: the day of the week, the hour.
CLOCK = (
    r"\s*(?:\([周星期礼拜]{1,2}[一二三四五六日天]\)|[周星期礼拜]{1,2}[一二三四五六日天])?"
    r"\s*(?:上午|下午|早上?|中午|晚上?|凌晨)?\s*(?:(?:\d{1,2}|零)(?:[时点](?:\d{1,2}分|整|半)?|:\d{2}))?"
)
CLOCK_BEHIND = regex(CLOCK)
MONTH_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY_NUMBER = r"(?:[3-9]\d|[12]\d|0?\d|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR = (
    r"(?:(?P<year>(?:19|20)\d{2}|[一二][〇零九O0]?[〇零O0一二三四五六七八九]{2,3}(?=年)|\d{2}(?=年))\s*年度?"
    r"|(?P<spoken>去年度?|(?<![以晚早])上年度?(?![轻龄级纪])|上一年度?|前年|今年|本年度?(?!末|底)|当年|明年度?|次年度?|翌年|来年|后年|下一?年度?(?!报))(?:的)?)"
)
# `2025二季度`: before a quarter or a half the year may lack its word.
_OPEN_YEAR = _YEAR.replace(r"\s*年度?", r"\s*(?:年度?)?", 1)
BEGINNING = r"初(?!中|级|审|步|选|赛|稿|评|始|心|衷|次|验|任)"
CLOSE = r"底(?![数账稿册])"
# `中` and `初` are parts of a month only where the word ends there: `3月中学共青团…` and `3月初中生…` are not.
_WORD_END = r"(?=\s|[:;,、。.()/\-]|前|之前|以前|起|开始|$|至|到|旬)"
_PART = (
    r"(?P<part>上(?:旬)?[、,/]?中旬|中(?:旬)?[、,/]下旬|上旬|中旬|下旬|上中旬|中上旬|中下旬|上半月|下半月|[前后]半月|最后一[天日]|末旬|第[一二三四五1-5]个?(?:周|星期)|首周|最后一?个?(?:周|星期)|末周|月底|中期(?=$|[:;,。)前])|"
    rf"{CLOSE}|末|{BEGINNING}|中{_WORD_END})"
)
NOT_MONTH = (
    r"(?!度(?!假|汛|夏)|台(?![风账湾州])|报(?:表|刊|制|[,;。、]|$)|饼|季|嫂|薪(?!酬)|刊(?![发登印])|均(?!衡)"
    r"|供(?![水电暖气热应给地销餐])|息|租(?!赁))"
)

# `二月二前`, `三月三`, `六月六`: days of the old calendar, and no months.
_DAY_OF_A_FEAST = r"(?<=[二三六]月)[二三六](?=前|节|[,;。:)]|$|期间|庙会|活动)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, regex(pattern))
    for name, pattern in (
        (
            "numeric",
            (
                r"(?P<year>(?:19|20)\d{2})\s*(?P<sign>[./-])\s*(?P<month>1[0-2]|0?[1-9])"
                r"(?:\s*(?P<mark>[./-])\s*(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d])\s*(?:[日号]|月份?)?"
                rf"{_PART}?"
            ),
        ),
        ("numeric", r"(?P<month>1[0-2]|0?[1-9])\s*/\s*(?P<year>20\d{2})(?![\d/])"),
        (
            "day",
            rf"(?:{_YEAR}\s*的?)?(?P<month>{MONTH_NUMBER})\s*月\s*(?P<day>{_DAY_NUMBER})\s*[日号](?:\s*(?:-|至|到)+\s*(?P<last_day>{_DAY_NUMBER})\s*[日号])?",
        ),
        (
            "day",
            rf"(?:{_YEAR}\s*的?)?(?P<month>{MONTH_NUMBER})\s*月\s*(?P<day>{_DAY_NUMBER})\s*(?:-|至|到)+\s*(?P<last_day>{_DAY_NUMBER})\s*[日号]",
        ),
        # `6月30前`: the mark of the day left out.
        (
            "day",
            rf"(?:{_YEAR}\s*的?)?(?P<month>{MONTH_NUMBER})\s*月\s*(?P<day>\d{{1,2}})(?=\s*(?:之|以)?前|\s*(?:$|[;,。)\n]))",
        ),
        # `3·15`, `12·4`: a day that is known by its numbers.
        (
            "festival",
            r"[“\"]?(?P<month>1[0-2]|0?[1-9])[·•](?P<day>3[01]|[12]\d|0?[1-9])[”\"]?(?:(?:活动|[一-鿿]{2,5}日)(?!期))?",
        ),
        (
            "month",
            rf"(?:{_YEAR}\s*的?)?(?P<month>{MONTH_NUMBER})\s*月(?:份(?!额)|{NOT_MONTH})(?!{_DAY_OF_A_FEAST})\s*{_PART}?",
        ),
        (
            "quarter",
            rf"(?:{_OPEN_YEAR}\s*的?)?(?:第\s*)?(?P<quarter>[一二三四1-4首]|[Ⅰ-Ⅳ]|I{{1,3}}(?=\s*季)|IV(?=\s*季))\s*(?:(?<=第[一二三四1-4])个)?季(?:度(?!末月)|(?=末|底|初)|(?<=第[一二三四1-4]季)(?![一-鿿]))\s*{_PART}?",
        ),
        ("quarter", r"Q(?P<quarter>[1-4])\s*[/-]\s*(?P<year>20\d{2})(?!\d)"),
        ("quarter", rf"(?:{_YEAR}\s*)?Q(?P<quarter>[1-4])(?!\d)(?P<part>末|{CLOSE}|{BEGINNING})?"),
        ("half", rf"(?:{_YEAR}\s*的?)?(?P<half>前三季度|前3季度|前三个季度)(?P<part>末|底)?"),
        (
            "half",
            rf"(?:{_OPEN_YEAR}\s*的?)?(?P<half>[上下前后])半年(?:度(?![假汛夏]))?(?P<part>中期(?=$|[:;,。)前])|末|{CLOSE}|{BEGINNING})?",
        ),
        (
            "part_of_year",
            rf"(?:{_YEAR}\s*的?)?(?P<word>全年度?|整年|(?<![学财\d一二两三四五六七八九十几多])年内|年度内|全年内|本年内|半年末?(?=\s*[、和及与]\s*(?:全年|年[底末终]))|(?<=[,;、])半年(?=[\d.]+(?:%|[万亿百千]|元|吨|户|亩|个|家|公里|人(?!次)))|(?<![学财])年底(?!蕴|数)|(?<![学财])年末|年终|本?年度[末底]|岁末|年初|年中(?!国)|年尾)",
        ),
        (
            "part_of_year",
            rf"{_YEAR}\s*的?(?P<word>底|末|初(?!中|级|审|步|选|赛|稿|评|始)|中{_WORD_END}|内(?!部|容|外|设|涵))",
        ),
        ("part_of_year", r"(?P<year>20\d{2})\s*(?P<word>全年)"),
        ("part_of_year", r"(?P<word>岁末年初|年末岁初)"),
        (
            "festival",
            rf"(?:{_YEAR}\s*的?)?[“\"‘]?(?<!双)(?P<festival>{'|'.join(FESTIVAL_NAMES)}|寒假|(?<!寒)暑假|暑期|寒假期)(?!(?:活动|主题|宣传|纪念|服务)?[月周](?![一二三四五六日]))[”\"’]?(?:\s*[“\"]?[两双三]节[”\"]?(?=\s*(?:假期|期间|节?[前后])))?(?:假期|节日|假日)?",
        ),
        ("year", rf"{_YEAR}"),
    )
)
_OTHER_OPENINGS = frozenset("0123456789'’ 第WwCc本这下当财会“\"‘十")
_MONTHS = 12
_LONGEST_PART = 12
_ROMAN = {"Ⅰ": 1, "I": 1, "Ⅱ": 2, "II": 2, "Ⅲ": 3, "III": 3, "Ⅳ": 4, "IV": 4}
_WEEKS = {mark: value for value, marks in enumerate(("一1首", "二2", "三3", "四4", "五5"), 1) for mark in marks}
_SPOKEN_SHIFT = (
    dict.fromkeys(("去年", "去年度", "上年", "上年度", "上一年", "上一年度"), -1)
    | {"前年": -2, "后年": 2}
    | dict.fromkeys(("明年", "明年度", "次年", "次年度", "翌年", "来年", "下年", "下年度", "下一年", "下一年度"), 1)
)
_HOLIDAYS = {
    "寒假": ((1, 16), (2, 28)),
    "寒假期": ((1, 16), (2, 28)),
    "暑假": ((7, 1), (8, 31)),
    "暑期": ((7, 1), (8, 31)),
}


def point_at(text: str, at: int, context: TimeContext) -> Point | None:
    """The point that the folded text names at an offset: the longest of the forms that fit there."""
    if (month := context.left_out.get(at)) is not None:
        return _in_the_month_before(text, at, month, context)
    if at < len(text) and (text[at] in _OTHER_OPENINGS or text.startswith("月内", at)):
        other = (
            compact_at(text, at, context)
            or week_at(text, at, context)
            or from_issue_at(text, at, context)
            or five_years_at(text, at)
            or fiscal_at(text, at, context)
        )
        if other is not None:
            return other
    for name, pattern in _PATTERNS:
        match = pattern.match(text, at)
        if match is not None and (point := _point(name, match, context)) is not None:
            return in_its_week(text, point)
    return None


def _in_the_month_before(text: str, at: int, month: str, context: TimeContext) -> Point | None:
    """`中旬` behind `5月上旬`: the point as if the month stood before it; `月底`, `季末` are the month's end."""
    begin = leaning(text, at)
    whole = point_at(f"{month}{text[begin : begin + _LONGEST_PART]}", 0, replace(context, left_out={}))
    return replace(whole, start=at, end=begin + whole.end - len(month)) if whole is not None else None


def _point(  # noqa: PLR0911 - one exit for each form
    name: str, match: re.Match[str], context: TimeContext
) -> Point | None:
    groups = match.groupdict()
    year, given = _year(groups, context)
    if year is None or not 1949 <= year <= 2999:
        return None
    part = groups.get("part")
    # The optional part behind a blank takes the blank along when it is not there.
    place = (match.start(), match.start() + len(match.group().rstrip()))
    if name in ("numeric", "day", "month"):
        month = number(groups["month"])
        if month is None or not 1 <= month <= 12:
            return None
        if groups.get("day"):
            point = _day(place, year, month, groups, given)
            return _day_or_months(point, groups) if point is not None else None
        return _month(place, year, month, part, given)
    if name == "quarter":
        quarter = _ROMAN.get(groups["quarter"]) or number(groups["quarter"]) or 0
        return _span(place, year, (quarter * 3 - 2, quarter * 3), part, "quarter", given)
    if name == "half":
        months = (1, 9) if "季" in (groups["half"] or "") else (1, 6) if groups["half"] in ("上", "前") else (7, 12)
        return _span(place, year, months, part, "half", given)
    if name == "part_of_year":
        return _part_of_year(place, year, groups["word"], given)
    if name == "festival" and groups.get("month"):
        numbered = _day(place, year, number(groups["month"] or "") or 0, groups, given)
        plain = re.fullmatch(r"[\d·•]+", match.group()) is not None
        if numbered is None or (plain and not known_by_its_numbers(numbered.first)):
            # `6·30前`: a date, and no day that anybody keeps.
            return numbered
        return replace(numbered, unit="festival", word=match.group().strip('“”"'))
    if name == "festival":
        return _festival(place, year, groups["festival"], given, context)
    return Point(*place, date(year, 1, 1), date(year, 12, 31), "year", True, word=match.group())


def _year(groups: dict[str, str | None], context: TimeContext) -> tuple[int | None, bool]:
    if printed := groups.get("year"):
        value = number(printed)
        return (value + 2000 if value is not None and value < 100 else value), True
    if spoken := groups.get("spoken"):
        return context.year + _SPOKEN_SHIFT.get(spoken, 0), True
    return context.year, False


def _day(place: tuple[int, int], year: int, month: int, groups: dict[str, str | None], given: bool) -> Point | None:
    days = [number(groups[name] or "") for name in ("day", "last_day") if groups.get(name)]
    length = last_of_month(year, month).day
    if any(day is None for day in days):
        return None
    known = [day for day in days if day is not None]
    doubts: tuple[Doubt, ...] = ()
    if max(known) > length or min(known) < 1:
        missing = max(known) if max(known) > length else 0
        text = f"{year}年{month}月没有{missing}日。"
        end = last_of_month(year, month)
        doubts = (Doubt("no_such_day", "error", text, f"{end}", (day_choice(end),)),)
        known = [max(1, min(day, length)) for day in known]
    if known[-1] < known[0]:
        known.reverse()
        choice = span_choice(date(year, month, known[0]), date(year, month, known[-1]))
        doubts += (Doubt("backward_range", "ruling", "起止日期前后颠倒。", choice.text, (choice,)),)
    return Point(*place, date(year, month, known[0]), date(year, month, known[-1]), "day", given, doubts=doubts)


def _day_or_months(point: Point, groups: dict[str, str | None]) -> Point:
    """`2018.03-05` may be a day written with two kinds of mark, or March to May."""
    months = point.first.month, point.first.day
    if groups.get("sign") == groups.get("mark") or not months[0] < months[1] <= _MONTHS:
        return point
    year = point.first.year
    choices = (
        span_choice(date(year, months[0], 1), last_of_month(year, months[1])),
        span_choice(point.first, point.last),
    )
    doubt = Doubt("day_or_months", "ruling", "可能是一天，也可能是几个月。", choices[1].text, choices)
    return replace(point, doubts=(*point.doubts, doubt))


def _month(place: tuple[int, int], year: int, month: int, part: str | None, given: bool) -> Point:  # noqa: PLR0911 - one exit for each part of a month
    last = last_of_month(year, month)
    point = Point(*place, date(year, month, 1), last, "month", given)
    match re.sub(r"(?<=[上中])旬?[、,/]", "", part) if part else None:
        case None:
            return point
        case "上旬" | "上半月" | "前半月":
            return replace(point, last=date(year, month, 10 if part == "上旬" else 15), unit="tenth")
        case "最后一天" | "最后一日":
            return replace(point, first=last, unit="day")
        case "中旬":
            return replace(point, first=date(year, month, 11), last=date(year, month, 20), unit="tenth")
        case "下旬" | "下半月" | "末旬" | "后半月":
            return replace(point, first=date(year, month, 21 if part in ("下旬", "末旬") else 16), unit="tenth")
        case str() as week if week.endswith(("周", "星期")):
            days = (_WEEKS.get(week[1], 1) - 1) * 7
            if week[0] in "最末":
                days = last.day - 7
            first = date(year, month, min(days + 1, last.day))
            seventh = replace(point, first=first, last=min(first + timedelta(days=6), last), unit="tenth")
            return vague(seventh, f"{month}月{week}", last)
        case "上中旬" | "中上旬":
            return replace(point, last=date(year, month, 20), unit="tenth")
        case "中下旬":
            return replace(point, first=date(year, month, 11), unit="tenth")
        case "初":
            return vague(replace(point, last=date(year, month, 10), unit="tenth"), f"{month}月初", last)
        case "中":
            middle = replace(point, first=date(year, month, 11), last=date(year, month, 20), unit="tenth")
            return vague(middle, f"{month}月中", last)
        case _:
            return replace(point, first=date(year, month, 21), unit="tenth", end_only=True)


def _span(
    place: tuple[int, int], year: int, months: tuple[int, int], part: str | None, unit: Unit, given: bool
) -> Point:
    first, last = date(year, months[0], 1), last_of_month(year, months[1])
    point = Point(*place, first, last, unit, given)
    if part in ("末", "底", "月底", "下旬"):
        return replace(point, first=date(year, months[1], 1), end_only=True)
    if part is not None and part[0] in "最末首" and part.endswith(("周", "星期")):
        week = (last - timedelta(days=6), last) if part[0] != "首" else (first, first + timedelta(days=6))
        return vague(replace(point, first=week[0], last=week[1], unit="tenth"), part, last)
    if part in ("中期", "中旬"):
        # `二季度中旬`
        middle = (months[0] + months[1]) // 2
        first = date(year, middle, 1)
        return vague(replace(point, first=first, last=last_of_month(year, middle)), part, last)
    if part is not None:
        return vague(replace(point, last=last_of_month(year, months[0])), "季初" if unit == "quarter" else "初", last)
    return point


def _part_of_year(place: tuple[int, int], year: int, word: str, given: bool) -> Point:
    first, last = date(year, 1, 1), date(year, 12, 31)
    point = Point(*place, first, last, "part_of_year", given, word=word)
    if word in ("岁末年初", "年末岁初"):
        crossing = replace(point, first=date(year, 12, 1), last=last_of_month(year + 1, 1))
        return vague(crossing, word, last_of_month(year + 1, 2))
    if word.startswith("半年"):
        # `半年、年终各通报一次`
        return replace(point, first=date(year, 6, 1), last=last_of_month(year, 6), end_only=True)
    if word.endswith(("底", "末", "终", "尾")):
        return replace(point, first=date(year, 12, 1), end_only=True)
    if word.endswith("初"):
        return vague(replace(point, last=last_of_month(year, 1)), word, last_of_month(year, 3))
    if word.endswith("中"):
        middle = replace(point, first=date(year, 6, 1), last=last_of_month(year, 6))
        choices = (span_choice(middle.first, middle.last), day_choice(middle.last), day_choice(last_of_month(year, 7)))
        text = "“年中”没有确切的起止日期。"
        return replace(middle, doubts=(Doubt("vague_time", "ruling", text, choices[0].text, choices),))
    return point


def _festival(place: tuple[int, int], year: int, name: str, given: bool, context: TimeContext) -> Point | None:
    if name not in _HOLIDAYS and context.festivals.on(name, year) is None:
        text = f"不知道{year}年{name}是哪一天。"
        doubt = Doubt("unknown_festival", "error", text, None, (Choice(key="M月D日前", text="写明日期"),))
        return Point(*place, date(year, 1, 1), date(year, 12, 31), "festival", given, doubts=(doubt,), word=name)
    days = None if given else _next_one(name, year, context)
    first, last = days or _days_of(name, year, context) or (date(year, 1, 1), date(year, 12, 31))
    choice = span_choice(first, last)
    doubts: tuple[Doubt, ...] = ()
    if name in _HOLIDAYS:
        severity: Literal["ruling", "note"] = "note" if name.startswith("暑") else "ruling"
        doubts = (Doubt("school_holiday", severity, f"“{name}”的起止日期由学校规定。", choice.text, (choice,)),)
    if days is not None:
        text = f"印发时今年的{name}早已过去，按下一年的理解。"
        doubts += (Doubt("next_festival", "note", text, choice.text, (choice,)),)
    return Point(*place, first, last, "festival", given, doubts=doubts, word=name)


def _next_one(name: str, year: int, context: TimeContext) -> tuple[date, date] | None:
    """The days of a feast in the year after, where at the issue they are nearer than this year's, which are over."""
    over, following = _days_of(name, year, context), _days_of(name, year + 1, context)
    if context.issued_on is None or over is None or following is None:
        return None
    nearer = timedelta(0) <= following[0] - context.issued_on < context.issued_on - over[1]
    return following if nearer else None


def _days_of(name: str, year: int, context: TimeContext) -> tuple[date, date] | None:
    """The first and the last day of a feast or of a school's holidays in a year, where they are known."""
    if name in _HOLIDAYS:
        first, last = (date(year, *day) for day in _HOLIDAYS[name])
        return first, last
    day = context.festivals.on(name, year)
    return (day, day) if day is not None else None


def around(point: Point, days_before: int, days_after: int) -> Point:
    """The days around a point."""
    return replace(point, first=point.first - timedelta(days=days_before), last=point.last + timedelta(days=days_after))
