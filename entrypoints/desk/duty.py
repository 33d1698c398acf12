"""A duty: how it stands, what can be done now and why the rest cannot, the notice's own words, what happened."""

from __future__ import annotations

from starlette.responses import Response

from domain.evidence import EvidenceFile
from entrypoints.desk.downloads import as_download
from entrypoints.desk.openness import OF_A_DEPARTMENT, offered
from entrypoints.desk.reading import actor_of, is_seen_by, own_duty, part_of, shown_files
from entrypoints.desk.routing import DEPARTMENTS, Page
from entrypoints.desk.visits import NotFoundError, Visit


async def duty(visit: Visit) -> Response:
    """One duty of the department of the one who asks."""
    known, milestone, name = await own_duty(visit, visit.request.path_params["milestone_id"])
    issued = known.state.issued(milestone.milestone_id)
    seen = [
        (event, line)
        for event, line in zip(known.events, known.lines(), strict=True)
        if line.milestone_id == milestone.milestone_id and is_seen_by(event, known, name)
    ]
    schedule = known.state.project.schedule_text
    return visit.page(
        "duty.html",
        as_of=known.now,
        known=known,
        milestone=milestone,
        part=part_of(milestone, name),
        department=name,
        issued=issued,
        before=schedule[: issued.source.start],
        words=schedule[issued.source.start : issued.source.end],
        after=schedule[issued.source.end :],
        acts_offered=offered(known, OF_A_DEPARTMENT, actor_of(visit.signed_in, name), milestone.milestone_id),
        limits=[
            limit
            for limit in known.view.limits
            if limit.milestone_id == milestone.milestone_id and name in (limit.owner, limit.about, known.state.lead)
        ],
        files=shown_files([event for event, _line in seen]),
        lines=[line for _event, line in reversed(seen)],
    )


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
    Page("/duties/{milestone_id}/evidence/{sha256}", evidence, DEPARTMENTS),
)
