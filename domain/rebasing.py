"""What stands in the ledger stands: deciding again what was decided over a record that is longer than it seemed.

A decision reaches the ledger a moment before the engine has it. When the engine loses it in that moment (a worker that
is killed, a task whose completion is refused because a message came), the ledger has events that the workflow has not
heard of. Then the ledger's events are taken over, and what the workflow decided meanwhile is decided again after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.actors import ENGINE
from domain.commands import AnyCommand
from domain.decisions import decide, reject
from domain.errors import RejectedError
from domain.events import CommandRejected, DomainEvent
from domain.evolution import fold
from domain.ladder import REQUEST_CAUSE, RUNG_CAUSE
from domain.state import ProjectState
from domain.wakeups import wake


def decided_again(
    state: ProjectState,
    standing: Sequence[DomainEvent],
    dropped: Sequence[DomainEvent],
    commands: Mapping[str, AnyCommand],
) -> tuple[DomainEvent, ...]:
    """The events that come after `standing` instead of the `dropped` ones, each decided at the instant that it had.

    `state` is the one after `standing`; `commands` are those of the dropped events, by request id. A command that the
    standing events have taken already brings nothing; one that they make impossible is recorded as rejected.
    """
    heard = {(event.rule, event.received) for event in standing if isinstance(event, CommandRejected)}
    waiting = dict(commands)
    events: list[DomainEvent] = []
    for event in dropped:
        made = tuple(_again(state, event, waiting, heard))
        state = fold(made, state) or state
        events.extend(made)
    return tuple(events)


def _again(
    state: ProjectState, event: DomainEvent, waiting: dict[str, AnyCommand], heard: set[tuple[str, str]]
) -> Iterator[DomainEvent]:
    now = event.decided_at
    if isinstance(event, CommandRejected):
        if (event.rule, event.received) not in heard and not state.closed:
            yield from reject(state, event.rule, event.text, event.received, now)
    elif event.cause.startswith(RUNG_CAUSE):
        # What was over when a command came is on record in the name of who gave it: it comes again with the command.
        if event.actor == str(ENGINE):
            yield from wake(state, now)
    elif (command := waiting.pop(event.cause.removeprefix(REQUEST_CAUSE), None)) is not None:
        try:
            yield from decide(state, command, now)
        except RejectedError as error:
            if not state.closed:
                yield from reject(state, error.rule, error.text, command.model_dump_json(), now)
