"""The persons' own keys in the store of the ledger."""

from __future__ import annotations

import base64

from adapters.ledger.log_store import LogStore
from adapters.ledger.transaction import OwnEntry
from domain.evidence import EvidenceFile
from domain.record.leaf import leaf_instant
from domain.record.person_keys import PERSON_KEY_ENROLLED, PERSON_KEY_REVOKED, PERSON_KEYS_STREAM, PersonKey
from domain.record.stolen_keys import KEY_STOLEN, STOLEN_KEYS_STREAM, StolenKey


class LedgerPersonKeys:
    """The port `PersonKeyBook` over a store of the ledger."""

    def __init__(self, store: LogStore) -> None:
        self._store = store

    async def enrol(self, key: PersonKey, attested: EvidenceFile) -> None:
        """Say in the ledger that a key is a person's (see the port)."""
        data = {
            "key": key.key,
            "person_id": key.person_id,
            "account": key.account,
            "public": base64.b64encode(key.public).decode(),
            "rp_id": key.rp_id,
            "attested": str(attested),
        }
        data |= {"certificate": base64.b64encode(key.certificate).decode()} if key.certificate else {}
        await self._append(PERSON_KEY_ENROLLED, data, attested)

    async def revoke(self, key: str, by: str, reason: str, attested: EvidenceFile) -> None:
        """Say in the ledger that a key counts no more (see the port)."""
        data = {"key": key, "by": by, "reason": reason, "attested": str(attested)}
        await self._append(PERSON_KEY_REVOKED, data, attested)

    async def report_stolen(self, stolen: StolenKey, attested: EvidenceFile) -> None:
        """Say in the ledger since when a key is in doubt (see the port)."""
        said = {"whose": stolen.whose, "key": stolen.key, "since": leaf_instant(stolen.since), "reason": stolen.reason}
        data = {**said, "attested": str(attested)}
        await self._store.append_own(OwnEntry(STOLEN_KEYS_STREAM, KEY_STOLEN, data, (attested.model_dump(),)))

    async def _append(self, kind: str, data: dict[str, str], attested: EvidenceFile) -> None:
        await self._store.append_own(OwnEntry(PERSON_KEYS_STREAM, kind, data, (attested.model_dump(),)))
