"""A message as a letter: plain text, and the papers' documents beside it as far as the letter has room for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePosixPath
from typing import NamedTuple

from adapters.channels.plain_text import harmless, text_of
from domain.papers.message_identity import mail_identity
from domain.ports.channel import Message, MessageWords, PaperFile

_MOST_TEXT = 200_000
_MOST_NAME = 100
_ENCODED, _PLAIN = 78, 57
"""A line of an encoded file has so many bytes on the way, for so many of the file."""
_HEAD_OF_A_FILE = 1_000
_ANY = ("application", "octet-stream")
_KINDS = {
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
}
_NAMED = 5


class Envelope(NamedTuple):
    """A message, who sends it (name and address), to which address, when."""

    message: Message
    sender: tuple[str, str]
    address: str
    at: datetime


def letter_of(envelope: Envelope, most_attached: int, announced: int | None) -> EmailMessage:
    """The letter of a message. It takes at most so many bytes of documents along, and fewer where the server announced
    that it takes no larger letter; what stays behind is said in a sentence."""
    files, room = envelope.message.files, most_attached
    if announced is not None:
        bare = len(_written(envelope, (), files).as_bytes())
        room = min(room, max(0, announced - bare) * _PLAIN // _ENCODED - _HEAD_OF_A_FILE * len(files))
    taken, left = list[PaperFile](), list[PaperFile]()
    for file in files:
        fits = len(file.content) <= room
        room -= len(file.content) if fits else 0
        (taken if fits else left).append(file)
    return _written(envelope, taken, left)


def _written(envelope: Envelope, taken: Sequence[PaperFile], left: Sequence[PaperFile]) -> EmailMessage:
    message, (name, sender), address, at = envelope
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(display_name=name, addr_spec=sender)
    letter["To"] = Address(addr_spec=address)
    letter["Subject"] = (message.words.urgent if message.urgent else "") + harmless(message.subject)
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{mail_identity(message.message_id)}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    if message.urgent:
        letter["Importance"] = "high"
    told = message.having(remarks=(*_said_of(message.words, taken, left), *message.remarks))
    letter.set_content(text_of(told, most=_MOST_TEXT), cte="base64")
    for file in taken:
        letter.add_attachment(
            file.content, *_KINDS.get(PurePosixPath(file.name).suffix, _ANY), filename=_safe(file.name)
        )
    return letter


def _said_of(words: MessageWords, taken: Sequence[PaperFile], left: Sequence[PaperFile]) -> list[str]:
    papers = {PurePosixPath(_safe(file.name)).stem for file in taken}
    attached = words.attached_in_files if len(taken) > len(papers) else words.attached
    said = [attached.format(papers=len(papers), files=len(taken))] if taken else []
    missing = list(dict.fromkeys(stem for file in left if (stem := PurePosixPath(_safe(file.name)).stem) not in papers))
    if missing:
        left_out = words.left_out_and_more if len(missing) > _NAMED else words.left_out
        said.append(left_out.format(named=words.joint.join(missing[:_NAMED]), count=len(missing)))
    if halves := {PurePosixPath(_safe(file.name)).stem for file in left} & papers:
        said.append(words.one_form.format(count=len(halves)))
    return said


def _safe(name: str) -> str:
    """A file's name in which nothing turns the reading direction, ends a header or leaves the folder."""
    plain = "".join("_" if not letter.isprintable() or letter in '/\\:*?"<>|' else letter for letter in name)
    stem, dot, ending = plain.strip(" .").rpartition(".")
    return f"{stem[:_MOST_NAME]}{dot}{ending}"
