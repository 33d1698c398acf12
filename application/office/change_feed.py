"""What was recorded, entry by entry, as other systems follow it: asked for as a feed, or sent to them as it comes."""

from __future__ import annotations

from typing import Any, Final

from pydantic import AwareDatetime, Field

from domain.errors import DubanError
from domain.events import DomainEvent
from domain.frozen import Frozen
from domain.ids import event_id_for, supervised_project_id
from domain.ports.ledger import LedgerEntry
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project

_ENVELOPE: Final = frozenset({"seq", "type", "occurred_at", "decided_at", "actor", "v", "request_digest"})
_OF_THE_OFFICE: Final = frozenset({"attested"})
"""What only those read who read the whole record."""


class FeedChange(Frozen):
    """One event of the record."""

    position: int = Field(description="Its place in the whole ledger")
    event_id: str
    project_id: str
    type: str
    decided_at: AwareDatetime
    occurred_at: AwareDatetime
    actor: str
    milestone_id: str | None
    what: str = Field(description="In words, in Chinese")
    data: dict[str, Any] = Field(description="What the event says; its fields are kept for ever")


def event_of(entry: LedgerEntry) -> DomainEvent | None:
    """The project's event that an entry keeps; none where it is of the office itself.

    One that cannot be read never hides those after it: the audit names it.
    """
    if not is_project(entry.stream):
        return None
    try:
        return domain_event_of(entry)
    except DubanError:
        return None


def change_of(entry: LedgerEntry, event: DomainEvent, *, whole: bool) -> FeedChange:
    """An event as it is told: with who attested it, where the `whole` record is somebody's business."""
    return FeedChange(
        position=entry.position,
        event_id=event_id_for(entry.stream, event.seq),
        project_id=supervised_project_id(entry.stream),
        type=event.type,
        decided_at=event.decided_at,
        occurred_at=event.occurred_at,
        actor=event.actor,
        milestone_id=getattr(event, "milestone_id", None),
        what=event.words(),
        data=event.model_dump(mode="json", exclude=set(_ENVELOPE if whole else _ENVELOPE | _OF_THE_OFFICE)),
    )
