"""How people come in: what the desk asks of accounts, sessions and one-time links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.directory.signed_in import SignedIn
from domain.errors import DubanError


class NotSignedInError(DubanError, rule="signed_in"):
    """A login, or a link, was not accepted; the sentence says what to do, and never which part was wrong."""


@dataclass(frozen=True, slots=True)
class Knock:
    """Where somebody knocks: from which address, on which device, with which session until now."""

    address: str
    device: str | None = field(default=None, repr=False)
    session: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entered:
    """A login: the secret of its session, and that of the device, each for a cookie of its own."""

    session: str = field(repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that lets a person choose a password: for which account; none for the first administrator."""

    account: str | None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as an administrator sees it."""

    account: str
    person_id: str
    name: str
    has_password: bool


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A one-time link as it is told once."""

    secret: str = field(repr=False)
    account: str
    name: str
    ends_at: datetime


class Door(Protocol):
    """Accounts and sessions as the desk needs them; nothing here blocks the loop."""

    async def sign_in(self, account: str, password: str, knock: Knock) -> Entered:
        """Begin a session.

        Raises:
            DubanError: the login was not accepted.
        """
        ...

    async def session_of(self, secret: str) -> SignedIn | None:
        """Who is signed in under a secret; nobody where it is unknown, over or revoked."""
        ...

    async def sign_out(self, secret: str) -> None:
        """End a session; one that is over already stays so."""
        ...

    async def invitation_of(self, link: str) -> Invitation | None:
        """For whom a one-time link is; none where it is unknown, used or over."""
        ...

    async def set_up(self, link: str, password: str, knock: Knock) -> Entered:
        """Choose the password by a one-time link, and begin a session.

        Raises:
            DubanError: the link is not valid, or the password will not do.
        """
        ...

    async def set_up_first(self, link: str, person: str, account: str, password: str, knock: Knock) -> Entered:
        """Become the first administrator by a one-time link, and begin a session.

        Raises:
            DubanError: the link is not valid, the password will not do, or the directory refuses it.
        """
        ...

    async def open_account(self, person_id: str, account: str, by: SignedIn) -> MadeLink:
        """Let an account name a person, and make a one-time link for its password.

        Raises:
            DubanError: there is no such person, the account is another's, or the one who asks may not.
        """
        ...

    async def accounts(self) -> Sequence[AccountLine]:
        """The accounts of this day."""
        ...
