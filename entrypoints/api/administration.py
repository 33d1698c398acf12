"""Accounts, erasures of names and receivers of changes by program, for an administrator."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import Path
from pydantic import AwareDatetime, Field

from application.accounts import opening
from application.desk_work import by_two
from application.desk_work import name_erasures as erasing
from application.desk_work import webhooks as receivers
from application.office.attesting import Giver
from application.office.directory import directory_of
from domain.accounts.desk_items import PreparedByTwo
from domain.accounts.webhooks import Url
from domain.names import Name
from domain.texts import Line
from entrypoints.api.acts import Key, request_id_of
from entrypoints.api.answers import Answer, AskedBody, Item
from entrypoints.api.calls import Call
from entrypoints.api.changes import must_have_come
from entrypoints.api.directory_changes import Person, asking_for, done_before, keep_done
from entrypoints.api.json_types import Position
from entrypoints.api.prepared import PreparedPath
from entrypoints.api.problems import NothingThereError

Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="A receiver's number")]
ERASURE: Final = ("name_erasure",)


class AccountLine(Item):
    """One account."""

    account: str
    person_id: str
    name: str
    has_password: bool


class AccountsAnswer(Answer):
    """The accounts of this day."""

    accounts: tuple[AccountLine, ...]


class LinkAnswer(Answer):
    """A one-time link of an account, told once: its person opens it and chooses a password."""

    account: str
    path: str = Field(description="The link, below the desk's address")
    ends_at: AwareDatetime


class WebhookLine(Item):
    """One receiver of changes, and how far it is."""

    number: str
    url: str
    name: str
    by: str
    made_at: AwareDatetime
    after: int = Field(description="It has everything up to this position")
    failures: int = Field(description="How often it did not take the next part")
    rests_until: AwareDatetime | None
    problem: str | None
    sent_at: AwareDatetime | None


class WebhooksAnswer(Answer):
    """All receivers of changes."""

    webhooks: tuple[WebhookLine, ...]


class NewWebhookAnswer(Answer):
    """A new receiver, with the secret that is told once."""

    webhook: WebhookLine
    secret: str


class ErasureWaiting(Item):
    """An erasure that one person prepared, and another one confirms by its key."""

    key: str
    person_id: str
    order: str
    by: str
    ends_at: AwareDatetime | None


class NameErased(Item):
    """A person whose names were erased, by which order and by which two persons."""

    person_id: str
    order: str
    by: str
    confirmed_by: str


class NameErasuresAnswer(Answer):
    """The erasures of names that wait for a second person, and those that were done."""

    waiting: tuple[ErasureWaiting, ...]
    erased: tuple[NameErased, ...]


class ErasureAsked(AskedBody):
    """By which order the name of a person who has left is erased."""

    order: Line


class AccountAsked(AskedBody):
    """The name under which a person signs in."""

    account: Line


class WebhookAsked(AskedBody):
    """Where changes go, from after which position on; how it is called."""

    url: Url
    name: Name
    after: Position = -1


async def accounts(call: Call) -> AccountsAnswer:
    """The accounts of this day, and whether each has a password yet."""
    found = await opening.listed_accounts(call.premises.accounts, call.premises.clock())
    return AccountsAnswer(as_of=call.as_of, accounts=tuple(map(AccountLine.model_validate, found)))


async def open_account(call: Call, person_id: Person, asked: AccountAsked, key: Key) -> LinkAnswer:
    """Let an account name a person, and make a one-time link for its password."""
    base, now = call.premises.accounts, call.premises.clock()
    if person_id not in (await directory_of(call.office.records)).persons:
        raise NothingThereError
    content = f"account {person_id} {asked.model_dump_json()}"
    async with call.premises.turns:
        if await done_before(call, key, content) is None:
            link = await opening.open_account(base, person_id, asked.account, asking_for(call, key), now)
            await keep_done(call, key, content, person_id)
        else:  # the answer may have been lost, and with it the link; what was closed since stays closed
            link = await opening.make_link(base, asked.account, asking_for(call, key), now)
    return LinkAnswer(
        as_of=call.as_of, account=link.account or asked.account, path=f"/set-up/{link.secret}", ends_at=link.ends_at
    )


async def name_erasures(call: Call) -> NameErasuresAnswer:
    """The erasures of names that wait for a second person, and those that were done."""
    found = await erasing.name_erasures(call.office, call.now)
    waiting = await by_two.waiting(call.premises.accounts, ERASURE, call.premises.clock())
    return NameErasuresAnswer(
        as_of=call.as_of,
        waiting=tuple(map(_waiting, waiting)),
        erased=tuple(
            NameErased(person_id=number, order=how.order, by=how.by, confirmed_by=how.confirmed_by)
            for number, how in found.erased
        ),
    )


async def prepare_name_erasure(call: Call, person_id: Person, asked: ErasureAsked) -> NameErasuresAnswer:
    """Prepare that the name of a person who has left is erased; another one confirms it, and until then nothing is."""
    accounts, now = call.premises.accounts, call.premises.clock()
    await erasing.prepare(call.office, accounts, person_id, asked.order, call.caller, now, call.now)
    return await name_erasures(call)


async def confirm_name_erasure(call: Call, key: PreparedPath) -> NameErasuresAnswer:
    """Erase the name of a person as another one prepared it; his number and every proof stay."""
    accounts = call.premises.accounts
    prepared = await by_two.to_confirm(accounts, key, ERASURE, call.caller, call.premises.clock())
    await erasing.confirm(call.office, accounts, prepared, Giver(call.caller, "api"), call.now)
    return await name_erasures(call)


async def webhooks(call: Call) -> WebhooksAnswer:
    """The receivers of changes, how far each is, and why one is behind."""
    found = await receivers.webhooks(call.premises.accounts)
    return WebhooksAnswer(as_of=call.as_of, webhooks=tuple(map(WebhookLine.model_validate, found)))


async def add_webhook(call: Call, asked: WebhookAsked, key: Key) -> NewWebhookAnswer:
    """Send every change of the record to an address, signed with a secret that this answer tells once."""
    accounts, content = call.premises.accounts, f"webhook {asked.model_dump_json()}"
    async with call.premises.turns:
        number = await done_before(call, key, content)
        if number is None:
            await asyncio.to_thread(must_have_come, call.office.records.ledger, asked.after)
            request_id, now = request_id_of(call.caller.account, key), call.premises.clock()
            made = await receivers.add(accounts, asked.url, asked.name, asked.after, call.caller, now, request_id)
            await keep_done(call, key, content, made.webhook.number)
        else:  # the answer may have been lost, and with it the secret; what was dropped since stays dropped
            made = await receivers.made_before(accounts, number)
    return NewWebhookAnswer(as_of=call.as_of, webhook=WebhookLine.model_validate(made.webhook), secret=made.secret)


async def drop_webhook(call: Call, number: Number) -> WebhooksAnswer:
    """Send nothing to a receiver any more."""
    await receivers.drop(call.premises.accounts, number)
    return await webhooks(call)


def _waiting(one: PreparedByTwo) -> ErasureWaiting:
    return ErasureWaiting(key=one.key, person_id=one.whose or "", order=one.reason, by=one.by, ends_at=one.ends_at)
