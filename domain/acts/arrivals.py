"""What arrives at a project and the decisions on it, the same at first and in every replay.

A decision is recorded a moment before the engine has it, and the engine may hand over the same arrivals again at
another instant, with more of them, or with less. So the record says which arrivals a decision took, in which order, at
which instants (`Taken`), and whoever decides again follows the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from domain.acts.commands import AnyCommand
from domain.acts.decisions import decide, reject
from domain.clock import VirtualClock
from domain.errors import RejectedError
from domain.events import CommandRejected, DomainEvent
from domain.evolution import fold
from domain.papers.drafting import papers_for, withholdings_for
from domain.papers.paper import Paper, Withholding
from domain.ports.ledger import Acceptance, Begins, Decision, NotHeard, Recorded, Taken, Unheard, digest_of
from domain.rungs.wakeups import wake
from domain.state import ProjectState

_OF_ITSELF: Final = "time"


class Arrival(Protocol):
    """Something that asks for a decision. `key` names it among all arrivals of one run, in every replay."""

    @property
    def key(self) -> str:
        """Its name."""

    def events(self, state: ProjectState | None, at: datetime) -> tuple[DomainEvent, ...]:
        """What it brings when it is decided at an instant. Never refuses: what is refused is an event that says so."""


@dataclass(frozen=True, slots=True)
class Docketing:
    """The project is opened: the first decision of all."""

    docket: Callable[[datetime], tuple[DomainEvent, ...]]
    key: str = "docketing"

    def events(self, state: ProjectState | None, at: datetime) -> tuple[DomainEvent, ...]:
        """The docketing; nothing where the project is open already."""
        return self.docket(at) if state is None else ()


@dataclass(frozen=True, slots=True)
class TimePassed:
    """An instant has come for which the project waited, or, under another key, somebody asks to look at the clock.

    `elsewhere` is how many inspections the lead department has in other projects, where whoever records has said so.
    """

    key: str = _OF_ITSELF
    elsewhere: int | None = None

    @property
    def of_itself(self) -> bool:
        """Whether nobody asks: whoever waits for an instant looks again, so it is never left over."""
        return self.key == _OF_ITSELF

    def events(self, state: ProjectState | None, at: datetime) -> tuple[DomainEvent, ...]:
        """What is due."""
        return wake(state, at, self.elsewhere or 0) if state else ()


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """Somebody gave a command; `heard` says whether a validator has asked already whether it may be heard."""

    key: str
    command: AnyCommand
    received: str
    heard: bool = False

    def events(self, state: ProjectState | None, at: datetime) -> tuple[DomainEvent, ...]:
        """What the command makes happen, or the record of its refusal."""
        if state is None:
            return ()
        try:
            return decide(state, self.command, at)
        except RejectedError as error:
            # Its sender was told that it was taken, or hears nothing at all: the record says why it was not.
            return _refused(state, error.rule, error.text, self.received, at)


@dataclass(frozen=True, slots=True)
class RefusedArrival:
    """Something came that is no command: what it was, and which rule it breaks."""

    key: str
    rule: str
    text: str
    received: str

    def events(self, state: ProjectState | None, at: datetime) -> tuple[DomainEvent, ...]:
        """The record of the refusal."""
        return _refused(state, self.rule, self.text, self.received, at) if state else ()


def _refused(state: ProjectState, rule: str, text: str, received: str, at: datetime) -> tuple[DomainEvent, ...]:
    return () if state.closed else reject(state, rule, text, received, at)


@dataclass(frozen=True, slots=True)
class Decided:
    """An arrival with what was decided on it, and the state after it."""

    arrival: Arrival
    at: datetime
    events: tuple[DomainEvent, ...]
    papers: tuple[Paper, ...]
    withheld: tuple[Withholding, ...]
    state: ProjectState

    def _accepted(self) -> CommandGiven | None:
        given = self.arrival
        if not isinstance(given, CommandGiven) or not self.events or isinstance(self.events[-1], CommandRejected):
            return None
        return given

    def accepted(self, stream: str) -> Acceptance | None:
        """The command as the record keeps it; none for what is no command, brought nothing or was refused."""
        given = self._accepted()
        if given is None:
            return None
        command = given.command
        return Acceptance(
            accepted_at=self.at,
            stream=stream,
            request_id=command.request_id,
            first=self.events[0].seq,
            events=len(self.events),
            command=command.model_dump(mode="json"),
        )

    def unheard(self, clock: VirtualClock) -> Unheard | None:
        """The act to be asked about before it is recorded: one that a validator heard was asked about there."""
        given = self._accepted()
        if given is None or given.heard:
            return None
        return Unheard(key=given.key, at=self.at, engine_at=clock.engine(self.at), command=given.command)

    @property
    def taken(self) -> Taken:
        """How the record names it."""
        elsewhere = self.arrival.elsewhere if isinstance(self.arrival, TimePassed) else None
        return Taken(key=self.arrival.key, at=self.at, events=len(self.events), elsewhere=elsewhere)


def _is_time_itself(made: Decided) -> bool:
    return isinstance(made.arrival, TimePassed) and made.arrival.of_itself


def decided(state: ProjectState | None, arrival: Arrival, at: datetime) -> Decided:
    """What is decided on an arrival at an instant (office time); it may bring no event at all."""
    return _decided(state, arrival, at, arrival.events(state, at))


def _decided(state: ProjectState | None, arrival: Arrival, at: datetime, events: tuple[DomainEvent, ...]) -> Decided:
    after = fold(events, state)
    assert after is not None  # a project is opened before anything else is decided
    return Decided(arrival, at, events, papers_for(after, events), withholdings_for(after, events), after)


def decision_of(
    stream: str,
    made: Sequence[Decided],
    *,
    recorded: ProjectState | None = None,
    ends: bool = False,
    clock: VirtualClock = VirtualClock(),  # noqa: B008 - a value that never changes
    begins: Begins | None = None,
) -> Decision:
    """The one decision in which all of these are recorded, after what is `recorded`; with `ends` its run shall end."""
    events = tuple(event for each in made for event in each.events)
    return Decision(
        stream=stream,
        taken=tuple(each.taken for each in made),
        accepted=tuple(filter(None, (each.accepted(stream) for each in made))),
        events=events,
        first=recorded.next_seq if recorded else 0,
        ends=ends,
        begins=begins,
        unheard=tuple(filter(None, (each.unheard(clock) for each in made))),
        papers=tuple(paper for each in made for paper in each.papers),
        withheld=tuple(withholding for each in made for withholding in each.withheld),
    )


def decided_in_turn(state: ProjectState | None, waiting: Iterable[tuple[Arrival, datetime]]) -> list[Decided]:
    """What is decided on arrivals one after another, each at its instant."""
    made: list[Decided] = []
    for arrival, at in waiting:
        made.append(decided(state, arrival, at))
        state = made[-1].state
    return made


def without(state: ProjectState | None, made: Sequence[Decided], refused: Sequence[NotHeard]) -> list[Decided]:
    """What was decided, decided again with acts that must not be heard as refused ones."""
    why = {each.key: each for each in refused}

    def instead(arrival: Arrival) -> Arrival:
        found = why.get(arrival.key)
        if found is None or not isinstance(arrival, CommandGiven):
            return arrival
        return RefusedArrival(arrival.key, found.rule, found.text, arrival.received)

    return decided_in_turn(state, [(instead(each.arrival), each.at) for each in made])


def with_elsewhere(state: ProjectState | None, made: Sequence[Decided], elsewhere: int) -> list[Decided]:
    """What was decided, decided again with the count of the lead department's inspections in other projects."""

    def counted(arrival: Arrival) -> Arrival:
        return replace(arrival, elsewhere=elsewhere) if isinstance(arrival, TimePassed) else arrival

    return decided_in_turn(state, [(counted(each.arrival), each.at) for each in made])


