"""What so many open projects need, from what one costs: `python -m bench.scale_model` prints the plan of docs/scale.md.

Each figure is a fixed part and a part for each project, in seconds of a processor and in megabytes: a busy machine
changes neither much, while it changes every second on the wall. `scale_points.json` has what `python -m bench.scale`
measured; a test holds the model to all of it.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.report import table

POINTS: Sequence[Mapping[str, float]] = json.loads(
    Path(__file__).with_name("scale_points.json").read_text(encoding="utf-8")
)
"""What was measured, by size: the laws are drawn through the smallest and the largest, those between are the check."""
LATER: Sequence[Mapping[str, float]] = json.loads(
    Path(__file__).with_name("scale_check.json").read_text(encoding="utf-8")
)
"""Larger sizes, measured after the laws were drawn: what a prediction is worth."""
SIZES = (10_000, 100_000, 1_000_000)
TOLERANCE = 0.2
"""How far a measured figure may be from the model's."""


@dataclass(frozen=True, slots=True)
class Law:
    """One figure: its fixed part, its part for each project, and what it is in words."""

    fixed: float
    each: float
    what: str

    def at(self, projects: int) -> float:
        """The figure at so many open projects."""
        return self.fixed + self.each * projects


LAWS: Mapping[str, Law] = {
    "start_cpu_seconds": Law(2.9, 0.0525, "start: worker, server, database"),
    "month_end_cpu_seconds": Law(7.9, 0.0523, "a month's end and 200 acts: worker, server, database"),
    "register_own_cpu_seconds": Law(1.0, 0.0006, "`duban status`, its first page"),
    "as_of_own_cpu_seconds": Law(1.1, 0.003, "`duban status --as-of`"),
    "export_own_cpu_seconds": Law(0.4, 0.013, "export of a bundle"),
    "verify_own_cpu_seconds": Law(1.1, 0.0165, "`duban audit verify`"),
    "reconcile_own_cpu_seconds": Law(3.3, 0.034, "`duban audit reconcile`: every history replayed"),
    "backup_own_cpu_seconds": Law(1.2, 0.0003, "backup of ledger and folder"),
    "worker_memory_mb": Law(178, 0.125, "a worker that has all of them in memory"),
    "duban_mb": Law(9.6, 0.0338, "ledger and register, after a month"),
    "temporal_mb": Law(11.3, 0.0115, "engine, after a month"),
    "temporal_visibility_mb": Law(10.7, 0.0293, "engine's lists"),
}
_NIGHT_SECONDS = 8 * 3_600
_SPREAD_SECONDS = 1_800
_BUSY = 0.6
"""The share of a processor that may be planned with."""
_YEAR_OVER_MONTH = 6.0
"""A project-year leaves 65 events and 22 receipts (the real list, rehearsed on time), the measured month some 14."""
_WORKER_MB = 3_000
_YUAN_A_CORE, _YUAN_A_100_GB = 1_200, 400
"""Assumptions: a year of a core and of 100 GB of disk in a public office's machine room."""


def cores_at_month_s_end(projects: int) -> float:
    """The processors that a month's end needs, when it is spread over half an hour."""
    return LAWS["month_end_cpu_seconds"].each * projects / _SPREAD_SECONDS / _BUSY


def gigabytes_a_year(projects: int) -> float:
    """What ledger, register and engine take up in a year."""
    month = sum(LAWS[name].each for name in ("duban_mb", "temporal_mb", "temporal_visibility_mb"))
    return month * _YEAR_OVER_MONTH * projects / 1_000


def workers(projects: int) -> int:
    """How many workers: as many as hold the open projects in memory, and as a month's end keeps busy."""
    memory = LAWS["worker_memory_mb"].each * projects / _WORKER_MB
    return max(2, math.ceil(memory), math.ceil(cores_at_month_s_end(projects) / 2))


def yuan_a_year(projects: int) -> float:
    """The money for processors and disk, a standby of each with it."""
    cores = max(4, math.ceil(cores_at_month_s_end(projects)))
    return 2 * (cores * _YUAN_A_CORE + gigabytes_a_year(projects) / 100 * _YUAN_A_100_GB)


def limits() -> Iterator[tuple[str, int]]:
    """What breaks first: each work that one process must end within a night, with the projects at which it cannot."""
    for name in ("reconcile", "verify", "export", "backup", "as_of"):
        law = LAWS[f"{name}_own_cpu_seconds"]
        yield law.what, int((_NIGHT_SECONDS - law.fixed) / law.each)
    yield "month's end on 16 cores", int(16 / cores_at_month_s_end(1))


def measured_table() -> str:
    """The measured points, each beside the model's figure."""
    headings = ["what", *(f"{point['projects']:,.0f}: measured, model" for point in POINTS), "unit"]
    rows = [
        [
            law.what,
            *(_beside(point, name) for point in POINTS),
            "MB" if name.endswith("_mb") else "s of a processor",
        ]
        for name, law in LAWS.items()
    ]
    return table(headings, rows)


def _beside(point: Mapping[str, float], name: str) -> str:
    measured = f"{point[name]:,.1f}" if name in point else "not taken"
    return f"{measured}, {LAWS[name].at(int(point['projects'])):,.1f}"


def prediction_table() -> str:
    """What was measured later at larger sizes, beside what the laws had predicted."""
    sizes = [(int(point["projects"]), point) for point in LATER]
    rows = [
        [law.what, *(f"{point[name]:,.1f}, {law.at(size):,.1f}: {off(point, name):+.0%}" for size, point in sizes)]
        for name, law in LAWS.items()
    ]
    return table(["what", *(f"{size:,}: measured, predicted" for size, _ in sizes)], rows)


def off(point: Mapping[str, float], name: str) -> float:
    """By which part of the prediction a measured figure is above it."""
    return point[name] / LAWS[name].at(int(point["projects"])) - 1


def plan_table() -> str:
    """What the sizes of a department, a province and several provinces need."""
    rows = [
        ["processors at a month's end", *(f"{math.ceil(cores_at_month_s_end(size))}" for size in SIZES)],
        ["workers", *(str(workers(size)) for size in SIZES)],
        ["start of the list, hours on 4 processors", *(_hours("start_cpu_seconds", size, 4) for size in SIZES)],
        ["reconcile, hours on 8 processors", *(_hours("reconcile_own_cpu_seconds", size, 8) for size in SIZES)],
        ["verify, hours", *(_hours("verify_own_cpu_seconds", size, 1) for size in SIZES)],
        ["export, hours", *(_hours("export_own_cpu_seconds", size, 1) for size in SIZES)],
        ["storage of a year, GB", *(f"{gigabytes_a_year(size):,.0f}" for size in SIZES)],
        ["money a year, yuan", *(f"{round(yuan_a_year(size), -3):,.0f}" for size in SIZES)],
    ]
    return table(["what", *(f"{size:,}" for size in SIZES)], rows)


def limits_table() -> str:
    """What breaks first, the first one first."""
    return table(["what", "within a night up to"], [[what, f"{_rounded(most):,}"] for what, most in _first_first()])


def _first_first() -> list[tuple[str, int]]:
    return sorted(limits(), key=lambda limit: limit[1])


def _rounded(number: int) -> int:
    return round(number, -max(0, len(str(number)) - 2))


def _hours(name: str, projects: int, processors: int) -> str:
    return f"{LAWS[name].at(projects) / processors / 3_600:,.1f}"


if __name__ == "__main__":
    sys.stdout.write(f"{measured_table()}\n{prediction_table()}\n{plan_table()}\n{limits_table()}")
