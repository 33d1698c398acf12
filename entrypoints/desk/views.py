"""Views of the register: the five that everybody has, those that somebody saved, and what he watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError
from starlette.responses import Response

from application.desk_work import views as kept
from domain.accounts.own_path import own_path
from domain.errors import InputError
from domain.ids import ProjectId
from domain.ports.register import DutyQuery
from domain.ports.register_lines import Role
from domain.state import ProjectStage
from entrypoints.desk.languages import later as _
from entrypoints.desk.paging import PAGING
from entrypoints.desk.reading import project_known
from entrypoints.desk.routing import READERS, Page, told
from entrypoints.desk.visits import Visit

FIVE: Final = (
    ("directed", _("领导督办")),
    ("under", _("督办事项")),
    ("watched", _("我的观察")),
    ("lead", _("我的承办")),
    ("participant", _("我的协办")),
)
UNDER: Final[tuple[ProjectStage, ...]] = ("assigned", "in_progress", "completed", "struck_off")


@dataclass(frozen=True, slots=True)
class ShownView:
    """A view as a link: its name, where it is, whether it is the one that is shown, its key where it was saved."""

    name: str
    href: str
    here: bool
    key: str | None = None


async def shown_views(visit: Visit) -> list[ShownView]:
    """The five views and those that were saved."""
    asked = visit.request.query_params.get("view", "")
    query = sorted(parse_qsl(visit.request.url.query))
    five = [ShownView(visit.say(name), f"/register?view={key}", key == asked) for key, name in FIVE]
    saved = await kept.saved_views(visit.desk.accounts, visit.signed_in)
    return [
        *five,
        *(
            ShownView(each.name, f"/register?{each.query}", sorted(parse_qsl(each.query)) == query, each.key)
            for each in saved
        ),
    ]


async def among_of(visit: Visit) -> tuple[ProjectId, ...] | None:
    """The projects that the view of the address is limited to; none where it is not."""
    match visit.request.query_params.get("view"):
        case "watched":
            return await kept.watched(visit.desk.accounts, visit.signed_in)
        case "lead":
            return await _of_departments(visit, "lead")
        case "participant":
            return await _of_departments(visit, "participant")
        case _:
            return None


async def _of_departments(visit: Visit, role: Role) -> tuple[ProjectId, ...]:
    found: set[ProjectId] = set()
    for name in await visit.answers_for():
        duties = await visit.office.register.duties(DutyQuery(department=name, role=role))
        found |= {duty.project_id for duty in duties.rows}
    return tuple(sorted(found))


async def save(visit: Visit) -> Response:
    """Save the view that is shown, under a name."""
    query = urlencode([(name, value) for name, value in parse_qsl(visit.given("query")) if name not in PAGING])
    try:
        await kept.save_view(visit.desk.accounts, visit.signed_in, visit.given("name"), query)
    except InputError as error:
        return told(visit, 400, visit.refused(error))
    except ValidationError:
        return told(visit, 400, _("没有保存：请给视图写一个名称（一百字以内），筛选条件也不要太长。"))
    return visit.see(f"/register?{query}")


async def drop(visit: Visit) -> Response:
    """Save a view no longer."""
    await kept.drop_view(visit.desk.accounts, visit.signed_in, visit.request.path_params["key"])
    return visit.see("/register")


async def watch(visit: Visit) -> Response:
    """Watch a project, or do so no longer."""
    known = await project_known(visit, visit.request.path_params["project_id"])
    on = visit.given("on") == "yes"
    await kept.watch(visit.desk.accounts, visit.signed_in, known.project_id, on=on)
    return visit.see(own_path(f"/projects/{known.project_id}"))


PAGES = (
    Page("/views", save, READERS, "POST"),
    Page("/views/{key}/drop", drop, READERS, "POST"),
    Page("/projects/{project_id}/watch", watch, READERS, "POST"),
)
