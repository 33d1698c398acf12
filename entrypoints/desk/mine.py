"""Everything that a department has to do, as a table: what it leads, what it takes part in; and to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from application.desk_work.deputies import principals
from domain.colours import WORST_LAST
from domain.ids import DepartmentId, ProjectId
from domain.paging import WHOLE, Part
from domain.ports.register import DutyPage, DutyQuery
from domain.ports.register_lines import DutyRow, Role
from domain.seeing.stage_words import shown_stage
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.paging import pages_of, part_of
from entrypoints.desk.reading import own_department, who_acts
from entrypoints.desk.routing import MEMBERS, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 50
ROLES: Final[dict[Role, str]] = {"lead": _("我的承办"), "participant": _("我的协办")}


async def mine(visit: Visit) -> Response:
    """A page of a department's duties."""
    standing = await visit.office.register.current()
    whose = await _whose(visit)
    found = await _found(visit, whose, part_of(visit, ROWS))
    name = whose.department
    return await visit.page_now(
        "mine.html",
        standing=standing,
        department=name,
        departments=tuple(dict.fromkeys((*visit.signed_in.reads, *whose.principals))),
        only_reads="" if name in whose.principals else await who_acts(visit, name),
        principals=whose.principals,
        roles=ROLES,
        role=_role(visit),
        counts={role: await _count(visit, whose, role) for role in ROLES},
        table=shown(visit, _table(found.rows, name), "/mine"),
        pages=pages_of(found.lies, len(found.rows), found.count),
        lights=WORST_LAST[::-1],
        asked=visit.request.query_params,
    )


async def whole(visit: Visit) -> Table:
    """All of a department's duties that are asked for."""
    await visit.office.register.current()
    whose = await _whose(visit)
    return _table((await _found(visit, whose)).rows, whose.department)


@dataclass(frozen=True, slots=True)
class _Whose:
    """The department whose duties are asked for; of one for which the one who asks is a deputy, those of the projects
    in which he is."""

    department: DepartmentId
    principals: Mapping[DepartmentId, tuple[ProjectId, ...]]
    among: tuple[ProjectId, ...] | None


async def _whose(visit: Visit) -> _Whose:
    found = await principals(visit.office, visit.signed_in, (await visit.desk.now()).date())
    asked = visit.request.query_params.get("department")
    name = asked if asked in found else own_department(visit)
    return _Whose(name, found, None if name in visit.signed_in.reads else found.get(name))


async def _found(visit: Visit, whose: _Whose, part: Part = WHOLE) -> DutyPage:
    params = visit.request.query_params
    query = DutyQuery(
        department=whose.department,
        among=whose.among,
        role=_role(visit),
        lights=tuple(light for light in WORST_LAST if light == params.get("light")),
        open=True if params.get("open") == "1" else None,
        text=params.get("text") or None,
        sort="due",
        **dict(part),
    )
    return await visit.office.register.duties(query)


async def _count(visit: Visit, whose: _Whose, role: Role) -> int:
    query = DutyQuery(department=whose.department, among=whose.among, role=role, limit=1)
    return (await visit.office.register.duties(query)).count


def _role(visit: Visit) -> Role:
    return "participant" if visit.request.query_params.get("role") == "participant" else "lead"


def _table(rows: Sequence[DutyRow], name: DepartmentId) -> Table:
    def href(duty: DutyRow) -> str:
        return f"/duties/{duty.milestone_id}?department={quote(name)}"

    columns = (
        Column(_("编号"), lambda duty: duty.milestone_id, "id", href),
        Column(_("灯"), lambda duty: duty.light, "light"),
        Column(_("内容"), lambda duty: duty.description, "text", href),
        Column(
            _("状态"),
            lambda duty: shown_stage(duty.stage, signed=duty.signed),
            "stage" if rows and rows[0].role == "lead" else "part",
        ),
        Column(_("签收情况"), lambda duty: _("已签收") if duty.signed else _("未签收"), "word"),
        Column(_("时限"), lambda duty: duty.answer_by, "day"),
        Column(_("实际完成"), lambda duty: duty.done_on, "day"),
        Column(_("反馈"), lambda duty: duty.reports),
        Column(_("违期"), lambda duty: duty.breaches),
        Column(_("说明"), lambda duty: duty.explanation, "said"),
    )
    return Table("duties", _("本部门的任务"), columns, rows)


PAGES = (Page("/mine", mine, MEMBERS, menu=_("全部任务")), *exports("/mine", MEMBERS, whole))
