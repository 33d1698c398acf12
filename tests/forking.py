"""Programs of the tree, forked from one process that has imported them: a second or two less each time.

A forked program is a process of its own all the same, with its arguments, environment and streams, and can be killed.
`python -m tests.forking` is that process, and a forked `duban` for a shell.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import math
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import psutil

from bench.patience import PATIENCE_SECONDS
from bench.processes import ROOT, SHELL, start_by
from entrypoints.importing import importing

_GLANCE_SECONDS = 0.05
"""How soon a thread that waits sees that another has read the status."""


@dataclass(frozen=True)
class Account:
    """Another account of the machine, and what stands before a program that is started under it."""

    number: int
    starts: tuple[str, ...]


class Forked:
    """A forked process at the other end of a line, on which it tells its id and, unless it is killed, its status."""

    def __init__(
        self,
        program: Sequence[str],
        env: Mapping[str, str],
        out: IO[bytes],
        err: IO[bytes],
        folder: Path = ROOT,
        place: str | None = None,
    ) -> None:
        self._program = [*program]
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(PATIENCE_SECONDS)
        self._line.connect(place or _forker(None, ROOT))
        socket.send_fds(self._line, [b"\n"], [out.fileno(), err.fileno()])  # a long text would be sent in part
        told = (self._program, dict(env), str(folder))
        self._line.sendall(b"".join(json.dumps(each).encode() + b"\n" for each in told))
        self._answers = self._line.makefile("rb")
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None
        self._reading = threading.Lock()

    def poll(self) -> int | None:
        """Its exit status, none while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status when it has ended; any number of threads may ask."""
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        with selectors.DefaultSelector() as ready:
            with self._reading:
                if self.returncode is None:
                    ready.register(self._line, selectors.EVENT_READ)
            while self.returncode is None:
                left = deadline - time.monotonic()
                if ready.select(max(0.0, min(left, _GLANCE_SECONDS))):
                    self._read_status()
                elif left <= 0:
                    raise subprocess.TimeoutExpired(self._program, timeout or 0)
        return self.returncode

    def _read_status(self) -> None:
        """Keep how it ended, unless another thread has: on the line it is said once."""
        with self._reading:
            if self.returncode is None:
                ended = self._answers.readline()
                # The line closes a moment before the process is gone.
                while psutil.pid_exists(self.pid):
                    time.sleep(0.001)
                self.returncode = int(ended) if ended else -signal.SIGKILL
                self._answers.close()
                self._line.close()

    def send_signal(self, sig: int) -> None:
        """Send a signal to it, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it as a power failure would."""
        self.send_signal(signal.SIGKILL)


def called(
    arguments: Sequence[str], env: Mapping[str, str], account: Account | None = None, tree: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run `duban` with these arguments in this environment to its end, forked; of an account or a tree, if given."""
    return ended([*SHELL, *arguments], env, account, tree)


def ended(
    program: Sequence[str], env: Mapping[str, str], account: Account | None = None, tree: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run a program, as its arguments behind `python`, in this environment to its end, forked."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        status = Forked(program, env, out, err, place=_forker(account, tree)).wait(PATIENCE_SECONDS)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([*program], status, out.read().decode(), err.read().decode())


def typed() -> str:
    """A script that is `duban` forked, for a shell: typed anywhere, with that shell's folder and environment."""
    asked = f'exec "{sys.executable}" -m tests.forking "{_forker(None, ROOT)}"'
    return f'#!/bin/sh\nPYTHONPATH="{ROOT}${{PYTHONPATH:+:$PYTHONPATH}}" {asked} "$@"\n'


def forked(
    program: Sequence[str], env: Mapping[str, str], out: IO[bytes], err: IO[bytes] | None, tree: Path = ROOT
) -> Forked:
    """Start a program of a tree."""
    return Forked(program, env, out, err or out, place=_forker(None, tree))


def fork_programs() -> None:
    """From now on fork what is started."""
    start_by(forked)


@cache
def _forker(account: Account | None, tree: Path) -> str:
    folder = tempfile.mkdtemp(prefix="duban-fork-")
    place = f"{folder}/line"
    # What another tree does not have, these modules among it, is this one's.
    env = {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{ROOT}"}
    program = [sys.executable, "-P", "-m", "tests.forking", place]
    if account is not None:
        os.chown(folder, account.number, account.number)
        program = [*account.starts, *program]
    process = subprocess.Popen(program, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    atexit.register(process.communicate)
    return place


def _serve(place: str) -> None:
    """Fork a program for each call until the standard input ends."""
    from importlib import import_module  # noqa: PLC0415 - in the process that forks alone

    from domain.frozen import make_ready  # noqa: PLC0415 - as above
    from entrypoints.cli.command_table import COMMANDS  # noqa: PLC0415 - as above

    shell = {f"entrypoints.cli.{named.module}" for section in COMMANDS for named in section.commands}
    with importing():
        for module in (*shell, "entrypoints.cli.worker", "entrypoints.desk.opened", "bench.race_worker"):
            import_module(module)
    make_ready()
    # What is made ready stays, as what is imported: no child looks through it, and copies it by doing so.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door, selectors.DefaultSelector() as ready:
        door.bind(place)
        door.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        ready.register(door, selectors.EVENT_READ)
        ready.register(sys.stdin, selectors.EVENT_READ)
        while all(key.fileobj is door for key, _ in ready.select()):
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    door.close()
                    _run(line)
    Path(place).unlink()
    Path(place).parent.rmdir()


def _run(line: socket.socket) -> None:
    """Be one program, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, handed, _, _ = socket.recv_fds(line, 1, 2)
    with line.makefile("rb") as rest:
        program, env, folder = map(json.loads, (rest.readline(), rest.readline(), rest.readline()))
    line.sendall(b"%d\n" % os.getpid())
    for file, number in zip((os.open(os.devnull, os.O_RDONLY), *handed), range(3), strict=True):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    status = _status(program)
    with contextlib.suppress(ValueError):
        sys.stdout.flush()
    line.sendall(b"%d\n" % status)
    os._exit(0)


def _status(program: list[str]) -> int:
    # That it is imported already is the point.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
    try:
        if program[0] == "-m":
            sys.argv = program[1:]
            runpy.run_module(program[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = program
            runpy.run_path(program[0], run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it is, the interpreter would print it and end with 1
        traceback.print_exc()
        return 1
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter does at its end
        atexit._run_exitfuncs()  # as above
    return 0


def _called_from_a_shell(place: str, arguments: list[str]) -> int:
    forked = Forked([*SHELL, *arguments], os.environ, sys.stdout.buffer, sys.stderr.buffer, Path.cwd(), place)
    return forked.wait(PATIENCE_SECONDS)


if __name__ == "__main__":
    if Path(sys.argv[1]).is_socket():
        sys.exit(_called_from_a_shell(sys.argv[1], sys.argv[2:]))
    _serve(sys.argv[1])
