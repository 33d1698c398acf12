"""One person of the directory, for an administrator: roles and accounts, given and ended; his name; that he leaves."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from starlette.responses import Response

from application.office.directory import directory_of
from domain.bounds import whole_number
from domain.directory import changes
from domain.directory.directory import Directory, Grant, Person
from domain.directory.draft import Draft
from domain.directory.ids import ROLE_WORDS
from domain.errors import DubanError
from entrypoints.desk.days import MISSING, NO_DAY, day_of
from entrypoints.desk.directory import ROLES, department_asked, department_faults, directory, given_role
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, only_told
from entrypoints.desk.one_entry import Faults, changed, ended
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import NotFoundError, Visit

_FIELDS = ("role", "department", "new_department", "principal", "until_on", "account", "name", "last_on")


class _Asked(NamedTuple):
    """The person of an address, in the directory of this day."""

    person: Person
    found: Directory
    day: date

    @property
    def grants(self) -> tuple[Grant, ...]:
        """His roles of this day."""
        return self.found.roles_on(self.person.person_id, self.day)


async def person(visit: Visit, errors: Faults = ()) -> Response:
    """What he is and what becomes of it."""
    asked = await _asked(visit)
    accounts = [each for each in await visit.desk.door.accounts() if each.person_id == asked.person.person_id]
    return await visit.page_now(
        "person.html",
        one=asked.person,
        is_there=asked.person.is_there(asked.day),
        table=only_told(visit, _roles(asked)),
        grants=asked.grants,
        accounts=accounts,
        roles=[(role, ROLE_WORDS[role]) for role in (*ROLES, "deputy")],
        departments=sorted({count.department for count in await visit.office.register.departments()}),
        given={name: visit.given(name) for name in _FIELDS},
        errors=errors,
    )


async def give_role(visit: Visit) -> Response:
    """Give the person one more role."""
    role, of, principal = visit.given("role"), await department_asked(visit), visit.given("principal")
    until_on, faults = day_of(visit.given("until_on")), list[tuple[str | None, str]]()
    if role not in ROLE_WORDS:
        faults.append(("role", visit.say("请选择角色。")))
    faults += department_faults(visit, role, of.name)
    if role == "deputy" and not principal:
        faults.append(("principal", visit.say("请写代谁办理。")))
    if role in ROLE_WORDS and role != "deputy" and principal:
        faults.append(("principal", visit.say("只有代办人写代谁办理：请去掉，或另选角色。")))
    if until_on is None and (visit.given("until_on") or role == "deputy"):
        faults.append(("until_on", visit.say(NO_DAY if visit.given("until_on") else MISSING)))
    number = await _number(visit)

    def change(draft: Draft) -> None:
        whose = changes.person_in(draft.directory, principal, draft.today).person_id if role == "deputy" else None
        given_role(draft, number, role, of, whose, until_on)  # type: ignore[arg-type]  # it is one of the roles

    return await person(visit, faults) if faults else await changed(visit, person, number, change)


async def end_role(visit: Visit) -> Response:
    """End a role of the person, at once."""
    asked, given = await _asked(visit), whole_number(visit.request.path_params["number"])
    grant = next((each for each in asked.grants if each.given == given), None)
    if grant is None:
        return await person(visit, [(None, visit.say("这个角色已经终止，不必再办。"))])
    who, role, department_id, principal_id = grant.person_id, grant.role, grant.department_id, grant.principal_id

    def change(draft: Draft) -> None:
        changes.take_role(draft, who, role, department_id=department_id, principal_id=principal_id)

    return await changed(visit, person, who, change)


async def rename(visit: Visit) -> Response:
    """Give the person another name."""
    number, name = await _number(visit), visit.given("name")
    if not name:
        return await person(visit, [("name", visit.say("请写姓名。"))])
    return await changed(visit, person, number, lambda draft: changes.rename_person(draft, number, name))


async def leave(visit: Visit) -> Response:
    """Let the person leave: what he is and his accounts end with him."""
    return await ended(visit, person, await _number(visit), changes.close_person)


async def open_account(visit: Visit) -> Response:
    """Make a new one-time link for the person's account."""
    account = visit.given("account")
    if not account:
        return await person(visit, [("account", visit.say("请写账号。"))])
    try:
        link = await visit.desk.door.open_account(visit.request.path_params["person_id"], account, visit.signed_in)
    except DubanError as error:
        return await person(visit, [(None, visit.refused(error))])
    return await directory(visit, links=[link])


async def _asked(visit: Visit) -> _Asked:
    found = await directory_of(visit.office.records)
    one = found.persons.get(visit.request.path_params["person_id"])
    if one is None:
        raise NotFoundError
    return _Asked(one, found, (await visit.desk.now()).date())


async def _number(visit: Visit) -> str:
    return (await _asked(visit)).person.person_id


def _roles(asked: _Asked) -> Table:
    def about(grant: Grant) -> str | None:
        if grant.principal_id is not None:
            return asked.found.persons[grant.principal_id].name_on(asked.day)
        return asked.found.departments[grant.department_id].name_on(asked.day) if grant.department_id else None

    columns = (
        Column(_("角色"), lambda grant: ROLE_WORDS[grant.role], "word"),
        Column(_("部门，或代谁办理"), about),
        Column(_("从"), lambda grant: grant.period.from_on, "day"),
        Column(_("到"), lambda grant: grant.period.until_on, "day"),
    )
    return Table("roles", _("现在的角色"), columns, asked.grants)


PAGES = (
    Page("/directory/persons/{person_id}", person, ADMINISTRATORS),
    Page("/directory/persons/{person_id}/roles", give_role, ADMINISTRATORS, "POST"),
    Page("/directory/persons/{person_id}/roles/{number}/end", end_role, ADMINISTRATORS, "POST"),
    Page("/directory/persons/{person_id}/name", rename, ADMINISTRATORS, "POST"),
    Page("/directory/persons/{person_id}/leave", leave, ADMINISTRATORS, "POST"),
    Page("/directory/persons/{person_id}/accounts", open_account, ADMINISTRATORS, "POST"),
)
