"""What limits, suspensions and silences change."""

from __future__ import annotations

from datetime import date

from domain.events import (
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
from domain.evolution.change import Change, Fold, limit_taken, milestone_change
from domain.ids import MilestoneId
from domain.rungs.limits import LIMIT_PASSED, escalation_rung, reminder_of_limit, shifted
from domain.state import Limit, Pause, ProjectState, Silence


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
        stopped_on=event.decided_at.date() if state.suspended(event.milestone_id) else None,
    )
    return {"limits": {**state.limits, limit.limit_id: limit}}


def _reminded(state: ProjectState, event: LimitReminderIssued) -> Change:
    return limit_taken(state, event.limit_id, reminder_of_limit(event.working_days_before))


def _passed(state: ProjectState, event: LimitPassed) -> Change:
    return limit_taken(state, event.limit_id, LIMIT_PASSED)


def _escalated(state: ProjectState, event: LimitEscalated) -> Change:
    return limit_taken(state, event.limit_id, escalation_rung(event.after_working_days))


def _not_sent(state: ProjectState, event: LimitNoticeNotSent) -> Change:
    return limit_taken(state, event.limit_id, event.rung)


def _ended(state: ProjectState, event: LimitEnded) -> Change:
    return {"limits": {limit_id: limit for limit_id, limit in state.limits.items() if limit_id != event.limit_id}}


def _suspended(state: ProjectState, event: Suspended) -> Change:
    by, today = event.on_behalf_of or event.actor, event.decided_at.date()
    pause = Pause(since=today, until=event.until, by=by, reason=event.reason)
    changed: Change = {"suspension": pause}
    if event.milestone_id is not None:
        changed = milestone_change(state, event.milestone_id, suspension=pause)
    changed["limits"] = {
        limit_id: limit.model_copy(update={"stopped_on": limit.stopped_on or today})
        if event.milestone_id in (None, limit.milestone_id)
        else limit
        for limit_id, limit in state.limits.items()
    }
    return changed


def _resumption(state: ProjectState, event: Resumed) -> Change:
    changed: Change = {"suspension": None}
    pause = state.suspension
    if event.milestone_id is not None:
        milestone = state.milestones.get(event.milestone_id)
        pause = milestone.suspension if milestone else None
        changed = milestone_change(state, event.milestone_id, suspension=None)
    after = state.model_copy(update=changed)
    # A matter that the project's suspension and the milestone's own both hold goes on when the last of them ends.
    changed["limits"] = {
        limit_id: limit
        if limit.stopped_on is None or pause is None or after.suspended(limit.milestone_id)
        else _gone_on(state, limit, limit.stopped_on, pause, event.working_days)
        for limit_id, limit in state.limits.items()
    }
    return changed


def _gone_on(state: ProjectState, limit: Limit, stopped_on: date, pause: Pause, working_days: int) -> Limit:
    # It stood still from its own first day of standstill, which may lie before or after that of this suspension.
    earlier = state.calendar.working_days_between(stopped_on, pause.since)
    later = state.calendar.working_days_between(pause.since, stopped_on)
    days = max(0, working_days + earlier - later)
    due_on = shifted(state.calendar, limit.due_on, days)
    extra = limit.extra_working_days + days
    return limit.model_copy(update={"due_on": due_on, "extra_working_days": extra, "stopped_on": None})


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
    Suspended: _suspended,
    Resumed: _resumption,
    NoticesSilenced: _silenced,
    SilenceEnded: _silence_ended,
}
