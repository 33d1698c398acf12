"""Kills of worker, desk, server and database in turn while people act: `python -m bench.production_kills [KILLS]`.

The installation is that of `python -m bench.scale`: the real server, and PostgreSQL with the compose file's options.
Each service ends as a power failure ends it, at a random moment, and is started again at once, as a supervisor does.
People report all the while, each again under the same number until it is taken. In the end every report that was taken
must be on record once, the record must verify, both truths agree, and every project take one more report. With
`--after-a-month SPEED` the list is first taken through the measurement of `bench.scale`, and killed as that leaves it;
with `--rounds N` all this is done so often on the same list, each time from another seed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from urllib.request import ProxyHandler, build_opener

from application.office.office import Office
from application.settings import load_settings
from bench import sample
from bench.attested import AttestedEngine
from bench.installation import progress
from bench.patience import PATIENCE_SECONDS
from bench.production_check import build_engine
from bench.production_site import ROOT, StepFailedError, answers, free_port, ran, until
from bench.report import Report
from bench.scale import Here, installed, list_of, measured
from domain.errors import DubanError
from domain.ports.ledger import Ledger
from entrypoints.bootstrap import open_office
from entrypoints.bootstrap.plan_files import write_plan

SERVICES = ("worker", "desk", "server", "database")
_DUE = sample.month_ends(4, 5)
_PEOPLE = 10
_AGAIN_SECONDS = 0.5
_REST = (0.5, 4.0)
_ANSWER_SECONDS = 4.0


@dataclass(slots=True)
class Campaign:
    """What people did so far, and how long each killed service took until it did its work again."""

    report: Report = field(default_factory=Report)
    taken: dict[str, float] = field(default_factory=dict)
    """When each report that was taken had been begun."""
    spans: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Services:
    """Worker, desk, server and database as processes that end and are started again."""

    def __init__(self, site: Here) -> None:
        self._site, self.desk_port = site, free_port()
        password = str(ROOT / "deploy/temporal/with-postgres-password.sh")
        server = ["sh", password, str(ROOT / ".production/bin/temporal-server"), "start"]
        desk = {**site.environment("worker"), "DUBAN_DESK_PORT": str(self.desk_port)}
        desk.pop("DUBAN_METRICS", None)  # the worker's port
        self._commands = {
            "server": (server, site.engine_environment("temporal")),
            "worker": ([site.python, "-P", "-m", "worker"], site.environment("worker")),
            "desk": ([site.python, "-P", "-m", "entrypoints.cli.main", "desk"], desk),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start a service, where it does not run."""
        if name == "database":
            self._site.cluster.start_again()
        elif name not in self._processes or self._processes[name].poll() is not None:
            command, environment = self._commands[name]
            self._site.log.mkdir(exist_ok=True)
            with (self._site.log / f"{name}.log").open("ab") as log:
                self._processes[name] = subprocess.Popen(
                    command, cwd=self._site.folder, env=environment, stdout=log, stderr=subprocess.STDOUT
                )

    def kill(self, name: str) -> None:
        """End a service as a power failure does."""
        if name == "database":
            self._site.cluster.kill()
        else:
            self._processes[name].kill()
            self._processes[name].wait(PATIENCE_SECONDS)

    def watch(self) -> None:
        """Start again what ended by itself, as a supervisor does."""
        for name in self._commands:
            self.start(name)

    def desk_answers(self) -> bool:
        """Whether the desk shows its first page."""
        opened = build_opener(ProxyHandler({}))
        with suppress(OSError), opened.open(f"http://127.0.0.1:{self.desk_port}/sign-in", timeout=4) as page:
            return bool(page.status == 200)
        return False

    def stop(self) -> None:
        """End all that runs."""
        for process in self._processes.values():
            process.kill()
            process.wait(PATIENCE_SECONDS)


async def told(acting: AttestedEngine, campaign: Campaign, project: int, number: str) -> None:
    """Report until it is taken, each time under the same number."""
    listed = sample.project(project, _DUE)
    command = sample.report(listed, number, text=number)
    deadline = time.monotonic() + 3 * PATIENCE_SECONDS
    while True:
        began = time.monotonic()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await acting.command(listed.project_id, command)
        except (DubanError, TimeoutError) as error:
            campaign.report.figures["tries that had to be repeated"] += 1
            if time.monotonic() > deadline:
                campaign.report.problems.append(f"{number} is not taken: {error}")
                return
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            campaign.taken[number] = began
            return


async def act(office: Office, campaign: Campaign, projects: int, person: int, seed: int) -> None:
    """One person reports on his projects in turn, until he is stopped between two."""
    acting, count = AttestedEngine(office, office.settings.task_queue), 0
    while not campaign.over.is_set():
        mine = range(person, projects, _PEOPLE)
        await told(acting, campaign, 1 + mine[count % len(mine)], f"{seed}-p{person}-{count}")
        count += 1


