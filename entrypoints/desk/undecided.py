"""What time brought, was not done and waits for a person: where, why, since when, and the act that does it by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.ids import MilestoneId, ProjectId, is_sub_duty
from domain.ports.register import ProjectQuery
from domain.seeing.undecided import UndecidedView
from domain.state.under_way import CAPPED_INSPECTION
from entrypoints.desk.act_forms import ActForm
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table
from entrypoints.desk.openness import offered
from entrypoints.desk.reading import actor_of, project_known
from entrypoints.desk.visits import Visit

_BY_HAND: Final[dict[str, type[Command]]] = {
    CAPPED_INSPECTION: c.OpenInspection,
    "planned_inspection": c.OpenInspection,
    "resumption": c.Resume,
    "reminder": c.Urge,
    "breach": c.Urge,
    "urge": c.Urge,
    "order": c.Urge,
}


@dataclass(frozen=True, slots=True)
class ByHand:
    """One of them, of which project, and the form of the act that does it, where the core takes that act now."""

    project_id: ProjectId
    title: str
    view: UndecidedView
    form: ActForm | None = None

    @property
    def milestone_id(self) -> MilestoneId | None:
        """What it is about; none of a whole project."""
        return self.view.milestone_id


async def undecided(visit: Visit) -> list[ByHand]:
    """All of them, of rows of a list and of parts, in the register's order."""
    rows = (await visit.office.register.projects(ProjectQuery(undecided=True, with_sub_duties=True))).rows
    views = await visit.office.register.views([row.project_id for row in rows])
    return [
        ByHand(row.project_id, row.title, UndecidedView.model_validate(each))
        for row in rows
        for each in json.loads(views[row.project_id])["undecided"]
    ]


async def with_acts(visit: Visit, found: Sequence[ByHand]) -> list[ByHand]:
    """Each with its act. What a department gave to its units is the department's to see to."""
    by = actor_of(visit.signed_in, None)
    told = []
    for each in found:
        kind = _BY_HAND.get(each.view.kind)
        forms: list[ActForm] = []
        if kind is not None and not is_sub_duty(each.project_id):
            known = await project_known(visit, each.project_id)
            acts = offered(known, (kind,), by, each.milestone_id)
            forms = [act.form for act in acts if act.open]
        told.append(ByHand(each.project_id, each.title, each.view, next(iter(forms), None)))
    return told


def undecided_table(rows: Sequence[ByHand]) -> Table:
    """What is taken away of them."""
    columns = (
        Column(_("编号"), lambda row: row.milestone_id or row.project_id, "id"),
        Column(_("项目"), lambda row: row.title),
        Column(_("起始"), lambda row: row.view.since, "instant"),
        Column(_("说明"), lambda row: row.view.text, "said"),
    )
    return Table("undecided", _("待人工处理"), columns, rows)
