"""The outbox: papers that were recorded with their events and wait to be sent, one row for each addressee."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, Protocol

from pydantic import AwareDatetime

from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.papers.mail import Digest
from domain.papers.paper import DOCUMENT_KINDS, NotSentReason, NumberedPaper
from domain.ports.vault import KeptFile

ItemState = Literal["waiting", "claimed", "sent", "withheld"]


class OutboxItem(Frozen):
    """One paper for one addressee (the addressee itself, or one that gets a copy) and what became of it."""

    numbered: NumberedPaper
    addressee: DepartmentId
    state: ItemState
    digest_id: str | None = None
    sent_at: AwareDatetime | None = None
    reason: NotSentReason | None = None

    @property
    def has_document(self) -> bool:
        """Whether it went out with a document: its kind has one, and it was sent."""
        return self.state == "sent" and self.numbered.paper.kind in DOCUMENT_KINDS


class OpenMail(Frozen):
    """What an addressee has not got yet: papers that wait, and papers of a digest that was begun; from `oldest_at` on
    the oldest of them could go out."""

    addressee: DepartmentId
    waiting: int
    claimed: int
    oldest_at: AwareDatetime


class OpenLine(Frozen):
    """One item that was not sent yet and may still be, without its paper."""

    paper_id: str
    addressee: DepartmentId
    send_from: AwareDatetime


class Outbox(Protocol):
    """MUST give an item to one digest only; MUST write an item's receipt in the transaction that settles it."""

    async def waiting_for(self, addressee: DepartmentId, now: datetime) -> int:
        """How many items may go to the addressee at `now` (or belong to a digest that was begun and not finished)."""

    async def claim(
        self,
        addressee: DepartmentId,
        digest_id: str,
        now: datetime,
        papers_per_month: int | None = None,
        also: Collection[DepartmentId] = (),
    ) -> Digest:
        """Put what may go at `now` into a digest; one that was begun and not finished is answered again as it was.

        Of a new digest, a reminder of a day that is over, and what yields to the cap on the addressee's papers in this
        month, is withheld with the reason (`domain/papers/mail_cap.py`), in the same transaction; those count too that
        went out under the other names (`also`) of its department.
        """

    async def settle(self, digest: Digest, sent_at: datetime, files: Sequence[KeptFile] = ()) -> None:
        """Record that a digest went out: one `NoticeSent` event for each item, in the mailbox's stream, and the hashes
        of the files that went out. Repeatable."""

    def open_mail(self) -> Sequence[OpenMail]:
        """Every addressee who has not got everything yet, in order of name. Costs what is open, not what ever was."""

    def digest(self, addressee: DepartmentId, digest_id: str) -> Digest:
        """A digest as it was put together; an empty one where there is none of this identity."""

    def items(self, addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        """All items (of one addressee), in order of their recording."""

    def received(self, addressee: DepartmentId) -> Sequence[str]:
        """The identities of the papers that went out to an addressee, the one recorded last in front."""

    def items_of(self, paper_ids: Sequence[str], addressee: DepartmentId | None = None) -> Sequence[OutboxItem]:
        """The items of some papers (for one addressee), in order of their recording."""

    def open_lines(self) -> Sequence[OpenLine]:
        """The items that were not sent yet and may still be, without their papers. Costs what is open."""

    def papers(self, stream: str | None = None) -> Sequence[NumberedPaper]:
        """All papers (of one stream's events), in order of their recording."""
