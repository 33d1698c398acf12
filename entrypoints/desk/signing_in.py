"""How people come in: what the desk asks of accounts, sessions and one-time links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.directory.signed_in import SignedIn
from domain.errors import DubanError


class NotSignedInError(DubanError):
    """A login, or a link, was not accepted; the sentence says what to do, and never which part was wrong."""

    rule = "signed_in"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that lets a person choose a password: for whom it is."""

    account: str
    name: str


class Door(Protocol):
    """Accounts and sessions as the desk needs them; nothing here blocks the loop."""

    async def sign_in(self, account: str, password: str, address: str) -> str:
        """Begin a session and answer its secret.

        Raises:
            NotSignedInError: the login was not accepted.
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

    async def set_up(self, link: str, password: str, address: str) -> str:
        """Take a one-time link with the password that is chosen, begin a session and answer its secret.

        Raises:
            NotSignedInError: the link is not valid, or the password will not do.
        """
        ...

    async def invite(self, account: str, by: SignedIn) -> str:
        """Make a one-time link for an account of the directory and answer its secret.

        Raises:
            DubanError: there is no such account, or the one who asks may not.
        """
        ...
