"""A column of limits that were moved later, beside the one of the limits as they were first (`调整后时限`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.notice.column_heads import plain_head, role_of
from domain.notice.columns import Columns
from domain.notice.patterns import regex

_WHEN = r"(?:时限|时间|期限|日期|节点)"
_REVISED = regex(
    rf"(?:(?:经?批准)?(?:调整|变更|修订|延期|顺延|修改|更正|展期)(?:后|至|到|为)|新|现)(?:的)?(?:计划|要求)?"
    rf"(?:完成|办结|整改|竣工|到期|截止)?{_WHEN}"
    r"|(?:(?:latest )?(?:revised|new|extended|amended|adjusted)|current) (?:[\w-]+ ){0,2}"
    r"(?:date|deadline|due|target|timeline)s?",
    re.IGNORECASE,
)
_ORIGINAL = regex(
    r"(?:(?:调整|变更|修订|延期|顺延|修改)前|原定?|原计划|初始)(?:的)?(?P<zh>.+)"
    r"|(?:original|initial|first|previous|agreed) (?P<en>.+)",
    re.IGNORECASE,
)


def with_revised(columns: Columns, heads: Sequence[Sequence[str]]) -> Columns:
    """The columns with that of the moved limits, where another one holds the limits that they replace."""
    plain = [plain_head(path[-1]) if path else "" for path in heads]
    found = [at for at, head in enumerate(plain) if _REVISED.fullmatch(head)]
    places = {role: at for role, at in columns.places.items() if at not in found}
    if len(found) != 1 or "start" in places:
        return columns
    originals = [at for at, head in enumerate(plain) if at not in places.values() and _names_a_limit(head)]
    if "due" not in places and "schedule" not in places and len(originals) == 1:
        places["due"] = originals[0]
    if "due" not in places and "schedule" not in places:
        return columns
    return replace(columns, places=places, revised=found[0])


def _names_a_limit(head: str) -> bool:
    original = _ORIGINAL.fullmatch(head)
    return original is not None and role_of(original["zh"] or original["en"]) in ("due", "schedule")
