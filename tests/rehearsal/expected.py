"""Which papers a rehearsed 2018 must bring, and what must be recorded beside them, calculated from the notice alone.

The offsets are those of the supervision policy as its file says them, written out below. Nothing of the core, of the
calendar library or of the workflows is called.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.project import KeyProject, Milestone, ProjectList
from tests.rehearsal.notice_2018 import ISSUED_ON
from tests.rehearsal.office_days import counted, on_or_after, on_or_before

_REMINDERS = (14, 7, 1)
_URGE = 1
_ORDERS = ((3, "blue", "{lead}主要负责人"), (5, "yellow", "分管领导"), (10, "red", "主要领导"))
_INSPECTION = "yellow"

# The life cycle's part of the file.
_SUPERVISION_SECTION = "督查室"
_RECEIPT = 3
_RECEIPT_REMINDERS = (1,)
_RECEIPT_ESCALATION = ((1, "{department}主要负责人"), (3, "分管领导"))
_PARTICIPANT_REMINDERS = (7,)
_PARTICIPANT_URGE = 1
_PARTICIPANT_ORDERS = ((3, "blue", "{department}主要负责人"),)
_ONGOING_EVERY_MONTHS = 3
_PACE = (50, 75)
_INSPECTIONS_PER_MONTH = 2
_SPREAD_MINUTES = 30

_BORN_LATE_ANSWERED_ON = counted(ISSUED_ON, 3)
_NEVER = date.max


class ExpectedPaper(NamedTuple):
    """One paper, by what a rehearsal's report says of it."""

    on: date
    kind: str
    to: str
    project_id: str
    milestone_id: str | None
    level: str | None


class ExpectedFact(NamedTuple):
    """One event that is no paper: the day that was over, what it was, whose it was."""

    on: date
    what: str
    project_id: str
    milestone_id: str | None
    who: str


class Report(NamedTuple):
    on: date
    period: int | None
    quantity: int


def papers_of(listed: ProjectList, behaviour: str) -> list[ExpectedPaper]:
    """Every paper of the year, in order of their days."""
    left = not_inspected(listed, behaviour)
    papers = (paper for project in listed.projects for paper in _of_project(project, behaviour, left))
    return sorted(papers, key=sorting)


def facts_of(listed: ProjectList, behaviour: str) -> list[ExpectedFact]:
    """Every breach, passed limit, missed period and inspection that was not opened, in order of their days."""
    facts = [fact for project in listed.projects for fact in _facts_of_project(project, behaviour)]
    return sorted(
        [*facts, *not_inspected(listed, behaviour)], key=lambda fact: (*fact[:3], fact.milestone_id or "", fact.who)
    )


def sorting(paper: ExpectedPaper) -> tuple[object, ...]:
    """The order in which papers are compared."""
    return paper.on, paper.kind, paper.project_id, paper.milestone_id or "", paper.level or "", paper.to


def answered_on(milestone: Milestone, name: str, behaviour: str) -> date:
    """The day on which a department says, in the morning, that a milestone (or its part) is done; or never."""
    assert milestone.due_on is not None
    late = _days_late(name, behaviour)
    if late is None:
        return _NEVER
    if milestone.due_on < ISSUED_ON:
        return _BORN_LATE_ANSWERED_ON
    in_time = on_or_before(milestone.due_on)
    if early := _days_early(behaviour):
        # Not before it could have begun: the second working day after the issue.
        return min(max(milestone.due_on - timedelta(days=early), counted(ISSUED_ON, 2)), in_time)
    return milestone.due_on + timedelta(days=late) if late else in_time


def done_early(milestone: Milestone, name: str, behaviour: str) -> bool:
    """Whether a department is done before the first day of the window."""
    on = answered_on(milestone, name, behaviour)
    return milestone.starts_on is not None and ISSUED_ON < on < milestone.starts_on


def _days_early(behaviour: str) -> int:
    return int(behaviour.removeprefix("early:")) if behaviour.startswith("early:") else 0


def _days_late(name: str, behaviour: str) -> int | None:
    if behaviour in ("silent", f"silent:{name}"):
        return None
    return int(behaviour.removeprefix("late:")) if behaviour.startswith("late:") else 0


def _of_project(project: KeyProject, behaviour: str, left: list[ExpectedFact]) -> Iterator[ExpectedPaper]:
    lead, project_id = project.lead_department, project.project_id
    yield from _of_due_dates(project, behaviour, left)
    for name in (lead, *project.participating_departments):
        yield from _of_receipt(project, name, behaviour)
    for milestone in project.milestones:
        milestone_id, answered = milestone.milestone_id, answered_on(milestone, lead, behaviour)
        if answered != _NEVER:
            # The supervision section hears of what it must review with the next morning's mail.
            yield ExpectedPaper(
                counted(answered, 1), "status_notice", _SUPERVISION_SECTION, project_id, milestone_id, None
            )
            # Accepted on the day of the answer and struck off on the next working day, each told the morning after.
            yield ExpectedPaper(counted(answered, 1), "completion_notice", lead, project_id, milestone_id, None)
            yield ExpectedPaper(counted(answered, 2), "strike_off_notice", lead, project_id, milestone_id, None)
        if _is_over(milestone):
            continue
        for name in project.participating_departments:
            yield from _of_part(project, milestone, name, behaviour)
        for _, ended in missed_periods(milestone, lead, behaviour):
            on = on_or_after(ended + timedelta(days=1))
            yield ExpectedPaper(on, "status_notice", lead, project_id, milestone_id, None)
        for on in pace_warnings(milestone, lead, behaviour):
            yield ExpectedPaper(on, "pace_warning", lead, project_id, milestone_id, None)


