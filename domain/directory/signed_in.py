"""Who is signed in at a door: what a login knows of a person, and what each of his acts is attested with."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import AwareDatetime, model_validator

from domain.directory.ids import Account, DirectoryRole, PersonId
from domain.frozen import Frozen
from domain.ids import DepartmentId
from domain.names import Name
from domain.texts import Line

LoginMethod = Literal[
    "local-os-user",  # the user of the operating system who owns the installation's folder
    "password",
    "passkey",
    "oidc",  # a login at a third party, which `issuer` names
    "link",  # a one-time link, which the first administrator was given on the console
    "token",  # a secret that a program shows
]
"""How a person proved who he is."""


class SignedIn(Frozen):
    """Somebody who is signed in. `roles` and `departments` are those of the moment in which he was asked for.

    `person_id` is his number in the directory; none where the directory does not know the account (there is none yet).
    `departments` are the names of those for which he may act, `heads` of those whose head he is, `liaises` of those
    whose liaison: a department that was renamed is there under its name and under those by which what runs still knows
    it.
    """

    account: Account
    person_id: PersonId | None = None
    name: Name
    roles: tuple[DirectoryRole, ...] = ()
    departments: tuple[DepartmentId, ...] = ()
    heads: tuple[DepartmentId, ...] = ()
    liaises: tuple[DepartmentId, ...] = ()
    how: LoginMethod
    issuer: Line | None = None
    logged_in_at: AwareDatetime

    @property
    def reads(self) -> tuple[DepartmentId, ...]:
        """The departments of which he may read what concerns them; those for which he may act come first."""
        return tuple(dict.fromkeys((*self.departments, *self.heads, *self.liaises)))

    @property
    def reads_for(self) -> tuple[DepartmentId, ...]:
        """Those of them whose papers have been read when he has opened them: a liaison answers for nothing."""
        return tuple(dict.fromkeys((*self.departments, *self.heads)))

    @model_validator(mode="after")
    def _a_third_party_is_named(self) -> Self:
        if (self.how == "oidc") != (self.issuer is not None):
            raise ValueError("a login at a third party names it, and no other login does")
        return self
