"""The readers' messages as the ledger has them, and the one way to write on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from application.records import Records
from domain.events import headed
from domain.papers.delivery import DeliveryEvent, ReadersMail, delivery_stream, evolved
from domain.record.ledger_errors import StreamMovedError
from domain.record.recorded_deliveries import recorded_mail

ACTOR = "engine"


class MailBook:
    """The messages of all readers in memory, with every event written before it is believed."""

    def __init__(self, records: Records, now: Callable[[], datetime]) -> None:
        self._records = records
        self._now = now
        self._lock = asyncio.Lock()
        self.mails: dict[str, ReadersMail] = {}
        self._written_on: dict[str, ReadersMail] = {}

    async def mail(self, reader: str) -> ReadersMail:
        """A reader's messages, read where they were not, or where a write failed."""
        if reader not in self.mails:
            self.mails[reader] = await asyncio.to_thread(recorded_mail, self._records.ledger, reader)
        return self.mails[reader]

    async def write(self, reader: str, event_type: Callable[..., DeliveryEvent], cause: str, **facts: Any) -> None:
        """Append one event to a reader's stream; after a failure the stream is read again.

        Raises:
            StreamMovedError: another process wrote meanwhile.
            LedgerUnavailableError: the store does not answer.
        """
        try:
            await self._write(reader, event_type, cause, facts)
        except StreamMovedError:
            before = self._written_on.get(reader)
            again = await self.mail(reader)
            if before is None or again.next_seq - again.readings != before.next_seq - before.readings:
                raise
            # Nothing was sent meanwhile; somebody read.
            await self._write(reader, event_type, cause, facts)

    async def _write(
        self, reader: str, event_type: Callable[..., DeliveryEvent], cause: str, facts: dict[str, Any]
    ) -> None:
        async with self._lock:
            mail, now = await self.mail(reader), self._now()
            self._written_on[reader] = mail
            make = headed(event_type, seq=mail.next_seq, occurred_at=now, decided_at=now, actor=ACTOR, cause=cause)
            event = make(**facts)
            try:
                await self._records.own_streams.append_next(delivery_stream(reader), [event])
            except BaseException:
                # Whether it was kept is not known: the next look reads what the ledger has.
                self.mails.pop(reader, None)
                raise
            self.mails[reader] = evolved(mail, event)
