"""Where accounts are kept, and who hashes passwords: never the ledger, which keeps for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from domain.accounts.kept import Kept

Thing = TypeVar("Thing", bound=Kept)
Answer = TypeVar("Answer")


class AccountRows(Protocol):
    """What is kept, inside one transaction. MUST show what the same transaction wrote."""

    def one(self, kind: type[Thing], key: str) -> Thing | None:
        """The thing of a kind under a key."""

    def every(self, kind: type[Thing], owner: str | None = None) -> Sequence[Thing]:
        """All things of a kind (of one owner), in order of their keys."""

    def keys(self, kind: type[Kept], owner: str) -> Sequence[str]:
        """The keys of all things of a kind of one owner, in order."""

    def count(self, kind: type[Kept]) -> int:
        """How many things of a kind there are."""

    def put(self, thing: Kept) -> None:
        """Keep a thing, in the place of the one of its kind under its key."""

    def remove(self, thing: Kept) -> bool:
        """Keep a thing no longer; say whether it was there."""

    def keep_last(self, kind: type[Kept], owner: str, most: int) -> int:
        """Of the things of a kind of one owner keep so many, those that end last; say how many went."""

    def remove_ended(self, now: datetime) -> int:
        """Keep nothing whose end has come, but tokens of programs; say how many there were.

        A clock that ran ahead for a minute would take them from every program for good: an ended one lets nobody in.
        """


LookThrough = Callable[[Kept | None, Kept], None]
"""Refuses what is about to be kept, in the place of what is there."""


class AccountStore(Protocol):
    """MUST keep what a transaction wrote through any crash, whole or not at all, and run one after the other."""

    async def change(self, work: Callable[[AccountRows], Answer], look: LookThrough | None = None) -> Answer:
        """Do a work in a transaction of its own; what it raises undoes it, and so does what `look` raises of anything
        that it puts.

        Raises:
            LedgerUnavailableError: the store does not answer.
        """

    async def read(self, work: Callable[[AccountRows], Answer]) -> Answer:
        """Do a work that only reads."""

    def close(self) -> None:
        """Let the store go. Repeatable."""


class PublicKeys(Protocol):
    """Checks signatures by the public halves of keys (DER, SubjectPublicKeyInfo)."""

    def is_usable(self, public_key: bytes) -> bool:
        """Whether a key is of a kind that is taken: ECDSA on P-256, Ed25519, RSA of at least 2048 bits."""

    def has_signed(self, public_key: bytes, content: bytes, signature: bytes) -> bool:
        """Whether a signature of a content is the key's."""


class PasswordHashes(Protocol):
    """Hashes passwords slowly, never on the loop that asks, and only so many at once."""

    async def hashed(self, password: str) -> str:
        """A hash to keep.

        Raises:
            TooBusyError: too many wait already.
        """

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one of a hash. Without a hash it takes as long, and the answer is no.

        Raises:
            TooBusyError: too many wait already.
        """
