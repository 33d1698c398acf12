"""A project's history as a person reads it: when, who, what, why, and the paper that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import AwareDatetime

from domain.actors import actor_from_text, spoken
from domain.events import DomainEvent
from domain.frozen import Frozen
from domain.ids import MilestoneId, event_id_for
from domain.papers.paper import NumberedPaper
from domain.rungs.ladder import LIST_REQUEST, REQUEST_CAUSE, RUNG_CAUSE, START_CAUSE

_FOLLOWING = ("Limit", "Clock")
"""How the types begin of what an act brings besides itself."""


class TimelineLine(Frozen):
    """One event of the timeline; `paper` is the number of the paper that came of it."""

    event_id: str
    type: str
    decided_at: AwareDatetime
    occurred_at: AwareDatetime
    actor: str
    milestone_id: MilestoneId | None
    what: str
    why: str
    paper: str | None


def timeline(stream: str, events: Iterator[DomainEvent], papers: dict[str, NumberedPaper]) -> list[TimelineLine]:
    """The timeline of a stream; `papers` by the identity of the event that they follow from."""
    lines = []
    kept = list(events)
    acts = _acts(kept)
    for event in kept:
        event_id = event_id_for(stream, event.seq)
        paper = papers.get(event_id)
        lines.append(
            TimelineLine(
                event_id=event_id,
                type=event.type,
                decided_at=event.decided_at,
                occurred_at=event.occurred_at,
                actor=_who(event.actor) + (f"（代{spoken(event.on_behalf_of)}）" if event.on_behalf_of else ""),
                milestone_id=getattr(event, "milestone_id", None),
                what=event.words(),
                why=_why(event, acts),
                paper=paper.number if paper else None,
            )
        )
    return lines


def _who(actor: str) -> str:
    named = actor_from_text(actor)
    if named.role == "engine":
        return "督办规则"
    if named.role == "department" and named.name != named.department:
        return f"{named.department} {named.name}"
    return named.name


def _acts(events: Sequence[DomainEvent]) -> dict[str, int]:
    """By the cause that an act gives to all that it brings: the number of the record that is the act itself."""
    acts: dict[str, int] = {}
    for event in events:
        if event.cause.startswith(REQUEST_CAUSE) and not event.type.startswith(_FOLLOWING):
            acts.setdefault(event.cause, event.seq)
    return acts


def _why(event: DomainEvent, acts: Mapping[str, int]) -> str:
    """Why it happened, without a cause's own text: that is a number of the engine's or a rung's name, for no reader."""
    if event.cause.startswith(f"{REQUEST_CAUSE}{LIST_REQUEST}"):
        return "清单变更"
    if event.cause.startswith(REQUEST_CAUSE):
        act = acts.get(event.cause, event.seq)
        return "办理" if act == event.seq else f"随 #{act}"
    if event.cause.startswith(RUNG_CAUSE):
        return "到期"
    return "启动清单" if event.cause == START_CAUSE else event.cause
