"""After an older ledger was put in the place of the one that a run recorded in, the run knows what no ledger has: no
act is heard by it (docs/adr/0273)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from application.engine_room.act_desk import ActInterceptor
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from domain.acts.commands import ReportProgress, SignReceipt
from domain.errors import LedgerUnavailableError
from tests.domain.samples import request
from tests.workflows.conftest import Office
from tests.workflows.test_behind_its_record import HearsEverybody

pytestmark = pytest.mark.asyncio(loop_scope="session")


class OlderByOne(HearsEverybody):
    """A desk whose ledger lacks the newest event of each project, as soon as it is `put_back`."""

    put_back = False

    def recorded(self, stream: str) -> int:
        """One less than there were."""
        return super().recorded(stream) - self.put_back


async def test_a_run_that_is_ahead_of_the_ledger_says_of_no_act_that_it_was_done_or_refused(office: Office) -> None:
    """Neither what it would take nor what it would refuse for the sake of what is on no record; what to do is said."""
    client, desk = office.environment.client, OlderByOne(office.ledger)
    worker = build_worker(
        client, task_queue="older", activities=office.store.activities(), interceptors=[ActInterceptor(desk)]
    )
    async with worker:
        supervision = await replace(office, engine=Engine(client, "older")).open()
        await supervision.command(request(SignReceipt, supervision.first))
        desk.put_back = True
        before = len(supervision.recorded())

        for act in (request(ReportProgress, supervision.first), request(SignReceipt, supervision.first)):
            with pytest.raises(LedgerUnavailableError, match="旧的台账") as told:
                await supervision.command(act)
            assert "duban engine repair --all" in str(told.value)
            assert f"已有 {before} 条记录，台账只有 {before - 1} 条" in str(told.value)

        desk.put_back = False
        await supervision.command(request(ReportProgress, supervision.first))
        assert len(supervision.recorded()) == before + 1