async def recovered(services: Services, campaign: Campaign, name: str, killed: float) -> float:
    """The seconds until a killed service does its work again: the desk shows a page, a report begun since is taken."""

    def works() -> bool:
        if name == "desk":
            return services.desk_answers()
        return any(began > killed for began in campaign.taken.values())

    while not await asyncio.to_thread(works):
        if time.monotonic() - killed > 3 * PATIENCE_SECONDS:
            campaign.report.problems.append(f"{name} does not work again")
            break
        await asyncio.to_thread(services.watch)
        await asyncio.sleep(0.05)
    return time.monotonic() - killed


async def campaign_of(site: Here, services: Services, kills: int, projects: int, seed: int) -> Report:
    """All kills on a list that was started, and what is found afterwards."""
    campaign, chance = Campaign(), random.Random(seed)
    async with open_office(load_settings(dict(os.environ))) as office:
        before = max((entry.position for entry in office.records.ledger.entries()), default=-1)
        people = [asyncio.create_task(act(office, campaign, projects, person, seed)) for person in range(_PEOPLE)]
        # A server that has just been started takes its time: that is no recovery.
        await recovered(services, campaign, "worker", time.monotonic())
        for number in range(kills):
            name = SERVICES[number % len(SERVICES)]
            await asyncio.sleep(chance.uniform(*_REST))
            killed = time.monotonic()
            await asyncio.to_thread(services.kill, name)
            await asyncio.to_thread(services.start, name)
            campaign.spans[name].append(await recovered(services, campaign, name, killed))
            progress(f"{number + 1} {name}: {campaign.spans[name][-1]:.1f} s, {len(campaign.taken)} taken")
        campaign.over.set()
        await asyncio.gather(*people)
        last = AttestedEngine(office, office.settings.task_queue)
        for first in range(1, projects + 1, _PEOPLE):
            some = range(first, min(first + _PEOPLE, projects + 1))
            await asyncio.gather(*(told(last, campaign, serial, f"{seed}-last-{serial}") for serial in some))
        campaign.report.problems += lost_or_doubled(office.records.ledger, before, campaign.taken)
    campaign.report.problems += await asyncio.to_thread(findings, site)
    rows = [
        (name, len(spans), f"{statistics.median(spans):.1f} s", f"{max(spans):.1f} s")
        for name, spans in campaign.spans.items()
    ]
    campaign.report.figures["reports that were taken"] = len(campaign.taken)
    campaign.report.table(("killed", "times", "works again after, median", "most"), rows)
    return campaign.report


def lost_or_doubled(ledger: Ledger, before: int, taken: Iterable[str]) -> list[str]:
    """The reports that were taken and are not on record after a position, and those that are there twice."""
    told = Counter(
        entry.event["data"]["text"] for entry in ledger.entries(after=before) if entry.type == "ProgressReported"
    )
    lost = [f"{number} was taken and is not on record" for number in taken if number not in told]
    return lost + [f"{number} is on record {times} times" for number, times in told.items() if times > 1]


def findings(site: Here) -> list[str]:
    """What the auditor's two commands find."""

    found = []
    for name in ("verify", "reconcile"):
        command = [site.python, "-P", "-m", "entrypoints.cli.main", "audit", name]
        agrees = partial(ran, command, site.environment("worker"), site.folder, must=False)
        try:
            until(lambda agrees=agrees: agrees().returncode == 0, f"audit {name}")  # type: ignore[misc]
        except StepFailedError as error:
            found.append(str(error))
    return found


def run(kills: int, projects: int, seeds: Iterable[int], speed: int | None = None) -> Iterator[Report]:
    """One campaign after another on an installation of their own, each from its seed."""
    with installed("kills") as site:
        if speed is not None:
            print(json.dumps(measured(site, projects, speed)), flush=True)
        services = Services(site)
        try:
            services.start("server")
            until(lambda: answers(site.engine_port), "the Temporal server")
            ran(["sh", str(ROOT / "deploy/temporal/set-up-namespace.sh")], site.environment("temporal-namespace"))
            services.watch()
            until(services.desk_answers, "the desk")
            if speed is None:
                write_plan(list_of(projects), plan := site.folder / "list.yaml")
                site.timed("start", "start", str(plan), "--as-of", "2018-04-25", "--yes")
            for seed in seeds:
                yield asyncio.run(campaign_of(site, services, kills, projects, seed))
        finally:
            services.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=100)
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--after-a-month", type=int, metavar="SPEED")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    build_engine()
    rounds = range(options.seed, options.seed + options.rounds)
    problems = 0
    for ended in run(options.kills, options.projects, rounds, options.after_a_month):
        print(ended, flush=True)
        problems += len(ended.problems)
    sys.exit(1 if problems else 0)
