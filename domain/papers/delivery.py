"""What becomes of a reader's message on its way out: the events of his stream, and what they add up to.

A message that was handed over and never answered stays so: it may have arrived. Nothing here names an address.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from domain.bounds import Place
from domain.events.event import Event
from domain.events.kinds import EventKinds
from domain.frozen import Frozen

_PREFIX = "delivery/"
DESK = "DESK"
"""Where people read after login; no channel can be called so."""
WithheldReason = Literal["stale", "reader_gone"]
DeliveryState = Literal[
    "waiting",
    "handed_over",
    "unanswered",
    "accepted",
    "delivered",
    "read",
    "failed_for_now",
    "failed_for_good",
    "withheld",
]


def delivery_stream(reader: str) -> str:
    """The ledger's stream of a reader's messages."""
    return f"{_PREFIX}{reader}"


def reader_of_stream(stream: str) -> str | None:
    """The reader whose messages a stream is about; none of another stream."""
    return stream.removeprefix(_PREFIX) if stream.startswith(_PREFIX) else None


class _OfMessage(Event):
    message_id: str


class MessageGathered(_OfMessage):
    """A reader's mail of a morning, or what is urgent, became one message; `after` is the last receipt in it."""

    type: Literal["MessageGathered"] = "MessageGathered"
    digests: tuple[str, ...]
    papers: int
    urgent: bool
    after: Place


class MessageHandedOver(_OfMessage):
    """A message was given to a channel for the n-th time; written before, so that no crash hides it."""

    type: Literal["MessageHandedOver"] = "MessageHandedOver"
    channel: str
    attempt: int


class MessageAccepted(_OfMessage):
    """A channel took a message: it answers for it now."""

    type: Literal["MessageAccepted"] = "MessageAccepted"
    channel: str
    reference: str


class MessageDelivered(_OfMessage):
    """A message reached its reader, as the channel itself says."""

    type: Literal["MessageDelivered"] = "MessageDelivered"
    channel: str
    reference: str


class MessageRead(_OfMessage):
    """Somebody read what a message brought: opened a paper of it after login (`paper_id`), followed its link (`DESK`
    alone), or the channel's own receipt says so. It changes nothing of what is sent."""

    type: Literal["MessageRead"] = "MessageRead"
    channel: str
    paper_id: str | None = None


class MessageUnanswered(_OfMessage):
    """A message was handed over and no answer came; a channel that cannot know a repeat gets none."""

    type: Literal["MessageUnanswered"] = "MessageUnanswered"
    channel: str
    reason: str


class MessageFailedForNow(_OfMessage):
    """A channel did not take a message; it is tried again not before an instant."""

    type: Literal["MessageFailedForNow"] = "MessageFailedForNow"
    channel: str
    reason: str
    try_again_at: AwareDatetime


class MessageFailedForGood(_OfMessage):
    """A channel will not take a message; `address_refused` says that it knows no such address."""

    type: Literal["MessageFailedForGood"] = "MessageFailedForGood"
    channel: str
    reason: str
    address_refused: bool


class MessageWithheld(_OfMessage):
    """A message is not sent any more, for this reason."""

    type: Literal["MessageWithheld"] = "MessageWithheld"
    reason: WithheldReason


DeliveryEvent = Annotated[
    MessageGathered
    | MessageHandedOver
    | MessageAccepted
    | MessageDelivered
    | MessageRead
    | MessageUnanswered
    | MessageFailedForNow
    | MessageFailedForGood
    | MessageWithheld,
    Field(discriminator="type"),
]
"""Any event of a reader's stream."""

DELIVERY_EVENT: Final[EventKinds[DeliveryEvent]] = EventKinds(DeliveryEvent)


class Delivery(Frozen):
    """One message as its events left it."""

    message_id: str
    digests: tuple[str, ...]
    papers: int
    urgent: bool
    gathered_at: datetime
    state: DeliveryState = "waiting"
    channel: str | None = None
    attempts: int = 0
    """How often the channel of now was tried."""
    since: datetime
    try_again_at: datetime | None = None
    given_up: tuple[str, ...] = ()
    """The channels that are not tried any more."""
    unanswered: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """The channels that know no such address."""
    reason: str = ""
    papers_read: tuple[str, ...] = ()
    """The papers of it that were opened at the desk."""
    link_used: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in ("accepted", "delivered", "read", "withheld")


