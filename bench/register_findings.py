"""A whole register against the whole ledger, at once."""

from __future__ import annotations

from collections.abc import Iterator

from application.audit.register_findings import RegisterThen
from domain.evolution import fold
from domain.ids import ProjectId, supervised_project_id
from domain.ports.ledger import Ledger
from domain.ports.register import Register
from domain.record.leaf import domain_event_of
from domain.record.recorded_projects import is_project


def register_findings(ledger: Ledger, register: Register) -> Iterator[tuple[ProjectId, str]]:
    """Every project whose rows are not what its events make of them, with a sentence; what is merely not taken in yet
    is none."""
    then = RegisterThen(register)
    for stream in filter(is_project, ledger.streams()):
        entries = list(ledger.entries(stream))
        events = [domain_event_of(entry) for entry in entries]
        then.look_at(supervised_project_id(stream), entries, events, fold(events))
    yield from then.findings(ledger)
