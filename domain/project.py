"""What an office's list says: key projects, their departments and their milestones, as issued.

These models are the plan that a year starts from. They never change while the year runs: what happens to
a milestone is told by events.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.bounds import Day, Months, Offset, Target, Year
from domain.frozen import Frozen, added_later, says_nothing
from domain.ids import DepartmentId, MilestoneId, ProjectId, is_sub_duty, project_of
from domain.names import Name
from domain.texts import Cell, Label, Part


class Quota(Frozen):
    """A number that must be delivered (`30场`, `100%`): `value` of `unit`."""

    value: Target
    unit: Label

    @property
    def told(self) -> str:
        """As one writes it: `30场`, `30 stops`."""
        return f"{self.value}{' ' * self.unit[:1].isascii() * self.unit[:1].isalpha()}{self.unit}"


class Recurrence(Frozen):
    """A duty that comes back: `count` times in all, every so many months where the notice says so.

    `day` is the day of the month by which each session is due (`每月5日前`), `month` which month of the period holds it
    (`每季度首月10日前`: the first). Both came later and are absent where they say nothing (ADR 0050).
    """

    count: Target
    every_months: Months | None = None
    day: int | None = Field(default=None, ge=1, le=31, exclude_if=says_nothing)
    month: int | None = Field(default=None, ge=1, le=12, exclude_if=says_nothing)


class SourceSpan(Frozen):
    """Where in the project's `schedule_text` a milestone was read: character offsets, the end not included."""

    start: Offset
    end: Offset


class Milestone(Frozen):
    """One deliverable of a key project with the window in which it must be done.

    `starts_on` is absent for a window that only has an end (`6月底前`); `due_on` is inclusive, and absent only
    for a milestone that waits for a ruling. `born_late` says that the window was over when the notice was issued.
    `without` are those of the row's participants that get no part of it: in the year before they delivered theirs.
    """

    milestone_id: MilestoneId
    description: Part
    window_text: Part
    starts_on: Day | None
    due_on: Day | None
    assigned: Literal["window", "inherited", "embedded"]
    ongoing: bool = False
    born_late: bool = False
    recurrence: Recurrence | None = None
    quota: Quota | None = None
    source: SourceSpan
    without: tuple[DepartmentId, ...] | None = added_later()

    @model_validator(mode="after")
    def _window_runs_forward(self) -> Self:
        if self.starts_on is not None and self.due_on is not None and self.starts_on > self.due_on:
            raise ValueError(f"节点 {self.milestone_id} 的起始日期 {self.starts_on} 晚于时限 {self.due_on}")
        return self


class KeyProject(Frozen):
    """One row of the list: its printed serial, its departments, its schedule as printed and as read.

    `category`, `priority`, `source` and `responsible_leader` are what columns of these names say, or the section that
    the row stands in. `above` are the departments through which it was given, the nearest first, where it is a sub-duty
    and no row of the list; the nearest one supervises it.
    """

    project_id: ProjectId
    serial: Label
    title: Part
    main_content: Cell = ""
    lead_department: DepartmentId
    participating_departments: tuple[DepartmentId, ...] = ()
    schedule_text: Cell
    milestones: tuple[Milestone, ...]
    category: Label | None = added_later()
    priority: Label | None = added_later()
    source: Label | None = added_later()
    responsible_leader: Label | None = added_later()
    above: tuple[DepartmentId, ...] | None = added_later()

    @property
    def assigned_by(self) -> DepartmentId | None:
        """The department that gave it; none of a row of the list."""
        return self.above[0] if self.above else None

    @model_validator(mode="after")
    def _milestones_are_ours_and_distinct(self) -> Self:
        ids = [milestone.milestone_id for milestone in self.milestones]
        if len(set(ids)) != len(ids):
            raise ValueError(f"项目 {self.project_id} 有两个编号相同的节点")
        for milestone_id in ids:
            if project_of(milestone_id) != self.project_id:
                raise ValueError(f"节点 {milestone_id} 的编号不属于项目 {self.project_id}")
        if is_sub_duty(self.project_id) != (self.assigned_by is not None):
            raise ValueError(f"{self.project_id}：分解任务须有分解它的部门，清单项目没有")
        return self


class SubDuty(Frozen):
    """A part of a milestone that a department gave to one of its units, under an identity of its own."""

    project_id: ProjectId
    unit: DepartmentId
    description: Part
    due_on: Day
    quota: Quota | None = None


class RuledReading(Frozen):
    """The operator's word on what a notice leaves open, with the words ruled on: kept in the plan, then on record.

    `finding` is the key of the doubt, `code` its kind, `assumed` what was read before the ruling.
    """

    milestone_id: MilestoneId | None = None
    finding: Label
    code: Label
    doubt: Cell
    source_text: Cell
    assumed: Cell | None = None
    choice: Part
    reason: Part | None = None
    ruled_by: Name | None = None
    ruled_on: Day | None = None


class ListHeader(Frozen):
    """What stands above the table of a year's list."""

    document_number: Label | None
    title: Part
    issuer: Label | None
    issued_on: Day
    year: Year


class ProjectList(ListHeader):
    """A year's list of key projects, as a notice issued it."""

    projects: tuple[KeyProject, ...]

    @model_validator(mode="after")
    def _projects_are_distinct(self) -> Self:
        counts = Counter(project.project_id for project in self.projects)
        if twice := [project_id for project_id, count in counts.items() if count > 1]:
            raise ValueError(f"清单里有两个编号同为 {twice[0]} 的项目")
        return self

    def rulings_about(self, project: KeyProject) -> tuple[RuledReading, ...]:
        """The operator's rulings that concern a project: a list as such has none, a plan has."""
        return ()

    @property
    def header(self) -> ListHeader:
        """The list without its rows."""
        return ListHeader(**{name: getattr(self, name) for name in ListHeader.model_fields})
