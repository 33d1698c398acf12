"""A year played again: the same commands at the same instants, under any policy, by an engine that is never away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import NamedTuple

from domain import events as e
from domain.acts.commands import AnswerDirective, AnyCommand
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.evolution import fold
from domain.ids import DepartmentId, ProjectId
from domain.lists.docketing import docket
from domain.lists.readings import reading_of
from domain.project import ListHeader
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import REQUEST_CAUSE, START_CAUSE
from domain.rungs.limits import limit_id
from domain.rungs.wakeups import next_wakeup, wake
from domain.state import ProjectState


@dataclass(frozen=True, slots=True)
class Played:
    """A project that was played: its events, its states with their instants, what was refused."""

    events: list[e.DomainEvent]
    states: list[tuple[datetime, ProjectState]]
    rejected: list[str]


class Lived(NamedTuple):
    """A project's recorded events, and the commands that were accepted, by the id of the request."""

    events: Sequence[e.DomainEvent]
    commands: Mapping[str, AnyCommand] = {}


def opened_with(lived: Lived) -> e.ProjectDocketed:
    """With what a project was docketed."""
    opened = lived.events[0]
    assert isinstance(opened, e.ProjectDocketed)
    return opened


def played_side_by_side(
    projects: Sequence[tuple[Lived, SupervisionPolicy]],
    until: datetime,
    names: Mapping[DepartmentId, DepartmentId] = MappingProxyType({}),
) -> list[Played]:
    """All projects played side by side, in order of instant and identity: the cap on inspections counts over all."""
    counts = _Inspections(names)
    played = [Played([], [], []) for _ in projects]
    steps = [_steps(each, *given, until, counts) for each, given in zip(played, projects, strict=True)]
    waiting = [
        (at, opened_with(projects[n][0]).project.project_id, n) for n, step in enumerate(steps) for at in _next(step)
    ]
    heapify(waiting)
    while waiting:
        _, project_id, n = heappop(waiting)
        for at in _next(steps[n]):
            heappush(waiting, (at, project_id, n))
    return played


def _next(steps: Iterator[datetime]) -> Iterator[datetime]:
    """The instant of the next step, where there is one."""
    at = next(steps, None)
    if at is not None:
        yield at


class _Inspections:
    """The inspections of every department by month, in all projects and in each; by one name, of whoever had more."""

    def __init__(self, names: Mapping[DepartmentId, DepartmentId]) -> None:
        self._names = names
        self._all: Counter[tuple[DepartmentId, str]] = Counter()
        self._of: Counter[tuple[DepartmentId, str, ProjectId]] = Counter()

    def elsewhere(self, state: ProjectState, at: datetime) -> int:
        lead, month = self._names.get(state.lead, state.lead), f"{at:%Y-%m}"
        return self._all[lead, month] - self._of[lead, month, state.project_id]

    def count(self, state: ProjectState, events: Sequence[e.DomainEvent]) -> None:
        for event in events:
            if isinstance(event, e.InspectionOpened):
                lead, month = self._names.get(state.lead, state.lead), f"{event.decided_at:%Y-%m}"
                self._all[lead, month] += 1
                self._of[lead, month, state.project_id] += 1


