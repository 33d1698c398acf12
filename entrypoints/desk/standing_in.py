"""The desk of a deputy of persons of the supervision section: the projects in which he acts for them today."""

from __future__ import annotations

from starlette.responses import Response

from application.desk_work.deputies import for_persons
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.many import offered_on_projects
from entrypoints.desk.routing import STAND_INS, Page
from entrypoints.desk.visits import Visit


async def standing_in(visit: Visit) -> Response:
    """The projects in which somebody acts for a person of the section, each with that person and the last day."""
    return await visit.page_now(
        "standing_in.html",
        table=shown(visit, await _whole(visit), "/standing-in"),
        many=offered_on_projects(),
    )


async def _whole(visit: Visit) -> Table:
    found = await for_persons(visit.office, visit.signed_in, (await visit.desk.now()).date())
    columns = (
        Column(_("编号"), lambda each: each.row.project_id, "id", lambda each: f"/projects/{each.row.project_id}"),
        Column(_("灯"), lambda each: each.row.light, "light"),
        Column(_("项目"), lambda each: each.row.title),
        Column(_("牵头部门"), lambda each: each.row.lead_department),
        Column(_("代谁办理"), lambda each: each.principal),
        Column(_("到"), lambda each: each.until_on, "day"),
    )
    return Table("standing-in", _("我代办的项目"), columns, found)


PAGES = (
    Page("/standing-in", standing_in, STAND_INS, menu=_("我代办的项目")),
    *exports("/standing-in", STAND_INS, _whole),
)
