"""Keeping the histories of closed runs, on kept histories of a workflow that continued as new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from temporalio.client import WorkflowHistory

from adapters.vault.folder_vault import FolderVault
from application.audit.kept_histories import (
    Archive,
    history_bytes,
    keep_closed_runs,
    lost_runs,
    readable_history,
    unkept_by_the_ledger,
)
from application.audit.kept_histories import (
    histories_of as histories_of_the_archive,
)
from application.engine_room.engine import Engine, Runs
from application.engine_room.namespace import RETENTION
from application.office.overdue import DoneBy
from application.office.repairing import Repairing
from application.records import Records
from domain.events import Event, ProjectWithdrawn
from domain.ids import supervised_project_id
from domain.ports.ledger import Decision
from domain.record.leaf import history_stream
from tests.application.audit.conftest import HISTORIES, NAME, WORKFLOW
from tests.replay.golden import recorded_in

CLOSED_AT = HISTORIES[-1].events[-1].event_time.ToDatetime(UTC)


class RememberingEngine:
    """An engine that has some runs of one workflow and has forgotten the others."""

    def __init__(self, histories: Sequence[WorkflowHistory]) -> None:
        self.there = {history.run_id: history for history in histories}
        ids = [history.run_id for history in histories]
        self.ends = Runs(ids[0], ids[-1], running=False)

    async def runs(self, workflow_id: str) -> Runs | None:
        """The runs, for the one workflow."""
        return self.ends if workflow_id == WORKFLOW else None

    async def history(self, workflow_id: str, run_id: str) -> WorkflowHistory | None:
        """A run that is not forgotten."""
        return self.there.get(run_id) if workflow_id == WORKFLOW else None

    async def retention(self) -> timedelta:
        """As long as it should be."""
        return RETENTION


def archive(records: Records, engine: RememberingEngine) -> Archive:
    """What keeping needs, with this engine."""
    return Archive(cast(Engine, engine), records.ledger, records.outbox, records.log, records.vault, records.evidence)


def test_the_kept_histories_are_those_of_a_chain() -> None:
    """The sample continued as new: it has several runs of one project."""
    assert len(HISTORIES) > 1
    assert supervised_project_id(WORKFLOW)


async def test_every_run_of_a_chain_is_kept_byte_for_byte_and_once(records: Records) -> None:
    """Each run's file has the bytes whose hash the ledger has; a second round keeps nothing more."""
    office = archive(records, RememberingEngine(HISTORIES))

    assert await keep_closed_runs(office) == len(HISTORIES)
    assert await keep_closed_runs(office) == 0

    kept = [entry.event["data"]["run_id"] for entry in records.ledger.entries(history_stream(WORKFLOW))]
    assert kept == [history.run_id for history in HISTORIES]
    for history in HISTORIES:
        assert records.vault.read(f"histories/{WORKFLOW}/{history.run_id}.pb") == history_bytes(history)


async def test_a_file_whose_entry_was_lost_in_a_crash_gets_its_entry(records: Records) -> None:
    """The vault had the file and the ledger not its hash: the next round records the bytes that are there."""
    first = HISTORIES[0]
    await records.vault.keep(WORKFLOW, first.run_id, history_bytes(first), readable_history(first))

    assert await keep_closed_runs(archive(records, RememberingEngine(HISTORIES))) == len(HISTORIES)


async def test_a_run_that_closed_and_was_not_kept_is_named(records: Records) -> None:
    """An hour after it closed, the check says which run is in danger and until when the engine has it."""
    office = archive(records, RememberingEngine(HISTORIES))
    lost = await lost_runs(office, CLOSED_AT + timedelta(days=2), RETENTION)

    assert [(run.run_id, run.gone) for run in lost] == [(history.run_id, False) for history in HISTORIES]
    assert f"{CLOSED_AT + RETENTION:%Y-%m-%d}" in lost[-1].text


async def test_a_run_that_the_engine_dropped_before_it_was_kept_is_named(records: Records) -> None:
    """The first run is neither in the engine nor in the vault: the check says that it is gone."""
    engine = RememberingEngine(HISTORIES)
    del engine.there[HISTORIES[0].run_id]

    lost = await lost_runs(archive(records, engine), CLOSED_AT, RETENTION)

    assert [run.run_id for run in lost if run.gone] == [HISTORIES[0].run_id]


