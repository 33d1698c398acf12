"""A year's list on the real server and PostgreSQL, from its start to its backup: `python -m bench.scale [PROJECTS …]`.

The installation is that of `make production-check`: its cluster and its server, Duban from this tree. Every project
of the list is due on one month's end; the calendar runs twenty times as fast, so the half hour of the spread is a
minute and a half, and 500 projects load the machine as 10,000 do. `--speed` is for other sizes. Prints a line of JSON
for each size.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psutil
import psycopg

from application.office.office import Office
from application.settings import load_settings
from bench import sample
from bench.attested import AttestedEngine
from bench.installation import progress
from bench.patience import until
from bench.production_check import build_engine, engine, set_up_jobs
from bench.production_postgres import Cluster
from bench.production_site import PLACE, ROOT, SERVICES, Site, free_port, lasting, ran
from bench.report import percentile
from domain.clock import OFFICE_TIME
from domain.errors import DubanError
from domain.notice.plan import Plan
from domain.rules.calendar import end_of
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import open_office
from entrypoints.bootstrap.plan_files import read_plan, write_plan

SIZES = (125, 500)
_DUE = sample.month_ends(4, 5)
"""Five month's ends: the real list has 87 milestones in 17 projects."""
SPEED = 20
_STARTS_A_SECOND, _MARGIN_SECONDS = 4.0, 40.0
_ACTORS, _ACTS = 50, 200
_DRAIN_SECONDS = 1_800.0
_MB = 1e6
_DATABASES = ("duban", "temporal", "temporal_visibility")


@dataclass
class Here(Site):
    """The site of the check, with the program of this tree in the place of the wheel's."""

    took: dict[str, float] = field(default_factory=dict)

    @property
    def python(self) -> str:
        """The interpreter that measures."""
        return sys.executable

    def environment(self, service: str) -> dict[str, str]:
        """The service's environment, where this tree is, and room in memory for every project."""
        ours = {"PYTHONPATH": str(ROOT), "DUBAN_LOG_LEVEL": "error", "DUBAN_CACHED_PROJECTS": "1000000"}
        return {**super().environment(service), **ours}

    def timed(self, name: str, *arguments: str) -> str:
        """Run a command of the worker's container and note how long it took; what it printed."""
        began, used = time.monotonic(), _children()
        command = [self.python, "-P", "-m", "entrypoints.cli.main", *arguments]
        done = ran(command, self.environment("worker"), self.folder)
        self.took[f"{name}_seconds"] = round(time.monotonic() - began, 1)
        self.took[f"{name}_own_cpu_seconds"] = round(_children() - used, 1)
        progress(f"{name}: {self.took[f'{name}_seconds']} s, {self.took[f'{name}_own_cpu_seconds']} s of a processor")
        return done.stdout

    @contextmanager
    def administrator(self, database: str = "postgres") -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection as the cluster's administrator."""
        password = (self.secrets / "postgres_password").read_text("utf-8").strip()
        user = SERVICES["postgresql"]["environment"]["POSTGRES_USER"]
        with psycopg.connect(
            host="127.0.0.1", port=self.cluster.port, user=user, password=password, dbname=database
        ) as connection:
            yield connection

    def count(self, type_: str) -> int:
        """How many projects have an event of a type."""
        with self.administrator("duban") as connection:
            row = connection.execute(
                "SELECT count(DISTINCT stream) FROM duban.entry WHERE position(%s IN convert_from(leaf, 'UTF8')) > 0",
                (f'"type":"{type_}"',),
            ).fetchone()
        assert row
        return int(row[0])


def _children() -> float:
    """What the programs that were waited for have used of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def list_of(count: int) -> Plan:
    """The real list's heading over so many rows of its shape."""
    rows = tuple(sample.project(serial, _DUE) for serial in range(1, count + 1))
    real = read_plan(ROOT / "examples" / "2018-key-projects.yaml")
    return real.model_copy(update={"projects": rows, "findings": (), "rulings": ()})


