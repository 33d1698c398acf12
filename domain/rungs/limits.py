"""The limits beside the due dates: which rung of a matter falls on which day, from its date and its rules.

Pure dates, as `domain/rungs/ladder.py` has them for the due dates: who takes a rung, and when on its day, is decided
elsewhere.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from domain.rules.calendar import WorkingCalendar
from domain.rules.life_cycle import LimitKind, LimitRules
from domain.rungs.ladder import Rung
from domain.state import Limit

LIMIT_PASSED = "limit-passed"

LIMIT_WORDS: dict[LimitKind, str] = {
    "receipt": "签收",
    "declined_assignment": "退回交办的处理",
    "dispute": "争议裁定",
    "completion_review": "办结审核",
    "extension_review": "延期初审",
    "extension_ruling": "延期批复",
    "inspection_answer": "督查结论的答复",
    "rectification": "整改",
    "rectification_check": "整改核查",
    "directive_answer": "领导批示的落实反馈",
}
"""What each kind of matter waits for, as people call it."""


def limit_id(kind: LimitKind, seq: int) -> str:
    """The identity of the matter that the event of this place in the stream begins."""
    return f"{kind}-{seq}"


def reminder_of_limit(working_days_before: int) -> str:
    """The name of a matter's reminder so many working days before its limit."""
    return f"limit-reminder-{working_days_before}"


def escalation_rung(after_working_days: int) -> str:
    """The name of the rung that brings a matter to a superior so many working days after its limit."""
    return f"limit-order-{after_working_days}"


@lru_cache(maxsize=4_096)
def limit_ladder(rules: LimitRules, calendar: WorkingCalendar, set_on: date, due_on: date) -> tuple[Rung, ...]:
    """All rungs of a matter that was set on a day, in order of their days; a reminder before that day falls away."""
    reminders = [
        Rung(reminder_of_limit(days), "limit_reminder", day, days)
        for days in rules.reminders_working_days_before
        if (day := calendar.working_day(due_on, -days)) > set_on
    ]
    passed = Rung(LIMIT_PASSED, "limit_passed", due_on)
    after = [
        Rung(
            escalation_rung(step.after_working_days),
            "limit_order",
            calendar.working_day(due_on, step.after_working_days),
            step.after_working_days,
            to=step.to,
        )
        for step in rules.escalation
    ]
    return (*reminders, passed, *after)


def working_days_late(calendar: WorkingCalendar, limit: Limit, today: date) -> int:
    """By how many working days a matter is over its limit; none is counted from the day since which it stands still."""
    until = today if limit.stopped_on is None else min(today, limit.stopped_on)
    return calendar.working_days_between(limit.due_on, until)


def limit_due_on(limit: Limit, calendar: WorkingCalendar) -> date:
    """The day on which a limit runs out by a calendar; a date that a person set stays, and one that is over."""
    if limit.working_days is None or LIMIT_PASSED in limit.taken:
        return limit.due_on
    return calendar.working_day(calendar.working_day(limit.set_on, limit.working_days), limit.extra_working_days)
