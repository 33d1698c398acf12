"""The typed search attributes of a supervision, by which the engine's own lists can be filtered.

They hold what hardly ever changes. Lights, stages and dates are derived from the ledger: showing them in the engine's
lists costs every wake-up (docs/adr/0091).
"""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from domain.project import KeyProject

YEAR = SearchAttributeKey.for_int("DubanYear")
LEAD_DEPARTMENT = SearchAttributeKey.for_keyword("DubanLeadDepartment")

ALL_KEYS: tuple[SearchAttributeKey[Any], ...] = (YEAR, LEAD_DEPARTMENT)


def attributes_of(year: int, project: KeyProject) -> dict[SearchAttributeKey[Any], Any]:
    """The values that a project's supervision shows."""
    return {YEAR: year, LEAD_DEPARTMENT: project.lead_department}


def typed(values: dict[SearchAttributeKey[Any], Any]) -> TypedSearchAttributes:
    """The values in the form in which a workflow is started with them."""
    return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in values.items()])


def changes(
    shown: TypedSearchAttributes, wanted: dict[SearchAttributeKey[Any], Any]
) -> list[SearchAttributeUpdate[Any]]:
    """The updates that make what is shown what is wanted; none when nothing changed."""
    return [key.value_set(value) for key, value in wanted.items() if shown.get(key) != value]