def _steps(
    played: Played, lived: Lived, policy: SupervisionPolicy, until: datetime, counts: _Inspections
) -> Iterator[datetime]:
    """Play a project; each step waits until it is its turn at the instant that it names."""
    recorded, opened = lived.events, opened_with(lived)
    listed = ListHeader(
        document_number=opened.document_number,
        title=opened.list_title,
        issuer=None,
        issued_on=opened.issued_on,
        year=opened.year,
    )
    rulings = [
        reading_of(event) for event in recorded if isinstance(event, e.ReadingRuled) and event.cause == START_CAUSE
    ]
    events = docket(listed, opened.project, policy, opened.calendar, opened.decided_at, rulings)
    state = fold(events)
    assert state is not None
    played.events.extend(events)
    played.states.append((opened.decided_at, state))
    asked: dict[str, list[e.DomainEvent]] = {}
    for event in recorded:
        if event.cause.startswith(REQUEST_CAUSE):
            asked.setdefault(event.cause, []).append(event)
    before: ProjectState | None = None
    for event in recorded:
        # What one request brought stands together, but for what it came upon (a limit that had run out).
        group = asked.pop(event.cause, None)
        if group is not None:
            assert before is not None
            state = yield from _wait(played, state, event.decided_at, counts)
            yield event.decided_at
            made = _commanded(played, state, group, lived.commands, before)
            counts.count(state, made)
            state = _taken(played, state, made, event.decided_at)
        before = fold((event,), before)
    yield from _wait(played, state, until, counts)


def _wait(
    played: Played, state: ProjectState, until: datetime, counts: _Inspections
) -> Generator[datetime, None, ProjectState]:
    at, since = next_wakeup(state, played.states[-1][0]), played.states[-1][0]
    while at is not None and at <= until:
        at = max(at, since)
        yield at
        made = wake(state, at, counts.elsewhere(state, at))
        if not made:
            since, at = at, next_wakeup(state, at)
            if at is None or at <= since:
                break
            continue
        counts.count(state, made)
        state = _taken(played, state, made, at)
        since, at = at, next_wakeup(state, at)
    return state


def _taken(played: Played, state: ProjectState, made: Sequence[e.DomainEvent], at: datetime) -> ProjectState:
    after = fold(made, state)
    assert after is not None
    if made:
        played.events.extend(made)
        played.states.append((at, after))
    return after


def _commanded(
    played: Played,
    state: ProjectState,
    group: Sequence[e.DomainEvent],
    commands: Mapping[str, AnyCommand],
    before: ProjectState,
) -> tuple[e.DomainEvent, ...]:
    command = commands.get(group[0].cause.removeprefix(REQUEST_CAUSE))
    if command is None:
        # Nobody knows how it was asked: what it brought stays as it was.
        return _renumbered(group, state)
    if isinstance(command, AnswerDirective) and command.directive is not None:
        command = command.having(directive=_of_the_same_rank(command.directive, before, state))
    try:
        return decide(state, command, group[0].decided_at)
    except RejectedError as error:
        played.rejected.append(f"{group[0].decided_at:%Y-%m-%d} {command.request_id}：{error.text}")
        return ()


def _of_the_same_rank(directive: int, before: ProjectState, state: ProjectState) -> int | None:
    # Its place in the stream may be another one under other rules; that it is the second that waits is not.
    waiting, here = sorted(before.directives), sorted(state.directives)
    rank = waiting.index(directive) if directive in waiting else 0
    return here[rank] if rank < len(here) else None


def _renumbered(group: Sequence[e.DomainEvent], state: ProjectState) -> tuple[e.DomainEvent, ...]:
    made: list[e.DomainEvent] = []
    matters: dict[str, str] = {}
    for event in group:
        if isinstance(event, e.ProjectArchived):
            continue
        update: dict[str, object] = {"seq": state.next_seq + len(made)}
        if isinstance(event, e.LimitSet):
            matters[event.limit_id] = limit_id(event.kind, state.next_seq + len(made))
        if (known := getattr(event, "limit_id", None)) is not None:
            update["limit_id"] = matters.get(known) or _same_matter(known, event, state)
        made.append(event.model_copy(update=update))
    return tuple(made)


def _same_matter(known: str, event: e.DomainEvent, state: ProjectState) -> str:
    # A matter is named by its place in the stream, which may be another one under other rules.
    about = tuple(getattr(event, name, None) for name in ("kind", "milestone_id", "owner"))
    there = [each.limit_id for each in state.limits.values() if (each.kind, each.milestone_id, each.owner) == about]
    return there[0] if there and known not in there else known
