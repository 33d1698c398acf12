"""Every step of docker-compose.yml on one machine without a container engine: `make production-check`.

The Temporal server and its schema tool are built from their public Go module at the version of the compose file,
PostgreSQL comes from its wheel, Duban from its own wheel in an environment with a production worker's lock. The scripts
of deploy/, the environments of the services and the commands of docs/operations.md are the very ones. Prints minutes.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench.closed_engine import knock
from bench.production_postgres import Cluster
from bench.production_site import (
    PLACE,
    ROOT,
    SERVICES,
    Site,
    StepFailedError,
    answers,
    free_port,
    lasting,
    ran,
    server_version,
    until,
)

MODULE = "go.temporal.io/server"
PROJECT, DEPARTMENT = "2018-01", "组织部"


def build_engine() -> str:
    """Build the server and its schema tool from the public module, unless they are there."""
    version, tools = server_version(), PLACE / "bin"
    mark = tools / f"temporal-{version}"
    if not mark.exists():
        environment = {**os.environ, "GOBIN": str(tools), "GOFLAGS": "-buildvcs=false"}
        packages = [f"{MODULE}/cmd/server@{version}", f"{MODULE}/cmd/tools/sql@{version}"]
        ran(["nice", "-n", "15", "go", "install", *packages], environment)
        (tools / "server").replace(tools / "temporal-server")
        (tools / "sql").replace(tools / "temporal-sql-tool")
        told = ran(["go", "mod", "download", "-json", f"{MODULE}@{version}"]).stdout
        shutil.copytree(Path(json.loads(told)["Dir"]) / "schema", PLACE / "schema", dirs_exist_ok=True)
        mark.touch()
    program = shutil.which("temporal", path=str(Path(sys.executable).parent))
    assert program
    (tools / "temporal").unlink(missing_ok=True)
    (tools / "temporal").symlink_to(program)
    size = (tools / "temporal-server").stat().st_size + (tools / "temporal-sql-tool").stat().st_size
    return f"{version}, {size >> 20} MB"


def build_duban() -> str:
    """Make what the image is: the worker's lock and the wheel, in an environment of their own."""
    python, wheels = PLACE / "venv/bin/python", PLACE / "wheel"
    shutil.rmtree(wheels, ignore_errors=True)
    ran([sys.executable, "deploy/build_wheel.py", "--wheel-only", str(wheels)])
    ran([sys.executable, "-m", "venv", "--without-pip", "--clear", str(PLACE / "venv")])
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install"]
    ran([*pip, "--no-compile", "--require-hashes", "-r", "requirements/runtime.txt"])
    ran([*pip, "--no-compile", "--no-index", "--no-deps", *map(str, wheels.glob("*.whl"))])
    size = sum(path.stat().st_size for path in (PLACE / "venv").rglob("*") if path.is_file() and not path.is_symlink())
    return f"{size / 1e6:.0f} MB without engines"


def set_up_jobs(site: Site, *, schema: bool = True) -> str:
    """The jobs that run before the server and before the worker, each twice: they are safe to run again."""
    shell = ["sh", str(ROOT / "deploy/temporal/with-postgres-password.sh"), "sh"]
    for _ in range(2):
        if schema:
            ran([*shell, str(ROOT / "deploy/temporal/set-up-schema.sh")], site.engine_environment("temporal-schema"))
        ran([site.python, "deploy/set_up_ledger.py"], site.environment("ledger-database"))
    return "schema and ledger, each twice" if schema else "ledger, twice"


@contextmanager
def engine(site: Site) -> Iterator[int]:
    """The server, healthy, with its namespace."""
    password = str(ROOT / "deploy/temporal/with-postgres-password.sh")
    environment = site.engine_environment("temporal")
    with lasting(
        ["sh", password, str(PLACE / "bin/temporal-server"), "start"], environment, site, "temporal"
    ) as process:
        until(lambda: answers(site.engine_port), "the Temporal server")
        ran(["sh", str(ROOT / "deploy/temporal/set-up-namespace.sh")], site.environment("temporal-namespace"))
        yield process


@contextmanager
def worker(site: Site) -> Iterator[int]:
    """The worker, healthy by its own check."""
    environment = site.environment("worker")
    with lasting([site.python, "-m", "worker"], environment, site, "worker") as process:
        health = [site.python, str(ROOT / "deploy/worker_health.py")]
        until(lambda: ran(health, environment, must=False).returncode == 0, "a healthy worker")
        yield process


def closed(site: Site) -> str:
    """Everybody who may knock at the engine does, with the secrets of this and of another installation.

    Raises:
        StepFailedError: somebody was let in who must not be, or the other way round.
    """
    elsewhere = site.folder / "elsewhere"
    ran(["sh", "deploy/make-secrets.sh"], {**os.environ, "DUBAN_SECRETS": str(elsewhere)})
    callers, wrong = asyncio.run(knock(f"127.0.0.1:{site.engine_port}", site.secrets, elsewhere))
    if wrong:
        raise StepFailedError("; ".join(wrong))
    return f"{callers} callers, each let in or refused as it must be"


def start_the_list(site: Site) -> str:
    """Start the real list, and let the doctor look."""
    plan = str(ROOT / "examples/2018-key-projects.yaml")
    site.duban("start", plan, "--as-of", "2018-04-25")
    projects = site.asked("status")["projects"]
    until(lambda: len(papers(site)) >= len(projects), "a supervision order for each project")
    wrong = [check for check in site.asked("doctor")["checks"] if not check["ok"]]
    if len(projects) != 17 or wrong:
        raise StepFailedError(f"{len(projects)} projects; the doctor: {wrong}")
    return f"{len(projects)} projects, {len(papers(site))} papers"


