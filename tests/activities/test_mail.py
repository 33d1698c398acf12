from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.mail import MailActivities
from domain.ids import mailbox_workflow_id
from domain.papers.mail import Digest
from domain.ports.actions import DeliverDigest, MailQuery, MailWaiting
from domain.ports.vault import KeptFile
from tests.activities.conftest import CrashError, Crashes, FragileDocuments, FragileNotifier
from tests.adapters.ledger.in_memory_ledger import InMemoryLedger
from tests.adapters.ledger.samples import MORNING, decision, paper, reminder

DUE = DeliverDigest(addressee="组织部", digest_id="组织部/2018-05-09T090000", now=MORNING)
NEXT_DAY = DeliverDigest(addressee="组织部", digest_id="组织部/2018-05-10T090000", now=MORNING + timedelta(days=1))
STEPS_OF_A_DIGEST = 9
"""Before and after each of two documents, before and after the delivery, before and after the receipts."""


class Office:
    """The activities on fakes that share one crash."""

    def __init__(self, store: InMemoryLedger, crash_at: int | None = None) -> None:
        self.store = store
        self.crashes = Crashes(crash_at)
        self.documents = FragileDocuments(self.crashes)
        self.notifier = FragileNotifier(self.crashes)
        self.mail = MailActivities(store, self.documents, [self.notifier])

    def receipts(self) -> list[str]:
        return [entry.event["data"]["number"] for entry in self.store.entries(mailbox_workflow_id("组织部"))]


async def with_papers(store: InMemoryLedger) -> None:
    """A reminder, an urge and an order that are due to one department on one morning."""
    papers = (paper(0), paper(1, "urge"), paper(2, "escalation_order"))
    await store.record(decision(*(reminder(seq) for seq in range(3)), papers=papers))


def die_around_receipts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = office.store.settle

    async def fragile(*arguments: object) -> None:
        office.crashes.step()
        await settle(*arguments)  # type: ignore[arg-type]
        office.crashes.step()

    monkeypatch.setattr(office.store, "settle", fragile)


async def test_what_waits_is_counted_at_the_instant_asked_for(store: InMemoryLedger) -> None:
    """A mailbox learns whether there is anything to send without sending it; what it had heard is said again."""
    await with_papers(store)
    mail = Office(store).mail

    earlier = MORNING - timedelta(seconds=1)
    for addressee, now, papers in (("组织部", MORNING, 3), ("组织部", earlier, 0), ("宣传部", MORNING, 0)):
        answer = MailWaiting(papers=papers, now=now, heard=2)
        assert await mail.mail_waiting(MailQuery(addressee=addressee, now=now, heard=2)) == answer


async def test_a_digest_is_delivered_with_its_documents_and_receipts(store: InMemoryLedger) -> None:
    """Three papers go as one digest: two of them are documents, each of the three has its receipt."""
    await with_papers(store)
    office = Office(store)

    sent = await office.mail.deliver_digest(DUE)

    numbers = ("提醒〔2018〕1号", "催办〔2018〕1号", "督办〔2018〕1号")
    assert sent == 3
    assert office.notifier.delivered == {DUE.digest_id: numbers}
    assert sorted(office.notifier.documents.values()) == ["催办〔2018〕1号.docx", "督办〔2018〕1号.docx"]
    assert office.receipts() == list(numbers)


@pytest.mark.parametrize("crash_at", range(1, STEPS_OF_A_DIGEST + 1))
async def test_a_crash_at_any_step_and_a_retry_send_everything_once(
    store: InMemoryLedger, monkeypatch: pytest.MonkeyPatch, crash_at: int
) -> None:
    """Whatever step the process dies at, the repeat leaves one delivery and one receipt for each item."""
    await with_papers(store)
    office = Office(store, crash_at)
    die_around_receipts(office, monkeypatch)
    with pytest.raises(CrashError):
        await office.mail.deliver_digest(DUE)

    await office.mail.deliver_digest(DUE)

    assert list(office.notifier.delivered) == [DUE.digest_id]
    assert len(office.notifier.delivered[DUE.digest_id]) == 3
    assert office.receipts() == ["提醒〔2018〕1号", "催办〔2018〕1号", "督办〔2018〕1号"]


