"""What a record says of what arrived, and how arrivals are decided again when the record must be another one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.acts.arrivals import (
    Arrival,
    CommandGiven,
    Decided,
    RefusedArrival,
    TimePassed,
    as_recorded,
    decided,
    decided_in_turn,
    decision_of,
    from_the_ledger,
    with_elsewhere,
    without,
)
from domain.acts.commands import ReportProgress, RequestCompletion, Urge, Withdraw
from domain.clock import VirtualClock
from domain.events import CommandRejected, DeadlineBreached
from domain.ports.ledger import Begins, NotHeard, Recorded
from domain.rungs import wakeups
from domain.state import ProjectState
from tests.domain.samples import LI, START, STRANGER, Desk, at, request

STREAM = "key-project/2018/05a"
FAST = VirtualClock(engine_at=START + timedelta(days=3_000), supervised_at=START, speed=60)
STRAY = RefusedArrival("signal 9", "readable_command", "看不懂", "urge: {}")


def given_command(command: Any, key: str, *, heard: bool = False) -> CommandGiven:
    """A command as it arrives."""
    return CommandGiven(key, command, f"command: {command.request_id}", heard=heard)


def desk_on(when: str) -> ProjectState:
    """A project at an instant."""
    desk = Desk()
    desk.run_until(when)
    return desk.state


def in_turn(state: ProjectState, *waiting: tuple[Arrival, str]) -> list[Decided]:
    """What is decided on arrivals at instants."""
    return decided_in_turn(state, ((arrival, at(when)) for arrival, when in waiting))


def test_an_accepted_command_is_kept_as_it_was_given_with_the_events_that_answer_it() -> None:
    """Its stream, instant, id and fields; and by their numbers the events of this command alone."""
    state = desk_on("05-09 09:00")
    commands = [request(Urge, by=LI, reason="请抓紧"), request(ReportProgress)]
    made = in_turn(state, *((given_command(each, f"signal {n}"), f"05-09 10:0{n}") for n, each in enumerate(commands)))

    kept = decision_of(STREAM, made).accepted

    assert [(each.stream, each.request_id, each.accepted_at, each.command) for each in kept] == [
        (STREAM, command.request_id, at(f"05-09 10:0{n}"), command.model_dump(mode="json"))
        for n, command in enumerate(commands)
    ]
    assert [[event.seq for event in each.events] for each in made] == [
        list(range(each.first, each.first + each.events)) for each in kept
    ]


@pytest.mark.parametrize(
    "arrival",
    [TimePassed(), STRAY, given_command(request(ReportProgress, by=STRANGER), "signal 1")],
    ids=["time", "no command", "a refused command"],
)
def test_what_is_no_accepted_command_is_kept_as_none_and_asked_about_by_nobody(arrival: Arrival) -> None:
    """Each brings events here, and none of them answers a command that was accepted."""
    made = in_turn(desk_on("05-11 08:29"), (arrival, "05-11 08:30"))
    assert made[0].events
    decision = decision_of(STREAM, made)
    assert (decision.accepted, decision.unheard) == ((), ())


def test_a_command_that_stands_already_is_kept_once() -> None:
    """The same request again brings no event, so it is no second acceptance."""
    command = request(ReportProgress)
    made = in_turn(
        desk_on("05-09 09:00"),
        (given_command(command, "signal 1"), "05-09 10:00"),
        (given_command(command, "signal 2"), "05-09 10:01"),
    )
    decision = decision_of(STREAM, made)
    assert [each.request_id for each in decision.accepted] == [command.request_id]
    assert [each.key for each in decision.unheard] == ["signal 1"]
    assert [(each.key, each.events > 0) for each in decision.taken] == [("signal 1", True), ("signal 2", False)]


def test_an_act_that_no_validator_has_heard_is_asked_about_by_both_clocks() -> None:
    """The one by signal, with the supervised instant and the engine's; not the one that a validator heard."""
    command = request(ReportProgress)
    made = in_turn(
        desk_on("05-09 09:00"),
        (given_command(request(Urge, by=LI, reason="请抓紧"), "update 1", heard=True), "05-09 10:00"),
        (given_command(command, "signal 1"), "05-09 10:01"),
    )
    (asked,) = decision_of(STREAM, made, clock=FAST).unheard
    assert (asked.key, asked.command, asked.at) == ("signal 1", command, at("05-09 10:01"))
    assert asked.engine_at == FAST.engine(asked.at)
    assert asked.engine_at != asked.at


def test_a_decision_has_everything_of_its_parts_in_their_order() -> None:
    """Events, papers, what was withheld; with which number it begins, whether its run ends, with what it began."""
    state = desk_on("05-11 08:29")
    made = in_turn(
        state,
        (TimePassed(), "05-11 08:30"),
        (given_command(request(Urge, by=LI, reason="请抓紧"), "signal 1"), "05-11 09:00"),
        (given_command(request(RequestCompletion), "signal 2"), "05-11 09:01"),
    )
    begins = Begins(clock=FAST, state=state.digest())
    decision = decision_of(STREAM, made, recorded=state, ends=True, begins=begins)
    assert decision.events == (*made[0].events, *made[1].events, *made[2].events)
    assert decision.papers == (*made[0].papers, *made[1].papers, *made[2].papers)
    assert decision.papers
    assert decision.withheld == (*made[0].withheld, *made[1].withheld, *made[2].withheld)
    assert decision.withheld
    assert (decision.first, decision.ends, decision.begins) == (state.next_seq, True, begins)
    assert decision.first == decision.events[0].seq
    plain = decision_of(STREAM, made)
    assert (plain.first, plain.ends, plain.begins) == (0, False, None)


