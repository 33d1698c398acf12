"""How a running project is changed: its milestones, its texts, its departments, its calendar."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event, added_later
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId
from domain.project import Milestone, SourceSpan
from domain.rules.calendar import WorkingCalendar


class MilestoneAmended(Event):
    """A milestone was changed on this basis; its baseline and its breaches stay. A moved due date opens a new round."""

    type: Literal["MilestoneAmended"] = "MilestoneAmended"
    milestone_id: MilestoneId
    basis: str
    before: Milestone
    after: Milestone
    round: int


class MilestoneAdded(Event):
    """A milestone was added to a project that was running already, on this basis."""

    type: Literal["MilestoneAdded"] = "MilestoneAdded"
    milestone_id: MilestoneId
    basis: str
    milestone: Milestone


class LeadReassigned(Event):
    """Another department leads the project from now on, on this basis; what is open is handed over to it."""

    type: Literal["LeadReassigned"] = "LeadReassigned"
    basis: str
    before: DepartmentId
    after: DepartmentId


class ProjectText(Frozen):
    """What a list says of a project besides its lead and its milestones."""

    serial: str
    title: str
    main_content: str
    participating_departments: tuple[DepartmentId, ...]
    schedule_text: str
    category: str | None = added_later()
    priority: str | None = added_later()
    source: str | None = added_later()
    responsible_leader: str | None = added_later()


class ProjectAmended(Event):
    """A project's title, content, participants, schedule text or classification was changed on this basis.

    `sources` says where the milestones stand in the new schedule text.
    """

    type: Literal["ProjectAmended"] = "ProjectAmended"
    basis: str
    before: ProjectText
    after: ProjectText
    sources: dict[MilestoneId, SourceSpan]


class DutyHandedOver(Event):
    """A new lead took over a milestone that was late, or all but due: it gets days of its own; the breach stays."""

    type: Literal["DutyHandedOver"] = "DutyHandedOver"
    milestone_id: MilestoneId
    before: DepartmentId
    after: DepartmentId
    answer_by: date
    round: int


class MovedDate(Frozen):
    """A date that another calendar moves: whose it is, where it stood and where it stands."""

    of: str
    before: date
    after: date


class CalendarChanged(Event):
    """The working calendar was published or changed: every date that follows from it, before and after.

    Nothing that went out is sent again.
    """

    type: Literal["CalendarChanged"] = "CalendarChanged"
    reason: str
    calendar: WorkingCalendar
    moved: tuple[MovedDate, ...]
