"""What every store of the ledger guarantees for events."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.ledger.writer_clock import WriterClock
from domain.clock import VirtualClock
from domain.errors import LedgerConflictError
from domain.ports.ledger import Acceptance, Refusal
from domain.record.leaf import INCIDENT_STREAM, LOG_STREAM, domain_event_of, leaf_instant
from domain.record.ledger_errors import LeafRefusedError
from tests.adapters.ledger.conftest import SteppedClock, Store
from tests.adapters.ledger.samples import MORNING, STREAM, decision, reminder

OTHER = "key-project/2018/07"


async def test_recorded_events_are_read_back_in_order_as_they_were(store: Store) -> None:
    """What was recorded comes back equal, with dense positions in the whole and in the stream."""
    events = [reminder(seq) for seq in range(3)]
    await store.record(decision(*events))

    entries = list(store.entries(STREAM))

    assert [domain_event_of(entry) for entry in entries] == events
    assert [(entry.position, entry.stream_seq) for entry in entries] == [(0, 0), (1, 1), (2, 2)]
    assert [entry.event_id for entry in entries] == [f"{STREAM}#{seq}" for seq in range(3)]


async def test_positions_are_dense_over_all_streams(store: Store) -> None:
    """Many callers at once leave one order without a gap, and each stream its own."""
    streams = [f"key-project/2018/{number:02d}" for number in range(20)]
    await asyncio.gather(*(store.record(decision(reminder(0), reminder(1), stream=stream)) for stream in streams))

    entries = list(store.entries())

    assert [entry.position for entry in entries] == list(range(40))
    assert sorted(store.streams()) == streams
    assert all([entry.stream_seq for entry in store.entries(stream)] == [0, 1] for stream in streams)


async def test_the_same_decision_again_changes_nothing(store: Store, writer_clock: SteppedClock) -> None:
    """A retry at a later instant is the same event."""
    await store.record(decision(reminder(0), reminder(1)))
    before = list(store.entries())
    writer_clock.move(timedelta(hours=1))

    await store.record(decision(reminder(0), reminder(1)))

    assert list(store.entries()) == before


async def test_an_overlapping_decision_appends_what_is_new(store: Store) -> None:
    """A re-send that reaches further adds only the rest."""
    await store.record(decision(reminder(0), reminder(1)))

    await store.record(decision(reminder(1), reminder(2), reminder(3)))

    assert [entry.stream_seq for entry in store.entries(STREAM)] == [0, 1, 2, 3]


async def test_an_identity_taken_by_another_event_is_a_conflict(store: Store) -> None:
    """Other content under a known identity is refused, and what stands in the same decision with it too."""
    await store.record(decision(reminder(0)))

    with pytest.raises(LedgerConflictError) as refused:
        await store.record(decision(reminder(0, cause="rung:reminder-7"), reminder(1)))

    assert refused.value.ids["event_id"] == f"{STREAM}#0"
    assert [entry.stream_seq for entry in store.entries(STREAM)] == [0]


async def test_an_identity_claimed_twice_is_an_incident_that_stays(store: Store) -> None:
    """Whoever looks later sees that it was tried, with both hashes, once however often it was tried."""
    await store.record(decision(reminder(0)))
    for _ in range(3):
        with pytest.raises(LedgerConflictError):
            await store.record(decision(reminder(0, cause="rung:reminder-7")))

    incidents = [entry.event for entry in store.entries(INCIDENT_STREAM)]

    assert [(incident["type"], incident["data"]["event_id"]) for incident in incidents] == [("incident", f"{STREAM}#0")]
    assert incidents[0]["data"]["kept"] != incidents[0]["data"]["sent"]


async def test_a_stream_with_a_gap_is_a_conflict(store: Store) -> None:
    """An event that does not go on where the stream ends is refused."""
    await store.record(decision(reminder(0)))

    with pytest.raises(LedgerConflictError) as refused:
        await store.record(decision(reminder(2)))

    assert (refused.value.ids["expected"], refused.value.ids["found"]) == (1, 2)


async def test_a_decision_with_a_gap_of_its_own_is_a_conflict(store: Store) -> None:
    """A decision's events are dense."""
    with pytest.raises(LedgerConflictError):
        await store.record(decision(reminder(0), reminder(2)))

    assert list(store.entries()) == []


async def test_a_refused_decision_does_not_hold_up_its_neighbours(store: Store) -> None:
    """Of callers that are answered together, only the one that breaks a rule is refused."""
    await store.record(decision(reminder(0)))

    outcomes = await asyncio.gather(
        store.record(decision(reminder(0), stream=OTHER)),
        store.record(decision(reminder(5))),
        store.record(decision(reminder(1))),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), LedgerConflictError, type(None)]
    assert [entry.stream for entry in store.entries()].count(STREAM) == 2


async def test_an_event_too_long_for_the_public_format_is_refused(store: Store) -> None:
    """What an auditor's tool could not carry is not kept."""
    with pytest.raises(LeafRefusedError):
        await store.record(decision(reminder(0, cause="因" * 30_000)))

    assert list(store.entries()) == []


async def test_appended_never_goes_back(store: Store, writer_clock: SteppedClock) -> None:
    """When the writer's clock is put back, entries keep the last instant until it has caught up."""
    await store.record(decision(reminder(0)))
    writer_clock.move(timedelta(hours=-2))
    await store.record(decision(reminder(1)))
    writer_clock.move(timedelta(hours=3))
    await store.record(decision(reminder(2)))

    appended = [entry.appended_at for entry in store.entries(STREAM)]

    assert appended == [MORNING, MORNING, MORNING + timedelta(hours=1)]


