"""A duty: how it stands, what can be done now and why the rest cannot, the notice's own words, what happened."""

from __future__ import annotations

from starlette.responses import Response

from application.office.sub_duties import sub_duties_of_project
from domain.events import DomainEvent
from domain.evidence import EvidenceFile
from domain.ids import DepartmentId
from domain.seeing.timeline import TimelineLine
from domain.seeing.views import MilestoneView
from entrypoints.desk.downloads import as_download
from entrypoints.desk.listings import Table, exports, shown
from entrypoints.desk.openness import kinds_for, offered
from entrypoints.desk.project_tables import history_of, progress_said
from entrypoints.desk.reading import Known, actor_of, has_given, is_seen_by, own_duty, part_of, shown_files
from entrypoints.desk.routing import DEPARTMENTS, Page
from entrypoints.desk.visits import NotFoundError, Visit


async def duty(visit: Visit) -> Response:
    """One duty of the department of the one who asks."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    issued, given_by_us = known.state.issued(milestone.milestone_id), has_given(known, name)
    seen = _seen(known, milestone, name)
    schedule = known.state.project.schedule_text
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
        acts_offered=offered(known, kinds_for(known, name), actor_of(visit.signed_in, name), milestone.milestone_id),
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
        below=[
            each
            for each in await sub_duties_of_project(visit.office, known.state)
            if (each.milestone_id, each.department) == (milestone.milestone_id, name) or given_by_us
        ],
    )


def _seen(known: Known, milestone: MilestoneView, name: DepartmentId) -> list[tuple[DomainEvent, TimelineLine]]:
    return [
        (event, line)
        for event, line in zip(known.events, known.lines(), strict=True)
        if line.milestone_id in (milestone.milestone_id, None) and is_seen_by(event, known, name)
    ]


async def whole_history(visit: Visit) -> Table:
    """What happened to one duty, as far as it is the department's business."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    return history_of([line for _event, line in _seen(known, milestone, name)])


async def evidence(visit: Visit) -> Response:
    """A file that was shown about a duty of the department of the one who asks, as a download."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    seen = [
        event
        for event in known.events
        if getattr(event, "milestone_id", None) == milestone.milestone_id and is_seen_by(event, known, name)
    ]
    return await as_download(visit, _named(shown_files(seen), visit.request.path_params["sha256"]))


def _named(files: tuple[EvidenceFile, ...], sha256: str) -> EvidenceFile:
    for file in files:
        if file.sha256 == sha256:
            return file
    raise NotFoundError


PAGES = (
    Page("/duties/{milestone_id}", duty, DEPARTMENTS),
    *exports("/duties/{milestone_id}/history", DEPARTMENTS, whole_history),
    Page("/duties/{milestone_id}/evidence/{sha256}", evidence, DEPARTMENTS),
)
