"""A ledger of one golden workflow, for whatever compares it with its runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from application.records import Records
from application.settings import Settings
from domain.ports.ledger import Decision
from entrypoints.bootstrap import open_records
from tests.replay.golden import histories_of, names, recorded_in

NAME = max(names(), key=lambda name: len(histories_of(name)))
HISTORIES = histories_of(NAME)
WORKFLOW = HISTORIES[0].workflow_id


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    """A ledger that has the workflow's events."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        await records.log.open()
        await records.ledger.record(Decision(stream=WORKFLOW, events=tuple(recorded_in(NAME))))
        yield records
