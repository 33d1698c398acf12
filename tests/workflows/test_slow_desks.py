"""A store that is slow to say whether an act may be heard holds up the act, and nothing else of its project."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import pytest
import pytest_asyncio

from adapters.ledger.sqlite_ledger import SqliteLedger
from application.engine_room.act_desk import ActInterceptor, OfficeActDesk
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from domain.acts.commands import ReportProgress
from domain.errors import LedgerUnavailableError, RejectedError
from tests.domain.samples import request
from tests.workflows.conftest import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
_LONGER_THAN_A_TASK_MAY_WAIT = 3.0


@dataclass
class SlowDesk:
    """Hears everything, after a while."""

    ledger: SqliteLedger
    seconds: float

    def verdict(self, *_: Any) -> None:
        """As a store that answers late."""
        time.sleep(self.seconds)

    def supervised(self, engine_now: datetime) -> datetime:
        """The engine's own clock."""
        return engine_now

    def recorded(self, stream: str) -> int:
        """Nothing was lost."""
        return len(list(self.ledger.entries(stream)))


@pytest_asyncio.fixture(loop_scope="session")
async def slow(office: Office) -> AsyncIterator[tuple[Office, SlowDesk]]:
    """The office with a worker that asks such a desk."""
    desk, queue = SlowDesk(office.ledger, _LONGER_THAN_A_TASK_MAY_WAIT), "slow-desk"
    client = office.environment.client
    worker = build_worker(
        client,
        task_queue=queue,
        activities=office.store.activities(),
        interceptors=[ActInterceptor(cast(OfficeActDesk, desk))],
    )
    async with worker:
        yield replace(office, engine=Engine(client, queue)), desk


async def test_an_act_whose_store_is_slow_is_to_be_given_again_and_no_task_fails(slow: tuple[Office, SlowDesk]) -> None:
    """It is said at once; the project's tasks go on; given again when the store answers, the act is done."""
    office, desk = slow
    supervision = await office.open()
    act = request(ReportProgress, supervision.first)

    with pytest.raises(LedgerUnavailableError, match="没有记下"):
        await supervision.command(act)
    assert "WORKFLOW_TASK_FAILED" not in await supervision.history_events()

    desk.seconds = 0.0
    await supervision.command(act)
    assert [event.type for event in supervision.recorded()][-1] == "ProgressReported"
    assert "WORKFLOW_TASK_FAILED" not in await supervision.history_events()


async def test_several_acts_of_one_task_are_all_answered_while_the_store_is_slow(slow: tuple[Office, SlowDesk]) -> None:
    """Each is to be given again; together they hold up no task."""
    office, desk = slow
    desk.seconds = _LONGER_THAN_A_TASK_MAY_WAIT
    supervision = await office.open()
    acts = [request(ReportProgress, supervision.first) for _ in range(4)]
    answers = await asyncio.gather(*map(supervision.command, acts), return_exceptions=True)
    assert [type(each) for each in answers] == [LedgerUnavailableError] * 4
    assert not {"WORKFLOW_TASK_FAILED", "WORKFLOW_TASK_TIMED_OUT"} & {*await supervision.history_events()}


async def test_what_is_refused_takes_no_time_from_what_comes_later(slow: tuple[Office, SlowDesk]) -> None:
    """A refusal leaves nothing in the history: the next act is of another task all the same."""
    office, desk = slow
    desk.seconds = 0.0
    supervision = await office.open()
    for _ in range(2):
        with pytest.raises(RejectedError):
            await supervision.command(request(ReportProgress, f"{supervision.project_id}-99"))
        await asyncio.sleep(_LONGER_THAN_A_TASK_MAY_WAIT / 2)
    await supervision.command(request(ReportProgress, supervision.first))
    assert [event.type for event in supervision.recorded()][-1] == "ProgressReported"
