"""What is to be done next with a reader's mail: gather it, hand it over, wait, give up. Pure: the clock is given."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.clock import CLOCKS_DIFFER_AT_MOST, office_day
from domain.frozen import Frozen
from domain.papers.delivery import Delivery, ReadersMail, WithheldReason
from domain.papers.routes import INBOX, Routes, Step

LONGEST_PAUSE = timedelta(hours=1)
_URGENT_TRIES = 2
"""What is urgent takes the reader's next way after so many tries."""


class Receipt(NamedTuple):
    """One paper that a mailbox sent: where it stands in the ledger, its digest, when, and whether it is urgent."""

    position: int
    addressee: str
    digest_id: str
    paper_id: str
    sent_at: datetime
    urgent: bool


class HandOver(Frozen):
    """Give the message to this channel now."""

    step: Step
    attempt: int


class GiveUp(Frozen):
    """Withhold the message."""

    reason: WithheldReason


class NoAnswer(Frozen):
    """What was handed over before a crash: its answer is lost, and the channel cannot know a repeat."""

    channel: str


def ripe(mail: ReadersMail, receipts: Sequence[Receipt], routes: Routes, now: datetime) -> bool:
    """Whether a reader's new mail becomes a message now.

    What is urgent does at once, with all that waits; soon after another urgent message it is gathered for a while. Else
    the mail of a reader's several offices is waited for, and a second message on one day waits for the next: for that
    day's mail, or for the hour at which the last one was gathered where none comes.
    """
    if not receipts:
        return False
    if any(receipt.urgent for receipt in receipts):
        before = _known(mail.last_urgent(), now)
        return before is None or now >= before + timedelta(minutes=routes.urgent_minutes)
    last, today = _known(mail.last_morning(), now), office_day(now)
    if last is not None and office_day(last) == today:
        return False
    new = next((receipt for receipt in receipts if office_day(receipt.sent_at) == today), None)
    if new is None and last is not None and now < last + timedelta(days=1):
        # At midnight it would come in the night, and the morning's mail a day late behind it.
        return False
    return now >= (new or receipts[0]).sent_at + timedelta(minutes=routes.gather_minutes)


def _known(then: datetime | None, now: datetime) -> datetime | None:
    """An instant from which something is waited for; none where the clock that told it ran ahead and was put right:
    nobody would wait until it comes again."""
    return None if then is None or then > now + CLOCKS_DIFFER_AT_MOST else then


def next_move(  # noqa: PLR0911 - one exit for each thing that holds a message up
    delivery: Delivery,
    reader: str,
    routes: Routes,
    now: datetime,
    repeats: frozenset[str],
) -> HandOver | GiveUp | NoAnswer | None:
    """What is to be done with a message now; `repeats` are the channels that know a message that they have already."""
    if not delivery.is_open:
        return None
    if delivery.state == "handed_over":
        channel = delivery.channel or INBOX
        since = _known(delivery.since, now)
        if since is not None and now < since + abandoned_after(routes, channel):
            return None
        if channel not in repeats:
            return NoAnswer(channel=channel)
    known = routes.readers.get(reader)
    if known is None:
        return GiveUp(reason="reader_gone")
    if now > delivery.gathered_at + timedelta(days=routes.stale_days):
        return GiveUp(reason="stale")
    if delivery.try_again_at is not None and _known(delivery.since, now) and now < delivery.try_again_at:
        return None
    step = _open_way(routes.steps_of(reader), delivery.given_up)
    quiet = known.quiet.end_after(now) if known.quiet and not (delivery.urgent and known.urgent_in_quiet) else None
    if quiet is not None and step.channel != INBOX:
        return None
    again = delivery.channel == step.channel and delivery.attempts
    return HandOver(step=step, attempt=delivery.attempts + 1 if again else 1)


def _open_way(ways: Sequence[Step], given_up: Sequence[str]) -> Step:
    """The first way that was not given up: a channel that has several addresses of a reader is one for each."""
    left = Counter(given_up)
    for step in ways:
        if step.channel == INBOX or not left[step.channel]:
            return step
        left[step.channel] -= 1
    return Step(channel=INBOX)


def abandoned_after(routes: Routes, channel: str) -> timedelta:
    """How long after a message was handed over nobody can be waiting for its answer any more."""
    known = routes.channels.get(channel)
    return timedelta(seconds=3 * (known.timeout_seconds if known else 1))


def last_try(delivery: Delivery, reader: str, channel: str, routes: Routes, attempt: int) -> bool:
    """Whether a channel that fails for now is given up with this attempt, for another one that comes behind it. Where
    none does, giving up would bring the message nowhere: it is tried until it is stale."""
    if _open_way(routes.steps_of(reader), (*delivery.given_up, channel)).channel == INBOX:
        return False
    known = routes.channels.get(channel)
    tries = known.tries if known else 1
    return attempt >= (min(tries, _URGENT_TRIES) if delivery.urgent else tries)


def pause_before(message_id: str, attempt: int, first: timedelta, asked: timedelta | None = None) -> timedelta:
    """The pause before the next try: twice as long each time, up to an hour, and a fifth more or less, so that what
    failed together does not come again together; never shorter than the channel asked for."""
    doubled = min(first * float(2 ** min(attempt - 1, 20)), LONGEST_PAUSE)
    digest = hashlib.sha256(f"{message_id}/{attempt}".encode()).digest()
    thousandths = 800 + int.from_bytes(digest[:4], "big") % 401
    return max(doubled * thousandths / 1000, asked or timedelta())
