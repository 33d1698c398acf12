"""What was read of the readers' messages: papers opened after login, links that were followed, receipts of channels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Final, Literal, NamedTuple

from application.records import Records
from domain.events import headed
from domain.papers.delivery import (
    DESK,
    Delivery,
    DeliveryEvent,
    MessageDelivered,
    MessageFailedForGood,
    MessageRead,
    delivery_stream,
)
from domain.papers.message_identity import mail_identity, webhook_identity
from domain.record.ledger_errors import StreamMovedError
from domain.record.recorded_deliveries import recorded_mail, recorded_readers

_TRIES: Final = 5
_NO_SUCH_ADDRESS: Final = "5.1."
"""RFC 3463: the address itself is wrong, and not its box or a rule."""
Received = Literal["delivered", "read"]


class Known(NamedTuple):
    """A message, and whose it is."""

    reader: str
    delivery: Delivery


class Messages:
    """The messages of this moment by what links, letters and webhooks name them; looked through once for many names."""

    def __init__(self, records: Records) -> None:
        self._ledger = records.ledger
        self._named: dict[str, tuple[str, str]] = {}
        for reader in recorded_readers(self._ledger):
            entries = self._ledger.entries(delivery_stream(reader))
            for message_id in dict.fromkeys(entry.event["data"]["message_id"] for entry in entries):
                for identity in (webhook_identity(message_id), mail_identity(message_id)):
                    self._named[identity] = reader, message_id

    def known_as(self, identity: str) -> Known | None:
        """The message as it stands now; none where there is no such one. Only its own reader's stream is folded."""
        if identity not in self._named:
            return None
        reader, message_id = self._named[identity]
        return Known(reader, recorded_mail(self._ledger, reader).deliveries[message_id])


def message_known_as(records: Records, identity: str) -> Known | None:
    """The message that a link, a letter or a webhook names; none where there is no such one."""
    return Messages(records).known_as(identity)


async def paper_was_opened(records: Records, digest_id: str, paper_id: str, by: str, now: datetime) -> int:
    """Keep in every message that brought a paper that somebody opened it; answer in how many."""
    found = 0
    for reader in await asyncio.to_thread(recorded_readers, records.ledger):
        mail = await asyncio.to_thread(recorded_mail, records.ledger, reader)
        for delivery in mail.deliveries.values():
            if digest_id in delivery.digests and paper_id not in delivery.papers_read:
                facts = {"message_id": delivery.message_id, "channel": DESK, "paper_id": paper_id}
                await _note(records, reader, MessageRead, by, now, facts)
                found += 1
    return found


async def link_was_followed(records: Records, known: Known, by: str, now: datetime) -> None:
    """Keep that a message's link was followed: it leads nowhere any more."""
    facts = {"message_id": known.delivery.message_id, "channel": DESK}
    await _note(records, known.reader, MessageRead, by, now, facts)


async def receipts_came(records: Records, channel: str, lines: Iterable[str], now: datetime) -> tuple[int, list[str]]:
    """Keep a channel's own receipts, each line an identity and `read` or `delivered`; answer how many were new, and the
    lines that name no message which this channel took."""
    new, strange, messages = 0, [], await asyncio.to_thread(Messages, records)
    for line in filter(None, map(str.strip, lines)):
        identity, _, said = line.replace(",", " ").partition(" ")
        known = await asyncio.to_thread(messages.known_as, identity.strip("<>").partition("@")[0])
        if known is None or said.strip() not in ("read", "delivered") or known.delivery.channel != channel:
            strange.append(line)
            continue
        state, facts = known.delivery.state, {"message_id": known.delivery.message_id, "channel": channel}
        if said.strip() == "read" and state in ("accepted", "delivered"):
            await _note(records, known.reader, MessageRead, f"channel:{channel}", now, facts)
        elif said.strip() == "delivered" and state == "accepted":
            await _note(records, known.reader, MessageDelivered, f"channel:{channel}", now, {**facts, "reference": ""})
        else:
            continue  # it is known, or was never taken
        new += 1
    return new, strange


async def bounce_came(records: Records, known: Known, status: str, now: datetime) -> bool:
    """Keep that a letter which a server took came back for good, so that the reader's next way is taken; answer whether
    that is new."""
    channel = known.delivery.channel
    if known.delivery.state != "accepted" or channel is None or not status:
        return False
    facts = {"message_id": known.delivery.message_id, "channel": channel, "reason": f"bounced:{status[:10]}"}
    refused = partial(MessageFailedForGood, address_refused=status.startswith(_NO_SUCH_ADDRESS))
    await _note(records, known.reader, refused, f"channel:{channel}", now, facts)
    return True


async def _note(
    records: Records,
    reader: str,
    event_type: Callable[..., DeliveryEvent],
    by: str,
    now: datetime,
    facts: dict[str, str],
) -> None:
    # The courier writes here too: whoever comes second reads again.
    for last in (*(False,) * (_TRIES - 1), True):
        mail = await asyncio.to_thread(recorded_mail, records.ledger, reader)
        make = headed(event_type, seq=mail.next_seq, occurred_at=now, decided_at=now, actor=by, cause=f"read:{by}")
        try:
            await records.own_streams.append_next(delivery_stream(reader), [make(**facts)])
        except StreamMovedError:
            if last:
                raise
        else:
            return
