"""What the record says of what an act brought. Loaded when asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import date

from application.office.acts import Done, Told
from domain.evolution import fold
from domain.ids import MilestoneId, ProjectId, event_id_for, supervision_workflow_id
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events, recorded_state
from domain.rungs.ladder import REQUEST_CAUSE
from domain.seeing.lights import unsigned_departments
from domain.seeing.what_is_next import what_happened, what_is_next
from domain.state import ProjectState

_ASKED_AGAIN, _ASK_AGAIN_SECONDS = 300, 0.1


async def recorded_with(
    ledger: Ledger, project_id: ProjectId, has: Callable[[ProjectState], bool]
) -> ProjectState | None:
    """A project once the ledger has what was answered, which may come a moment later; none where it does not come."""
    for _ in range(_ASKED_AGAIN):
        state = await asyncio.to_thread(recorded_state, ledger, project_id)
        if state is not None and has(state):
            return state
        await asyncio.sleep(_ASK_AGAIN_SECONDS)
    return None


def told(ledger: Ledger, project_id: ProjectId, done: Done) -> Told | None:
    """What is to be said of an act; none where the record has not come yet, or has not all of it."""
    stream, brought = supervision_workflow_id(project_id), set(done.outcome.event_ids)
    recorded = list(recorded_events(ledger, project_id))
    came = [event for event in recorded if event_id_for(stream, event.seq) in brought]
    state = fold(recorded)
    if state is None or len(came) < len(brought):
        return None
    cause = f"{REQUEST_CAUSE}{done.command.request_id}"
    if came and all(event.cause != cause for event in came):
        return None  # a worker that does not ask answered from a part of the record: they are another act's
    milestone_id: MilestoneId | None = getattr(done.command, "milestone_id", None)
    department = (done.command.on_behalf_of or done.command.by).department
    milestone = state.milestones.get(milestone_id or "")
    part = milestone.parts.get(department or "") if milestone is not None and department != state.lead else None
    signed = not unsigned_departments(state) if milestone is None else (part or milestone).signed
    return Told(
        what_happened(came, recorded),
        what_is_next(state, milestone_id, department),
        signed,
        _units_sign_by(ledger, [each.project_id for each in done.below if each.outcome == "started"]),
    )


def _units_sign_by(ledger: Ledger, parts: Iterable[ProjectId]) -> date | None:
    """The first day until which a unit signs for its part."""
    states = (recorded_state(ledger, part) for part in parts)
    limits = (limit for state in states if state is not None for limit in state.limits.values())
    return min((limit.due_on for limit in limits if limit.kind == "receipt"), default=None)
