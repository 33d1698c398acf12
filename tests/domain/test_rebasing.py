"""Deciding again after what stands in the ledger: nothing twice, nothing lost, each at its own instant."""

from __future__ import annotations

from typing import Any

from domain.commands import ReportProgress, RequestCompletion, Withdraw
from domain.decisions import decide, reject
from domain.events import CommandRejected, DeadlineBreached, DomainEvent
from domain.evolution import fold
from domain.rebasing import decided_again
from domain.state import ProjectState
from domain.wakeups import wake
from tests.domain.samples import Desk, at, request


def again(
    before: ProjectState, standing: tuple[DomainEvent, ...], dropped: tuple[DomainEvent, ...], *commands: Any
) -> tuple[DomainEvent, ...]:
    """What comes after the standing events instead of the dropped ones."""
    state = fold(standing, before)
    assert state is not None
    events = decided_again(state, standing, dropped, {command.request_id: command for command in commands})
    assert [event.seq for event in events] == list(range(state.next_seq, state.next_seq + len(events)))
    return events


def test_the_same_decision_brings_nothing_new() -> None:
    """A wake-up, a command and a refusal that stand already are not made again."""
    desk = Desk()
    desk.run_until("05-11 08:29")
    before, command = desk.state, request(ReportProgress)
    first, second = at("05-11 08:30"), at("05-11 08:30:01")
    for standing, dropped in (
        (wake(before, first), wake(before, second)),
        (decide(before, command, first), decide(before, command, second)),
        (reject(before, "rule", "text", "x", first), reject(before, "rule", "text", "x", second)),
    ):
        assert standing
        assert again(before, standing, dropped, command) == ()


def test_what_is_decided_again_keeps_its_instant() -> None:
    """A request made in time stays in time, though it is decided again after midnight."""
    desk = Desk()
    desk.run_until("05-31 12:00")
    before = desk.state
    standing = decide(before, request(ReportProgress), at("05-31 23:00"))
    command = request(RequestCompletion)
    dropped = decide(before, command, at("05-31 23:59"))
    (event,) = again(before, standing, dropped, command)
    assert (event.type, event.decided_at) == ("CompletionRequested", at("05-31 23:59"))


def test_a_breach_of_a_late_command_is_found_again_with_it() -> None:
    """The breach that stood before the dropped command comes again before it, once."""
    desk = Desk()
    desk.run_until("05-31 12:00")
    before, command = desk.state, request(RequestCompletion)
    standing = decide(before, request(ReportProgress), at("05-31 23:00"))
    dropped = decide(before, command, at("06-01 00:00:01"))
    events = again(before, standing, dropped, command)
    assert [event.type for event in events] == ["DeadlineBreached", "CompletionRequested"]


def test_a_wake_up_that_the_standing_events_make_needless_is_dropped() -> None:
    """A completion requested in time stands: the breach that was decided over it disappears."""
    desk = Desk()
    desk.run_until("05-31 12:00")
    before = desk.state
    standing = decide(before, request(RequestCompletion), at("05-31 23:00"))
    dropped = wake(before, at("06-01 00:00"))
    assert isinstance(dropped[0], DeadlineBreached)
    assert again(before, standing, dropped) == ()


def test_a_command_that_has_become_impossible_is_recorded_as_rejected() -> None:
    """Its sender was told that it was taken, so the record says why it was not."""
    before = Desk().state
    standing = decide(before, request(RequestCompletion), at("05-09 10:00"))
    command = request(ReportProgress)
    (event,) = again(before, standing, decide(before, command, at("05-09 10:01")), command)
    assert isinstance(event, CommandRejected)
    assert event.rule == "one_completion_request"
    assert command.request_id in event.received


def test_after_a_standing_withdrawal_nothing_is_added() -> None:
    """A closed stream takes no more events, not even refusals."""
    before = Desk().state
    standing = decide(before, request(Withdraw, None), at("05-09 10:00"))
    command = request(ReportProgress)
    dropped = decide(before, command, at("05-09 10:01")) + reject(before, "rule", "text", "x", at("05-09 10:02"))
    assert again(before, standing, dropped, command) == ()