def test_an_act_that_must_not_be_heard_is_recorded_as_refused_and_the_others_stand() -> None:
    """The refusal has the rule, the sentence and what was received; what came after it is decided without it."""
    state = desk_on("05-09 09:00")
    first, second = (
        request(ReportProgress, text="已完成初稿，正在征求意见"),
        request(ReportProgress, text="已征求意见，正在修改第二稿"),
    )
    made = in_turn(
        state,
        (given_command(first, "signal 1"), "05-09 10:00"),
        (STRAY, "05-09 10:01"),
        (given_command(second, "signal 2"), "05-09 10:02"),
    )
    again = without(
        state,
        made,
        [
            NotHeard(key="signal 1", rule="attested_act", text="没有证明。"),
            NotHeard(key="signal 9", rule="x", text="y"),
        ],
    )
    assert [each.at for each in again] == [each.at for each in made]
    (refused,) = again[0].events
    assert isinstance(refused, CommandRejected)
    assert (refused.rule, refused.text) == ("attested_act", "没有证明。")
    assert refused.received == given_command(first, "signal 1").received
    assert [each.arrival for each in again[1:]] == [each.arrival for each in made[1:]]
    assert [event.seq for each in again for event in each.events] == list(
        range(state.next_seq, state.next_seq + sum(len(each.events) for each in again))
    )
    assert decision_of(STREAM, again).accepted[0].request_id == second.request_id


def test_inspections_elsewhere_are_told_to_time_alone() -> None:
    """Whoever records says the count: time is decided again with it, everything else as before, and a replay has it."""
    state = desk_on("05-11 08:29")
    made = in_turn(
        state, (given_command(request(ReportProgress), "signal 1"), "05-11 08:29"), (TimePassed(), "05-11 08:30")
    )
    again = with_elsewhere(state, made, 3)
    assert [each.arrival for each in again] == [made[0].arrival, TimePassed(elsewhere=3)]
    assert [each.at for each in again] == [each.at for each in made]
    assert [each.taken.elsewhere for each in again] == [None, 3]
    replayed, left = as_recorded(state, made, Recorded.as_given(decision_of(STREAM, again)))
    assert ([each.arrival for each in replayed], left) == ([each.arrival for each in again], [])


def test_time_that_was_recorded_with_a_count_asks_the_rules_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count reaches what decides whether an inspection may be opened; none counts as none elsewhere."""
    asked: list[int] = []

    def wake(state: ProjectState, at: Any, elsewhere: int = 0) -> tuple[Any, ...]:
        asked.append(elsewhere)
        return wakeups.wake(state, at, elsewhere)

    monkeypatch.setattr("domain.acts.arrivals.wake", wake)
    state = desk_on("05-11 08:29")
    for count in (None, 0, 4):
        decided(state, TimePassed(elsewhere=count), at("05-11 08:30"))
    assert asked == [0, 0, 4]


def test_on_the_ledgers_state_arrivals_are_decided_again_and_time_is_looked_at_anew() -> None:
    """Never before the ledger's last decision; what came later keeps its instant."""
    given = Desk().state
    made = in_turn(
        given,
        (given_command(request(ReportProgress, text="已完成初稿，正在征求意见"), "signal 1"), "05-09 10:00"),
        (TimePassed(), "05-11 08:30"),
        (given_command(request(ReportProgress, text="已征求意见，正在修改第二稿"), "signal 2"), "05-31 09:00"),
    )
    ledgers, dated = desk_on("05-25 12:00"), at("05-25 12:00")
    again = from_the_ledger(ledgers, dated, made)
    assert [(each.arrival, each.at) for each in again] == [
        (made[0].arrival, dated),
        (made[2].arrival, made[2].at),
    ]
    assert again[0].events[0].seq == ledgers.next_seq


def test_before_a_project_is_opened_nothing_can_be_decided_on_it() -> None:
    """Time, commands and stray signals bring nothing then, and nothing fails."""
    for arrival in (TimePassed(), given_command(request(ReportProgress), "signal 1"), STRAY):
        assert arrival.events(None, START) == ()


def test_after_the_end_a_refusal_leaves_no_trace() -> None:
    """A closed stream takes no more events."""
    desk = Desk()
    desk.ask(request(Withdraw, None, by=LI))
    assert desk.state.closed
    assert decided(desk.state, STRAY, desk.now).events == ()
    assert decided(Desk().state, STRAY, START).events != ()


def test_a_record_without_arrivals_that_has_another_digest_is_told() -> None:
    """What is left over stays for the next record, time excepted."""
    state = desk_on("05-31 12:00")
    made = in_turn(state, (TimePassed(), "06-01 00:00"), (STRAY, "06-01 00:01"))
    assert any(isinstance(event, DeadlineBreached) for event in made[0].events)
    recorded, left = as_recorded(state, made, Recorded.as_given(decision_of(STREAM, ())))
    assert (recorded, [each.arrival for each in left]) == ((), [STRAY])
