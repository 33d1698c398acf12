"""Changes sent to other systems as they are recorded: in order, signed, again until they are taken.

Each receiver has a place of its own in the ledger: one that is away keeps no other one waiting, and misses nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final, Protocol
from urllib.parse import urlsplit

from application.accounts.accounts import Accounts, new_secret
from application.office.change_feed import change_of, event_of
from domain.accounts.webhooks import MOST_WEBHOOKS, SentPart, Webhook
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.ports.accounts import AccountRows
from domain.ports.channel import Answer
from domain.ports.ledger import Ledger

LOOKS_EVERY_SECONDS: Final = 2.0
_AT_ONCE: Final = 100
_LOOKED_AT: Final = 2_000
_GOOD: Final = frozenset({"accepted", "delivered"})


class Post(Protocol):
    """Posts a body with its signature; MUST answer whatever the network does."""

    async def post(self, url: str, secret: str, identity: str, body: bytes) -> Answer:
        """Post bytes of JSON under their identity."""


class UnusableWebhookError(InputError, rule="usable_webhook"):
    """A receiver's address cannot be used, or there are too many."""


class NoWebhookError(InputError, rule="known_webhook"):
    """There is no such receiver."""


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """A new receiver, with the secret that is told once."""

    webhook: Webhook
    secret: str = field(repr=False)


async def add(
    accounts: Accounts, url: str, name: str, after: int, by: SignedIn, now: datetime, request_id: str
) -> MadeWebhook:
    """Send what is recorded after an entry to an address from now on; one request makes one receiver.

    Raises:
        UnusableWebhookError: the address is none of http or https, or there are too many receivers.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise UnusableWebhookError("接收变更的地址须以 https:// 或 http:// 开头，不带账号和 # 之后的部分：请核对。")
    made = Webhook(
        key=request_id, url=url, secret=new_secret(), name=name, by=by.name, made_at=now, after=after, owner=""
    )

    def put(rows: AccountRows) -> Webhook | None:
        there = rows.one(Webhook, request_id)
        if there is None and rows.count(Webhook) < MOST_WEBHOOKS:
            rows.put(made)
            return made
        return there

    kept = await accounts.store.change(put)
    if kept is None:
        raise UnusableWebhookError(f"接收变更的地址最多 {MOST_WEBHOOKS} 个：请先去掉不用的。")
    return MadeWebhook(kept, kept.secret)


async def webhooks(accounts: Accounts) -> Sequence[Webhook]:
    """All receivers, in order of their making."""
    found = await accounts.store.read(lambda rows: rows.every(Webhook))
    return sorted(found, key=lambda each: each.made_at)


async def made_before(accounts: Accounts, number: str) -> MadeWebhook:
    """The receiver of a number, as whoever made it is told once more.

    Raises:
        NoWebhookError: there is none of this number.
    """
    for each in await webhooks(accounts):
        if each.number == number:
            return MadeWebhook(each, each.secret)
    raise NoWebhookError("没有这个接收变更的地址：请核对编号。")


async def drop(accounts: Accounts, number: str) -> None:
    """Send nothing to a receiver any more (raises as `made_before`)."""
    one = (await made_before(accounts, number)).webhook
    await accounts.store.change(partial(_remove, one))


def _remove(one: Webhook, rows: AccountRows) -> None:
    rows.remove(one)
    if (sent := rows.one(SentPart, one.key)) is not None:
        rows.remove(sent)


class WebhookDesk:
    """Sends what is recorded to all receivers; `now` is the clock of the machine."""

    def __init__(self, accounts: Accounts, ledger: Ledger, post: Post, now: Callable[[], datetime]) -> None:
        self._accounts, self._ledger, self._post, self._now = accounts, ledger, post, now
        self._going: dict[str, asyncio.Task[None]] = {}

    async def look(self) -> None:
        """Let every receiver that may be tried get what it has not; who is slow keeps nobody waiting."""
        self._going = {key: task for key, task in self._going.items() if not task.done()}
        for each in await webhooks(self._accounts):
            if each.may_try(self._now()) and each.key not in self._going:
                self._going[each.key] = asyncio.create_task(self._sent(each))

    async def settle(self) -> None:
        """Wait until nothing is being sent."""
        await asyncio.gather(*self._going.values(), return_exceptions=True)

    async def close(self) -> None:
        """Send nothing more."""
        for task in self._going.values():
            task.cancel()
        await self.settle()

    async def _sent(self, one: Webhook) -> None:
        while True:
            sent = await self._accounts.store.read(partial(_sent_before, one))
            until, body = await asyncio.to_thread(self._next, one, sent)
            if until == one.after:
                return
            # Every desk looks: whoever claims the part sends it, and only he says what became of it.
            claimed = one.claimed(self._now())
            part = SentPart(key=one.key, after=one.after, until=until)
            if not await self._accounts.store.change(partial(_put_after, one, claimed, self._now(), part)):
                return
            answer = Answer(outcome="accepted")
            if body is not None:
                answer = await self._post.post(one.url, one.secret, f"{one.number}-{one.after}", body)
            good = answer.outcome in _GOOD
            one = one.took(until, self._now()) if good else one.failed(answer.reason or answer.outcome, self._now())
            if not await self._accounts.store.change(partial(_put_after, claimed, one, None, None)) or not good:
                return

    def _next(self, one: Webhook, sent: SentPart | None) -> tuple[int, bytes | None]:
        """Up to which entry the next part goes, and its body; none where nothing of it is told.

        A part that was sent before goes as far as it did then: whoever has it leaves a repeat aside, whatever is in it.
        """
        until, changes = one.after, []
        for entry in islice(self._ledger.entries(after=one.after), _LOOKED_AT):
            if sent is not None and entry.position > sent.until:
                break
            until = entry.position
            event = event_of(entry)
            if event is not None:
                changes.append(change_of(entry, event, whole=False).model_dump(mode="json"))
            if len(changes) == _AT_ONCE:
                break
        if not changes:
            return until, None
        told = {"webhook": one.number, "after": one.after, "until": until, "events": changes}
        return until, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _sent_before(one: Webhook, rows: AccountRows) -> SentPart | None:
    """The part behind what a receiver has, where it was sent already."""
    sent = rows.one(SentPart, one.key)
    return sent if sent is not None and sent.after == one.after else None


def _put_after(before: Webhook, one: Webhook, now: datetime | None, part: SentPart | None, rows: AccountRows) -> bool:
    """Keep how far a receiver is, where it still is as it was known; at an instant: where it may be tried then, and
    with the part that is sent to it.

    One that was dropped meanwhile does not come back, and another desk's part is not undone.
    """
    kept = rows.one(Webhook, one.key)
    if kept is None or kept.after != before.after or kept.rests_until != before.rests_until:
        return False
    if now is not None and not kept.may_try(now):
        return False
    rows.put(one)
    if part is not None:
        rows.put(part)
    return True
