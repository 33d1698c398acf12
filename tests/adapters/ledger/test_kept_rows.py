"""Papers and commands stand in the ledger by their hashes: whoever changes one behind it is found."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.packing import packed, text_of
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from domain.clock import VirtualClock
from domain.ports.ledger import Acceptance, Refusal
from domain.ports.vault import KeptFile
from domain.record.issues import START_ISSUED, IssuedStart
from domain.record.leaf import DIGESTS_STREAM, ISSUES_STREAM, ROW_STREAMS
from domain.record.own_entries import OwnEntry
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import MORNING, STREAM, decision, paper, reminder


class Kept:
    """A ledger with papers and commands under a head."""

    def __init__(self, folder: Path, clock: SteppedClock) -> None:
        self.file = folder / "ledger.db"
        self.ledger = SqliteLedger.open(self.file, clock)
        stores = (FolderVault(folder), FolderEvidence(folder / "evidence"))
        self.log = LedgerAuditLog(self.ledger.log_store(), *stores, folder / "keys", "duban.example/ledger", clock)

    async def fill(self) -> None:
        """Three papers, refused and accepted commands, sealed in two goes."""
        await self.log.open()
        for number in range(3):
            made = decision(reminder(number), papers=(paper(number, "urge"),))
            accepted = Acceptance(
                accepted_at=MORNING, stream=STREAM, request_id=f"r{number}", first=number, events=1, command={"n": 1}
            )
            await self.ledger.record(made.model_copy(update={"accepted": (accepted,)}))
            refusal = Refusal(refused_at=MORNING, stream=STREAM, rule="r", text=f"{number}", command={"n": number})
            await self.ledger.refuse(refusal)
            if number != 1:
                await self.log.seal()

    def edit(self, statement: str) -> None:
        """Change the store as somebody does who owns its file."""
        with sqlite3.connect(self.file) as store:
            guards = store.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall()
            for (name,) in guards:
                store.execute(f"DROP TRIGGER {name}")
            store.create_function("packed", 1, packed)
            store.create_function("opened", 1, text_of)
            store.execute(statement)
        store.close()


@pytest.fixture
async def kept(tmp_path: Path, writer_clock: SteppedClock) -> AsyncIterator[Kept]:
    """A filled ledger."""
    made = Kept(tmp_path, writer_clock)
    await made.fill()
    yield made
    made.ledger.close()


async def test_every_paper_and_refusal_is_under_a_head_by_its_hash(kept: Kept) -> None:
    """In entries of their own, a few for many rows, and again only what is new."""
    before = kept.log.heads()[-1].size
    await kept.log.seal()

    counts = {
        table: [len(entry.event["data"]["sha256"]) for entry in kept.ledger.entries(stream)]
        for table, stream in ROW_STREAMS.items()
    }
    assert counts == {"paper": [1, 2], "refusal": [1, 2], "acceptance": [1, 2]}
    assert kept.log.heads()[-1].size == before
    assert kept.log.differing_rows() == []


@pytest.mark.parametrize(
    ("statement", "table", "told"),
    [
        ("UPDATE paper SET number='催办〔2018〕99号' WHERE position=2", "paper", "催办〔2018〕99号"),
        (
            "UPDATE paper SET document=packed(replace(opened(document), '组织部', '宣传部')) WHERE position=1",
            "paper",
            "被改动过",
        ),
        ("DELETE FROM paper WHERE position=3", "paper", "有 1 行不见了"),
        ("UPDATE refusal SET text='另一句' WHERE position=2", "refusal", "被改动过"),
        ("UPDATE refusal SET refused_at='2017-01-01T00:00:00.000000Z' WHERE position=1", "refusal", "2017-01-01"),
        ("DELETE FROM refusal WHERE position=1", "refusal", "有 1 行不见了"),
        ("UPDATE acceptance SET command='{}' WHERE position=2", "acceptance", "r1"),
        ("DELETE FROM acceptance WHERE position=3", "acceptance", "有 1 行不见了"),
    ],
)
async def test_a_row_that_was_changed_by_hand_is_named(kept: Kept, statement: str, table: str, told: str) -> None:
    """Its number, its text, its instant, or that it is gone."""
    kept.edit("DELETE FROM outbox")
    kept.edit(statement)

    ((where, text),) = kept.log.differing_rows()

    assert where == table
    assert told in text


async def test_what_went_out_is_in_the_ledger_by_the_hashes_of_its_files(kept: Kept) -> None:
    """Once for a digest, in the transaction that gives the receipts, in parts where there are many."""
    digest = await kept.ledger.claim("组织部", "组织部/d", MORNING)
    files = [KeptFile(name=f"papers/{number}", sha256="0" * 64, size=number) for number in range(250)]

    for _ in range(2):
        await kept.ledger.settle(digest, MORNING, files)

    said = [entry.event["data"] for entry in kept.ledger.entries(DIGESTS_STREAM)]
    assert [(data["part"], data["parts"], len(data["files"])) for data in said] == [
        (1, 3, 100),
        (2, 3, 100),
        (3, 3, 50),
    ]
    assert said[0]["files"][0] == ["papers/0", "0" * 64, 0]


async def test_who_edits_the_clock_behind_an_issued_start_moves_no_day(kept: Kept) -> None:
    """The row stands outside the tree; a role that was taken would come back with the day on which it still was."""
    settled = await kept.ledger.settle_clock(VirtualClock(engine_at=MORNING, supervised_at=MORNING))
    start = IssuedStart(project_id="2018-01", opening="0" * 64, clock=settled)
    issued = OwnEntry(ISSUES_STREAM, START_ISSUED, start.model_dump(mode="json", exclude_none=True))
    await kept.ledger.log_store().append_own(issued)

    for edit in (
        "UPDATE installation_clock SET clock=replace(clock, '2018', '2017')",
        "DELETE FROM installation_clock",
    ):
        kept.edit(edit)
        assert kept.ledger.clock() == settled
        assert await kept.ledger.settle_clock(VirtualClock()) == settled
