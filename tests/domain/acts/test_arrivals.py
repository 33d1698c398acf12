"""Deciding again: after what stands in the ledger, and as the record says. Nothing twice, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acts.arrivals import (
    Arrival,
    CommandGiven,
    DecidedOtherwiseError,
    Docketing,
    RefusedArrival,
    TimePassed,
    as_recorded,
    decided_after,
    decided_in_turn,
    decision_of,
)
from domain.acts.commands import ReportProgress, RequestCompletion, Withdraw
from domain.events import CommandRejected, DeadlineBreached, DomainEvent
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.ports.ledger import Recorded, Taken
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState
from tests.domain.samples import CALENDAR, HEADER, START, Desk, at, key_project, milestone, request

STREAM = "key-project/2018/05a"


def given_command(command: Any, key: str = "update 1") -> CommandGiven:
    """A command as it arrives."""
    return CommandGiven(key, command, command.model_dump_json())


def made_at(state: ProjectState | None, *waiting: tuple[Arrival, str]) -> tuple[Any, ...]:
    """What is decided on arrivals at instants."""
    return tuple(decided_in_turn(state, ((arrival, at(when)) for arrival, when in waiting)))


def events_of(made: Any) -> tuple[DomainEvent, ...]:
    """The events of decisions, in order."""
    return tuple(event for each in made for event in each.events)


def after(before: ProjectState, standing: Any, *dropped: tuple[Arrival, str]) -> tuple[DomainEvent, ...]:
    """What comes after standing decisions instead of the dropped ones."""
    stands = events_of(standing)
    state = fold(stands, before)
    assert state is not None
    events = events_of(decided_after(state, stands, made_at(before, *dropped)))
    assert [event.seq for event in events] == list(range(state.next_seq, state.next_seq + len(events)))
    return events


def desk_on(when: str) -> ProjectState:
    """A project at an instant."""
    desk = Desk()
    desk.run_until(when)
    return desk.state


@pytest.mark.parametrize(
    "arrival",
    [TimePassed(), given_command(request(ReportProgress)), RefusedArrival("signal 1", "rule", "text", "x")],
    ids=["time", "command", "refusal"],
)
def test_the_same_decision_after_itself_brings_nothing_new(arrival: Arrival) -> None:
    """A wake-up, a command and a refusal that stand already are not made again."""
    before = desk_on("05-11 08:29")
    standing = made_at(before, (arrival, "05-11 08:30"))
    assert events_of(standing)
    assert after(before, standing, (arrival, "05-11 08:30:01")) == ()


def test_what_is_decided_again_keeps_its_instant() -> None:
    """A request made in time stays in time, though it is decided again after midnight."""
    before = desk_on("05-31 12:00")
    standing = made_at(before, (given_command(request(ReportProgress)), "05-31 23:00"))
    event, *more = after(before, standing, (given_command(request(RequestCompletion)), "05-31 23:59"))
    assert event.type == "CompletionRequested"
    assert {each.decided_at for each in (event, *more)} == {at("05-31 23:59")}


def test_a_breach_of_a_late_command_is_found_again_with_it() -> None:
    """The breach that stood before the dropped command comes again before it, once."""
    before = desk_on("05-31 12:00")
    standing = made_at(before, (given_command(request(ReportProgress)), "05-31 23:00"))
    events = after(before, standing, (given_command(request(RequestCompletion)), "06-01 00:00:01"))
    late = [event.department for event in events if isinstance(event, DeadlineBreached)]
    assert (late, [event.type for event in events].count("CompletionRequested")) == ([None, "宣传部"], 1)


def test_time_is_looked_at_anew_after_what_stands() -> None:
    """A completion requested in time stands: the breach that was decided over it disappears."""
    before = desk_on("05-31 12:00")
    standing = made_at(before, (given_command(request(RequestCompletion)), "05-31 23:00"))
    dropped = (TimePassed(), "06-01 00:00")
    assert isinstance(events_of(made_at(before, dropped))[0], DeadlineBreached)
    assert after(before, standing, dropped) == ()


def test_a_command_that_has_become_impossible_is_recorded_as_rejected() -> None:
    """The record says why it was not taken."""
    before = Desk().state
    standing = made_at(before, (given_command(request(RequestCompletion)), "05-09 10:00"))
    command = request(ReportProgress)
    (event,) = after(before, standing, (given_command(command), "05-09 10:01"))
    assert isinstance(event, CommandRejected)
    assert event.rule == "one_completion_request"
    assert command.request_id in event.received


def test_after_a_standing_withdrawal_nothing_is_added() -> None:
    """A closed stream takes no more events, not even refusals."""
    before = Desk().state
    standing = made_at(before, (given_command(request(Withdraw, None)), "05-09 10:00"))
    assert (
        after(
            before,
            standing,
            (given_command(request(ReportProgress)), "05-09 10:01"),
            (RefusedArrival("signal 1", "rule", "text", "x"), "05-09 10:02"),
        )
        == ()
    )


def test_a_docketing_is_decided_once() -> None:
    """Where the project is open already, opening it again brings nothing."""
    project = key_project((milestone(),))
    opening = Docketing(lambda when: docket(HEADER, project, SupervisionPolicy(), CALENDAR, when))
    made, again = decided_in_turn(None, [(opening, START), (opening, START)])
    assert (len(made.events), again.events, again.state) == (4, (), made.state)


ARRIVALS = ("time", "report", "request", "unreadable")


def arrival_of(kind: str, number: int) -> Arrival:
    """An arrival of a kind."""
    match kind:
        case "report":
            return given_command(request(ReportProgress), f"update {number}")
        case "request":
            return given_command(request(RequestCompletion), f"signal {number}")
        case "unreadable":
            return RefusedArrival(f"signal {number}", "readable_command", "看不懂", f"x{number}")
        case _:
            return TimePassed()


@given(
    kinds=st.lists(st.sampled_from(ARRIVALS), min_size=1, max_size=6).filter(lambda kinds: kinds.count("time") <= 1),
    days=st.lists(st.integers(0, 60 * 24 * 40), min_size=6, max_size=6).map(sorted),
    late=st.integers(0, 60 * 24 * 20),
    more=st.lists(st.sampled_from(ARRIVALS[1:]), max_size=3),
    data=st.data(),
)
def test_a_replay_with_more_and_later_arrivals_comes_to_what_is_recorded(
    kinds: list[str], days: list[int], late: int, more: list[str], data: st.DataObject
) -> None:
    """Whatever else is at hand, in whatever order and however late: the record is followed, the rest is left over."""
    before = desk_on("05-25 12:00")
    begin = at("05-25 12:00")
    arrivals = [arrival_of(kind, number) for number, kind in enumerate(kinds)]
    first = decided_in_turn(
        before, ((arrival, begin + timedelta(minutes=days[n])) for n, arrival in enumerate(arrivals))
    )
    decision = decision_of(STREAM, first)
    others = [arrival_of(kind, 100 + number) for number, kind in enumerate(more)]
    seen = data.draw(st.permutations([*arrivals, *others]))
    again = decided_in_turn(before, ((arrival, begin + timedelta(minutes=days[-1] + late)) for arrival in seen))
    recorded, left = as_recorded(before, again, Recorded.as_given(decision))
    assert events_of(recorded) == decision.events
    assert not {each.arrival.key for each in left} & {taken.key for taken in decision.taken}
    assert [event.seq for event in events_of([*recorded, *left])] == list(
        range(before.next_seq, before.next_seq + len(events_of([*recorded, *left])))
    )


def test_code_that_decides_otherwise_is_told_from_code_that_follows() -> None:
    """Another digest, an arrival that never came, another number of events: each is refused."""
    before = desk_on("05-11 08:29")
    made = made_at(before, (TimePassed(), "05-11 08:30"))
    stands = Recorded.as_given(decision_of(STREAM, made))
    (taken,) = stands.taken
    for other in (
        stands.model_copy(update={"digest": "0" * 32}),
        stands.model_copy(update={"taken": (taken, Taken(key="update 9", at=taken.at, events=1))}),
        stands.model_copy(update={"taken": (taken.model_copy(update={"events": 7}),)}),
    ):
        with pytest.raises(DecidedOtherwiseError):
            as_recorded(before, made, other)
    assert events_of(as_recorded(before, made, stands)[0]) == events_of(made)


def test_which_arrival_was_decided_otherwise_is_told() -> None:
    """The one whose events are others; the last one where all are as many; none where the record has none."""
    before = desk_on("05-11 08:29")
    reported = given_command(request(ReportProgress), "update 3")
    made = made_at(before, (TimePassed(), "05-11 08:30"), (reported, "05-11 09:00"))
    stands = Recorded.as_given(decision_of(STREAM, made))
    of_time, of_report = stands.taken
    for changes, key in (
        ({"taken": (of_time.model_copy(update={"events": 7}), of_report)}, "time"),
        ({"digest": "0" * 32}, "update 3"),
        ({"taken": (), "digest": "0" * 32}, ""),
    ):
        with pytest.raises(DecidedOtherwiseError, match=f"“{key}”"):
            as_recorded(before, made, stands.model_copy(update=changes))


def test_after_what_stands_each_arrival_is_named_with_its_instant() -> None:
    """Time is passed over, wherever it stood; what came behind it is decided all the same."""
    before = desk_on("05-31 12:00")
    standing = made_at(before, (given_command(request(ReportProgress)), "05-31 23:00"))
    request_in_time = given_command(request(RequestCompletion), "update 2")
    dropped = made_at(before, (TimePassed(), "06-01 00:00"), (request_in_time, "06-01 00:00:01"))
    state = fold(events_of(standing), before)
    assert state is not None
    (again,) = decided_after(state, events_of(standing), dropped)
    assert (again.arrival, again.at) == (request_in_time, at("06-01 00:00:01"))
    assert again.taken == Taken(key="update 2", at=again.at, events=len(again.events))


def test_a_refusal_that_stood_already_is_followed_as_the_record_has_it() -> None:
    """The record took it without an event: whoever decides again names it, and adds none."""
    before = Desk().state
    stray = RefusedArrival("signal 1", "rule", "text", "x")
    stands = events_of(made_at(before, (stray, "05-09 10:00")))
    state = fold(stands, before)
    assert state is not None
    made = decided_after(state, stands, made_at(before, (stray, "05-09 10:01")))
    recorded = Recorded.as_given(decision_of(STREAM, made))
    again, left = as_recorded(state, made_at(state, (stray, "05-09 10:02")), recorded)
    assert [(each.arrival, each.at, each.events) for each in again] == [(stray, at("05-09 10:01"), ())]
    assert (tuple(each.taken for each in again), left) == (recorded.taken, [])
