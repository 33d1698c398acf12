"""What the workflows ask of the world, as activities: their inputs and answers. Kept in histories: names are API."""

from __future__ import annotations

from pydantic import AwareDatetime

from domain.clock import VirtualClock
from domain.frozen import Frozen, added_later
from domain.names import Addressee
from domain.rules.calendar import SharedCalendar
from domain.rules.policy import SharedPolicy


class MailKeeps(Frozen):
    """What a mailbox keeps: the hours and the cap of a policy, the working calendar, the clock; and since when, by the
    engine's clock."""

    policy: SharedPolicy
    calendar: SharedCalendar
    clock: VirtualClock
    at: AwareDatetime


class MailQuery(Frozen):
    """Asks how many papers may go to an addressee at `now`; with `ends` the mailbox's run shall end after this.

    `keeps` is what the mailbox asks about since it woke, `heard` how many signals of its run it has heard.
    """

    addressee: Addressee
    now: AwareDatetime
    ends: bool = False
    keeps: MailKeeps | None = added_later()
    heard: int = 0


class MailWaiting(Frozen):
    """How many papers may go, counted for the instant `now`: the mailbox goes by the instant that was asked about.

    Where it was told what is not the office's, nothing was counted, and `keeps` is what it must keep instead.
    """

    papers: int
    now: AwareDatetime
    ends: bool = False
    """As it was asked: a replay goes by the answer."""
    keeps: MailKeeps | None = added_later()
    heard: int | None = added_later()
    """As it was asked: these it takes, and what comes later is for the next look."""


class DeliverDigest(Frozen):
    """Asks to send what may go to an addressee at `now` as one digest; the id makes a repeat harmless.

    Above `papers_per_month` notices are withheld; absent, there is no cap.
    """

    addressee: Addressee
    digest_id: str
    now: AwareDatetime
    papers_per_month: int | None = added_later()
