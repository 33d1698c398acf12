"""What the register has of one project: its row, its duties, its matters, its deputies, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from domain.colours import Colour
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.rules.life_cycle import LimitKind
from domain.state import Deputy, MilestoneStage, PartStage, ProjectStage

Role = Literal["lead", "participant"]


class ProjectRow(Frozen):
    """One project as lists show it: derived at `as_of` from its first `events` events, true until `changes_at`.

    `milestones` are those that are not withdrawn, `settled` those of them that are completed or more, `overdue` those
    whose date is over without an answer; `unsigned` are the departments that have not signed for an open duty,
    `directives` the leaders' directives that wait for an answer; `undecided` is how much time brought that could not be
    decided and waits for a person. `unsettled` are the milestones that a year's end would settle, `to_strike_off` those
    of them that are completed and must be struck off first, `struck_off` those that are; `matters`, `extensions` and
    `inspections` are what would fall away.
    """

    project_id: ProjectId
    year: int
    title: str
    lead_department: DepartmentId
    category: str | None
    source: str | None
    responsible_leader: str | None
    light: Colour
    explanation: str
    stage: ProjectStage
    next_due_on: date | None
    milestones: int
    settled: int
    overdue: int
    unsigned: int
    undecided: int
    directives: int
    unsettled: int
    to_strike_off: int
    struck_off: int
    matters: int
    extensions: int
    inspections: int
    events: int
    as_of: AwareDatetime
    changes_at: AwareDatetime | None


class DutyRow(Frozen):
    """What one department has to do for one milestone, as lists show it.

    `open` says that an answer is waited for, `early` that it was done before the first day of its window; `done_by` is
    whose work was accepted, where another department has the duty since.
    """

    project_id: ProjectId
    milestone_id: MilestoneId
    department: DepartmentId
    role: Role
    description: str
    stage: MilestoneStage | PartStage
    light: Colour
    explanation: str
    answer_by: date | None
    approved_due_on: date | None
    done_on: date | None
    open: bool
    signed: bool
    stopped: bool
    early: bool
    breaches: int
    reports: int
    done_by: DepartmentId | None = None


class MatterRow(Frozen):
    """A matter of a project that waits for its owner's answer; `of_the_section` where the supervision section owes it.

    `title` is the project's and `description` the milestone's, empty where the matter is about the whole project.
    """

    project_id: ProjectId
    milestone_id: MilestoneId | None
    title: str
    description: str
    kind: LimitKind
    owner: DepartmentId
    about: DepartmentId | None
    due_on: date
    working_days_late: int
    of_the_section: bool


class DeputyRow(Deputy):
    """Who may act for whom in a project, now or later."""

    project_id: ProjectId


@dataclass(frozen=True, slots=True)
class RegisteredProject:
    """All that the register has of one project: its row, its duties in order of the text, its whole view as JSON, the
    matters that wait for an answer, and its deputies."""

    row: ProjectRow
    duties: tuple[DutyRow, ...]
    view: str
    matters: tuple[MatterRow, ...] = ()
    deputies: tuple[DeputyRow, ...] = ()
