"""A calendar of due dates as a file that calendar programs subscribe to (RFC 5545), each with an alarm before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_LONGEST_LINE: Final = 75
_MOST_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One due date: `uid` stays the same when the date moves, so that a program moves the entry."""

    uid: str
    on: date
    summary: str
    description: str


def calendar_file(name: str, entries: Sequence[CalendarEntry], now: datetime, days_before: int) -> bytes:
    """The calendar, with an alarm at nine in the morning so many days before each date (0: on the day itself)."""
    return "".join(
        f"{folded}\r\n" for line in _lines(name, entries, now, days_before) for folded in _folded(line)
    ).encode()


def _lines(name: str, entries: Sequence[CalendarEntry], now: datetime, days_before: int) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//duban//calendar//ZH"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{_text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT4H"
    for entry in entries:
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(entry.uid)}"
        yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_text(entry.summary)}"
        yield f"DESCRIPTION:{_text(entry.description)}"
        yield "TRANSP:TRANSPARENT"
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_text(entry.summary)}"
        yield f"TRIGGER:{_trigger(days_before)}"
        yield "END:VALARM"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _trigger(days_before: int) -> str:
    # From the day's first instant: nine hours after it, or so many days less nine hours before it.
    days = max(0, min(days_before, _MOST_DAYS))
    return "PT9H" if days == 0 else f"-P{days - 1}DT15H"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(" " if each.isspace() else each for each in plain if each.isprintable() or each.isspace())


def _folded(line: str) -> Iterator[str]:
    """A line of at most 75 bytes, and what goes beyond on lines that begin with a blank; no character is cut."""
    part, size = "", 0
    for each in line:
        width = len(each.encode())
        if size + width > _LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + each, size + width
    yield part