async def test_the_steps_at_which_a_digest_may_die_are_all_tried(
    store: InMemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above leaves no step out."""
    await with_papers(store)
    office = Office(store)
    die_around_receipts(office, monkeypatch)

    await office.mail.deliver_digest(DUE)

    assert office.crashes.steps == STEPS_OF_A_DIGEST


async def test_a_digest_left_unfinished_goes_first_under_its_own_identity(store: InMemoryLedger) -> None:
    """The next morning finishes what a crash left and then sends its own."""
    await with_papers(store)
    office = Office(store, crash_at=1)
    with pytest.raises(CrashError):
        await office.mail.deliver_digest(DUE)
    await store.record(decision(reminder(3), papers=(paper(3),)))

    sent = await office.mail.deliver_digest(NEXT_DAY)

    assert sent == 4
    assert [(digest_id, len(numbers)) for digest_id, numbers in office.notifier.delivered.items()] == [
        (DUE.digest_id, 3),
        (NEXT_DAY.digest_id, 1),
    ]


async def test_two_attempts_at_once_send_everything_once(store: InMemoryLedger) -> None:
    """An attempt that timed out and still runs beside its repeat does no harm."""
    await with_papers(store)
    office = Office(store)

    await asyncio.gather(office.mail.deliver_digest(DUE), office.mail.deliver_digest(DUE))

    assert list(office.notifier.delivered) == [DUE.digest_id]
    assert len(office.receipts()) == 3


async def test_an_empty_digest_is_not_delivered(store: InMemoryLedger) -> None:
    """Nobody gets a letter that says nothing."""
    office = Office(store)

    assert await office.mail.deliver_digest(DUE) == 0
    assert office.notifier.delivered == {}


async def test_a_digest_delivered_again_after_its_receipts_takes_nothing_new(store: InMemoryLedger) -> None:
    """When the engine did not hear that it was done, the repeat is the same digest; what came later waits."""
    await with_papers(store)
    office = Office(store)
    await office.mail.deliver_digest(DUE)
    await store.record(decision(reminder(3), papers=(paper(3),)))

    await office.mail.deliver_digest(DUE)

    assert len(office.receipts()) == 3
    assert await store.waiting_for("组织部", MORNING) == 1


async def test_a_digest_above_the_cap_leaves_the_reminder_out(store: InMemoryLedger) -> None:
    """With room for two, the two documents go; the reminder is told as withheld and never delivered."""
    await with_papers(store)
    office = Office(store)

    sent = await office.mail.deliver_digest(DUE.model_copy(update={"papers_per_month": 2}))

    assert sent == 2
    assert office.notifier.delivered == {DUE.digest_id: ("催办〔2018〕1号", "督办〔2018〕1号")}
    assert [item.reason for item in store.items() if item.state == "withheld"] == ["burden_cap"]


async def test_a_department_of_two_names_has_one_cap(store: InMemoryLedger) -> None:
    """What it got in the same month under the name before leaves no room for a reminder."""
    await store.record(decision(reminder(0), papers=(paper(0).model_copy(update={"to": "组织人事部"}),)))
    await store.settle(await store.claim("组织人事部", "组织人事部/1", MORNING), MORNING)
    await store.record(decision(reminder(1), papers=(paper(1),)))
    office = Office(store)
    names = ("组织部", "组织人事部")
    mail = MailActivities(store, office.documents, [office.notifier], names=lambda name, at: names)
    assert await mail.deliver_digest(DUE.model_copy(update={"papers_per_month": 1})) == 0


class Way:
    """A way of delivery that may be broken."""

    def __init__(self, broken: str | None = None) -> None:
        self.broken = broken
        self.delivered: list[str] = []

    async def deliver(self, digest: Digest, documents: Mapping[str, str], sent_at: datetime) -> list[KeptFile]:
        """One delivery."""
        if self.broken:
            raise OSError(self.broken)
        self.delivered.append(digest.digest_id)
        return []


async def test_a_broken_way_is_told_and_does_not_stop_the_others(store: InMemoryLedger) -> None:
    """The failure is raised so that the delivery is tried again, and the ways before and after it were served."""
    await with_papers(store)
    ways = [Way(), Way(broken="mail server is away"), Way()]
    with pytest.raises(ApplicationError, match="mail server is away"):
        await MailActivities(store, Office(store).documents, ways).deliver_digest(DUE)
    assert [way.delivered for way in ways] == [[DUE.digest_id], [], [DUE.digest_id]]
