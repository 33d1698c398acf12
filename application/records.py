"""The records of an installation: its ledger and outbox, the log that signs them, what they name and what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.clock import VirtualClock

if TYPE_CHECKING:  # most acts need no records, and what describes them takes a while to load
    from domain.ports.audit_log import AuditLog
    from domain.ports.delivery_book import DeliveryBook
    from domain.ports.directory_book import DirectoryBook
    from domain.ports.doors import DoorRegister
    from domain.ports.evidence import EvidenceStore
    from domain.ports.heads_book import HeadsBook
    from domain.ports.ledger import Ledger
    from domain.ports.mandates import Mandates
    from domain.ports.outbox import Outbox
    from domain.ports.person_keys import PersonKeyBook
    from domain.ports.register import Register
    from domain.ports.score_book import ScoreStore
    from domain.ports.starts import StartBook
    from domain.ports.vault import HistoryVault


@dataclass(frozen=True, slots=True)
class Records:
    """The ledger, the outbox and the register, in one store; the log that signs it, what it names and is kept."""

    ledger: Ledger
    outbox: Outbox
    log: AuditLog
    vault: HistoryVault
    evidence: EvidenceStore
    register: Register
    directory: DirectoryBook
    doors: DoorRegister
    starts: StartBook
    person_keys: PersonKeyBook
    deliveries: DeliveryBook
    scores: ScoreStore
    mandates: Mandates
    heads: HeadsBook

    @property
    def clock(self) -> VirtualClock:
        """The installation's calendar; real time before its first start."""
        return self.ledger.clock() or VirtualClock()
