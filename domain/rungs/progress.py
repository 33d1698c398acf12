"""The rungs of scheduled progress: a reporting period that ended without a report, and a pace that is too slow.

Both are there only while something is missing: who reports in time and keeps the pace is never woken for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from domain.events import NoticeNotSent, PaceWarningIssued, ReportPeriodMissed
from domain.papers.paper import NotSentReason
from domain.record.recorder import EventRecorder
from domain.rules.calendar import end_of
from domain.rungs.due_dates import deadline_in
from domain.rungs.ladder import BREACH, RUNG_CAUSE, Rung, pace_rung, period_rung, untaken
from domain.rungs.reporting_periods import periods_in, scheduled_progress, share_day
from domain.rungs.stops import silence_of
from domain.rungs.timing import DueRung, due_rung
from domain.state import MilestoneState, ProjectState, target_of


def pending(
    state: ProjectState, milestone: MilestoneState, now: datetime, until: date | None = None
) -> Iterator[DueRung]:
    """Every period of a milestone whose clock runs that will end unreported, beyond `until` the first alone, and every
    pace mark at which too little will be delivered."""
    if not milestone.retrospective:
        for rung in (*untaken(_periods(state, milestone), (), until), *_pace(state, milestone)):
            yield due_rung(state, rung, now, milestone.milestone_id)


def _periods(state: ProjectState, milestone: MilestoneState) -> Iterator[Rung]:
    # The due date's own ladder speaks for the period that ends with the window. One that was over when the project was
    # assigned was nobody's to report.
    for period in periods_in(state, milestone.milestone_id):
        if period.closing or period.number in milestone.periods_reported or period.number in milestone.periods_missed:
            continue
        if period.asked and period.ends_on >= state.assigned_on(milestone.milestone_id):
            yield Rung(period_rung(period.number), "period", period.ends_on, period.number)


def _pace(state: ProjectState, milestone: MilestoneState) -> Iterator[Rung]:
    if target_of(state.issued(milestone.milestone_id)) is None:
        return
    for percent in state.policy.life_cycle.pace_warnings_at_percent:
        day = share_day(state, milestone.milestone_id, percent)
        if percent in milestone.pace_warned or day is None or day <= state.assigned_on(milestone.milestone_id):
            continue
        due = scheduled_progress(state, milestone.milestone_id, day)
        if due is not None and (milestone.quantity or 0) < due.by_then:
            yield Rung(pace_rung(percent), "pace", day, percent)


def take(recorder: EventRecorder, due: DueRung, later: Sequence[Rung], now: datetime) -> None:
    """Record a missed period, or warn of a pace that is too slow; `later` are the rungs of the same milestone that are
    due at the same time."""
    state = recorder.project
    rung, milestone_id, cause = due.rung, due.milestone_id, f"{RUNG_CAUSE}{due.rung.name}"
    if rung.kind == "period":
        recorder.because(cause, end_of(rung.day)).record(
            ReportPeriodMissed,
            milestone_id=milestone_id,
            period=rung.working_days,
            periods=len(periods_in(state, milestone_id)),
            ended_on=rung.day,
        )
        return
    milestone, plan = state.milestones[milestone_id], scheduled_progress(state, milestone_id, rung.day)
    due_on = deadline_in(state, milestone)
    assert plan is not None
    assert due_on is not None
    if (reason := _why_not(state, milestone, later, now)) is not None:
        recorder.because(cause).record(
            NoticeNotSent,
            milestone_id=milestone_id,
            kind="pace_warning",
            rung=rung.name,
            round=milestone.round,
            reason=reason,
        )
        return
    recorder.because(cause).record(
        PaceWarningIssued,
        milestone_id=milestone_id,
        percent=rung.working_days,
        quantity=milestone.quantity or 0,
        scheduled=plan.by_then,
        target=plan.target,
        unit=plan.unit,
        due_on=due_on,
    )


def _why_not(
    state: ProjectState, milestone: MilestoneState, later: Sequence[Rung], now: datetime
) -> NotSentReason | None:
    # As with reminders: only an engine that was away finds a warning that the next one or the due date has overtaken.
    if any(other.kind in ("pace", "breach") for other in later) or BREACH in milestone.taken:
        return "stale"
    return "silenced" if silence_of(state, milestone.milestone_id, now.date()) else None