async def until_counted(site: Here, type_: str, count: int) -> None:
    """Wait until so many projects have an event of a type.

    Raises:
        TimeoutError: it did not get them.
    """

    async def all_have() -> bool:
        return await asyncio.to_thread(site.count, type_) >= count

    await until(all_have, f"{count} {type_}", seconds=_DRAIN_SECONDS, every=1)


async def fifty_act(office: Office, count: int) -> dict[str, float]:
    """Fifty people report at once, each again when his report was taken: reports a second, median, p99, unanswered."""
    acting, spans, late = AttestedEngine(office, office.settings.task_queue), [], []
    numbers = iter(range(_ACTS))

    async def act() -> None:
        for number in numbers:
            project = sample.project(count - number % _ACTORS, _DUE)
            began = time.monotonic()
            try:
                await acting.command(project.project_id, sample.report(project, f"n{number}"))
            except DubanError:
                late.append(number)
            else:
                spans.append(time.monotonic() - began)

    began = time.monotonic()
    await asyncio.gather(*(act() for _ in range(_ACTORS)))
    rate = len(spans) / (time.monotonic() - began)
    return {
        "acts_a_second": round(rate, 1),
        "acts_unanswered": len(late),
        "act_median_seconds": round(statistics.median(spans), 2),
        "act_p99_seconds": round(percentile(spans, 0.99), 2),
    }


def lateness(office: Office) -> dict[str, float]:
    """How much later than its own instant each project was woken on the month's end, in the engine's seconds; where
    somebody acted before its instant, the breach was recorded with the act and is not counted."""
    policy, clock = SupervisionPolicy(), office.clock
    spans: list[float] = []
    for entry in office.records.ledger.entries():
        if entry.type == "DeadlineBreached":
            project_id = entry.event["data"]["milestone_id"].rpartition("-")[0]
            due = clock.engine(end_of(_DUE[0]) + policy.spread_for(project_id))
            spans += [late] if (late := (entry.appended_at - due).total_seconds()) >= 0 else []
    return {
        "late_median_seconds": round(statistics.median(spans), 2),
        "late_p99_seconds": round(percentile(spans, 0.99), 2),
    }


def storage(site: Here) -> dict[str, float]:
    """The size of every database, and how many entries the ledger has."""
    with site.administrator() as connection:
        sizes = {
            f"{name}_mb": round(connection.execute("SELECT pg_database_size(%s)", (name,)).fetchone()[0] / _MB, 1)  # type: ignore[index]
            for name in _DATABASES
        }
    with site.administrator("duban") as connection:
        row = connection.execute("SELECT size FROM duban.head").fetchone()
        assert row
        return {**sizes, "entries": int(row[0])}


def memory(site: Here, processes: Mapping[str, int]) -> dict[str, float]:
    """What worker, server and database hold in memory; what the database's processes share is counted once."""
    found = {f"{name}_memory_mb": psutil.Process(pid).memory_info().rss / _MB for name, pid in processes.items()}
    found["postgres_memory_mb"] = 0.0
    for each in site.cluster.processes():
        with suppress(psutil.NoSuchProcess):
            found["postgres_memory_mb"] += each.memory_full_info().pss / _MB
    return {name: round(value, 1) for name, value in found.items()}


def cpu_seconds(site: Here, processes: Mapping[str, int]) -> float:
    """What worker, server and database have used of the processors so far, those that ended with them."""
    first, *others = site.cluster.processes()
    times = [psutil.Process(pid).cpu_times() for pid in processes.values()]
    for each in others:
        with suppress(psutil.NoSuchProcess):  # one that ended meanwhile is in the first one's account
            times.append(each.cpu_times())
    used = first.cpu_times()
    own = used.user + used.system + used.children_user + used.children_system
    return float(own + sum(each.user + each.system for each in times))


