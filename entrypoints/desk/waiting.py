"""What waits for the supervision section itself, longest first: its limit, the request, the acts that answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.ports.register import DutyQuery, MatterQuery, ProjectQuery
from domain.ports.register_lines import MatterRow
from domain.rules.life_cycle import LimitKind
from entrypoints.desk.act_forms import ActForm, form_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.paging import page_number, pages_of
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.visits import Visit

ROWS: Final = 50
ANSWERS: Final[dict[LimitKind, tuple[type[Command], ...]]] = {
    "completion_review": (c.AcceptCompletion, c.ReturnForRework),
    "extension_review": (c.ReviewExtension,),
    "extension_ruling": (c.RuleOnExtension,),
    "declined_assignment": (c.InsistOnAssignment, c.ReassignLead, c.ReplaceParticipant),
    "dispute": (c.RuleOnDispute,),
    "rectification_check": (c.CheckRectification,),
}


@dataclass(frozen=True, slots=True)
class Waits:
    """A matter that waits for a ruling, and the acts that answer it."""

    matter: MatterRow
    answers: tuple[ActForm, ...]


async def waiting(visit: Visit) -> Response:
    """Everything that waits for the supervision section, a page of it."""
    desk, number = visit.office.register, page_number(visit)
    standing = await desk.current()
    matters = await desk.matters(MatterQuery(of_the_section=True, limit=ROWS, offset=(number - 1) * ROWS))
    completed = (await desk.duties(DutyQuery(role="lead", stages=("completed",), sort="due", limit=ROWS))).rows
    among = tuple(dict.fromkeys(each.project_id for each in completed))
    projects = (await desk.projects(ProjectQuery(among=among))).rows
    return visit.page(
        "waiting.html",
        as_of=await visit.desk.now(),
        standing=standing,
        matters=[Waits(row, tuple(form_of(command) for command in ANSWERS[row.kind])) for row in matters.rows],
        pages=pages_of(number, matters.count, ROWS),
        strike=completed,
        titles={row.project_id: row.title for row in projects},
    )


PAGES = (Page("/waiting", waiting, OFFICE, menu=_("待裁定")),)
