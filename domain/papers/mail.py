"""The mail of one addressee: what goes into a morning's digest, and the receipt that each item keeps.

A mailbox's events stand in the ledger in a stream of their own (the mailbox workflow's id).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.events import Event
from domain.events.kinds import EventKinds
from domain.frozen import Frozen
from domain.names import Addressee
from domain.papers.paper import NotSentReason, NumberedPaper, PaperKind

DIGEST_TITLE = "督办文书汇总单"
"""What the paper is called that lists a digest of several items."""


class NoticeSent(Event):
    """One paper went out to one addressee, in this digest: its own receipt, however many items the digest had."""

    type: Literal["NoticeSent"] = "NoticeSent"
    paper_id: str
    number: str
    kind: PaperKind
    addressee: Addressee
    digest_id: str


class NoticeWithheld(Event):
    """One recorded paper was not sent to an addressee, for this reason."""

    type: Literal["NoticeWithheld"] = "NoticeWithheld"
    paper_id: str
    number: str
    kind: PaperKind
    addressee: Addressee
    reason: NotSentReason


MailEvent = Annotated[NoticeSent | NoticeWithheld, Field(discriminator="type")]
"""Any event of a mailbox's stream."""

MAIL_EVENT: Final[EventKinds[MailEvent]] = EventKinds(MailEvent)


class Digest(Frozen):
    """One morning's mail to one addressee; `digest_id` names it and the instant (`组织部/2018-05-09T090000`)."""

    digest_id: str
    addressee: Addressee
    items: tuple[NumberedPaper, ...]