async def measure(site: Here, count: int, speed: int, processes: Mapping[str, int]) -> dict[str, float]:
    """Everything, in the order of a year, on a calendar that runs so many times as fast."""
    plan = site.folder / "list.yaml"
    write_plan(list_of(count), plan)
    lead = timedelta(seconds=_MARGIN_SECONDS + count / _STARTS_A_SECOND) * speed
    as_of = (end_of(_DUE[0]) - lead).astimezone(OFFICE_TIME)
    found: dict[str, float] = {"projects": count}
    await asyncio.to_thread(site.timed, "empty_command", "status", "--json")
    before = storage(site), memory(site, processes)
    began, used = time.monotonic(), cpu_seconds(site, processes)
    asked = ("--as-of", f"{as_of:%Y-%m-%dT%H:%M:%S}", "--speed", str(speed), "--yes")
    await asyncio.to_thread(site.timed, "start", "start", str(plan), *asked)
    await until_counted(site, "ProjectDocketed", count)
    found["start_recorded_seconds"] = round(time.monotonic() - began, 1)
    found["start_cpu_seconds"] = round(cpu_seconds(site, processes) - used, 1)
    settings = load_settings(dict(os.environ))
    async with open_office(settings) as office:
        await until_counted(site, "DeadlineBreached", 1)
        began, used = time.monotonic(), cpu_seconds(site, processes)
        found |= await fifty_act(office, count)
        await until_counted(site, "DeadlineBreached", count)
        found["spread_drained_seconds"] = round(time.monotonic() - began, 1)
        found["month_end_cpu_seconds"] = round(cpu_seconds(site, processes) - used, 1)
        found |= lateness(office)
    found |= memory(site, processes)
    found |= storage(site)
    progress(json.dumps(found))
    bundle, backup = site.folder / "bundle.tar", site.folder / "backup"
    backup.mkdir()
    for name, arguments in {
        "register": ("status", "--json"),
        "as_of": ("status", "--as-of", "2018-05-01", "--json"),
        "export": ("audit", "export", str(bundle)),
        "verify": ("audit", "verify"),
        "reconcile": ("audit", "reconcile", "--json"),
        "backup": ("backup", str(backup / "duban")),
    }.items():
        await asyncio.to_thread(site.timed, name, *arguments)
    began = time.monotonic()
    for database in _DATABASES[1:]:
        site.cluster.dump(database, backup / f"{database}.sql")
    found["dump_seconds"] = round(time.monotonic() - began, 1)
    found["backup_mb"] = round(sum(path.stat().st_size for path in backup.iterdir()) / _MB, 1)
    found["bundle_mb"] = round(bundle.stat().st_size / _MB, 1)
    empty = {name: value for part in before for name, value in part.items() if name != "entries"}
    return {**found, **site.took, **{f"empty_{name}": value for name, value in empty.items()}}


@contextmanager
def installed(name: str) -> Iterator[Here]:
    """An installation with its database and its jobs done, removed afterwards; what this process opens meanwhile is the
    installation."""
    folder = PLACE / name
    shutil.rmtree(folder, ignore_errors=True)
    secrets = folder / "secrets"
    folder.mkdir(parents=True)
    ran(["sh", "deploy/make-secrets.sh"], {**os.environ, "DUBAN_SECRETS": str(secrets)})
    password = (secrets / "postgres_password").read_text("utf-8")
    with Cluster(password, SERVICES["postgresql"], free_port()) as cluster:
        site = Here(folder, secrets, cluster)
        cluster.start()
        set_up_jobs(site)
        for other in [other for other in os.environ if other.startswith(("DUBAN_", "TEMPORAL_"))]:
            del os.environ[other]
        given = site.environment("worker")
        os.environ |= {key: value for key, value in given.items() if key.startswith(("DUBAN_", "TEMPORAL_"))}
        yield site
    shutil.rmtree(folder)


def measured(site: Here, count: int, speed: int = SPEED) -> dict[str, float]:
    """One size on an installation, which is left with its list started and its services stopped."""
    with engine(site) as server:
        command = [site.python, "-P", "-m", "worker"]
        with lasting(command, site.environment("worker"), site, "worker") as worker:
            return asyncio.run(measure(site, count, speed, {"engine": server, "worker": worker}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", type=int, nargs="*", default=SIZES)
    parser.add_argument("--speed", type=int, default=SPEED)
    options = parser.parse_args()
    build_engine()
    for size in options.projects:
        with installed(f"scale-{size}") as place:
            print(json.dumps(measured(place, size, options.speed)), flush=True)
