"""Numbers that an English list asks for (`renew 30 stops`): a verb of an act, a number, and what is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from domain.notice.patterns import regex
from domain.project import Quota

_ACTS: Final = (
    "add|audit|award|build|carry out|close|complete|conduct|construct|convert|create|deliver|equip|establish|fit|fund"
    "|hire|hold|host|inspect|install|issue|launch|modernise|modernize|offer|open|organise|organize|pave|plant|produce"
    "|provide|publish|reach|rebuild|recruit|refurbish|renew|renovate|repair|replace|resurface|restore|review|run|serve"
    "|survey|train|upgrade|vaccinate|visit"
)
_TIMES: Final = "seconds|minutes|hours|days|weeks|fortnights|months|quarters|years|times|percent|points"
_NO_PLURAL: Final = "is|was|has|as|its|this|thus|us|bus|gas|campus"
_ENGLISH = regex(
    rf"(?<![A-Za-z])(?:{_ACTS})\s+(?:at\s+least\s+|no\s+fewer\s+than\s+|a\s+total\s+of\s+|another\s+|a\s+further\s+)?"
    r"(?!20[1-3]\d\s)(?P<n>\d{1,3}(?:,\d{3})+|\d{1,7})\s+(?:(?:new|more|additional|further)\s+)?"
    rf"(?:(?!(?:{_TIMES}|per|to|of|in|by|and|or|for|a|an|the)\b)[A-Za-z][A-Za-z-]*\s+){{0,2}}?"
    rf"(?P<unit>(?!(?:{_TIMES}|{_NO_PLURAL})\b)(?:people|staff|children|homes|[A-Za-z][a-z-]{{1,30}}(?<!s)s))(?![A-Za-z-])",
    re.IGNORECASE,
)


def english_amounts(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], Quota]]:
    """The numbers behind verbs of acts in a stretch of the text, each with what is counted. A set that is there already
    has an article (`the 30 stops`), which no amount has; `2026 accounts` are those of a year."""
    for match in _ENGLISH.finditer(text, start, end):
        value = int(match["n"].replace(",", ""))
        if value:
            yield match, Quota(value=value, unit=match["unit"].lower())