@pytest.mark.parametrize("gone", [1, 2])
async def test_what_was_dropped_hides_none_of_the_runs_behind_it(records: Records, gone: int) -> None:
    """Retention takes the oldest runs first: those that the engine still has are named, kept, and found again."""
    engine = RememberingEngine(HISTORIES)
    for history in HISTORIES[:gone]:
        del engine.there[history.run_id]
    office, left = archive(records, engine), HISTORIES[gone:]

    lost = await lost_runs(office, CLOSED_AT + timedelta(days=2), RETENTION)
    assert [run.run_id for run in lost if run.gone] == [history.run_id for history in HISTORIES[:gone]]
    assert [run.run_id for run in lost if not run.gone] == [history.run_id for history in left]

    assert await keep_closed_runs(office) == len(left)
    engine.there.clear()
    found = await histories_of_the_archive(office, WORKFLOW)
    assert [history.run_id for history in found if history.events] == [history.run_id for history in left]


async def test_a_kept_chain_outlives_the_engine(records: Records) -> None:
    """When the engine has dropped every run, the kept ones are found from the ledger, and nothing is lost."""
    office = archive(records, RememberingEngine(HISTORIES))
    await keep_closed_runs(office)
    forgetful = RememberingEngine(HISTORIES)
    forgetful.there.clear()

    assert await lost_runs(archive(records, forgetful), datetime.now(UTC), RETENTION) == []


async def test_a_kept_file_that_vanished_is_named_and_kept_again(records: Records) -> None:
    """The ledger has the hash and the vault not the file: it is said, and mended from the engine's own bytes."""
    office = archive(records, RememberingEngine(HISTORIES))
    await keep_closed_runs(office)
    run_id = HISTORIES[0].run_id
    vault_file(records, run_id).unlink()

    assert [(run.run_id, run.gone) for run in await lost_runs(office, CLOSED_AT, RETENTION)] == [(run_id, True)]
    assert [run.run_id for run in unkept_by_the_ledger(records.ledger, records.log, CLOSED_AT)] == [run_id]

    assert await keep_closed_runs(office) == 1
    assert records.vault.read(f"histories/{WORKFLOW}/{run_id}.pb") == history_bytes(HISTORIES[0])
    assert await lost_runs(office, CLOSED_AT, RETENTION) == []
    assert len(list(records.ledger.entries(history_stream(WORKFLOW)))) == len(HISTORIES)


async def test_another_history_never_takes_the_place_of_a_vanished_one(records: Records) -> None:
    """When the engine has other bytes than those whose hash the ledger has, nothing is kept and the loss stays told."""
    await keep_closed_runs(archive(records, RememberingEngine(HISTORIES)))
    run_id = HISTORIES[0].run_id
    vault_file(records, run_id).unlink()
    other = WorkflowHistory(WORKFLOW, [*HISTORIES[0].events[:-2], HISTORIES[0].events[-1]])
    engine = RememberingEngine([other, *HISTORIES[1:]])
    engine.there[run_id] = other

    assert await keep_closed_runs(archive(records, engine)) == 0
    assert [run.run_id for run in await lost_runs(archive(records, engine), CLOSED_AT, RETENTION)] == [run_id]


async def test_without_an_engine_the_ledger_tells_what_was_not_kept(records: Records) -> None:
    """An hour after a project ended, a ledger without its history says so; once it is kept, nothing is said."""
    before = recorded_in(NAME)[-1]
    ended = ProjectWithdrawn(
        **{**before.model_dump(include=set(Event.model_fields)), "seq": before.seq + 1}, reason="x"
    )
    await records.ledger.record(Decision(stream=WORKFLOW, events=(ended,)))
    (*_, last) = records.ledger.entries(WORKFLOW)

    def unkept(after: timedelta) -> list[str]:
        return [run.workflow_id for run in unkept_by_the_ledger(records.ledger, records.log, last.appended_at + after)]

    assert (unkept(timedelta(minutes=50)), unkept(timedelta(minutes=70))) == ([], [WORKFLOW])
    await keep_closed_runs(archive(records, RememberingEngine(HISTORIES)))
    assert unkept(timedelta(days=400)) == []


def vault_file(records: Records, run_id: str) -> Path:
    """Where a run's history lies in the vault."""
    assert isinstance(records.vault, FolderVault)
    return records.vault._folder / "histories" / WORKFLOW / f"{run_id}.pb"


async def test_a_repair_says_of_an_ended_project_that_its_history_is_gone(records: Records) -> None:
    """There is no supervision to bring back, and what is to do about its history is told."""
    forgetful = RememberingEngine(HISTORIES)
    forgetful.there.clear()
    told = await Repairing(archive(records, forgetful), "管理员", DoneBy(CLOSED_AT, CLOSED_AT)).one(WORKFLOW)
    assert told.text.startswith("督办已经结束，没有要修复的流程；")
    assert "已不在引擎中，也没有保存：请从备份恢复" in told.text
