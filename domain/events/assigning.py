"""How a project comes under supervision: docketed, assigned, and what was over before it began."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event
from domain.ids import DepartmentId, MilestoneId
from domain.project import KeyProject, RuledReading
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy


class ProjectDocketed(Event):
    """A key project was taken into supervision: as issued, with the rules and the calendar that it starts under."""

    type: Literal["ProjectDocketed"] = "ProjectDocketed"
    year: int
    list_title: str
    document_number: str | None
    issued_on: date
    project: KeyProject
    policy: SupervisionPolicy
    calendar: WorkingCalendar


class ProjectAssigned(Event):
    """The project was given to its lead department by a supervision order."""

    type: Literal["ProjectAssigned"] = "ProjectAssigned"
    lead_department: DepartmentId
    participating_departments: tuple[DepartmentId, ...]


class ReadingRuled(RuledReading, Event):
    """The operator ruled how doubtful words of the notice are read: the words, what was assumed, who ruled what."""

    type: Literal["ReadingRuled"] = "ReadingRuled"


class RetrospectiveReportRequested(Event):
    """A milestone's window was over before supervision began: what was done, and when, is asked for without alarm."""

    type: Literal["RetrospectiveReportRequested"] = "RetrospectiveReportRequested"
    milestone_id: MilestoneId
    due_on: date
