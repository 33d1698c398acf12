"""What waits for the supervision section itself, longest first: its limit, the request, the acts that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.paging import WHOLE, Part
from domain.ports.register import DutyPage, DutyQuery, MatterPage, MatterQuery, ProjectQuery
from domain.ports.register_lines import DutyRow, MatterRow
from domain.rules.life_cycle import LimitKind
from domain.rungs.limits import LIMIT_WORDS
from entrypoints.desk.act_forms import ActForm, form_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.paging import pages_of, part_of
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.undecided import undecided, undecided_table, with_acts
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
    standing = await visit.office.register.current()
    matters = await _matters(visit, part_of(visit, ROWS))
    rows = matters.rows
    leads = await _leads(visit, rows)
    completed = await _completed(visit, ROWS)
    titles = await _titles(visit, completed.rows)
    held = await undecided(visit)
    return await visit.page_now(
        "waiting.html",
        standing=standing,
        matters=[Waits(row, tuple(map(form_of, answers_to(row, leads)))) for row in rows],
        table=shown(visit, _matter_table(rows), "/waiting"),
        pages=pages_of(matters.lies, len(rows), matters.count),
        strike=completed.rows,
        strike_table=shown(visit, _strike_table(completed.rows, titles), "/waiting/strike-off"),
        strike_count=completed.count,
        titles=titles,
        held=await with_acts(visit, held[:ROWS]),
        held_count=len(held),
        held_table=shown(visit, undecided_table(held), "/waiting/undecided"),
    )


async def whole_matters(visit: Visit) -> Table:
    """All that waits for a ruling."""
    await visit.office.register.current()
    return _matter_table((await _matters(visit)).rows)


async def whole_strike(visit: Visit) -> Table:
    """All that waits to be struck off."""
    await visit.office.register.current()
    rows = (await _completed(visit)).rows
    return _strike_table(rows, await _titles(visit, rows))


async def whole_undecided(visit: Visit) -> Table:
    """All that time brought and waits for a person."""
    await visit.office.register.current()
    return undecided_table(await undecided(visit))


async def _matters(visit: Visit, part: Part = WHOLE) -> MatterPage:
    return await visit.office.register.matters(MatterQuery(of_the_section=True, **dict(part)))


async def _completed(visit: Visit, limit: int | None = None) -> DutyPage:
    # A unit's part too: in the department that gave it there is often nobody besides the one who accepted it.
    asked = DutyQuery(role="lead", stages=("completed",), sort="due", limit=limit, with_sub_duties=True)
    return await visit.office.register.duties(asked)


async def _leads(visit: Visit, matters: Sequence[MatterRow]) -> Mapping[str, str]:
    """Who leads the projects of which an assignment was sent back."""
    among = tuple(dict.fromkeys(each.project_id for each in matters if each.kind == "declined_assignment"))
    found = (await visit.office.register.projects(ProjectQuery(among=among))).rows if among else ()
    return {row.project_id: row.lead_department for row in found}


def answers_to(row: MatterRow, leads: Mapping[str, str]) -> Sequence[type[Command]]:
    """What answers a matter: the place of a lead that sent its assignment back is another lead's, a participant's is
    another participant's."""
    if row.kind != "declined_assignment":
        return ANSWERS[row.kind]
    none = c.ReplaceParticipant if leads.get(row.project_id) == row.about else c.ReassignLead
    return [each for each in ANSWERS[row.kind] if each is not none]


async def _titles(visit: Visit, duties: Sequence[DutyRow]) -> Mapping[str, str]:
    among = tuple(dict.fromkeys(each.project_id for each in duties))
    return {row.project_id: row.title for row in (await visit.office.register.projects(ProjectQuery(among=among))).rows}


def _matter_table(rows: Sequence[MatterRow]) -> Table:
    columns = (
        Column(_("编号"), lambda row: row.milestone_id or row.project_id, "id"),
        Column(_("事项"), lambda row: LIMIT_WORDS[row.kind], "word"),
        Column(_("内容"), lambda row: row.description or row.title),
        Column(_("项目"), lambda row: row.title),
        Column(_("部门"), lambda row: row.about),
        Column(_("时限"), lambda row: row.due_on, "day"),
        Column(_("已超工作日"), lambda row: row.working_days_late),
    )
    return Table("waiting", _("待裁定"), columns, rows)


def _strike_table(rows: Sequence[DutyRow], titles: Mapping[str, str]) -> Table:
    columns = (
        Column(_("编号"), lambda row: row.milestone_id, "id"),
        Column(_("内容"), lambda row: row.description or titles.get(row.project_id, "")),
        Column(_("项目"), lambda row: titles.get(row.project_id, "")),
    )
    return Table("strike-off", _("待销号"), columns, rows)


PAGES = (
    Page("/waiting", waiting, OFFICE, menu=_("待裁定")),
    *exports("/waiting", OFFICE, whole_matters),
    *exports("/waiting/strike-off", OFFICE, whole_strike),
    *exports("/waiting/undecided", OFFICE, whole_undecided),
)
