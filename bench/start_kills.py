"""The start of a plan under kill -9: the starting process dies at a random moment, is repeated, and all is compared.

Each run is a year of its own on a real engine with a real worker: its list is started, and later issued again. Either
start is killed once: a fifth of the kills before it asked for anything, the others spread over what it brings on
record, for the clock of a busy machine says nothing of how far a start has come. After the repetition the register, the
record, the papers and the mail must be those of a year whose starts were left alone, and one more start must change
nothing.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from application.office.office import Office
from bench.installation import at_work, installation, progress, starting
from bench.patience import PATIENCE_SECONDS, until
from bench.processes import Process
from bench.report import Report
from bench.start_lists import first_list, kept_as, list_again
from domain.ids import supervision_workflow_id, year_of
from domain.notice.plan import Plan
from domain.record.leaf import is_own_stream
from domain.record.recorded_projects import recorded_projects

_HEAD = ("year", "start of", "killed after, s", "events on record", "problems")
_FIRST_YEAR, _ANY_YEAR = 2_031, "9999"
_STILL_SECONDS = 2.0
_BEFORE_ANYTHING = 0.2
_LOOK_AGAIN_SECONDS = 0.005
_LITTLE_LATER_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class StartKillsPlan:
    """How many years, how many made-up rows behind the real list's, and the seed of everything random."""

    runs: int
    made_up: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Ended:
    status: int
    said: str
    seconds: float


async def start_kills(plan: StartKillsPlan) -> Report:
    """All kills on one installation, in order; the starts of two years before are left alone and compared with."""
    chance = random.Random(plan.seed)
    moments = {name: _spread(plan.runs, chance) for name in ("first", "again")}
    async with installation("start-kills") as office, at_work(office):
        scene = _Scene(office, plan, chance)
        # The first year warms the worker up, so that the second one's time is that of the years that follow.
        for year in (_FIRST_YEAR, _FIRST_YEAR + 1)[: plan.runs]:
            await scene.left_alone(year)
        for number in range(plan.runs):
            year = _FIRST_YEAR + 2 + number
            await scene.killed(year, {name: each[number] for name, each in moments.items()})
    scene.report.table(_HEAD, scene.rows)
    return scene.report


def _spread(times: int, chance: random.Random) -> list[float]:
    """Random moments (parts of the whole time), one in each of so many equal parts, in a random order."""
    moments = [(part + chance.random()) / times for part in range(times)]
    chance.shuffle(moments)
    return moments


