"""What inspections, directives and deputies change."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from domain.events import (
    DeputyAppointed,
    DeputyDismissed,
    DirectiveAnswered,
    DirectiveIssued,
    Event,
    FindingRecorded,
    InspectionAnswered,
    InspectionClosed,
    InspectionConcluded,
    InspectionNotOpened,
    InspectionOpened,
    RectificationReported,
    RectificationReturned,
)
from domain.ids import MilestoneId
from domain.state import Deputy, Directive, Inspection, InspectionStage, ProjectState
from domain.state.change import Change, Fold, milestone_change
from domain.state.duties import InspectionFields


def _planned(state: ProjectState, planned_on: date | None) -> Change:
    if planned_on is None:
        return {}
    return {"planned_inspections_taken": (*state.planned_inspections_taken, planned_on)}


def _opened(state: ProjectState, event: InspectionOpened) -> Change:
    changed = _planned(state, event.planned_on)
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return changed
    today = event.decided_at.date()
    inspected_on = (*before.inspected_on, today)
    inspection = before.inspection or Inspection(opened_on=today)
    return {**changed, **milestone_change(state, event.milestone_id, inspection=inspection, inspected_on=inspected_on)}


def _not_opened(state: ProjectState, event: InspectionNotOpened) -> Change:
    return _planned(state, event.planned_on)


def _update(state: ProjectState, milestone_id: MilestoneId, **update: Unpack[InspectionFields]) -> Change:
    before = state.milestones.get(milestone_id)
    if before is None or before.inspection is None:
        return {}
    return milestone_change(state, milestone_id, inspection=before.inspection.having(**update))


def _found(state: ProjectState, event: FindingRecorded) -> Change:
    before = state.milestones.get(event.milestone_id)
    findings = before.inspection.findings if before and before.inspection else 0
    return _update(state, event.milestone_id, findings=findings + 1)


def _concluded(state: ProjectState, event: InspectionConcluded) -> Change:
    stage: InspectionStage = "rectifying" if event.rectify_by else "concluded"
    return _update(state, event.milestone_id, stage=stage, rectify_by=event.rectify_by)


def _answered(state: ProjectState, event: InspectionAnswered) -> Change:
    before = state.milestones.get(event.milestone_id)
    waits = before is not None and before.inspection is not None and before.inspection.stage == "concluded"
    if waits:
        return _update(state, event.milestone_id, answered=True, stage="answered")
    return _update(state, event.milestone_id, answered=True)


def _rectified(state: ProjectState, event: RectificationReported) -> Change:
    return _update(state, event.milestone_id, stage="checking")


def _sent_back(state: ProjectState, event: RectificationReturned) -> Change:
    return _update(state, event.milestone_id, stage="rectifying", rectify_by=event.rectify_by)


def _closed(state: ProjectState, event: InspectionClosed) -> Change:
    return milestone_change(state, event.milestone_id, inspection=None)


def _directed(state: ProjectState, event: DirectiveIssued) -> Change:
    directive = Directive(milestone_id=event.milestone_id, leader=event.leader, answer_by=event.answer_by)
    return {"directives": {**state.directives, event.seq: directive}}


def _directive_answered(state: ProjectState, event: DirectiveAnswered) -> Change:
    return {"directives": {number: each for number, each in state.directives.items() if number != event.directive}}


def _appointed(state: ProjectState, event: DeputyAppointed) -> Change:
    deputy = Deputy(principal=event.principal, deputy=event.deputy, from_on=event.from_on, until_on=event.until_on)
    return {"deputies": (*state.deputies, deputy)}


def _dismissed(state: ProjectState, event: DeputyDismissed) -> Change:
    pair = (event.principal, event.deputy)
    return {"deputies": tuple(each for each in state.deputies if (each.principal, each.deputy) != pair)}


FOLDS: dict[type[Event], Fold] = {
    InspectionOpened: _opened,
    InspectionNotOpened: _not_opened,
    FindingRecorded: _found,
    InspectionConcluded: _concluded,
    InspectionAnswered: _answered,
    RectificationReported: _rectified,
    RectificationReturned: _sent_back,
    InspectionClosed: _closed,
    DirectiveIssued: _directed,
    DirectiveAnswered: _directive_answered,
    DeputyAppointed: _appointed,
    DeputyDismissed: _dismissed,
}
