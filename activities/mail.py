"""The mail of the addressees: what waits for one, and one digest on its way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from temporalio import activity

from activities.failures import told_to_the_engine
from domain.ids import DepartmentId
from domain.papers.mail import Digest
from domain.papers.paper import DOCUMENT_KINDS
from domain.ports.actions import DeliverDigest, MailQuery, MailWaiting
from domain.ports.asked_first import MailRules
from domain.ports.document_store import DocumentStore
from domain.ports.notifier import Notifier
from domain.ports.outbox import Outbox
from domain.ports.vault import KeptFile


class MailActivities:
    """Sends digests. Each step may be repeated after any crash: the outbox answers a digest that was begun as it was,
    a paper that was produced is there, each notifier knows the digest's id, and a receipt is written once. `names`
    tells all names that an addressee's department has at an instant."""

    def __init__(
        self,
        outbox: Outbox,
        documents: DocumentStore,
        notifiers: Sequence[Notifier],
        rules: MailRules | None = None,
        names: Callable[[DepartmentId, datetime], Sequence[DepartmentId]] | None = None,
    ) -> None:
        self._outbox = outbox
        self._documents = documents
        self._notifiers = notifiers
        self._rules = rules
        self._names = names
        self._in_turn = asyncio.Lock()

    @activity.defn(name="mail_waiting")
    async def mail_waiting(self, query: MailQuery) -> MailWaiting:
        """How many papers may go to an addressee at an instant, those of a digest that was begun included; none where
        the mailbox must keep something else than it was told.

        Raises:
            ApplicationError: to be retried when the outbox does not answer.
        """
        with told_to_the_engine():
            if self._rules is not None and query.keeps is not None:
                keeps = await self._rules.instead(query.addressee, query.keeps)
                if keeps is not None:
                    return MailWaiting(papers=0, now=query.now, ends=query.ends, keeps=keeps, heard=query.heard)
            papers = await self._outbox.waiting_for(query.addressee, query.now)
        return MailWaiting(papers=papers, now=query.now, ends=query.ends, heard=query.heard)

    @activity.defn(name="deliver_digest")
    async def deliver_digest(self, request: DeliverDigest) -> int:
        """Send what is due to an addressee; answer how many items went out.

        A digest that an earlier request began and did not finish goes first, under its own identity.

        Raises:
            ApplicationError: to be retried when the disk, the outbox or the notifier does not answer.
        """
        sent = 0
        with told_to_the_engine():
            while True:
                digest = await self._outbox.claim(
                    request.addressee,
                    request.digest_id,
                    request.now,
                    request.papers_per_month,
                    await self._also(request),
                )
                if digest.items:
                    await self._send(digest, request.now)
                sent += len(digest.items)
                if digest.digest_id == request.digest_id:
                    return sent

    async def _also(self, request: DeliverDigest) -> Sequence[DepartmentId]:
        """All names of the addressee's department, which has one cap."""
        if self._names is None or request.papers_per_month is None:
            return ()
        async with self._in_turn:
            return await asyncio.to_thread(self._names, request.addressee, request.now)

    async def _send(self, digest: Digest, now: datetime) -> None:
        # The receipt comes last: a crash before it repeats a delivery that the notifier knows, one after it nothing.
        places = {
            numbered.paper.paper_id: await self._documents.produce(numbered)
            for numbered in digest.items
            if numbered.paper.kind in DOCUMENT_KINDS
        }
        listed = await self._documents.produce_digest(digest, now)
        if listed is not None:
            places[digest.digest_id] = listed
        files = await self._deliver(digest, places, now)
        for place in places.values():
            files += await self._documents.kept(place)
        await self._outbox.settle(digest, now, files)

    async def _deliver(self, digest: Digest, places: Mapping[str, str], now: datetime) -> list[KeptFile]:
        """By every way, also where one of them fails: the repeat that follows finds the others done."""
        ways = (notifier.deliver(digest, places, now) for notifier in self._notifiers)
        files: list[KeptFile] = []
        for outcome in await asyncio.gather(*ways, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
            files += outcome
        return files
