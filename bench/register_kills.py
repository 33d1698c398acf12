"""kill -9 in the middle of acts, the register following beside them: never ahead of the ledger, and right again after.

`python -m bench.register_kills [--kills N]`
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from adapters.clock import system_clock
from adapters.ledger.sqlite_ledger import SqliteLedger
from application.audit.register_findings import rows_of
from application.office.register import RegisterDesk
from bench import register_year
from bench.ledger_kills import killed_writer
from bench.register_findings import register_findings
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.ports.ledger import Decision
from domain.record.leaf import domain_event_of
from domain.rules.calendar import office_instant
from domain.seeing.views import view_of
from domain.state import ProjectState

_PROJECTS = 8
_NOW = system_clock.now
_NOON = office_instant(register_year.FIRST_DAY, datetime.min.time()) + timedelta(days=60, hours=12)


def killed(folder: Path, kills: int, seed: int = 0) -> list[str]:
    """Start an office and kill it, so many times; after each look whether the register was ahead and comes right."""
    problems: list[str] = []
    chance = random.Random(seed)
    ledger = SqliteLedger.open(folder / "ledger.sqlite", _NOW)
    asyncio.run(register_year.fill(ledger, _PROJECTS))
    ledger.close()
    entries = 0
    for number in range(kills):
        killed_writer(partial(_work, folder), chance.uniform(0.05, 0.4))
        found, size = asyncio.run(_look(folder, number))
        problems += found
        if size <= entries:
            problems.append(f"kill {number}: nothing was recorded before it")
        entries = size
    return problems


async def _work(folder: Path, telling: int) -> None:
    """Acts of every project, one after the other, and the register beside them without a pause."""
    ledger, parent = SqliteLedger.open(folder / "ledger.sqlite", _NOW), os.getppid()
    desk = RegisterDesk(ledger, ledger.register(), lambda: _NOON)

    async def acting(serial: int) -> None:
        stream = supervision_workflow_id(register_year.project(serial).project_id)
        state = _state(ledger, stream)
        while os.getppid() == parent:
            events = register_year.report(state, state.next_seq, _NOON)
            await ledger.record(Decision(stream=stream, events=events))
            state = fold(events, state) or state
            os.write(telling, b".")

    async def following() -> None:
        while os.getppid() == parent:
            await desk.follow()

    await asyncio.gather(following(), *(acting(serial) for serial in range(1, _PROJECTS + 1)))


def _state(ledger: SqliteLedger, stream: str) -> ProjectState:
    state = fold(map(domain_event_of, ledger.entries(stream)))
    assert state is not None
    return state


async def _look(folder: Path, number: int) -> tuple[list[str], int]:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", _NOW)
    register = ledger.register()
    problems = [f"kill {number}, as it was left: {name} {text}" for name, text in register_findings(ledger, register)]
    standing = register.standing(_NOON)
    if standing.behind < 0:
        problems.append(f"kill {number}: the register is ahead by {-standing.behind}")
    await RegisterDesk(ledger, register, lambda: _NOON).follow()
    problems += [f"kill {number}, after a look: {name} {text}" for name, text in register_findings(ledger, register)]
    for name, kept in rows_of(register).items():
        if kept.view != view_of(_state(ledger, supervision_workflow_id(name)), _NOON).model_dump_json():
            problems.append(f"kill {number}: {name} is not the core's view")
    if not register.standing(_NOON).complete:
        problems.append(f"kill {number}: the register is behind after a look")
    ledger.close()
    return problems, standing.entries


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.register_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duban-register-kills-") as place:
        found = killed(Path(place), options.kills)
    print(json.dumps({"kills": options.kills, "problems": found}, ensure_ascii=False))
    raise SystemExit(1 if found else 0)
