"""What a person waits for in the shell, on a running year: `python -m bench commands [--command-projects N]`.

The year runs on the embedded engine with one worker. The figures are held against the goals that were set for 1,000
projects; the auditor's commands run once, the others five times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, time

from application.office.office import Office
from application.settings import Settings
from bench import sample
from bench.installation import at_work, installation, progress, start
from bench.report import Report
from bench.typed import HEADINGS, Typed, typed
from domain.clock import VirtualClock
from domain.ids import project_id_for
from domain.rules.calendar import office_instant

_DUE = sample.month_ends(6, 5)
_DAY = date(2018, 4, 26)
_ACT = ("report", str(project_id_for(sample.YEAR, "1")), "1", "继续推进", "--by", sample.DEPARTMENTS[1])
_OFTEN: dict[Sequence[str], float] = {("--help",): 0.3, _ACT: 0.7}
"""Seconds of a processor that each may take."""


def _audit(settings: Settings) -> dict[Sequence[str], float]:
    """Seconds by the clock that each may take."""
    return {
        ("status", "--as-of", str(_DAY), "--json"): 3.0,
        ("audit", "export", str(settings.data.parent / "bundle")): 10.0,
        ("audit", "verify"): 15.0,
        ("audit", "reconcile"): 30.0,
        ("audit", "keep"): 1.0,
    }


async def commands(projects: int) -> Report:
    """A year of so many projects, and every command on it."""
    report = Report()
    report.figures["projects"] = projects
    async with installation("commands") as office, at_work(office):
        await _opened(office, projects)
        report.figures["entries"] = sum(1 for _ in office.records.ledger.entries())
        often = {call: await _typed(office, call, 5) for call in _OFTEN}
        audit = _audit(office.settings)
        once = {call: await _typed(office, call, 1) for call in audit}
    report.table(HEADINGS, [each.row for each in (*often.values(), *once.values())])
    spent = [(each, each.cpu, _OFTEN[call]) for call, each in often.items()]
    waited = [(each, each.wall, audit[call]) for call, each in once.items()]
    report.problems += [
        f"{each.row[0]} takes {took:.2f} s, not {goal:g}" for each, took, goal in (*spent, *waited) if took > goal
    ]
    return report


async def _opened(office: Office, projects: int) -> None:
    noon = office_instant(_DAY, time(12))
    clock = VirtualClock(engine_at=office.engine_now(), supervised_at=noon)
    progress(f"commands: {projects} projects are started")
    await start(office, sample.year([sample.project(serial, _DUE) for serial in range(1, projects + 1)], clock))
    await office.register.follow()


async def _typed(office: Office, call: Sequence[str], rounds: int) -> Typed:
    progress(f"commands: duban {' '.join(call)}")
    return await asyncio.to_thread(typed, office.settings, call, rounds)
