"""What the rungs of a due date change: which were taken, and the breaches that stay."""

from __future__ import annotations

from domain.events import (
    DeadlineBreached,
    EscalationOrderIssued,
    Event,
    NoticeNotSent,
    PaceWarningIssued,
    ReminderIssued,
    ReportPeriodMissed,
    RungSkipped,
    UrgeIssued,
)
from domain.evolution.change import Change, Fold, duty_change, limit_taken, milestone_change
from domain.ids import DepartmentId
from domain.rungs.ladder import BREACH, URGE, order_rung, pace_mark, period_number, planned_day, reminder_rung
from domain.state import Breach, ProjectState


def _taken(state: ProjectState, milestone_id: str, department: DepartmentId | None, rung: str) -> Change:
    milestone = state.milestones.get(milestone_id)
    if milestone is None or (department is not None and department not in milestone.parts):
        return {}
    duty = state.duty_of(milestone_id, department)
    return duty_change(state, milestone_id, department, taken=(*duty.taken, rung))


def _reminded(state: ProjectState, event: ReminderIssued) -> Change:
    return _taken(state, event.milestone_id, event.department, reminder_rung(event.working_days_before))


def _not_sent(state: ProjectState, event: NoticeNotSent) -> Change:
    if (percent := pace_mark(event.rung)) is not None:
        milestone = state.milestones.get(event.milestone_id)
        warned = milestone.pace_warned if milestone else ()
        return milestone_change(state, event.milestone_id, pace_warned=(*warned, percent))
    return _taken(state, event.milestone_id, event.department, event.rung)


def _breached(state: ProjectState, event: DeadlineBreached) -> Change:
    milestone = state.milestones.get(event.milestone_id)
    if milestone is None or (event.department is not None and event.department not in milestone.parts):
        return {}
    duty = state.duty_of(event.milestone_id, event.department)
    breach = Breach(due_on=event.due_on, round=event.round, recorded_at=event.decided_at)
    return duty_change(
        state,
        event.milestone_id,
        event.department,
        taken=(*duty.taken, BREACH),
        breaches=(*duty.breaches, breach),
    )


def _urged(state: ProjectState, event: UrgeIssued) -> Change:
    if event.reason is not None:
        return {}  # by hand: the ladder's own urge is still to come
    return _taken(state, event.milestone_id, event.department, URGE)


def _ordered(state: ProjectState, event: EscalationOrderIssued) -> Change:
    return _taken(state, event.milestone_id, event.department, order_rung(event.level))


def _period_missed(state: ProjectState, event: ReportPeriodMissed) -> Change:
    milestone = state.milestones.get(event.milestone_id)
    missed = milestone.periods_missed if milestone else ()
    return milestone_change(state, event.milestone_id, periods_missed=(*missed, event.period))


def _pace_warned(state: ProjectState, event: PaceWarningIssued) -> Change:
    milestone = state.milestones.get(event.milestone_id)
    warned = milestone.pace_warned if milestone else ()
    return milestone_change(state, event.milestone_id, pace_warned=(*warned, event.percent))


def _skipped(state: ProjectState, event: RungSkipped) -> Change:  # noqa: PLR0911 - one exit for each kind
    """Mark a rung that could not be decided as taken, wherever its kind keeps that."""
    milestone = state.milestones.get(event.milestone_id or "")
    match event.kind:
        case "limit_reminder" | "limit_passed" | "limit_order":
            return limit_taken(state, event.limit_id or "", event.rung)
        case "planned_inspection":
            on = planned_day(event.rung)
            return {"planned_inspections_taken": (*state.planned_inspections_taken, on)} if on else {}
        case "resumption":
            # The suspension goes on without a term: a person ends it.
            pause = state.suspension if event.milestone_id is None else milestone.suspension if milestone else None
            if pause is None:
                return {}
            endless = pause.model_copy(update={"until": None})
            if event.milestone_id is None:
                return {"suspension": endless}
            return milestone_change(state, event.milestone_id, suspension=endless)
        case "period":
            missed = milestone.periods_missed if milestone else ()
            number = period_number(event.rung)
            return milestone_change(state, event.milestone_id, periods_missed=(*missed, number)) if number else {}
        case "pace":
            warned = milestone.pace_warned if milestone else ()
            percent = pace_mark(event.rung)
            return milestone_change(state, event.milestone_id, pace_warned=(*warned, percent)) if percent else {}
        case _:
            return _taken(state, event.milestone_id or "", event.department, event.rung)


FOLDS: dict[type[Event], Fold] = {
    RungSkipped: _skipped,
    ReminderIssued: _reminded,
    NoticeNotSent: _not_sent,
    DeadlineBreached: _breached,
    UrgeIssued: _urged,
    EscalationOrderIssued: _ordered,
    ReportPeriodMissed: _period_missed,
    PaceWarningIssued: _pace_warned,
}
