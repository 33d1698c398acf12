"""What time alone brings: the rungs that are due at an instant, when the next one is, and what they do.

Papers are issued only inside working hours of a working day: a rung whose instant falls outside them (an engine that
was away) waits for the next opening. Facts (a breach, a limit that ran out, a period without a report, the end of a
suspension) are no papers: they are recorded when their day is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.actors import ENGINE
from domain.events import DomainEvent, RungSkipped
from domain.record.recorder import EventRecorder
from domain.rungs import due_dates, matters, progress, set_days
from domain.rungs.ahead import of_milestones
from domain.rungs.ladder import FACTS, RUNG_CAUSE, Rung
from domain.rungs.timing import DueRung, problem_of
from domain.state import ProjectState


def next_rung(state: ProjectState, now: datetime) -> DueRung | None:
    """The rung that comes due first, or none when there is nothing to wait for."""
    return next(iter(pending_rungs(state, now, now.date())), None)


def pending_rungs(state: ProjectState, now: datetime, until: date | None = None) -> list[DueRung]:
    """Every rung that was not taken yet, in the order in which they are to be taken; of those that lie beyond `until`
    none but the first needs to be among them."""
    if state.closed:
        return []
    pending = [
        *of_milestones(state, now, until),
        *matters.pending(state, now, until),
        *set_days.pending(state, now),
    ]
    return sorted(pending, key=lambda due: (due.at, due.nominal, due.milestone_id))


def due_actions(state: ProjectState, now: datetime) -> list[DueRung]:
    """The rungs to be taken at `now`, in order."""
    return _due(pending_rungs(state, now, now.date()), now)


def next_wakeup(state: ProjectState, now: datetime) -> datetime | None:
    """The next instant at which something comes due, or none when there is nothing to wait for."""
    first = next_rung(state, now)
    return first.at if first else None


def wake(state: ProjectState, now: datetime, inspections_elsewhere: int = 0) -> tuple[DomainEvent, ...]:
    """The events of everything that is due at `now`: one decision, however many rungs of however many milestones.

    `inspections_elsewhere` is how many inspections the lead department has this month in other projects.
    """
    return woken(state, now, inspections_elsewhere)[0]


def woken(
    state: ProjectState, now: datetime, inspections_elsewhere: int = 0
) -> tuple[tuple[DomainEvent, ...], ProjectState, datetime | None]:
    """What is due at `now`, the project after it, and the next instant at which something comes due (see `wake`)."""
    recorder = EventRecorder(state, now, ENGINE, RUNG_CAUSE)
    recorder.inspections_elsewhere = inspections_elsewhere
    # What came due can let something else come due at the same instant: the end of a suspension sets clocks going.
    while due := _due(pending := pending_rungs(recorder.project, now, now.date()), now):
        before = len(recorder.events)
        for each in due:
            ladder = [other.rung for other in due if other.ladder == each.ladder]
            _take(recorder, each, now, ladder[ladder.index(each.rung) + 1 :])
        if len(recorder.events) == before:
            # A rung that is due leaves an event: one that does not would be due for ever.
            for each in due:
                _skip(recorder, each, "NothingRecorded")
    return tuple(recorder.events), recorder.project, pending[0].at if pending else None


def _due(pending: Sequence[DueRung], now: datetime) -> list[DueRung]:
    return [due for due in pending if due.at <= now]


def take_what_is_over(recorder: EventRecorder, now: datetime) -> None:
    """Record every fact whose day is over before a command is heard, so that none slips past it: a breach, a limit that
    ran out, a period without a report, the end of a suspension.

    The wake-up that records them comes a little after midnight, or much later where the engine was away.
    """
    state = recorder.project
    while over := [due for due in pending_rungs(state, now, now.date()) if due.rung.kind in FACTS and due.is_over(now)]:
        # One after another: the end of a suspension moves the dates that come after it.
        _take(recorder, min(over, key=lambda due: due.rung.day), now)
        state = recorder.project


def _take(recorder: EventRecorder, due: DueRung, now: datetime, later: Sequence[Rung] = ()) -> None:
    """Take a rung; one that cannot be decided is recorded as skipped, and everything else goes on."""
    if due.problem is not None:
        _skip(recorder, due, due.problem)
        return
    mark = recorder.mark()
    try:
        _bring(recorder, due, later, now)
    except Exception as error:  # noqa: BLE001 - whatever time brings, it must not stop the project
        recorder.back_to(mark)
        _skip(recorder, due, problem_of(error))


def _skip(recorder: EventRecorder, due: DueRung, problem: str) -> None:
    recorder.because(f"{RUNG_CAUSE}{due.rung.name}").record(
        RungSkipped,
        milestone_id=due.milestone_id or None,
        rung=due.rung.name,
        kind=due.rung.kind,
        department=due.department,
        limit_id=due.limit_id,
        problem=problem,
    )


def _bring(recorder: EventRecorder, due: DueRung, later: Sequence[Rung], now: datetime) -> None:
    match due.rung.kind:
        case "limit_reminder" | "limit_passed" | "limit_order":
            matters.take(recorder, due, later, now)
        case "period" | "pace":
            progress.take(recorder, due, later, now)
        case "resumption" | "planned_inspection":
            set_days.take(recorder, due, now)
        case _:
            due_dates.take(recorder, due, later, now)
