"""One project for the supervision section: light, milestones, parties, what waits, papers, events, a chart."""

from __future__ import annotations

from starlette.responses import Response

from application.desk_work import views as kept
from entrypoints.desk.coming import PAPER_WORDS
from entrypoints.desk.downloads import as_download
from entrypoints.desk.gantt import gantt_of
from entrypoints.desk.listings import shown
from entrypoints.desk.openness import OF_THE_SECTION, offered
from entrypoints.desk.project_tables import (
    below_of,
    history_of,
    milestones_of,
    own_lines,
    parties_of,
    progress_said,
    sub_duties_table,
)
from entrypoints.desk.reading import actor_of, papers_of, project_known, shown_file, shown_files
from entrypoints.desk.routing import LOOKERS, READERS, Page
from entrypoints.desk.visits import Visit


async def project(visit: Visit) -> Response:
    """One project."""
    known = await project_known(visit, visit.request.path_params["project_id"])
    papers, below = await papers_of(visit, known.project_id), await below_of(visit, known)
    return visit.page(
        "project.html",
        as_of=known.now,
        known=known,
        watched=known.project_id in await kept.watched(visit.desk.accounts, visit.signed_in),
        view=known.view,
        milestones=shown(visit, milestones_of(visit, known), f"/projects/{known.project_id}/milestones"),
        parties=shown(visit, parties_of(known), f"/projects/{known.project_id}/parties"),
        history=shown(visit, history_of(known.lines(papers)), f"/projects/{known.project_id}/history"),
        project=known.state.project,
        gantt=gantt_of(known.state, known.view.milestones, known.now.date()),
        papers=papers[::-1],
        papers_called=PAPER_WORDS,
        files=shown_files(known.events),
        opens_files=visit.has(*LOOKERS),
        below=below,
        sub_duties=shown(visit, sub_duties_table(below), f"/projects/{known.project_id}/sub-duties"),
        acts_offered=offered(known, OF_THE_SECTION, actor_of(visit.signed_in, None), None)
        if visit.has("operator")
        else [],
    )


async def milestone(visit: Visit) -> Response:
    """One milestone of a project, with the acts of the supervision section about it."""
    known = await project_known(visit, visit.request.path_params["project_id"])
    found = known.milestone(visit.request.path_params["milestone_id"])
    by, papers = actor_of(visit.signed_in, None), await papers_of(visit, known.project_id)
    place = f"/projects/{known.project_id}/milestones/{found.milestone_id}"
    below = await below_of(visit, known, found.milestone_id)
    events = [event for event in known.events if getattr(event, "milestone_id", None) == found.milestone_id]
    return visit.page(
        "milestone.html",
        as_of=known.now,
        known=known,
        milestone=found,
        progress=progress_said(visit, found.progress),
        issued=known.state.issued(found.milestone_id),
        acts_offered=offered(known, OF_THE_SECTION, by, found.milestone_id) if visit.has("operator") else [],
        limits=[limit for limit in known.view.limits if limit.milestone_id == found.milestone_id],
        files=shown_files(events),
        opens_files=visit.has(*LOOKERS),
        below=below,
        sub_duties=shown(visit, sub_duties_table(below), f"{place}/sub-duties"),
        history=shown(visit, history_of(own_lines(known, found, papers)), f"{place}/history"),
    )


async def evidence(visit: Visit) -> Response:
    """A file that was shown in a project, as a download."""
    known = await project_known(visit, visit.request.path_params["project_id"])
    return await as_download(visit, shown_file(known.events, visit.request.path_params["sha256"]))


PAGES = (
    Page("/projects/{project_id}", project, READERS),
    Page("/projects/{project_id}/milestones/{milestone_id}", milestone, READERS),
    Page("/projects/{project_id}/evidence/{sha256}", evidence, LOOKERS),
)
