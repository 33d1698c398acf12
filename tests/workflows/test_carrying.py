"""What arrived while a run recorded that it ends: the next run has it as it was, under names of its own."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.acts.arrivals import Arrival, CommandGiven, RefusedArrival, TimePassed, decided_in_turn
from domain.acts.commands import ReportProgress
from domain.clock import OFFICE_TIME
from tests.domain.samples import Desk, at, request
from workflows.carrying import arrival_of, carried
from workflows.inputs import SupervisionInput

COMMAND = request(ReportProgress)
GIVEN = CommandGiven("signal 1", COMMAND, "command: x")
REFUSED = RefusedArrival("signal 2", "readable_command", "看不懂", "urge: {}")


@pytest.mark.parametrize("arrival", [GIVEN, REFUSED], ids=["a command", "no command"])
def test_what_is_carried_comes_back_as_it_was(arrival: Arrival) -> None:
    """With its words, its rule and its instant, through the bytes of the next run's input."""
    made = decided_in_turn(Desk().state, [(arrival, at("05-09 10:00"))])
    sent = SupervisionInput(state=made[-1].state, heard=carried(made))
    (heard,) = SupervisionInput.model_validate_json(sent.model_dump_json()).heard
    assert arrival_of(heard, arrival.key) == arrival
    assert heard.at.astimezone(OFFICE_TIME) == at("05-09 10:00")


def test_each_has_the_name_that_the_next_run_gives_it() -> None:
    """And the order in which they came; time itself is not carried, whatever stands behind it."""
    waiting: list[tuple[Arrival, datetime]] = [
        (TimePassed(), at("05-09 09:00")),
        (REFUSED, at("05-09 10:00")),
        (GIVEN, at("05-09 10:01")),
    ]
    heard = carried(decided_in_turn(Desk().state, waiting))
    again = [arrival_of(each, f"carried {number}") for number, each in enumerate(heard)]
    assert [(type(each), each.key) for each in again] == [(RefusedArrival, "carried 0"), (CommandGiven, "carried 1")]


def test_a_command_that_is_carried_is_asked_about_again() -> None:
    """A validator of the run before heard it, and what that run never recorded nobody vouches for."""
    heard = CommandGiven("update 1", COMMAND, "x", heard=True)
    (kept,) = carried(decided_in_turn(Desk().state, [(heard, at("05-09 10:00"))]))
    again = arrival_of(kept, "carried 1")
    assert isinstance(again, CommandGiven)
    assert not again.heard
