"""Who gave an act, as its door attested it: account, login, door, and whether the person's own key signed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import AwareDatetime

from domain.acts.attestation import DoorKind, UnreadableAttestationError, attestation_from
from domain.directory.ids import PersonId
from domain.directory.signed_in import LoginMethod
from domain.events import Event
from domain.evidence import evidence_files
from domain.frozen import Frozen
from domain.ports.evidence import EvidenceStore
from domain.record.ledger_errors import NotInLedgerError


class ActedBy(Frozen):
    """What the attestation of an act says; whether it holds, `audit verify` says."""

    account: str
    person_id: PersonId | None
    login: LoginMethod
    issuer: str | None
    door: DoorKind
    key: str
    received_at: AwareDatetime
    own_key: str | None


def who_acted(store: EvidenceStore, events: Iterable[Event]) -> Mapping[int, ActedBy]:
    """By whom events were made happen, by their places in the stream; nothing of those that have no attestation, or one
    that is not kept or cannot be read."""
    read: dict[str, ActedBy | None] = {}
    found: dict[int, ActedBy] = {}
    for event in events:
        if event.attested is None:
            continue
        if event.attested not in read:
            read[event.attested] = _acted_by(store, event.attested)
        acted = read[event.attested]
        if acted is not None:
            found[event.seq] = acted
    return found


def _acted_by(store: EvidenceStore, attested: str) -> ActedBy | None:
    files = evidence_files((attested,))
    try:
        said = attestation_from(store.read(files[0].sha256)) if files else None
    except (NotInLedgerError, UnreadableAttestationError, OSError):
        return None
    if said is None:
        return None
    return ActedBy(
        account=said.account,
        person_id=said.person_id,
        login=said.login.how,
        issuer=said.login.issuer,
        door=said.door.kind,
        key=said.door.key,
        received_at=said.received_at,
        own_key=said.own_key.key if said.own_key is not None else None,
    )
