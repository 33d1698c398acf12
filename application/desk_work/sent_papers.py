"""A paper that the office has issued, for those who read whole projects: to whom it went, and who opened it there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from application.accounts.accounts import Accounts
from application.desk_work.received_papers import ReceivedPaper, with_readings
from application.records import Records
from domain.papers.paper import NumberedPaper
from domain.ports.outbox import OutboxItem


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper, and one line for each that it is addressed to, copies too: whether it went out, and who opened it."""

    numbered: NumberedPaper
    lines: tuple[ReceivedPaper, ...]

    @property
    def with_document(self) -> OutboxItem | None:
        """The line of the first one to whom it went out with a document; none where it has none, or did not go out."""
        return next((each.item for each in self.lines if each.item.has_document), None)


async def issued_paper(records: Records, accounts: Accounts, paper_id: str) -> IssuedPaper | None:
    """A paper by the identity of the event that it follows from; none where no paper came of that."""
    items = await asyncio.to_thread(records.outbox.items_of, [paper_id])
    if not items:
        return None
    return IssuedPaper(items[0].numbered, await with_readings(accounts, items))
