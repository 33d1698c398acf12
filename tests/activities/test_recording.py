from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from activities.recording import RecordingActivities
from domain.errors import LedgerUnavailableError
from domain.ports.ledger import Decision, Recorded
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import STREAM, decision, paper, reminder


async def test_a_decision_is_recorded_once_however_often_it_is_tried(store: InMemoryLedger) -> None:
    """Its events stand in the ledger and its papers in the outbox, each once."""
    made = decision(reminder(0), papers=(paper(0),))
    recording = RecordingActivities(store)

    await recording.record_decision(made)
    await recording.record_decision(made)

    assert [entry.stream_seq for entry in store.entries(STREAM)] == [0]
    assert len(store.papers()) == 1


async def test_under_a_taken_identity_the_answer_is_what_stands_there(store: InMemoryLedger) -> None:
    """An earlier decision that the engine lost stands; the later one changes nothing and hears of it."""
    recording = RecordingActivities(store)
    made = decision(reminder(0), reminder(1))
    first = await recording.record_decision(made)
    assert first == Recorded(taken=made.taken, digest=made.digest())
    assert made.digest() != decision(reminder(0)).digest()

    recorded = await recording.record_decision(decision(reminder(0, cause="rung:another")))

    assert [(event.seq, event.cause) for event in recorded.standing] == [
        (0, "rung:reminder-14"),
        (1, "rung:reminder-14"),
    ]
    assert [entry.stream_seq for entry in store.entries(STREAM)] == [0, 1]


async def test_a_gap_is_final(store: InMemoryLedger) -> None:
    """Events that do not go on where the stream ends are not tried again."""
    recording = RecordingActivities(store)
    await recording.record_decision(decision(reminder(0)))

    with pytest.raises(ApplicationError) as refused:
        await recording.record_decision(decision(reminder(2)))

    assert (refused.value.type, refused.value.non_retryable) == ("LedgerConflictError", True)


async def test_a_store_that_does_not_answer_is_tried_again(
    store: InMemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage holds the work up and loses nothing."""

    async def away(_: Decision) -> None:
        raise LedgerUnavailableError("账本没有响应。")

    monkeypatch.setattr(store, "record", away)

    with pytest.raises(ApplicationError) as refused:
        await RecordingActivities(store).record_decision(decision(reminder(0)))

    assert (refused.value.type, refused.value.non_retryable) == ("LedgerUnavailableError", False)
