"""Which projects were issued: an attested act says with what a project is opened, and under which calendar, before the
engine is asked to begin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.clock import VirtualClock
from domain.events import DomainEvent, ProjectDocketed, ReadingRuled
from domain.evidence import EvidenceFile
from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.following import Following
from domain.record.leaf import ISSUES_STREAM
from domain.record.own_entries import OwnEntry, attested_entry, said_by
from domain.rungs.ladder import START_CAUSE

START_ISSUED: Final = "start.issued"
_HEADER: Final = frozenset(
    {
        *("seq", "occurred_at", "decided_at", "actor", "cause", "on_behalf_of", "request_digest", "attested"),
        *("own_key", "by_person", "for_person", "seen"),
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

    def entry(self, attested: EvidenceFile) -> OwnEntry:
        """What says in the ledger that it was issued."""
        return attested_entry(ISSUES_STREAM, START_ISSUED, self.model_dump(mode="json", exclude_none=True), attested)


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


_Issued = Mapping[ProjectId, tuple[IssuedStart, ...]]


def _issued_after(known: _Issued, entries: Iterable[LedgerEntry]) -> _Issued:
    issued = dict(known)
    for entry in entries:
        if entry.type == START_ISSUED:
            start = said_by(entry, IssuedStart)
            issued[start.project_id] = (*issued.get(start.project_id, ()), start)
    return issued


class IssueReader(Following[_Issued]):
    """The issued starts by project, for one who asks again and again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, ISSUES_STREAM, {}, _issued_after)

    def of(self, project_id: ProjectId) -> tuple[IssuedStart, ...]:
        """Every start of a project that was issued, in order."""
        return self.now().get(project_id, ())
