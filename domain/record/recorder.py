"""The events of one decision, numbered in order as they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from domain.actors import Actor
from domain.events import DomainEvent, Event, Facts, headed
from domain.evolution import evolve
from domain.state import ProjectState

if TYPE_CHECKING:
    from domain.acts.commands import Command


class EventRecorder:
    """Collects the events of one decision and keeps the state that they lead to."""

    def __init__(
        self,
        state: ProjectState | None,
        now: datetime,
        actor: Actor,
        cause: str,
        asked: Command | None = None,
        *,
        request_digest: str | None = None,
    ) -> None:
        self.inspections_elsewhere = 0
        """How many inspections the lead department has this month in other projects; the caller counts them."""
        self.state = state
        self.events: list[DomainEvent] = []
        self._now = now
        self._actor = str(actor)
        self._cause = cause
        principal = asked.on_behalf_of if asked else None
        self._on_behalf_of = str(principal) if principal else None
        self._persons = actor.person_id, principal.person_id if principal else None
        self._request_digest = request_digest
        self._asked = asked

    @property
    def project(self) -> ProjectState:
        """The project as it stands after the events so far (only a docketing begins without one)."""
        assert self.state is not None
        return self.state

    def record(self, event_type: Callable[Facts, Event], *none: Facts.args, **facts: Facts.kwargs) -> None:
        """Add one event: it happened now, for the cause of the decision."""
        self.add(event_type, facts)

    def because(self, cause: str | None, at: datetime | None = None) -> Because:
        """Records what happens for a cause of its own, or happened at another instant than the decision's."""
        return Because(self, cause, at)

    def add(
        self,
        event_type: Callable[..., Event],
        facts: Mapping[str, object],
        cause: str | None = None,
        occurred_at: datetime | None = None,
    ) -> None:
        """Add one event with facts that are not checked here: `record` is the way in."""
        asked = self._asked if cause in (None, self._cause) else None
        make = headed(
            event_type,
            seq=self.state.next_seq if self.state else 0,
            occurred_at=occurred_at or self._now,
            decided_at=self._now,
            actor=self._actor,
            cause=cause or self._cause,
            on_behalf_of=self._on_behalf_of,
            request_digest=self._digest_for(cause),
            attested=asked.attested if asked else None,
            own_key="signed" if asked and asked.own_key == "signed" else None,
            by_person=self._persons[0],
            for_person=self._persons[1],
            seen=asked.seen if asked else None,
        )
        event = cast(DomainEvent, make(**facts))
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


@dataclass(frozen=True, slots=True)
class Because:
    """Records for a cause, and as of an instant, of their own; for those of the decision where none is given."""

    recorder: EventRecorder
    cause: str | None
    at: datetime | None

    def record(self, event_type: Callable[Facts, Event], *none: Facts.args, **facts: Facts.kwargs) -> None:
        """Add one event."""
        self.recorder.add(event_type, facts, self.cause, self.at)
