"""What the ledger tells about the readers' messages, about what the mailboxes sent, and about its files."""

from __future__ import annotations

from collections.abc import Iterator

from domain.ids import is_mailbox, mailbox_workflow_id
from domain.papers.delivery import ReadersMail, delivery_stream, folded, reader_of_stream
from domain.papers.mail import NoticeSent
from domain.ports.ledger import Ledger
from domain.ports.vault import KeptFile
from domain.record.leaf import DIGESTS_STREAM, delivery_event_of, mail_event_of

_RECEIPT = "NoticeSent"
_OF_PAPERS = (_RECEIPT, "NoticeWithheld")


def recorded_mail(ledger: Ledger, reader: str) -> ReadersMail:
    """A reader's messages as the ledger has them."""
    return folded(map(delivery_event_of, ledger.entries(delivery_stream(reader))))


def recorded_readers(ledger: Ledger) -> list[str]:
    """Every reader who ever had a message, in order of his first one."""
    return [reader for stream in ledger.streams() if (reader := reader_of_stream(stream)) is not None]


def recorded_addressees(ledger: Ledger) -> list[str]:
    """Everybody whose mailbox ever had a paper, in order of the first one; the stream's own name does not tell."""
    streams = (ledger.entries(stream) for stream in ledger.streams() if is_mailbox(stream))
    firsts = (next((entry for entry in entries if entry.type in _OF_PAPERS), None) for entries in streams)
    return [mail_event_of(first).addressee for first in firsts if first is not None]


def receipts_after(ledger: Ledger, addressee: str, after: int) -> Iterator[tuple[int, NoticeSent]]:
    """The papers that a mailbox sent after a place in the ledger, each with its own place."""
    for entry in ledger.entries(mailbox_workflow_id(addressee), after=after):
        if entry.type == _RECEIPT and isinstance(event := mail_event_of(entry), NoticeSent):
            yield entry.position, event


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
