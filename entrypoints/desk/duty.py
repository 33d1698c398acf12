"""A duty: how it stands, what can be done now and why the rest cannot, the notice's own words, what happened."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from domain.events import DomainEvent
from domain.ids import DepartmentId
from domain.seeing.sub_duties import SubDutiesView
from domain.seeing.timeline import TimelineLine
from domain.seeing.views import MilestoneView
from entrypoints.desk.downloads import as_download
from entrypoints.desk.listings import Table, exports, shown
from entrypoints.desk.openness import kinds_for, offered
from entrypoints.desk.project_tables import below_of, history_of, progress_said, sub_duties_table
from entrypoints.desk.reading import (
    Known,
    about_duty,
    doer_of,
    has_given,
    is_seen_by,
    own_duty,
    part_of,
    shown_file,
    shown_files,
    who_acts,
)
from entrypoints.desk.routing import MEMBERS, Page
from entrypoints.desk.visits import Visit


async def duty(visit: Visit) -> Response:
    """One duty of the department of the one who asks."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    issued, given_by_us = known.state.issued(milestone.milestone_id), has_given(known, name)
    seen = _seen(known, milestone, name)
    below = await _below(visit, known, milestone, name)
    schedule, doer = known.state.project.schedule_text, doer_of(known, visit.signed_in, name)
    may_act = name in visit.signed_in.departments or doer.on_behalf_of is not None
    kinds = kinds_for(known, name) if may_act else ()
    return visit.page(
        "duty.html",
        as_of=known.now,
        known=known,
        milestone=milestone,
        progress=progress_said(visit, milestone.progress),
        part=part_of(milestone, name),
        department=name,
        issued=issued,
        before=schedule[: issued.source.start],
        words=schedule[issued.source.start : issued.source.end],
        after=schedule[issued.source.end :],
        through=doer.by.department if doer.on_behalf_of is not None else None,
        only_reads="" if may_act else await who_acts(visit, name),
        acts_offered=offered(known, kinds, doer.by, milestone.milestone_id, doer.on_behalf_of),
        limits=[
            limit
            for limit in known.view.limits
            if limit.milestone_id == milestone.milestone_id
            and (given_by_us or name in (limit.owner, limit.about, known.state.lead))
        ],
        receipt=next(
            (
                each
                for each in known.view.limits
                if each.kind == "receipt" and each.owner == (known.state.lead if given_by_us else name)
            ),
            None,
        ),
        files=shown_files([event for event, line in seen if line.milestone_id]),
        history=shown(visit, history_of([line for _event, line in seen]), f"/duties/{milestone.milestone_id}/history"),
        given_by_us=given_by_us,
        below=below,
        sub_duties=shown(visit, _sub_duties(below, name), f"/duties/{milestone.milestone_id}/sub-duties"),
    )


def _seen(known: Known, milestone: MilestoneView, name: DepartmentId) -> list[tuple[DomainEvent, TimelineLine]]:
    return [
        (event, line)
        for event, line in zip(known.events, known.lines(), strict=True)
        if line.milestone_id in (milestone.milestone_id, None) and is_seen_by(event, known, name)
    ]


async def _below(visit: Visit, known: Known, milestone: MilestoneView, name: DepartmentId) -> list[SubDutiesView]:
    """What the department gave to units below it of this duty; all that was given of what it has itself given."""
    if has_given(known, name):
        return await below_of(visit, known)
    return [each for each in await below_of(visit, known, milestone.milestone_id) if each.department == name]


def _sub_duties(below: list[SubDutiesView], name: DepartmentId) -> Table:
    return sub_duties_table(below, lambda line: f"/duties/{line.milestone_id}?department={quote(name)}")


async def whole_sub_duties(visit: Visit) -> Table:
    """What the department gave to units below it of one duty."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    return _sub_duties(await _below(visit, known, milestone, name), name)


async def whole_history(visit: Visit) -> Table:
    """What happened to one duty, as far as it is the department's business."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    return history_of([line for _event, line in _seen(known, milestone, name)])


async def evidence(visit: Visit) -> Response:
    """A file that was shown about a duty of the department of the one who asks, as a download."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    shown_about_it = about_duty(known, milestone, name)
    return await as_download(visit, shown_file(shown_about_it, visit.request.path_params["sha256"]))


PAGES = (
    Page("/duties/{milestone_id}", duty, MEMBERS),
    *exports("/duties/{milestone_id}/history", MEMBERS, whole_history),
    *exports("/duties/{milestone_id}/sub-duties", MEMBERS, whole_sub_duties),
    Page("/duties/{milestone_id}/evidence/{sha256}", evidence, MEMBERS),
)
