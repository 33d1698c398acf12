"""What a closed year leaves to a later one: its carried-over milestones, as the rows of a plan for that year's list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from domain.clock import office_day
from domain.ids import DepartmentId, ProjectId, is_sub_duty, milestone_id_for, project_of
from domain.notice.findings import Finding, FindingSource
from domain.notice.plan import Plan
from domain.notice.rulings import CARRIED_OVER_DATE
from domain.notice.windows import Choice, Severity
from domain.project import KeyProject, Milestone, SourceSpan
from domain.rungs.timing import gone_on
from domain.state import MilestoneState, ProjectState, target_of
from domain.state.duties import OPEN_PART_STAGES

_REMAINDER = "carried_over_remainder"
_CHOICES = (Choice(key="M月D日前", text="写明新的时限"), Choice(key="年底前", text="年底到期"))
_CARRIED = "C"


def carried_over_plan(
    states: Sequence[ProjectState], to_year: int, on: date, named: Callable[[DepartmentId], DepartmentId] = str
) -> Plan:
    """The plan of what was carried over to a year; `on` is the day on which it is written, `named` says how a
    department is called by then.

    A date that lies before the year has lapsed with the closing: what it shall be is a finding to rule on. The
    identities are apart from those of the year's own list, so that both can stand in one plan.
    """
    findings: list[Finding] = []
    projects = []
    for state in states:
        if is_sub_duty(state.project_id):
            continue  # the whole goes over, and its department gives it out anew
        carried = [each for each in state.milestones.values() if each.carried_to == to_year]
        if carried:
            project, unruled = _row(state, carried, to_year, named)
            projects.append(project)
            findings += unruled
    year = states[0].year if states else to_year - 1
    return Plan(
        document_number=None,
        title=f"{year}年结转{to_year}年重点项目",
        issuer=None,
        issued_on=on,
        year=to_year,
        projects=tuple(projects),
        findings=tuple(findings),
    )


def carried_project_id(project_id: ProjectId, to_year: int) -> ProjectId:
    """The identity of a carried-over row: the year's, with a mark before the old one's place (`2019-C05a`)."""
    return f"{to_year}-{_CARRIED}{project_id.partition('-')[2]}"


def _row(
    state: ProjectState, carried: Sequence[MilestoneState], to_year: int, named: Callable[[DepartmentId], DepartmentId]
) -> tuple[KeyProject, list[Finding]]:
    project, project_id = state.project, carried_project_id(state.project_id, to_year)
    milestones: list[Milestone] = []
    findings: list[Finding] = []
    schedule = ""
    lead = named(project.lead_department)
    # A participant may have become the lead's department by being renamed.
    taking = [[name for name in map(named, _taking_part(project, each)) if name != lead] for each in carried]
    called = dict.fromkeys(map(named, project.participating_departments))
    participants = tuple(name for name in called if any(name in those for those in taking))
    for ordinal, milestone in enumerate(carried, start=1):
        issued = state.issued(milestone.milestone_id)
        clause = f"{issued.window_text}：{issued.description}；"
        start, schedule = len(schedule), schedule + clause
        due_on = _due_on(state, milestone)
        lapsed = due_on is None or due_on.year < to_year
        milestone_id = milestone_id_for(project_id, ordinal)
        target, delivered = target_of(issued), milestone.quantity or 0
        if target is not None and 0 < delivered < target[0]:
            left, unit = target[0] - delivered, target[1]
            issued = _with_left(issued, left)
            rest = f"已完成{delivered}{unit}，目标按余下的{left}{unit}计。"
            words = f"由{milestone.milestone_id}结转：{rest}"
            findings.append(_finding(milestone_id, _REMAINDER, "note", words, clause[:-1], start))
        milestones.append(
            issued.having(
                milestone_id=milestone_id,
                starts_on=date(to_year, 1, 1) if _asks_for_reports(issued) else None,
                due_on=None if lapsed else due_on,
                assigned="window",
                born_late=False,
                source=SourceSpan(start=start, end=start + len(clause) - 1),
                without=tuple(name for name in participants if name not in taking[ordinal - 1]) or None,
            )
        )
        if lapsed:
            was = f"原时限{due_on}在{to_year}年以前" if due_on else "原时限待定"
            words = f"由{milestone.milestone_id}结转，{was}：请裁定新的时限。"
            findings.append(_finding(milestone_id, CARRIED_OVER_DATE, "ruling", words, clause[:-1], start))
    row = KeyProject(
        project_id=project_id,
        serial=f"结转{project.serial}",
        title=project.title,
        main_content=project.main_content,
        lead_department=lead,
        participating_departments=participants,
        schedule_text=schedule,
        milestones=tuple(milestones),
        category=project.category,
        priority=project.priority,
        source=project.source,
        responsible_leader=project.responsible_leader,
    )
    return row, findings


def _due_on(state: ProjectState, milestone: MilestoneState) -> date | None:
    """The approved date, later by the days for which the clock stood still up to the closing of the year."""
    approved, end = milestone.approved_due_on, state.before_the_end
    if approved is None or end is None:
        return approved
    before, closed_on = end.milestones[milestone.milestone_id], office_day(end.ended_at)
    stopped_on = before.stopped_on or closed_on
    days = state.calendar.working_days_between(stopped_on, closed_on)
    stands = gone_on(state, milestone.milestone_id, before, days, stopped_on, None)
    # A ruling of its own year is asked for of what was due in the year that closes, however its days were moved.
    return approved if approved.year <= state.year else max(approved, stands or approved)


def _asks_for_reports(issued: Milestone) -> bool:
    """Whether work goes on, or comes back every so many months: it has begun, and its reports are asked for anew."""
    return issued.ongoing or (issued.recurrence is not None and issued.recurrence.every_months is not None)


def _taking_part(project: KeyProject, milestone: MilestoneState) -> Iterator[DepartmentId]:
    """Who still has a part to deliver in what is carried over: whoever delivered or was released has none again."""
    for name in project.participating_departments:
        part = milestone.parts.get(name)
        if part is not None and part.stage in OPEN_PART_STAGES:
            yield name


def _with_left(issued: Milestone, left: int) -> Milestone:
    """A milestone of which so many are left to deliver: of its quota, or of the times that it comes back."""
    if issued.quota is not None:
        return issued.having(quota=issued.quota.having(value=left))
    return issued.having(recurrence=issued.recurrence and issued.recurrence.having(count=left))


def _finding(milestone_id: str, code: str, severity: Severity, text: str, clause: str, start: int) -> Finding:
    return Finding(
        key=f"{milestone_id}/{code}",
        code=code,
        severity=severity,
        project_id=project_of(milestone_id),
        milestone_id=milestone_id,
        text=text,
        source=FindingSource(start=start, end=start + len(clause), text=clause),
        choices=_CHOICES if severity == "ruling" else (),
    )
