"""The directory and accounts, for an administrator: who is there, in which role, how he comes in the first time."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from starlette.responses import Response

from application.office.attesting import Giver
from application.office.directory import AskedChange, Change, by_giver, change_directory, directory_of
from domain.directory import changes
from domain.directory.directory import Department, Directory, Person
from domain.directory.draft import Draft
from domain.directory.ids import OF_A_DEPARTMENT, ROLE_WORDS, DirectoryRole, PersonId, SuperiorLevel, account_for
from domain.errors import DubanError
from domain.given_values import as_typed
from domain.names import same_name
from entrypoints.desk.accounts_door import MadeLink
from entrypoints.desk.languages import bracketed
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import NotFoundError, Visit

ROLES: Final[tuple[DirectoryRole, ...]] = (
    "operator",
    "department",
    "auditor",
    "administrator",
    "head",
    "liaison",
    "leader_in_charge",
    "principal_leader",
)


_FIELDS: Final = ("name", "namesake", "account", "role", "department", "new_department")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of this day: his roles in words, and his accounts with whether each has a password yet."""

    person: Person
    roles: tuple[tuple[DirectoryRole, str], ...]
    accounts: tuple[tuple[str, bool], ...]

    @property
    def account(self) -> str:
        """The account that he has already; empty where he has none."""
        return self.accounts[0][0] if self.accounts else ""


async def directory(
    visit: Visit,
    errors: Sequence[tuple[str | None, str]] = (),
    links: Sequence[MadeLink] = (),
) -> Response:
    """Who is there, and what an administrator does next."""
    found = await directory_of(visit.office.records)
    day = (await visit.desk.now()).date()
    persons = await _persons(visit, found, day)
    return await visit.page_now(
        "directory.html",
        persons=persons,
        table=shown(visit, _table(visit, persons), "/directory"),
        standing=shown(visit, departments_table(found, day), "/directory/departments"),
        section=found.holders("operator", day),
        without=await _without_anybody(visit, found, day),
        roles=[(role, ROLE_WORDS[role]) for role in ROLES],
        departments=sorted({count.department for count in await visit.office.register.departments()}),
        links=links,
        changed=_changed_person(visit, persons),
        left=_left(visit, found, day),
        changed_department=found.departments.get(visit.request.query_params.get("changed", "")),
        opens=visit.may_open,
        base=str(visit.request.base_url),
        given={name: visit.given(name) for name in _FIELDS},
        errors=errors,
    )


async def open_person(visit: Visit) -> Response:
    """Take a person in, with a role and an account, and make his one-time link."""
    name, role, of = visit.given("name"), visit.given("role"), visit.given("department")
    account = visit.given("account")
    faults = []
    if not name:
        faults.append(("name", visit.say("请写姓名。")))
    if role not in ROLES:
        faults.append(("role", visit.say("请选择角色。")))
    faults += department_faults(visit, role, of)
    if faults:
        return await directory(visit, errors=faults)
    opened: list[str] = []
    meant = await department_asked(visit)

    def change(draft: Draft) -> None:
        if visit.given("namesake") != "yes":
            changes.must_be_nobody_yet(draft, name)
        number = changes.open_person(draft, name)
        opened.append(number)
        given_role(draft, number, role, meant)  # type: ignore[arg-type]  # it is one of the roles
        if account:
            changes.give_account(draft, number, account)

    try:
        if account:
            visit.desk.door.must_be_own(account)
        await change_recorded(visit, change)
        links = [await visit.desk.door.open_account(opened[-1], account, visit.signed_in)] if account else []
    except DubanError as error:
        return await directory(visit, errors=[(None, visit.refused(error))])
    return await directory(visit, links=links) if links else visit.see(f"/directory?changed={opened[-1]}")


async def open_departments(visit: Visit) -> Response:
    """For every department of the running list that nobody acts for yet: itself, a person, an account, a link."""
    found = await directory_of(visit.office.records)
    day = (await visit.desk.now()).date()
    links = []
    try:
        for name in await _without_anybody(visit, found, day):
            opened: list[str] = []
            account = account_for(name)
            visit.desk.door.must_be_own(account)
            await change_recorded(
                visit, _opens_department(name, visit.say("%(name)s承办人", name=name), account, opened)
            )
            links.append(await visit.desk.door.open_account(opened[-1], account, visit.signed_in))
    except DubanError as error:
        return await directory(visit, errors=[(None, visit.refused(error))], links=links)
    return await directory(visit, links=links)


def _opens_department(name: str, person: str, account: str, opened: list[str]) -> Change:
    def change(draft: Draft) -> None:
        number = changes.open_person(draft, person)
        opened.append(number)
        given_role(draft, number, "department", InDepartment(name, (name,)))
        changes.give_account(draft, number, account)

    return change


class InDepartment(NamedTuple):
    """The department in which a role is given, as it was written; those that run; whether it is said to be new."""

    name: str
    running: Collection[str] = ()
    is_new: bool = False


def given_role(
    draft: Draft,
    number: str,
    role: DirectoryRole,
    of: InDepartment,
    principal_id: PersonId | None = None,
    until_on: date | None = None,
) -> None:
    """Give a person a role, in a department where it is one of a department (see `changes.department_meant`), for
    somebody where it is a deputy's.

    Raises:
        NotFoundError: there is no such person.
        BrokenRuleError: it is not known which department is meant.
    """
    if number not in draft.directory.persons:
        raise NotFoundError
    department_id = None
    if role in OF_A_DEPARTMENT:
        department_id = changes.department_meant(draft, of.name, of.running, is_new=of.is_new)
    changes.give_role(draft, number, role, department_id=department_id, principal_id=principal_id, until_on=until_on)


