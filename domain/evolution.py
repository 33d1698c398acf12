"""How events add up to a state: each says what it changes. No clock, no IO, no refusal."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import Event, ProjectDocketed
from domain.events.event import ProjectEvent
from domain.rungs.ladder import REQUEST_CAUSE
from domain.state import AppliedRequest, ProjectState
from domain.state.change import Change
from domain.state.last_words import LastWord

_REMEMBERED_REQUESTS = 4_000
_REMEMBERED_BYTES = 400_000
"""Of the requests' ids: the engine carries no state of more than two megabytes from one run to the next."""
_LONGEST_ID_BYTES = 400


def evolve(state: ProjectState | None, event: ProjectEvent) -> ProjectState | None:
    """The state after an event. Total: what does not apply changes nothing, so that any record can be folded."""
    if isinstance(event, ProjectDocketed):
        return event.begun()
    if state is None:
        return None
    changed: Change = {"next_seq": event.seq + 1}
    if event.cause.startswith(REQUEST_CAUSE):
        changed["applied"] = _remembered(state.applied, event.cause.removeprefix(REQUEST_CAUSE), event)
    changed.update(event.change(state))
    if event.seen is not None and (facts := tuple(event.decides())):
        word = LastWord(seq=event.seq, at=event.decided_at, by=event.actor, person_id=event.by_person)
        changed["last_words"] = {**state.last_words, **dict.fromkeys((fact.key for fact in facts), word)}
    return state.having(**changed)


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


def fold(events: Iterable[ProjectEvent], state: ProjectState | None = None) -> ProjectState | None:
    """The state after all these events."""
    for event in events:
        state = evolve(state, event)
    return state
