"""Passwords are hashed as slowly as was chosen, beside the loop that asks, and only so many wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from adapters.accounts import argon2_hashes
from adapters.accounts.argon2_hashes import Argon2Hashes
from domain.accounts.refusals import TooBusyError
from tests.quick_passwords import AS_SHIPPED


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Argon2Hashes]:
    """Two threads, and room for four, with the costs that were chosen."""
    monkeypatch.setattr(argon2_hashes, "_HASHER", AS_SHIPPED)
    opened = Argon2Hashes(threads=2, most_waiting=4)
    yield opened
    opened.close()


async def test_a_hash_is_of_its_password_alone(hashes: Argon2Hashes) -> None:
    """Each hash has a salt and the chosen costs; the same password in wide letters is the same."""
    first, second = await hashes.hashed("four unlikely words"), await hashes.hashed("four unlikely words")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hashes.matches(first, "ｆour unlikely words")
    assert not await hashes.matches(first, "four unlikely word")
    assert not await hashes.matches(None, "four unlikely words")
    assert not await hashes.matches("no hash at all", "four unlikely words")


async def test_more_than_there_is_room_for_are_told_to_come_again(hashes: Argon2Hashes) -> None:
    """The loop goes on while they are hashed, and those beyond the room are refused at once, not queued for ever."""
    turns = 0

    async def turning() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(turning())
    asked = await asyncio.gather(*(hashes.hashed(f"password {at}") for at in range(10)), return_exceptions=True)
    other.cancel()
    assert sum(isinstance(each, str) for each in asked) == 4
    assert sum(isinstance(each, TooBusyError) for each in asked) == 6
    assert turns > 100
    assert await hashes.hashed("one more")
