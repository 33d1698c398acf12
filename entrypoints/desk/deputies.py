"""Deputies of a department: who acts for it, until when; appointed and dismissed in all its projects at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import ValidationError
from starlette.responses import Response

from application.desk_work import deputies as work
from application.desk_work.deputies import DeputyResult
from domain.actors import Actor, department
from domain.ports.register import DeputyCount
from entrypoints.desk.days import NO_DAY, day_of
from entrypoints.desk.giving import asked_request, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, only_told, shown
from entrypoints.desk.reading import own_department
from entrypoints.desk.routing import DEPARTMENTS, Page
from entrypoints.desk.visits import Visit

_FIELDS = ("deputy_department", "person", "from_on", "until_on", "reason")


async def deputies(visit: Visit, faults: Sequence[tuple[str | None, str]] = ()) -> Response:
    """Who acts for the department, and a form for another one."""
    name = own_department(visit)
    found = await work.deputies(visit.office, name)
    return visit.page(
        "deputies.html",
        as_of=await visit.desk.now(),
        department=name,
        departments=visit.signed_in.departments,
        table=shown(visit, _table(found), "/deputies"),
        found=[_of_whom(each) for each in found],
        given={field: visit.given(field) for field in _FIELDS},
        request_id=new_request(),
        errors=faults,
    )


async def appoint(visit: Visit) -> Response:
    """Appoint a deputy in all projects of the department."""
    name, faults, days = own_department(visit), list[tuple[str, str]](), dict[str, date]()
    for field in ("from_on", "until_on"):
        if (day := day_of(visit.given(field))) is None:
            faults.append((field, visit.say(NO_DAY)))
        else:
            days[field] = day
    deputy = _deputy(visit)
    if deputy is None:
        faults.append(("deputy_department", visit.say("请写代办的部门，姓名可以不写。")))
    if not visit.given("reason"):
        faults.append(("reason", visit.say("请写明理由。")))
    if faults or deputy is None:
        return await deputies(visit, faults)
    request = asked_request(visit)
    span = days["from_on"], days["until_on"]
    results = await work.appoint(visit.office, name, deputy, span, visit.given("reason"), visit.signed_in, request)
    why = {each.problem for each in results}
    if len(why) == 1 and (problem := why.pop()) is not None:
        # What is refused in every project for one reason is a fault of the form: said once, with what was written.
        return await deputies(visit, [(None, visit.say(problem))])
    return await _told(visit, results)


async def dismiss(visit: Visit) -> Response:
    """Dismiss a deputy in all projects of the department."""
    name, deputy = own_department(visit), _deputy(visit)
    if deputy is None:
        return await deputies(visit, [("deputy_department", visit.say("请写代办的部门，姓名可以不写。"))])
    reason = visit.given("reason") or _("不再代办")
    request = asked_request(visit)
    return await _told(visit, await work.dismiss(visit.office, name, deputy, reason, visit.signed_in, request))


def _deputy(visit: Visit) -> Actor | None:
    of = visit.given("deputy_department")
    try:
        return department(of, visit.given("person") or None) if of else None
    except ValidationError:
        return None


async def _told(visit: Visit, results: list[DeputyResult]) -> Response:
    columns = (
        Column(_("编号"), lambda each: each.project_id, "id"),
        Column(_("项目"), lambda each: each.title),
        Column(_("结果"), lambda each: _("没有办成") if each.problem else _("已办理"), "word"),
        Column(_("说明"), lambda each: each.problem, "said"),
    )
    return visit.page(
        "deputies_done.html",
        as_of=await visit.desk.now(),
        department=own_department(visit),
        table=only_told(visit, Table("deputies", _("每一个的结果"), columns, results)),
        count=len(results),
        failed=sum(each.problem is not None for each in results),
    )


async def whole(visit: Visit) -> Table:
    """Who acts for the department, now or later."""
    return _table(await work.deputies(visit.office, own_department(visit)))


def _table(found: Sequence[DeputyCount]) -> Table:
    columns = (
        Column(_("代办人"), lambda each: " ".join(filter(None, _of_whom(each)))),
        Column(_("从"), lambda each: each.from_on, "day"),
        Column(_("到"), lambda each: each.until_on, "day"),
        Column(_("项目数"), lambda each: each.projects),
    )
    return Table("deputies", _("代办人"), columns, found)


def _of_whom(each: DeputyCount) -> tuple[str, str]:
    """The department that acts, and the person, where one is named."""
    of, _colon, person = each.deputy.removeprefix("department:").partition(":")
    return of, person


PAGES = (
    Page("/deputies", deputies, DEPARTMENTS, menu=_("代办人")),
    *exports("/deputies", DEPARTMENTS, whole),
    Page("/deputies", appoint, DEPARTMENTS, "POST"),
    Page("/deputies/dismiss", dismiss, DEPARTMENTS, "POST"),
)
