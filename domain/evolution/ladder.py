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
    UrgeIssued,
)
from domain.evolution.change import Change, Fold, duty_change, milestone_change
from domain.ids import DepartmentId
from domain.ladder import BREACH, URGE, order_rung, pace_mark, reminder_rung
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


FOLDS: dict[type[Event], Fold] = {
    ReminderIssued: _reminded,
    NoticeNotSent: _not_sent,
    DeadlineBreached: _breached,
    UrgeIssued: _urged,
    EscalationOrderIssued: _ordered,
    ReportPeriodMissed: _period_missed,
    PaceWarningIssued: _pace_warned,
}
