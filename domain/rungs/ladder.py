"""The ladder of one milestone: which rung falls on which day, from its due date, its rules and the calendar.

A rung before the due date is the n-th working day strictly before it, a rung after it the n-th working day strictly
after it; the breach itself comes when the due day is over. Pure dates: who takes a rung, and when on its day, is
decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from domain.rules.calendar import WorkingCalendar
from domain.rules.ladder_rules import EscalationStep, Level, MilestoneRules

REQUEST_CAUSE = "request:"
LIST_REQUEST = "plan-"
"""How the requests begin by which a list amends what runs; what is done by hand has another one."""
RUNG_CAUSE = "rung:"
START_CAUSE = "start"

BREACH = "breach"
URGE = "urge"

RungKind = Literal[
    "reminder",
    "breach",
    "urge",
    "order",
    "limit_reminder",
    "limit_passed",
    "limit_order",
    "period",
    "pace",
    "resumption",
    "planned_inspection",
]
FACTS: frozenset[RungKind] = frozenset({"breach", "limit_passed", "period", "resumption"})
"""Rungs that record that a day is over; all others bring papers, in working hours."""
_PACE = "pace-"
_PERIOD = "period-"
_PLANNED = "planned-inspection-"


def reminder_rung(working_days_before: int) -> str:
    """The name of the reminder so many working days before the due date."""
    return f"reminder-{working_days_before}"


def order_rung(level: Level) -> str:
    """The name of the escalation order of a level."""
    return f"order-{level}"


def pace_rung(percent: int) -> str:
    """The name of the pace warning when so many in a hundred of the window have passed."""
    return f"{_PACE}{percent}"


def pace_mark(rung: str) -> int | None:
    """The hundredth that a pace warning's name tells: the inverse of `pace_rung`; none for another rung."""
    return int(rung.removeprefix(_PACE)) if rung.startswith(_PACE) else None


def period_rung(number: int) -> str:
    """The name of the rung that records a period without a report."""
    return f"{_PERIOD}{number}"


def period_number(rung: str) -> int | None:
    """The period that a rung's name tells: the inverse of `period_rung`; none for another rung."""
    return int(rung.removeprefix(_PERIOD)) if rung.startswith(_PERIOD) else None


def planned_rung(on: date) -> str:
    """The name of the rung of a planned inspection."""
    return f"{_PLANNED}{on}"


def planned_day(rung: str) -> date | None:
    """The day that the plan names: the inverse of `planned_rung`; none for another rung."""
    return date.fromisoformat(rung.removeprefix(_PLANNED)) if rung.startswith(_PLANNED) else None


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: its day (for a fact, the day that must be over), and what it brings.

    `working_days` counts from the due date; for a period or a pace warning it is the period or the hundredth.
    """

    name: str
    kind: RungKind
    day: date
    working_days: int = 0
    step: EscalationStep | None = None
    to: str | None = None


def deadline_of(answer_by: date, rules: MilestoneRules, calendar: WorkingCalendar) -> date:
    """The day that counts as due: the date itself, or moved off a day that is not worked where the rules say so."""
    match rules.due_roll:
        case "following":
            return calendar.on_or_after(answer_by)
        case "preceding":
            return calendar.on_or_before(answer_by)
        case _:
            return answer_by


def untaken(rungs: Iterable[Rung], taken: Container[str], until: date | None) -> Iterator[Rung]:
    """Every rung of a ladder that was not taken yet; with `until`, of those after this day the first alone."""
    # A ladder climbs: beyond a day that has not come yet nothing can be due, nor come before the rung of that day.
    for rung in rungs:
        if rung.name not in taken:
            yield rung
            if until is not None and rung.day > until:
                return


@lru_cache(maxsize=16_384)
def ladder(rules: MilestoneRules, calendar: WorkingCalendar, answer_by: date, rework: bool = False) -> tuple[Rung, ...]:
    """All rungs of a round, in order of their days.

    A round of rework is short: only the reminders that fall inside it belong to it.
    """
    due = deadline_of(answer_by, rules, calendar)
    reminders = [
        Rung(reminder_rung(days), "reminder", calendar.working_day(due, -days), days)
        for days in rules.reminders_working_days_before
        if not rework or days < rules.rework_working_days
    ]
    breach = Rung(BREACH, "breach", due)
    after = []
    if rules.urge_after_working_days is not None:
        days = rules.urge_after_working_days
        after.append(Rung(URGE, "urge", calendar.working_day(due, days), days))
    for step in rules.escalation:
        days = step.after_working_days
        after.append(Rung(order_rung(step.level), "order", calendar.working_day(due, days), days, step))
    return (*reminders, breach, *after)
