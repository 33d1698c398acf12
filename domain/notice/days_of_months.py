"""The month in one column and its day in another (`月份 | 具体日期`): each is half of a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.notice.column_heads import plain_head
from domain.notice.columns import Columns
from domain.notice.document import Row
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.trail import RowView

_A_MONTH = regex(r"(?:20\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
_MONTH_NUMBER = regex(r"0?(?:[1-9]|1[0-2])")
_REST_OF_A_MONTH = regex(
    r"(?P<month>[本当该]?月)?(?:(?<=月)[底末初中]"
    r"|(?<!月)\d{1,2} *[日号]?(?: *[-、,至到] *\d{1,2} *[日号]?)*[日号]|(?<!月)[上中下]旬)"
)
_DAY_NUMBERS = regex(r"(?:[12]?\d|3[01])(?: *[-、,至到] *(?:[12]?\d|3[01]))?")
_HEAD_OF_MONTHS = regex(r"(?:^|[^\d])月份?$|^months?$", re.IGNORECASE)
_A_YEAR = regex(r"20\d\d年?")
_HEAD_OF_YEARS = regex(r"年(?:度|份)?$|^years?$", re.IGNORECASE)
_HEAD_OF_DAYS = regex(r"日期?$|^(?:day|date)s?$", re.IGNORECASE)


def with_days(
    columns: Columns, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]], left: Sequence[int]
) -> Columns:
    """The columns with that of the days, where one holds months and another, of those `left`, days of them."""
    if columns.at("start") is not None:
        return columns
    timed = [at for role in ("due", "schedule") if (at := columns.at(role)) is not None]
    months = [at for at in (*timed, *left) if _holds(at, heads, body, _is_a_month)]
    days = [at for at in (*timed, *left) if at not in months and _holds(at, heads, body, _is_a_day)]
    if len(months) != 1 or len(days) != 1 or (timed and not {*timed} & {months[0], days[0]}):
        return columns
    others = {role: at for role, at in columns.places.items() if at not in (months[0], days[0])}
    years = [at for at in left if at not in (months[0], days[0]) and _holds(at, heads, body, _is_a_year)]
    found = replace(columns, places={**others, "due": months[0]}, days=days[0])
    return replace(found, years=years[0]) if len(years) == 1 else found


def months_filled_down(views: Sequence[RowView], first: int, columns: Columns) -> list[RowView]:
    """The rows, from the `first` below the heads on, in which a blank month beside a day is that of the row above; with
    its year, where a column has it."""
    due, month = columns.at("due"), ""
    filled = list(views)
    if due is None or columns.days is None:
        return filled
    for at, view in enumerate(views[first:], first):
        if said := view.text(due):
            month = said if _A_MONTH.fullmatch(fold(said)) else f"{said}月" if said.isdigit() else said
            year = view.text(columns.years).removesuffix("年")
            month = f"{year}年{month}" if year.isdigit() and "年" not in month else month
        if (said and columns.years is None) or not (said or view.text(columns.days)):
            continue
        cells = list(view.row.cells)
        cells[due] = replace(cells[due], text=month)
        filled[at] = replace(view, row=Row(tuple(cells), view.row.place))
    return filled


def in_its_month(month: str, text: str, is_a_time: Callable[[str], bool]) -> str | None:
    """A day as it reads under its month (`15日前` under 3月); none where the text says no part of a month."""
    if not _A_MONTH.fullmatch(fold(month)):
        return None
    text = f"{text}日" if _DAY_NUMBERS.fullmatch(fold(text)) else text
    whole, rest = month.removesuffix("份"), _REST_OF_A_MONTH.match(fold(text))
    if rest is not None:
        return f"{whole}{text[len(rest['month'] or '') :]}"
    return f"{whole}{text}" if "月" not in text and is_a_time(f"{whole}{text}") else None


def _is_a_month(text: str, head: str) -> bool:
    return bool(_A_MONTH.fullmatch(text) or (_HEAD_OF_MONTHS.search(head) and _MONTH_NUMBER.fullmatch(text)))


def _is_a_year(text: str, head: str) -> bool:
    return bool(_HEAD_OF_YEARS.search(head) and _A_YEAR.fullmatch(text))


def _is_a_day(text: str, head: str) -> bool:
    return bool(_REST_OF_A_MONTH.match(text) or (_HEAD_OF_DAYS.search(head) and _DAY_NUMBERS.fullmatch(text)))


def _holds(
    at: int, heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]], fits: Callable[[str, str], bool]
) -> bool:
    """Whether most of what stands in a column is of the kind."""
    head = plain_head(heads[at][-1]) if heads[at] else ""
    texts = [fold(row[at]).strip() for row in body if at < len(row) and row[at].strip()]
    return sum(fits(text, head) for text in texts) * 2 > len(texts)
