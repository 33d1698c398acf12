"""Before other code takes over: replay what is open with the code that is installed here, and say where it differs.

A worker whose code differs from a history cannot go on with that project: the engine asks it again and again, in
silence. So the question is asked first, of the histories themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from temporalio.client import WorkflowHistory

from application.audit.kept_histories import Archive, histories_of
from application.audit.replay_pool import ReplayPool, replay_pool
from application.audit.replaying import ReplayVerdict
from domain.frozen import Frozen
from domain.record.recorded_projects import is_project, repairs_in


class Preflight(Frozen):
    """How many workflows were replayed, of how many history events, and the verdicts of those that differ."""

    workflows: int
    history_events: int
    differences: tuple[ReplayVerdict, ...]


async def preflight(
    archive: Archive,
    *,
    closed: bool = False,
    on_open: Callable[[int], None] = lambda _: None,
    on_each: Callable[[], None] = lambda: None,
    processes: int | None = None,
) -> Preflight:
    """Replay the open run of every workflow, or with `closed` all runs of all; nothing is changed.

    `on_open` is told how many there are, `on_each` when one is done.

    Raises:
        EngineUnreachableError: the engine does not answer.
        DubanError: a replaying process was ended from outside.
    """
    wanted = [each for each in archive.workflow_ids() if closed or await _is_open(archive, each)]
    on_open(len(wanted))
    with replay_pool(len(wanted), processes) as pool:

        async def verdict_of(workflow_id: str) -> ReplayVerdict:
            return await _verdict(archive, workflow_id, pool, closed=closed)

        verdicts = await pool.each(wanted, verdict_of, on_each)
    return Preflight(
        workflows=len(verdicts),
        history_events=sum(verdict.history_events for verdict in verdicts),
        differences=tuple(verdict for verdict in verdicts if verdict.problem),
    )


async def _is_open(archive: Archive, workflow_id: str) -> bool:
    runs = await archive.engine.runs(workflow_id)
    return runs is not None and runs.running


async def _verdict(archive: Archive, workflow_id: str, pool: ReplayPool, *, closed: bool) -> ReplayVerdict:
    histories = await _histories(archive, workflow_id, closed=closed)
    # The ledger is read after the history: it has all that the history tells, and what came since is not compared.
    recorded = list(archive.ledger.entries(workflow_id)) if is_project(workflow_id) else None
    return await pool.replayed(histories, recorded, repairs_in(archive.ledger, workflow_id), whole=False)


async def _histories(archive: Archive, workflow_id: str, *, closed: bool) -> Sequence[WorkflowHistory]:
    if closed:
        return [history for history in await histories_of(archive, workflow_id) if history.events]
    there = await archive.engine.runs(workflow_id)
    history = await archive.engine.history(workflow_id, there.last) if there else None
    return [history] if history is not None else []
