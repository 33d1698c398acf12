"""`duban status` as a person calls it, on a large installation: an engine with every supervision, and the register."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from application.office.office import Office
from bench import register_year
from bench.installation import installation, progress
from bench.patience import until
from bench.report import Report
from bench.typed import HEADINGS, typed
from domain.clock import VirtualClock
from domain.ids import project_id_for, supervision_workflow_id
from domain.rules.calendar import end_of

_STARTED_AT_ONCE = 40
_LISTED_WITHIN_SECONDS = 600
"""The embedded engine's own lists follow at 40 entries a second."""
_WHOLE = ("status", "--json")
_CALLS: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("status", "--light", "红", "--sort", "时限", "--text", "方案"),
    ("status", "--after", "2018-9900"),
    ("status", "--rows", "50", "--json"),
    _WHOLE,
    ("audit", "keep"),
)


async def status_times(projects: int, recorded: Path, report: Report) -> None:
    """An installation whose ledger is `recorded`, and the command's calls on it."""
    async with installation("register") as office:
        shutil.copy(recorded, office.settings.ledger_file)
        day = register_year.FIRST_DAY + timedelta(days=76)
        clock = VirtualClock(engine_at=office.engine_now(), supervised_at=end_of(day) - timedelta(hours=12))
        await office.records.ledger.settle_clock(clock)
        await office.register.rebuild()
        progress(f"register: {projects} supervisions are started")
        await _start_all(office.engine.client, projects)
        await until(lambda: _listed(office, projects), "the engine's lists", seconds=_LISTED_WITHIN_SECONDS, every=1)
        calls = [await asyncio.to_thread(typed, office.settings, call) for call in _CALLS]
        report.table(HEADINGS, [each.row for each in calls])
        report.problems += [
            f"{each.row[0]} takes {each.wall:.2f} s" for each in calls if each.wall > 1 and each.call != _WHOLE
        ]


async def _start_all(client: Client, projects: int) -> None:
    # Nobody works on them: what is measured is how the engine answers about as many.
    gate = asyncio.Semaphore(_STARTED_AT_ONCE)

    async def one(serial: int) -> None:
        async with gate:
            workflow_id = supervision_workflow_id(project_id_for(register_year.FIRST_DAY.year, str(serial)))
            await client.start_workflow("ProjectSupervision", id=workflow_id, task_queue="nobody")

    await asyncio.gather(*(one(serial) for serial in range(1, projects + 1)))


async def _listed(office: Office, projects: int) -> bool:
    query = "WorkflowId STARTS_WITH 'key-project/' AND ExecutionStatus='Running'"
    return (await office.engine.client.count_workflows(query)).count == projects
