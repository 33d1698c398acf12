"""The person's own key: a proof by his device (WebAuthn) whose challenge is the act's hash, kept in the attestation.

Whoever has the door's key can attest what he likes; the device's signature he cannot make. An auditor checks it with
the public half, which stands in the ledger, and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from domain.accounts.refusals import NoOwnKeyError
from domain.accounts.webauthn import Site, from_base64url, must_answer, origin_in, read_authenticator_data, signed_bytes
from domain.acts.act_digest import ACT_PREFIX
from domain.acts.attestation import OwnKeyProof
from domain.acts.rejections import OwnKeyForgedError
from domain.canonical_json import canonical_json
from domain.directory.ids import PersonId
from domain.record.person_keys import PersonKey, open_keys_of
from domain.rules.own_key_rules import OwnKey

HasSigned = Callable[[bytes, bytes, bytes], bool]
"""Whether a signature (the third) of a content (the second) is that of a key (DER)."""
_ORIGIN: Final = re.compile(r"https?://(?P<host>[a-z0-9.-]+)(?::[0-9]{1,5})?")


def key_name_of(public: bytes) -> str:
    """How a person's key is named: the SHA-256 of its public half."""
    return hashlib.sha256(public).hexdigest()


def hash_in(act_id: str) -> str:
    """The hash of an act, as its id has it."""
    return act_id.removeprefix(ACT_PREFIX)


def challenge_of_acts(act_ids: Sequence[str]) -> bytes:
    """What a device signs of acts: the hash of the one, or of the list of the hashes of all of them, in their order."""
    hashes = [hash_in(act_id) for act_id in act_ids]
    if len(hashes) == 1:
        return bytes.fromhex(hashes[0])
    return hashlib.sha256(canonical_json({"v": 1, "acts": hashes})).digest()


def signed_acts(proof: OwnKeyProof, act_id: str) -> tuple[str, ...]:
    """The hashes of the acts that a proof is of, where it was made for this one.

    Raises:
        OwnKeyForgedError: the list that was signed does not have it.
    """
    acts = proof.acts or (hash_in(act_id),)
    if hash_in(act_id) not in acts:
        raise OwnKeyForgedError(key=proof.key, why="一并签名的办理里没有这一项")
    return acts


def own_key_told(person_id: PersonId | None, keys: Mapping[str, PersonKey], *, signed: bool) -> OwnKey | None:
    """What an act says of its person's own key: that it signed, that it did not, nothing where he has none."""
    if signed:
        return "signed"
    return "unsigned" if open_keys_of(keys, person_id) else None


def must_be_signed_by_its_person(
    proof: OwnKeyProof, act_id: str, person_id: PersonId | None, key: PersonKey | None, has_signed: HasSigned
) -> None:
    """Refuse a proof that is not this person's, of this very act, by a key that is open.

    Raises:
        OwnKeyForgedError: it is not; the sentence says why.
    """
    if key is None or not key.is_open:
        raise OwnKeyForgedError(key=proof.key, why="这把密钥没有登记，或已停用")
    if person_id is None or key.person_id != person_id:
        raise OwnKeyForgedError(key=proof.key, why="这把密钥是别人的")
    challenge = challenge_of_acts(signed_acts(proof, act_id))
    try:
        content = certificate_content(challenge) if key.certificate else _by_a_device(proof, challenge, key.rp_id)
        signature = from_base64url(proof.signature)
    except NoOwnKeyError as error:
        raise OwnKeyForgedError(key=proof.key, why=error.why) from error
    if not has_signed(key.public, content, signature):
        raise OwnKeyForgedError(key=proof.key, why="签名不成立")


def certificate_content(challenge: bytes) -> bytes:
    """What the key of a certificate signs of acts: a text, since drivers of tokens show what they sign."""
    return b"duban-act/v1\n" + challenge.hex().encode() + b"\n"


def _by_a_device(proof: OwnKeyProof, challenge: bytes, rp_id: str) -> bytes:
    """What a device signed, where it was asked for this at a site of the key's."""
    client_data, data = from_base64url(proof.client_data), from_base64url(proof.authenticator_data)
    site = Site(rp_id, origin_of(client_data, rp_id))
    must_answer(client_data, read_authenticator_data(data), challenge, site, "webauthn.get")
    return signed_bytes(client_data, data)


def origin_of(client_data: bytes, rp_id: str) -> str:
    """The address at which a proof was made, where it is one of the key's domain; nothing otherwise.

    The port is the desk's own affair; the domain is the key's.
    """
    origin = origin_in(client_data)
    found = _ORIGIN.fullmatch(origin)
    is_of_the_key = found is not None and (found["host"] == rp_id or found["host"].endswith(f".{rp_id}"))
    return origin if is_of_the_key else ""
