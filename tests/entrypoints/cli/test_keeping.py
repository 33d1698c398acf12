"""`duban audit keep` says what it kept, and what nobody can keep any more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from application.engine_room.namespace import RETENTION
from application.settings import Settings
from domain.ports.ledger import Decision
from entrypoints.bootstrap import open_records
from entrypoints.cli import inquiry
from entrypoints.cli.main import duban
from tests.application.audit.conftest import HISTORIES, NAME, WORKFLOW
from tests.application.audit.test_kept_histories import RememberingEngine, archive
from tests.replay.golden import recorded_in


class Remembering(RememberingEngine):
    """One that says besides for how long it remembers."""

    async def retention(self) -> timedelta:
        """Ten years."""
        return RETENTION


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Remembering:
    """The engine that every command reaches."""
    engine = Remembering(HISTORIES)

    @asynccontextmanager
    async def open_office(settings: Settings, **_: Any) -> AsyncIterator[Any]:
        with open_records(settings) as records:
            await records.log.open()
            await records.ledger.record(Decision(stream=WORKFLOW, events=tuple(recorded_in(NAME))))
            yield SimpleNamespace(records=records, archive=archive(records, engine), engine=engine)

    monkeypatch.setattr(inquiry, "open_office", open_office)
    return engine


def keep(folder: Path, *more: str) -> Result:
    """The command on a data folder."""
    return CliRunner().invoke(duban, ["--data", str(folder / "data"), "audit", "keep", *more], standalone_mode=False)


def test_what_is_kept_is_counted_and_then_nothing_is_left(tmp_path: Path, engine: Remembering) -> None:
    """The second time there is nothing to add."""
    first, second = keep(tmp_path), keep(tmp_path)
    assert (first.return_value, f"新保存 {len(HISTORIES)} 次" in first.stdout) == (0, True), first.output
    assert (second.return_value, "没有要补存的" in second.stdout) == (0, True)


def test_a_history_that_is_gone_is_named_and_never_called_kept(tmp_path: Path, engine: Remembering) -> None:
    """The engine let go of it before it was kept, or its kept file was lost since: which, and what to do."""
    del engine.there[HISTORIES[0].run_id]
    for _ in range(2):
        answer = keep(tmp_path)
        assert answer.return_value == 1
        assert f"{HISTORIES[0].run_id}" in answer.stdout
        assert "请从备份恢复" in answer.stdout
        assert "没有要补存的" not in answer.stdout
    assert len(json.loads(keep(tmp_path, "--json").stdout)["lost"]) == 1
