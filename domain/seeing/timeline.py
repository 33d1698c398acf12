"""A project's history as a person reads it: when, who, what, why, and the paper that came of it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import AwareDatetime

from domain.actors import actor_from_text
from domain.events import DomainEvent
from domain.frozen import Frozen
from domain.ids import MilestoneId, event_id_for
from domain.papers.paper import NumberedPaper
from domain.rungs.ladder import REQUEST_CAUSE, RUNG_CAUSE, START_CAUSE
from domain.seeing.event_words import spoken, what_happened


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
    for event in events:
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
                what=what_happened(event),
                why=_why(event.cause),
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


def _why(cause: str) -> str:
    if cause.startswith(REQUEST_CAUSE):
        return f"请求 {cause.removeprefix(REQUEST_CAUSE)}"
    if cause.startswith(RUNG_CAUSE):
        return f"到期规则 {cause.removeprefix(RUNG_CAUSE)}"
    return "启动清单" if cause == START_CAUSE else cause
