"""The ladder of a matter that waits for its answer: reminded of, passed, brought to a superior. And how one begins and
ends: `set_limit` and `end_limit`, for every kind alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TypedDict

from domain.events import LimitEnded, LimitEscalated, LimitNoticeNotSent, LimitPassed, LimitReminderIssued, LimitSet
from domain.ids import DepartmentId, MilestoneId
from domain.papers.paper import NotSentReason
from domain.record.recorder import EventRecorder
from domain.rules.calendar import end_of
from domain.rules.life_cycle import LimitKind, LimitRules
from domain.rungs.ladder import RUNG_CAUSE, Rung, untaken
from domain.rungs.limits import LIMIT_PASSED, limit_id, limit_ladder, working_days_late
from domain.rungs.stops import silence_of
from domain.rungs.timing import DueRung, due_rung
from domain.state import Limit, ProjectState


def set_limit(
    recorder: EventRecorder,
    kind: LimitKind,
    now: datetime,
    *,
    milestone_id: MilestoneId | None = None,
    owner: DepartmentId | None = None,
    due_on: date | None = None,
    about: DepartmentId | None = None,
) -> None:
    """Begin a matter: of a department, or (no owner named) of the supervision section, `about` a department.

    Its limit is the policy's, or the day that a person set.
    """
    state = recorder.project
    rules = state.policy.life_cycle
    working_days: int | None = None
    if due_on is None:
        working_days = rules.limits.of(kind).working_days
        due_on = state.calendar.working_day(now.date(), working_days)
    recorder.record(
        LimitSet,
        limit_id=limit_id(kind, state.next_seq),
        kind=kind,
        milestone_id=milestone_id,
        owner=owner or rules.supervision_section,
        due_on=due_on,
        working_days=working_days,
        about=about,
    )


def end_limit(recorder: EventRecorder, limit: Limit | None, now: datetime, *, answered: bool = True) -> None:
    """End a matter that was answered or fell away; nothing where none is given.

    That it ran out is on record already: what is over is taken before a command is heard.
    """
    if limit is None:
        return
    late = working_days_late(recorder.project.calendar, limit, now.date())
    recorder.record(LimitEnded, **_about(limit), owner=limit.owner, answered=answered, working_days_late=late)


def drop_limits(recorder: EventRecorder, milestone_id: MilestoneId, now: datetime, *kept: LimitKind) -> None:
    """End every matter of a milestone that is over, but for the kinds that are kept: nobody has to answer them now."""
    state = recorder.project
    for limit in state.limits.values():
        if limit.milestone_id == milestone_id and limit.kind not in kept:
            end_limit(recorder, limit, now, answered=False)


def end_all_limits(recorder: EventRecorder, now: datetime) -> None:
    """End every matter of a project whose supervision is over."""
    state = recorder.project
    for limit in state.limits.values():
        end_limit(recorder, limit, now, answered=False)


def pending(state: ProjectState, now: datetime, until: date | None = None) -> Iterator[DueRung]:
    """Every rung of an open matter that was not taken yet, beyond `until` the first of each alone; none while what it
    is about is suspended."""
    for limit in state.limits.values():
        if not state.suspended(limit.milestone_id):
            for rung in untaken(rungs_of_limit(state, limit), limit.taken, until):
                yield due_rung(state, rung, now, limit.milestone_id or "", limit_id=limit.limit_id)


def rungs_of_limit(state: ProjectState, limit: Limit) -> tuple[Rung, ...]:
    """All rungs of a matter."""
    return limit_ladder(_rules_in(state, limit), state.calendar, limit.set_on, limit.due_on)


def take(recorder: EventRecorder, due: DueRung, later: Sequence[Rung], now: datetime) -> None:
    """Take a rung of a matter; `later` are those of the same matter that are due at the same time."""
    state = recorder.project
    assert due.limit_id is not None
    limit = state.limits[due.limit_id]
    rung, cause = due.rung, f"{RUNG_CAUSE}{due.rung.name}"
    if rung.kind == "limit_passed":
        passed = recorder.because(cause, end_of(limit.due_on))
        passed.record(LimitPassed, **_about(limit), owner=limit.owner, due_on=limit.due_on)
        return
    reason: NotSentReason | None = None
    if rung.kind == "limit_reminder" and (later or LIMIT_PASSED in limit.taken):
        reason = "stale"
    elif silence_of(state, limit.milestone_id, now.date()):
        reason = "silenced"
    if reason is not None:
        recorder.because(cause).record(LimitNoticeNotSent, **_about(limit), rung=rung.name, reason=reason)
    elif rung.kind == "limit_reminder":
        recorder.because(cause).record(
            LimitReminderIssued,
            **_about(limit),
            to=limit.owner,
            due_on=limit.due_on,
            working_days_before=rung.working_days,
        )
    else:
        step = next(step for step in _rules_in(state, limit).escalation if step.after_working_days == rung.working_days)
        recorder.because(cause).record(
            LimitEscalated,
            **_about(limit),
            owner=limit.owner,
            to=step.superior_of(state.lead, limit.owner),
            due_on=limit.due_on,
            after_working_days=rung.working_days,
        )


def _rules_in(state: ProjectState, limit: Limit) -> LimitRules:
    return state.policy.life_cycle.limits.of(limit.kind)


class _About(TypedDict):
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None


def _about(limit: Limit) -> _About:
    return {"limit_id": limit.limit_id, "kind": limit.kind, "milestone_id": limit.milestone_id}
