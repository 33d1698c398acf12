"""What waits for the supervision section itself, longest first: its limit, the request, the acts that answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.ids import MilestoneId, ProjectId
from domain.ports.register import DutyQuery
from domain.rules.life_cycle import OF_THE_SUPERVISORS, LimitKind
from domain.seeing.views import LimitView, MilestoneView, ProjectView
from entrypoints.desk.act_forms import ActForm, form_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import OFFICE, Page
from entrypoints.desk.visits import Visit

ANSWERS: Final[dict[LimitKind, tuple[type[Command], ...]]] = {
    "completion_review": (c.AcceptCompletion, c.ReturnForRework),
    "extension_review": (c.ReviewExtension,),
    "extension_ruling": (c.RuleOnExtension,),
    "declined_assignment": (c.InsistOnAssignment, c.ReassignLead, c.ReplaceParticipant),
    "dispute": (c.RuleOnDispute,),
    "rectification_check": (c.CheckRectification,),
}


_MARKS: Final = (*tuple(f'"kind":"{kind}"' for kind in OF_THE_SUPERVISORS), '"stage":"completed"')


@dataclass(frozen=True, slots=True)
class Waits:
    """A matter that waits for a ruling, and the acts that answer it."""

    project_id: ProjectId
    title: str
    limit: LimitView
    milestone: MilestoneView | None
    answers: tuple[ActForm, ...]


@dataclass(frozen=True, slots=True)
class ToStrike:
    """A completed milestone that another person must strike off."""

    project_id: ProjectId
    title: str
    milestone_id: MilestoneId
    description: str


async def waiting(visit: Visit) -> Response:
    """Everything that waits for the supervision section."""
    desk = visit.office.register
    standing = await desk.current()
    projects = list(await desk.closed())
    texts = await desk.views(projects)
    matters, titles = await asyncio.to_thread(_matters, list(texts.values()))
    completed = (await desk.duties(DutyQuery(role="lead", stages=("completed",), sort="due"))).rows
    strike = [ToStrike(d.project_id, titles.get(d.project_id, ""), d.milestone_id, d.description) for d in completed]
    return visit.page("waiting.html", as_of=await visit.desk.now(), standing=standing, matters=matters, strike=strike)


def _matters(texts: Sequence[str]) -> tuple[list[Waits], dict[ProjectId, str]]:
    found, titles = [], {}
    for text in texts:
        if not any(mark in text for mark in _MARKS):
            continue  # of most projects nothing waits here, and reading them whole is what takes time
        view = ProjectView.model_validate_json(text)
        titles[view.project_id] = view.title
        milestones = {each.milestone_id: each for each in view.milestones}
        for limit in view.limits:
            if limit.kind in OF_THE_SUPERVISORS:
                forms = tuple(form_of(command) for command in ANSWERS[limit.kind])
                about = milestones.get(limit.milestone_id or "")
                found.append(Waits(view.project_id, view.title, limit, about, forms))
    return sorted(found, key=lambda each: (each.limit.due_on, each.project_id)), titles


PAGES = (Page("/waiting", waiting, OFFICE, menu=_("待裁定")),)
