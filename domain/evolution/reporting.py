"""What reports, completions and their reviews change."""

from __future__ import annotations

from domain.events import (
    CompletionRequested,
    Event,
    MilestoneCompleted,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    PartDelivered,
    ProgressReported,
)
from domain.evolution.standstill import with_date_set_anew
from domain.state import ProjectState
from domain.state.change import Change, Fold, milestone_change, part_change, with_milestone


def _reported(state: ProjectState, event: ProgressReported) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    part = before.parts.get(event.department)
    if part is not None and event.department != state.lead:
        return part_change(
            state,
            event.milestone_id,
            event.department,
            stage="in_progress" if part.stage == "assigned" else part.stage,
            reports=part.reports + 1,
            last_reported_at=event.decided_at,
        )
    periods = before.periods_reported
    if event.period is not None and event.period not in periods:
        periods = (*periods, event.period)
    return milestone_change(
        state,
        event.milestone_id,
        stage="in_progress" if before.stage == "assigned" else before.stage,
        reports=before.reports + 1,
        last_reported_at=event.decided_at,
        quantity=before.quantity if event.quantity is None else event.quantity,
        forecast_due_on=event.forecast_on or before.forecast_due_on,
        periods_reported=periods,
    )


def _completion_requested(state: ProjectState, event: CompletionRequested) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    return milestone_change(
        state,
        event.milestone_id,
        stage="completion_requested",
        reports=before.reports + 1,
        last_reported_at=event.decided_at,
        quantity=before.quantity if event.quantity is None else event.quantity,
        done_on=event.done_on,
        requested_at=event.decided_at,
    )


def _part_delivered(state: ProjectState, event: PartDelivered) -> Change:
    before = state.milestones.get(event.milestone_id)
    part = before.parts.get(event.department) if before else None
    if part is None:
        return {}
    return part_change(
        state,
        event.milestone_id,
        event.department,
        stage="delivered",
        reports=part.reports + 1,
        last_reported_at=event.decided_at,
        done_on=event.done_on,
    )


def _returned(state: ProjectState, event: MilestoneReturnedForRework) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    anew = event.round != before.round
    returned = with_date_set_anew(state, before, event.decided_at.date()) if anew else before
    return with_milestone(
        state,
        returned.having(
            stage="returned_for_rework",
            round=event.round,
            answer_by=event.answer_by,
            taken=() if anew else before.taken,
            done_on=None,
            requested_at=None,
        ),
    )


def _completed(state: ProjectState, event: MilestoneCompleted) -> Change:
    return milestone_change(
        state,
        event.milestone_id,
        stage="completed",
        accepted_by=event.actor,
        accepted_for=event.on_behalf_of,
        stops={},
        stopped_on=None,
    )


def _struck_off(state: ProjectState, event: MilestoneStruckOff) -> Change:
    return milestone_change(state, event.milestone_id, stage="struck_off", closed_at=event.decided_at)


FOLDS: dict[type[Event], Fold] = {
    ProgressReported: _reported,
    CompletionRequested: _completion_requested,
    PartDelivered: _part_delivered,
    MilestoneReturnedForRework: _returned,
    MilestoneCompleted: _completed,
    MilestoneStruckOff: _struck_off,
}
