"""A worker's keeping of histories: what closed since the last look, however many projects there are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.audit import history_keeper
from application.audit.history_keeper import HistoryKeeper
from application.audit.kept_histories import Archive
from application.engine_room.engine import Engine
from application.records import Records
from tests.application.audit.conftest import HISTORIES, WORKFLOW
from tests.application.audit.test_kept_histories import CLOSED_AT, RememberingEngine, archive

_OTHERS = 10_000


class CountingEngine(RememberingEngine):
    """An engine that counts how often it is asked for a single workflow."""

    def __init__(self) -> None:
        super().__init__(HISTORIES)
        self.asked = 0

    async def runs(self, workflow_id: str) -> Any:
        """The runs, for the one workflow."""
        self.asked += 1
        return await super().runs(workflow_id)


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the engine's list was asked for; it tells of every closed run of the one workflow, once."""
    asked: list[str] = []

    async def listed(_: Engine, query: str) -> AsyncIterator[Any]:
        asked.append(query)
        for history in HISTORIES if len(asked) == 1 else ():
            closed = SimpleNamespace(ToDatetime=lambda _: CLOSED_AT)
            yield SimpleNamespace(
                execution=SimpleNamespace(workflow_id=WORKFLOW, run_id=history.run_id), close_time=closed
            )

    monkeypatch.setattr(history_keeper, "listed_workflows", listed)
    monkeypatch.setattr(history_keeper, "_LOOKED_AROUND_SECONDS", -1.0)
    return asked


async def test_what_closed_is_kept_and_only_what_closed_since_is_asked_for(
    records: Records, queries: list[str]
) -> None:
    """Nothing closed: no workflow is asked, whether there are seventeen projects or ten thousand."""
    engine = CountingEngine()
    keeper = HistoryKeeper(archive(records, engine))

    assert await keeper.keep_new() == len(HISTORIES)
    asked = engine.asked
    assert await keeper.keep_new() == 0
    assert engine.asked == asked
    assert queries[0] == "ExecutionStatus != 'Running'"
    assert queries[1].startswith("CloseTime >= '")


async def test_what_no_list_tells_of_is_found_by_going_round(
    records: Records, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that finds nothing new in the list still looks at some of the others, each look at the next ones."""
    queries.append("the list has told of nothing")
    monkeypatch.setattr(history_keeper, "_LOOKED_AROUND_SECONDS", 5.0)
    assert await HistoryKeeper(archive(records, CountingEngine())).keep_new() == len(HISTORIES)


async def test_a_look_at_ten_thousand_projects_asks_no_row_of_the_outbox(records: Records, queries: list[str]) -> None:
    """The streams and what is open name every workflow: the papers ever issued are not read."""
    names = [f"key-project/2018/{number}" for number in range(_OTHERS)]
    ledger = SimpleNamespace(streams=lambda: names, entries=records.ledger.entries)
    outbox = SimpleNamespace(open_mail=list)
    queries.append("the list has told of nothing")
    many: Archive = replace(archive(records, CountingEngine()), ledger=cast(Any, ledger), outbox=cast(Any, outbox))
    assert len(many.workflow_ids()) == _OTHERS
    assert await HistoryKeeper(many).keep_new() == 0