async def test_a_step_back_of_the_writers_clock_is_an_entry(store: Store, writer_clock: SteppedClock) -> None:
    """The ledger says itself that its clock was put back, from when to when, once for each step."""
    await store.record(decision(reminder(0)))
    writer_clock.move(timedelta(hours=-2))
    await store.record(decision(reminder(1)))
    writer_clock.move(timedelta(minutes=1))
    await store.record(decision(reminder(2)))

    own = [entry.event for entry in store.entries(LOG_STREAM)]

    assert [(event["type"], event["data"]["from"], event["data"]["to"]) for event in own] == [
        ("clock.step", leaf_instant(MORNING), leaf_instant(MORNING - timedelta(hours=2)))
    ]


async def test_a_step_back_is_told_once_by_whoever_writes_until_its_instant_comes(
    store: Store, writer_clock: SteppedClock
) -> None:
    """Each command is a writer of its own: one entry for a step, another one where the clock goes back further."""
    await store.record(decision(reminder(0)))
    for at, hours in enumerate((-2, 0, 0, -1, 0), start=1):
        writer_clock.move(timedelta(hours=hours, minutes=1))
        _as_another_process(store, writer_clock)
        await store.record(decision(reminder(at)))

    steps = [entry.event["data"] for entry in store.entries(LOG_STREAM)]

    assert [(step["from"], step["to"]) for step in steps] == [
        (leaf_instant(MORNING), leaf_instant(MORNING - timedelta(minutes=ago))) for ago in (119, 176)
    ]


def _as_another_process(store: Store, clock: SteppedClock) -> None:
    """Let a store forget what its writer's clock showed."""
    vars(store)["_clock"] = WriterClock(clock)


async def test_entries_after_a_position_are_those_that_follow(store: Store) -> None:
    """A reader goes on where it stopped, over all streams or in one."""
    await store.record(decision(reminder(0), reminder(1)))
    await store.record(decision(reminder(0), stream=OTHER))
    await store.record(decision(reminder(2)))

    assert [entry.position for entry in store.entries(after=1)] == [2, 3]
    assert [entry.position for entry in store.entries(STREAM, after=0)] == [1, 3]
    assert list(store.newest()) == list(store.entries())[::-1]
    assert list(store.newest(beginning="key-project/2018/05")) == list(store.entries(STREAM))[::-1]
    assert list(store.newest(STREAM, before=3)) == list(store.entries(STREAM))[:2][::-1]


async def test_what_was_known_at_an_instant_is_what_was_decided_until_then(store: Store) -> None:
    """The bound itself belongs to what was known."""
    await store.record(decision(*(reminder(seq) for seq in range(4))))

    known = store.events_as_known_at(STREAM, MORNING + timedelta(minutes=2))

    assert [entry.stream_seq for entry in known] == [0, 1, 2]


async def test_the_first_clock_stays_the_installations_clock(store: Store) -> None:
    """Whoever comes second is told what was settled first."""
    first = VirtualClock(engine_at=MORNING, supervised_at=MORNING, speed=60)

    assert store.clock() is None
    assert await store.settle_clock(first) == first
    assert await store.settle_clock(VirtualClock()) == first
    assert store.clock() == first


async def test_refused_commands_are_kept_in_order(store: Store) -> None:
    """A refusal keeps its rule, its sentence and the command as it came; the same one, tried again, is kept once."""
    kept = [
        Refusal(refused_at=MORNING, stream=stream, rule="two_persons", text="须由另一人销号。", command={"n": number})
        for number, stream in enumerate([STREAM, OTHER, STREAM])
    ]
    for refusal in (*kept, *kept):
        await store.refuse(refusal)

    assert list(store.refusals()) == kept
    assert list(store.refusals(STREAM)) == [kept[0], kept[2]]


async def test_refused_commands_of_late_are_read_alone(store: Store) -> None:
    """At an instant or after it, of a stream or of all: who asks for a day does not read years."""
    kept = [
        Refusal(
            refused_at=MORNING + timedelta(hours=hour),
            stream=stream,
            rule="two_persons",
            text="须由另一人销号。",
            command={},
        )
        for hour, stream in enumerate([STREAM, OTHER, STREAM, STREAM])
    ]
    for refusal in kept:
        await store.refuse(refusal)

    assert list(store.refusals(since=MORNING + timedelta(hours=1))) == kept[1:]
    assert list(store.refusals(STREAM, since=MORNING + timedelta(hours=1, microseconds=1))) == kept[2:]


async def test_accepted_commands_are_kept_once_with_what_answers_them(store: Store) -> None:
    """As they were given, in order; the same decision recorded again adds none."""
    made = decision(reminder(0), reminder(1))
    accepted = tuple(
        Acceptance(
            accepted_at=MORNING, stream=STREAM, request_id=f"r{place}", first=place, events=1, command={"n": place}
        )
        for place in (0, 1)
    )
    made = made.model_copy(update={"accepted": accepted})

    await store.record(made)
    await store.record(made)

    assert tuple(store.acceptances(STREAM)) == tuple(store.acceptances()) == accepted
    assert list(store.acceptances("key-project/2018/99")) == []
