"""Builds beside one another on the real engine: a pinned project stays with its own, then goes on under the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from activities.recording import RecordingActivities
from application.audit.replaying import replayed
from application.engine_room.runtime import build_worker
from application.engine_room.versions import Build, builds, current_build, first_becomes_current, make_current
from application.office.office import Office
from bench.histories import histories_of
from bench.installation import installation
from domain.acts.commands import ReportProgress
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.record.leaf import domain_event_of
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import engine_now
from tests.domain.samples import CALENDAR, HEADER, START, key_project, milestone, request
from workflows.inputs import Opening, SupervisionInput

# The embedded engine outlives the call that starts it, so nobody waits for its process.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


@pytest_asyncio.fixture(loop_scope="session")
async def office() -> AsyncIterator[Office]:
    """An office on a real engine."""
    async with installation("versions", sticky_seconds=1) as office:
        await office.records.log.open()
        yield office


@asynccontextmanager
async def worker(office: Office, build: str) -> AsyncIterator[None]:
    """A worker of a build, whose runs are pinned to it."""
    recording = RecordingActivities(office.records.ledger)
    working = build_worker(
        office.engine.client,
        task_queue=office.settings.task_queue,
        activities=[recording.record_decision],
        pinned=True,
        build=build,
    )
    async with working:
        yield


async def opened(office: Office, project_id: str) -> str:
    """A project, started and recorded; its milestone."""
    clock = VirtualClock(engine_at=engine_now(), supervised_at=START)
    project = key_project((milestone(project_id=project_id),), project_id=project_id)
    opening = Opening(listed=HEADER, project=project, policy=SupervisionPolicy(), calendar=CALENDAR)
    await office.engine.start_project(SupervisionInput(clock=clock, opening=opening))
    await office.engine.state(project_id)
    return project.milestones[0].milestone_id


async def build_of(office: Office, project_id: str) -> str:
    """The build of a project's last task."""
    handle = office.engine.client.get_workflow_handle(supervision_workflow_id(project_id))
    described = await handle.describe()
    return described.raw_description.workflow_execution_info.versioning_info.deployment_version.build_id


async def reported_until_moved(office: Office, project_id: str, milestone_id: str, build: str) -> None:
    """Report until another build has taken the project over: the engine tells of a new build a moment later."""
    for _ in range(20):
        await office.engine.command(project_id, request(ReportProgress, milestone_id))
        await asyncio.sleep(0.3)
        if await build_of(office, project_id) == build:
            return
    raise AssertionError(f"{project_id} does not move")


async def test_a_pinned_project_moves_at_its_next_decision_and_nothing_is_lost(office: Office) -> None:
    """The first build needs no operator; the next one takes a project over when that has something to do anyway."""
    async with worker(office, "first"):
        await first_becomes_current(office.engine.client, "first")
        moved, _ = await opened(office, "2018-01"), await opened(office, "2018-02")
        async with worker(office, "second"):
            await first_becomes_current(office.engine.client, "second")
            assert await current_build(office.engine.client) == "first"
            await make_current(office.engine.client, "second")
            assert [await build_of(office, project_id) for project_id in ("2018-01", "2018-02")] == ["first", "first"]
            await reported_until_moved(office, "2018-01", moved, "second")
            assert await build_of(office, "2018-02") == "first"
            began = await opened(office, "2018-03")
            assert await build_of(office, "2018-03") == "second"
    async with worker(office, "second"):
        await office.engine.command("2018-01", request(ReportProgress, moved))
        await office.engine.command("2018-03", request(ReportProgress, began))
    for project_id, runs in (("2018-01", 2), ("2018-02", 1), ("2018-03", 1)):
        stream = supervision_workflow_id(project_id)
        histories = [history async for history in histories_of(office.engine, stream)]
        recorded = [domain_event_of(entry) for entry in office.records.ledger.entries(stream)]
        assert len(histories) == runs
        assert (await replayed(histories, recorded)).problem is None


async def test_a_build_that_is_waited_for_in_vain_is_named(office: Office) -> None:
    """Its worker has gone and something is still pinned to it: the engine says nothing, so we do."""
    async with worker(office, "first"):
        await first_becomes_current(office.engine.client, "first")
        await opened(office, "2018-01")
        (known,) = await builds(office.engine.client, office.settings.task_queue)
        assert (known.build_id, known.current, known.workers) == ("first", True, 1)
        assert not known.waited_for_in_vain
    gone = Build(build_id="first", current=True, pinned=known.pinned, workers=0)
    assert gone.waited_for_in_vain
