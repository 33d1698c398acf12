"""The goals of a herd: which figures are compared, in which direction, with which bound."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.herd import HerdFigures, HerdPlan


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both sides, what is judged (their ratio, or ours alone), and whether its goal is met."""

    name: str
    floor: float
    duban: float
    judged: float
    goal: str = ""
    met: bool | None = None


def rows_of(plan: HerdPlan, rounds: Sequence[HerdFigures]) -> list[Row]:
    """Every figure of a herd, medians of all rounds."""

    def median(kind: str, figure: Callable[[HerdFigures], float]) -> float:
        return statistics.median(figure(each) for each in rounds if each.kind == kind)

    def row(
        name: str,
        figure: Callable[[HerdFigures], float],
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        ours: float | None = None,
    ) -> Row:
        floor, duban = median("floor", figure), median("duban", figure)
        ratio = duban / floor if floor else float("nan")
        if at_least is not None:
            return Row(name, floor, duban, ratio, f"≥ {at_least:g} ×", ratio >= at_least)
        if at_most is not None:
            return Row(name, floor, duban, ratio, f"≤ {at_most:g} ×", ratio <= at_most)
        if ours is not None:
            return Row(name, floor, duban, duban, f"≤ {ours:g}", duban <= ours)
        return Row(name, floor, duban, ratio)

    spread = bool(plan.spread)
    return [
        row("starts a second, acknowledged", lambda f: f.starts_a_second, at_least=0.8),
        row("starts a second, recorded in the store", lambda f: f.recorded_a_second),
        row("worker CPU a start, ms", lambda f: f.start_worker_ms),
        row("engine CPU a start, ms", lambda f: f.start_engine_ms),
        row("worker memory a project, KB", lambda f: f.worker_kb, ours=45),
        row("engine storage a project, KB", lambda f: f.engine_kb, at_most=1.25),
        row("storage with each side's records, KB", lambda f: f.engine_kb + f.store_kb, at_most=1.25),
        row("events a project", lambda f: f.events),
        row("time to drain, s", lambda f: f.drain_seconds, at_most=None if spread else 1.25),
        row("worker CPU a wake-up, ms", lambda f: f.drain_worker_ms),
        row("engine CPU a wake-up, ms", lambda f: f.drain_engine_ms),
        row("lateness, median, s", lambda f: f.late_median),
        row("lateness, p99, s", lambda f: f.late_p99, ours=2 if spread else None),
        row("completions a second", lambda f: f.updates_a_second, at_least=0.8),
        row("completion, median, s", lambda f: f.update_median),
        row("completion, p99, s", lambda f: f.update_p99, at_most=1.3),
        row("workflow tasks timed out", lambda f: f.timed_out, ours=0),
        row("workflow tasks failed", lambda f: f.failed_tasks, ours=0),
    ]
