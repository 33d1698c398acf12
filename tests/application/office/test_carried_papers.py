"""The documents that a message carries, over a real ledger, real documents and a courier."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.mail import MailActivities
from adapters.documents.docx_document_store import DocxDocumentStore
from adapters.notifications.file_notifier import FileNotifier
from application.office.courier import Courier
from application.settings import Settings
from domain.ports.actions import DeliverDigest
from domain.ports.channel import Message
from domain.record.leaf import DIGESTS_STREAM
from entrypoints.bootstrap import open_records
from tests.application.office.test_courier import MORNING, READER, TAKEN, House, Told
from tests.recorded_mail import record_papers

DIGEST = f"组织部/{MORNING:%Y-%m-%dT%H%M%S}"


class Documented(House):
    """A house whose mailboxes send documents, as a worker's do."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.papers = folder / "papers"
        self.documents = DocxDocumentStore(self.papers)
        self.mailbox = MailActivities(self.records.outbox, self.documents, [FileNotifier(folder / "outbox")])

    def courier(self) -> Courier:
        channels = {"first": self.first, "second": self.second}
        return Courier(self.records, self.routes, channels, lambda: self.now, documents=self.documents)

    async def message(self) -> Message:
        """What the reader gets of a morning on which three urges reach him."""
        await record_papers(self.records, "组织部", MORNING, papers=3, kind="urge")
        await self.mailbox.deliver_digest(DeliverDigest(addressee="组织部", digest_id=DIGEST, now=MORNING))
        return await self.again()

    async def again(self) -> Message:
        """What he gets next."""
        courier = self.courier()
        await self.goes_on(courier)
        await courier.close()
        return self.first.got[-1]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Documented]:
    """An empty house."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        yield Documented(tmp_path, records)


async def test_each_document_goes_along_as_the_ledger_has_it(house: Documented) -> None:
    """The list of the morning first, then each paper under its number; every hash is the ledger's."""
    message = await house.message()
    names = [
        "督办文书汇总单（组织部，2026-05-11 0900）.docx",
        *(f"催办〔2026〕{number}号.docx" for number in (1, 2, 3)),
    ]
    assert [file.name for file in message.files] == names
    (entry,) = house.records.ledger.entries(DIGESTS_STREAM)
    kept = {digest for name, digest, _ in entry.event["data"]["files"] if name.endswith(".docx")}
    assert {hashlib.sha256(file.content).hexdigest() for file in message.files} == kept
    assert message.remarks == ()


async def test_a_document_that_was_changed_or_is_gone_stays_behind(house: Documented) -> None:
    """What is not as the ledger has it is not sent under the office's name; the letter names it."""
    await house.message()
    urges = sorted(house.papers.glob("2026/urge/*.docx"))
    urges[0].write_bytes(urges[0].read_bytes() + b"x")
    urges[1].unlink()
    house.first = Told(TAKEN)
    house.routes = house.routes.model_copy(update={"readers": {"新来的": house.routes.readers[READER]}})
    message = await house.again()
    assert [file.name for file in message.files][1:] == ["催办〔2026〕3号.docx"]
    assert list(message.remarks) == [
        f"催办〔2026〕{number}号.docx 与台账登记的不一致，未附上，请与发文机关核对。" for number in (1, 2)
    ]


async def test_the_rows_of_one_directive_are_told_apart_without_internal_numbers(house: Documented) -> None:
    """One number in two rows is two files of that number; the store's own names stay in the store."""
    for minute, row in enumerate(("2026-01-01", "2026-01-02")):
        at, digest = MORNING + timedelta(minutes=minute), f"组织部/{minute}"
        await record_papers(house.records, "组织部", at, kind="directive", milestone_id=row, one_of="王书记，今天")
        await house.mailbox.deliver_digest(DeliverDigest(addressee="组织部", digest_id=digest, now=at))
    names = [file.name for file in (await house.again()).files]
    assert names == ["批示〔2026〕1号.docx", "批示〔2026〕1号（2）.docx"]


async def test_a_channel_without_files_gets_none(house: Documented) -> None:
    """A chat gets the lines alone, and nothing is read for it."""
    house.first.carries_files = False
    assert (await house.message()).files == ()


async def test_a_later_digest_does_not_hide_an_earlier_ones_documents(house: Documented) -> None:
    """A message that goes out late carries its own morning's documents, not the next one's."""
    await record_papers(house.records, "组织部", MORNING, kind="urge")
    await house.mailbox.deliver_digest(DeliverDigest(addressee="组织部", digest_id=DIGEST, now=MORNING))
    later, other = MORNING + timedelta(minutes=1), "组织部/later"
    await record_papers(house.records, "组织部", later, kind="urge")
    await house.mailbox.deliver_digest(DeliverDigest(addressee="组织部", digest_id=other, now=later))
    message = await house.again()
    assert [file.name for file in message.files] == ["催办〔2026〕1号.docx", "催办〔2026〕2号.docx"]


@pytest.mark.parametrize("name", ["papers/../../secret", "keys/log.key", "", "papers"])
async def test_nothing_outside_the_papers_is_read(house: Documented, name: str) -> None:
    """A name that leads elsewhere has no bytes."""
    (house.papers.parent / "secret").write_bytes(b"secret")
    assert await house.documents.read(name) is None
