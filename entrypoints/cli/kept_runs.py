"""What the auditor's commands ask of kept histories: which are missing."""

from __future__ import annotations

from application.audit.kept_histories import RunLost, lost_runs, unkept_by_the_ledger
from application.settings import Settings
from domain.errors import EngineUnreachableError
from entrypoints.bootstrap import engine_now, open_office, open_records


async def unkept_runs(settings: Settings) -> tuple[list[RunLost], bool]:
    """The runs whose history is in danger or lost, and whether the engine was there to ask; without it the ledger alone
    is looked at."""
    try:
        async with open_office(settings) as office:
            return await lost_runs(office.archive, engine_now(), await office.engine.retention()), True
    except EngineUnreachableError:
        with open_records(settings) as records:
            return unkept_by_the_ledger(records.ledger, records.log, engine_now()), False
