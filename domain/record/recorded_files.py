"""What the ledger tells about the files of a digest that went out."""

from __future__ import annotations

from domain.ids import mailbox_workflow_id
from domain.ports.ledger import Ledger
from domain.ports.vault import KeptFile
from domain.record.leaf import DIGESTS_STREAM


def recorded_files(ledger: Ledger, addressee: str, digest_id: str) -> list[KeptFile]:
    """The files of a digest as they were when it went out; none of a digest that was kept without any.

    Costs what the mailbox sent since, not what ever went out: the files are written down behind the last receipt.
    """
    sent = ledger.newest(mailbox_workflow_id(addressee))
    last = next((entry.position for entry in sent if entry.event["data"].get("digest_id") == digest_id), None)
    found: list[KeptFile] = []
    if last is None:
        return found
    for entry in ledger.entries(DIGESTS_STREAM, after=last):
        data = entry.event["data"]
        if data["digest_id"] != digest_id:
            break
        found += [KeptFile(name=name, sha256=digest, size=size) for name, digest, size in data["files"]]
        if data["part"] == data["parts"]:
            break
    return found
