"""An account: the login that the directory says a person has, and the secret by which it is proved, as a hash."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from pydantic import AwareDatetime

from domain.accounts.kept import Kept
from domain.directory.ids import Account, PersonId
from domain.ids import DepartmentId

_THIRD_PARTYS = "oidc:"
RESERVED = ("os:", _THIRD_PARTYS, "token:")
"""How the logins begin that somebody else vouches for; none of them has a password here."""


def department_key(name: DepartmentId) -> str:
    """The owner of what a whole department keeps at its desk."""
    return f"department:{name}"


def login_key(name: str) -> str:
    """The one key of a login, however wide its letters were typed."""
    # What no store can hold is in no login that was opened; it must not fail where it is looked for.
    plain = name.encode(errors="replace").decode().replace("\0", "?")
    if plain.startswith(_THIRD_PARTYS):
        return plain  # a third party may tell two people apart by a capital letter
    return unicodedata.normalize("NFKC", plain).strip().casefold()


class LocalAccount(Kept):
    """An account that proves itself here. `key` is its login's key."""

    kind: ClassVar[str] = "account"

    account: Account
    person_id: PersonId
    """Whose secret it is: who gets the login after him has to set his own."""
    opened_at: AwareDatetime
    password_hash: str | None = None
    password_set_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None

    @property
    def has_password(self) -> bool:
        """Whether one can sign in with a password."""
        return self.password_hash is not None and self.closed_at is None
