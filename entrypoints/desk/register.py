"""The register in a browser: counted by light, filtered by the address, page by page, and to take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from starlette.responses import Response

from domain.colours import WORST_LAST
from domain.ports.register import ProjectQuery
from domain.seeing.stage_words import stage_word
from entrypoints.core_sentences import core_said
from entrypoints.desk.downloads import CSV, XLSX, download
from entrypoints.desk.exports import as_csv, as_xlsx
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import LIGHT_WORDS
from entrypoints.desk.many import offered_on_projects
from entrypoints.desk.paging import first_row, pages_of
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
COLUMNS: Final = (
    ("project_id", _("编号")),
    ("light", _("灯")),
    ("title", _("项目")),
    ("lead_department", _("牵头部门")),
    ("stage", _("状态")),
    ("next_due_on", _("最近时限")),
    ("milestones", _("节点数")),
    ("settled", _("已办结")),
    ("overdue", _("逾期")),
    ("category", _("类别")),
    ("source", _("来源")),
    ("responsible_leader", _("责任领导")),
    ("explanation", _("说明")),
)


async def register(visit: Visit) -> Response:
    """All projects that are asked for, one page of them."""
    query, ignored = await asked_for(visit)
    desk = visit.office.register
    listed = await desk.listed(query.model_copy(update={"limit": ROWS, "offset": first_row(visit, ROWS)}))
    view = visit.request.query_params.get("view", "")
    return visit.page(
        "register.html",
        200,
        as_of=listed.as_of,
        standing=listed.standing,
        rows=listed.page.rows,
        count=listed.page.count,
        lights=[(light, listed.page.lights[light]) for light in reversed(WORST_LAST)],
        choices=await desk.choices(),
        query=query,
        given={name: visit.request.query_params.get(name, "") for name in FILTERS},
        sorts=SORTS,
        view=view,
        views=await shown_views(visit),
        many=offered_on_projects() if visit.has("operator") else [],
        pages=pages_of(visit, listed.page.count, ROWS),
        narrowed=any(value for name, value in visit.request.query_params.items() if name not in ("sort", "page")),
        errors=ignored,
        csv=_elsewhere(visit, "/register.csv"),
        xlsx=_elsewhere(visit, "/register.xlsx"),
    )


async def register_csv(visit: Visit) -> Response:
    """All projects that are asked for, as a table in text."""
    head, rows = await _table(visit)
    return download(as_csv(head, rows), "register.csv", CSV)


async def register_xlsx(visit: Visit) -> Response:
    """All projects that are asked for, as a spreadsheet."""
    head, rows = await _table(visit)
    return download(await as_xlsx(head, rows), "register.xlsx", XLSX)


async def asked_for(visit: Visit) -> tuple[ProjectQuery, tuple[tuple[str, str], ...]]:
    """What the address asks for, and a sentence for each part of it that cannot be read (it is left out)."""
    params = visit.request.query_params
    values: dict[str, Any] = {name: params.get(name) for name in FILTERS if params.get(name)}
    values["lights"] = tuple(light for light in params.getlist("light") if light in WORST_LAST)
    values["overdue"] = params.get("overdue") == "1"
    values["directed"] = params.get("view") == "directed"
    values["stages"] = UNDER if params.get("view") == "under" else ()
    values["among"] = await among_of(visit)
    ignored: list[tuple[str, str]] = []
    for _try in range(len(values)):
        try:
            return ProjectQuery.model_validate(values, strict=False), tuple(ignored)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            values.pop(name, None)
            ignored.append((name, visit.say("有一项筛选条件看不懂，没有采用：请重新选择。")))
    return ProjectQuery(), tuple(ignored)


async def _table(visit: Visit) -> tuple[list[str], list[list[object]]]:
    listed = await visit.office.register.listed((await asked_for(visit))[0])
    rows = [[_cell(visit, row.model_dump(), name) for name, _head in COLUMNS] for row in listed.page.rows]
    return [visit.say(head) for _name, head in COLUMNS], rows


def _cell(visit: Visit, row: Mapping[str, Any], name: str) -> object:
    value = row[name]
    if name == "light":
        return visit.say(LIGHT_WORDS[value])
    if name == "stage":
        return visit.say(stage_word(value, signed=not row["unsigned"]))
    if name == "explanation":
        return core_said(visit.language, value)
    return "" if value is None else value


def _elsewhere(visit: Visit, path: str) -> str:
    address = visit.keeping(page=None)
    return path + address[len(visit.request.url.path) :]


PAGES = (
    Page("/register", register, READERS, menu=_("登记簿")),
    Page("/register.csv", register_csv, READERS),
    Page("/register.xlsx", register_xlsx, READERS),
)
