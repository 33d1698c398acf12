"""Which rows of the register a query asks for and in which order, as SQL; one text for both stores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain.characters import REFUSED
from domain.colours import WORST_LAST, Colour
from domain.ids import PROJECT
from domain.paging import UnreadablePlaceError
from domain.ports.register import DutyQuery, DutySort, MatterQuery, ProjectQuery, ProjectSort

NO_DAY: Final = "9999-12-31"
"""Stands where there is no date: after every date that an office can write."""

LISTED: Final = "instr(project_id, '_')<1"
"""The rows of lists: a sub-duty has this sign in its identity, and is counted in the milestone that it is a part of.

Said as `<1` and not as `=0`, which PostgreSQL takes for one row in two hundred: it sorted all of them for each page.
"""

_PROJECT_ORDERS: dict[ProjectSort, tuple[str, ...]] = {
    "project": ("project_id",),
    "title": ("title", "project_id"),
    "lead": ("lead_department", "project_id"),
    "light": ("light", "next_due_on", "project_id"),
    "stage": ("stage", "next_due_on", "project_id"),
    "due": ("next_due_on", "project_id"),
    "overdue": ("-overdue", "next_due_on", "project_id"),
}
_DUTY_ORDERS: dict[DutySort, tuple[str, ...]] = {
    "milestone": ("project_id", "place"),
    "department": ("department", "answer_by", "project_id", "place"),
    "light": ("light", "answer_by", "project_id", "place"),
    "stage": ("stage", "answer_by", "project_id", "place"),
    "due": ("answer_by", "project_id", "place"),
}
_NUMBERS: Final = frozenset({"light", "-overdue", "place"})
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORMS: Final = {
    **dict.fromkeys(_NUMBERS, re.compile(r"-?[0-9]{1,9}")),
    "next_due_on": _DAY,
    "answer_by": _DAY,
    "project_id": PROJECT,
}
"""How the keys are written; none but the first of an order is a text that somebody wrote, with blanks in it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a query: its WHERE with the values that stand for `?`, and the keys of its order."""

    where: str
    values: tuple[object, ...]
    keys: tuple[str, ...]
    descending: bool

    def order(self, *, backwards: bool) -> str:
        """The order, or the same one from its end."""
        way = " DESC" if self.descending != backwards else ""
        return ", ".join(f"{key}{way}" for key in self.keys)

    def beside(self, place: str, *, behind: bool) -> Chosen:
        """Those of the rows that stand behind a place in the order, or before it.

        Raises:
            UnreadablePlaceError: it is no place of this order.
        """
        parts = place.rsplit(" ", len(self.keys) - 1) if place else []
        keys = self.keys[: len(parts)]
        formed = (key not in _FORMS or _FORMS[key].fullmatch(part) for key, part in zip(keys, parts, strict=True))
        if REFUSED.search(place) or not all(formed):
            raise UnreadablePlaceError(place=place)
        if not keys:
            return self
        values = [int(part) if key in _NUMBERS else part for key, part in zip(keys, parts, strict=True)]
        sign = ">" if behind != self.descending else "<"
        term = f"({', '.join(keys)}){sign}({', '.join('?' * len(keys))})"
        joint = f"{self.where} AND" if self.where else " WHERE"
        return replace(self, where=f"{joint} {term}", values=(*self.values, *values))


class _Terms:
    """The terms of a WHERE, gathered."""

    def __init__(self) -> None:
        self._terms: list[str] = []
        self._values: list[object] = []

    def add(self, term: str, value: object | None) -> None:
        """A term for one value; none where the value is absent."""
        if value is not None:
            self._terms.append(term)
            self._values.append(value)

    def say(self, term: str) -> None:
        """A term without a value."""
        self._terms.append(term)

    def listed(self, *, only: bool) -> None:
        """Rows of lists alone, where they are asked for."""
        if only:
            self._terms.append(LISTED)

    def any_of(self, column: str, values: Sequence[object], end: str = "") -> None:
        """One of several values; all where none is named. `end` closes what the column stands in."""
        if values:
            self._terms.append(f"{column} IN ({', '.join('?' * len(values))}){end}")
            self._values += values

    def among(self, column: str, values: Sequence[object] | None) -> None:
        """One of several values; nothing where none is named, all where the value is absent."""
        if values is not None and not values:
            self.say("0=1")
        self.any_of(column, values or ())

    def between(self, column: str, first: date | None, last: date | None) -> None:
        """A day within a span whose ends are included; what has no day is in no span."""
        self.add(f"{column}>=?", str(first) if first else None)
        self.add(f"{column}<=?", str(last) if last else None)
        if first or last:
            self.add(f"{column}<>?", NO_DAY)

    def chosen(self, keys: tuple[str, ...], *, descending: bool) -> Chosen:
        """What was gathered."""
        where = f" WHERE {' AND '.join(self._terms)}" if self._terms else ""
        return Chosen(where, tuple(self._values), keys, descending)


def chosen_projects(query: ProjectQuery) -> Chosen:
    """The rows of `register_project` that a query asks for."""
    terms = _Terms()
    terms.add("year=?", query.year)
    terms.add("lead_department=?", query.lead)
    terms.any_of("lead_department", query.leads)
    terms.add("category=?", query.category)
    terms.add("source=?", query.source)
    terms.add("responsible_leader=?", query.leader)
    terms.add("overdue>?", 0 if query.overdue else None)
    terms.add("undecided>?", 0 if query.undecided else None)
    terms.add("directives>?", 0 if query.directed else None)
    terms.among("project_id", query.among)
    terms.any_of("light", [rank_of(light) for light in query.lights])
    terms.any_of("stage", query.stages)
    terms.between("next_due_on", query.due_from, query.due_until)
    terms.add(
        "project_id IN (SELECT project_id FROM register_duty WHERE department=? AND role='participant')",
        query.participant,
    )
    terms.any_of(
        "project_id IN (SELECT project_id FROM register_duty WHERE role='participant' AND department",
        query.participants,
        end=")",
    )
    terms.add("project_id IN (SELECT project_id FROM register_words WHERE instr(words, ?)>0)", query.text or None)
    terms.listed(only=query.listed_only)
    return terms.chosen(_PROJECT_ORDERS[query.sort], descending=query.descending)


def chosen_duties(query: DutyQuery) -> Chosen:
    """The rows of `register_duty` that a query asks for."""
    terms = _Terms()
    terms.add("project_id=?", query.project_id)
    terms.add("department=?", query.department)
    terms.any_of("department", query.names)
    terms.among("project_id", query.among)
    terms.add("role=?", query.role)
    terms.add("project_id IN (SELECT project_id FROM register_project WHERE year=?)", query.year)
    terms.any_of("light", [rank_of(light) for light in query.lights])
    terms.any_of("stage", query.stages)
    terms.add("open=?", None if query.open is None else int(query.open))
    terms.add("signed=?", None if query.signed is None else int(query.signed))
    terms.between("answer_by", query.due_from, query.due_until)
    terms.add("instr(description, ?)>0", query.text or None)
    terms.listed(only=query.listed_only)
    return terms.chosen(_DUTY_ORDERS[query.sort], descending=query.descending)


def chosen_matters(query: MatterQuery) -> Chosen:
    """The rows of `register_matter` that a query asks for."""
    terms = _Terms()
    terms.add("owner=?", query.owner)
    terms.add("of_the_section=?", None if query.of_the_section is None else int(query.of_the_section))
    terms.any_of("kind", query.kinds)
    if query.late:
        terms.say("working_days_late>0")  # as the index says it
    terms.among("project_id", query.among)
    return terms.chosen(("due_on", "project_id", "place"), descending=False)


def rank_of(light: Colour) -> int:
    """The place of a light in the order of lists: the worst first."""
    return len(WORST_LAST) - 1 - WORST_LAST.index(light)
