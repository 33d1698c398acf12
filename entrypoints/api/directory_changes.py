"""What programs change in the directory, for an administrator: persons and departments, as the desk's pages do it."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Annotated, Final

from fastapi import Path
from pydantic import Field

from application.office.attesting import Giver
from application.office.directory import AskedChange, Change, by_giver, change_directory, directory_of, duties_left
from domain.accounts.webhooks import OpenedByProgram
from domain.acts.rejections import RequestReusedError
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.draft import Draft
from domain.directory.ids import OF_A_DEPARTMENT, DirectoryRole
from domain.errors import InputError
from domain.names import Name
from entrypoints.api.acts import Key, request_id_of
from entrypoints.api.answers import Answer, AskedBody
from entrypoints.api.calls import Call
from entrypoints.api.json_types import Count, DayAsked
from entrypoints.api.problems import NothingThereError, language_of
from entrypoints.core_sentences import core_said
from entrypoints.desk.directory import InDepartment, given_role
from entrypoints.desk.visits import NotFoundError

Person = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="A person's number in the directory")]
Department = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="A department's number in the directory")]
GrantNumber = Annotated[Count, Path(description="A role of his, by the number that the person's reading tells")]
_NO_DEPARTMENT: Final = "这个角色属于一个部门：请写部门。"


class DepartmentMissingError(InputError, rule="role_of_a_department"):
    """A role of a department names none."""


class PersonAnswer(Answer):
    """A person of the directory, by his number."""

    person_id: str


class DepartmentAnswer(Answer):
    """A department of the directory, by its number."""

    department_id: str


class ClosedDepartmentAnswer(DepartmentAnswer):
    """A department that was closed, and what it leaves."""

    left: tuple[str, ...] = Field(description="What nobody will be able to act on: its open duties, as a sentence")


class RoleAsked(AskedBody):
    """A role, in a department where it is one of a department."""

    role: DirectoryRole
    department: Name | None = None
    new_department: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="That neither the directory nor a list that runs has the department, and it is meant"
    )


class PersonAsked(RoleAsked):
    """A person who is taken in with a role."""

    name: Name
    namesake: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="That somebody of this name is there already, and another one is meant"
    )


class NameAsked(AskedBody):
    """The name that a person has from today on."""

    name: Name


class DepartmentNameAsked(NameAsked):
    """The name that a department has from today on, or by which it is found too."""

    takes_over: Annotated[bool, Field(strict=True)] = Field(
        default=False,
        description="That it takes over what still runs under this name, a former one of another department",
    )


class AliasAsked(AskedBody):
    """The name by which a department is found no longer."""

    name: Name


class EndAsked(AskedBody):
    """The last day; today where none is named."""

    last_on: DayAsked = None


async def open_person(call: Call, asked: PersonAsked, key: Key) -> PersonAnswer:
    """Take a person into the directory with a role."""
    meant, content = await _meant(call, asked), asked.model_dump_json()
    opened: list[str] = []

    def change(draft: Draft) -> None:
        if not asked.namesake:
            changes.must_be_nobody_yet(draft, asked.name)
        opened.append(changes.open_person(draft, asked.name))
        given_role(draft, opened[-1], asked.role, meant)

    async with call.premises.turns:
        number = await done_before(call, key, content)
        if number is None:
            await _changed(call, key, change)
            await keep_done(call, key, content, number := opened[-1])
    return PersonAnswer(as_of=call.as_of, person_id=number)


async def give_role(call: Call, person_id: Person, asked: RoleAsked, key: Key) -> PersonAnswer:
    """Give a person of the directory one more role."""
    meant = await _meant(call, asked)

    def change(draft: Draft) -> None:
        given_role(draft, person_id, asked.role, meant)

    return await _person(call, key, person_id, f"role {asked.model_dump_json()}", change)


async def end_role(call: Call, person_id: Person, number: GrantNumber, key: Key) -> PersonAnswer:
    """End a role of a person, at once."""

    def change(draft: Draft) -> None:
        held = {each.given: each for each in draft.directory.roles_on(person_id, draft.today)}
        if number not in held:
            raise NothingThereError
        one = held[number]
        changes.take_role(draft, person_id, one.role, department_id=one.department_id, principal_id=one.principal_id)

    return await _person(call, key, person_id, f"end of role {number}", change)


async def rename_person(call: Call, person_id: Person, asked: NameAsked, key: Key) -> PersonAnswer:
    """Give a person another name from today on; he stays the same number."""

    def change(draft: Draft) -> None:
        changes.rename_person(draft, person_id, asked.name)

    return await _person(call, key, person_id, f"name {asked.model_dump_json()}", change)


async def close_person(call: Call, person_id: Person, asked: EndAsked, key: Key) -> PersonAnswer:
    """Let a person leave after a day: what he is and his accounts end with it."""

    def change(draft: Draft) -> None:
        changes.close_person(draft, person_id, asked.last_on)

    return await _person(call, key, person_id, f"end {asked.model_dump_json()}", change)


async def rename_department(
    call: Call, department_id: Department, asked: DepartmentNameAsked, key: Key
) -> DepartmentAnswer:
    """Give a department another name from today on; by its former one it is still found."""

    def change(draft: Draft) -> None:
        changes.rename_department(draft, department_id, asked.name)

    content = f"name {asked.model_dump_json()}"
    return await _department(call, key, department_id, content, change, takes_over=asked.takes_over)


async def close_department(call: Call, department_id: Department, asked: EndAsked, key: Key) -> ClosedDepartmentAnswer:
    """Close a department after a day: the roles in it end with it. Its open duties are told, and stay its own."""

    def change(draft: Draft) -> None:
        changes.close_department(draft, department_id, asked.last_on)

    closed = await _department(call, key, department_id, f"end {asked.model_dump_json()}", change)
    directory, language = await directory_of(call.office.records), language_of(call.request)
    left = await duties_left(call.office.register, directory, call.now.date(), (department_id,))
    return ClosedDepartmentAnswer(**dict(closed), left=tuple(core_said(language, each) for each in left))


async def give_alias(call: Call, department_id: Department, asked: DepartmentNameAsked, key: Key) -> DepartmentAnswer:
    """Let a department be found by another name too."""

    def change(draft: Draft) -> None:
        changes.give_alias(draft, department_id, asked.name)

    content = f"alias {asked.model_dump_json()}"
    return await _department(call, key, department_id, content, change, takes_over=asked.takes_over)


async def take_alias(call: Call, department_id: Department, asked: AliasAsked, key: Key) -> DepartmentAnswer:
    """Let a department be found by one of its other names no longer."""

    def change(draft: Draft) -> None:
        changes.take_alias(draft, department_id, asked.name)

    return await _department(call, key, department_id, f"no alias {asked.model_dump_json()}", change)


async def done_before(call: Call, key: str, content: str) -> str | None:
    """Whose entry was changed so under this key, where it was.

    Raises:
        RequestReusedError: something else was.
    """
    request_id = request_id_of(call.caller.account, key)
    done = await call.premises.accounts.store.read(lambda rows: rows.one(OpenedByProgram, request_id))
    if done is not None and done.content != content:
        raise RequestReusedError(request_id=request_id, first=done.person_id)
    return None if done is None else done.person_id


async def keep_done(call: Call, key: str, content: str, number: str) -> None:
    """Keep what was done under a key, and of which entry."""
    kept = OpenedByProgram(key=request_id_of(call.caller.account, key), content=content, person_id=number)
    await call.premises.accounts.store.change(lambda rows: rows.put(kept))


def asking_for(call: Call, key: str, *, takes_over: bool = False) -> AskedChange:
    """The caller, as one who asks for a change of the directory."""
    attestor = call.office.attestor
    attest = by_giver(attestor(), Giver(call.caller, "api")) if attestor is not None else None
    by = call.caller.person_id or call.caller.name
    return AskedChange(by, call.now, request_id_of(call.caller.account, key), attest, takes_over)


async def _person(call: Call, key: str, number: str, content: str, change: Change) -> PersonAnswer:
    await _once(call, key, number, content, _of(lambda found: found.persons, number, change))
    return PersonAnswer(as_of=call.as_of, person_id=number)


async def _department(
    call: Call, key: str, number: str, content: str, change: Change, *, takes_over: bool = False
) -> DepartmentAnswer:
    change = _of(lambda found: found.departments, number, change)
    await _once(call, key, number, content, change, takes_over=takes_over)
    return DepartmentAnswer(as_of=call.as_of, department_id=number)


def _of(entries: Callable[[Directory], Container[str]], number: str, change: Change) -> Change:
    def of_one(draft: Draft) -> None:
        if number not in entries(draft.directory):
            raise NothingThereError
        change(draft)

    return of_one


async def _once(call: Call, key: str, number: str, content: str, change: Change, *, takes_over: bool = False) -> None:
    # What was done under this key and undone since is not done again by a repeat.
    content = f"{number} {content}"
    async with call.premises.turns:
        if await done_before(call, key, content) is None:
            await _changed(call, key, change, takes_over=takes_over)
            await keep_done(call, key, content, number)


async def _meant(call: Call, asked: RoleAsked) -> InDepartment:
    if asked.role in OF_A_DEPARTMENT and asked.department is None:
        raise DepartmentMissingError(_NO_DEPARTMENT)
    running = {count.department for count in await call.office.register.departments()}
    return InDepartment(asked.department or "", running, asked.new_department)


async def _changed(call: Call, key: str, change: Change, *, takes_over: bool = False) -> None:
    try:
        await change_directory(call.office.records, asking_for(call, key, takes_over=takes_over), change)
    except NotFoundError as error:
        raise NothingThereError from error
