"""`duban status` as a person calls it, on a large installation: an engine with every supervision, and the register."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from application.office.office import Office
from bench import register_year
from bench.installation import environment_of, installation, progress
from bench.patience import until
from bench.processes import ROOT
from bench.report import Report
from domain.clock import VirtualClock
from domain.ids import project_id_for, supervision_workflow_id
from domain.rules.calendar import end_of

_ROUNDS = 5
_STARTED_AT_ONCE = 40
_LISTED_WITHIN_SECONDS = 600
"""The embedded engine's own lists follow at 40 entries a second."""
_CALLS: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("status", "--light", "红", "--sort", "时限", "--text", "方案"),
    ("status", "--page", "100"),
    ("status", "--rows", "50", "--json"),
    ("status", "--json"),
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
        rows = [await asyncio.to_thread(_called, office, call, report) for call in _CALLS]
        report.table(("command", "wall s", "CPU s", "KB told"), rows)


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


def _called(office: Office, call: Sequence[str], report: Report) -> tuple[str, ...]:
    """One call: the middle of several, in seconds, and how much it told."""
    walls, cpus, told = [], [], 0
    for _ in range(_ROUNDS):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "entrypoints.cli.main", *call],
            cwd=ROOT,
            env=environment_of(office.settings) | {"PATH": os.environ["PATH"]},
            capture_output=True,
            check=True,
        )
        walls.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        told = len(done.stdout) // 1_024
    what, wall, whole = f"duban {' '.join(call)}", statistics.median(walls), call == ("status", "--json")
    if wall > 1 and not whole:
        report.problems.append(f"{what} takes {wall:.2f} s")
    return (what, f"{wall:.2f}", f"{statistics.median(cpus):.2f}", f"{told:,}")
