"""Columns headed by offices in which marks say who leads and who helps (`★`, `○`), as their legend has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.notice.departments import is_group
from domain.notice.folding import fold
from domain.notice.patterns import regex
from domain.notice.trail import RowView
from domain.notice.units import all_units

Part = Literal["lead", "participants"]

_MARK = r"[★☆●○〇◎◆◇■□▲△√✓✔☑*#]"
_WORD_OF_LEAD = r"(?:总?牵头|主办|主责|主要责任|负责|责任|lead)"
_WORD_OF_HELP = r"(?:配合|协办|协助|协同|参与|参加|会办|support)"
_LEGEND = regex(
    rf"[“\"'(]?(?P<mark>{_MARK})[”\"')]?\s*(?:的|者)?(?:为|表示|代表|是|指|标注|标记|:|=|-+|\s)*(?:(?P<lead>{_WORD_OF_LEAD})|(?P<help>{_WORD_OF_HELP}))"
    rf"|(?:(?P<lead_first>{_WORD_OF_LEAD})|(?P<help_first>{_WORD_OF_HELP}))(?:单位|部门|处室|科室)?\s*(?:用|以|为|标|打|画|:|=|-+)*\s*[“\"'(]?(?P<mark_behind>{_MARK})",
    re.IGNORECASE,
)
_WORDS: Mapping[str, Part] = {
    **dict.fromkeys(("牵头", "主办", "主责", "负责", "责任", "牵头单位", "主办单位", "责任单位", "L", "主"), "lead"),
    **dict.fromkeys(
        ("配合", "协办", "协助", "参与", "参加", "会办", "配合单位", "协办单位", "S", "协", "配"), "participants"
    ),
}
_FULL, _OPEN = "★●◆■▲√✓✔☑", "☆〇○◎◇□△"
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Marked:
    """The columns of offices with the name of each, and what each mark says; `told` is whether the list says so."""

    offices: tuple[tuple[int, str], ...]
    parts: Mapping[str, Part]
    told: bool

    def who(self, row: RowView, part: Part) -> str:
        """The offices that a row gives a part, as a cell would list them."""
        return "、".join(name for at, name in self.offices if self._part(row.text(at)) == part)

    def claimed(self, row: RowView) -> Iterable[tuple[int, str, Part]]:
        """The marked places of a row, each with its office and its part."""
        for at, name in self.offices:
            if (part := self._part(row.text(at))) is not None:
                yield at, name, part

    def _part(self, mark: str) -> Part | None:
        return self.parts.get(fold(mark).strip())


def legend_in(lines: Iterable[str]) -> dict[str, Part]:
    """What a list says itself of its marks (`★为牵头单位，○为配合单位`)."""
    found: dict[str, Part] = {}
    for line in map(fold, lines):
        for match in _LEGEND.finditer(line):
            mark = match["mark"] or match["mark_behind"]
            found.setdefault(mark, "lead" if match["lead"] or match["lead_first"] else "participants")
    return found


def marked_offices(
    heads: Sequence[Sequence[str]],
    used: frozenset[int],
    body: Sequence[Sequence[str]],
    legend: Mapping[str, Part],
    *,
    led: bool,
) -> Marked | None:
    """The columns that are headed by offices and hold marks alone; none where fewer than two are.

    Beside a column that says who leads (`led`) all whom a mark without a meaning of its own names help.
    """
    offices: list[tuple[int, str]] = []
    marks: set[str] = set()
    for at, path in enumerate(heads):
        stands = {fold(row[at]).strip() for row in body if at < len(row)} - {"", "-", "/"}
        if at in used or not path or not _is_office(path[-1]):
            continue
        if all(re.fullmatch(_MARK, text) or text.upper() in _WORDS for text in stands):
            offices.append((at, re.sub(r"\s+", "", path[-1])))
            marks |= stands
    if len(offices) < _FEWEST or not marks:
        return None
    told = led or marks <= legend.keys() | _WORDS.keys()
    looks: dict[str, Part] = {mark: "participants" if led else _by_its_look(mark, marks) for mark in marks}
    return Marked(tuple(offices), looks | {mark: legend[mark] for mark in marks & legend.keys()}, told)


def _is_office(head: str) -> bool:
    name = re.sub(r"\s+", "", head)
    return all_units(name) or is_group(name)


def _by_its_look(mark: str, marks: set[str]) -> Part:
    """A full mark leads and an open one helps; where all are alike, everybody is named and the first one leads."""
    if (word := _WORDS.get(mark.upper())) is not None:
        return word
    return "participants" if mark in _OPEN and any(other in _FULL for other in marks) else "lead"
