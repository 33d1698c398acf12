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

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from domain.errors import InputError
from domain.rules.calendar import CalendarYear

_SATURDAY = 5
_KEYS = ("days_off", "makeup_working_days")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class _DatesAsText(RoundTripConstructor):
    """Leaves dates as they are written: read here, an impossible one can be told with its line."""


_DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


class UnreadableCalendarError(InputError):
    """A calendar file cannot be read, or says something that no calendar can."""

    rule = "readable_calendar"

    def __init__(self, text: str, *, place: Path, line: int | None = None) -> None:
        where = f"工作日历文件“{place}”" + (f"第{line}行" if line else "")
        super().__init__(f"{where}：{text}。", place=str(place), line=line)
        self.line = line


def read_calendar_years(path: Path) -> tuple[CalendarYear, ...]:
    """The years that a calendar file gives, in order. Weekend days among the days off are accepted and dropped.

    Raises:
        UnreadableCalendarError: says the line and what is allowed there.
    """
    return _CalendarFile(path).years()


class _CalendarFile:
    def __init__(self, path: Path) -> None:
        self._path = path

    def years(self) -> tuple[CalendarYear, ...]:
        document = self._document()
        if not isinstance(document, CommentedMap) or list(document) != ["years"]:
            raise self._error("最外层只能有一个键 years，其下按年份列出节假日和调休上班日", 1)
        years = document["years"]
        line = _key_line(document, "years")
        if not isinstance(years, CommentedMap) or not years:
            raise self._error("years 下应按年份分列，例如“2027:”", line)
        found = [self._year(years, key) for key in years]
        if len({year.year for year in found}) != len(found):
            raise self._error("同一年份写了两次，请合并", line)
        return tuple(sorted(found, key=lambda year: year.year))

    def _document(self) -> object:
        try:
            text = self._path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise self._error("不是UTF-8编码，请另存为UTF-8") from None
        except OSError as error:
            raise self._error(f"打不开（{error.strerror}），请检查路径和权限") from error
        try:
            yaml = YAML(typ="rt")
            yaml.Constructor = _DatesAsText
            return yaml.load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self._error(
                "不是合法的YAML或JSON，请检查缩进、冒号、括号和重复的键", mark and mark.line + 1
            ) from error
        except (YAMLError, RecursionError, ValueError) as error:
            raise self._error("不是合法的YAML或JSON，请检查括号层次和特殊字符") from error

    def _year(self, years: CommentedMap, key: object) -> CalendarYear:
        line = _key_line(years, key)
        if not re.fullmatch(r"\d{4}", str(key)):
            raise self._error(f"“{key}”不是年份，应为四位数字，例如 2027", line)
        year, body = int(str(key)), years[key]
        if not isinstance(body, CommentedMap):
            raise self._error(f"{year}年下应有 days_off 和 makeup_working_days 两个键", line)
        for name in body:
            if name not in _KEYS:
                raise self._error(f"不认识“{name}”，只能写 days_off 或 makeup_working_days", _key_line(body, name))
        for name in _KEYS:
            if name not in body:
                # Both must be said: a forgotten list of make-up days would silently turn working days into free ones.
                raise self._error(f"{year}年缺少 {name}；没有的话请写 {name}: []", line)
        days_off = dict(self._days(body, "days_off", year))
        makeup = dict(self._days(body, "makeup_working_days", year))
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

    def _days(self, body: CommentedMap, name: str, year: int) -> Iterator[tuple[date, int]]:
        days = body[name]
        if not isinstance(days, CommentedSeq):
            raise self._error(f"{name} 应为日期的列表，例如 [{year}-01-01]，没有则写 []", _key_line(body, name))
        for index, value in enumerate(days):
            line = days.lc.item(index)[0] + 1
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


def _key_line(mapping: Any, key: object) -> int:
    return int(mapping.lc.key(key)[0]) + 1
