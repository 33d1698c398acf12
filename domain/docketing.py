"""How a key project is opened: docketed, assigned by a supervision order, and what was over before it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.actors import ENGINE
from domain.calendar import WorkingCalendar, end_of
from domain.errors import InputError
from domain.events import (
    DomainEvent,
    ProjectAssigned,
    ProjectDocketed,
    ReadingRuled,
    RetrospectiveReportRequested,
)
from domain.ids import MilestoneId, ProjectId
from domain.ladder import START_CAUSE, deadline_of
from domain.papers import NotSentReason
from domain.policy import SupervisionPolicy
from domain.project import KeyProject, ListHeader, RuledReading
from domain.recorder import EventRecorder
from domain.rungs.due_dates import pass_over_reminders
from domain.rungs.matters import set_limit

MOST_DOCKETED_BYTES = 64_000
"""What an entry of the ledger can hold (64 KiB), less what stands around the event. A test holds it."""


class ProjectTooLongError(InputError):
    """A row of the list is too long to be kept as one entry: found before its supervision begins, not after."""

    rule = "project_fits_the_ledger"

    def __init__(self, *, project_id: ProjectId) -> None:
        super().__init__(
            f"项目 {project_id} 的文字过长，台账的一条记录放不下（上限 {MOST_DOCKETED_BYTES} 字节）："
            "请缩短主要内容或节点文字，或把该项目分成几项。",
            project_id=project_id,
        )


def docket(
    listed: ListHeader,
    project: KeyProject,
    policy: SupervisionPolicy,
    calendar: WorkingCalendar,
    now: datetime,
    rulings: Sequence[RuledReading] = (),
) -> tuple[DomainEvent, ...]:
    """The events that open a project: docketed, assigned by a supervision order, the rulings on what the notice left
    open, and what was over before it began.

    A milestone whose due day is over is asked for in retrospect and never alarms; a reminder whose instant has passed
    is recorded as not sent, since the supervision order stands in its place.

    Raises:
        ProjectTooLongError: the row is longer than one entry of the ledger can hold.
    """
    recorder = EventRecorder(None, now, ENGINE, START_CAUSE)
    recorder.record(
        ProjectDocketed,
        year=listed.year,
        list_title=listed.title,
        document_number=listed.document_number,
        issued_on=listed.issued_on,
        project=project,
        policy=policy.for_project(project.project_id),
        calendar=calendar,
    )
    recorder.record(
        ProjectAssigned,
        lead_department=project.lead_department,
        participating_departments=project.participating_departments,
    )
    record_rulings(recorder, rulings)
    if any(len(event.model_dump_json().encode()) > MOST_DOCKETED_BYTES for event in recorder.events):
        raise ProjectTooLongError(project_id=project.project_id)
    for milestone in project.milestones:
        open_milestone(recorder, milestone.milestone_id, milestone.born_late, now)
    for department in dict.fromkeys((project.lead_department, *project.participating_departments)):
        set_limit(recorder, "receipt", now, owner=department)
    return tuple(recorder.events)


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
