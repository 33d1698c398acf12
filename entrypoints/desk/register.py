"""The register in a browser: counted by light, filtered by the address, page by page, and to take away."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError
from starlette.responses import Response

from domain.colours import WORST_LAST
from domain.ports.register import BackwardDaysError, ProjectQuery, must_run_forward
from domain.seeing.stage_words import shown_stage
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, UnusedFilterError, exports
from entrypoints.desk.many import offered_on_projects
from entrypoints.desk.paging import PAGING, pages_of, part_of
from entrypoints.desk.routing import READERS, Page
from entrypoints.desk.views import UNDER, among_of, shown_views
from entrypoints.desk.visits import Visit

ROWS: Final = 50
FILTERS: Final = (
    "year",
    "lead",
    "participant",
    "category",
    "source",
    "leader",
    "text",
    "due_from",
    "due_until",
    "sort",
)
SORTS: Final = {
    "project": _("按编号"),
    "light": _("红灯在前"),
    "due": _("按时限"),
    "overdue": _("逾期多的在前"),
    "lead": _("按部门"),
    "title": _("按名称"),
}
STANDING: Final = (
    Column(_("编号"), lambda row: row.project_id, "id"),
    Column(_("灯"), lambda row: row.light, "light"),
    Column(_("项目"), lambda row: row.title),
    Column(_("牵头部门"), lambda row: row.lead_department),
    Column(_("状态"), lambda row: shown_stage(row.stage, signed=not row.unsigned), "stage"),
    Column(_("最近时限"), lambda row: row.next_due_on, "day"),
)
EXPLANATION: Final = Column(_("说明"), lambda row: row.explanation, "said")
COLUMNS: Final = (
    *STANDING,
    Column(_("节点数"), lambda row: row.milestones),
    Column(_("已办结"), lambda row: row.settled),
    Column(_("逾期"), lambda row: row.overdue),
    Column(_("类别"), lambda row: row.category),
    Column(_("来源"), lambda row: row.source),
    Column(_("责任领导"), lambda row: row.responsible_leader),
    EXPLANATION,
)

Ignored = tuple[tuple[str | None, str], ...]
"""What of an address was left out: the field, and the sentence for it."""


async def register(visit: Visit) -> Response:
    """All projects that are asked for, one page of them."""
    query, ignored = await asked_for(visit)
    desk = visit.office.register
    listed = await desk.listed(query.model_copy(update=dict(part_of(visit, ROWS))))
    page = listed.page
    view = visit.request.query_params.get("view", "")
    return visit.page(
        "register.html",
        200,
        as_of=listed.as_of,
        standing=listed.standing,
        rows=page.rows,
        count=page.count,
        lights=[(light, page.lights[light]) for light in reversed(WORST_LAST)],
        choices=await desk.choices(),
        query=query,
        given={name: visit.request.query_params.get(name, "") for name in FILTERS},
        sorts=SORTS,
        view=view,
        views=await shown_views(visit),
        many=offered_on_projects() if visit.has("operator") else [],
        pages=pages_of(page.lies, len(page.rows), page.count),
        narrowed=any(value for name, value in visit.request.query_params.items() if name not in ("sort", *PAGING)),
        errors=ignored,
        csv=_elsewhere(visit, "/register.csv", ignored),
        xlsx=_elsewhere(visit, "/register.xlsx", ignored),
    )


async def whole(visit: Visit) -> Table:
    """All projects that are asked for."""
    query, ignored = await asked_for(visit)
    if ignored:
        raise UnusedFilterError
    listed = await visit.office.register.listed(query)
    return Table("register", _("登记簿"), COLUMNS, listed.page.rows)


async def asked_for(visit: Visit) -> tuple[ProjectQuery, Ignored]:
    """What the address asks for, and a sentence for each part of it that cannot be read (it is left out)."""
    params = visit.request.query_params
    values: dict[str, Any] = {name: params.get(name) for name in FILTERS if params.get(name)}
    values["lights"] = tuple(filter(None, params.getlist("light")))
    values["overdue"] = params.get("overdue") == "1"
    values["directed"] = params.get("view") == "directed"
    values["stages"] = UNDER if params.get("view") == "under" else ()
    values["among"] = await among_of(visit)
    ignored: list[tuple[str | None, str]] = []
    for _try in range(len(values)):
        try:
            query = ProjectQuery.model_validate(values, strict=False)
            must_run_forward(query.due_from, query.due_until)
            return query, tuple(ignored)
        except BackwardDaysError:
            del values["due_until"]
            ignored.append(("due_until", visit.say("“最近时限到”早于“最近时限从”，没有采用：请改正。")))
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            values.pop(name, None)
            field = name if name in FILTERS else None
            ignored.append((field, visit.say("有一项筛选条件看不懂，没有采用：请重新选择。")))
    return ProjectQuery(), tuple(ignored)


def _elsewhere(visit: Visit, path: str, ignored: Ignored) -> str:
    address = visit.keeping(**dict.fromkeys(PAGING), **{field or "light": None for field, _said in ignored})
    return path + address[len(visit.request.url.path) :]


PAGES = (
    Page("/register", register, READERS, menu=_("登记簿")),
    *exports("/register", READERS, whole),
)
