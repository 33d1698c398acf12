"""The records of an installation: its ledger and outbox, the log that signs them, what they name and what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from domain.clock import VirtualClock

if TYPE_CHECKING:  # most acts need no records, and what describes them takes a while to load
    from collections.abc import Callable

    from domain.ports.audit_log import AuditLog
    from domain.ports.doors import DoorRegister
    from domain.ports.evidence import EvidenceStore
    from domain.ports.ledger import Ledger
    from domain.ports.mandates import Mandates
    from domain.ports.outbox import Outbox
    from domain.ports.own_streams import OwnStreams
    from domain.ports.register import Register
    from domain.ports.vault import HistoryVault
    from domain.record.issues import IssueReader
    from domain.record.person_keys import PersonKeyReader
    from domain.record.recorded_directory import DirectoryReader
    from domain.record.refused_words import RefusedWords


@dataclass(frozen=True)
class Records:
    """The ledger, the outbox and the register, in one store; the log that signs it, what it names and is kept.

    What is asked for again and again (persons, keys, starts, refused words) is read on from where it was read to.
    """

    ledger: Ledger
    outbox: Outbox
    log: AuditLog
    vault: HistoryVault
    evidence: EvidenceStore
    opened_register: Callable[[], Register]
    doors: DoorRegister
    own_streams: OwnStreams
    mandates: Mandates

    @property
    def clock(self) -> VirtualClock:
        """The installation's calendar; real time before its first start."""
        return self.ledger.clock() or VirtualClock()

    @cached_property
    def register(self) -> Register:
        """The register of the same store."""
        return self.opened_register()

    @cached_property
    def persons(self) -> DirectoryReader:
        """Persons and departments as the ledger has them."""
        from domain.record.recorded_directory import DirectoryReader

        return DirectoryReader(self.ledger, self.evidence)

    @cached_property
    def own_keys(self) -> PersonKeyReader:
        """The persons' keys as the ledger has them."""
        from domain.record.person_keys import PersonKeyReader

        return PersonKeyReader(self.ledger)

    @cached_property
    def issues(self) -> IssueReader:
        """The starts that were issued."""
        from domain.record.issues import IssueReader

        return IssueReader(self.ledger)

    @cached_property
    def refused_words(self) -> RefusedWords:
        """The words that the policies on record refuse."""
        from domain.record.refused_words import RefusedWords

        return RefusedWords(self.ledger)
