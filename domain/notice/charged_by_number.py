"""Who leads whole numbers of items, as a closing sentence says it (`第1、2、5项由甲局牵头，第3至4项由乙局牵头`)."""

from __future__ import annotations

import re

from domain.notice.assignment import Assignment
from domain.notice.assignments import assignment_in
from domain.notice.folding import fold
from domain.notice.numerals import number
from domain.notice.patterns import regex

_COUNT = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_OPENS = regex(
    r"^\(?(?:(?:以上|上述|其中)(?:各项|[一-鿿]{2,4})?[,:]?|[一-鿿]{2,4}中[,:]?)?(?=第\d|第[一二三四五六七八九十])"
)
_ITEMS = regex(
    rf"第(?P<counts>{_COUNT}(?:[项条]?(?:[、,和及至到-]|以及)第?{_COUNT})*)[项条](?:重点)?(?:工作|任务|事项|措施|项目)?(?:均|都)?"
)
_COUNTS = regex(rf"(?P<first>{_COUNT})(?:[项条]?(?:至|到|-)第?(?P<last>{_COUNT}))?")


def charged_by_number(text: str) -> list[tuple[frozenset[int], Assignment, str]]:
    """The numbers of the items with which a line charges somebody, who, and its words; empty where it says more."""
    folded = fold(text)
    opened = _OPENS.match(folded)
    found = list(_ITEMS.finditer(folded))
    if opened is None or not found or found[0].start() != opened.end():
        return []
    charges: list[tuple[frozenset[int], Assignment, str]] = []
    for items, end in zip(found, [*(each.start() for each in found[1:]), len(text)], strict=True):
        said = text[items.end() : end]
        rest, given = assignment_in(f"a,{said.strip().rstrip('。；;，,）)')}。")
        if not given.lead or rest.removeprefix("a").strip("，。、,"):
            return []
        charges.append((_numbers(items["counts"]), given, said))
    return charges


def names_items(text: str) -> bool:
    """Whether a line is about items by their numbers (`以上第2项…`, `第1、2项…`, `第3项由…`), and is none itself."""
    opened = _OPENS.match(fold(text))
    found = list(_ITEMS.finditer(fold(text)))
    if opened is None or not found or found[0].start() != opened.end():
        return False
    several = len(found) > 1 or len(_numbers(found[0]["counts"])) > 1
    return bool(opened.group()) or several or fold(text)[found[0].end() :].startswith("由")


def without_counts(text: str) -> str:
    """A line without the words that name the items by their numbers."""
    return _ITEMS.sub("", _OPENS.sub("", fold(text))) if charged_by_number(text) else fold(text)


def _numbers(counts: str) -> frozenset[int]:
    found: set[int] = set()
    for match in _COUNTS.finditer(counts):
        first, last = number(match["first"]) or 0, number(match["last"] or match["first"]) or 0
        found.update(range(first, last + 1))
    return frozenset(found)


def count_of(marker: str) -> int | None:
    """The number that opens an item."""
    counted = re.search(_COUNT, fold(marker))
    return number(counted.group()) if counted is not None else None
