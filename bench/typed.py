"""Commands as a person types them: each a process of its own, with its seconds by the clock and of a processor."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from application.settings import Settings
from bench.installation import environment_of
from bench.processes import ROOT, SHELL


@dataclass(frozen=True, slots=True)
class Typed:
    """The middle of several calls, in seconds, and how many bytes one told."""

    call: Sequence[str]
    wall: float
    cpu: float
    told: int

    @property
    def row(self) -> tuple[str, ...]:
        """The row of a table."""
        return (f"duban {' '.join(self.call)}", f"{self.wall:.2f}", f"{self.cpu:.2f}", f"{self.told // 1_024:,}")


HEADINGS = ("command", "wall s", "CPU s", "KB told")


def typed(settings: Settings, call: Sequence[str], rounds: int = 5) -> Typed:
    """Type a command so many times on an installation.

    Raises:
        subprocess.CalledProcessError: it ended with an error.
    """
    walls, cpus, told = [], [], 0
    for _ in range(rounds):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            [sys.executable, *SHELL, *call],
            cwd=ROOT,
            env=environment_of(settings) | {"PATH": os.environ["PATH"]},
            capture_output=True,
            check=True,
        )
        walls.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        told = len(done.stdout)
    return Typed(call, statistics.median(walls), statistics.median(cpus), told)
