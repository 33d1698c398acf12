"""A window of time and the doubts about it: what one time expression is read as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from domain.frozen import Frozen
from domain.notice.festivals import Festivals, published_festivals
from domain.project import Quota, Recurrence
from domain.rules.calendar import WorkingCalendar
from domain.texts import Cell, Part

Severity = Literal["error", "ruling", "note"]
Kind = Literal["dated", "recurring", "relative", "undated", "unreadable"]


class Choice(Frozen):
    """One way to rule on a finding: `key` is what a ruling says, `text` what it means.

    Where the doubt is about a window, the key is itself a time expression that can be read in one way only.
    """

    key: Part
    text: Cell


class Window(Frozen):
    """When something must be done; dates inclusive, absent where the text does not give them."""

    starts_on: date | None = None
    due_on: date | None = None
    ongoing: bool = False
    recurrence: Recurrence | None = None
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that could not be read, or could be read in two ways; `assumed` is what was taken meanwhile.

    `about` names the one window of several that it is about; without it every window of the expression is meant.
    """

    code: str
    severity: Severity
    text: str
    assumed: str | None = None
    choices: tuple[Choice, ...] = ()
    about: int | None = None


class Basis(StrEnum):
    """What a window rests on."""

    DATED = "dated"
    WHOLE_YEAR = "whole_year"
    RELATIVE = "relative"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What a time expression is read against: the list's year, the day it was issued, the festivals.

    `fiscal_start` is the month in which the fiscal year begins; fiscal years are asked about where it is not known.
    """

    year: int
    issued_on: date | None
    festivals: Festivals
    fiscal_start: int | None = None
    first_of_date: Literal["day", "month"] | None = None
    """What the list's dates with strokes begin with (`30/06/2026` elsewhere in it), where they show it."""
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    """The years whose working days are known."""
    left_out: Mapping[int, str] = field(default_factory=dict)
    """The month of each place of the text where a time leaves out the one that was named before."""

    @property
    def begins_on(self) -> date:
        """The first day that the list's year may have: with a declared fiscal year, that of the fiscal year."""
        return date(self.year if (self.fiscal_start or 1) == 1 else self.year - 1, self.fiscal_start or 1, 1)

    @classmethod
    def of(
        cls,
        year: int,
        issued_on: date | None = None,
        festivals: Festivals | None = None,
        fiscal_start: int | None = None,
        first_of_date: Literal["day", "month"] | None = None,
        calendar: WorkingCalendar | None = None,
    ) -> TimeContext:
        """The context of a list; the published festivals unless others are given."""
        festivals = festivals if festivals is not None else published_festivals()
        return cls(year, issued_on, festivals, fiscal_start, first_of_date, calendar or WorkingCalendar())


@dataclass(frozen=True, slots=True)
class TimeReading:
    """One time expression found in a text: where it stands (end not included) and the windows that it names."""

    start: int
    end: int
    windows: tuple[Window, ...]
    basis: Basis
    doubts: tuple[Doubt, ...] = ()
    deadline: bool = False
    """Whether the expression says by itself that it is a limit (`…前`, `截至…`), whatever follows it."""
    bare: bool = False
    """Whether it may as well be part of a name (`2018年…训练营`, `五四…`) unless something marks it as a time."""
    names: tuple[str, ...] = ()
    """What each of the days is called, where names stand behind them (`6月5日环境日、6月26日禁毒日`)."""


def doubts_of(reading: TimeReading, window: int) -> tuple[Doubt, ...]:
    """The doubts of an expression that are about one of its windows."""
    return tuple(doubt for doubt in reading.doubts if doubt.about is None or doubt.about == window)


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def spoken(windows: Iterable[Window]) -> str:
    """Windows in words, for a sentence that says what was assumed."""
    return "；".join(_spoken(window) for window in windows)


def _spoken(window: Window) -> str:
    if window.due_on is None:
        return "持续进行，没有时限" if window.ongoing else "没有时限"
    text = f"{window.starts_on}至{window.due_on}" if window.starts_on else f"{window.due_on}前"
    return text + ("（持续）" if window.ongoing else "")


def day_choice(day: date) -> Choice:
    """The choice of a deadline without a start."""
    return Choice(key=f"{day.year}年{day.month}月{day.day}日前", text=f"{day}到期")


def span_choice(first: date, last: date) -> Choice:
    """The choice of a window with both ends."""
    key = f"{first.year}年{first.month}月{first.day}日—{last.year}年{last.month}月{last.day}日"
    return Choice(key=key, text=f"{first}至{last}")
