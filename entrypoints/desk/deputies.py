"""Deputies of a department: who acts for it, until when; appointed and dismissed in all its projects at once."""

from __future__ import annotations

from datetime import date

from pydantic import ValidationError
from starlette.responses import Response

from application.desk_work import deputies as work
from application.desk_work.deputies import DeputyResult
from domain.actors import Actor, department
from entrypoints.desk.giving import REQUEST, new_request
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, only_told
from entrypoints.desk.reading import own_department
from entrypoints.desk.routing import DEPARTMENTS, Page
from entrypoints.desk.visits import Visit

_FIELDS = ("deputy_department", "person", "from_on", "until_on", "reason")


async def deputies(visit: Visit) -> Response:
    """Who acts for the department, and a form for another one."""
    return await _page(visit)


async def appoint(visit: Visit) -> Response:
    """Appoint a deputy in all projects of the department."""
    name, faults, days = own_department(visit), list[tuple[str, str]](), dict[str, date]()
    for field in ("from_on", "until_on"):
        try:
            days[field] = date.fromisoformat(visit.given(field))
        except ValueError:
            faults.append((field, visit.say("看不懂这个日期：请写成 2018-06-30，或用日期控件选择。")))
    deputy = _deputy(visit)
    if deputy is None:
        faults.append(("deputy_department", visit.say("请写代办的部门，姓名可以不写。")))
    if not visit.given("reason"):
        faults.append(("reason", visit.say("请写明理由。")))
    if faults or deputy is None:
        return await _page(visit, faults)
    request = visit.given(REQUEST) or new_request()
    span = days["from_on"], days["until_on"]
    results = await work.appoint(visit.office, name, deputy, span, visit.given("reason"), visit.signed_in, request)
    return await _told(visit, results)


async def dismiss(visit: Visit) -> Response:
    """Dismiss a deputy in all projects of the department."""
    name, deputy = own_department(visit), _deputy(visit)
    if deputy is None:
        return await _page(visit, [("deputy_department", visit.say("请写代办的部门，姓名可以不写。"))])
    reason = visit.given("reason") or _("不再代办")
    request = visit.given(REQUEST) or new_request()
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


async def _page(visit: Visit, faults: list[tuple[str, str]] | None = None) -> Response:
    name = own_department(visit)
    found = await work.deputies(visit.office, name)
    return visit.page(
        "deputies.html",
        400 if faults else 200,
        as_of=await visit.desk.now(),
        department=name,
        departments=visit.signed_in.departments,
        found=[(each, *each.deputy.removeprefix("department:").partition(":")[::2]) for each in found],
        given={field: visit.given(field) for field in _FIELDS},
        request_id=new_request(),
        errors=faults or (),
        faults=dict(faults or ()),
    )


PAGES = (
    Page("/deputies", deputies, DEPARTMENTS, menu=_("代办人")),
    Page("/deputies", appoint, DEPARTMENTS, "POST"),
    Page("/deputies/dismiss", dismiss, DEPARTMENTS, "POST"),
)
