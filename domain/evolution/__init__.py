"""How an event changes the state: one small function for each type, by family. No clock, no IO, no refusal."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import DomainEvent, Event, ProjectDocketed
from domain.evolution import amending, assigning, extending, inspecting, ladder, limits, reporting, standstill
from domain.evolution.change import Fold
from domain.rungs.ladder import REQUEST_CAUSE
from domain.state import AppliedRequest, ProjectState

_REMEMBERED_REQUESTS = 4_000
_REMEMBERED_BYTES = 400_000
"""Of the requests' ids: the engine carries no state of more than two megabytes from one run to the next."""
_LONGEST_ID_BYTES = 400
_FOLDS: dict[type[Event], Fold] = {
    **assigning.FOLDS,
    **ladder.FOLDS,
    **reporting.FOLDS,
    **limits.FOLDS,
    **standstill.FOLDS,
    **extending.FOLDS,
    **inspecting.FOLDS,
    **amending.FOLDS,
}


def evolve(state: ProjectState | None, event: DomainEvent) -> ProjectState | None:
    """The state after an event. Total: what does not apply changes nothing, so that any record can be folded."""
    if isinstance(event, ProjectDocketed):
        return assigning.docketed(event)
    if state is None:
        return None
    changed: dict[str, object] = {"next_seq": event.seq + 1}
    if event.cause.startswith(REQUEST_CAUSE):
        changed["applied"] = _remembered(state.applied, event.cause.removeprefix(REQUEST_CAUSE), event)
    if (fold_one := _FOLDS.get(type(event))) is not None:
        changed.update(fold_one(state, event))
    return state.model_copy(update=changed)


def _remembered(applied: dict[str, AppliedRequest], request_id: str, event: Event) -> dict[str, AppliedRequest]:
    known = applied.get(request_id)
    entry = AppliedRequest(
        request_id=request_id,
        first_seq=known.first_seq if known else event.seq,
        last_seq=event.seq,
        digest=(known.digest if known else None) or event.request_digest,
    )
    kept = {**applied, request_id: entry}
    while len(kept) > _REMEMBERED_REQUESTS or (known is None and _take_too_much(kept)):
        del kept[next(iter(kept))]
    return kept


def _take_too_much(applied: dict[str, AppliedRequest]) -> bool:
    # Counted only where so many could: most ids are short, and an event is folded often.
    return len(applied) * _LONGEST_ID_BYTES > _REMEMBERED_BYTES and len("".join(applied).encode()) > _REMEMBERED_BYTES


def fold(events: Iterable[DomainEvent], state: ProjectState | None = None) -> ProjectState | None:
    """The state after all these events."""
    for event in events:
        state = evolve(state, event)
    return state
