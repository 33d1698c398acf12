"""The attestation of an act: what the door says of it, signed, kept for ever, and named by the act's entries.

One document in canonical JSON (RFC 8785): the act itself, who was signed in and how, the door and its key, and the
door's signature over all of it. Its bytes are kept as evidence is; the entry of each event that the act made happen
has their SHA-256, so that an auditor needs nothing but a bundle.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from domain.acts.act_digest import GivenAct, act_document, document_digest
from domain.canonical_json import NotCanonicalError, canonical_json
from domain.directory.ids import Account, DirectoryRole, PersonId
from domain.directory.signed_in import LoginMethod, SignedIn
from domain.evidence import EvidenceFile
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId
from domain.names import Name
from domain.texts import Line

ATTESTATION_VERSION: Final = 1
HEARD_WITHIN: Final = timedelta(minutes=10)
"""How old an attestation may be when its act is heard: what lay about for longer is asked for anew."""
CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""How far the clock of a door may be ahead of the engine's."""
_FILE_NAME: Final = "attestation.json"
_SIGNED: Final = b"duban-attestation/v1\n"

_Base64url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=8_192)]
_Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MOST_TOGETHER: Final = 1_000
"""How many acts one signature covers at most."""

DoorKind = Literal["shell", "desk", "api"]
"""Through what acts come in."""


class Login(Frozen):
    """How whoever acted had signed in, and when; at which third party, where it was one."""

    how: LoginMethod
    issuer: Line | None
    at: AwareDatetime


class DoorNamed(Frozen):
    """The door, and the key that it signed with (the SHA-256 of its public half)."""

    kind: DoorKind
    key: str


class OwnKeyProof(Frozen):
    """What a person signed of an act; `key` is the SHA-256 of the public half, the rest as browsers write it. What a
    certificate's key signed has no client and no authenticator data.

    `acts` are the hashes of all the acts that were signed together, where there were several: the signature is of their
    list then.
    """

    key: str
    client_data: _Base64url | None = added_later()
    authenticator_data: _Base64url | None = added_later()
    signature: _Base64url
    acts: Annotated[tuple[_Sha256, ...], Field(min_length=2, max_length=MOST_TOGETHER)] | None = added_later()


class Attestation(Frozen):
    """What a door says of an act, with its signature.

    `act` is the act's document, `roles` and `departments` are those of the moment; `own_key` is what the person's own
    device signed of the act, where it did.
    """

    v: Literal[1]
    act: dict[str, Any]
    account: Account
    person_id: PersonId | None
    name: Name
    roles: tuple[DirectoryRole, ...]
    departments: tuple[DepartmentId, ...]
    login: Login
    door: DoorNamed
    received_at: AwareDatetime
    own_key: OwnKeyProof | None = added_later()
    signature: str

    @property
    def act_id(self) -> str:
        """The id of the act that it is about."""
        return document_digest(self.act)

    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return bytes_to_sign(self.model_dump(mode="json", exclude={"signature"}))

    def signature_bytes(self) -> bytes:
        """The signature (64 bytes where it is one)."""
        try:
            return base64.b64decode(self.signature, validate=True)
        except ValueError:
            return b""

    def is_about(self, act: GivenAct) -> bool:
        """Whether it is about this very act."""
        try:
            return canonical_json(act_document(act)) == canonical_json(self.act)
        except NotCanonicalError:
            return False

    def fault_of_its_age(self, at: datetime, within: timedelta = HEARD_WITHIN) -> Literal["old", "early"] | None:
        """Whether it is too old at an instant of the engine's clock, or of a time that has not come."""
        if at - self.received_at > within:
            return "old"
        return "early" if self.received_at - at > CLOCKS_DIFFER else None


class UnreadableAttestationError(ValueError):
    """The bytes are no attestation."""


def statement(
    act: dict[str, Any], by: SignedIn, door: DoorNamed, received_at: datetime, own_key: OwnKeyProof | None = None
) -> dict[str, Any]:
    """What a door says of an act (its document), before it is signed."""
    said = Attestation(
        v=ATTESTATION_VERSION,
        act=act,
        account=by.account,
        person_id=by.person_id,
        name=by.name,
        roles=by.roles,
        departments=by.departments,
        login=Login(how=by.how, issuer=by.issuer, at=by.logged_in_at),
        door=door,
        received_at=received_at,
        own_key=own_key,
        signature="",
    )
    return said.model_dump(mode="json", exclude={"signature"})


def bytes_to_sign(said: dict[str, Any]) -> bytes:
    """What the door signs (raises `NotCanonicalError` as `canonical_json` does)."""
    return _SIGNED + canonical_json(said)


def attestation_bytes(said: dict[str, Any], signature: bytes) -> bytes:
    """The whole document: what is kept, and what the entries have the hash of."""
    return canonical_json({**said, "signature": base64.b64encode(signature).decode()})


def attestation_file(data: bytes) -> EvidenceFile:
    """How a command and its events name the attestation."""
    return EvidenceFile.of(_FILE_NAME, data)


def attestation_from(data: bytes) -> Attestation:
    """The attestation that bytes hold, in the one form in which it has these bytes.

    Raises:
        UnreadableAttestationError: they hold none.
    """
    try:
        read = json.loads(data)
        if canonical_json(read) != data:
            raise UnreadableAttestationError("not in the canonical form")
        return Attestation.model_validate(read)
    except (ValueError, ValidationError, NotCanonicalError, RecursionError) as error:
        raise UnreadableAttestationError(str(error)) from error


def key_id_of(public: bytes) -> str:
    """How a door's key is named: the SHA-256 of its public half."""
    return hashlib.sha256(public).hexdigest()


def bound_to(request_id: str) -> str:
    """The nonce that binds an act to an id that its request was given: no other request may bring the act again."""
    return hashlib.sha256(request_id.encode()).hexdigest()


def names_its_request(attestation: Attestation, request_id: str) -> bool:
    """Whether an act is asked for under its own id, or under the one that its nonce binds it to."""
    return request_id == attestation.act_id or attestation.act.get("nonce") == bound_to(request_id)
