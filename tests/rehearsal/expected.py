"""Which papers a rehearsed 2018 must bring, calculated from the notice alone.

The working days come from the State Council's schedule written out below, the offsets from the supervision policy as
its file says them. Nothing of the core, of the calendar library or of the workflows is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.project import KeyProject, Milestone, ProjectList
from tests.rehearsal.notice_2018 import ISSUED_ON

# 国办发明电〔2017〕12号 for 2018, 国办发明电〔2018〕15号 for 2019: first and last day of each holiday.
_HOLIDAYS = (
    ("2018-01-01", "2018-01-01"),
    ("2018-02-15", "2018-02-21"),
    ("2018-04-05", "2018-04-07"),
    ("2018-04-29", "2018-05-01"),
    ("2018-06-16", "2018-06-18"),
    ("2018-09-22", "2018-09-24"),
    ("2018-10-01", "2018-10-07"),
    ("2018-12-30", "2019-01-01"),
    ("2019-02-04", "2019-02-10"),
)
_MAKE_UP_DAYS = (
    "2018-02-11", "2018-02-24", "2018-04-08", "2018-04-28", "2018-09-29", "2018-09-30", "2018-12-29", "2019-02-02",
    "2019-02-03",
)  # fmt: skip
MAKE_UP_DAYS = frozenset(date.fromisoformat(day) for day in _MAKE_UP_DAYS)

_REMINDERS = (14, 7, 1)
_URGE = 1
_ORDERS = ((3, "blue", "{lead}主要负责人"), (5, "yellow", "分管领导"), (10, "red", "主要领导"))
_INSPECTION = "yellow"


class ExpectedPaper(NamedTuple):
    """One paper, by what a rehearsal's report says of it."""

    on: date
    kind: str
    to: str
    project_id: str
    milestone_id: str | None
    level: str | None


def works(day: date) -> bool:
    """Whether the offices work on a day of 2018 or of the first weeks of 2019."""
    if day in MAKE_UP_DAYS:
        return True
    holiday = any(date.fromisoformat(first) <= day <= date.fromisoformat(last) for first, last in _HOLIDAYS)
    return day.isoweekday() <= 5 and not holiday


def counted(day: date, steps: int) -> date:
    """The day so many working days after `day` (before it when negative), `day` itself not counted."""
    direction = timedelta(days=1 if steps > 0 else -1)
    for _ in range(abs(steps)):
        day += direction
        while not works(day):
            day += direction
    return day


def answered_on(milestone: Milestone, lead: str, behaviour: str) -> date | None:
    """The day on which the lead department asks for completion, at ten o'clock; none when it never does."""
    assert milestone.due_on is not None
    if behaviour in ("silent", f"silent:{lead}"):
        return None
    if behaviour.startswith("late:"):
        return milestone.due_on + timedelta(days=int(behaviour.removeprefix("late:")))
    day = milestone.due_on
    while not works(day):
        day -= timedelta(days=1)
    return day


def papers_of(listed: ProjectList, behaviour: str) -> list[ExpectedPaper]:
    """Every paper of the year, in order of their days."""
    return sorted(
        (paper for project in listed.projects for paper in _of_project(project, behaviour)),
        key=lambda paper: (paper.on, paper.kind, paper.project_id, paper.milestone_id or "", paper.level or ""),
    )


def _of_project(project: KeyProject, behaviour: str) -> Iterator[ExpectedPaper]:
    lead = project.lead_department
    yield ExpectedPaper(ISSUED_ON, "supervision_order", lead, project.project_id, None, None)
    for milestone in project.milestones:
        assert milestone.due_on is not None
        if milestone.due_on < ISSUED_ON:
            continue
        answered = answered_on(milestone, lead, behaviour)
        for on, kind, to, level in _rungs(milestone.due_on, lead):
            # What is foreseen for the day of the start or earlier is said by the supervision order; rungs are taken
            # at the opening of the office, before the answer of the same day.
            if on > ISSUED_ON and (answered is None or on <= answered):
                yield ExpectedPaper(on, kind, to, project.project_id, milestone.milestone_id, level)


def _rungs(due_on: date, lead: str) -> Iterator[tuple[date, str, str, str | None]]:
    for days in _REMINDERS:
        yield counted(due_on, -days), "reminder", lead, None
    yield counted(due_on, _URGE), "urge", lead, None
    for days, level, superior in _ORDERS:
        on = counted(due_on, days)
        yield on, "escalation_order", superior.replace("{lead}", lead), level
        if level == _INSPECTION:
            yield on, "inspection_record", lead, level
