"""What the auditor's commands ask of kept histories: what today's code computes from them, and which are missing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from application.audit.kept_histories import RunLost, history_from, lost_runs, unkept_by_the_ledger
from application.audit.replaying import computed_events
from application.settings import Settings
from domain.errors import EngineUnreachableError
from domain.record.leaf import leaf_event
from entrypoints.bootstrap import engine_now, open_office, open_records


def replay_kept(workflow_id: str, histories: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
    """The leaf events that today's code computes from a workflow's kept histories, in order (the verifier's step 6)."""
    runs = [history_from(workflow_id, data) for data in histories]
    return [leaf_event(workflow_id, event) for event in asyncio.run(computed_events(runs))]


async def unkept_runs(settings: Settings) -> tuple[list[RunLost], bool]:
    """The runs whose history is in danger or lost, and whether the engine was there to ask; without it the ledger alone
    is looked at."""
    try:
        async with open_office(settings) as office:
            return await lost_runs(office.archive, engine_now(), await office.engine.retention()), True
    except EngineUnreachableError:
        with open_records(settings) as records:
            return unkept_by_the_ledger(records.ledger, records.log, engine_now()), False
