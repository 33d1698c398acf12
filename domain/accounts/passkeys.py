"""Passkeys: a key on a person's own device; only its public half is kept."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime

from domain.accounts.kept import Kept
from domain.accounts.sessions import NUMBER_DIGITS
from domain.directory.ids import Account, PersonId
from domain.names import Name


class Passkey(Kept):
    """A person's key. `key` is the hash of its id, `owner` the account's key; `public_key` is DER in base64url."""

    kind: ClassVar[str] = "passkey"

    account: Account
    person_id: PersonId
    name: Name
    credential_id: str
    public_key: str
    user_handle: str
    sign_count: int
    made_at: AwareDatetime
    used_at: AwareDatetime | None = None

    @property
    def number(self) -> str:
        """By which people name it."""
        return self.key[:NUMBER_DIGITS]