def _is_over(milestone: Milestone) -> bool:
    assert milestone.due_on is not None
    return milestone.due_on < ISSUED_ON


def _of_due_dates(project: KeyProject, behaviour: str, left: list[ExpectedFact]) -> Iterator[ExpectedPaper]:
    lead = project.lead_department
    yield ExpectedPaper(ISSUED_ON, "supervision_order", lead, project.project_id, None, None)
    not_opened = {fact.milestone_id for fact in left}
    for milestone in project.milestones:
        assert milestone.due_on is not None
        if _is_over(milestone):
            continue
        answered = answered_on(milestone, lead, behaviour)
        for on, kind, to, level in _rungs(milestone.due_on, lead):
            # What is foreseen for the day of the start or earlier is said by the supervision order; rungs are taken
            # at the opening of the office, before the answer of the same day.
            opened = kind != "inspection_notice" or milestone.milestone_id not in not_opened
            if ISSUED_ON < on <= answered and opened:
                yield ExpectedPaper(on, kind, to, project.project_id, milestone.milestone_id, level)


def _rungs(due_on: date, lead: str) -> Iterator[tuple[date, str, str, str | None]]:
    for days in _REMINDERS:
        yield counted(due_on, -days), "reminder", lead, None
    yield counted(due_on, _URGE), "urge", lead, None
    for days, level, superior in _ORDERS:
        on = counted(due_on, days)
        yield on, "escalation_order", superior.replace("{lead}", lead), level
        if level == _INSPECTION:
            yield on, "inspection_notice", lead, level


def _of_part(project: KeyProject, milestone: Milestone, name: str, behaviour: str) -> Iterator[ExpectedPaper]:
    assert milestone.due_on is not None
    due_on, project_id, milestone_id = milestone.due_on, project.project_id, milestone.milestone_id
    # The lead's request stops every clock of the milestone.
    until = min(answered_on(milestone, name, behaviour), answered_on(milestone, project.lead_department, behaviour))
    rungs: list[tuple[date, str, str, str | None]] = [
        *((counted(due_on, -days), "reminder", name, None) for days in _PARTICIPANT_REMINDERS),
        (counted(due_on, _PARTICIPANT_URGE), "urge", name, None),
        *(
            (counted(due_on, days), "escalation_order", superior.replace("{department}", name), level)
            for days, level, superior in _PARTICIPANT_ORDERS
        ),
    ]
    for on, kind, to, level in rungs:
        if ISSUED_ON < on <= until:
            yield ExpectedPaper(on, kind, to, project_id, milestone_id, level)


def _receipt_limit() -> date:
    return counted(ISSUED_ON, _RECEIPT)


def signed_on(name: str, behaviour: str) -> date:
    """The day on which a department signs for its duties, in the morning; or never."""
    late = _days_late(name, behaviour)
    if late is None:
        return _NEVER
    return _receipt_limit() + timedelta(days=late) if late else counted(ISSUED_ON, 1)


def _of_receipt(project: KeyProject, name: str, behaviour: str) -> Iterator[ExpectedPaper]:
    limit, signed = _receipt_limit(), signed_on(name, behaviour)
    steps = [(counted(limit, -days), "limit_reminder", name) for days in _RECEIPT_REMINDERS]
    steps += [
        (counted(limit, days), "limit_escalation", superior.replace("{department}", name))
        for days, superior in _RECEIPT_ESCALATION
    ]
    for on, kind, to in steps:
        if on <= signed:
            yield ExpectedPaper(on, kind, to, project.project_id, None, None)


