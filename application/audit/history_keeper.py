"""A worker's keeping of histories: what closed since the last look, and of all the others a few each time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from application.audit.kept_histories import Archive, is_kept, keep_runs_of
from application.engine_room.standing import listed_workflows

KEEP_EVERY = timedelta(minutes=5)
"""How often a worker looks for closed runs."""
_LISTS_MAY_LAG = timedelta(minutes=10)
_LOOKED_AROUND_SECONDS = 0.5


class HistoryKeeper:
    """Keeps every closed run soon after it closed.

    The engine's list tells which runs closed since the last look, however many projects there are. What a list has
    never told of, and what was kept and has vanished, is found by going round: some workflows at each look.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._since: datetime | None = None
        self._next = 0

    async def keep_new(self) -> int:
        """Keep what closed since the last look and was not kept; answer how many runs that were.

        Raises:
            EngineUnreachableError: the engine does not answer.
            LedgerUnavailableError: the vault or the ledger cannot be written.
            LedgerConflictError: the vault has another history under a run's name.
        """
        workflow_ids = self._archive.workflow_ids()
        known, unkept, last = set(workflow_ids), dict[str, None](), self._since
        async for info in listed_workflows(self._archive.engine, self._query()):
            workflow_id, closed = info.execution.workflow_id, info.close_time.ToDatetime(UTC)
            last = max(last, closed) if last else closed
            if workflow_id in known and not is_kept(self._archive, workflow_id, info.execution.run_id):
                unkept[workflow_id] = None
        new = sum([await keep_runs_of(self._archive, workflow_id) for workflow_id in unkept])
        # Only now: a look that was cut short is taken again from where it began.
        self._since = last
        return new + await self._look_around(workflow_ids)

    def _query(self) -> str:
        if self._since is None:
            return "ExecutionStatus != 'Running'"
        since = self._since - _LISTS_MAY_LAG
        return f"CloseTime >= '{since:%Y-%m-%dT%H:%M:%S.%fZ}'"

    async def _look_around(self, workflow_ids: list[str]) -> int:
        new, until = 0, time.monotonic() + _LOOKED_AROUND_SECONDS
        for _ in workflow_ids:
            if time.monotonic() > until:
                break
            self._next = (self._next + 1) % len(workflow_ids)
            new += await keep_runs_of(self._archive, workflow_ids[self._next])
        return new
