"""What an auditor can ask of the ledger beyond its entries: signed heads, proofs, witnesses, bundles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from pydantic import AwareDatetime

from domain.errors import DubanError
from domain.evidence import EvidenceFile
from domain.frozen import Frozen
from domain.record.erasures import Erasure
from domain.record.rehearsals import Rehearsal
from domain.record.repairs import Repair
from domain.record.stamps import HeadStamp

SEAL_EVERY = timedelta(seconds=50)
"""A head is made at most a minute after something came in."""


class SignedHead(Frozen):
    """A signed head: its size, its root in base64, who cosigned it, and the note itself."""

    size: int
    root: str
    witnesses: tuple[str, ...]
    note: str


class WrittenBundle(Frozen):
    """A bundle that was written: where, over how many entries, seen by which witnesses; `missing` names the files that
    the entries name and that are not kept any more."""

    place: str
    size: int
    witnesses: tuple[str, ...]
    missing: tuple[str, ...] = ()


class NewGeneration(Frozen):
    """A log that was taken up again from a backup: its new name, the head that it continues from, and how many entries
    beyond that head are known to be lost."""

    origin: str
    continues: int
    lost: int


class Unsigned(Frozen):
    """What no signed head covers: how many entries, since when the oldest of them waits, and when a head was signed
    last."""

    signed_at: AwareDatetime | None
    entries: int
    oldest_at: AwareDatetime | None


class AuditLog(Protocol):
    """MUST NOT sign a head that does not extend the last one; MUST record each reading before it is answered; MUST NOT
    keep a reason, an order or a name that bears a classification mark or a word that a policy on record refuses.
    """

    @property
    def is_still(self) -> bool:
        """Whether the ledger can be read alone: it lies on a medium that nobody can write, or in a copied folder. Then
        nothing is made, signed or recorded here."""

    async def open(self) -> None:
        """Make the key on first use, and say in the ledger that the log was opened."""

    async def seal(self) -> SignedHead | None:
        """Sign a head over everything that is there; answer the last one."""

    async def seal_what_came(self) -> None:
        """One pass of what a worker does every `SEAL_EVERY`: close the day that is over, seal what came in."""

    async def rotate_key(self, reason: str) -> None:
        """Change the log's key."""

    async def restore(self, backup: Mapping[str, str], known_heads: Sequence[str]) -> NewGeneration:
        """Begin a new generation over what a backup had; `known_heads` are heads that somebody kept elsewhere."""

    def head_line(self) -> str:
        """The last signed head in one line, for whoever gets a letter; empty before the first."""

    async def keep_history(
        self, workflow_id: str, run_id: str, history: bytes, readable: bytes, facts: Mapping[str, str | int]
    ) -> None:
        """Keep a run's history in the vault and its hash in the ledger; the same again changes nothing."""

    def has_history(self, workflow_id: str, run_id: str) -> bool:
        """Whether a run's history is in the vault."""

    async def record_repair(self, repair: Repair) -> None:
        """Say in the ledger, among the incidents, how a supervision was brought back. Repeatable."""

    async def record_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Say in the ledger of a rehearsal copy that it is one, and how its time runs from now on."""

    async def record_stamp(self, stamp: HeadStamp, file: EvidenceFile) -> None:
        """Say in the ledger which time stamp was got, and by its hash in which kept file it is."""

    async def record_erasure(self, erasure: Erasure, attested: EvidenceFile) -> None:
        """Say in the ledger that a file is erased, by whose order, with the file that attests who did it."""

    def heads(self) -> Sequence[SignedHead]:
        """Every signed head, by size."""

    def receipt(self, event_id: str, *, under: int | None = None, with_entry: bool = False) -> str:
        """An inclusion proof for an event, as a file: in the last signed head, or in that of `under` entries; with the
        entry itself where asked."""

    def witness_request(self, old_size: int) -> str:
        """What a witness that saw the head of `old_size` needs to cosign the last one, as a file."""

    async def trust_witness(self, name: str, vkey: str) -> None:
        """Take a witness into the policy, and say so in the ledger."""

    async def add_cosignature(self, line: str) -> int:
        """Keep a trusted witness's line; answer the size of the head that it cosigned."""

    def differing_rows(self) -> Sequence[tuple[str, str]]:
        """The papers and refusals that are not what the ledger says by their hashes: the table, and a sentence."""

    def unsigned(self) -> Unsigned:
        """What no signed head covers yet."""

    def fork(self, *, near: bool = False) -> DubanError | None:
        """What was signed before and the ledger does not begin with, one that was put back in time, in a sentence;
        `near`: by the head beside the key and by what the others said when they were last asked, so that no other disk
        is waited for."""

    def key_fault(self) -> DubanError | None:
        """Why the key that lies there cannot sign: it is gone, damaged, or not the one that the ledger names last."""

    def faults(self) -> Sequence[str]:
        """What is wrong with the bytes that are kept: a torn file, an entry that is not its hash."""

    def policy(self) -> str:
        """The policy that an auditor should keep: the log's keys, the witnesses, the quorum."""

    async def record_reading(self, reader: str, command: str) -> None:
        """Say in the ledger that an auditor read it, where it can be written."""

    def export(self, place: str, versions: Mapping[str, str]) -> WrittenBundle:
        """Write a bundle of the last head that enough witnesses saw, or of the last head when none did.

        A `place` that ends with `.tar` becomes one file, any other a folder.
        """
