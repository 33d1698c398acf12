"""What the register has of a project: the rows of lists and the whole view, derived from its state at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.clock import OFFICE_TIME
from domain.ids import is_sub_duty
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject, Role
from domain.rules.life_cycle import OF_THE_SUPERVISORS
from domain.seeing.lights import is_overdue
from domain.seeing.next_change import changes_at
from domain.seeing.views import MilestoneView, PartView, ProjectView, view_of
from domain.state import CLOSED_STAGES, OPEN_PART_STAGES, OPEN_STAGES, ProjectState


def registered(state: ProjectState, now: datetime) -> RegisteredProject:
    """A project as the register has it at an instant of the supervised year."""
    now = now.astimezone(OFFICE_TIME)
    view = view_of(state, now)
    return RegisteredProject(
        _row(state, view, now),
        tuple(_duties(state, view)),
        view.model_dump_json(),
        tuple(matters_of(view)),
        tuple(DeputyRow(project_id=view.project_id, **dict(each)) for each in view.deputies),
    )


def _row(state: ProjectState, view: ProjectView, now: datetime) -> ProjectRow:
    project = state.project
    asked = [milestone for milestone in view.milestones if milestone.stage != "withdrawn"]
    unsettled = [milestone for milestone in state.milestones.values() if milestone.stage not in CLOSED_STAGES]
    return ProjectRow(
        project_id=view.project_id,
        year=state.year,
        title=view.title,
        lead_department=view.lead_department,
        category=project.category,
        source=project.source,
        responsible_leader=project.responsible_leader,
        light=view.light,
        explanation=view.explanation,
        stage=view.stage,
        next_due_on=view.next_due_on,
        milestones=len(asked),
        settled=sum(milestone.stage in ("completed", *CLOSED_STAGES) for milestone in asked),
        overdue=sum(
            is_overdue(state, each, each, now) for each in state.milestones.values() if each.stage in OPEN_STAGES
        ),
        unsigned=view.unsigned,
        undecided=len(view.undecided),
        directives=len(view.directives),
        unsettled=len(unsettled),
        to_strike_off=sum(each.stage == "completed" for each in unsettled),
        struck_off=sum(each.stage == "struck_off" for each in state.milestones.values()),
        matters=len(state.limits),
        extensions=sum(each.extension is not None for each in unsettled),
        inspections=sum(each.inspection is not None for each in state.milestones.values()),
        events=view.events,
        as_of=now,
        changes_at=changes_at(state, now),
    )


def matters_of(view: ProjectView) -> Iterator[MatterRow]:
    """The matters of a project that wait for an answer, as lists show them: the one that is due first in front."""
    described = {each.milestone_id: each.description for each in view.milestones}
    for limit in sorted(view.limits, key=lambda each: each.due_on):
        yield MatterRow(
            project_id=view.project_id,
            title=view.title,
            description=described.get(limit.milestone_id or "", ""),
            # What the department owes that gave a sub-duty is not the section's to answer.
            of_the_section=limit.kind in OF_THE_SUPERVISORS and not is_sub_duty(view.project_id),
            **dict(limit),
        )


def _duties(state: ProjectState, view: ProjectView) -> Iterator[DutyRow]:
    for milestone in view.milestones:
        is_open = milestone.stage in OPEN_STAGES
        lead = _duty(view, milestone, milestone, "lead", view.lead_department, is_open, milestone.progress.reports)
        accepted = milestone.stage in ("completed", "struck_off")
        yield lead.having(done_by=state.milestones[milestone.milestone_id].asked_by) if accepted else lead
        for part in milestone.participants:
            part_open = is_open and part.stage in OPEN_PART_STAGES
            yield _duty(view, milestone, part, "participant", part.department, part_open, part.reports)


def _duty(
    view: ProjectView,
    milestone: MilestoneView,
    held: MilestoneView | PartView,
    role: Role,
    department: str,
    is_open: bool,
    reports: int,
) -> DutyRow:
    """What one department has of a milestone: the milestone itself as its lead, or its own part of it."""
    return DutyRow(
        project_id=view.project_id,
        milestone_id=milestone.milestone_id,
        department=department,
        role=role,
        description=milestone.description,
        stage=held.stage,
        light=held.light,
        explanation=held.explanation,
        answer_by=held.answer_by,
        approved_due_on=milestone.approved_due_on,
        done_on=held.done_on,
        open=is_open,
        signed=held.signed,
        stopped=bool(held.clock_stopped_by),
        early=held.early,
        breaches=len(held.breaches),
        reports=reports,
    )
