"""What the register has of a project: the rows of lists and the whole view, derived from its state at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.clock import OFFICE_TIME
from domain.ids import is_sub_duty
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject
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
        tuple(_duties(view)),
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


def _duties(view: ProjectView) -> Iterator[DutyRow]:
    for milestone in view.milestones:
        yield _lead(view, milestone)
        for part in milestone.participants:
            yield _part(view, milestone, part)


def _lead(view: ProjectView, milestone: MilestoneView) -> DutyRow:
    return DutyRow(
        project_id=view.project_id,
        milestone_id=milestone.milestone_id,
        department=view.lead_department,
        role="lead",
        description=milestone.description,
        stage=milestone.stage,
        light=milestone.light,
        explanation=milestone.explanation,
        answer_by=milestone.answer_by,
        approved_due_on=milestone.approved_due_on,
        done_on=milestone.done_on,
        open=milestone.stage in OPEN_STAGES,
        signed=milestone.signed,
        stopped=bool(milestone.clock_stopped_by),
        early=milestone.early,
        breaches=len(milestone.breaches),
        reports=milestone.progress.reports,
    )


def _part(view: ProjectView, milestone: MilestoneView, part: PartView) -> DutyRow:
    return DutyRow(
        project_id=view.project_id,
        milestone_id=milestone.milestone_id,
        department=part.department,
        role="participant",
        description=milestone.description,
        stage=part.stage,
        light=part.light,
        explanation=part.explanation,
        answer_by=part.answer_by,
        approved_due_on=milestone.approved_due_on,
        done_on=part.done_on,
        open=milestone.stage in OPEN_STAGES and part.stage in OPEN_PART_STAGES,
        signed=part.signed,
        stopped=bool(part.clock_stopped_by),
        early=part.early,
        breaches=len(part.breaches),
        reports=part.reports,
    )