class ReadersMail(Frozen):
    """All messages of a reader."""

    next_seq: int = 0
    after: int = -1
    readings: int = 0
    """How many of the events are only of what was read."""
    deliveries: dict[str, Delivery] = Field(default_factory=dict)

    def open(self) -> list[Delivery]:
        """The messages with which something is still to be done."""
        return [each for each in self.deliveries.values() if each.is_open]

    def last_morning(self) -> datetime | None:
        """When the last message that was not urgent was gathered."""
        return max((each.gathered_at for each in self.deliveries.values() if not each.urgent), default=None)

    def last_urgent(self) -> datetime | None:
        """When the last urgent message was gathered."""
        return max((each.gathered_at for each in self.deliveries.values() if each.urgent), default=None)


def evolved(mail: ReadersMail, event: DeliveryEvent) -> ReadersMail:
    """A reader's mail after an event; one about a message that nobody gathered changes nothing but the count."""
    changed = mail.having(next_seq=event.seq + 1)
    if isinstance(event, MessageGathered):
        gathered = Delivery(
            message_id=event.message_id,
            digests=event.digests,
            papers=event.papers,
            urgent=event.urgent,
            gathered_at=event.decided_at,
            since=event.decided_at,
        )
        new = {**mail.deliveries, event.message_id: gathered}
        return changed.having(after=max(mail.after, event.after), deliveries=new)
    known = mail.deliveries.get(event.message_id)
    if isinstance(event, MessageRead):
        changed = changed.having(readings=mail.readings + 1)
    if known is None:
        return changed
    return changed.having(deliveries={**mail.deliveries, event.message_id: _after(known, event)})


def _after(known: Delivery, event: DeliveryEvent) -> Delivery:  # noqa: PLR0911 - one exit for each kind
    if isinstance(event, MessageRead):
        return _read(known, event)
    now = known.having(since=event.decided_at, try_again_at=None, reason="")
    match event:
        case MessageHandedOver(channel=channel, attempt=attempt):
            return now.having(state="handed_over", channel=channel, attempts=attempt)
        case MessageAccepted(channel=channel):
            return now.having(state="accepted", channel=channel)
        case MessageDelivered(channel=channel):
            return now.having(state="delivered", channel=channel)
        case MessageUnanswered(channel=channel, reason=reason):
            gone = {"given_up": (*known.given_up, channel), "unanswered": (*known.unanswered, channel)}
            return now.model_copy(update={"state": "unanswered", "attempts": 0, "reason": reason, **gone})
        case MessageFailedForNow(reason=reason, try_again_at=at):
            return now.having(state="failed_for_now", reason=reason, try_again_at=at)
        case MessageFailedForGood(channel=channel, reason=reason, address_refused=refused):
            gone = {
                "given_up": (*known.given_up, channel),
                "refused": (*known.refused, channel) if refused else known.refused,
            }
            return now.model_copy(update={"state": "failed_for_good", "attempts": 0, "reason": reason, **gone})
        case MessageWithheld(reason=reason):
            return now.having(state="withheld", reason=reason)
    return known


def _read(known: Delivery, event: MessageRead) -> Delivery:
    papers = (*known.papers_read, event.paper_id) if event.paper_id else known.papers_read
    link = known.link_used or (event.channel == DESK and event.paper_id is None)
    read = known.having(papers_read=tuple(dict.fromkeys(papers)), link_used=link)
    # One that is still on its way goes on: what it carries besides may be unread.
    if known.state not in ("accepted", "delivered"):
        return read
    return read.having(state="read", since=event.decided_at)


def folded(events: Iterable[DeliveryEvent]) -> ReadersMail:
    """A reader's mail, from his stream."""
    mail = ReadersMail()
    for event in events:
        mail = evolved(mail, event)
    return mail
