"""What every store of accounts does: keeps whole or not at all, one after the other, and forgets what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.account import LocalAccount
from domain.accounts.kept import Kept
from domain.accounts.links import OneTimeLink
from domain.accounts.lock_outs import HourlySum
from domain.accounts.tokens import ApiToken
from domain.directory.ids import PersonId
from domain.errors import LedgerUnavailableError
from domain.ports.accounts import AccountRows, AccountStore
from tests.adapters.accounts.conftest import Opened

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def account(name: str) -> LocalAccount:
    """An account of this name."""
    return LocalAccount(key=name, owner=name, account=name, person_id="P0001", opened_at=NOW)


def link(key: str, owner: str = "", hours: float = 1) -> OneTimeLink:
    """A link that ends after some hours."""
    return OneTimeLink(key=key, owner=owner, ends_at=NOW + timedelta(hours=hours), purpose="password", made_at=NOW)


def put_all(rows: AccountRows, things: Sequence[Kept]) -> None:
    """Put each of some things."""
    for thing in things:
        rows.put(thing)


async def test_what_is_put_is_found_by_kind_key_and_owner_after_a_restart(opened: Opened) -> None:
    """Another process finds the same things; a thing that is put again takes the place of the one before."""
    first = opened()
    things = [account("a"), link("a", "a"), link("b", "b"), link("c", "b")]
    await first.change(lambda rows: put_all(rows, things))
    changed = things[0].model_copy(update={"closed_at": NOW})
    await first.change(lambda rows: rows.put(changed))
    first.close()
    second = opened()
    assert await second.read(lambda rows: rows.one(LocalAccount, "a")) == changed
    assert await second.read(lambda rows: rows.one(LocalAccount, "b")) is None
    assert await second.read(lambda rows: rows.every(OneTimeLink, "b")) == things[2:]
    assert await second.read(lambda rows: rows.every(OneTimeLink)) == things[1:]
    assert await second.read(lambda rows: rows.count(OneTimeLink)) == 3
    assert await second.read(lambda rows: rows.keys(OneTimeLink, "b")) == [thing.key for thing in things[2:]]


async def test_what_fails_changes_nothing(store: AccountStore) -> None:
    """A work that raises is undone whole, and the store goes on."""

    def failing(rows: AccountRows) -> None:
        rows.put(account("a"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.change(failing)
    assert await store.read(lambda rows: rows.every(LocalAccount)) == []
    await store.change(lambda rows: rows.put(account("b")))
    assert await store.read(lambda rows: rows.every(LocalAccount)) == [account("b")]


async def test_works_of_several_processes_follow_one_another(opened: Opened) -> None:
    """Two stores that count in the same row lose no count: what one did the other sees before it begins."""

    def count(rows: AccountRows) -> None:
        before = rows.one(HourlySum, "h") or HourlySum(key="h")
        rows.put(before.model_copy(update={"failed": before.failed + 1}))

    stores = [opened(), opened()]
    await asyncio.gather(*(store.change(count) for _ in range(40) for store in stores))
    kept = await stores[0].read(lambda rows: rows.one(HourlySum, "h"))
    assert kept is not None
    assert kept.failed == 80


async def test_what_has_ended_and_what_is_removed_is_gone(store: AccountStore) -> None:
    """Only what has an end that has come goes; a thing is removed once."""
    things = [link("a", hours=1), link("b", hours=2), account("a")]
    await store.change(lambda rows: put_all(rows, things))
    assert await store.change(lambda rows: rows.remove_ended(NOW + timedelta(hours=1))) == 1
    assert await store.read(lambda rows: rows.every(OneTimeLink)) == [things[1]]
    assert await store.change(lambda rows: [rows.remove(things[2]), rows.remove(things[2])]) == [True, False]
    assert await store.read(lambda rows: rows.every(LocalAccount)) == []


async def test_a_clock_that_runs_ahead_takes_no_program_s_token(store: AccountStore) -> None:
    """What ended is cleared away when somebody signs in; a token stays, and holds again when the clock is right."""
    token = ApiToken(
        key="t",
        owner="a",
        account="a",
        person_id=PersonId("P0001"),
        name="业务系统",
        role="auditor",
        ends_at=NOW + timedelta(days=300),
        made_at=NOW,
    )
    await store.change(lambda rows: put_all(rows, [token, link("a", hours=1)]))

    assert await store.change(lambda rows: rows.remove_ended(NOW + timedelta(days=400))) == 1
    assert await store.read(lambda rows: rows.every(ApiToken)) == [token]
    assert token.has_ended(NOW + timedelta(days=400))
    assert not token.has_ended(NOW)


async def test_a_closed_store_says_so(store: AccountStore) -> None:
    """Closing twice is one; afterwards every work is refused in a sentence."""
    await store.change(lambda rows: rows.put(account("a")))
    store.close()
    store.close()
    with pytest.raises(LedgerUnavailableError, match="已经关闭"):
        await store.read(lambda rows: rows.every(LocalAccount))


async def test_of_one_owner_s_things_those_that_end_last_are_kept(store: AccountStore) -> None:
    """Another owner's stay, and so does what is of another kind."""
    things = [link(key, "a", hours) for hours, key in enumerate("dcba", start=1)]
    others = [link("z", "b", 0.5), account("a")]
    await store.change(lambda rows: put_all(rows, [*things, *others]))

    assert await store.change(lambda rows: rows.keep_last(OneTimeLink, "a", 5)) == 0
    assert await store.change(lambda rows: rows.keep_last(OneTimeLink, "a", 2)) == 2
    assert await store.read(lambda rows: rows.every(OneTimeLink)) == [things[3], things[2], others[0]]
    assert await store.read(lambda rows: rows.every(LocalAccount)) == [others[1]]
