"""Which projects were issued: an attested act says with what a project is opened, and under which calendar, before the
engine is asked to begin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from domain.clock import VirtualClock
from domain.events import DomainEvent, ProjectDocketed, ReadingRuled
from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.ports.ledger import Ledger
from domain.rungs.ladder import START_CAUSE

ISSUES_STREAM: Final = "log/issued"
"""The ledger's own stream of issued starts."""
START_ISSUED: Final = "start.issued"
_HEADER: Final = frozenset(
    {
        *("seq", "occurred_at", "decided_at", "actor", "cause", "on_behalf_of", "request_digest", "attested"),
        *("own_key", "by_person", "for_person"),
    }
)


class IssuedStart(Frozen):
    """A start that was issued: the digest of all that the project is opened with, and the calendar that it keeps."""

    project_id: ProjectId
    opening: str
    clock: VirtualClock

    def command(self, by: str) -> dict[str, Any]:
        """What is asked for, as the attestation has it."""
        clock = self.clock.model_dump(mode="json", exclude_none=True)
        return {"type": "StartSupervision", "opening": self.opening, "clock": clock, "by": by}


def opening_digest(events: Iterable[DomainEvent]) -> str:
    """The hash of what a project is opened with, of the events that open it: its row, its rules, its calendar, the
    rulings on what the notice left open. No instant is in it."""
    said = [
        event.model_dump(mode="json", exclude=set(_HEADER))
        for event in events
        if isinstance(event, ProjectDocketed) or (isinstance(event, ReadingRuled) and event.cause == START_CAUSE)
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class IssueReader:
    """The issued starts for one who asks again and again: only what came since the last time is read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read = -1
        self._issued: dict[ProjectId, list[IssuedStart]] = {}

    def of(self, project_id: ProjectId) -> list[IssuedStart]:
        """Every start of a project that was issued, in order."""
        for entry in self._ledger.entries(ISSUES_STREAM, after=self._read):
            self._read = entry.position
            if entry.type == START_ISSUED:
                data = {name: entry.event["data"][name] for name in IssuedStart.model_fields}
                issued = IssuedStart.model_validate(data, strict=False)
                self._issued.setdefault(issued.project_id, []).append(issued)
        return self._issued.get(project_id, [])
