"""Tokens of programs: a secret bound to one department or one role of a person, with an end; only its hash is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime, model_validator

from domain.accounts.kept import Kept
from domain.accounts.refusals import UnusableEndError
from domain.clock import OFFICE_TIME
from domain.directory.ids import Account, DirectoryId, PersonId
from domain.names import Name

LONGEST = timedelta(days=366)
TokenRole = Literal["operator", "auditor", "administrator"]
"""The roles that a token can stand for; what belongs to a department is bound to the department."""


class ApiToken(Kept):
    """A program's token. `key` is the hash of its secret, `owner` the account's key; a revoked one is gone."""

    kind: ClassVar[str] = "token"
    written: ClassVar[frozenset[str]] = frozenset({"name"})

    account: Account
    person_id: PersonId
    name: Name
    department_id: DirectoryId | None = None
    role: TokenRole | None = None
    made_at: AwareDatetime
    used_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _bound_to_one_thing(self) -> Self:
        if (self.department_id is None) == (self.role is None):
            raise ValueError("a token is bound to one department or to one role")
        return self


def must_end_soon(ends_at: datetime, now: datetime) -> None:
    """Refuse an end that has come, or is more than a year away.

    Raises:
        UnusableEndError: it is.
    """
    if not now < ends_at <= now + LONGEST:
        last_day = (ends_at.astimezone(OFFICE_TIME) - timedelta.resolution).date()
        raise UnusableEndError(last_day=last_day, most=LONGEST)
