"""What programs read: the register, projects, duties, what waits; each as of an instant."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query

from application.office.coming import ComingQuery
from application.office.examination import examined
from application.office.lists_as_of import duties_as_of, projects_as_of, registered_at
from application.office.sub_duties import sub_duties_of_project
from domain.clock import OFFICE_TIME
from domain.colours import WORST_LAST, Colour
from domain.directory.every_name import duties_by_every_name, every_name, projects_by_every_name
from domain.ids import DepartmentId, MilestoneId, ProjectId, event_id_for, is_sub_duty, supervision_workflow_id
from domain.names import Name
from domain.ports.ledger import Ledger
from domain.ports.register import DepartmentCount, DutyQuery, MatterQuery, ProjectQuery, must_run_forward
from domain.ports.register_lines import DutyRow, RegisteredProject, Role
from entrypoints.api import answers as a
from entrypoints.api.calls import Call, milestone_in
from entrypoints.api.json_types import (
    About,
    Count,
    DayAsked,
    Days,
    Limit,
    NameAsked,
    Words,
    YearAsked,
    YearPath,
    YesOrNo,
)
from entrypoints.api.problems import NothingThereError
from entrypoints.bootstrap import premises_of
from entrypoints.desk.act_forms import act_forms
from entrypoints.desk.openness import Offered, kinds_for, offered
from entrypoints.desk.reading import actor_of, doer_of, has_a_duty, has_given, papers_of, part_of

Project = Annotated[ProjectId, Path(description="A key project, such as `2018-05a`")]
Milestone = Annotated[MilestoneId, Path(description="A milestone, such as `2018-05a-03`")]
Cursor = Annotated[ProjectId | None, Query(description="`next` of the part before; without it, the first part")]
Lights = Annotated[list[Colour], Query(description="Only with one of these lights")]
Whose = Annotated[
    DepartmentId | None,
    Query(description="Whose duty, where the token's person is a deputy for another department there, too"),
]
_MANY = 100


async def me(call: Call) -> a.CallerAnswer:
    """For whom the token stands."""
    who = call.caller
    return a.CallerAnswer(
        as_of=call.as_of,
        account=who.account,
        name=who.name,
        person_id=who.person_id,
        roles=who.roles,
        departments=who.departments,
        principals=tuple(
            a.PrincipalAnswer(department=name, project_ids=among) for name, among in (await call.principals()).items()
        ),
        how=who.how,
    )


async def projects(
    call: Call,
    year: YearAsked = None,
    lead: NameAsked = None,
    participant: NameAsked = None,
    category: Words = None,
    source: Words = None,
    leader: Words = None,
    text: Words = None,
    light: Lights = [],  # noqa: B006 - the web framework copies it
    overdue: YesOrNo = None,
    due_from: DayAsked = None,
    due_until: DayAsked = None,
    cursor: Cursor = None,
    limit: Limit = _MANY,
) -> a.ProjectsAnswer:
    """The register: the projects that are asked for, part by part in order of identity."""
    must_run_forward(due_from, due_until)
    query = ProjectQuery(
        year=year,
        lead=lead,
        participant=participant,
        category=category,
        source=source,
        leader=leader,
        text=text,
        lights=tuple(light),
        overdue=bool(overdue),
        due_from=due_from,
        due_until=due_until,
        after=cursor,
    )
    known = projects_by_every_name(query, call.office.records.persons.now(), call.as_of.date())
    part = await projects_as_of(call.office, known, limit, call.asked_at)
    return a.ProjectsAnswer(as_of=call.as_of, projects=part.rows, next=part.on_after)


async def project(call: Call, project_id: Project) -> a.ProjectAnswer:
    """One project: its milestones, lights, parties and what waits."""
    return a.ProjectAnswer(as_of=call.as_of, project=(await call.project(project_id)).view)


async def sub_duties(call: Call, project_id: Project) -> a.SubDutiesAnswer:
    """The sub-duties that departments gave to units of theirs in a project: how many are done, and each as it stands
    now; a department's token reads those that it gave, and those of its own sub-duties."""
    known, own = await call.project(project_id), call.names
    given = any(has_given(known, name) for name in own)
    if own and not given and not any(has_a_duty(known, m, name) for m in known.view.milestones for name in own):
        raise NothingThereError
    found = await sub_duties_of_project(call.office, known.state)
    if own and not given:
        found = tuple(each for each in found if each.department in own)
    return a.SubDutiesAnswer(as_of=call.as_of, sub_duties=found)


