"""One project for the supervision section: light, milestones, parties, what waits, papers, events, a chart."""

from __future__ import annotations

from starlette.responses import Response

from application.desk_work import views as kept
from domain.ids import MilestoneId
from domain.papers.paper import PAPER_TITLES
from entrypoints.desk.downloads import as_download
from entrypoints.desk.gantt import gantt_of
from entrypoints.desk.leader import LEADERS
from entrypoints.desk.openness import OF_THE_SECTION, Offered, offered
from entrypoints.desk.project_tables import (
    below_of,
    false_reports_of,
    history_of,
    listed,
    milestones_of,
    own_lines,
    paper_address,
    parties_of,
    progress_said,
    sub_duties_table,
)
from entrypoints.desk.reading import Known, in_the_section, papers_of, project_opened, shown_file, shown_files
from entrypoints.desk.routing import LOOKERS, OFFICE, READERS, STAND_INS, Page
from entrypoints.desk.visits import Visit


async def project(visit: Visit) -> Response:
    """One project."""
    known = await project_opened(visit, visit.request.path_params["project_id"])
    papers, below = await papers_of(visit.office, known.project_id), await below_of(visit, known)
    return visit.page(
        "project.html",
        as_of=known.now,
        known=known,
        watched=known.project_id in await kept.watched(visit.desk.accounts, visit.signed_in),
        view=known.view,
        milestones=listed(visit, milestones_of(visit, known), f"/projects/{known.project_id}/milestones"),
        parties=listed(visit, parties_of(known), f"/projects/{known.project_id}/parties"),
        history=listed(
            visit,
            history_of(known.lines(papers), false_reports_of(visit, known)),
            f"/projects/{known.project_id}/history",
        ),
        project=known.state.project,
        gantt=gantt_of(known.state, known.view.milestones, known.now.date()),
        papers=papers[::-1],
        papers_called=PAPER_TITLES,
        paper_address=paper_address,
        files=shown_files(known.events),
        opens_files=_opens_files(visit),
        below=below,
        sub_duties=listed(visit, sub_duties_table(below), f"/projects/{known.project_id}/sub-duties"),
        acts_offered=_offered(visit, known, None),
        may_find_false=visit.has(*OFFICE),
        reads_all=visit.has(*READERS),
        directs=visit.has(*LEADERS) and known.view.stage not in ("archived", "withdrawn"),
    )


def _offered(visit: Visit, known: Known, about: MilestoneId | None) -> list[Offered]:
    """What the one who asks may do there for the supervision section."""
    who = in_the_section(visit, known)
    return offered(known, OF_THE_SECTION, who.by, about, who.on_behalf_of) if who is not None else []


def _opens_files(visit: Visit) -> bool:
    return visit.has(*LOOKERS, *STAND_INS)


async def milestone(visit: Visit) -> Response:
    """One milestone of a project, with the acts of the supervision section about it."""
    known = await project_opened(visit, visit.request.path_params["project_id"])
    found = known.milestone(visit.request.path_params["milestone_id"])
    papers = await papers_of(visit.office, known.project_id)
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
        acts_offered=_offered(visit, known, found.milestone_id),
        may_find_false=visit.has(*OFFICE),
        reads_all=visit.has(*READERS),
        limits=[limit for limit in known.view.limits if limit.milestone_id == found.milestone_id],
        files=shown_files(events),
        opens_files=_opens_files(visit),
        below=below,
        sub_duties=listed(visit, sub_duties_table(below), f"{place}/sub-duties"),
        history=listed(
            visit, history_of(own_lines(known, found, papers), false_reports_of(visit, known)), f"{place}/history"
        ),
    )


async def evidence(visit: Visit) -> Response:
    """A file that was shown in a project, as a download."""
    known = await project_opened(visit, visit.request.path_params["project_id"])
    return await as_download(visit, shown_file(known.events, visit.request.path_params["sha256"]))


PAGES = (
    Page("/projects/{project_id}", project, READERS | STAND_INS),
    Page("/projects/{project_id}/milestones/{milestone_id}", milestone, READERS | STAND_INS),
    Page("/projects/{project_id}/evidence/{sha256}", evidence, LOOKERS | STAND_INS),
)
