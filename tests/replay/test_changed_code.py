"""A worker restarted with changed code in the middle of a year, beside another one with the old code."""

from __future__ import annotations

from datetime import datetime, timedelta

from application.audit.replaying import replayed
from application.engine_room.runtime import WORKFLOWS
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import Desk, key_project, milestone
from tests.replay.changed_workflows import PATCH, PatchedSupervision
from tests.replay.conftest import Year
from workflows.department_mailbox import DepartmentMailbox

PATCHED = (PatchedSupervision, DepartmentMailbox)


def expected(project_id: str) -> list[tuple[str, datetime]]:
    """The events of a silent project by the pure core."""
    desk = Desk(
        project=key_project((milestone(project_id=project_id),), project_id=project_id), policy=SupervisionPolicy()
    )
    desk.run_until("07-01 00:00")
    return [(event.type, event.decided_at) for event in desk.events]


async def test_a_worker_restarted_with_patched_code_goes_on_with_the_year(year: Year) -> None:
    """Two workers, one exchanged in May: no task fails, each project has its events, two are inspected, all replay."""
    projects = [f"2018-{number}" for number in range(10, 16)]
    async with await year.worker():
        async with await year.worker():
            for project_id in projects:
                await year.open(project_id)
            await year.until("05-15 00:00")
        async with await year.worker(PATCHED):
            await year.until("07-01 00:00")
    inspected = sorted(projects, key=SupervisionPolicy().spread_for)[:2]
    for project_id in projects:
        history, recorded = await year.history(project_id), year.recorded(project_id)
        assert not [event for event in history.events if event.HasField("workflow_task_failed_event_attributes")]
        wanted = expected(project_id)
        if project_id not in inspected:
            wanted = [(type_.replace("InspectionOpened", "InspectionNotOpened"), at) for type_, at in wanted]
        assert [event.type for event in recorded] == [type_ for type_, _ in wanted]
        # The engine's clock goes on while a busy machine opens the next project or gets round to a task.
        for event, (_, instant) in zip(recorded, wanted, strict=True):
            assert timedelta() <= event.decided_at - instant < timedelta(seconds=30)
        for code in (WORKFLOWS, PATCHED):
            assert (await replayed([history], recorded, code)).problem is None


async def test_what_begins_under_the_patched_code_has_the_change(year: Year) -> None:
    """After the exchange old runs go on as they were, and a new one takes the patched way."""
    async with await year.worker():
        await year.open("2018-20")
    async with await year.worker(PATCHED):
        await year.until("05-15 00:00")
        await year.open("2018-21")
        await year.until("05-16 00:00")
    marked = {}
    for project_id in ("2018-20", "2018-21"):
        events = (await year.history(project_id)).events
        markers = [event.marker_recorded_event_attributes for event in events]
        marked[project_id] = any(PATCH.encode() in marker.SerializeToString() for marker in markers)
    assert marked == {"2018-20": False, "2018-21": True}
