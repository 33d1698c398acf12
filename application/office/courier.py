"""The courier: takes what the mailboxes sent to the readers, by the ways that the routes name.

It goes beside the worker. A mailbox never waits for it, a channel never for another one. A message is written down as
handed over before it leaves, and its answer after it came.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from application.log_lines import log_lines
from application.office.carried_papers import carried, printed
from application.office.readers_mail import MailBook
from application.records import Records
from domain.errors import DubanError
from domain.papers.delivery import (
    Delivery,
    MessageAccepted,
    MessageDelivered,
    MessageFailedForGood,
    MessageFailedForNow,
    MessageGathered,
    MessageHandedOver,
    MessageUnanswered,
    MessageWithheld,
    ReadersMail,
)
from domain.papers.mail import Digest
from domain.papers.message_identity import webhook_identity
from domain.papers.message_lines import is_urgent, message_of
from domain.papers.moves import GiveUp, HandOver, NoAnswer, Receipt, last_try, next_move, pause_before, ripe
from domain.papers.routes import INBOX, EmailChannel, Routes
from domain.papers.wording import Say, as_drafted
from domain.ports.channel import Answer, Channel, Message
from domain.ports.document_printer import DocumentPrinter
from domain.ports.document_store import DocumentStore
from domain.record.recorded_deliveries import receipts_after, recorded_readers

LOOKS_EVERY_SECONDS = 1.0
_AT_ONCE = 4
"""How many messages are on their way by one channel."""
_WRITES_AGAIN_AFTER = (0.2, 1.0, 3.0, 10.0)
_log = log_lines("duban.courier")


class Courier:
    """Sends the readers' messages; what was under way when the last courier ended is settled first."""

    def __init__(
        self,
        records: Records,
        routes: Routes,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        head: Callable[[], str] = str,
        documents: DocumentStore | None = None,
        printer: DocumentPrinter | None = None,
        english: Say = as_drafted,
    ) -> None:
        self._records, self._routes, self._channels, self._now, self._head = records, routes, channels, now, head
        self._repeats = frozenset(name for name, channel in channels.items() if channel.knows_repeats)
        self._documents, self._printer, self._english = documents, printer, english
        self._book = MailBook(records, now)
        self._flying: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._sent: dict[str, deque[float]] = {}
        self._resting: dict[str, datetime] = {}
        self._digests: dict[tuple[str, str], Digest] = {}
        self._passed_over: dict[str, int] = {}

    async def look(self) -> None:
        """Gather what is ripe, hand over what is due; answers come while this is left.

        What one reader's mail raises is raised when all others were served.
        """
        known = [*self._routes.readers, *await asyncio.to_thread(recorded_readers, self._records.ledger)]
        faults = list[Exception]()
        for reader in dict.fromkeys(known):
            try:
                await self._serve(reader)
            except Exception as error:  # noqa: BLE001 - raised below
                faults.append(error)
        if faults:
            raise faults[0]

    async def _serve(self, reader: str) -> None:
        if reader in self._routes.readers:
            await self._gather(reader)
        for delivery in (await self._book.mail(reader)).open():
            await self._move(reader, delivery)

    async def rest(self) -> None:
        """Wait for what is on its way."""
        while self._flying:
            await asyncio.wait([task for _, task in self._flying.values()])

    async def close(self) -> None:
        """Stop waiting for answers and let go of connections: what is on its way is settled by the next courier."""
        for _, task in list(self._flying.values()):
            task.cancel()
        await asyncio.gather(*(task for _, task in list(self._flying.values())), return_exceptions=True)
        await asyncio.gather(*(channel.close() for channel in self._channels.values()), return_exceptions=True)

    # Gathering

    async def _gather(self, reader: str) -> None:
        mail = await self._book.mail(reader)
        receipts = await asyncio.to_thread(self._receipts, reader, mail)
        now = self._now()
        if not ripe(mail, receipts, self._routes, now):
            return
        digests = list(dict.fromkeys(receipt.digest_id for receipt in receipts))
        await self._book.write(
            reader,
            MessageGathered,
            f"digest:{digests[-1]}",
            message_id=f"{reader}/{now:%Y-%m-%dT%H%M%S}-{receipts[-1].position}",
            digests=tuple(digests),
            papers=len({receipt.paper_id for receipt in receipts}),
            urgent=any(receipt.urgent for receipt in receipts),
            after=receipts[-1].position,
        )

    def _receipts(self, reader: str, mail: ReadersMail) -> list[Receipt]:
        oldest = self._now() - timedelta(days=self._routes.stale_days)
        after = max(mail.after, self._passed_over.get(reader, -1))
        found: list[Receipt] = []
        for addressee in self._routes.readers[reader].reads:
            for position, event in receipts_after(self._records.ledger, addressee, after):
                if event.decided_at < oldest and not mail.deliveries:
                    # A reader who is new in the routes gets no papers of long ago. Who had messages before gets all
                    # since the last one in one, however long nobody gathered: it leads him to the desk.
                    self._passed_over[reader] = max(position, self._passed_over.get(reader, -1))
                    continue
                digest = self._digest(addressee, event.digest_id)
                urgent = any(is_urgent(each.paper) for each in digest.items if each.paper.paper_id == event.paper_id)
                found.append(Receipt(position, addressee, event.digest_id, event.paper_id, event.decided_at, urgent))
        return sorted(found)

    def _digest(self, addressee: str, digest_id: str) -> Digest:
        key = (addressee, digest_id)
        if key not in self._digests:
            if len(self._digests) > 1_000:
                self._digests.clear()
            self._digests[key] = self._records.outbox.digest(addressee, digest_id)
        return self._digests[key]

    # Handing over

    async def _move(self, reader: str, delivery: Delivery) -> None:
        if delivery.message_id in self._flying:
            return
        move = next_move(delivery, reader, self._routes, self._now(), self._repeats)
        facts = {"message_id": delivery.message_id}
        match move:
            case GiveUp(reason=reason):
                await self._book.write(reader, MessageWithheld, "rule:delivery", **facts, reason=reason)
            case NoAnswer(channel=channel):
                await self._book.write(
                    reader, MessageUnanswered, "rule:delivery", **facts, channel=channel, reason="crash"
                )
            case HandOver(step=step) if step.channel == INBOX:
                # The digest lies on the desk since its mailbox sent it.
                await self._book.write(reader, MessageDelivered, "rule:delivery", **facts, channel=INBOX, reference="")
            case HandOver() if self._has_room(move.step.channel):
                message = await asyncio.to_thread(self._message, reader, delivery)
                message = await self._with_documents(message, delivery, move.step.channel)
                await self._book.write(
                    reader,
                    MessageHandedOver,
                    "rule:delivery",
                    **facts,
                    channel=move.step.channel,
                    attempt=move.attempt,
                )
                self._sent.setdefault(move.step.channel, deque()).append(time.monotonic())
                task = asyncio.create_task(self._send(reader, delivery, move, message))
                self._flying[delivery.message_id] = (move.step.channel, task)
                task.add_done_callback(lambda _: self._flying.pop(delivery.message_id, None))

    def _has_room(self, channel: str) -> bool:
        if (until := self._resting.get(channel)) is not None and self._now() < until:
            return False
        if sum(name == channel for name, _ in self._flying.values()) >= _AT_ONCE:
            return False
        sent = self._sent.setdefault(channel, deque())
        while sent and sent[0] < time.monotonic() - 60:
            sent.popleft()
        return len(sent) < self._routes.channels[channel].per_minute

    def _message(self, reader: str, delivery: Delivery) -> Message:
        digests = [
            digest
            for digest_id in delivery.digests
            if (digest := self._digest(digest_id.rpartition("/")[0], digest_id)).items
        ]
        link = self._routes.link_to(webhook_identity(delivery.message_id))
        return message_of(
            delivery.message_id,
            reader,
            digests,
            delivery.gathered_at,
            head=self._head(),
            link=link,
            english=self._english,
        )

    async def _with_documents(self, message: Message, delivery: Delivery, channel: str) -> Message:
        if self._documents is None or not self._channels[channel].carries_files:
            return message
        files, unlike = await carried(
            self._records.ledger, self._documents, delivery.digests, message.words, self._english
        )
        remarks = [message.words.unlike.format(name=name) for name in unlike]
        return message.having(files=tuple(files), remarks=tuple(remarks))

    async def _with_pages(self, message: Message, lines: object) -> Message:
        """Made while the message is on its way: printing takes seconds, and no other message waits for it."""
        if not isinstance(lines, EmailChannel) or not lines.attach_megabytes:
            return message
        files = await printed(message.files, lines.attach, self._printer)
        pages = [message.words.printed] if len(set(files) - set(message.files)) else []
        remarks = (*message.remarks, *pages)
        return message.having(files=tuple(files), remarks=remarks)

    async def _send(self, reader: str, delivery: Delivery, move: HandOver, message: Message) -> None:
        name = move.step.channel
        lines = self._routes.channels[name]
        try:
            message = await self._with_pages(message, lines)
            async with asyncio.timeout(2 * lines.timeout_seconds):
                answer = await self._channels[name].send(message, move.step.address)
        except Exception as error:  # noqa: BLE001 - a fault of one channel is a failure of this message, and of no other
            timed_out = isinstance(error, TimeoutError)
            reason = "timeout" if timed_out else f"fault:{type(error).__name__}"
            repeat = name in self._repeats
            answer = Answer(outcome="failed_for_now" if repeat else "unanswered", reason=reason)
        if answer.outcome not in {"accepted", "delivered"}:
            _log.warning("message_not_taken", channel=name, reader=reader, outcome=answer.outcome, reason=answer.reason)
        for pause in (*_WRITES_AGAIN_AFTER, None):
            try:
                await self._told(reader, delivery, move, answer)
            except DubanError as error:
                _log.warning("answer_not_recorded", channel=name, reader=reader, text=error.text)
                if pause is None:
                    return
                await asyncio.sleep(pause)
            else:
                return

    async def _told(self, reader: str, delivery: Delivery, move: HandOver, answer: Answer) -> None:
        name = move.step.channel
        facts = {"message_id": delivery.message_id, "channel": name}
        cause = f"channel:{name}"
        known = (await self._book.mail(reader)).deliveries[delivery.message_id]
        if (known.state, known.channel, known.attempts) != ("handed_over", name, move.attempt):
            return  # the answer was kept before the store failed to say so
        match answer.outcome:
            case "accepted":
                await self._book.write(reader, MessageAccepted, cause, **facts, reference=answer.reference)
            case "delivered":
                await self._book.write(reader, MessageDelivered, cause, **facts, reference=answer.reference)
            case "unanswered":
                await self._book.write(reader, MessageUnanswered, cause, **facts, reason=answer.reason)
            case "failed_for_now" if not last_try(delivery, reader, name, self._routes, move.attempt):
                first = timedelta(seconds=self._routes.channels[name].pause_seconds)
                pause = pause_before(delivery.message_id, move.attempt, first, answer.again_after)
                again = self._now() + pause
                if answer.again_after is not None:
                    self._resting[name] = self._now() + answer.again_after
                await self._book.write(
                    reader, MessageFailedForNow, cause, **facts, reason=answer.reason, try_again_at=again
                )
            case _:
                await self._book.write(
                    reader,
                    MessageFailedForGood,
                    cause,
                    **facts,
                    reason=answer.reason,
                    address_refused=answer.address_refused,
                )
