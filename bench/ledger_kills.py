"""kill -9 while appending, again and again: nothing acknowledged lost, nothing twice, every earlier head a prefix."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.clock import system_clock
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.ledger.transparency_log import TransparencyLog
from bench.report import Report
from domain.clock import OFFICE_TIME
from domain.events import ReminderIssued
from domain.events.event import headed
from domain.ids import event_id_for
from domain.papers.paper import Paper
from domain.ports.ledger import Decision
from verifier.notes import checkpoint_from
from verifier.tree import leaf_hash, root_of

_STREAMS = 8
_START = datetime(2018, 5, 9, 9, 0, tzinfo=OFFICE_TIME)
_NOW = system_clock.now


def decision_of(stream: str, first: int, last: int) -> Decision:
    """Events `first` to `last` of a stream, each with its paper; the same numbers give the same events."""
    events = tuple(_event(seq) for seq in range(first, last + 1))
    papers = tuple(_paper(stream, seq) for seq in range(first, last + 1))
    return Decision(stream=stream, events=events, papers=papers)


def _event(seq: int) -> ReminderIssued:
    at = _START + timedelta(seconds=seq)
    return headed(
        ReminderIssued,
        seq=seq,
        occurred_at=at,
        decided_at=at,
        actor="engine",
        cause="rung:reminder-14",
    )(
        milestone_id="2018-05a-03",
        due_on=date(2018, 5, 31),
        working_days_before=14,
        round=0,
    )


def _paper(stream: str, seq: int) -> Paper:
    return Paper(
        paper_id=event_id_for(stream, seq),
        kind="reminder",
        year=2018,
        project_id="2018-05a",
        project_title="两新组织党建",
        milestone_id="2018-05a-03",
        to="组织部",
        issued_at=_START,
        send_from=_START,
        body="将于5月31日到期。",
    )


def kill_campaign(folder: Path, kills: int, seed: int = 0) -> Report:
    """Start a writer and kill it, `kills` times, and look after each at what came in; at the end at everything."""
    report, chance = Report(), random.Random(seed)
    acknowledged: dict[str, int] = {}
    seen: defaultdict[str, int] = defaultdict(int)
    heads: list[str] = []
    SqliteLedger.open(folder / "ledger.sqlite", _NOW).close()
    started = time.monotonic()
    for _ in range(kills):
        _kill_once(folder, chance, acknowledged, seen, report)
        asyncio.run(_look(folder, acknowledged, seen, heads, report))
        report.figures["kills"] += 1
    _check_everything(folder, acknowledged, heads, report)
    report.figures["acknowledged"] = sum(last + 1 for last in acknowledged.values())
    report.figures |= {"heads": len(heads), "seconds": time.monotonic() - started}
    return report


def _kill_once(
    folder: Path,
    chance: random.Random,
    acknowledged: dict[str, int],
    seen: dict[str, int],
    report: Report,
) -> None:
    seed, wait = chance.random(), chance.uniform(0.0, 0.04)
    said, status = killed_writer(lambda telling: _write(folder, telling, random.Random(seed), seen), wait)
    if not os.WIFSIGNALED(status):
        report.problems.append(f"the writer ended by itself with {status}")
    for line in said.split(b"\n")[:-1]:
        stream, _, last = line.decode().partition(" ")
        acknowledged[stream] = max(acknowledged.get(stream, -1), int(last))


def killed_writer(work: Callable[[int], Coroutine[Any, Any, None]], wait: float) -> tuple[bytes, int]:
    """Fork, let the child work, and kill it so long after it first told something; what it told, and how it ended."""
    reading, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            asyncio.run(work(telling))
        finally:
            os._exit(1)
    os.close(telling)
    said = os.read(reading, 1)
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while block := os.read(reading, 65_536):
        said += block
    os.close(reading)
    return said, status


async def _write(folder: Path, acknowledging: int, chance: random.Random, seen: dict[str, int]) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", _NOW)

    parent = os.getppid()

    async def caller(stream: str) -> None:
        known = seen.get(stream, 0)
        while os.getppid() == parent:  # nobody is left to end a writer whose campaign was ended
            # Overlapping re-sends: some of what is there again, and some more.
            first = max(0, known - chance.randrange(4))
            last = known + chance.randrange(3)
            await ledger.record(decision_of(stream, first, last))
            os.write(acknowledging, f"{stream} {last}\n".encode())
            known = last + 1

    await asyncio.gather(*(caller(f"key-project/2018/{number:02d}") for number in range(_STREAMS)))


async def _look(
    folder: Path, acknowledged: dict[str, int], seen: defaultdict[str, int], heads: list[str], report: Report
) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", _NOW)
    _count(ledger, int(report.figures["entries"]) - 1, acknowledged, seen, report)
    log = TransparencyLog(ledger.log_store(), folder / "keys", "duban.example/ledger", _NOW)
    await log.open()
    await log.seal()
    heads.append(log.head())
    ledger.close()


def _count(
    ledger: SqliteLedger, after: int, acknowledged: dict[str, int], seen: defaultdict[str, int], report: Report
) -> None:
    for entry in ledger.entries(after=after):
        if entry.position != report.figures["entries"]:
            report.problems.append(f"position {entry.position} where {report.figures['entries']:.0f} should be")
        if entry.stream_seq != seen[entry.stream]:
            report.problems.append(f"{entry.event_id} where #{seen[entry.stream]} should be")
        report.figures["entries"] += 1
        seen[entry.stream] += 1
    for stream, last in acknowledged.items():
        if seen[stream] <= last:
            report.problems.append(f"{stream}#{last} was acknowledged and is gone")


def _check_everything(folder: Path, acknowledged: dict[str, int], heads: list[str], report: Report) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", _NOW)
    store = ledger.log_store()
    seen: defaultdict[str, int] = defaultdict(int)
    report.figures["entries"] = 0
    _count(ledger, -1, acknowledged, seen, report)
    papers = [numbered.sequence for numbered in ledger.papers()]
    projects = sum(count for stream, count in seen.items() if stream.startswith("key-project/"))
    if papers != list(range(1, projects + 1)):
        report.problems.append(f"{len(papers)} papers for {projects} events, or a number twice")
    hashes = [leaf_hash(leaf) for leaf in store.leaves(0, store.size())]
    ledger.close()
    for note in heads:
        head = checkpoint_from(note.encode())
        if root_of(hashes[: head.size]) != head.root:
            report.problems.append(f"head {head.size} {base64.b64encode(head.root).decode()} is no prefix")
