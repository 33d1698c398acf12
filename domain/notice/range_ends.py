"""The end of a range that leaves out what it shares with the start: `6月上旬至中旬`, `20240601-0630`, `2027.3～11`."""

from __future__ import annotations

from dataclasses import replace

from domain.notice.patterns import regex
from domain.notice.point import Point
from domain.notice.points import CLOSE, point_at
from domain.notice.windows import TimeContext

_SHORT = regex(rf"(?:[上中下]旬|月?{CLOSE})|(?P<day>(?:3[01]|[12]\d|[1-9])\s*[日号])")
_EIGHT_DIGITS = regex(r"(?:19|20)\d{6}$")
_FOUR_DIGITS = regex(r"(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)|(?P<only>0[1-9]|[12]\d|3[01])(?!\d)")
_DOTTED = regex(r"20\d\d[./]")
_TO = regex(r"[至到]\s*$")
_BARE = regex(r"(?P<n>3[01]|[12]\d|0?[1-9])(?=\s*(?:$|[,;。:)\n]|[一-鿿]{2}))")
_MONTHS = 12


def end_of_range(text: str, at: int, first: Point, read: Point | None, context: TimeContext) -> Point | None:
    """The end that stands at an offset: as it was read by itself, or with what it leaves out."""
    if read is None or _EIGHT_DIGITS.match(text[first.start : first.end]):
        read = _digits(text, at, first, context) or read
    return read or short_point(text, at, first, context) or _bare(text, at, first, context)


def short_point(text: str, at: int, before: Point, context: TimeContext) -> Point | None:
    """A point that leaves out the month named before it: `6月上旬至中旬`, `3月1日、20日`."""
    match = _SHORT.match(text, at) if before.unit in ("day", "tenth", "month") else None
    if match is None or (match["day"] is not None and before.unit != "day"):
        return None
    whole = point_at(f"{before.first.year}年{before.first.month}月{match.group()}", 0, context)
    if whole is None:
        return None
    return replace(whole, start=at, end=match.end(), year_given=before.year_given)


def _bare(text: str, at: int, before: Point, context: TimeContext) -> Point | None:
    """A month or a day without its word, behind one that is written with dots: `2027.3至11`, `2027.3.5至20`."""
    match = _BARE.match(text, at) if _DOTTED.match(text, before.start) and _TO.search(text, 0, at) else None
    if match is None or before.unit not in ("month", "day") or (before.unit == "month" and int(match["n"]) > _MONTHS):
        return None
    month = f"{before.first.year}年{before.first.month}月{match['n']}日"
    whole = point_at(month if before.unit == "day" else f"{before.first.year}年{match['n']}月", 0, context)
    return replace(whole, start=at, end=match.end()) if whole is not None else None


def _digits(text: str, at: int, before: Point, context: TimeContext) -> Point | None:
    """The end of `20240601-0630` or `20240601-30`, which leaves out what it shares with the start."""
    match = _FOUR_DIGITS.match(text, at) if _EIGHT_DIGITS.match(text[before.start : before.end]) else None
    if match is None:
        return None
    month = match["m"] or f"{before.first.month}"
    whole = point_at(f"{before.first.year}年{int(month)}月{int(match['d'] or match['only'])}日", 0, context)
    return replace(whole, start=at, end=match.end()) if whole is not None else None