def department_faults(visit: Visit, role: str, department: str) -> list[tuple[str, str]]:
    """What is wrong with a department that was written, or not, beside a role: none is left out without a word."""
    if (role in OF_A_DEPARTMENT) == bool(department) or role not in ROLE_WORDS:
        return []
    if department:
        return [("department", visit.say("这个角色不属于哪个部门：请去掉部门，或另选角色。"))]
    return [("department", visit.say("这个角色属于一个部门：请写部门。"))]


async def department_asked(visit: Visit) -> InDepartment:
    """The department that was written into the form."""
    running = {count.department for count in await visit.office.register.departments()}
    return InDepartment(visit.given("department"), running, visit.given("new_department") == "yes")


async def change_recorded(visit: Visit, change: Change) -> None:
    """Make a change of the directory for the administrator who asks (raises as `change_directory` and `as_typed`)."""
    signed_in = visit.signed_in
    attestor, by = visit.office.attestor, signed_in.person_id or signed_in.name
    attest = by_giver(attestor(), Giver(signed_in, "desk")) if attestor is not None else None
    takes_over = visit.given("takes_over") == "yes"
    asking = AskedChange(by, await visit.desk.now(), f"desk-{uuid.uuid4()}", attest, takes_over)
    with as_typed():
        await change_directory(visit.office.records, asking, change)


async def _without_anybody(visit: Visit, found: Directory, day: date) -> list[str]:
    running = dict.fromkeys(count.department for count in await visit.office.register.departments())
    # One department that runs under several of its names needs one account.
    known = ((name, found.department_named(name, day).one) for name in running)
    names = dict.fromkeys(name if one is None else one.name_on(day) for name, one in known)
    acted_for = [
        name
        for grant in found.grants
        if grant.role == "department" and grant.department_id and grant.period.covers(day)
        for name in found.names_of(grant.department_id, day)
    ]
    return [name for name in names if not any(same_name(name, each) for each in acted_for)]


class _ChangedPerson(NamedTuple):
    """Whom the administrator has just changed, as the directory has him now."""

    name: str
    roles: str
    is_oneself: bool
    leaves_on: date | None


def _changed_person(visit: Visit, persons: Sequence[PersonLine]) -> _ChangedPerson | None:
    number = visit.request.query_params.get("changed", "")
    line = next((each for each in persons if each.person.person_id == number), None)
    if line is None:
        return None
    oneself, leaves_on = number == visit.signed_in.person_id, line.person.periods[-1].until_on
    return _ChangedPerson(line.person.name, _roles_said(visit, line), oneself, leaves_on)


def _left(visit: Visit, found: Directory, day: date) -> str:
    """The name of the one whom the administrator has just let go; empty where he is still there."""
    person = found.persons.get(visit.request.query_params.get("changed", ""))
    return "" if person is None or person.is_there(day) else person.name


async def whole(visit: Visit) -> Table:
    """Everybody who is there on this day."""
    found = await directory_of(visit.office.records)
    return _table(visit, await _persons(visit, found, (await visit.desk.now()).date()))


async def _persons(visit: Visit, found: Directory, day: date) -> list[PersonLine]:
    accounts = await visit.desk.door.accounts()
    return [
        PersonLine(
            person,
            tuple(
                (each.role, found.departments[each.department_id].name_on(day) if each.department_id else "")
                for each in found.roles_on(person.person_id, day)
            ),
            tuple((each.account, each.has_password) for each in accounts if each.person_id == person.person_id),
        )
        for person in found.persons.values()
        if person.is_there(day)
    ]


def _table(visit: Visit, persons: Sequence[PersonLine]) -> Table:
    language = visit.language

    def accounts(line: PersonLine) -> str:
        told = {True: visit.say(_("已设密码")), False: visit.say(_("未设密码"))}
        return visit.joined(account + bracketed(language, told[is_set]) for account, is_set in line.accounts)

    columns = (
        Column(_("编号"), lambda line: line.person.person_id, "id"),
        Column(_("姓名"), lambda line: line.person.name),
        Column(_("角色"), lambda line: _roles_said(visit, line), "told"),
        Column(_("账号"), accounts, "told"),
    )
    return Table("directory", _("人员"), columns, persons)


def departments_table(found: Directory, day: date) -> Table:
    """The departments of a day, with their other names and who is above them."""

    def superior(level: SuperiorLevel) -> Column:
        def name(each: Department) -> str | None:
            person = found.superior_of(each.number, level, day)
            return person.name_on(day) if person else None

        return Column(ROLE_WORDS[level], name)

    columns = (
        Column(_("编号"), lambda each: each.number, "id"),
        Column(_("名称"), lambda each: each.name_on(day)),
        Column(_("别名"), lambda each: "、".join(each.aliases)),
        superior("head"),
        superior("leader_in_charge"),
    )
    return Table(
        "departments", _("名册里的部门"), columns, [each for each in found.departments.values() if each.is_there(day)]
    )


def _roles_said(visit: Visit, line: PersonLine) -> str:
    words = (visit.say(ROLE_WORDS[role]) + (bracketed(visit.language, of) if of else "") for role, of in line.roles)
    return visit.joined(words) or visit.say(_("还没有角色"))


PAGES = (
    Page("/directory", directory, ADMINISTRATORS, menu=_("人员和账号")),
    *exports("/directory", ADMINISTRATORS, whole),
    Page("/directory/persons", open_person, ADMINISTRATORS, "POST"),
    Page("/directory/departments", open_departments, ADMINISTRATORS, "POST"),
)
