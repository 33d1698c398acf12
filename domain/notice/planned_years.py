"""Years that are not the calendar's: five-year plans (`“十四五”末`) and fiscal years (`2024财年第一季度`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from domain.notice.numerals import number
from domain.notice.patterns import regex
from domain.notice.point import Point, vague
from domain.notice.windows import Choice, Doubt, TimeContext, last_of_month

_FIVE_YEARS = regex(
    r"[“\"‘]?十(?P<n>[一二三四五六])五[”\"’]?(?:规划)?(?:的)?\s*"
    r"(?P<part>末期|末年|末|期末|规划期末|收官(?:之年)?|结束|期间|时期|中期|初期|前期|期内|期)(?!刊|货|评)"
)
_QUOTES = '“”‘’"'
_FIRST_PLAN_ENDS = 1950
_FISCAL = regex(
    r"(?:(?P<y>20\d{2})\s*(?:[-/]\s*(?P<y2>\d{4}|\d{2})\s*)?年?\s*|(?P<this>本|当)\s*)?(?:财年|财政年度|会计年度)\s*(?:的)?"
    r"(?:第?\s*(?P<q>[一二三四1-4])\s*季度|(?P<h>[上下])半年)?\s*(?P<part>末|底|结束)?"
)
_STARTS = (1, 4, 7, 10)
DECLARED_START = regex(r"财年(?:从|自)?\s*(?P<month>1[0-2]|[1-9])月(?:1日)?起")
"""How a ruling says when the fiscal year begins: `财年4月起`."""


def five_years_at(text: str, at: int) -> Point | None:
    """The five-year plan, or its end, that the folded text names at an offset, or `None`."""
    match = _FIVE_YEARS.match(text, at)
    if match is None:
        return None
    last = _FIRST_PLAN_ENDS + 5 * (10 + (number(match["n"]) or 0)) + 5
    first_day, last_day = date(last - 4, 1, 1), date(last, 12, 31)
    name = match.group().strip(_QUOTES)
    note = Doubt("five_years", "note", f"“{name}”按{last - 4}年至{last}年理解。")
    whole = Point(at, match.end(), first_day, last_day, "year", True, doubts=(note,), word=match.group())
    part = match["part"]
    if part in ("末", "末年", "期末", "规划期末", "结束") or part.startswith("收官"):
        return replace(whole, first=date(last, 12, 1), end_only=True)
    if part == "末期":
        return vague(replace(whole, first=date(last, 1, 1)), match.group(), whole.last)
    if part in ("中期", "初期", "前期"):
        year = last - 2 if part == "中期" else last - 4
        return vague(replace(whole, first=date(year, 1, 1), last=date(year, 12, 31)), match.group(), whole.last)
    return whole


@dataclass(frozen=True, slots=True)
class FiscalTime:
    """A fiscal year or a part of it: the year printed, and the next one where both are (`FY2024/25`)."""

    year: int
    two_years: bool = False
    quarter: int | None = None
    half: int | None = None
    end_only: bool = False

    def span(self, start: int) -> tuple[date, date]:
        """First and last day where the fiscal year begins in the month `start`.

        A year named by one number is the one in which it ends; one named by two begins in the first.
        """
        opens = self.year if self.two_years or start == 1 else self.year - 1
        length = 3 if self.quarter else 6 if self.half else 12
        offset = 3 * (self.quarter - 1) if self.quarter else 6 * (self.half - 1) if self.half else 0
        first, last = start + offset, start + offset + length - 1
        return date(*_year_month(opens, first), 1), last_of_month(*_year_month(opens, last))


def fiscal_span(time: FiscalTime, context: TimeContext) -> tuple[date, date, tuple[Doubt, ...]]:
    """First and last day of a fiscal time; asked about where nobody has declared when the fiscal year begins."""
    if context.fiscal_start is not None:
        return *time.span(context.fiscal_start), ()
    # A year that is printed as two begins in the one and ends in the other: it is not the calendar's.
    starts = _STARTS[1:] if time.two_years else _STARTS
    choices = []
    for start in starts:
        first, last = time.span(start)
        told = f"{last}到期" if time.end_only else f"{first}至{last}"
        choices.append(Choice(key=f"财年{start}月起", text=told))
    calendar = "财政年度从哪个月起没有写明，按公历年度理解。"
    text = "财政年度从哪个月起没有写明，按4月起理解。" if time.two_years else calendar
    doubt = Doubt("fiscal_year", "ruling", text, choices[0].text, tuple(choices))
    return *time.span(starts[0]), (doubt,)


def fiscal_at(text: str, at: int, context: TimeContext) -> Point | None:
    """The fiscal year, or a part of it, that the folded text names in Chinese at an offset, or `None`."""
    match = _FISCAL.match(text, at)
    if match is None or not any(match[name] for name in ("y", "this", "q", "h", "part")):
        return None
    time = FiscalTime(
        year=int(match["y"]) if match["y"] else context.year,
        two_years=match["y2"] is not None,
        quarter=number(match["q"]) if match["q"] else None,
        half={"上": 1, "下": 2}.get(match["h"] or ""),
        end_only=match["part"] is not None,
    )
    first, last, doubts = fiscal_span(time, context)
    end = match.start() + len(match.group().rstrip())
    point = Point(at, end, first, last, "quarter" if time.quarter else "part_of_year", True, doubts=doubts)
    return replace(point, first=last.replace(day=1), end_only=True) if time.end_only else point


def _year_month(year: int, month: int) -> tuple[int, int]:
    return year + (month - 1) // 12, (month - 1) % 12 + 1
