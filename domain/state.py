"""The state of a key project: what its events add up to. Nothing here is derived from the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from domain.calendar import SharedCalendar
from domain.events import (
    CompletionRequested,
    DeadlineBreached,
    DomainEvent,
    EscalationOrderIssued,
    LeadReassigned,
    MilestoneAdded,
    MilestoneAmended,
    MilestoneCompleted,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    NoticeNotSent,
    ProgressReported,
    ProjectAmended,
    ProjectArchived,
    ProjectDocketed,
    ProjectWithdrawn,
    ReadingRuled,
    ReminderIssued,
    RetrospectiveReportRequested,
    UrgeIssued,
)
from domain.ids import MilestoneId
from domain.ladder import BREACH, REQUEST_CAUSE, URGE, order_rung, reminder_rung
from domain.policy import SharedPolicy
from domain.project import Frozen, KeyProject, Milestone, RuledReading
from domain.readings import with_ruling

MilestoneStage = Literal[
    "assigned", "in_progress", "completion_requested", "returned_for_rework", "completed", "struck_off", "withdrawn"
]
ProjectStage = Literal["assigned", "in_progress", "completed", "struck_off", "withdrawn", "archived"]

OPEN_STAGES: frozenset[MilestoneStage] = frozenset({"assigned", "in_progress", "returned_for_rework"})
"""The department's clock runs."""
CLOSED_STAGES: frozenset[MilestoneStage] = frozenset({"struck_off", "withdrawn"})
"""Nothing more can happen."""

_REMEMBERED_REQUESTS = 4_000


class Breach(Frozen):
    """A due date that passed without a completion request: indelible."""

    due_on: date
    round: int
    recorded_at: AwareDatetime


class MilestoneState(Frozen):
    """Where one milestone stands. `answer_by` is the date that the present round must be answered by: the approved
    due date, or a later one after a return for rework; `taken` are the rungs of the round that were taken or recorded
    as not sent."""

    milestone_id: MilestoneId
    stage: MilestoneStage = "assigned"
    retrospective: bool = False
    baseline_due_on: date | None
    approved_due_on: date | None
    forecast_due_on: date | None = None
    answer_by: date | None
    round: int = 0
    taken: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    reports: int = 0
    last_reported_at: AwareDatetime | None = None
    quantity: int | None = None
    done_on: date | None = None
    requested_at: AwareDatetime | None = None
    accepted_by: str | None = None
    closed_at: AwareDatetime | None = None
    amended_round: int | None = None

    @property
    def rework(self) -> bool:
        """Whether the present round answers a return for rework, and not the first date or an amended one."""
        return self.round > 0 and self.round != self.amended_round


class AppliedRequest(Frozen):
    """A request that was applied: the events that it made, so that the same request again gets the same answer."""

    request_id: str
    first_seq: int
    last_seq: int


class ProjectState(Frozen):
    """A key project under supervision, as its events tell it."""

    year: int
    list_title: str
    project: KeyProject
    policy: SharedPolicy
    calendar: SharedCalendar
    docketed_at: AwareDatetime
    next_seq: int
    milestones: dict[MilestoneId, MilestoneState]
    withdrawn: bool = False
    archived: bool = False
    applied: dict[str, AppliedRequest] = Field(default_factory=dict)
    rulings: tuple[RuledReading, ...] = ()

    @property
    def stage(self) -> ProjectStage:
        """The project's stage, from those of its milestones."""
        if self.archived:
            return "archived"
        if self.withdrawn:
            return "withdrawn"
        stages = {milestone.stage for milestone in self.milestones.values()} - {"withdrawn"}
        if stages == {"struck_off"}:
            return "struck_off"
        if stages and stages <= {"struck_off", "completed"}:
            return "completed"
        return "assigned" if stages <= {"assigned"} else "in_progress"

    @property
    def closed(self) -> bool:
        """Whether nothing more can happen to the project."""
        return self.archived or self.withdrawn

    def issued(self, milestone_id: MilestoneId) -> Milestone:
        """A milestone as the notice issued it, or as it was amended since."""
        return next(m for m in self.project.milestones if m.milestone_id == milestone_id)


def target_of(milestone: Milestone) -> tuple[int, str] | None:
    """The number that a milestone must deliver, and its unit: its quota, or how often it comes back."""
    if milestone.quota is not None:
        return milestone.quota.value, milestone.quota.unit
    if milestone.recurrence is not None:
        return milestone.recurrence.count, "次"
    return None


def _docketed(event: ProjectDocketed) -> ProjectState:
    return ProjectState(
        year=event.year,
        list_title=event.list_title,
        project=event.project,
        policy=event.policy,
        calendar=event.calendar,
        docketed_at=event.decided_at,
        next_seq=event.seq + 1,
        milestones={milestone.milestone_id: _opened(milestone) for milestone in event.project.milestones},
    )


def _opened(milestone: Milestone) -> MilestoneState:
    return MilestoneState(
        milestone_id=milestone.milestone_id,
        baseline_due_on=milestone.due_on,
        approved_due_on=milestone.due_on,
        answer_by=milestone.due_on,
    )


