"""How an event's change is told: the fields of the project that it changes, most often those of one milestone.

All of it is typed, so that a misspelt field fails the type checker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.frozen import FieldsOf
from domain.ids import DepartmentId
from domain.state import MilestoneState, PartState, ProjectFields, ProjectState, Undecided

Change = ProjectFields
"""Fields of the project's state with their new values."""
Fold = Callable[[ProjectState, Any], Change]
"""What an event of one type changes. Total: what does not apply changes nothing."""


def milestone_change(state: ProjectState, milestone_id: str | None, **update: FieldsOf[MilestoneState]) -> Change:
    """The change of one milestone's fields; nothing for a milestone that is not there."""
    before = state.milestones.get(milestone_id or "")
    if before is None:
        return {}
    return with_milestone(state, before.model_copy(update=update))


def with_milestone(state: ProjectState, milestone: MilestoneState) -> Change:
    """The change of one milestone as a whole."""
    return {"milestones": {**state.milestones, milestone.milestone_id: milestone}}


def part_change(
    state: ProjectState, milestone_id: str, department: DepartmentId, **update: FieldsOf[PartState]
) -> Change:
    """The change of a participating department's duty; nothing where it has none."""
    before = state.milestones.get(milestone_id)
    part = before.parts.get(department) if before else None
    if before is None or part is None:
        return {}
    return milestone_change(state, milestone_id, parts={**before.parts, department: part.model_copy(update=update)})


def duty_change(
    state: ProjectState,
    milestone_id: str,
    department: DepartmentId | None,
    **update: FieldsOf[MilestoneState | PartState],
) -> Change:
    """The change of one department's duty: the lead's where no participant is named."""
    fields: Any = update
    if department is None:
        return milestone_change(state, milestone_id, **fields)
    return part_change(state, milestone_id, department, **fields)


def limit_taken(state: ProjectState, limit_id: str, rung: str) -> Change:
    """The change of a matter of which one more rung is taken."""
    limit = state.limits.get(limit_id)
    if limit is None:
        return {}
    return {"limits": {**state.limits, limit_id: limit.having(taken=(*limit.taken, rung))}}


def each_milestone(state: ProjectState, change: Callable[[MilestoneState], MilestoneState]) -> Change:
    """The change of every milestone."""
    return {"milestones": {milestone_id: change(milestone) for milestone_id, milestone in state.milestones.items()}}


def decided_by_hand(state: ProjectState, what: Callable[[Undecided], bool]) -> Change:
    """The change where a person did what time brought and could not be decided; nothing where there is no such."""
    left = tuple(each for each in state.undecided if not what(each))
    return {} if len(left) == len(state.undecided) else {"undecided": left}
