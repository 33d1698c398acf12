"""The typed search attributes of a supervision, by which the engine's own lists can be filtered."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from domain.calendar import office_instant
from domain.lights import next_due_on, project_light
from domain.state import ProjectState

YEAR = SearchAttributeKey.for_int("DubanYear")
LEAD_DEPARTMENT = SearchAttributeKey.for_keyword("DubanLeadDepartment")
LIGHT = SearchAttributeKey.for_keyword("DubanLight")
STAGE = SearchAttributeKey.for_keyword("DubanStage")
NEXT_DUE = SearchAttributeKey.for_datetime("DubanNextDue")

ALL_KEYS: tuple[SearchAttributeKey[Any], ...] = (YEAR, LEAD_DEPARTMENT, LIGHT, STAGE, NEXT_DUE)

_LAST_SECOND = time(23, 59, 59)


def attributes_of(state: ProjectState, now: datetime) -> dict[SearchAttributeKey[Any], Any]:
    """The values that a project's supervision shows at `now`; the next due date as the last second of its day."""
    due = next_due_on(state)
    values: dict[SearchAttributeKey[Any], Any] = {
        YEAR: state.year,
        LEAD_DEPARTMENT: state.project.lead_department,
        LIGHT: project_light(state, now).colour,
        STAGE: state.stage,
    }
    if due is not None:
        values[NEXT_DUE] = office_instant(due, _LAST_SECOND)
    return values


def typed(values: dict[SearchAttributeKey[Any], Any]) -> TypedSearchAttributes:
    """The values in the form in which a workflow is started with them."""
    return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in values.items()])


def changes(
    shown: TypedSearchAttributes, wanted: dict[SearchAttributeKey[Any], Any]
) -> list[SearchAttributeUpdate[Any]]:
    """The updates that make what is shown what is wanted; none when nothing changed."""
    updates: list[SearchAttributeUpdate[Any]] = []
    for key in ALL_KEYS:
        before, after = shown.get(key), wanted.get(key)
        if before != after:
            updates.append(key.value_unset() if after is None else key.value_set(after))
    return updates
