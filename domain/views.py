"""What people and programs see of a project: the register's JSON (interfaces), derived at an instant."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime

from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.lights import Colour, light_of, next_due_on, project_light
from domain.project import Frozen
from domain.state import Breach, MilestoneStage, ProjectStage, ProjectState, target_of


class ProgressView(Frozen):
    """How far a milestone is: reports received, and n of N where a number is to be delivered."""

    reports: int
    quantity: int | None
    of: int | None
    unit: str | None


class MilestoneView(Frozen):
    """One milestone in the register."""

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


class ProjectView(Frozen):
    """One project in the register."""

    project_id: ProjectId
    title: str
    lead_department: DepartmentId
    light: Colour
    explanation: str
    stage: ProjectStage
    next_due_on: date | None
    events: int
    milestones: tuple[MilestoneView, ...]


class RegisterView(Frozen):
    """The register as it stands at an instant."""

    as_of: AwareDatetime
    projects: tuple[ProjectView, ...]


def view_of(state: ProjectState, now: datetime) -> ProjectView:
    """A project as the register shows it at `now`."""
    light = project_light(state, now)
    return ProjectView(
        project_id=state.project.project_id,
        title=state.project.title,
        lead_department=state.project.lead_department,
        light=light.colour,
        explanation=light.explanation,
        stage=state.stage,
        next_due_on=next_due_on(state),
        events=state.next_seq,
        milestones=tuple(_milestone_view(state, milestone_id, now) for milestone_id in state.milestones),
    )


def _milestone_view(state: ProjectState, milestone_id: MilestoneId, now: datetime) -> MilestoneView:
    milestone = state.milestones[milestone_id]
    issued = state.issued(milestone_id)
    light = light_of(state, milestone_id, now)
    target = target_of(issued)
    return MilestoneView(
        milestone_id=milestone_id,
        description=issued.description,
        stage=milestone.stage,
        light=light.colour,
        explanation=light.explanation,
        retrospective=milestone.retrospective,
        baseline_due_on=milestone.baseline_due_on,
        approved_due_on=milestone.approved_due_on,
        forecast_due_on=milestone.forecast_due_on,
        answer_by=milestone.answer_by,
        breaches=milestone.breaches,
        progress=ProgressView(
            reports=milestone.reports,
            quantity=milestone.quantity,
            of=target[0] if target else None,
            unit=target[1] if target else None,
        ),
        done_on=milestone.done_on,
    )
