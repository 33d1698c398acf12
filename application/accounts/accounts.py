"""What every function of accounts works with, and how secrets are made: random, told once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from application.records import Records
from domain.accounts.account import login_key
from domain.accounts.kept import Kept
from domain.accounts.refusals import UnknownSessionError
from domain.accounts.sessions import SessionLimits
from domain.directory.directory import Directory
from domain.markings import TYPED, must_bear_no_mark, texts_in
from domain.ports.accounts import AccountRows, AccountStore, Answer, PasswordHashes, PublicKeys, Thing
from domain.record.refused_words import RefusedWords

_SECRET_BYTES = 32
MOST_BEGUN: Final = 10_000
"""So many logins that strangers began wait at once to be ended."""
_LEFT: Final = 9_000
"""So many are left where one more would be too many: they are sorted once for a thousand."""


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


@dataclass(frozen=True)
class Accounts:
    """The accounts of an installation: where they are kept, who hashes, the records with the directory, who checks
    signatures, how long a login goes on."""

    kept: AccountStore
    passwords: PasswordHashes
    records: Records
    keys: PublicKeys
    limits: SessionLimits = field(default_factory=SessionLimits)
    not_looked_at: Counter[str] = field(default_factory=Counter)
    """Tries that were refused unseen, by hour, until the next write notes them: a flood must not reach the disk."""

    @cached_property
    def store(self) -> OpenStore:
        """The store: it keeps nothing with a mark, and nothing that people wrote with a word that policies refuse."""
        return OpenStore(self.kept, self.records.refused_words)

    def office_time(self, now: datetime) -> datetime:
        """The instant of the office that a clock's instant stands for."""
        return self.records.clock.supervised(now)

    def directory(self) -> Directory:
        """The directory as the ledger has it now: what was taken a moment ago counts at once. Any thread may ask."""
        return self.records.persons.now()


def new_secret() -> str:
    """A secret nobody can guess: 256 random bits, as a text for addresses and cookies."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def hash_of(secret: str) -> str:
    """By which a secret is found again: its SHA-256. A random secret needs no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def forget_the_oldest_begun(rows: AccountRows, kind: type[Kept]) -> None:
    """Make room for who begins a login now, where too many were begun: nobody who begins many and ends none keeps
    others out."""
    if rows.count(kind) > MOST_BEGUN:
        rows.keep_last(kind, "", _LEFT)


async def kept_of(accounts: Accounts, kind: type[Thing], account: str | None) -> Sequence[Thing]:
    """The sessions, tokens or keys (of one account)."""
    owner = None if account is None else login_key(account)
    return await accounts.store.read(lambda rows: rows.every(kind, owner))


async def revoke_by_number(accounts: Accounts, kind: type[Thing], number: str, account: str | None = None) -> Thing:
    """Remove a session, a token or a key by the number by which people name it (of one account: a person's own).

    Raises:
        UnknownSessionError: none of the kind has it, or several.
    """

    def removed(rows: AccountRows) -> Thing:
        of_account = None if account is None else login_key(account)
        found = [each for each in rows.every(kind, of_account) if each.number == number]
        if len(found) != 1:
            raise UnknownSessionError(number=number)
        rows.remove(found[0])
        return found[0]

    return await accounts.store.change(removed)
