"""Every step of docker-compose.yml on one machine without a container engine: `make production-check`.

The Temporal server and its schema tool are built from their public Go module at the version of the compose file,
PostgreSQL comes from its wheel, Duban from its own wheel in an environment with a production worker's lock. The scripts
of deploy/, the environments of the services and the commands of docs/operations.md are the very ones. Prints minutes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from bench.patience import PATIENCE_SECONDS
from bench.production_postgres import Cluster

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".production"
"""What is built or downloaded once stays here; `make clean` removes it."""
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
MODULE = "go.temporal.io/server"
PROJECT, DEPARTMENT = "2018-01", "组织部"
_NO_ENGINE = 3
"""How a command ends whose engine does not answer."""
_PORTS = iter(range(20_000 + os.getpid() % 100 * 100, 32_000))


class StepFailedError(Exception):
    """A step did not do what it must; the text says what was seen."""


def server_version() -> str:
    """The version of the Temporal server that the compose file names."""
    found = re.search(r"temporalio/server:(\d+\.\d+\.\d+)", SERVICES["temporal"]["image"])
    assert found
    return f"v{found[1]}"


def free_port() -> int:
    """A port that nobody listens on, another one each time; the server's tables take none above 32767."""
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StepFailedError("no port is free")


def answers(port: int) -> bool:
    """Whether somebody listens on a port (what the compose file asks of the server)."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(ask: Callable[[], object], what: str) -> None:
    """Wait for a fact.

    Raises:
        StepFailedError: it did not come.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ask():
        if time.monotonic() > deadline:
            raise StepFailedError(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
        time.sleep(0.2)


@dataclass
class Site:
    """One installation of the compose file: its database, its server, its worker, each where this machine has them."""

    folder: Path
    secrets: Path
    cluster: Cluster
    engine_port: int = field(default_factory=free_port)
    metrics_port: int = field(default_factory=free_port)

    @property
    def log(self) -> Path:
        """Where everything that is started here writes."""
        return self.folder / "log"

    @property
    def python(self) -> str:
        """The interpreter of the worker's environment."""
        return str(PLACE / "venv/bin/python")

    def environment(self, service: str) -> dict[str, str]:
        """The environment that the compose file gives to a service, with this machine's places."""
        places = {
            "postgresql:5432": f"127.0.0.1:{self.cluster.port}",
            "temporal:7233": f"127.0.0.1:{self.engine_port}",
            "0.0.0.0:9464": f"127.0.0.1:{self.metrics_port}",
            "/run/secrets": str(self.secrets),
            "/var/lib/duban": str(self.folder / "data"),
            "/run/duban": str(self.folder),
            "/deploy/": f"{ROOT}/deploy/temporal/",
        }
        given = {}
        for name, value in SERVICES[service]["environment"].items():
            text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
            for there, here in places.items():
                text = text.replace(there, here)
            given[name] = text
        ours = {"HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "PATH": f"{PLACE / 'bin'}:{os.environ['PATH']}"}
        return {**ours, **given}

    def engine_environment(self, service: str) -> dict[str, str]:
        """The same for what runs beside the engine: one address, ports that nobody has, the secret's file."""
        inside = {
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_SEEDS": "127.0.0.1",
            "POSTGRES_PORT": str(self.cluster.port),
            "DB_PORT": str(self.cluster.port),
            "POSTGRES_PASSWORD_FILE": str(self.secrets / "postgres_password"),
            "BIND_ON_IP": "127.0.0.1",
            "TEMPORAL_SCHEMAS": str(PLACE / "schema/postgresql/v12"),
            "FRONTEND_GRPC_PORT": str(self.engine_port),
            "PROMETHEUS_ENDPOINT": f"127.0.0.1:{free_port()}",
        }
        services = ("FRONTEND", "MATCHING", "HISTORY", "WORKER")
        ports = [
            "FRONTEND_HTTP",
            *(f"{each}_MEMBERSHIP" for each in services),
            *(f"{each}_GRPC" for each in services[1:]),
        ]
        return {**self.environment(service), **inside, **{f"{name}_PORT": str(free_port()) for name in ports}}

    def duban(self, *arguments: str, must: bool = True) -> subprocess.CompletedProcess[str]:
        """What `docker compose exec worker duban …` is: a command with the worker's environment.

        Raises:
            StepFailedError: it did not end in 0, and must.
        """
        return ran([str(PLACE / "venv/bin/duban"), *arguments], self.environment("worker"), self.folder, must=must)

    def asked(self, *arguments: str) -> Any:
        """The answer of a command as a document, once the engine answers: one that began a moment ago may not yet."""
        answered: list[subprocess.CompletedProcess[str]] = []

        def answers_now() -> bool:
            answered.append(self.duban(*arguments, "--json", must=False))
            return answered[-1].returncode != _NO_ENGINE

        until(answers_now, f"an answer of duban {arguments[0]}")
        if answered[-1].returncode:
            raise StepFailedError(
                f"duban {' '.join(arguments)} ended in {answered[-1].returncode}: {answered[-1].stderr}"
            )
        return json.loads(answered[-1].stdout)


def ran(
    command: list[str], environment: Mapping[str, str] | None = None, folder: Path = ROOT, *, must: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Raises:
        StepFailedError: it did not end in 0, and must.
    """
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, encoding="utf-8")
    if must and done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise StepFailedError(f"{' '.join(command[:4])}… ended in {done.returncode}: {said}")
    return done


@contextmanager
def lasting(command: list[str], environment: Mapping[str, str], site: Site, name: str) -> Iterator[int]:
    """Run a service as long as the block lasts; answer its process id."""
    site.log.mkdir(parents=True, exist_ok=True)
    with (site.log / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=site.folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


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
