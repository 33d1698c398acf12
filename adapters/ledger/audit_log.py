"""The auditor's side of an installation: the log, the vault, the witnesses that it trusts, in one folder."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from adapters.files.whole_file import write_whole
from adapters.ledger.log_store import LogStore
from adapters.ledger.record_state import differing_rows, faults, must_be_found_as_they_say, unsigned
from adapters.ledger.rows import KeptCheckpoint
from adapters.ledger.signed_notes import is_witness_key
from adapters.ledger.transparency_log import TransparencyLog
from domain.clock import office_day
from domain.errors import DubanError
from domain.evidence import EvidenceFile
from domain.markings import TYPED, must_bear_no_mark
from domain.ports.audit_log import NewGeneration, SignedHead, Unsigned, WrittenBundle
from domain.ports.evidence import EvidenceStore
from domain.ports.vault import HistoryVault
from domain.record.erasures import ERASURES_STREAM, EVIDENCE_ERASED, Erasure
from domain.record.leaf import INCIDENT_STREAM, LOG_STREAM, REPAIRED, leaf_instant
from domain.record.ledger_errors import (
    CosignatureRefusedError,
    NotInLedgerError,
    UnknownWitnessError,
    UnreadableWitnessesError,
    WitnessKnownError,
)
from domain.record.own_entries import OwnEntry
from domain.record.refused_words import RefusedWords
from domain.record.rehearsals import REHEARSAL_STREAM, REHEARSED, Rehearsal
from domain.record.repairs import Repair
from domain.record.stamps import HEAD_STAMPED, STAMPS_STREAM, HeadStamp

_WITNESSES = "witnesses.json"


class LedgerAuditLog:
    """The port `AuditLog` over a store; `folder` holds the key, the last head and the trusted witnesses."""

    def __init__(
        self,
        store: LogStore,
        vault: HistoryVault,
        evidence: EvidenceStore,
        folder: Path,
        origin: str,
        now: Callable[[], datetime],
        guards: Sequence[Path] = (),
        refused: RefusedWords | None = None,
    ) -> None:
        self._store = store
        self._vault = vault
        self._evidence = evidence
        self._folder = folder
        self._now, self._refused = now, refused
        self._log = TransparencyLog(store, folder, origin, now, guards)
        self._day: str | None = None

    @property
    def is_still(self) -> bool:
        return self._store.is_still

    async def open(self) -> None:
        if not self.is_still:
            await self._log.open()

    async def seal(self) -> SignedHead | None:
        head = self._store.last_checkpoint() if self.is_still else await self._log.seal()
        return self._signed(head) if head else None

    async def seal_what_came(self) -> None:
        today = office_day(self._now()).isoformat()
        # A worker that was not there at midnight closes the day when it comes.
        self._day = self._day or self._log.last_day() or today
        if today != self._day:
            await self._log.close_day()
            self._day = today
        await self._log.seal()

    async def rotate_key(self, reason: str) -> None:
        self._must_be_open(reason)
        await self._log.rotate_key(reason)

    async def restore(self, backup: Mapping[str, str], known_heads: Sequence[str]) -> NewGeneration:
        continues = self._store.size()
        longest = await self._log.restore(backup, known_heads)
        lost = max(longest.size - continues, 0) if longest is not None else 0
        return NewGeneration(origin=self._log.origin, continues=continues, lost=lost)

    def head_line(self) -> str:
        head = self._store.last_checkpoint()
        return " ".join(head.note.split("\n")[:3]) if head is not None else ""

    async def keep_history(
        self, workflow_id: str, run_id: str, history: bytes, readable: bytes, facts: Mapping[str, str | int]
    ) -> None:
        files = await self._vault.keep(workflow_id, run_id, history, readable)
        await self._log.keep_history(workflow_id, run_id, dict(facts), [file.model_dump() for file in files])

    def has_history(self, workflow_id: str, run_id: str) -> bool:
        return self._vault.has(workflow_id, run_id)

    async def record_repair(self, repair: Repair) -> None:
        await self._store.append_own(OwnEntry(INCIDENT_STREAM, REPAIRED, repair.model_dump(), once=True))

    async def record_rehearsal(self, rehearsal: Rehearsal) -> None:
        await self._store.append_own(OwnEntry(REHEARSAL_STREAM, REHEARSED, rehearsal.model_dump(mode="json")))

    async def record_stamp(self, stamp: HeadStamp, file: EvidenceFile) -> None:
        data = {**stamp.model_dump(mode="json"), "at": leaf_instant(stamp.at)}
        await self._store.append_own(OwnEntry(STAMPS_STREAM, HEAD_STAMPED, data, (file.model_dump(),)))

    async def record_erasure(self, erasure: Erasure, attested: EvidenceFile) -> None:
        self._must_be_open(erasure.order)
        data = {**erasure.model_dump(mode="json", exclude_none=True), "attested": str(attested)}
        await self._store.append_own(OwnEntry(ERASURES_STREAM, EVIDENCE_ERASED, data, (attested.model_dump(),)))

    def heads(self) -> Sequence[SignedHead]:
        return [self._signed(checkpoint) for checkpoint in self._store.checkpoints()]

    def receipt(self, event_id: str, *, under: int | None = None, with_entry: bool = False) -> str:
        return self._log.receipt(event_id, under=under, with_entry=with_entry)

    def witness_request(self, old_size: int) -> str:
        return self._log.witness_request(old_size)

    async def trust_witness(self, name: str, vkey: str) -> None:
        self._must_be_open(name)
        if not is_witness_key(vkey) or not name.strip() or len(name.split()) != 1:
            raise CosignatureRefusedError(witness=vkey.partition("+")[0])
        vkey, witnesses = vkey.strip(), self._witnesses()
        for known, key in witnesses.items():
            if known != name and _public(key) == _public(vkey):
                raise WitnessKnownError(witness=known)
        await self._store.append_own(OwnEntry(LOG_STREAM, "witness.trusted", {"name": name, "vkey": vkey}, once=True))
        witnesses[name] = vkey
        write_whole(self._folder / _WITNESSES, json.dumps(witnesses, ensure_ascii=False).encode())

    async def add_cosignature(self, line: str) -> int:
        signer = line.strip().removeprefix("— ").partition(" ")[0]
        for vkey in self._witnesses().values():
            if vkey.partition("+")[0] == signer:
                return await self._log.add_cosignature(line, vkey)
        raise UnknownWitnessError(witness=signer)

    def differing_rows(self) -> Sequence[tuple[str, str]]:
        return differing_rows(self._store)

    def unsigned(self) -> Unsigned:
        return unsigned(self._store)

    def fork(self, *, near: bool = False) -> DubanError | None:
        return self._log.fork(near=near)

    def key_fault(self) -> DubanError | None:
        return self._log.key_fault()

    def faults(self) -> Sequence[str]:
        return faults(self._store)

    def policy(self) -> str:
        """The policy that an auditor should keep: more than half of the witnesses must have seen a head."""
        witnesses = self._witnesses()
        lines = [f"log {vkey}" for vkey in self._log.vkeys()]
        lines += [f"witness {name} {vkey}" for name, vkey in witnesses.items()]
        if witnesses:
            lines += [f"group witnesses {self._quorum()} {' '.join(witnesses)}", "quorum witnesses"]
        else:
            lines += ["quorum none"]
        return "\n".join(lines) + "\n"

    async def record_reading(self, reader: str, command: str) -> None:
        self._must_be_open(reader)
        if not self.is_still:
            await self._log.record_reading(reader, command)

    def export(self, place: str, versions: Mapping[str, str]) -> WrittenBundle:
        from adapters.ledger.bundle_export import BundleExport, BundleExtras  # noqa: PLC0415 - no act waits for it

        heads = self._store.checkpoints()
        if not heads:
            raise NotInLedgerError(event_id=self._log.origin)
        # What stands under a head of an older generation does not say that the log was restored.
        here = [head for head in heads if head.note.startswith(f"{self._log.origin}\n")] or heads
        seen = [head for head in here if len(self._signed(head).witnesses) >= self._quorum()]
        head = (seen or here)[-1]
        must_be_found_as_they_say(self._store, head.size)
        export = BundleExport(self._log, self._store, self._vault, self._evidence)
        written = export.write(Path(place), head, BundleExtras(self.policy(), versions))
        return WrittenBundle(
            place=str(written),
            size=head.size,
            witnesses=self._signed(head).witnesses,
            missing=tuple(export.missing),
        )

    def _must_be_open(self, text: str) -> None:
        must_bear_no_mark(text, TYPED, self._refused.of_all() if self._refused is not None else ())

    def _signed(self, head: KeptCheckpoint) -> SignedHead:
        lines = self._store.cosignatures(head.size)
        names = tuple(line.removeprefix("— ").partition(" ")[0] for line in lines)
        root = base64.b64encode(head.root).decode()
        return SignedHead(size=head.size, root=root, witnesses=names, note=self._log.note_of(head))

    def _witnesses(self) -> dict[str, str]:
        path = self._folder / _WITNESSES
        if not path.exists():
            return {}
        try:
            found = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise UnreadableWitnessesError(place=str(path)) from error
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise UnreadableWitnessesError(place=str(path))
        return found

    def _quorum(self) -> int:
        witnesses = len(self._witnesses())
        return witnesses // 2 + 1 if witnesses else 0


def _public(vkey: str) -> str:
    """The key itself, without the name that its holder gave it."""
    return vkey.rpartition("+")[2]
