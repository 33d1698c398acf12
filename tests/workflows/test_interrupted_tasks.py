"""A decision whose recording outlasts the engine's task keeps its own instant, in the ledger and in every replay.

The engine then goes on with the same task at a later instant, and a replay begins at that one (as it does when a query
interrupts a task on a real server).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from application.audit.replaying import replayed
from domain.acts.commands import ReportProgress
from domain.evolution import fold
from tests.domain.samples import request
from tests.workflows.conftest import Office, Supervision

SHORT_TASK = timedelta(seconds=1)
LONGER_THAN_A_TASK = 1.5


@contextmanager
def slow_store(office: Office) -> Iterator[None]:
    """A store that answers after the engine's task has ended."""
    office.store.answers_after = LONGER_THAN_A_TASK
    try:
        yield
    finally:
        office.store.answers_after = 0.0


async def must_agree(supervision: Supervision) -> None:
    """State, ledger and replay agree on every event, although a task was gone on with."""
    recorded = supervision.recorded()
    assert fold(recorded) == await supervision.state()
    assert (await replayed(await supervision.histories(), recorded)).problem is None


async def tasks_before_the_last_marker(supervision: Supervision) -> int:
    """How many tasks the engine began for the last decision that was recorded."""
    events = await supervision.history_events()
    last = max(place for place, name in enumerate(events) if name == "MARKER_RECORDED")
    before = [name for name in events[:last] if name == "WORKFLOW_TASK_STARTED" or "UPDATE" in name or "TIMER" in name]
    return len(before) - max((n for n, name in enumerate(before, start=1) if "TASK" not in name), default=0)


async def test_a_docketing_that_outlasts_its_task_is_replayed_at_its_own_instant(office: Office) -> None:
    """What the code computes in a replay is what the ledger has, to the microsecond."""
    with slow_store(office):
        supervision = await office.open(task_timeout=SHORT_TASK)
        await supervision.state()
        await supervision.quiet()
    assert await tasks_before_the_last_marker(supervision) > 1, "the engine did not go on with the task"
    await must_agree(supervision)


async def test_a_command_that_outlasts_its_task_is_replayed_at_its_own_instant(office: Office) -> None:
    """Also in the middle of a project, where the command's other events follow from its instant."""
    supervision = await office.open(task_timeout=SHORT_TASK)
    await supervision.state()
    with slow_store(office):
        await supervision.command(request(ReportProgress, supervision.first))
    await must_agree(supervision)


async def test_a_rung_that_outlasts_its_task_is_replayed_at_its_own_instant(office: Office) -> None:
    """Also where time alone decided."""
    supervision = await office.open(task_timeout=SHORT_TASK)
    await supervision.state()
    await supervision.until("05-11 08:00")
    with slow_store(office):
        # One reminder. The server's clock stands while a store is slow, and who waits for it gives up after a while:
        # on a busy machine all rungs of a month took too long.
        await supervision.until("05-12 00:00")
        await supervision.quiet()
    assert await tasks_before_the_last_marker(supervision) > 1, "the engine did not go on with the task"
    await must_agree(supervision)