def papers(site: Site) -> list[Path]:
    """The documents that went out."""
    return list((site.folder / "data/papers").rglob("*.docx"))


def act(site: Site) -> str:
    """A receipt and a report of the department."""
    site.duban("receipt", PROJECT, "--by", DEPARTMENT)
    site.duban("report", PROJECT, "1", "已完成初稿", "--by", DEPARTMENT)
    return f"{len(history(site))} events of {PROJECT}"


def history(site: Site) -> list[dict[str, Any]]:
    """What the ledger has of the project that acts."""
    events: list[dict[str, Any]] = site.asked("audit", "history", PROJECT)["events"]
    return events


def back_up(site: Site, target: Path) -> str:
    """The engine's databases by PostgreSQL's own tools, then the rest by one command, while everything runs."""
    for database, name in (("temporal", "engine.sql"), ("temporal_visibility", "visibility.sql")):
        site.cluster.dump(database, target / name)
    site.duban("backup", str(target / "duban"), "--passphrase-file", str(target / "passphrase"))
    return f"{sum(path.stat().st_size for path in target.iterdir()) / 1e6:.1f} MB"


def restore(site: Site, source: Path) -> str:
    """The same into an empty cluster and an empty folder."""
    for name in ("engine.sql", "visibility.sql"):
        site.cluster.feed(source / name)
    set_up_jobs(site)
    site.duban("restore", str(source / "duban"), "--passphrase-file", str(source / "passphrase"))
    return "engine, ledger, folder"


def audit(site: Site) -> str:
    """Verify the record, and compare both truths until what fell due meanwhile is made up for."""
    until(lambda: site.duban("audit", "verify", must=False).returncode == 0, "a record that verifies")
    until(lambda: site.asked("audit", "reconcile")["findings"] == [], "two truths that agree")
    types = [event["type"] for event in history(site)]
    if "ProgressReported" not in types:
        raise StepFailedError(f"the report is gone: {types}")
    return f"verified, reconciled, {len(site.asked('status')['projects'])} projects"


class Steps:
    """The steps, timed and told."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, str]] = []

    def do(self, name: str, work: Callable[[], str]) -> None:
        """Do a step and tell of it."""
        began = time.monotonic()
        told = work()
        self.rows.append((name, time.monotonic() - began, told))
        sys.stdout.write(f"{name:<32} {(time.monotonic() - began) / 60:6.2f} min  {told}\n")
        sys.stdout.flush()

    def total(self) -> float:
        """The minutes of all."""
        return sum(seconds for _, seconds, _ in self.rows) / 60


def memory_of(processes: Mapping[str, int]) -> str:
    """The resident memory of what lasts, by name."""
    return ", ".join(f"{name} {psutil.Process(pid).memory_info().rss >> 20} MB" for name, pid in processes.items())


def entered(stack: ExitStack, lasts: dict[str, int], name: str, service: AbstractContextManager[int]) -> str:
    """Let a service run until the stack ends, and keep its process id under a name."""
    lasts[name] = stack.enter_context(service)
    return "healthy"


def check() -> None:
    """All steps in order."""
    steps = Steps()
    (PLACE / "bin").mkdir(parents=True, exist_ok=True)
    steps.do("server from its module", build_engine)
    steps.do("wheel and worker's environment", build_duban)
    run = PLACE / "run"
    shutil.rmtree(run, ignore_errors=True)
    secrets, backup = run / "secrets", run / "backup"
    backup.mkdir(parents=True)
    (backup / "passphrase").write_text("only for this check\n", encoding="utf-8")
    made = {**os.environ, "DUBAN_SECRETS": str(secrets)}
    steps.do("secrets", lambda: ran(["sh", "deploy/make-secrets.sh"], made).stdout.strip().splitlines()[-1])
    sites = []
    with ExitStack() as stack:
        for name in ("first", "second"):
            (run / name).mkdir()
            cluster = Cluster((secrets / "postgres_password").read_text("utf-8"), SERVICES["postgresql"], free_port())
            sites.append(Site(run / name, secrets, cluster))
            stack.enter_context(cluster)
        site, other = sites
        steps.do("PostgreSQL, twice", lambda: site.cluster.start() + other.cluster.start())
        steps.do("jobs", lambda: set_up_jobs(site))
        with ExitStack() as first:
            lasts: dict[str, int] = {}
            steps.do("server and namespace", lambda: entered(first, lasts, "engine", engine(site)))
            steps.do("worker", lambda: entered(first, lasts, "worker", worker(site)))
            steps.do("who is let in", lambda: closed(site))
            steps.do("start of the real list", lambda: start_the_list(site))
            steps.do("acts", lambda: act(site))
            steps.do("audit", lambda: audit(site))
            steps.do("backup while it runs", lambda: back_up(site, backup))
            sys.stdout.write(f"memory: {memory_of(lasts)}\n")
        steps.do("restore elsewhere", lambda: restore(other, backup))
        with engine(other), worker(other):
            steps.do("audit after the restore", lambda: audit(other))
    shutil.rmtree(run)
    sys.stdout.write(f"all steps passed in {steps.total():.1f} minutes\n")


if __name__ == "__main__":
    try:
        check()
    except StepFailedError as error:
        sys.exit(str(error))
