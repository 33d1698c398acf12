"""The goals of a herd: which figures are compared, in which direction, with which bound."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.herd import HerdFigures, HerdPlan


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both sides, ours over the smallest workflow's, and whether the goal is met."""

    name: str
    floor: float
    duban: float
    goal: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float:
        """Ours over the smallest workflow's."""
        return self.duban / self.floor if self.floor else float("nan")


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
        found = Row(name, median("floor", figure), median("duban", figure))
        if at_least is not None:
            return replace(found, goal=f"≥ {at_least:g} ×", met=found.ratio >= at_least)
        if at_most is not None:
            return replace(found, goal=f"≤ {at_most:g} ×", met=found.ratio <= at_most)
        if ours is not None:
            return replace(found, goal=f"≤ {ours:g}", met=found.duban <= ours)
        return found

    spread = bool(plan.spread)
    return [
        row("starts a second, acknowledged", lambda f: f.starts_a_second, at_least=0.8),
        row("starts a second, recorded in the store", lambda f: f.recorded_a_second),
        row("worker CPU a start, ms", lambda f: f.start_worker_ms),
        row("engine CPU a start, ms", lambda f: f.start_engine_ms),
        row("worker memory a project, KB", lambda f: f.worker_kb, ours=45),
        row("worker memory a project after the herd, KB", lambda f: f.worker_kb_after),
        row("engine storage a project, KB", lambda f: f.engine_kb, at_most=1.25),
        row("storage with each side's records, KB", lambda f: f.engine_kb + f.store_kb, at_most=1.25),
        row("events a project", lambda f: f.events),
        row("time to drain, s", lambda f: f.drain_seconds, at_most=None if spread else 1.25),
        row("the engine's lists caught up after, s", lambda f: f.listed_seconds),
        row("worker CPU a wake-up, ms", lambda f: f.drain_worker_ms),
        row("engine CPU a wake-up, ms", lambda f: f.drain_engine_ms),
        row("cores that the worker kept busy", lambda f: f.worker_cores),
        row("cores that the engine kept busy", lambda f: f.engine_cores),
        row("lateness, median, s", lambda f: f.late_median),
        row("lateness, p99, s", lambda f: f.late_p99, ours=2 if spread else None),
        row("completions a second", lambda f: f.updates_a_second, at_least=0.8),
        row("completion, median, s", lambda f: f.update_median),
        row("completion, p99, s", lambda f: f.update_p99, at_most=1.3),
        row("workflow tasks timed out", lambda f: f.timed_out, ours=0),
        row("workflow tasks failed", lambda f: f.failed_tasks, ours=0),
    ]
