"""The tables of a project, on its page and to take away: its milestones, its parties, what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from application.office.sub_duties import sub_duties_of_project
from domain.colours import Colour
from domain.ids import MilestoneId, event_id_for, record_name, supervision_workflow_id
from domain.papers.paper import NumberedPaper
from domain.scoring.reported_record import reporter_of
from domain.seeing.stage_words import part_word, shown_stage, stage_word
from domain.seeing.sub_duties import SubDutiesView, SubDutyLine
from domain.seeing.timeline import TimelineLine
from domain.seeing.views import MilestoneView, ProgressView
from entrypoints.core_sentences import core_said
from entrypoints.desk.false_reports import address_of
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, ShownTable, Table, exports, only_told, shown
from entrypoints.desk.reading import Known, papers_of, project_known
from entrypoints.desk.routing import READERS
from entrypoints.desk.visits import Visit


class _Party(NamedTuple):
    """A department's part in a milestone."""

    milestone: str
    department: str
    role: str
    light: Colour
    stage: str
    signed: bool
    reports: int
    breaches: int


_PARTIES: Final = (
    Column(_("节点"), lambda row: row.milestone, "id"),
    Column(_("部门"), lambda row: row.department),
    Column(_("角色"), lambda row: row.role, "word"),
    Column(_("灯"), lambda row: row.light, "light"),
    Column(_("状态"), lambda row: row.stage, "word"),
    Column(_("签收情况"), lambda row: _("已签收") if row.signed else _("未签收"), "word"),
    Column(_("反馈"), lambda row: row.reports),
    Column(_("违期"), lambda row: row.breaches),
)


class _Given(NamedTuple):
    """A unit's part in a milestone, and the department that gave it."""

    milestone: str
    department: str
    line: SubDutyLine


_GIVEN: Final = (
    Column(_("节点"), lambda row: row.milestone, "id"),
    Column(_("部门"), lambda row: row.department),
    Column(_("灯"), lambda row: row.line.light, "light"),
    Column(_("签收情况"), lambda row: _("已签收") if row.line.signed else _("未签收"), "word"),
    Column(_("状态"), lambda row: row.line.stage and shown_stage(row.line.stage, signed=row.line.signed), "stage"),
    Column(_("时限"), lambda row: row.line.answer_by, "day"),
    Column(_("反馈"), lambda row: row.line.reports),
    Column(_("说明"), lambda row: row.line.explanation, "said"),
)

_HISTORY: Final = (
    Column(_("时间"), lambda row: row.decided_at, "instant"),
    Column(_("谁"), lambda row: row.actor, "said"),
    Column(_("节点"), lambda row: row.milestone_id, "id"),
    Column(_("什么事"), lambda row: row.what, "said"),
    Column(_("文书"), lambda row: row.paper, "id", lambda row: paper_address(row.event_id) if row.paper else None),
)


def listed(visit: Visit, table: Table, path: str) -> ShownTable:
    """A table of a project; whoever sees only some projects, as a deputy, has no exports of it."""
    return shown(visit, table, path) if visit.has(*READERS) else only_told(visit, table)


def paper_address(paper_id: str) -> str:
    """Where those who read whole projects open a paper, by the identity of the event that it follows from."""
    project_id, _mark, number = record_name(paper_id).partition("#")
    return f"/projects/{project_id}/papers/{number}"


def progress_said(visit: Visit, progress: ProgressView) -> str:
    """How far a milestone is, in the language of the visit."""
    parts = []
    if progress.of:
        done = visit.say("完成 %(quantity)s / %(of)s", quantity=progress.quantity or 0, of=progress.of)
        parts.append(f"{done} {core_said(visit.language, progress.unit or '')}".strip())
        if progress.scheduled is not None:
            parts.append(visit.say("序时应完成 %(n)s", n=progress.scheduled))
    else:
        parts.append(visit.say("反馈 %(n)s 次", n=progress.reports))
    if progress.periods:
        parts.append(visit.say("共 %(n)s 期", n=progress.periods))
    if progress.missed:
        parts.append(visit.say("缺第 %(which)s 期", which=visit.joined(map(str, progress.missed))))
    return " · ".join(parts)


def milestones_of(visit: Visit, known: Known) -> Table:
    """The milestones, each with its light, its dates and how far it is."""
    base = f"/projects/{known.project_id}/milestones/"

    def explained(milestone: MilestoneView) -> str:
        said = core_said(visit.language, milestone.explanation)
        count = len(milestone.breaches)
        return f"{said} {visit.say('违期 %(n)s 次', n=count)}" if count else said

    columns = (
        Column(_("编号"), lambda row: _short(known, row), "id"),
        Column(_("灯"), lambda row: row.light, "light"),
        Column(_("内容"), lambda row: row.description or known.view.title, href=lambda row: base + row.milestone_id),
        Column(_("状态"), lambda row: shown_stage(row.stage, signed=row.signed), "stage"),
        Column(_("原定"), lambda row: row.baseline_due_on, "day"),
        Column(_("批准"), lambda row: row.approved_due_on, "day"),
        Column(_("预计"), lambda row: row.forecast_due_on, "day"),
        Column(_("进度"), lambda row: progress_said(visit, row.progress), "told"),
        Column(_("说明"), explained, "told"),
    )
    return Table("milestones", _("节点"), columns, known.view.milestones)


