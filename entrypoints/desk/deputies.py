"""Deputies of a department, or of a person of the supervision section: who acts, until when; appointed and dismissed in
all projects at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from starlette.responses import Response

from application.desk_work import deputies as work
from application.desk_work.deputies import DeputyResult
from application.office.directory import directory_of
from domain.actors import Actor, actor_from_text, department, operator
from domain.given_values import UnusableTextError, as_typed
from domain.ports.register import DeputyCount
from entrypoints.desk.days import MISSING, NO_DAY, day_of
from entrypoints.desk.giving import asked_request, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, only_told, shown
from entrypoints.desk.reading import acting_department
from entrypoints.desk.routing import DEPARTMENTS, OFFICE, STAND_INS, Page
from entrypoints.desk.visits import Visit

_FIELDS = ("deputy_department", "person", "from_on", "until_on", "reason")


async def deputies(visit: Visit, faults: Sequence[tuple[str | None, str]] = ()) -> Response:
    """Who acts for the department or the person, and a form for another one."""
    principal = _principal(visit)
    found = await work.deputies(visit.office, principal)
    return await visit.page_now(
        "deputies.html",
        principal=principal,
        departments=visit.signed_in.departments,
        oneself=visit.signed_in.name if visit.has("operator") else "",
        table=shown(visit, _table(found), "/deputies"),
        found=[_of_whom(each) for each in found],
        given={field: visit.given(field) for field in _FIELDS},
        request_id=new_request(),
        errors=faults,
    )


async def appoint(visit: Visit) -> Response:
    """Appoint a deputy in all projects of the principal."""
    principal, faults, days = _principal(visit), list[tuple[str, str]](), dict[str, date]()
    for field in ("from_on", "until_on"):
        if (day := day_of(visit.given(field))) is None:
            faults.append((field, visit.say(NO_DAY if visit.given(field) else MISSING)))
        else:
            days[field] = day
    deputy = _deputy(visit, principal)
    if isinstance(deputy, Nobody):
        faults.append(deputy)
    if not visit.given("reason"):
        faults.append(("reason", visit.say("请写明理由。")))
    if faults or isinstance(deputy, Nobody):
        return await deputies(visit, faults)
    request = asked_request(visit)
    span = days["from_on"], days["until_on"]
    results = await work.appoint(visit.office, principal, deputy, span, visit.given("reason"), visit.signed_in, request)
    why = {each.problem for each in results}
    if len(why) == 1 and (problem := why.pop()) is not None:
        # What is refused in every project for one reason is a fault of the form: said once, with what was written.
        return await deputies(visit, [(None, visit.say(problem))])
    return await _told(visit, results, await _who_cannot_act(visit, deputy, days["from_on"]))


async def _who_cannot_act(visit: Visit, deputy: Actor, day: date) -> str:
    """The name of a deputy of a person of the section to whom no page of the desk is open; empty where one is."""
    if deputy.department is not None:
        return ""
    found, today = await directory_of(visit.office.records), (await visit.desk.now()).date()
    person = found.person_named(deputy.name, today).one
    if person is None:
        return ""
    roles = {grant.role for grant in found.roles_on(person.person_id, max(day, today))}
    return "" if roles & {*OFFICE, *STAND_INS} else person.name_on(today)


async def dismiss(visit: Visit) -> Response:
    """Dismiss a deputy in all projects of the principal."""
    principal = _principal(visit)
    deputy = _deputy(visit, principal)
    if isinstance(deputy, Nobody):
        return await deputies(visit, [deputy])
    reason = visit.given("reason") or _("不再代办")
    request = asked_request(visit)
    return await _told(visit, await work.dismiss(visit.office, principal, deputy, reason, visit.signed_in, request))


def _principal(visit: Visit) -> Actor:
    """Whose deputies they are: the department's that is asked for; one's own for a person of the section, if none is.

    Raises:
        NotFoundError: the department is not his.
    """
    asked = visit.request.query_params.get("department") or visit.given("department")
    return (
        operator(visit.signed_in.name) if visit.has("operator") and not asked else department(acting_department(visit))
    )


class Nobody(NamedTuple):
    """The field that names no deputy, and why."""

    field: str
    fault: str


def _deputy(visit: Visit, principal: Actor) -> Actor | Nobody:
    of, person = visit.given("deputy_department"), visit.given("person")
    field = "person" if principal.department is None else "deputy_department"
    try:
        with as_typed():
            if principal.department is None:
                return operator(person) if person else Nobody(field, visit.say("请写代办人的姓名。"))
            return department(of, person or None) if of else Nobody(field, visit.say("请写代办的部门，姓名可以不写。"))
    except UnusableTextError as error:
        return Nobody("person" if person.startswith(error.given) else field, visit.refused(error))


async def _told(visit: Visit, results: list[DeputyResult], cannot_act: str = "") -> Response:
    columns = (
        Column(_("编号"), lambda each: each.project_id, "id"),
        Column(_("项目"), lambda each: each.title),
        Column(_("结果"), lambda each: _("没有办成") if each.problem else _("已办理"), "word"),
        Column(_("说明"), lambda each: each.problem, "said"),
    )
    return await visit.page_now(
        "deputies_done.html",
        department=_principal(visit).department,
        table=only_told(visit, Table("deputies", _("每一个的结果"), columns, results)),
        cannot_act=cannot_act,
        count=len(results),
        failed=sum(each.problem is not None for each in results),
    )


async def whole(visit: Visit) -> Table:
    """Who acts for the department or the person, now or later."""
    return _table(await work.deputies(visit.office, _principal(visit)))


def _table(found: Sequence[DeputyCount]) -> Table:
    columns = (
        Column(_("代办人"), lambda each: " ".join(filter(None, _of_whom(each)))),
        Column(_("从"), lambda each: each.from_on, "day"),
        Column(_("到"), lambda each: each.until_on, "day"),
        Column(_("项目数"), lambda each: each.projects),
    )
    return Table("deputies", _("代办人"), columns, found)


def _of_whom(each: DeputyCount) -> tuple[str, str]:
    """The department that acts, where it is one, and the person, where one is named."""
    deputy = actor_from_text(each.deputy)
    return deputy.department or "", "" if deputy.name == deputy.department else deputy.name


PRINCIPALS = DEPARTMENTS | OFFICE
PAGES = (
    Page("/deputies", deputies, PRINCIPALS, menu=_("代办人")),
    *exports("/deputies", PRINCIPALS, whole),
    Page("/deputies", appoint, PRINCIPALS, "POST"),
    Page("/deputies/dismiss", dismiss, PRINCIPALS, "POST"),
)
