"""The persons' own keys, as the ledger tells of them: whose each is, at which site, and whether it still counts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from domain.directory.ids import PersonId
from domain.evidence import EvidenceFile
from domain.ports.ledger import Ledger, LedgerEntry
from domain.record.doors import public_of
from domain.record.following import Following
from domain.record.own_entries import OwnEntry, attested_entry

PERSON_KEYS_STREAM: Final = "log/person-keys"
"""The ledger's own stream of the keys with which persons sign their acts."""
PERSON_KEY_ENROLLED: Final = "person-key.enrolled"
PERSON_KEY_REVOKED: Final = "person-key.revoked"


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person's own key: its public half (DER), the domain it was made for, or the certificate (DER) that has it, and
    whether it counts.

    `let_go_by` is the account that revoked it.
    """

    key: str
    person_id: PersonId
    account: str
    public: bytes
    rp_id: str
    is_open: bool = True
    let_go_by: str | None = None
    certificate: bytes = b""

    def enrolled(self, attested: EvidenceFile) -> OwnEntry:
        """What says in the ledger that the key is this person's."""
        data = {
            "key": self.key,
            "person_id": self.person_id,
            "account": self.account,
            "public": base64.b64encode(self.public).decode(),
            "rp_id": self.rp_id,
        }
        if self.certificate:
            data["certificate"] = base64.b64encode(self.certificate).decode()
        return attested_entry(PERSON_KEYS_STREAM, PERSON_KEY_ENROLLED, data, attested)


def key_revoked(key: str, by: str, reason: str, attested: EvidenceFile) -> OwnEntry:
    """What says in the ledger that a key counts no more."""
    data = {"key": key, "by": by, "reason": reason}
    return attested_entry(PERSON_KEYS_STREAM, PERSON_KEY_REVOKED, data, attested)


def person_keys_after(known: Mapping[str, PersonKey], entries: Iterable[LedgerEntry]) -> dict[str, PersonKey]:
    """The keys by their names, after more entries of the stream; once revoked, a key stays so."""
    keys = dict(known)
    for entry in entries:
        data = entry.event["data"]
        name = str(data.get("key"))
        if entry.type == PERSON_KEY_ENROLLED:
            public = public_of(str(data.get("public")))
            # Named by its own hash: an entry that says otherwise enrols nothing.
            if hashlib.sha256(public).hexdigest() == name:
                owner = str(data.get("person_id")), str(data.get("account"))
                certificate = public_of(str(data.get("certificate", "")))
                key = PersonKey(name, *owner, public, str(data.get("rp_id")), certificate=certificate)
                keys.setdefault(name, key)
        elif entry.type == PERSON_KEY_REVOKED and name in keys:
            keys[name] = replace(keys[name], is_open=False, let_go_by=str(data.get("by")))
    return keys


class PersonKeyReader(Following[Mapping[str, PersonKey]]):
    """The persons' keys by their names, for one who asks again and again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, PERSON_KEYS_STREAM, {}, person_keys_after)


def open_keys_of(keys: Mapping[str, PersonKey], person_id: PersonId | None) -> tuple[PersonKey, ...]:
    """The keys of a person that count now."""
    return tuple(key for key in keys.values() if key.is_open and key.person_id == person_id)