def parties_of(known: Known) -> Table:
    """The departments of each milestone: whose part is how far, and who has signed."""
    return Table("parties", _("各方"), _PARTIES, tuple(_parties(known)))


def _parties(known: Known) -> Iterator[_Party]:
    for each in known.view.milestones:
        lead, name = known.view.lead_department, _short(known, each)
        stage, breaches = stage_word(each.stage, signed=each.signed), len(each.breaches)
        yield _Party(name, lead, _("牵头"), each.light, stage, each.signed, each.progress.reports, breaches)
        for part in each.participants:
            stage, breaches = part_word(part.stage, signed=part.signed), len(part.breaches)
            yield _Party(name, part.department, _("参与"), part.light, stage, part.signed, part.reports, breaches)


def _short(known: Known, milestone: MilestoneView) -> str:
    return milestone.milestone_id[len(known.project_id) + 1 :]


def history_of(
    lines: Sequence[TimelineLine], number_leads_to: Callable[[TimelineLine], str | None] | None = None
) -> Table:
    """What happened, the newest first; `number_leads_to` is where the number of a record leads."""
    columns = (*_HISTORY, Column(_("编号"), lambda row: f"#{row.event_id.rpartition('#')[2]}", "id", number_leads_to))
    return Table("history", _("经过"), columns, lines[::-1])


def false_reports_of(visit: Visit, known: Known) -> Callable[[TimelineLine], str | None]:
    """Where each record of a project is found to be false, for whoever may."""
    stream = supervision_workflow_id(known.project_id)
    reporters = {event_id_for(stream, event.seq): reporter_of(event) for event in known.events}
    return lambda line: address_of(visit, line, reporters.get(line.event_id))


def own_lines(known: Known, milestone: MilestoneView, papers: Sequence[NumberedPaper]) -> list[TimelineLine]:
    """What happened to one milestone itself, with the papers that came of it."""
    return [line for line in known.lines(papers) if line.milestone_id == milestone.milestone_id]


def sub_duties_table(
    below: Sequence[SubDutiesView],
    href: Callable[[SubDutyLine], str | None] = lambda line: f"/projects/{line.project_id}",
) -> Table:
    """What was given to units below, each part with how it stands."""
    rows = [_Given(each.milestone_id, each.department, line) for each in below for line in each.lines]
    columns = (
        Column(_("编号"), lambda row: row.line.project_id, "id"),
        Column(
            _("单位"), lambda row: row.line.unit, href=lambda row: href(row.line) if row.line.milestone_id else None
        ),
        *_GIVEN,
    )
    return Table("sub-duties", _("分解任务"), columns, rows)


async def below_of(visit: Visit, known: Known, milestone_id: MilestoneId | None = None) -> list[SubDutiesView]:
    """What was given below of a project, or of one of its milestones."""
    found = await sub_duties_of_project(visit.office, known.state)
    return [each for each in found if milestone_id in (None, each.milestone_id)]


async def _known(visit: Visit) -> Known:
    return await project_known(visit, visit.request.path_params["project_id"])


async def whole_milestones(visit: Visit) -> Table:
    """The milestones of one project."""
    return milestones_of(visit, await _known(visit))


async def whole_history(visit: Visit) -> Table:
    """What happened to one project, with the papers that came of it."""
    known = await _known(visit)
    return history_of(known.lines(await papers_of(visit.office, known.project_id)))


async def whole_sub_duties(visit: Visit) -> Table:
    """What was given below of one project, or of one of its milestones."""
    params = visit.request.path_params
    return sub_duties_table(await below_of(visit, await _known(visit), params.get("milestone_id")))


async def whole_own_history(visit: Visit) -> Table:
    """What happened to one milestone itself."""
    known = await _known(visit)
    milestone = known.milestone(visit.request.path_params["milestone_id"])
    return history_of(own_lines(known, milestone, await papers_of(visit.office, known.project_id)))


PAGES = (
    *exports("/projects/{project_id}/milestones", READERS, whole_milestones),
    *exports("/projects/{project_id}/parties", READERS, _known, parties_of),
    *exports("/projects/{project_id}/history", READERS, whole_history),
    *exports("/projects/{project_id}/sub-duties", READERS, whole_sub_duties),
    *exports("/projects/{project_id}/milestones/{milestone_id}/sub-duties", READERS, whole_sub_duties),
    *exports("/projects/{project_id}/milestones/{milestone_id}/history", READERS, whole_own_history),
)
