"""Single changes of the directory as an administrator asks for them: by number or name, on a day of the office."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from domain.directory import events as e
from domain.directory.directory import Department, Directory, Grant, Named, Person
from domain.directory.draft import Draft
from domain.directory.ids import ROLE_WORDS, DirectoryId, DirectoryRole, PersonId, is_account, next_number
from domain.directory.person_name import is_opened, person_name
from domain.directory.soundness import shown
from domain.errors import BrokenRuleError
from domain.names import nearest, same_name

PERSON_SERIES, DEPARTMENT_SERIES = "P", "D"
"""How the numbers begin that the directory gives itself."""


class NotInDirectoryError(BrokenRuleError, rule="known_to_the_directory"):
    """A text names nobody of the directory on that day, or several."""

    kind: str
    given: str
    on: date
    look_alikes: Sequence[Person | Department] = ()

    def _sentence(self) -> str:
        if self.look_alikes:
            several = "、".join(map(shown, self.look_alikes))
            return f"{self.kind}“{self.given}”不止一个：{several}；请写编号。"
        return f"名册里 {self.on} 没有{self.kind}“{self.given}”：请核对名称，或写编号。"


class NewDepartmentError(BrokenRuleError, rule="new_department_is_meant"):
    """A department that nobody knows is taken in where that is meant, and not by a slip of the pen."""

    name: str
    near: str | None

    def _sentence(self) -> str:
        if self.near is None:
            return (
                f"名册和在办的清单里都没有部门“{self.name}”，所以没有登记：请核对名称；确是新的部门的，请在登记时注明。"
            )
        return (
            f"名册和在办的清单里都没有部门“{self.name}”，名称相近的有“{self.near}”，所以没有登记："
            "请核对名称；确是新的部门的，请在登记时注明。"
        )


class NamesakeError(BrokenRuleError, rule="namesake_is_meant"):
    """Somebody of a name that is there already is taken in where another person is meant, and not once more."""

    says = (
        "名册里已有{person}，所以没有登记：要给他角色或账号的，请打开他的“更改”；确是同名的另一位的，请在登记时注明。"
    )
    person: str


class UnusableAccountError(BrokenRuleError, rule="writable_login"):
    """No login is written so."""

    says = "账号“{account}”不能这样写：不能含空格、顿号或分号，也不能超过120个字，请另写一个。"
    account: str


def person_in(directory: Directory, text: str, on: date) -> Person:
    """The person whom a text names: by number whenever he was there, by name on that day.

    Raises:
        NotInDirectoryError: nobody, or several.
    """
    if text.strip() in directory.persons:
        return directory.persons[text.strip()]
    named: Named[Person] = directory.person_named(text, on)
    if named.one is None:
        raise NotInDirectoryError(kind="人员", given=text, on=on, look_alikes=named.look_alikes)
    return named.one


def person_of_the_past(directory: Directory, text: str, on: date) -> Person:
    """The person whom a text names, also one who has left: by number, or by any name that he ever had.

    Raises:
        NotInDirectoryError: nobody, or several.
    """
    if text.strip() in directory.persons:
        return directory.persons[text.strip()]
    there = directory.persons.values()
    found = [each for each in there if any(same_name(text, one.name) and is_opened(one.name) for one in each.names)]
    if len(found) != 1:
        raise NotInDirectoryError(kind="人员", given=text, on=on, look_alikes=tuple(found))
    return found[0]


def person_to_end(directory: Directory, text: str, on: date) -> Person:
    """The person whom a text names to end something of his: as he is called on that day, or ever was (raises as
    `person_of_the_past`)."""
    named = directory.person_named(text, on)
    there = named.one is not None or named.look_alikes
    return person_in(directory, text, on) if there else person_of_the_past(directory, text, on)


def department_in(directory: Directory, text: str, on: date) -> Department:
    """The department that a text names: by number whenever it stood, by any of its names on that day.

    Raises:
        NotInDirectoryError: none, or several.
    """
    if text.strip() in directory.departments:
        return directory.departments[text.strip()]
    named: Named[Department] = directory.department_named(text, on)
    if named.one is None:
        raise NotInDirectoryError(kind="部门", given=text, on=on, look_alikes=named.look_alikes)
    return named.one


def open_person(draft: Draft, name: str, number: str | None = None, from_on: date | None = None) -> PersonId:
    """Take a person into the directory, under the next number where none is given; answer the number."""
    number = number or next_number(PERSON_SERIES, frozenset(draft.directory.persons))
    draft.add(e.PersonOpened, person_id=number, name=person_name(name), from_on=from_on or draft.today)
    return number


def must_be_nobody_yet(draft: Draft, name: str) -> None:
    """Refuse to take in once more who is there already: a form that was sent twice, or a person who got no login yet.

    Raises:
        NamesakeError: somebody of this name is there.
    """
    named: Named[Person] = draft.directory.person_named(name, draft.today)
    there = next((each for each in (named.one, *named.look_alikes) if each is not None), None)
    if there is not None:
        raise NamesakeError(person=shown(there))


def rename_person(draft: Draft, person_id: PersonId, name: str, from_on: date | None = None) -> None:
    """Give a person another name from a day on."""
    before, after = person_name(draft.directory.persons[person_id].name), person_name(name)
    draft.add(e.PersonRenamed, person_id=person_id, before=before, after=after, from_on=from_on or draft.today)


def close_person(draft: Draft, person_id: PersonId, until_on: date | None = None) -> None:
    """Let a person leave after a day."""
    draft.add(e.PersonClosed, person_id=person_id, until_on=until_on or draft.today)


def give_account(draft: Draft, person_id: PersonId, account: str, from_on: date | None = None) -> None:
    """Let a login name a person from a day on.

    Raises:
        UnusableAccountError: no login is written so.
    """
    if not is_account(account):
        raise UnusableAccountError(account=account)
    draft.add(e.AccountGiven, person_id=person_id, account=account, from_on=from_on or draft.today)


def take_account(draft: Draft, person_id: PersonId, account: str, until_on: date | None = None) -> None:
    """Let a login name a person no longer after a day."""
    draft.add(e.AccountTaken, person_id=person_id, account=account, until_on=until_on or draft.today)


def open_department(draft: Draft, name: str, number: str | None = None, from_on: date | None = None) -> DirectoryId:
    """Take a department into the directory, under the next number where none is given; answer the number."""
    number = number or next_number(DEPARTMENT_SERIES, frozenset(draft.directory.departments))
    draft.add(e.DepartmentOpened, department_id=number, name=name, from_on=from_on or draft.today)
    return number


def department_meant(draft: Draft, text: str, running: Collection[str], *, is_new: bool) -> DirectoryId:
    """The department that a text names. One of those that run is taken in where the directory has it not, and another
    one where it is said to be new, or nothing is known yet.

    Raises:
        NotInDirectoryError: the text names several.
        NewDepartmentError: nobody knows it, and nobody said that it is new.
    """
    named, day = draft.directory.department_named(text, draft.today), draft.today
    if named.one is not None:
        return named.one.department_id
    if named.look_alikes:
        raise NotInDirectoryError(kind="部门", given=text, on=day, look_alikes=named.look_alikes)
    known = {*running, *(each.name_on(day) for each in draft.directory.departments.values() if each.is_there(day))}
    if known and not is_new and not any(same_name(text, each) for each in running):
        raise NewDepartmentError(name=text, near=nearest(text, known))
    return open_department(draft, text)


def rename_department(draft: Draft, department_id: DirectoryId, name: str, from_on: date | None = None) -> None:
    """Give a department another name from a day on."""
    before = draft.directory.departments[department_id].name
    day = from_on or draft.today
    draft.add(e.DepartmentRenamed, department_id=department_id, before=before, after=name, from_on=day)


def close_department(draft: Draft, department_id: DirectoryId, until_on: date | None = None) -> None:
    """Close a department after a day."""
    draft.add(e.DepartmentClosed, department_id=department_id, until_on=until_on or draft.today)


def give_alias(draft: Draft, department_id: DirectoryId, alias: str) -> None:
    """Let a department be found by another name too."""
    draft.add(e.AliasGiven, department_id=department_id, alias=alias)


def take_alias(draft: Draft, department_id: DirectoryId, alias: str) -> None:
    """Let a department be found by another name no longer."""
    draft.add(e.AliasTaken, department_id=department_id, alias=alias)


def give_role(
    draft: Draft,
    person_id: PersonId,
    role: DirectoryRole,
    *,
    department_id: DirectoryId | None = None,
    principal_id: PersonId | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
) -> None:
    """Give a person a role for a period."""
    draft.add(
        e.RoleGiven,
        person_id=person_id,
        role=role,
        department_id=department_id,
        principal_id=principal_id,
        from_on=from_on or draft.today,
        until_on=until_on,
    )


def take_role(
    draft: Draft,
    person_id: PersonId,
    role: DirectoryRole,
    *,
    department_id: DirectoryId | None = None,
    principal_id: PersonId | None = None,
    until_on: date | None = None,
) -> None:
    """End a role that a person has on a day, with that day.

    Raises:
        NotInDirectoryError: he has it not on that day.
    """
    day = until_on or draft.today
    grant = grant_of(draft.directory, person_id, role, day, department_id, principal_id)
    if grant is None:
        person = shown(draft.directory.persons[person_id])
        raise NotInDirectoryError(kind=f"{person}的任职", given=ROLE_WORDS[role], on=day)
    draft.add(e.RoleTaken, given=grant.given, person_id=person_id, role=role, until_on=day)


def grant_of(
    directory: Directory,
    person_id: PersonId,
    role: DirectoryRole,
    day: date,
    department_id: DirectoryId | None = None,
    principal_id: PersonId | None = None,
) -> Grant | None:
    """The grant by which a person has a role on a day."""
    for grant in directory.roles_on(person_id, day):
        if (grant.role, grant.department_id, grant.principal_id) == (role, department_id, principal_id):
            return grant
    return None