async def project_events(
    call: Call,
    project_id: Project,
    after: Annotated[Count, Query(description="After how many events")] = 0,
    limit: Limit = _MANY,
) -> a.TimelineAnswer:
    """What happened to a project, in words and in order, with the papers that came of it."""
    known = await call.project(project_id)
    lines = known.lines(await papers_of(call.office, project_id))
    part = lines[after : after + limit]
    on = after + len(part)
    return a.TimelineAnswer(as_of=call.as_of, events=tuple(part), next=on if on < len(lines) else None)


async def project_papers(call: Call, project_id: Project) -> a.PapersAnswer:
    """The papers of a project that were recorded by then."""
    known = await call.project(project_id)
    stream = supervision_workflow_id(project_id)
    events = {event_id_for(stream, event.seq) for event in known.events}
    papers = await papers_of(call.office, project_id)
    return a.PapersAnswer(as_of=call.as_of, papers=tuple(each for each in papers if each.paper.paper_id in events))


async def project_acts(
    call: Call,
    project_id: Project,
    milestone_id: Annotated[MilestoneId | None, Query(description="About this milestone of it")] = None,
) -> a.OpenActsAnswer:
    """Which acts of the supervision section are open now about a project or a milestone, and why the others are not."""
    known = await call.project(project_id)
    about = milestone_in(known, milestone_id).milestone_id if milestone_id is not None else None
    kinds = tuple(form.command for form in act_forms().values() if not form.of_a_department)
    return _open(call, len(known.events), offered(known, kinds, actor_of(call.caller, None), about))


async def papers(
    call: Call,
    after: Annotated[Count, Query(description="After how many papers")] = 0,
    limit: Limit = _MANY,
) -> a.ReceivedAnswer:
    """The papers that the token's department has received by then, in the order in which they came."""
    outbox = call.office.records.outbox
    came = [
        a.ReceivedPaper(received_at=each.sent_at.astimezone(OFFICE_TIME), paper=each.numbered)
        for name in call.names
        for each in await asyncio.to_thread(outbox.items, name)
        if each.sent_at is not None and each.sent_at <= call.as_of
    ]
    came.sort(key=lambda each: each.received_at)
    part = came[after : after + limit]
    on = after + len(part)
    return a.ReceivedAnswer(as_of=call.as_of, papers=tuple(part), next=on if on < len(came) else None)


async def coming(
    call: Call,
    days: Annotated[Days, Query(description="How many days, today included")] = 14,
) -> a.ComingAnswer:
    """What will go out today and in the days that follow, if nobody does anything."""
    found = await call.premises.desks.coming.coming(ComingQuery(days))
    told = tuple(map(a.ComingPaper.model_validate, found.papers))
    return a.ComingAnswer(as_of=call.as_of, until=found.until, papers=told)


async def duties(
    call: Call,
    department: Annotated[
        Name | None,
        Query(
            description="Only of this department; a department's token has its own, and those of a department for which"
            " its person may act today, in the projects in which he may"
        ),
    ] = None,
    role: Annotated[Role | None, Query()] = None,
    project_id: Annotated[ProjectId | None, Query()] = None,
    light: Lights = [],  # noqa: B006 - as above
    open: YesOrNo = None,  # noqa: A002 - the name in addresses
    signed: YesOrNo = None,
    due_from: DayAsked = None,
    due_until: DayAsked = None,
    text: Words = None,
    cursor: Cursor = None,
    limit: About = _MANY,
) -> a.DutiesAnswer:
    """Duties, part by part; a department's token reads its own, and those for which its person is a deputy where it
    names their department."""
    must_run_forward(due_from, due_until)
    principals = await _principals_named(call, department)
    query = DutyQuery(
        department=None if principals else department,
        names=tuple(principals) or call.names,
        among=tuple(project for among in principals.values() for project in among) if principals else None,
        role=role,
        project_id=project_id,
        lights=tuple(light),
        open=open,
        signed=signed,
        due_from=due_from,
        due_until=due_until,
        text=text,
        after=cursor,
    )
    known = duties_by_every_name(query, call.office.records.persons.now(), call.as_of.date())
    part = await duties_as_of(call.office, known, limit, call.asked_at)
    return a.DutiesAnswer(as_of=call.as_of, duties=part.rows, next=part.on_after)


async def _principals_named(call: Call, department: DepartmentId | None) -> dict[DepartmentId, tuple[ProjectId, ...]]:
    """The other department that is asked about, where the token's person may act for it, by its names on record."""
    names = every_name(department, call.office.records.persons.now(), call.as_of.date())
    if not call.names or not names or any(name in call.names for name in names):
        return {}
    return {name: among for name, among in (await call.principals()).items() if name in names}


