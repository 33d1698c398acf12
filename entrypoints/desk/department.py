"""Departments of the directory, for an administrator: which there are; another name, other names, an end for one."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from application.office.directory import directory_of
from domain.directory import changes
from domain.directory.directory import Directory
from domain.ports.register import DutyQuery
from entrypoints.desk.directory import departments_table
from entrypoints.desk.listings import Table, exports
from entrypoints.desk.one_entry import Faults, changed, ended
from entrypoints.desk.routing import ADMINISTRATORS, Page
from entrypoints.desk.visits import NotFoundError, Visit

_FIELDS = ("name", "takes_over", "alias", "last_on")


async def department(visit: Visit, errors: Faults = ()) -> Response:
    """What it is called, and what becomes of it."""
    number, found, day = await _asked(visit)
    one, names = found.departments[number], found.names_of(number, day)
    return await visit.page_now(
        "department.html",
        one=one,
        is_there=one.is_there(day),
        name=one.name_on(day),
        before=names[1:],
        holders=found.roles_in(number, day),
        persons=found.persons,
        day=day,
        duties=(await visit.office.register.duties(DutyQuery(names=names, open=True, limit=1))).count,
        given={name: visit.given(name) for name in _FIELDS},
        errors=errors,
    )


async def rename(visit: Visit) -> Response:
    """Give the department another name; by its former one it is still found."""
    name = visit.given("name")
    if not name:
        return await department(visit, [("name", visit.say("请写名称。"))])
    number = await _number(visit)
    return await changed(visit, department, number, lambda draft: changes.rename_department(draft, number, name))


async def close(visit: Visit) -> Response:
    """Close the department: the roles in it end with it."""
    return await ended(visit, department, await _number(visit), changes.close_department)


async def give_alias(visit: Visit) -> Response:
    """Let the department be found by another name too."""
    number, alias = await _number(visit), visit.given("alias")
    if not alias:
        return await department(visit, [("alias", visit.say("请写别名。"))])
    return await changed(visit, department, number, lambda draft: changes.give_alias(draft, number, alias))


async def take_alias(visit: Visit) -> Response:
    """Let the department be found by one of its other names no longer."""
    number, alias = await _number(visit), visit.given("taken")
    return await changed(visit, department, number, lambda draft: changes.take_alias(draft, number, alias))


async def whole(visit: Visit) -> Table:
    """Every department of this day."""
    return departments_table(await directory_of(visit.office.records), (await visit.desk.now()).date())


async def _asked(visit: Visit) -> tuple[str, Directory, date]:
    found, number = await directory_of(visit.office.records), visit.request.path_params["department_id"]
    if number not in found.departments:
        raise NotFoundError
    return number, found, (await visit.desk.now()).date()


async def _number(visit: Visit) -> str:
    return (await _asked(visit))[0]


PAGES = (
    *exports("/directory/departments", ADMINISTRATORS, whole),
    Page("/directory/departments/{department_id}", department, ADMINISTRATORS),
    Page("/directory/departments/{department_id}/name", rename, ADMINISTRATORS, "POST"),
    Page("/directory/departments/{department_id}/close", close, ADMINISTRATORS, "POST"),
    Page("/directory/departments/{department_id}/aliases", give_alias, ADMINISTRATORS, "POST"),
    Page("/directory/departments/{department_id}/aliases/take", take_alias, ADMINISTRATORS, "POST"),
)
