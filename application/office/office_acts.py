"""Acts that are about the office itself, not about a project: each is attested by its door as every act is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from application.office.attesting import Attestor, Giver
from application.office.office import Office
from application.office.refused_acts import keep_refused_acts
from domain.actors import Actor
from domain.acts.act_digest import office_act_document
from domain.acts.attestation import DoorKind, OwnKeyProof
from domain.acts.office_weights import OFFICE_WEIGHTS, RULES
from domain.acts.own_key import own_key_told
from domain.acts.rejections import ActNotAttestedError, OwnKeyMissingError
from domain.evidence import EvidenceFile
from domain.ports.doors import AttestChange
from domain.record.doors import DOORS_STREAM


def door_change(attestor: Attestor, giver: Giver, kind: DoorKind, reason: str) -> AttestChange:
    """What attests that the key of a door is changed."""

    async def attest(old: str, new: str) -> EvidenceFile:
        command = {"type": "ChangeDoorKey", "door": kind, "key": old, "new": new, "reason": reason}
        return await attested_office_act(attestor, giver, DOORS_STREAM, command)

    return attest


async def signed_office_act(office: Office, stream: str, command: dict[str, Any], by: Actor) -> EvidenceFile:
    """The file that attests what somebody does about the office, with the signature of his own key where he has one and
    the act weighs.

    Raises:
        ActNotAttestedError: nobody is signed in here.
        OwnKeyMissingError: his key must sign it, and nobody can ask him for it here.
        DubanError: it cannot be attested, or he does not sign it (see `Signer.sign`).
    """
    if office.giver is None or office.attestor is None:
        raise ActNotAttestedError(detail="没有人登录")
    document = office_act_document(stream, command, office.giver.by.account, "")
    keys = await asyncio.to_thread(office.records.own_keys.now)
    weight, told = OFFICE_WEIGHTS[command["type"]], own_key_told(by.person_id, keys, signed=False)
    proof = None
    if weight != "keys" and RULES.asks(weight, told):
        if office.signer is None:
            missing = OwnKeyMissingError(held=True)
            await keep_refused_acts(office.records, (document,), missing, office.engine_now())
            raise missing
        proof = await office.signer.sign((document,), by)
    return await office.attestor().file_of(document, office.giver, proof)


async def acts_to_sign(office: Office, give: Callable[[Office], Awaitable[object]]) -> Sequence[Mapping[str, Any]]:
    """What the own key of the one who gives an act about the office signs of it; nothing where it is not asked for, and
    nothing is given (raises as the act does before it is signed)."""
    told = _ToldOnly()
    try:
        await give(replace(office, attestor=told.attested, signer=told))
    except _ToldError as found:
        return found.acts
    return ()


class _ToldError(Exception):
    def __init__(self, acts: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__()
        self.acts = acts


class _ToldOnly:
    """Stops an act where it would be signed or attested."""

    async def sign(self, acts: Sequence[Mapping[str, Any]], of: Actor) -> OwnKeyProof:
        del of
        raise _ToldError(acts)

    def attested(self) -> Attestor:
        raise _ToldError


async def attested_office_act(
    attestor: Attestor, giver: Giver, stream: str, command: dict[str, Any], nonce: str = ""
) -> EvidenceFile:
    """The file that attests an act whose entries go to a stream of the office's own (raises as `Attestor.file_of`)."""
    return await attestor.file_of(office_act_document(stream, command, giver.by.account, nonce), giver)