def evolve(state: ProjectState | None, event: DomainEvent) -> ProjectState | None:
    """The state after an event. Total: what does not apply changes nothing, so that any record can be folded."""
    if isinstance(event, ProjectDocketed):
        return _docketed(event)
    if state is None:
        return None
    changed: dict[str, object] = {"next_seq": event.seq + 1}
    if event.cause.startswith(REQUEST_CAUSE):
        changed["applied"] = _remembered(state.applied, event.cause.removeprefix(REQUEST_CAUSE), event.seq)
    match event:
        case ProjectWithdrawn():
            changed["withdrawn"] = True
        case ProjectArchived():
            changed["archived"] = True
        case ReadingRuled():
            changed["rulings"] = with_ruling(state.rulings, event)
        case LeadReassigned():
            changed["project"] = state.project.model_copy(update={"lead_department": event.after})
        case ProjectAmended():
            changed["project"] = _with_text(state.project, event)
        case MilestoneAdded():
            milestones = (*state.project.milestones, event.milestone)
            changed["project"] = state.project.model_copy(update={"milestones": milestones})
            changed["milestones"] = {**state.milestones, event.milestone_id: _opened(event.milestone)}
        case MilestoneAmended():
            changed.update(_amended(state, event))
        case _:
            before = state.milestones.get(getattr(event, "milestone_id", ""))
            if before is not None and (update := _milestone_change(before, event)):
                changed["milestones"] = {**state.milestones, before.milestone_id: before.model_copy(update=update)}
    return state.model_copy(update=changed)


def _with_text(project: KeyProject, event: ProjectAmended) -> KeyProject:
    milestones = tuple(
        milestone.model_copy(update={"source": event.sources.get(milestone.milestone_id, milestone.source)})
        for milestone in project.milestones
    )
    return project.model_copy(update={**dict(event.after), "milestones": milestones})


def _amended(state: ProjectState, event: MilestoneAmended) -> dict[str, object]:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    milestones = tuple(
        event.after if milestone.milestone_id == event.milestone_id else milestone
        for milestone in state.project.milestones
    )
    changed: dict[str, object] = {"project": state.project.model_copy(update={"milestones": milestones})}
    if event.round != before.round:
        update = {
            "approved_due_on": event.after.due_on,
            "answer_by": event.after.due_on,
            "round": event.round,
            "amended_round": event.round,
            "taken": (),
            "retrospective": False,
        }
        changed["milestones"] = {**state.milestones, event.milestone_id: before.model_copy(update=update)}
    return changed


def _milestone_change(  # noqa: C901, PLR0911, PLR0912 - one case for each event, as the catalogue has them
    before: MilestoneState, event: DomainEvent
) -> dict[str, object]:
    match event:
        case RetrospectiveReportRequested():
            return {"retrospective": True}
        case ReminderIssued():
            return {"taken": (*before.taken, reminder_rung(event.working_days_before))}
        case NoticeNotSent():
            return {"taken": (*before.taken, event.rung)}
        case DeadlineBreached():
            breach = Breach(due_on=event.due_on, round=event.round, recorded_at=event.decided_at)
            return {"taken": (*before.taken, BREACH), "breaches": (*before.breaches, breach)}
        case UrgeIssued(reason=None):
            return {"taken": (*before.taken, URGE)}
        case EscalationOrderIssued():
            return {"taken": (*before.taken, order_rung(event.level))}
        case ProgressReported():
            return {
                "stage": "in_progress" if before.stage == "assigned" else before.stage,
                "reports": before.reports + 1,
                "last_reported_at": event.decided_at,
                "quantity": before.quantity if event.quantity is None else event.quantity,
            }
        case CompletionRequested():
            return {
                "stage": "completion_requested",
                "reports": before.reports + 1,
                "last_reported_at": event.decided_at,
                "quantity": before.quantity if event.quantity is None else event.quantity,
                "done_on": event.done_on,
                "requested_at": event.decided_at,
            }
        case MilestoneReturnedForRework():
            new_round = event.round != before.round
            return {
                "stage": "returned_for_rework",
                "round": event.round,
                "answer_by": event.answer_by,
                "taken": () if new_round else before.taken,
                "done_on": None,
                "requested_at": None,
            }
        case MilestoneCompleted():
            return {"stage": "completed", "accepted_by": event.actor}
        case MilestoneStruckOff():
            return {"stage": "struck_off", "closed_at": event.decided_at}
        case MilestoneWithdrawn():
            return {"stage": "withdrawn", "closed_at": event.decided_at}
        case _:
            return {}


def _remembered(applied: dict[str, AppliedRequest], request_id: str, seq: int) -> dict[str, AppliedRequest]:
    known = applied.get(request_id)
    entry = AppliedRequest(request_id=request_id, first_seq=known.first_seq if known else seq, last_seq=seq)
    kept = {**applied, request_id: entry}
    if len(kept) > _REMEMBERED_REQUESTS:
        del kept[next(iter(kept))]
    return kept


def fold(events: Iterable[DomainEvent], state: ProjectState | None = None) -> ProjectState | None:
    """The state after all these events."""
    for event in events:
        state = evolve(state, event)
    return state
