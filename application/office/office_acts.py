"""Acts that are about the office itself, not about a project: each is attested by its door as every act is."""

from __future__ import annotations

from typing import Any

from application.office.attesting import Attestor, Giver
from domain.acts.act_digest import office_act_document
from domain.acts.attestation import DoorKind
from domain.evidence import EvidenceFile
from domain.ports.doors import AttestChange
from domain.record.doors import DOORS_STREAM


def door_change(attestor: Attestor, giver: Giver, kind: DoorKind, reason: str) -> AttestChange:
    """What attests that the key of a door is changed."""

    async def attest(old: str, new: str) -> EvidenceFile:
        command = {"type": "ChangeDoorKey", "door": kind, "key": old, "new": new, "reason": reason}
        return await attested_office_act(attestor, giver, DOORS_STREAM, command)

    return attest


async def attested_office_act(
    attestor: Attestor, giver: Giver, stream: str, command: dict[str, Any], nonce: str = ""
) -> EvidenceFile:
    """The file that attests an act whose entries go to a stream of the office's own (raises as `Attestor.file_of`)."""
    return await attestor.file_of(office_act_document(stream, command, giver.by.account, nonce), giver)
