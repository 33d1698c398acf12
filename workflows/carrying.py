"""What arrives while a run records that it ends is carried into the next run, which records it first."""

from __future__ import annotations

from collections.abc import Iterable

from domain.acts.arrivals import Arrival, CommandGiven, Decided, RefusedArrival
from workflows.inputs import Heard


def carried(waiting: Iterable[Decided]) -> tuple[Heard, ...]:
    """What was decided and not recorded, as the next run is given it; a look at the clock is none."""
    found: list[Heard] = []
    for each in waiting:
        match each.arrival:
            case CommandGiven(command=command, received=received):
                found.append(Heard(at=each.at, received=received, command=command))
            case RefusedArrival(rule=rule, text=text, received=received):
                found.append(Heard(at=each.at, received=received, rule=rule, text=text))
    return tuple(found)


def arrival_of(heard: Heard, key: str) -> Arrival:
    """The arrival that was carried, under its name in this run."""
    if heard.command is not None:
        return CommandGiven(key, heard.command, heard.received)
    return RefusedArrival(key, heard.rule, heard.text, heard.received)
