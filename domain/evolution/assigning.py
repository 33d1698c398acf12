"""What docketing and the taking of an assignment change."""

from __future__ import annotations

from datetime import date

from domain.events import (
    AssignmentInsisted,
    Event,
    ParticipantReplaced,
    ProjectDocketed,
    ReadingRuled,
    ReceiptSigned,
    RetrospectiveReportRequested,
)
from domain.evolution.change import Change, Fold, duty_change, each_milestone, milestone_change
from domain.ids import DepartmentId
from domain.lists.readings import with_ruling
from domain.project import KeyProject, Milestone
from domain.rules.policy import SupervisionPolicy
from domain.state import MilestoneState, PartState, ProjectState


def docketed(event: ProjectDocketed) -> ProjectState:
    """The state that a docketing begins."""
    return ProjectState(
        year=event.year,
        list_title=event.list_title,
        project=event.project,
        policy=event.policy,
        calendar=event.calendar,
        docketed_at=event.decided_at,
        next_seq=event.seq + 1,
        milestones={
            milestone.milestone_id: opened(milestone, event.project, event.policy)
            for milestone in event.project.milestones
        },
    )


def opened(milestone: Milestone, project: KeyProject, policy: SupervisionPolicy) -> MilestoneState:
    """A milestone as it begins: nothing done, and a duty of its own for every participating department."""
    parts = project.participating_departments if policy.life_cycle else ()
    return MilestoneState(
        milestone_id=milestone.milestone_id,
        baseline_due_on=milestone.due_on,
        approved_due_on=milestone.due_on,
        answer_by=milestone.due_on,
        parts={
            name: PartState(department=name, answer_by=milestone.due_on)
            for name in parts
            if name != project.lead_department
        },
    )


def opened_part(known: PartState | None, name: DepartmentId, answer_by: date | None) -> PartState:
    """A participating department's duty as it begins, or begins again: what it had missed before stays on record."""
    if known is None:
        return PartState(department=name, answer_by=answer_by)
    return PartState(
        department=name,
        answer_by=answer_by,
        round=known.round + 1,
        breaches=known.breaches,
        reports=known.reports,
        last_reported_at=known.last_reported_at,
    )


def _ruled(state: ProjectState, event: ReadingRuled) -> Change:
    return {"rulings": with_ruling(state.rulings, event)}


def _retrospective(state: ProjectState, event: RetrospectiveReportRequested) -> Change:
    return milestone_change(state, event.milestone_id, retrospective=True)


def _signed(state: ProjectState, event: ReceiptSigned) -> Change:
    def sign(milestone: MilestoneState) -> dict[str, object]:
        if milestone.milestone_id not in event.milestone_ids:
            return {}
        if event.department == state.lead:
            return {"signed": True}
        part = milestone.parts.get(event.department)
        if part is None:
            return {}
        return {"parts": {**milestone.parts, event.department: part.model_copy(update={"signed": True})}}

    return each_milestone(state, sign)


def _insisted(state: ProjectState, event: AssignmentInsisted) -> Change:
    # The department must sign anew for what it had declined.
    changed: Change = {}
    for milestone_id in [event.milestone_id] if event.milestone_id else list(state.milestones):
        participant = None if event.department == state.lead else event.department
        changed = duty_change(state, milestone_id, participant, signed=False) or changed
        state = state.model_copy(update=changed)
    return changed


def _replaced(state: ProjectState, event: ParticipantReplaced) -> Change:
    def replace(milestone: MilestoneState) -> dict[str, object]:
        part = milestone.parts.get(event.before)
        if part is None or part.stage == "released" or event.milestone_id not in (None, milestone.milestone_id):
            return {}
        parts = {**milestone.parts, event.before: part.model_copy(update={"stage": "released", "stops": {}})}
        if event.after is not None:
            parts[event.after] = opened_part(parts.get(event.after), event.after, part.answer_by)
        return {"parts": parts}

    changed = each_milestone(state, replace)
    if event.milestone_id is None or event.after is not None:
        changed["project"] = _with_participants(state.project, event)
    return changed


def _with_participants(project: KeyProject, event: ParticipantReplaced) -> KeyProject:
    names: list[DepartmentId] = list(project.participating_departments)
    if event.milestone_id is None:
        names = [name for name in names if name != event.before]
    if event.after is not None and event.after not in names:
        names.append(event.after)
    return project.model_copy(update={"participating_departments": tuple(names)})


FOLDS: dict[type[Event], Fold] = {
    ReadingRuled: _ruled,
    RetrospectiveReportRequested: _retrospective,
    ReceiptSigned: _signed,
    AssignmentInsisted: _insisted,
    ParticipantReplaced: _replaced,
}