def periods_of(milestone: Milestone) -> list[tuple[int, date]]:
    """The number and the last day of each reporting period, the final one of the due date left out."""
    months = _ONGOING_EVERY_MONTHS if milestone.ongoing else None
    if milestone.recurrence is not None:
        months = milestone.recurrence.every_months
    if months is None:
        return []
    assert milestone.starts_on is not None
    assert milestone.due_on is not None
    ends = []
    month = milestone.starts_on.month + months
    while (end := date(2018 + (month - 1) // 12, (month - 1) % 12 + 1, 1) - timedelta(days=1)) < milestone.due_on:
        ends.append(end)
        month += months
    return list(enumerate(ends, start=1))


def scheduled(milestone: Milestone, on: date) -> int:
    """How much of what is counted should be done by the end of a day."""
    if milestone.quota is None:
        return 0
    assert milestone.starts_on is not None
    assert milestone.due_on is not None
    days = (milestone.due_on - milestone.starts_on).days + 1
    return milestone.quota.value * ((on - milestone.starts_on).days + 1) // days


def _pace_days(milestone: Milestone) -> list[date]:
    if milestone.quota is None:
        return []
    assert milestone.starts_on is not None
    assert milestone.due_on is not None
    days = (milestone.due_on - milestone.starts_on).days + 1
    marks = [on_or_after(milestone.starts_on + timedelta(days=days * percent // 100)) for percent in _PACE]
    return [day for day in marks if day > ISSUED_ON and scheduled(milestone, day) > 0]


def reports_of(milestone: Milestone, lead: str, behaviour: str) -> list[Report]:
    """What the lead reports on the way, in the morning of its day: each period, and the number before each pace day."""
    late = _days_late(lead, behaviour)
    if late is None:
        return []
    told = [
        (ended + timedelta(days=late) if late else on_or_before(ended), ended, number)
        for number, ended in periods_of(milestone)
        if ended >= ISSUED_ON
    ]
    told += [(day + timedelta(days=late) if late else counted(day, -1), day, 0) for day in _pace_days(milestone)]
    until = answered_on(milestone, lead, behaviour)
    reports: list[Report] = []
    for on, day, number in sorted(told):
        if on < until:
            running = next((each for each, ended in periods_of(milestone) if on <= ended), None)
            so_far = reports[-1].quantity if reports else 0
            reports.append(Report(on, number or running, max(so_far, scheduled(milestone, day))))
    return reports


def missed_periods(milestone: Milestone, lead: str, behaviour: str) -> Iterator[tuple[int, date]]:
    reports, answered = reports_of(milestone, lead, behaviour), answered_on(milestone, lead, behaviour)
    for number, ended in periods_of(milestone):
        if ISSUED_ON <= ended < answered and not any(
            report.period == number and report.on <= ended for report in reports
        ):
            yield number, ended


def pace_warnings(milestone: Milestone, lead: str, behaviour: str) -> Iterator[date]:
    reports, answered = reports_of(milestone, lead, behaviour), answered_on(milestone, lead, behaviour)
    for day in _pace_days(milestone):
        if day > answered:
            continue
        # The warning goes out when the office opens: a report of the same day comes after it.
        done = max((report.quantity for report in reports if report.on < day), default=0)
        if done < scheduled(milestone, day):
            yield day


def not_inspected(listed: ProjectList, behaviour: str) -> list[ExpectedFact]:
    """The inspections that the cap of a department and month leaves out, over all its projects: on one day they come in
    the order in which the projects wake, which follows from their identities alone."""
    opened: Counter[tuple[str, int, int]] = Counter()
    rungs = sorted(
        (on, wakes(project.project_id), project.project_id, milestone.milestone_id, project.lead_department)
        for project in listed.projects
        for milestone in project.milestones
        if milestone.due_on is not None and not _is_over(milestone)
        for on, kind, _, _ in _rungs(milestone.due_on, project.lead_department)
        if kind == "inspection_notice" and on <= answered_on(milestone, project.lead_department, behaviour)
    )
    left = []
    for on, _, project_id, milestone_id, lead in rungs:
        month = (lead, on.year, on.month)
        if opened[month] >= _INSPECTIONS_PER_MONTH:
            left.append(ExpectedFact(on, "InspectionNotOpened", project_id, milestone_id, "burden_cap"))
        opened[month] += opened[month] < _INSPECTIONS_PER_MONTH
    return left


def wakes(project_id: str) -> int:
    """The millisecond after the opening of the office at which a project wakes."""
    return int.from_bytes(hashlib.sha256(project_id.encode()).digest()[:8], "big") % (_SPREAD_MINUTES * 60_000)


def _facts_of_project(project: KeyProject, behaviour: str) -> Iterator[ExpectedFact]:
    lead, project_id = project.lead_department, project.project_id
    for name in (lead, *project.participating_departments):
        if signed_on(name, behaviour) > _receipt_limit():
            yield ExpectedFact(_receipt_limit(), "LimitPassed", project_id, None, name)
    for milestone in project.milestones:
        assert milestone.due_on is not None
        if _is_over(milestone):
            continue
        milestone_id, answered = milestone.milestone_id, answered_on(milestone, lead, behaviour)
        for number, ended in missed_periods(milestone, lead, behaviour):
            yield ExpectedFact(ended, "ReportPeriodMissed", project_id, milestone_id, str(number))
        if answered > milestone.due_on:
            yield ExpectedFact(milestone.due_on, "DeadlineBreached", project_id, milestone_id, lead)
            for name in project.participating_departments:
                if answered_on(milestone, name, behaviour) > milestone.due_on:
                    yield ExpectedFact(milestone.due_on, "DeadlineBreached", project_id, milestone_id, name)
