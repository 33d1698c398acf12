"""The file by which an office extends or corrects the calendar: a year's holidays and make-up days, as YAML or JSON.

years:
  2027:
    days_off: [2027-01-01, 2027-02-05]
    makeup_working_days: [2027-02-20]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from adapters.files.yaml_file import UnreadableFileError, document_at
from domain.rules.calendar import CalendarYear

_SATURDAY = 5
_KEYS = ("days_off", "makeup_working_days")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class UnreadableCalendarError(UnreadableFileError, rule="readable_calendar"):
    """A calendar file cannot be read, or says something that no calendar can."""

    called = "工作日历文件“{}”"


def read_calendar_years(path: Path) -> tuple[CalendarYear, ...]:
    """The years that a calendar file gives, in order. Weekend days among the days off are accepted and dropped.

    Raises:
        UnreadableCalendarError: says the line and what is allowed there.
    """
    return _CalendarFile(path).years()


class _CalendarFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._document = document_at(path, UnreadableCalendarError)

    def years(self) -> tuple[CalendarYear, ...]:
        document = self._document.value
        if not isinstance(document, dict) or list(document) != ["years"]:
            raise self._error("最外层只能有一个键 years，其下按年份列出节假日和调休上班日", 1)
        years = document["years"]
        line = self._document.line_of(("years",))
        if not isinstance(years, dict) or not years:
            raise self._error("years 下应按年份分列，例如“2027:”", line)
        found = [self._year(key, body) for key, body in years.items()]
        if len({year.year for year in found}) != len(found):
            raise self._error("同一年份写了两次，请合并", line)
        return tuple(sorted(found, key=lambda year: year.year))

    def _year(self, key: str, body: Any) -> CalendarYear:
        place = ("years", key)
        line = self._document.line_of(place)
        if not re.fullmatch(r"\d{4}", key):
            raise self._error(f"“{key}”不是年份，应为四位数字，例如 2027", line)
        year = int(key)
        if not isinstance(body, dict):
            raise self._error(f"{year}年下应有 days_off 和 makeup_working_days 两个键", line)
        for name in body:
            if name not in _KEYS:
                there = self._document.line_of((*place, name))
                raise self._error(f"不认识“{name}”，只能写 days_off 或 makeup_working_days", there)
        for name in _KEYS:
            if name not in body:
                # Both must be said: a forgotten list of make-up days would silently turn working days into free ones.
                raise self._error(f"{year}年缺少 {name}；没有的话请写 {name}: []", line)
        days_off = dict(self._days(body, "days_off", key))
        makeup = dict(self._days(body, "makeup_working_days", key))
        for day, at in makeup.items():
            if day.weekday() < _SATURDAY:
                raise self._error(f"{day}不是周六或周日，不能列为调休上班日", at)
            if day in days_off:
                raise self._error(f"{day}既列为放假又列为上班，请保留一处", at)
        return CalendarYear(
            year=year,
            days_off=tuple(sorted(day for day in days_off if day.weekday() < _SATURDAY)),
            makeup_working_days=tuple(sorted(makeup)),
        )

    def _days(self, body: dict[str, Any], name: str, key: str) -> Iterator[tuple[date, int]]:
        days, year, place = body[name], int(key), ("years", key, name)
        if not isinstance(days, list):
            line = self._document.line_of(place)
            raise self._error(f"{name} 应为日期的列表，例如 [{year}-01-01]，没有则写 []", line)
        for index, value in enumerate(days):
            line = self._document.line_of((*place, index))
            day = _day(value)
            if day is None:
                raise self._error(f"“{value}”不是日期，应写成 {year}-01-01 的样子", line)
            if day.year != year:
                raise self._error(f"{day}不在{year}年，请移到它自己的年份下", line)
            yield day, line

    def _error(self, text: str, line: int | None = None) -> UnreadableCalendarError:
        return UnreadableCalendarError(text, place=self._path, line=line)


def _day(value: object) -> date | None:
    text = str(value)
    try:
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None