class _Scene:
    def __init__(self, office: Office, plan: StartKillsPlan, chance: random.Random) -> None:
        self._office, self._plan, self._chance = office, plan, chance
        self._alone: dict[str, tuple[float, dict[str, Any], int]] = {}
        self.rows: list[tuple[object, ...]] = []
        self.report = Report()

    async def left_alone(self, year: int) -> None:
        """Start the year's lists without a kill: what the others are compared with, and how long it takes."""
        for name, path in self._lists(year):
            before = self._on_record(year)
            ended = await self._ended(self._start(path))
            if ended.status:
                raise AssertionError(ended.said)
            await self._settled()
            self._alone[name] = (ended.seconds, await self._found(year), self._on_record(year) - before)
            progress(f"  left alone, {name}: {ended.seconds:.1f} s, {self._alone[name][2]} events")

    async def killed(self, year: int, moments: dict[str, float]) -> None:
        """Kill each of the year's starts once, repeat it, compare, and start once more."""
        for name, path in self._lists(year):
            await self._killed(year, name, path, moments[name])

    def _lists(self, year: int) -> list[tuple[str, Path]]:
        first = first_list(year, self._plan.made_up)
        folder = self._office.settings.data.parent
        plans: dict[str, Plan] = {"first": first, "again": list_again(first)}
        return [(name, kept_as(each, folder, name)) for name, each in plans.items()]

    async def _killed(self, year: int, name: str, path: Path, moment: float) -> None:
        seconds, wanted, events = self._alone[name]
        before = self._on_record(year)
        began, process = time.monotonic(), self._start(path)
        if moment < _BEFORE_ANYTHING:
            await asyncio.sleep(moment * seconds)
        else:
            share = (moment - _BEFORE_ANYTHING) / (1 - _BEFORE_ANYTHING)
            while process.poll() is None and self._on_record(year) - before < max(1, share * events):  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            await asyncio.sleep(self._chance.uniform(0, _LITTLE_LATER_SECONDS))
        process.kill()
        process.wait(PATIENCE_SECONDS)
        after, recorded = time.monotonic() - began, self._on_record(year) - before
        problems = []
        repeated = await self._ended(self._start(path))
        if repeated.status:
            problems.append(f"the repeated start ended in {repeated.status}: {repeated.said[:300]}")
        await self._settled()
        problems += _differences(await self._found(year), wanted)
        entries = len(list(self._office.records.ledger.entries()))
        more = await self._ended(self._start(path))
        if more.status or "没有变化" not in more.said:
            problems.append(f"one more start does not say that nothing changed: {more.said[-300:]}")
        added = list(self._office.records.ledger.entries())[entries:]
        if told := [f"{entry.stream} {entry.type}" for entry in added if not is_own_stream(entry.stream)]:
            problems.append(f"one more start changed the record: {told[:3]}")
        for entry in added:
            progress(f"    added meanwhile: {entry.stream} {entry.type}")
        progress(
            f"  {year} {name}: killed after {after:.1f} of {seconds:.1f} s, {recorded} of {events} events on record"
        )
        self.report.figures["kills"] += 1
        self.report.figures["kills with a part on record"] += 0 < recorded < events
        self.report.problems += [f"{year}, {name}: {problem}" for problem in problems]
        self.rows.append((year, name, f"{after:.1f}", f"{recorded} of {events}", len(problems)))

    def _start(self, path: Path) -> Process:
        with self._said.open("wb") as out:
            return starting(self._office, path, out)

    @property
    def _said(self) -> Path:
        return self._office.settings.data.parent / "start.out"

    async def _ended(self, process: Process) -> _Ended:
        began = time.monotonic()
        status = await asyncio.to_thread(process.wait, PATIENCE_SECONDS)
        return _Ended(status, self._said.read_text(encoding="utf-8"), time.monotonic() - began)

    def _on_record(self, year: int) -> int:
        streams = [stream for stream in self._office.records.ledger.streams() if f"key-project/{year}/" in stream]
        return sum(1 for stream in streams for _ in self._office.records.ledger.entries(stream))

    async def _settled(self) -> None:
        # What goes with a later morning's digest waits for it.
        items = self._office.records.outbox.items
        await until(
            lambda: (
                not any(
                    item.state in ("waiting", "claimed") and item.numbered.paper.send_from <= self._office.now()
                    for item in items()
                )
            ),
            "papers in the outbox",
        )

    async def _found(self, year: int) -> dict[str, Any]:
        """The year's register, record, papers, mail and workflows; instants and the numbers of papers are left out, for
        they come in the order in which the projects happened to be recorded."""
        records, engine = self._office.records, self._office.engine
        projects = [known for known in recorded_projects(records.ledger) if year_of(known) == year]
        papers = [numbered for numbered in records.outbox.papers() if numbered.paper.year == year]
        own = {numbered.number for numbered in papers}
        mail = (item for item in records.outbox.items() if item.numbered.number in own)
        receipts = Counter(
            (entry.event["data"]["paper_id"], entry.event["data"]["addressee"])
            for stream in records.ledger.streams()
            if stream.startswith("department-mailbox/")
            for entry in records.ledger.entries(stream)
            if f"/{year}/" in entry.event["data"]["paper_id"]
        )
        found = {
            "register": [(await engine.status(each)).model_dump(mode="json") for each in projects],
            "record": {
                stream: [
                    {key: value for key, value in entry.event.items() if key not in ("occurred", "decided")}
                    for entry in records.ledger.entries(stream)
                ]
                for stream in map(supervision_workflow_id, projects)
            },
            "papers": sorted(numbered.paper.model_dump_json(exclude={"issued_at", "send_from"}) for numbered in papers),
            "numbers": sorted((numbered.paper.kind, numbered.sequence) for numbered in papers),
            "mail": sorted((item.numbered.paper.paper_id, item.addressee, item.state) for item in mail),
            "receipts": sorted((*key, times) for key, times in receipts.items()),
            "workflows": await self._listed(year),
        }
        text = json.dumps(found, ensure_ascii=False).replace(str(year), _ANY_YEAR)
        # The request of an amendment is named after what it says, the year included, and so is the digest of it.
        text = re.sub(r'"request_digest": "[0-9a-f]+"', '"request_digest": "…"', text)
        # An attestation says when it was given, so each has bytes of its own.
        text = re.sub(r"sha256:[0-9a-f]{64} \S+ \(\d+ bytes\)", "attestation", text)
        text = re.sub(r'\{"name": "[^"]+", "sha256": "[0-9a-f]{64}", "size": \d+\}', '"attestation"', text)
        same: dict[str, Any] = json.loads(re.sub(r"plan-[0-9a-f]{40}", "plan", text))
        return same

    async def _listed(self, year: int) -> list[str]:
        """The year's workflows as the engine lists them, once its lists, which follow at a distance, have caught up."""
        streams = self._office.records.ledger.streams()
        recorded = {stream for stream in streams if str(year) in stream and not is_own_stream(stream)}
        client, before = self._office.engine.client, list[str]()

        async def all_of_them() -> bool:
            nonlocal before
            listed = sorted([found.id async for found in client.list_workflows("") if str(year) in found.id])
            still, before = listed == before, listed
            return still and recorded <= set(listed)

        await until(all_of_them, f"the engine's list of {year}", every=_STILL_SECONDS)
        return before


def _differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    return [
        f"{name} differs: {_first_difference(found[name], wanted[name])}"
        for name in wanted
        if found[name] != wanted[name]
    ]


def _first_difference(found: Any, wanted: Any) -> str:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            if found.get(key) != wanted.get(key):
                return f"{key}: {_first_difference(found.get(key), wanted.get(key))}"
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return next(_first_difference(a, b) for a, b in zip(found, wanted, strict=True) if a != b)
    return f"{str(found)[:200]} instead of {str(wanted)[:200]}"
