"""One installation of docker-compose.yml on this machine: its places, its environments, its commands and services."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.patience import PATIENCE_SECONDS
from bench.production_postgres import Cluster

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".production"
"""What is built or downloaded once stays here; `make clean` removes it."""
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
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
        services = ("FRONTEND", "INTERNAL_FRONTEND", "MATCHING", "HISTORY", "WORKER")
        ports = [
            "FRONTEND_HTTP",
            "INTERNAL_FRONTEND_HTTP",
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
