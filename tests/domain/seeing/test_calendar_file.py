"""A calendar's file: what RFC 5545 asks of its lines, and an alarm before each date."""

from __future__ import annotations

from datetime import date

import pytest

from domain.seeing.calendar_file import CalendarEntry, calendar_file
from tests.domain.samples import at

LONG = "开展“青年之家”建设；" * 12
ENTRY = CalendarEntry(
    "2018-05a-01.lead.组织部@duban", date(2018, 5, 31), f"组织部：{LONG}", "2018-05a-01\nhttp://desk/"
)


def unfolded(data: bytes) -> list[str]:
    """The lines as a program reads them."""
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_every_line_is_short_enough_and_says_what_it_says() -> None:
    """At most 75 bytes before its end, no character cut; marks and line ends of a text are written as such."""
    data = calendar_file("督办：组织部", [ENTRY], at("05-01 10:00"), 3)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = unfolded(data)
    assert f"SUMMARY:组织部：{LONG}".replace(";", "\\;") in lines
    assert "DESCRIPTION:2018-05a-01\\nhttp://desk/" in lines
    assert "DTSTART;VALUE=DATE:20180531" in lines
    assert "DTSTAMP:20180501T020000Z" in lines
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])


@pytest.mark.parametrize(("days", "trigger"), [(0, "PT9H"), (1, "-P0DT15H"), (3, "-P2DT15H"), (99, "-P29DT15H")])
def test_the_alarm_comes_at_nine_in_the_morning(days: int, trigger: str) -> None:
    """So many days before the date, thirty at most."""
    assert f"TRIGGER:{trigger}" in unfolded(calendar_file("x", [ENTRY], at("05-01 10:00"), days))


@pytest.mark.parametrize("blank", ["\u3000", "\t", "\u00a0", "\u2028"])
def test_words_that_a_blank_parts_stay_apart(blank: str) -> None:
    """Of whatever kind it is: an ideographic one parts names and sentences in Chinese."""
    apart = CalendarEntry("u", date(2018, 5, 31), f"王{blank}强", "")
    assert "SUMMARY:王 强" in unfolded(calendar_file("x", [apart], at("05-01 10:00"), 0))


def test_nothing_in_a_text_makes_a_line_of_its_own() -> None:
    """Line ends, commas and what cannot be seen: no property is slipped in."""
    evil = CalendarEntry("u", date(2018, 5, 31), "a\r\nATTENDEE:mailto:x\x00,b;c\\d", "")
    lines = unfolded(calendar_file("x", [evil], at("05-01 10:00"), 0))
    assert "SUMMARY:a\\nATTENDEE:mailto:x\\,b\\;c\\\\d" in lines
    assert not [line for line in lines if line.startswith("ATTENDEE")]
