"""Acts that are about the office itself, not about a project: each is attested by its door as every act is."""

from __future__ import annotations

from typing import Any

from application.office.attesting import Attestor, Giver
from domain.acts.act_digest import office_act_document
from domain.evidence import EvidenceFile


async def attested_office_act(
    attestor: Attestor, giver: Giver, stream: str, command: dict[str, Any], nonce: str = ""
) -> EvidenceFile:
    """The file that attests an act whose entries go to a stream of the office's own (raises as `Attestor.file_of`)."""
    return await attestor.file_of(office_act_document(stream, command, giver.by.account, nonce), giver)
