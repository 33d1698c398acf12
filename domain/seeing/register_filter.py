"""Which rows of the register a query asks for: what a store says in its own language, said once in ours.

A list of an instant that has passed is chosen with this; the contract of the register holds every store to it.
"""

from __future__ import annotations

from datetime import date

from domain.ids import is_sub_duty
from domain.ports.register import DutyQuery, ProjectQuery
from domain.ports.register_lines import DutyRow, RegisteredProject


def words_of(project: RegisteredProject) -> str:
    """Everything that a text is searched in, a line each."""
    row = project.row
    names = dict.fromkeys(duty.department for duty in project.duties)
    told = dict.fromkeys(duty.description for duty in project.duties)
    return "\n".join((row.title, row.lead_department, row.responsible_leader or "", *names, *told))


def is_asked_for(project: RegisteredProject, query: ProjectQuery) -> bool:
    """Whether a query asks for a project."""
    row = project.row
    takes_part = {duty.department for duty in project.duties if duty.role == "participant"}
    return (
        query.year in (None, row.year)
        and query.lead in (None, row.lead_department)
        and (not query.leads or row.lead_department in query.leads)
        and query.category in (None, row.category)
        and query.source in (None, row.source)
        and query.leader in (None, row.responsible_leader)
        and (not query.overdue or row.overdue > 0)
        and (not query.undecided or row.undecided > 0)
        and (not query.directed or row.directives > 0)
        and (query.among is None or row.project_id in query.among)
        and (query.participant is None or query.participant in takes_part)
        and (not query.participants or not takes_part.isdisjoint(query.participants))
        and (not query.lights or row.light in query.lights)
        and (not query.stages or row.stage in query.stages)
        and _within(row.next_due_on, query.due_from, query.due_until)
        and (not query.text or query.text in words_of(project))
        and not (query.listed_only and is_sub_duty(row.project_id))
    )


def duty_is_asked_for(duty: DutyRow, query: DutyQuery, year: int) -> bool:
    """Whether a query asks for a duty of a project of a year."""
    return (
        query.year in (None, year)
        and query.project_id in (None, duty.project_id)
        and query.department in (None, duty.department)
        and (not query.names or duty.department in query.names)
        and (query.among is None or duty.project_id in query.among)
        and query.role in (None, duty.role)
        and query.open in (None, duty.open)
        and query.signed in (None, duty.signed)
        and (not query.lights or duty.light in query.lights)
        and (not query.stages or duty.stage in query.stages)
        and _within(duty.answer_by, query.due_from, query.due_until)
        and (not query.text or query.text in duty.description)
        and not (query.listed_only and is_sub_duty(duty.project_id))
    )


def _within(day: date | None, first: date | None, last: date | None) -> bool:
    if first is None and last is None:
        return True
    return day is not None and (first is None or first <= day) and (last is None or day <= last)
