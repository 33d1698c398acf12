"""The tables of the races and the absences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench.absences import AbsenceFigures
from bench.race_checks import RaceFindings
from bench.races import RaceFigures
from bench.tables import table


def races_table(figures: RaceFigures) -> str:
    """What became of short histories under everything at once."""
    found = figures.findings
    rows = [
        ("histories, runs, history events", f"{figures.plan.histories}, {found.runs}, {found.history_events}"),
        ("workers killed / stopped", f"{figures.kills} / {figures.stops}"),
        *_answered(figures.answers),
        ("events in the ledger", found.recorded),
        ("workflow tasks that timed out", found.timed_out),
        *_wrong(found),
    ]
    return table(("races", "figure"), rows) + _told(found.told)


def absences_table(figures: AbsenceFigures) -> str:
    """What became of an office whose worker went away and came back."""
    found, plan = figures.findings, figures.plan
    away = [(outage.ended - outage.begun).total_seconds() for outage in figures.outages]
    rows = [
        ("projects, rounds, times as fast as life", f"{plan.projects}, {plan.rounds}, {plan.speed}"),
        ("workers killed / stopped", f"{figures.kills} / {len(away) - figures.kills}"),
        ("away each time, s", f"{min(away):.1f} to {max(away):.1f}"),
        ("questions into absences", ", ".join(f"{name} {times}" for name, times in figures.questions.items())),
        *_answered(figures.answers),
        ("runs, history events, events in the ledger", f"{found.runs}, {found.history_events}, {found.recorded}"),
        ("workflow tasks that timed out", found.timed_out),
        ("a fresh worker reads all histories in, s", f"{figures.to_read:.1f}"),
        ("latest decision: a worker had been there since it was due for, s", f"{found.latest:.1f}"),
        *_wrong(found),
        ("mailboxes with a problem", len(figures.mailboxes)),
        ("findings of the reconciliation", len(figures.reconciliation)),
        ("seconds", f"{figures.seconds:.0f}"),
    ]
    return table(("absences", "figure"), rows) + _told([*found.told, *figures.mailboxes, *figures.reconciliation])


def _answered(answers: Counter[str]) -> list[tuple[str, int]]:
    return sorted(answers.items())


def _wrong(found: RaceFindings) -> list[tuple[str, int]]:
    kinds = ("stuck", "failed", "ended", "armed again", "late", "lost", "replay")
    return [(f"projects with a problem: {kind}", found.kinds[kind]) for kind in kinds]


def _told(problems: Sequence[str]) -> str:
    return "".join(f"\n{problem}" for problem in problems[:40]) + ("\n" if problems else "")
