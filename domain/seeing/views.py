"""What people and programs see of a project: the register's JSON (interfaces), derived at an instant."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime, Field

from domain.clock import office_day
from domain.colours import Colour
from domain.confidence import differ
from domain.frozen import Frozen, added_later
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.rules.life_cycle import LimitKind
from domain.rungs.due_dates import deadline_in
from domain.rungs.limits import working_days_late
from domain.rungs.reporting_periods import periods_of, scheduled_progress
from domain.seeing.lights import (
    Light,
    done_early,
    lead_lights,
    light_of_part,
    next_due_on,
    project_light,
    unsigned_departments,
)
from domain.seeing.undecided import UndecidedView, undecided_of
from domain.state import (
    CLOSED_STAGES,
    OPEN_STAGES,
    Breach,
    Confidence,
    Deputy,
    Extension,
    Inspection,
    Limit,
    MilestoneStage,
    MilestoneState,
    PartStage,
    Pause,
    ProjectStage,
    ProjectState,
    Silence,
    target_of,
)


class ProgressView(Frozen):
    """How far a milestone is: reports received, and n of N where a number is to be delivered.

    `scheduled` is what the calendar asks for by now, or asked for when it ended; `periods` is how many reports are due
    in all, `missed` those that did not come in time, `caught_up` those of them that came later.
    """

    reports: int
    quantity: int | None
    of: int | None
    unit: str | None
    scheduled: int | None = None
    periods: int = 0
    missed: tuple[int, ...] = ()
    caught_up: tuple[int, ...] = ()


class PartView(Frozen):
    """The duty of one participating department in a milestone; `early` where it was done before its window began."""

    department: DepartmentId
    stage: PartStage
    light: Colour
    explanation: str
    signed: bool
    answer_by: date | None
    breaches: tuple[Breach, ...]
    reports: int
    done_on: date | None
    clock_stopped_by: tuple[str, ...]
    early: bool = False


class LimitView(Frozen):
    """A matter that waits for its answer: of whom, and about which department where there can be several."""

    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    about: DepartmentId | None = None
    due_on: date
    working_days_late: int


class DirectiveView(Frozen):
    """A leader's directive, in the leader's words, that waits for its answer; `number` names it in the answer."""

    number: int
    milestone_id: MilestoneId | None
    leader: str
    answer_by: date | None
    text: str | None = added_later()


class MilestoneView(Frozen):
    """One milestone in the register; `early` where it was done before its window began.

    `confidence` is a reviewer's word beside the light; `confidence_differs` says that an open one is two steps apart.
    """

    milestone_id: MilestoneId
    description: str
    stage: MilestoneStage
    light: Colour
    explanation: str
    retrospective: bool
    baseline_due_on: date | None
    approved_due_on: date | None
    forecast_due_on: date | None
    answer_by: date | None
    breaches: tuple[Breach, ...]
    progress: ProgressView
    done_on: date | None
    early: bool = False
    signed: bool = False
    clock_stopped_by: tuple[str, ...] = ()
    clock_stopped_on: date | None = None
    working_days_excused: int = 0
    participants: tuple[PartView, ...] = ()
    extension: Extension | None = None
    extensions_granted: int = 0
    inspection: Inspection | None = None
    suspension: Pause | None = None
    silence: Silence | None = None
    confidence: Confidence | None = None
    confidence_differs: bool = False


class ProjectView(Frozen):
    """One project in the register; `unsigned` counts the departments that have not signed for an open duty.

    `undecided` is what time brought, could not be decided, and waits for a person.
    """

    project_id: ProjectId
    title: str
    lead_department: DepartmentId
    light: Colour
    explanation: str
    stage: ProjectStage
    next_due_on: date | None
    unsigned: int
    events: int
    milestones: tuple[MilestoneView, ...]
    limits: tuple[LimitView, ...] = ()
    directives: tuple[DirectiveView, ...] = ()
    suspension: Pause | None = None
    silence: Silence | None = None
    deputies: tuple[Deputy, ...] = Field(default=())
    undecided: tuple[UndecidedView, ...] = ()


class RegisterView(Frozen):
    """The register as it stands at an instant."""

    as_of: AwareDatetime
    projects: tuple[ProjectView, ...]


def view_of(state: ProjectState, now: datetime) -> ProjectView:
    """A project as the register shows it at `now`."""
    lights = lead_lights(state, now)
    light = project_light(state, now, lights)
    return ProjectView(
        project_id=state.project_id,
        title=state.project.title,
        lead_department=state.project.lead_department,
        light=light.colour,
        explanation=light.explanation,
        stage=state.stage,
        next_due_on=next_due_on(state),
        unsigned=len(unsigned_departments(state)),
        events=state.next_seq,
        milestones=tuple(
            _milestone_view(state, milestone, lights[milestone_id], now)
            for milestone_id, milestone in state.milestones.items()
        ),
        # Of what is archived or withdrawn nothing waits any more.
        limits=() if state.closed else tuple(_limit_view(state, limit, now) for limit in state.limits.values()),
        directives=tuple(
            DirectiveView(number=number, **dict(directive)) for number, directive in state.directives.items()
        )
        if not state.closed
        else (),
        suspension=state.suspension,
        silence=_holding(state.silence, now),
        deputies=tuple(deputy for deputy in state.deputies if now.date() <= deputy.until_on),
        undecided=undecided_of(state),
    )


def _milestone_view(state: ProjectState, milestone: MilestoneState, light: Light, now: datetime) -> MilestoneView:
    issued = state.issued(milestone.milestone_id)
    # What is withdrawn as a whole promises nothing any more.
    gone = state.withdrawn and milestone.stage not in CLOSED_STAGES
    return MilestoneView(
        milestone_id=milestone.milestone_id,
        description=issued.description,
        stage="withdrawn" if gone else milestone.stage,
        light=light.colour,
        explanation=light.explanation,
        retrospective=milestone.retrospective,
        baseline_due_on=milestone.baseline_due_on,
        approved_due_on=milestone.approved_due_on,
        forecast_due_on=None if gone else milestone.forecast_due_on,
        answer_by=None if gone else deadline_in(state, milestone),
        breaches=milestone.breaches,
        progress=_progress(state, milestone, now.date()),
        done_on=milestone.done_on,
        early=done_early(state, milestone, milestone),
        signed=milestone.signed,
        clock_stopped_by=() if gone else tuple(milestone.stops),
        clock_stopped_on=None if gone else milestone.stopped_on,
        working_days_excused=milestone.working_days_excused,
        participants=tuple(_part_view(state, milestone, name, now) for name in milestone.parts),
        extension=None if gone else milestone.extension,
        extensions_granted=milestone.extensions_granted,
        inspection=None if gone else milestone.inspection,
        suspension=None if gone else milestone.suspension,
        silence=_holding(milestone.silence, now),
        confidence=milestone.confidence,
        confidence_differs=milestone.confidence is not None
        and milestone.stage in OPEN_STAGES
        and differ(milestone.confidence.step, light.colour),
    )


def _progress(state: ProjectState, milestone: MilestoneState, today: date) -> ProgressView:
    issued, rules = state.issued(milestone.milestone_id), state.policy.life_cycle
    target = target_of(issued)
    # What is over asks for no more than it did on the day when it ended.
    ended = office_day(milestone.closed_at) if milestone.closed_at else today
    plan = scheduled_progress(state, milestone.milestone_id, min(today, ended))
    missed = tuple(sorted(milestone.periods_missed))
    return ProgressView(
        reports=milestone.reports,
        quantity=milestone.quantity,
        of=target[0] if target else None,
        unit=target[1] if target else None,
        scheduled=plan.by_then if plan else None,
        periods=len(periods_of(issued, rules)),
        missed=missed,
        caught_up=tuple(number for number in missed if number in milestone.periods_reported),
    )


def _part_view(state: ProjectState, milestone: MilestoneState, department: DepartmentId, now: datetime) -> PartView:
    part = milestone.parts[department]
    light = light_of_part(state, milestone.milestone_id, department, now)
    return PartView(
        department=department,
        stage=part.stage,
        light=light.colour,
        explanation=light.explanation,
        signed=part.signed,
        answer_by=None if state.withdrawn else deadline_in(state, milestone, part),
        breaches=part.breaches,
        reports=part.reports,
        done_on=part.done_on,
        early=done_early(state, milestone, part),
        clock_stopped_by=() if state.withdrawn else tuple(dict.fromkeys((*milestone.stops, *part.stops))),
    )


def _limit_view(state: ProjectState, limit: Limit, now: datetime) -> LimitView:
    return LimitView(
        kind=limit.kind,
        milestone_id=limit.milestone_id,
        owner=limit.owner,
        about=limit.about,
        due_on=limit.due_on,
        working_days_late=working_days_late(state.calendar, limit, now.date()),
    )


def _holding(silence: Silence | None, now: datetime) -> Silence | None:
    return silence if silence is not None and now.date() <= silence.until else None
