"""What recording an act costs: without a read model, with one that follows, with one in the same transaction."""

from __future__ import annotations

import asyncio
import math
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from adapters.ledger import register_rows
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.ledger.transaction import Transaction, prepare
from application.engine_room.loops import Beside, going_on
from application.office.register import FOLLOWED_EVERY_SECONDS, RegisterDesk
from bench import register_year
from domain.evolution import fold
from domain.ids import project_id_for, supervision_workflow_id
from domain.ports.ledger import Decision
from domain.record.leaf import domain_event_of
from domain.rules.calendar import office_instant
from domain.seeing.register_rows import registered
from domain.state import ProjectState

_NOW = office_instant(date(2018, 7, 11), datetime.min.time()) + timedelta(hours=10)
_ALONE, _CALLERS, _EACH = 150, 64, 8
Recording = Callable[[Decision, ProjectState], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ActCost:
    """Milliseconds of one caller, acts a second of many, and the CPU of an act in this process."""

    what: str
    alone_median: float
    alone_p95: float
    together: float
    cpu: float


async def act_costs(ledger: SqliteLedger | PostgresLedger) -> list[ActCost]:
    """The three ways side by side, on the same ledger, each with projects of its own."""
    desk = RegisterDesk(ledger, ledger.register(), lambda: _NOW, rest=1.0)
    following = Beside("register", FOLLOWED_EVERY_SECONDS, desk.follow)

    async def plainly(decision: Decision, _: ProjectState) -> None:
        await ledger.record(decision)

    async def at_once(decision: Decision, after: ProjectState) -> None:
        prepared = prepare(decision)

        def work(transaction: Transaction) -> None:
            transaction.record(prepared)
            register_rows.keep(transaction.register, [registered(after, _NOW)])

        await ledger._writer.run(work)  # noqa: SLF001 - no store offers this way: it is measured here alone

    costs = [await _cost(ledger, "without a register", plainly, 1)]
    async with going_on([following]):
        costs.append(await _cost(ledger, "with one that follows", plainly, 101))
    await desk.follow()
    costs.append(await _cost(ledger, "in the same transaction", at_once, 201))
    await desk.follow()
    return costs


async def _cost(ledger: SqliteLedger | PostgresLedger, what: str, record: Recording, first: int) -> ActCost:
    alone = _Project(ledger, first)
    spans = [await alone.act(record) for _ in range(_ALONE)]
    projects = [_Project(ledger, first + 1 + number) for number in range(_CALLERS)]

    async def caller(project: _Project) -> None:
        for _ in range(_EACH):
            await project.act(record)

    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*map(caller, projects))
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    acts = _CALLERS * _EACH
    p95 = sorted(spans)[math.ceil(len(spans) * 0.95) - 1]
    return ActCost(what, statistics.median(spans), p95, acts / seconds, used / acts * 1_000)


class _Project:
    """A project of the ledger, on which reports are recorded one after the other."""

    def __init__(self, ledger: SqliteLedger | PostgresLedger, serial: int) -> None:
        self._stream = supervision_workflow_id(project_id_for(2018, str(serial)))
        state = fold(map(domain_event_of, ledger.entries(self._stream)))
        assert state is not None
        self._state = state

    async def act(self, record: Recording) -> float:
        """Record one report; answer the milliseconds."""
        events = register_year.report(self._state, self._state.next_seq, _NOW)
        after = fold(events, self._state)
        assert after is not None
        began = time.perf_counter()
        await record(Decision(stream=self._stream, events=events), after)
        self._state = after
        return (time.perf_counter() - began) * 1_000
