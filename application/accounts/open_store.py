"""Nothing that people write is kept with accounts before it was looked through: whatever is put there passes here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.accounts.kept import Kept
from domain.markings import TYPED, must_bear_no_mark, texts_in
from domain.ports.accounts import AccountRows, AccountStore, Answer, Thing
from domain.record.refused_words import RefusedWords


class OpenStore:
    """The port `AccountStore` over another one: a mark in what is put undoes the whole work."""

    def __init__(self, store: AccountStore, refused: RefusedWords) -> None:
        self._store, self._refused = store, refused

    async def change(self, work: Callable[[AccountRows], Answer]) -> Answer:
        """Do a work in a transaction of its own; what it raises undoes it.

        Raises:
            ClassifiedError: a text of it bears a classification mark, or what somebody wrote a refused word.
        """
        return await self._store.change(lambda rows: work(_OpenRows(rows, self._refused)))

    async def read(self, work: Callable[[AccountRows], Answer]) -> Answer:
        """Do a work that only reads."""
        return await self._store.read(work)

    def close(self) -> None:
        """Let the store go. Repeatable."""
        self._store.close()


class _OpenRows:
    """The rows of a transaction; what stands there already is not looked through again: a policy that is stricter since
    keeps nothing from being counted on, such as how far a receiver of changes is."""

    def __init__(self, rows: AccountRows, refused: RefusedWords) -> None:
        self._rows, self._refused = rows, refused

    def one(self, kind: type[Thing], key: str) -> Thing | None:
        return self._rows.one(kind, key)

    def every(self, kind: type[Thing], owner: str | None = None) -> Sequence[Thing]:
        return self._rows.every(kind, owner)

    def keys(self, kind: type[Kept], owner: str) -> Sequence[str]:
        return self._rows.keys(kind, owner)

    def count(self, kind: type[Kept]) -> int:
        return self._rows.count(kind)

    def put(self, thing: Kept) -> None:
        before, given = self._rows.one(type(thing), thing.key), thing.model_dump(mode="json")
        known = set() if before is None else set(texts_in(before.model_dump(mode="json")))
        written = {name for name in thing.written if set(texts_in(given[name])) - known}
        refused = self._refused.of_all() if written else ()
        for name, value in given.items():
            for text in set(texts_in(value)) - known:
                must_bear_no_mark(text, TYPED, refused if name in written else ())
        self._rows.put(thing)

    def remove(self, thing: Kept) -> bool:
        return self._rows.remove(thing)

    def keep_last(self, kind: type[Kept], owner: str, most: int) -> int:
        return self._rows.keep_last(kind, owner, most)

    def remove_ended(self, now: datetime) -> int:
        return self._rows.remove_ended(now)
