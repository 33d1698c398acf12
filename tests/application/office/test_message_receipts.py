"""What was read of the messages: by opening a paper after login, by the link, by a channel's own receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from application.audit.delivery_findings import delivery_findings
from application.office.message_receipts import link_was_followed, message_known_as, paper_was_opened, receipts_came
from application.settings import Settings
from domain.ids import mailbox_workflow_id
from domain.papers.delivery_words import in_words
from domain.papers.message_identity import mail_identity, webhook_identity
from domain.ports.ledger import Ledger
from domain.record.recorded_deliveries import recorded_readers
from entrypoints.bootstrap import open_records
from tests.application.office.test_courier import BUSY, MORNING, READER, TAKEN, House, at_work, routes
from tests.recorded_mail import send_digest
from verifier.findings import Step
from verifier.messages import check_messages

BY = "department:组织部/李明"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        yield House(records)


async def opened(house: House, digest_id: str, number: int = 0) -> int:
    """Somebody opens a paper of a digest at the desk."""
    digest = house.records.outbox.digest("组织部", digest_id)
    paper_id = digest.items[number].paper.paper_id
    return await paper_was_opened(house.records, digest_id, paper_id, BY, house.now)


async def test_a_paper_that_is_opened_after_login_is_read_once(house: House) -> None:
    """The event names the message, the paper and the person; opened again it says nothing more; the audit agrees."""
    digest_id = await send_digest(house.records, "组织部", MORNING, papers=2)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    assert [await opened(house, digest_id), await opened(house, digest_id)] == [1, 0]
    assert (house.delivery().state, in_words(house.delivery())) == ("read", "已阅（first）")
    (read,) = [each for each in house.records.ledger.entries(f"delivery/{READER}") if each.type == "MessageRead"]
    assert read.event["actor"] == BY
    assert delivery_findings(house.records.ledger, house.now) == []
    assert verified(house) == []


async def test_reading_stops_no_message_that_is_on_its_way(house: House) -> None:
    """Whoever opens one paper before the mail goes gets the mail all the same, and the courier is not held up by it."""
    digest_id = await send_digest(house.records, "组织部", MORNING, papers=2)
    house.first.answers = [BUSY, TAKEN]
    async with at_work(house) as courier:
        await house.goes_on(courier)
        assert await opened(house, digest_id) == 1
        assert house.delivery().state == "failed_for_now"
        await house.goes_on(courier, 5)
    assert len(house.first.got) == 2
    assert house.said()[-3:] == ["MessageRead", "MessageHandedOver", "MessageAccepted"]
    assert len(house.delivery().papers_read) == 1


async def test_a_channel_s_own_receipts_are_kept_once(house: House) -> None:
    """Delivered, then read; the same list again is nothing new; what the channel never took is told."""
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    message_id = house.delivery().message_id
    lines = [
        f"<{mail_identity(message_id)}@x.example> delivered",
        f"{webhook_identity(message_id)},read",
        "别处的 read",
    ]
    assert await receipts_came(house.records, "first", lines, house.now) == (2, ["别处的 read"])
    assert await receipts_came(house.records, "first", lines[:2], house.now) == (0, [])
    assert await receipts_came(house.records, "second", lines[:1], house.now) == (0, lines[:1])
    assert house.said()[-2:] == ["MessageDelivered", "MessageRead"]
    assert house.delivery().state == "read"


async def test_receipts_look_through_the_messages_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many lines a list has, the readers are gone through once, not for each line."""
    looks: list[int] = []

    def counted(ledger: Ledger) -> list[str]:
        looks.append(1)
        return recorded_readers(ledger)

    monkeypatch.setattr("application.office.message_receipts.recorded_readers", counted)
    assert await receipts_came(house.records, "first", ["a read", "b read", "c read"], house.now) == (
        0,
        ["a read", "b read", "c read"],
    )
    assert len(looks) == 1


async def test_the_audit_finds_a_reading_of_what_was_never_sent(house: House) -> None:
    """A reading names a paper that its message has."""
    digest_id = await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    await paper_was_opened(house.records, digest_id, "key-project/2026/01#99", BY, house.now)
    (found,) = delivery_findings(house.records.ledger, house.now)
    assert "没有这份文书" in found[1]
    assert verified(house) == ["message_differs"]


async def test_the_verifier_finds_a_message_that_was_nobodys(house: House) -> None:
    """One whose digest never went out, and one that a channel took to which it was not handed."""
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    assert verified(house) == []
    assert verified(house, without="NoticeSent") == ["message_differs"]
    assert verified(house, without="MessageHandedOver") == ["message_differs"]


def verified(house: House, without: str = "") -> list[str]:
    """What the verifier finds in the entries of the mailbox and of the reader, less those of a kind."""
    ledger, step = house.records.ledger, Step("attachments")
    told = [*ledger.entries(mailbox_workflow_id("组织部")), *ledger.entries(f"delivery/{READER}")]
    check_messages(step, [dict(each.event) for each in told if each.type != without])
    return [finding.code for finding in step.findings]


async def test_a_message_has_a_link_that_is_used_once(house: House) -> None:
    """It names the message and no secret; without the desk's address there is none."""
    house.routes = routes().model_copy(update={"desk_url": "https://duban.example/"})
    await send_digest(house.records, "组织部", MORNING)
    async with at_work(house) as courier:
        await house.goes_on(courier)
    (message,) = house.first.got
    identity = message.link.removeprefix("https://duban.example/opened/")
    assert identity == webhook_identity(message.message_id)
    known = message_known_as(house.records, identity)
    assert known is not None
    assert not known.delivery.link_used
    await link_was_followed(house.records, known, BY, house.now + timedelta(minutes=1))
    assert house.delivery().link_used
    assert message_known_as(house.records, "0" * 64) is None
    assert routes().link_to(identity) == ""
