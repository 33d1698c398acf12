from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.recording import RecordingActivities
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.office.directory_stream import append_to_directory
from domain.directory import changes
from domain.directory.draft import Draft
from domain.errors import LedgerUnavailableError
from domain.papers.wording import in_english
from domain.ports.ledger import Decision, Recorded
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import STREAM, decision, paper, reminder
from tests.domain.directory.samples import NEW_YEAR, START, draft_on


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


async def test_a_paper_is_worded_once_and_stays_as_it_was_issued(store: InMemoryLedger) -> None:
    """In the office's language of that day, with its number; a repeat in another language changes nothing."""
    made = decision(reminder(0), papers=(paper(0),))
    english = partial(in_english, say=lambda text: f"in English: {text}")
    await RecordingActivities(store, worded=english).record_decision(made)
    await RecordingActivities(store).record_decision(made)
    await RecordingActivities(store).record_decision(decision(reminder(1), papers=(paper(1),)))
    first, second = store.papers()
    assert first.paper == english(paper(0))
    assert (first.number, first.sequence, second.number) == ("Reminder [2018] No. 1", 1, "提醒〔2018〕2号")
    assert "language" not in second.model_dump_json()


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
        raise LedgerUnavailableError("台账没有响应。")

    monkeypatch.setattr(store, "record", away)

    with pytest.raises(ApplicationError) as refused:
        await RecordingActivities(store).record_decision(decision(reminder(0)))

    assert (refused.value.type, refused.value.non_retryable) == ("LedgerUnavailableError", False)


async def test_a_paper_that_climbs_goes_to_the_person(tmp_path: Path) -> None:
    """Who had the post when it was issued has the item and the mailbox; a repeat changes nothing."""
    ledger = SqliteLedger.open(tmp_path / "ledger.sqlite", lambda: START)
    names = FolderEvidence(tmp_path / "evidence")
    draft = draft_on(at=START - timedelta(days=300))
    changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    changes.open_person(draft, "王伟", from_on=NEW_YEAR)
    changes.open_person(draft, "张敏", from_on=NEW_YEAR)
    changes.give_role(draft, "P0001", "leader_in_charge", department_id="D0001", from_on=NEW_YEAR)
    await append_to_directory(ledger.log_store(), names, draft.events)
    order = paper(0, kind="escalation_order", to="分管领导", copies_to=("组织部",))
    order = order.model_copy(update={"body": "提请分管领导督促办理。"})
    made, seen = decision(reminder(0), papers=(order,)), Seen()
    recording = RecordingActivities(ledger, seen, names=names)

    first = await recording.record_decision(made)
    later = Draft(draft.directory, order.issued_at + timedelta(seconds=1), "administrator:P0001", "request:2")
    changes.take_role(later, "P0001", "leader_in_charge", department_id="D0001", until_on=order.issued_at.date())
    await append_to_directory(ledger.log_store(), names, later.events)
    again = await recording.record_decision(made)

    assert first == again == Recorded.as_given(made)
    assert [each.paper.to for each in ledger.papers()] == ["分管领导（王伟）"]
    assert [each.paper.body for each in ledger.papers()] == ["提请分管领导（王伟）督促办理。"]
    assert {item.addressee for item in ledger.items()} == {"分管领导（王伟）", "组织部"} == seen.names
    ledger.close()


class Seen:
    """Mailboxes that only note whom they were told of."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.hurried: set[str] = set()

    def see_to(self, addressees: Iterable[str]) -> None:
        """Note them."""
        self.names |= set(addressees)

    def hurry(self, addressees: Iterable[str]) -> None:
        """Note them."""
        self.hurried |= set(addressees)
