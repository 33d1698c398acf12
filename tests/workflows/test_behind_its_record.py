"""After the engine's database alone was put back a run knows less than the ledger: no act is heard before it has it all
(docs/adr/0262)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from application.audit.replaying import replayed
from application.engine_room.act_desk import ActInterceptor, OfficeActDesk
from application.engine_room.engine import Engine
from application.engine_room.refusals import RefusalDesk
from application.engine_room.runtime import build_worker
from domain.acts.commands import AcceptCompletion, AnyCommand, ReportProgress, RequestCompletion
from domain.acts.decisions import decide
from domain.errors import RejectedError
from domain.ids import event_id_for, supervision_workflow_id
from domain.ports.ledger import Decision, Ledger, Refusal
from tests.domain.samples import request
from tests.workflows.conftest import Office, Supervision

pytestmark = pytest.mark.asyncio(loop_scope="session")


class HearsEverybody(OfficeActDesk):
    """A desk that asks for no attestation, and knows the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def verdict(self, *_: Any) -> None:
        """Whoever acts is heard."""

    def supervised(self, engine_now: datetime) -> datetime:
        """The engine's own clock."""
        return engine_now


@pytest_asyncio.fixture(loop_scope="session")
async def asking(office: Office) -> AsyncIterator[tuple[Office, list[Refusal]]]:
    """The office with a worker that asks such a desk, and the refusals that it keeps."""
    refused: list[Refusal] = []

    async def keep(refusal: Refusal) -> None:
        refused.append(refusal)

    desk, client = RefusalDesk(keep), office.environment.client
    worker = build_worker(
        client,
        task_queue="asks",
        activities=office.store.activities(),
        interceptors=[desk, ActInterceptor(HearsEverybody(office.ledger))],
    )
    async with worker:
        yield replace(office, engine=Engine(client, "asks")), refused
        await desk.keep_all()


async def recorded_around(supervision: Supervision, command: AnyCommand) -> None:
    """Put an act into the ledger that the engine does not know: it was put back to before it."""
    state = await supervision.state()
    events = decide(state, command, supervision.recorded()[-1].decided_at)
    stream = supervision_workflow_id(supervision.project_id)
    await supervision.office.ledger.record(Decision(stream=stream, events=events))


async def test_the_first_act_after_the_engine_was_put_back_is_answered_with_its_own_record(
    asking: tuple[Office, list[Refusal]],
) -> None:
    """Not with the one in whose place the run would have put it; the history replays to what the ledger has."""
    office, _ = asking
    supervision = await office.open()
    await recorded_around(supervision, request(ReportProgress, supervision.first, text="此前已反馈"))
    act = request(ReportProgress, supervision.first, text="现在反馈")

    outcome = await supervision.command(act)

    recorded = supervision.recorded()
    last = recorded[-1]
    assert last.cause == f"request:{act.request_id}"
    assert outcome.event_ids == (event_id_for(supervision_workflow_id(supervision.project_id), last.seq),)
    assert (await replayed(await supervision.histories(), recorded)).problem is None
    # Who knows all of it is asked nothing more.
    looks = (await supervision.history_events()).count("WORKFLOW_EXECUTION_SIGNALED")
    await supervision.command(request(ReportProgress, supervision.first))
    assert (await supervision.history_events()).count("WORKFLOW_EXECUTION_SIGNALED") == looks == 1


async def test_an_act_is_not_refused_by_a_run_that_does_not_know_what_it_follows(
    asking: tuple[Office, list[Refusal]],
) -> None:
    """What it follows stands in the ledger alone: it is done; one that the whole record refuses is refused."""
    office, refused = asking
    supervision = await office.open()
    await recorded_around(supervision, request(RequestCompletion, supervision.first))

    outcome = await supervision.command(request(AcceptCompletion, supervision.first))

    assert outcome.stage == "completed"
    with pytest.raises(RejectedError):
        await supervision.command(request(AcceptCompletion, supervision.first))
    assert refused == []
