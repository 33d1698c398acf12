"""What time alone brings: the rungs that are due at an instant, when the next one is, and what they do.

Papers are issued only inside working hours of a working day: a rung whose instant falls outside them (an engine that
was away) waits for the next opening. Facts (a breach, a limit that ran out, a period without a report, the end of a
suspension) are no papers: they are recorded when their day is over.

What comes next in each milestone, worked out once and known until something happens to it.

A project is asked several times for what comes due, at every instant of its year, and most of its milestones lie ahead
the whole time. States never change, so what was worked out from the very same objects still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from domain.actors import ENGINE
from domain.events import DomainEvent, RungSkipped
from domain.record.recorder import EventRecorder
from domain.rungs import due_dates, matters, progress, set_days
from domain.rungs.ladder import FACTS, RUNG_CAUSE, Rung
from domain.rungs.timing import DueRung, problem_of
from domain.state import MilestoneState, ProjectState
from domain.state.running import lead_clock_runs

_MOST_KNOWN: Final = 256
"""Milestones: those of the projects at hand. More would keep states in memory that nobody needs any more."""
_LONG_AGO: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Asked at this instant, no rung is late: each is meant for its own one."""
_WorkedOutFrom = tuple[object, ...]
_known: dict[tuple[int, ...], tuple[_WorkedOutFrom, tuple[DueRung, ...]]] = {}


def of_milestones(state: ProjectState, now: datetime, until: date | None = None) -> Iterator[DueRung]:
    """Every rung of a due date, a period or a pace that was not taken yet; beyond `until` the first of each ladder
    alone."""
    for milestone in state.milestones.values():
        if not lead_clock_runs(milestone):
            continue
        first = () if until is None else _first(state, milestone)
        # A ladder climbs: where its first rung is still to come, so are all others.
        if until is not None and all(due.nominal > now and due.problem is None for due in first):
            yield from first
        else:
            yield from _of_milestone(state, milestone, now, until)


def _of_milestone(
    state: ProjectState, milestone: MilestoneState, now: datetime, until: date | None
) -> Iterator[DueRung]:
    yield from due_dates.pending(state, milestone, now, until)
    yield from progress.pending(state, milestone, now, until)


def _first(state: ProjectState, milestone: MilestoneState) -> tuple[DueRung, ...]:
    """The first rung of each ladder, as it comes before its day."""
    made_of = milestone, state.project, state.policy, state.calendar, state.docketed_at
    key = tuple(map(id, made_of))
    known = _known.get(key)
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        # What it was worked out from is kept with it: as long as it is there, no other object has its identity.
        _known[key] = known = made_of, tuple(_of_milestone(state, milestone, _LONG_AGO, date.min))
    return known[1]


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
    return [due for due in pending_rungs(state, now, now.date()) if due.at <= now]


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
) -> tuple[tuple[DomainEvent, ...], ProjectState]:
    """What is due at `now`, and the project after it (see `wake`)."""
    recorder = EventRecorder(state, now, ENGINE, RUNG_CAUSE)
    recorder.inspections_elsewhere = inspections_elsewhere
    # What came due can let something else come due at the same instant: the end of a suspension sets clocks going.
    while due := due_actions(recorder.project, now):
        before = len(recorder.events)
        for each in due:
            ladder = [other.rung for other in due if other.ladder == each.ladder]
            _take(recorder, each, now, ladder[ladder.index(each.rung) + 1 :])
        if len(recorder.events) == before:
            # A rung that is due leaves an event: one that does not would be due for ever.
            for each in due:
                _skip(recorder, each, "NothingRecorded")
    return tuple(recorder.events), recorder.project


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
