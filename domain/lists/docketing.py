"""How a key project is opened: docketed, assigned by a supervision order, and what was over before it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.actors import ENGINE
from domain.errors import UnusableInputError
from domain.events import DomainEvent, ProjectAssigned, ProjectDocketed, ReadingRuled, RetrospectiveReportRequested
from domain.ids import MilestoneId, ProjectId, supervision_workflow_id
from domain.papers.paper import NotSentReason
from domain.project import KeyProject, ListHeader, RuledReading
from domain.record.leaf import MOST_LEAF_BYTES, too_long
from domain.record.recorder import EventRecorder
from domain.rules.calendar import WorkingCalendar, end_of
from domain.rules.policy import SupervisionPolicy
from domain.rungs.due_dates import pass_over_reminders
from domain.rungs.ladder import START_CAUSE, deadline_of
from domain.rungs.matters import set_limit


class ProjectTooLongError(UnusableInputError, rule="project_fits_the_ledger"):
    """A row of the list is too long to be kept as one entry: found before its supervision begins, not after."""

    project_id: ProjectId
    length: int
    field: str
    field_length: int

    def _sentence(self) -> str:
        return (
            f"项目 {self.project_id} 的文字过长：台账的一条记录放不下（{self.length} 字节，"
            f"上限 {MOST_LEAF_BYTES} 字节），其中{self.field}占 {self.field_length} 字节；"
            f"请缩短{self.field}，或把该项目分成几项。"
        )


def docket(
    listed: ListHeader,
    project: KeyProject,
    policy: SupervisionPolicy,
    calendar: WorkingCalendar,
    now: datetime,
    rulings: Sequence[RuledReading] = (),
) -> tuple[DomainEvent, ...]:
    """The events that open a project: its opening, and what was over before it began.

    A milestone whose due day is over is asked for in retrospect and never alarms; a reminder whose instant has passed
    is recorded as not sent, since the supervision order stands in its place.

    Raises:
        ProjectTooLongError: the row is longer than one entry of the ledger can hold.
    """
    recorder = opened(listed, project, policy, calendar, now, rulings)
    _must_fit(project, recorder)
    for milestone in project.milestones:
        open_milestone(recorder, milestone.milestone_id, milestone.born_late, now)
    for department in dict.fromkeys((project.lead_department, *project.participating_departments)):
        set_limit(recorder, "receipt", now, owner=department)
    return tuple(recorder.events)


def opened(
    listed: ListHeader,
    project: KeyProject,
    policy: SupervisionPolicy,
    calendar: WorkingCalendar,
    now: datetime,
    rulings: Sequence[RuledReading] = (),
) -> EventRecorder:
    """The first events of a project, in which all stands that it is opened with: docketed, assigned by a supervision
    order, the rulings on what the notice left open."""
    recorder = EventRecorder(None, now, ENGINE, START_CAUSE)
    recorder.record(
        ProjectDocketed,
        year=listed.year,
        list_title=listed.title,
        document_number=listed.document_number,
        issued_on=listed.issued_on,
        project=project,
        policy=policy.for_project(project.project_id, project.category),
        calendar=calendar,
    )
    recorder.record(
        ProjectAssigned,
        lead_department=project.lead_department,
        participating_departments=project.participating_departments,
    )
    record_rulings(recorder, rulings)
    return recorder


def _must_fit(project: KeyProject, recorder: EventRecorder) -> None:
    stream = supervision_workflow_id(project.project_id)
    if (found := too_long(stream, recorder.events)) is None:
        return
    length, longest = found
    fields: dict[str, Any] = {"裁定的原文和理由": longest.model_dump_json()}
    if isinstance(longest, ProjectDocketed):
        fields = {
            "项目名称": project.title,
            "主要内容": project.main_content,
            "工作进度安排": project.schedule_text,
            "参与部门": "".join(project.participating_departments),
            "节点文字": "".join(each.model_dump_json() for each in project.milestones),
            "对该项目的督办规则": longest.policy.model_dump_json(),
            "工作日历": longest.calendar.model_dump_json(),
        }
    sizes = {field: len(text.encode()) for field, text in fields.items()}
    field = max(sizes, key=sizes.__getitem__)
    raise ProjectTooLongError(project_id=project.project_id, length=length, field=field, field_length=sizes[field])


def record_rulings(recorder: EventRecorder, rulings: Sequence[RuledReading]) -> None:
    """Record how doubtful words of the notice were ruled to be read."""
    for ruling in rulings:
        recorder.record(ReadingRuled, **dict(ruling))


def open_milestone(
    recorder: EventRecorder,
    milestone_id: MilestoneId,
    born_late: bool,
    now: datetime,
    reason: NotSentReason = "before_assignment",
) -> None:
    """Record what a milestone's round begins with: asked for in retrospect when over, else the reminders passed."""
    state = recorder.project
    milestone = state.milestones[milestone_id]
    if milestone.answer_by is None:
        return
    deadline = deadline_of(milestone.answer_by, state.policy.rules_for(milestone_id), state.calendar)
    if born_late or end_of(deadline) <= now:
        recorder.record(RetrospectiveReportRequested, milestone_id=milestone_id, due_on=milestone.answer_by)
        return
    pass_over_reminders(recorder, milestone_id, now, reason)
