"""What happened to the directory, in the past tense. Names of types and fields are kept for ever.

Days are of the office: `from_on` is the first day of what was given, `until_on` the last one, both included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.bounds import Day, Place
from domain.directory.ids import Account, Alias, DirectoryId, DirectoryRole, PersonId
from domain.directory.person_name import PersonName
from domain.events.event import Event
from domain.events.kinds import EventKinds
from domain.names import Name

DIRECTORY_STREAM = "directory"
"""The directory's own stream in the ledger."""


class PersonOpened(Event):
    """A person was taken into the directory, or came back after he had left."""

    type: Literal["PersonOpened"] = "PersonOpened"
    person_id: PersonId
    name: PersonName
    from_on: Day


class PersonRenamed(Event):
    """A person has another name, or another spelling of it, from this day on; the number stays."""

    type: Literal["PersonRenamed"] = "PersonRenamed"
    person_id: PersonId
    before: PersonName
    after: PersonName
    from_on: Day


class PersonClosed(Event):
    """A person left: every role and account ends with this day, and stays in his past."""

    type: Literal["PersonClosed"] = "PersonClosed"
    person_id: PersonId
    until_on: Day


class AccountGiven(Event):
    """A login names this person from a day on."""

    type: Literal["AccountGiven"] = "AccountGiven"
    person_id: PersonId
    account: Account
    from_on: Day


class AccountTaken(Event):
    """A login names this person no longer after a day."""

    type: Literal["AccountTaken"] = "AccountTaken"
    person_id: PersonId
    account: Account
    until_on: Day


class DepartmentOpened(Event):
    """A department was taken into the directory, or set up again after it had been closed."""

    type: Literal["DepartmentOpened"] = "DepartmentOpened"
    department_id: DirectoryId
    name: Name
    from_on: Day


class DepartmentRenamed(Event):
    """A department has another name from this day on; it is still found by the one before."""

    type: Literal["DepartmentRenamed"] = "DepartmentRenamed"
    department_id: DirectoryId
    before: Name
    after: Name
    from_on: Day


class DepartmentClosed(Event):
    """A department was closed: every role in it, or over it, ends with this day."""

    type: Literal["DepartmentClosed"] = "DepartmentClosed"
    department_id: DirectoryId
    until_on: Day


class AliasGiven(Event):
    """A department is found by another name too."""

    type: Literal["AliasGiven"] = "AliasGiven"
    department_id: DirectoryId
    alias: Alias


class AliasTaken(Event):
    """A department is not found by this other name any more."""

    type: Literal["AliasTaken"] = "AliasTaken"
    department_id: DirectoryId
    alias: Alias


class RoleGiven(Event):
    """A person has a role: in or over `department_id` where it is one of a department, for `principal_id` as a deputy.

    Without `until_on` he has it until it is taken, or he leaves.
    """

    type: Literal["RoleGiven"] = "RoleGiven"
    person_id: PersonId
    role: DirectoryRole
    department_id: DirectoryId | None
    principal_id: PersonId | None
    from_on: Day
    until_on: Day | None


class RoleTaken(Event):
    """A role ends with a day. `given` is the place in the stream of the event that gave it."""

    type: Literal["RoleTaken"] = "RoleTaken"
    given: Place
    person_id: PersonId
    role: DirectoryRole
    until_on: Day


DirectoryEvent = Annotated[
    PersonOpened
    | PersonRenamed
    | PersonClosed
    | AccountGiven
    | AccountTaken
    | DepartmentOpened
    | DepartmentRenamed
    | DepartmentClosed
    | AliasGiven
    | AliasTaken
    | RoleGiven
    | RoleTaken,
    Field(discriminator="type"),
]
"""Any event of the directory's stream."""

DIRECTORY_EVENT: Final[EventKinds[DirectoryEvent]] = EventKinds(DirectoryEvent)
_OF_THE_HEADER = frozenset(Event.model_fields)


def changes_digest(events: Iterable[DirectoryEvent]) -> str:
    """The hash of what changes of the directory say, in order, without who made them and when: what is attested.
    Of persons' names it has what their entries have."""
    said = [event.model_dump(mode="json", exclude=set(_OF_THE_HEADER)) for event in events]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
