"""What a measurement prints: figures and tables as Markdown, under the machine and the versions that they are from."""

from __future__ import annotations

import math
import os
import platform
import sqlite3
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from application.engine_room.embedded import engine_program

_PROBLEMS_TOLD = 40


@dataclass(slots=True)
class Report:
    """Figures by name, tables of their own, and a sentence for each thing that does not hold."""

    figures: defaultdict[str, float] = field(default_factory=lambda: defaultdict(int))
    tables: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def most(self, name: str, value: float) -> None:
        """Keep the largest of the values that a figure had."""
        self.figures[name] = max(self.figures[name], value)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Add a table."""
        self.tables.append(table(headings, rows))

    def __str__(self) -> str:
        rows = [
            (name, f"{value:,.10g}" if value == int(value) else f"{value:,.2f}") for name, value in self.figures.items()
        ]
        counted = [table(("what", "figure"), rows)] if rows else []
        told = [
            f"Problems: {len(self.problems) or 'none'}.\n",
            *(f"{each}\n" for each in self.problems[:_PROBLEMS_TOLD]),
        ]
        return "\n".join([*counted, *self.tables, "".join(told)])


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *([str(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def heading() -> str:
    """The machine, its load, the versions and the date."""
    engine = subprocess.run([engine_program(), "--version"], capture_output=True, text=True, check=True).stdout
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {psutil.cpu_count()} cores ({_processor()}), {memory:.0f} GB;"
        f" load average {load}\nPython {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" temporalio {version('temporalio')}, {engine.strip()}\n"
    )


def _processor() -> str:
    """The machine's kind of processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class Spans:
    """How long the same thing took again and again, in milliseconds, and the CPU of this process for one of them."""

    what: str
    size: int
    spans: Sequence[float]
    cpu: float

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.spans)

    @property
    def p95(self) -> float:
        """What nineteen of twenty do not pass."""
        return percentile(self.spans, 0.95)

    @property
    def row(self) -> tuple[str, ...]:
        """The row of a table."""
        return (self.what, f"{self.size:,}", f"{self.median:.1f}", f"{self.p95:.1f}", f"{self.cpu:.1f}")
