"""Nothing that people write is kept with accounts before it was looked through: whatever is put there passes here."""

from __future__ import annotations

from collections.abc import Callable

from domain.accounts.kept import Kept
from domain.markings import TYPED, must_bear_no_mark, texts_in
from domain.ports.accounts import AccountRows, AccountStore, Answer
from domain.record.refused_words import RefusedWords


class OpenStore:
    """A store in which a mark in what is put undoes the whole work."""

    def __init__(self, store: AccountStore, refused: RefusedWords) -> None:
        self._store, self._refused = store, refused
        self.read = store.read

    async def change(self, work: Callable[[AccountRows], Answer]) -> Answer:
        """Do a work in a transaction of its own; what it raises undoes it.

        Raises:
            ClassifiedError: a text of it bears a classification mark, or what somebody wrote a refused word.
        """
        return await self._store.change(work, self._must_be_open)

    def _must_be_open(self, before: Kept | None, thing: Kept) -> None:
        """What stands there already is not looked through again: a policy that is stricter since keeps nothing from
        being counted on, such as how far a receiver of changes is."""
        given, known = thing.model_dump(mode="json"), set[str]()
        if before is not None:
            known = set(texts_in(before.model_dump(mode="json")))
        written = {name for name in thing.written if set(texts_in(given[name])) - known}
        refused = self._refused.of_all() if written else ()
        for name, value in given.items():
            for text in set(texts_in(value)) - known:
                must_bear_no_mark(text, TYPED, refused if name in written else ())
