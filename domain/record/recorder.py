"""The events of one decision, numbered in order as they are made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.actors import Actor
from domain.events import DomainEvent, Event
from domain.evolution import evolve
from domain.state import ProjectState


class EventRecorder:
    """Collects the events of one decision and keeps the state that they lead to."""

    def __init__(
        self,
        state: ProjectState | None,
        now: datetime,
        actor: Actor,
        cause: str,
        on_behalf_of: Actor | None = None,
        *,
        request_digest: str | None = None,
    ) -> None:
        self.state = state
        self.events: list[DomainEvent] = []
        self._now = now
        self._actor = str(actor)
        self._cause = cause
        self._on_behalf_of = str(on_behalf_of) if on_behalf_of else None
        self._request_digest = request_digest

    @property
    def project(self) -> ProjectState:
        """The project as it stands after the events so far (only a docketing begins without one)."""
        assert self.state is not None
        return self.state

    def record(
        self, event_type: type[Event], *, occurred_at: datetime | None = None, cause: str | None = None, **facts: Any
    ) -> None:
        """Add one event; it happened now unless told otherwise."""
        event: Any = event_type(
            seq=self.state.next_seq if self.state else 0,
            occurred_at=occurred_at or self._now,
            decided_at=self._now,
            actor=self._actor,
            cause=cause or self._cause,
            on_behalf_of=self._on_behalf_of,
            request_digest=self._digest_for(cause),
            **facts,
        )
        self.events.append(event)
        self.state = evolve(self.state, event)

    def mark(self) -> tuple[ProjectState | None, int]:
        """Where the decision stands, to come back to."""
        return self.state, len(self.events)

    def back_to(self, mark: tuple[ProjectState | None, int]) -> None:
        """Take back every event since a mark."""
        self.state, kept = mark
        del self.events[kept:]

    def _digest_for(self, cause: str | None) -> str | None:
        # On the first event of the request itself, not on what was late before it.
        if cause not in (None, self._cause):
            return None
        digest, self._request_digest = self._request_digest, None
        return digest