async def duty(call: Call, milestone_id: Milestone, department: Whose = None) -> a.DutyAnswer:
    """One duty of the token's department, or of one for which its person is a deputy."""
    known, milestone, name = await call.own_duty(milestone_id, department)
    source = known.state.issued(milestone.milestone_id).source
    leads = name == known.state.lead
    return a.DutyAnswer(
        as_of=call.as_of,
        project_id=known.project_id,
        title=known.view.title,
        department=name,
        lead_department=known.state.lead,
        milestone=milestone if leads else milestone.having(participants=()),
        part=part_of(milestone, name),
        words=known.state.project.schedule_text[source.start : source.end],
        limits=tuple(
            limit
            for limit in known.view.limits
            if limit.milestone_id == milestone_id and (leads or name in (limit.owner, limit.about))
        ),
        directives=tuple(each for each in known.view.directives if leads and each.milestone_id in (None, milestone_id)),
    )


async def duty_acts(call: Call, milestone_id: Milestone, department: Whose = None) -> a.OpenActsAnswer:
    """Which acts of the token's department, or of its person as a deputy, are open now about a duty, and why the others
    are not."""
    known, milestone, name = await call.own_duty(milestone_id, department)
    who, kinds = doer_of(known, call.caller, name), kinds_for(known, name)
    return _open(call, len(known.events), offered(known, kinds, who.by, milestone.milestone_id, who.on_behalf_of))


async def waiting(call: Call) -> a.WaitingAnswer:
    """What waits for a ruling of the supervision section, the longest first."""
    if call.asked_at is None:
        desk = call.office.register
        await desk.current()
        return a.WaitingAnswer(as_of=call.as_of, matters=(await desk.matters(MatterQuery(of_the_section=True))).rows)
    projects = await _registered_then(call.office.records.ledger, call.asked_at)
    owed = [matter for project in projects for matter in project.matters if matter.of_the_section]
    return a.WaitingAnswer(as_of=call.as_of, matters=tuple(sorted(owed, key=lambda each: each.due_on)))


async def lights(call: Call) -> a.LightsAnswer:
    """How many projects have which light."""
    if call.asked_at is None:
        desk = call.office.register
        await desk.current()
        return a.LightsAnswer(as_of=call.as_of, lights=dict((await desk.projects(ProjectQuery(limit=1))).lights))
    projects = await _registered_then(call.office.records.ledger, call.asked_at)
    counted = Counter(project.row.light for project in projects if not is_sub_duty(project.row.project_id))
    return a.LightsAnswer(as_of=call.as_of, lights={light: counted[light] for light in WORST_LAST})


async def departments(call: Call) -> a.BurdenAnswer:
    """The duties of all departments, counted by light."""
    if call.asked_at is None:
        return a.BurdenAnswer(as_of=call.as_of, departments=tuple(await call.office.register.departments()))
    counted = _burden_of(await _registered_then(call.office.records.ledger, call.asked_at))
    return a.BurdenAnswer(as_of=call.as_of, departments=tuple(counted))


async def year_figures(call: Call, year: YearPath) -> a.YearFiguresAnswer:
    """A year in numbers, by department and by month; nothing where no list is of that year."""
    counted = await call.premises.desks.years.figures(year)
    return a.YearFiguresAnswer(as_of=counted.as_of, year=year, figures=counted.figures)


async def health(call: Call) -> a.HealthAnswer:
    """How the installation is: what `duban doctor` knows."""
    findings = await examined(premises_of(call.office.settings))
    told = tuple(a.HealthFinding(what=each.name, ok=each.ok, text=each.text) for each in findings)
    return a.HealthAnswer(as_of=call.as_of, findings=told)


async def _registered_then(ledger: Ledger, at: datetime) -> list[RegisteredProject]:
    return await asyncio.to_thread(lambda: list(registered_at(ledger, None, at)))


def _burden_of(projects: Sequence[RegisteredProject]) -> list[DepartmentCount]:
    counted: dict[tuple[DepartmentId, Role, Colour], list[DutyRow]] = {}
    for row in (duty for project in projects for duty in project.duties if not is_sub_duty(duty.project_id)):
        counted.setdefault((row.department, row.role, row.light), []).append(row)
    return [
        DepartmentCount(
            department=name,
            role=role,
            light=light,
            duties=len(rows),
            breaches=sum(row.breaches for row in rows),
            early=sum(row.early for row in rows),
            unsigned=sum(row.open and not row.signed for row in rows),
        )
        for (name, role, light), rows in sorted(counted.items())
    ]


def _open(call: Call, seen: int, acts: Sequence[Offered]) -> a.OpenActsAnswer:
    told = tuple(a.OpenAct(act=each.form.path, open=each.open, reason=each.reason) for each in acts)
    return a.OpenActsAnswer(as_of=call.as_of, seen=seen, acts=told)
