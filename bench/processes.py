"""Programs of the tree as processes, each with an interpreter of its own; the tests fork them (`tests/forking.py`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

ROOT = Path(__file__).resolve().parents[1]
SHELL = ("-m", "entrypoints.cli.main")


class Process(Protocol):
    """What is asked of a process, however it began."""

    pid: int

    def poll(self) -> int | None:
        """Its exit status, none while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status when it has ended; raises subprocess.TimeoutExpired."""

    def send_signal(self, sig: int) -> None:
        """Send a signal to it, if it still runs."""

    def kill(self) -> None:
        """End it as a power failure would."""


Start = Callable[[Sequence[str], Mapping[str, str], IO[bytes], IO[bytes] | None], Process]


def _with_an_interpreter(
    program: Sequence[str], env: Mapping[str, str], out: IO[bytes], err: IO[bytes] | None
) -> Process:
    return subprocess.Popen(
        [sys.executable, *program],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err or subprocess.STDOUT,
    )


class _How:
    start: Start = staticmethod(_with_an_interpreter)


def start_by(start: Start) -> None:
    """From now on start programs in another way."""
    _How.start = staticmethod(start)


def started(program: Sequence[str], env: Mapping[str, str], out: IO[bytes], err: IO[bytes] | None = None) -> Process:
    """Start a program of the tree, as its arguments behind `python`; by itself both streams go to one file."""
    return _How.start(program, env, out, err)
