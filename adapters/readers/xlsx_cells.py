"""What a spreadsheet shows in a cell: days as days, months as months, struck-through words apart, colours."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock

# Formats of day and month that Excel has built in for Chinese and the library does not know.
_MONTHS_BUILT_IN = (27, 36, 50, 52, 57)
_DAYS_BUILT_IN = (28, 29, 30, 31, 51, 53, 54, 58)
_EPOCH = date(1899, 12, 30)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# `0"月底前"`: the words that a format puts around a number.
_AROUND_A_NUMBER = re.compile(
    r'(?:"(?P<before>[^"]*)")?(?:0|#|#,##0|#,##0\.0+|0\.0+|General)(?:"(?P<behind>[^"]*)")?', re.IGNORECASE
)
_PLACES = re.compile(r"0\.(?P<zeros>0+)")
# `m"月"d"日前"`, `m"月底前"`: a date's format may say that it is a limit.
_CLOSING_LIMIT = re.compile(r'"[年月日号]?(底?(?:之|以)?前)"\s*$')
_FIRST_DAY, _LAST_DAY = 1, 2_958_465
_WHITE = ("00000000", "FFFFFFFF", "00FFFFFF")


def shown(cell: Any) -> tuple[str, str | None]:  # noqa: PLR0911 - one exit for each type of cell
    """The text that a cell shows, and what is wrong with it (`是公式`)."""
    value = cell.value
    if cell.data_type == "f" or (
        isinstance(value, str) and value.startswith("=") and len(value) > 1 and cell.data_type != "s"
    ):
        return str(value), "是公式"
    if cell.data_type == "e":
        return str(value), f"是错误值{value}"
    if isinstance(value, datetime):
        return _moment(value, cell.number_format or ""), None
    if isinstance(value, date):
        return _day(value, cell.number_format or ""), None
    if isinstance(value, bool):
        return ("是" if value else "否"), None
    if isinstance(value, (int, float)):
        return _number(value, cell), None
    return str(value).strip(), None


def _number(value: float, cell: Any) -> str:
    built_in = cell._style.numFmtId  # noqa: SLF001 - the library tells no format for these numbers
    if built_in in (*_MONTHS_BUILT_IN, *_DAYS_BUILT_IN) and _FIRST_DAY <= value <= _LAST_DAY:
        return _day(_EPOCH + timedelta(days=int(value)), "yyyy/m" if built_in in _MONTHS_BUILT_IN else "yyyy/m/d")
    form = cell.number_format or ""
    if "%" in form:
        return f"{round(value * 100, 6):g}%"
    plain = str(int(value)) if float(value).is_integer() else f"{value:.10g}"
    beside = _AROUND_A_NUMBER.fullmatch(form)
    if "." in plain and (places := _PLACES.search(form)) is not None:
        # `0.00` shows `9.1` as `9.10`.
        plain += "0" * (len(places["zeros"]) - len(plain.partition(".")[2]))
    return f"{beside['before'] or ''}{plain}{beside['behind'] or ''}" if beside is not None else plain


def _moment(value: datetime, form: str) -> str:
    day = _day(value.date(), form)
    return day if value.time() == time() else f"{day}{value:%H:%M}"


def _day(day: date, form: str) -> str:
    """A date as the format shows it: without a day it is the month, without a month the year."""
    limit = closing[1] if (closing := _CLOSING_LIMIT.search(form.partition(";")[0])) is not None else ""
    return f"{_as_formatted(day, form)}{limit}"


def _as_formatted(day: date, form: str) -> str:
    told = _LITERAL.sub("", form.partition(";")[0]).lower()
    if "y" in told and "d" not in told:
        return f"{day.year}年{day.month}月" if "m" in told else f"{day.year}年"
    if "m" in told and "d" not in told and "h" not in told and "y" not in told:
        return f"{day.month}月"
    return f"{day.year}年{day.month}月{day.day}日"


def apart(cell: Any, text: str) -> tuple[str, str]:
    """The valid words of a cell, and those that are struck through."""
    whole = cell.font is not None and bool(cell.font.strike)
    if not isinstance(cell.value, CellRichText):
        return ("", text) if whole else (text, "")
    valid: list[str] = []
    struck: list[str] = []
    for piece in cell.value:
        gone = bool(piece.font.strike) if isinstance(piece, TextBlock) and piece.font is not None else whole
        (struck if gone else valid).append(str(piece.text if isinstance(piece, TextBlock) else piece))
    return "".join(valid).strip(), "".join(struck).strip()


def is_shaded(cell: Any | None) -> bool:
    """Whether a cell is coloured, as the bars of a plan are."""
    if cell is None or cell.fill is None or cell.fill.patternType != "solid":
        return False
    colour = cell.fill.fgColor
    return colour is not None and not (colour.type == "rgb" and colour.rgb in _WHITE)
