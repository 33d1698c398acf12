"""What the workflows ask of the world, as activities: their inputs and answers. Kept in histories: names are API."""

from __future__ import annotations

from pydantic import AwareDatetime

from domain.events.event import added_later
from domain.frozen import Frozen
from domain.names import Addressee


class MailQuery(Frozen):
    """Asks how many papers may go to an addressee at `now`."""

    addressee: Addressee
    now: AwareDatetime


class MailWaiting(Frozen):
    """How many papers may go, counted for the instant `now`: the mailbox goes by the instant that was asked about."""

    papers: int
    now: AwareDatetime


class DeliverDigest(Frozen):
    """Asks to send what may go to an addressee at `now` as one digest; the id makes a repeat harmless.

    Above `papers_per_month` notices are withheld; absent, there is no cap.
    """

    addressee: Addressee
    digest_id: str
    now: AwareDatetime
    papers_per_month: int | None = added_later()
