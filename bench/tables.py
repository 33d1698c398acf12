"""The tables that a benchmark prints, as Markdown, under the machine and the versions that they were measured on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import psutil

from application.engine_room.embedded import engine_program
from bench.continue_as_new import ContinuedRuns
from bench.costs import Cost
from bench.crash import CrashFigures
from bench.herd import HerdFigures, HerdPlan
from bench.power_cuts import CutsFigures
from bench.ratios import Row, rows_of
from bench.start_kills import StartKill


def heading() -> str:
    """The machine, its load, the versions and the date."""
    shown = subprocess.run([engine_program(), "--version"], capture_output=True, text=True, check=True).stdout
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {psutil.cpu_count()} cores ({processor()}), {memory:.0f} GB;"
        f" load average {load}\n"
        f"Python {platform.python_version()}, temporalio {version('temporalio')}, {shown.strip()}\n"
    )


def processor() -> str:
    """The machine's kind of processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *([str(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cost_table(costs: Sequence[Cost], refused: int) -> str:
    """What each scenario costs, with every event above the floor explained by its kind."""
    rows = [
        (
            cost.name,
            cost.wakeups,
            cost.commands,
            cost.events,
            cost.floor,
            f"{100 * (cost.ratio - 1):+.1f} %",
            ", ".join(f"{kind.lower()} {more:+d}" for kind, more in cost.above().items()) or "none",
        )
        for cost in costs
    ]
    text = table(("history of", "wake-ups", "commands", "events", "floor", "above", "which"), rows)
    marginal = [
        (first.name.rpartition(",")[0], second.events - first.events, second.floor - first.floor)
        for first, second in pairwise(costs)
        if first.name.endswith(", 1") and second.name.endswith(", 2")
    ]
    text += "\n" + table(("one more milestone", "events", "floor"), marginal)
    return text + f"\nTen refused commands leave {refused} events in the history (goal 0).\n"


def herd_table(plan: HerdPlan, rounds: Sequence[HerdFigures]) -> str:
    """The figures of both sides and our ratios to the floor, medians of all rounds, against the goals."""
    times = sum(each.kind == "duban" for each in rounds)
    spread = f"spread over {plan.spread.total_seconds():.0f} s" if plan.spread else "no spread"
    title = f"Herd of {plan.projects:,}, {spread}, {plan.completions} completions meanwhile, {times} round(s)\n\n"
    headings = ("", "smallest workflow", "Duban", "ratio", "goal", "met")
    return title + table(headings, [_shown(row) for row in rows_of(plan, rounds)]) + _bounds(rounds)


def _bounds(rounds: Sequence[HerdFigures]) -> str:
    """What bounds a herd of ours: how much of the machine engine and worker took, and whose CPU the ratios follow."""
    ours = [each for each in rounds if each.kind == "duban"]
    worker, engine = (
        statistics.median(cores)
        for cores in zip(*((each.worker_cores, each.engine_cores) for each in ours), strict=True)
    )
    cores = psutil.cpu_count() or 1
    if worker + engine > 0.85 * cores:
        first = "the machine's cores"
    elif max(worker, engine) > 0.85:
        first = "the worker, in Python one thread at a time" if worker > engine else "the engine"
    else:
        first = "neither engine nor worker (a spread or small herd, the disk, or a machine that others use too)"
    return (
        f"\nBound: {first}. The engine kept {engine:.1f} and the worker {worker:.1f} of {cores} cores busy; starts and"
        " drain follow the CPU of both, completions the worker's, which answers them between its wake-ups. Memory is"
        " the engine library's copies of a workflow's input and steps, and our state (docs/measurements.md).\n"
    )


def _shown(row: Row) -> tuple[str, ...]:
    met = "" if row.met is None else "yes" if row.met else "**no**"
    return (row.name, f"{row.floor:.4g}", f"{row.duban:.4g}", f"{row.ratio:.2f}", row.goal, met)


def crash_table(runs: Sequence[CrashFigures]) -> str:
    """What a campaign of kills left behind."""
    findings = [run.findings for run in runs]
    rows = [
        ("runs", len(runs)),
        (
            "kills of the worker / of the engine",
            f"{sum(r.worker_kills for r in runs)} / {sum(r.engine_kills for r in runs)}",
        ),
        ("entries of the ledger checked", sum(found.entries for found in findings)),
        ("papers, each once by its number", sum(found.papers for found in findings)),
        ("items of mail, each delivered once", sum(found.items for found in findings)),
        ("urges that an order overtook, recorded as such", sum(found.superseded for found in findings)),
        ("latest breach after its instant, s", f"{max((found.latest_breach for found in findings), default=0):.1f}"),
        ("workflow tasks that timed out", sum(found.timed_out for found in findings)),
        ("workflow tasks that failed", sum(found.failed for found in findings)),
        ("problems", sum(len(found.problems) for found in findings)),
    ]
    text = table(("kill -9", "figure"), rows)
    for run in runs:
        text += "".join(f"\nseed {run.seed}: {problem}" for problem in run.findings.problems[:5])
    return text


def start_kill_table(kills: Sequence[StartKill]) -> str:
    """Each kill of a starting process, and what was wrong after the start was repeated."""
    rows = [
        (
            kill.year,
            {"first": "the list", "again": "the list issued again"}[kill.start],
            f"{kill.after:.1f}",
            f"{kill.recorded} of {kill.wanted}",
            len(kill.problems),
        )
        for kill in kills
    ]
    text = table(("year", "start of", "killed after, s", "events on record", "problems"), rows)
    half = sum(0 < kill.recorded < kill.wanted for kill in kills)
    text += (
        f"\n{len(kills)} kills, {half} with a part on record, {sum(len(kill.problems) for kill in kills)} problems\n"
    )
    for kill in kills:
        text += "".join(f"\n{kill.year}, {kill.start}: {problem}" for problem in kill.problems[:5])
    return text


def continued_table(done: ContinuedRuns) -> str:
    """What became of thousands of commands to one project over its continue-as-news."""
    rows = [
        ("commands, of which at once", f"{done.plan.commands}, {done.plan.at_once}"),
        ("seconds, commands a second", f"{done.seconds:.1f}, {done.plan.commands / done.seconds:.0f}"),
        ("runs, history events of each", f"{done.runs}: {', '.join(map(str, done.history_events))}"),
        ("commands under way at each continue-as-new", ", ".join(map(str, done.in_flight))),
        ("events in the ledger, matters carried over", f"{done.events}, {done.matters}"),
        ("problems", "; ".join(done.problems[:5]) or "none"),
    ]
    return table(("what", "figure"), rows)


def cuts_table(cuts: CutsFigures) -> str:
    """What became of the real list over power cuts and kills."""
    rows = [
        ("power cuts, kills with acts", f"{cuts.plan.cuts}, {cuts.plan.kills}"),
        ("starts, median and longest, s", f"{statistics.median(cuts.starts):.1f}, {max(cuts.starts):.1f}"),
        ("acts taken", cuts.acts),
        ("histories replayed cold", cuts.replayed),
        ("problems", "; ".join(cuts.problems[:5]) or "none"),
    ]
    return table(("what", "figure"), rows)
