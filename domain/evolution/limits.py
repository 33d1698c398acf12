"""What limits, stopped clocks, suspensions and silences change."""

from __future__ import annotations

from domain.events import (
    ClockResumed,
    ClockStopped,
    Event,
    LimitEnded,
    LimitEscalated,
    LimitNoticeNotSent,
    LimitPassed,
    LimitReminderIssued,
    LimitSet,
    NoticesSilenced,
    Resumed,
    SilenceEnded,
    Suspended,
)
from domain.evolution.change import Change, Fold, duty_change, milestone_change
from domain.ids import DepartmentId, MilestoneId
from domain.limits import LIMIT_PASSED, escalation_rung, reminder_of_limit, shifted
from domain.state import Limit, MilestoneState, PartState, Pause, ProjectState, Silence


def _set(state: ProjectState, event: LimitSet) -> Change:
    limit = Limit(
        limit_id=event.limit_id,
        kind=event.kind,
        milestone_id=event.milestone_id,
        owner=event.owner,
        set_on=event.decided_at.date(),
        due_on=event.due_on,
        working_days=event.working_days,
        about=event.about,
    )
    return {"limits": {**state.limits, limit.limit_id: limit}}


def _taken(state: ProjectState, limit_id: str, rung: str) -> Change:
    limit = state.limits.get(limit_id)
    if limit is None:
        return {}
    return {"limits": {**state.limits, limit_id: limit.model_copy(update={"taken": (*limit.taken, rung)})}}


def _reminded(state: ProjectState, event: LimitReminderIssued) -> Change:
    return _taken(state, event.limit_id, reminder_of_limit(event.working_days_before))


def _passed(state: ProjectState, event: LimitPassed) -> Change:
    return _taken(state, event.limit_id, LIMIT_PASSED)


def _escalated(state: ProjectState, event: LimitEscalated) -> Change:
    return _taken(state, event.limit_id, escalation_rung(event.after_working_days))


def _not_sent(state: ProjectState, event: LimitNoticeNotSent) -> Change:
    return _taken(state, event.limit_id, event.rung)


def _ended(state: ProjectState, event: LimitEnded) -> Change:
    return {"limits": {limit_id: limit for limit_id, limit in state.limits.items() if limit_id != event.limit_id}}


def _stopped(state: ProjectState, event: ClockStopped) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    today = event.decided_at.date()
    if event.department is None:
        stops = {**before.stops, event.because: today}
        return milestone_change(state, event.milestone_id, stops=stops, stopped_on=before.stopped_on or today)
    part = before.parts.get(event.department)
    if part is None:
        return {}
    return duty_change(state, event.milestone_id, event.department, stops={**part.stops, event.because: today})


def _resumed(state: ProjectState, event: ClockResumed) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    if event.department is not None:
        part = before.parts.get(event.department)
        if part is None:
            return {}
        stops = {because: since for because, since in part.stops.items() if because != event.because}
        return duty_change(state, event.milestone_id, event.department, stops=stops, answer_by=event.answer_by)
    stops = {because: since for because, since in before.stops.items() if because != event.because}
    if stops:
        return milestone_change(state, event.milestone_id, stops=stops)
    return milestone_change(
        state,
        event.milestone_id,
        stops=stops,
        stopped_on=None,
        answer_by=event.answer_by,
        working_days_excused=before.working_days_excused + event.working_days_excused,
        parts=_with_excused_parts(state, before, event.working_days_excused),
    )


def _with_excused_parts(state: ProjectState, before: MilestoneState, excused: int) -> dict[DepartmentId, PartState]:
    # What stopped the whole milestone stopped every participant's clock; one that stands still for a reason of its own
    # too is excused for the days before that reason, and gets the others when the reason falls away.
    parts: dict[DepartmentId, PartState] = {}
    for name, part in before.parts.items():
        days = excused
        if part.stops and before.stopped_on is not None:
            days = min(days, state.calendar.working_days_between(before.stopped_on, min(part.stops.values())))
        parts[name] = part.model_copy(update={"answer_by": shifted(state.calendar, part.answer_by, days)})
    return parts


def _suspended(state: ProjectState, event: Suspended) -> Change:
    by = event.on_behalf_of or event.actor
    pause = Pause(since=event.decided_at.date(), until=event.until, by=by, reason=event.reason)
    if event.milestone_id is None:
        return {"suspension": pause}
    return milestone_change(state, event.milestone_id, suspension=pause)


def _resumption(state: ProjectState, event: Resumed) -> Change:
    changed: Change = {"suspension": None} if event.milestone_id is None else {}
    if event.milestone_id is not None:
        changed = milestone_change(state, event.milestone_id, suspension=None)
    changed["limits"] = {
        limit_id: _later(state, limit, event.working_days)
        if event.milestone_id in (None, limit.milestone_id)
        else limit
        for limit_id, limit in state.limits.items()
    }
    return changed


def _later(state: ProjectState, limit: Limit, days: int) -> Limit:
    due_on = shifted(state.calendar, limit.due_on, days)
    extra = limit.extra_working_days + days
    return limit.model_copy(update={"due_on": due_on, "extra_working_days": extra})


def _silenced(state: ProjectState, event: NoticesSilenced) -> Change:
    silence = Silence(until=event.until, by=event.on_behalf_of or event.actor, reason=event.reason)
    return _silence(state, event.milestone_id, silence)


def _silence_ended(state: ProjectState, event: SilenceEnded) -> Change:
    return _silence(state, event.milestone_id, None)


def _silence(state: ProjectState, milestone_id: MilestoneId | None, silence: Silence | None) -> Change:
    if milestone_id is None:
        return {"silence": silence}
    return milestone_change(state, milestone_id, silence=silence)


FOLDS: dict[type[Event], Fold] = {
    LimitSet: _set,
    LimitReminderIssued: _reminded,
    LimitPassed: _passed,
    LimitEscalated: _escalated,
    LimitNoticeNotSent: _not_sent,
    LimitEnded: _ended,
    ClockStopped: _stopped,
    ClockResumed: _resumed,
    Suspended: _suspended,
    Resumed: _resumption,
    NoticesSilenced: _silenced,
    SilenceEnded: _silence_ended,
}
