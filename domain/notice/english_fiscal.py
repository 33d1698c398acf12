"""English fiscal times: `1Q FY25`, `FY2024/25 Q1`, `end of FY24`, `the 2024-25 financial year`."""

from __future__ import annotations

import re

from domain.notice.patterns import regex
from domain.notice.planned_years import FiscalTime

_I = re.IGNORECASE
_FISCAL_YEAR = (
    r"(?:FYE?\s*-?\s*'?|(?:fiscal|financial)\s+(?:year\s+)?(?:ending\s+)?)"
    r"(?P<y>(?:19|20)\d{2}|\d{2})(?!\d)(?:\s*[/-]\s*(?P<y2>\d{4}|\d{2})(?!\d))?"
)
_YEAR_FIRST = (
    r"(?P<y>20\d{2})\s*[/-]\s*(?P<y2>\d{4}|\d{2})(?!\d)\s*(?:(?:fiscal|financial)\s+year|FY|(?:the\s+)?budget\s+year)"
)
# `Q2 2026/27`: two years that follow each other beside a part of a year need no word for it.
_TWO_YEARS = r"(?P<y>20\d{2})\s*[/-]\s*(?P<y2>\d{4}|\d{2})(?!\s*[/-]?\s*\d)"
_PART = (
    r"(?:Q\s?(?P<q>[1-4])(?!\d)|(?P<q2>[1-4])Q|(?P<w>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?:(?:fiscal|financial)\s+)?quarter"
    r"|H\s?(?P<h>[12])(?!\d)|(?P<h2>[12])H|(?P<hw>first|second|1st|2nd)\s+half)"
)
_END = r"(?P<e>(?:the\s+)?(?:end|close)\s+(?:of\s+)?(?:the\s+)?)?"
_END_BEHIND = r"(?P<e2>\s*(?:year)?[\s-]?end(?![A-Za-z]))?"
_FORMS = tuple(
    regex(pattern + r"(?![A-Za-z0-9])", _I)
    for pattern in (
        rf"{_END}{_PART}\s*(?:of|in|,)?\s*(?:the\s+)?{_FISCAL_YEAR}",
        rf"{_END}{_PART}\s*(?:of|in|,)?\s*(?:the\s+)?{_YEAR_FIRST}",
        rf"{_END}{_PART}\s*(?:of|in|,)?\s*(?:the\s+)?{_TWO_YEARS}",
        rf"{_END}(?:the\s+)?{_TWO_YEARS}\s*[,-]?\s*{_PART}",
        rf"{_END}(?:the\s+)?{_FISCAL_YEAR}\s*[,-]?\s*{_PART}",
        rf"{_END}(?:the\s+)?{_FISCAL_YEAR}{_END_BEHIND}",
        rf"{_END}(?:the\s+)?{_YEAR_FIRST}",
        rf"{_END}(?:the\s+)?(?:fiscal|financial)\s+{_PART}(?:\s*(?:of\s+)?(?P<y>20\d{{2}}))?",
        r"(?P<e>(?:the\s+)?(?:end|close)\s+of\s+)(?:the\s+|this\s+|our\s+)?(?:(?:current|present)\s+)?(?:fiscal|financial)\s+year",
        r"(?:the\s+|this\s+)?(?:fiscal|financial)\s+year(?P<e>[\s-]end)?|FYE?(?P<e2>[\s-]end)",
    )
)
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}


def fiscal_time_at(text: str, at: int, year: int) -> tuple[FiscalTime, int] | None:
    """The fiscal time that the folded text names at an offset and where it ends, or `None`; `year` is the list's."""
    for form in _FORMS:
        match = form.match(text, at)
        if match is not None and _is_one_year(match):
            return _time(match, year), match.end()
    return None


def _is_one_year(match: re.Match[str]) -> bool:
    """Whether two years that are printed follow each other, as those of one fiscal year do."""
    years = match.groupdict()
    return not years.get("y2") or (int(years["y"]) + 1) % 100 == int(years["y2"]) % 100


def _time(match: re.Match[str], year: int) -> FiscalTime:
    groups = {name: value for name, value in match.groupdict().items() if value}
    printed = int(groups["y"]) if "y" in groups else year
    quarter = int(groups.get("q") or groups.get("q2") or _ORDINALS[groups["w"].lower()]) if _quarter(groups) else None
    half = int(groups.get("h") or groups.get("h2") or _ORDINALS[groups["hw"].lower()]) if _half(groups) else None
    return FiscalTime(
        year=printed if printed > 99 else 2000 + printed,
        two_years="y2" in groups,
        quarter=quarter,
        half=half,
        end_only="e" in groups or "e2" in groups,
    )


def _quarter(groups: dict[str, str]) -> bool:
    return any(name in groups for name in ("q", "q2", "w"))


def _half(groups: dict[str, str]) -> bool:
    return any(name in groups for name in ("h", "h2", "hw"))