def from_the_ledger(state: ProjectState, dated: datetime, made: Iterable[Decided]) -> list[Decided]:
    """What was decided, decided again on the ledger's state; time itself is looked at anew."""
    left = [(each.arrival, max(each.at, dated)) for each in made if not _is_time_itself(each)]
    return decided_in_turn(state, left)


def as_recorded(
    state: ProjectState | None, made: Sequence[Decided], recorded: Recorded
) -> tuple[tuple[Decided, ...], list[Decided]]:
    """What was decided, decided again as the record says: what the record has, and what is left for the next one.

    Time itself is never left over: whoever waits for an instant looks again.

    Raises:
        DecidedOtherwiseError: the record has an arrival that never came, or one that brings other events.
    """
    waiting = {each.arrival.key: each for each in made}
    again: list[Decided] = []
    after = state.next_seq if state is not None else 0
    for entry in recorded.taken:
        known = waiting.pop(entry.key, None)
        arrival = known.arrival if known else TimePassed()
        if isinstance(arrival, TimePassed):
            arrival = replace(arrival, elsewhere=entry.elsewhere)
        each = decided(state, arrival, entry.at)
        if not entry.events and all(isinstance(event, CommandRejected) for event in each.events):
            # A refusal that stood in the ledger already when it was to be recorded.
            each = _decided(state, arrival, entry.at, ())
        if arrival.key != entry.key or len(each.events) != entry.events:
            raise DecidedOtherwiseError(entry.key, after)
        again.append(each)
        state = each.state
    if digest_of(event for each in again for event in each.events) != recorded.digest:
        raise DecidedOtherwiseError(recorded.taken[-1].key if recorded.taken else "", after)
    left = [(each.arrival, each.at) for each in waiting.values() if not _is_time_itself(each)]
    return tuple(again), decided_in_turn(state, left)


def decided_after(state: ProjectState, standing: Sequence[DomainEvent], made: Iterable[Decided]) -> list[Decided]:
    """What comes after events that the ledger already had in the place of these decisions; `state` is after them.

    Each arrival is decided at the instant that it had. One that the standing events have taken brings nothing; a
    command that they make impossible is recorded as refused. Time itself is looked at anew.
    """
    heard = {(event.rule, event.received) for event in standing if isinstance(event, CommandRejected)}
    again: list[Decided] = []
    for each in made:
        if _is_time_itself(each):
            continue
        events = tuple(
            event
            for event in each.arrival.events(state, each.at)
            if not (isinstance(event, CommandRejected) and (event.rule, event.received) in heard)
        )
        again.append(_decided(state, each.arrival, each.at, events))
        state = again[-1].state
    return again


class DecidedOtherwiseError(Exception):
    """Today's code decides otherwise than was recorded: a changed rule reached a project that runs under another."""

    def __init__(self, key: str, after: int) -> None:
        super().__init__(f"台账前{after}条之后，程序的办法与当时的不同（“{key}”）")
