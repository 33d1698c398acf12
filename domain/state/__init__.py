"""The state of a key project: what its events add up to. Nothing here is derived from the clock."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal, TypedDict

from pydantic import AwareDatetime, Field

from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.project import KeyProject, Milestone, RuledReading
from domain.rules.calendar import SharedCalendar
from domain.rules.life_cycle import LimitKind
from domain.rules.policy import SharedPolicy
from domain.state.duties import *
from domain.state.last_words import LastWord
from domain.state.under_way import *

ProjectStage = Literal["assigned", "in_progress", "completed", "struck_off", "withdrawn", "archived"]


class AppliedRequest(Frozen):
    """A request that was applied: the events that it made, so that the same request again gets the same answer.

    `digest` is that of what was asked; absent of what was recorded before requests had one.
    """

    request_id: str
    first_seq: int
    last_seq: int
    digest: str | None = None


class BeforeTheEnd(Frozen):
    """How a project stood before it was withdrawn or its year was closed: what a reopening goes back to.

    `to_the_end` says that the act has ended the project itself, so that nothing can have happened since.
    """

    to_the_end: bool = False
    ended_at: AwareDatetime
    milestones: dict[MilestoneId, MilestoneState]
    limits: dict[str, Limit]
    suspension: Pause | None
    silence: Silence | None
    directives: dict[int, Directive]


class ProjectFields(TypedDict, total=False):
    """What changes of a project."""

    project: KeyProject
    policy: SharedPolicy
    calendar: SharedCalendar
    next_seq: int
    milestones: dict[MilestoneId, MilestoneState]
    withdrawn: bool
    archived: bool
    applied: dict[str, AppliedRequest]
    limits: dict[str, Limit]
    suspension: Pause | None
    silence: Silence | None
    deputies: tuple[Deputy, ...]
    directives: dict[int, Directive]
    rulings: tuple[RuledReading, ...]
    planned_inspections_taken: tuple[date, ...]
    before_the_end: BeforeTheEnd | None
    undecided: tuple[Undecided, ...]
    bulletins: tuple[Bulletin, ...]
    last_words: dict[str, LastWord]


class ProjectState(Frozen):
    """A key project under supervision, as its events tell it.

    `undecided` is what time brought and could not be decided; which of it is still open is asked elsewhere.
    `last_words` are those of acts that say what their person had seen: a state of before there were any stays as it is.
    """

    year: int
    list_title: str
    project: KeyProject
    policy: SharedPolicy
    calendar: SharedCalendar
    docketed_at: AwareDatetime
    next_seq: int
    milestones: dict[MilestoneId, MilestoneState]
    withdrawn: bool = False
    archived: bool = False
    applied: dict[str, AppliedRequest] = Field(default_factory=dict)
    limits: dict[str, Limit] = Field(default_factory=dict)
    suspension: Pause | None = None
    silence: Silence | None = None
    deputies: tuple[Deputy, ...] = ()
    directives: dict[int, Directive] = Field(default_factory=dict)
    rulings: tuple[RuledReading, ...] = ()
    planned_inspections_taken: tuple[date, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    bulletins: tuple[Bulletin, ...] = Field(default=(), exclude_if=lambda there: not there)
    before_the_end: BeforeTheEnd | None = None
    last_words: dict[str, LastWord] = Field(default_factory=dict, exclude_if=lambda there: not there)

    def ending(self, at: AwareDatetime) -> BeforeTheEnd:
        """How it stands now, kept for a way back from an end at this instant."""
        return BeforeTheEnd(
            ended_at=at,
            milestones=self.milestones,
            limits=self.limits,
            suspension=self.suspension,
            silence=self.silence,
            directives=self.directives,
        )

    def digest(self) -> str:
        """The hash of all that it says: two states with the same one are the same."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def stage(self) -> ProjectStage:
        """The project's stage, from those of its milestones."""
        if self.archived:
            return "archived"
        if self.withdrawn:
            return "withdrawn"
        stages = {milestone.stage for milestone in self.milestones.values()} - {"withdrawn"}
        if stages == {"struck_off"}:
            return "struck_off"
        if stages and stages <= {"struck_off", "completed"}:
            return "completed"
        return "assigned" if stages <= {"assigned"} else "in_progress"

    @property
    def closed(self) -> bool:
        """Whether nothing more can happen to the project."""
        return self.archived or self.withdrawn

    @property
    def project_id(self) -> ProjectId:
        """The project's identity."""
        return self.project.project_id

    @property
    def lead(self) -> DepartmentId:
        """The department that leads the project now."""
        return self.project.lead_department

    def issued(self, milestone_id: MilestoneId) -> Milestone:
        """A milestone as the notice issued it, or as it was amended since."""
        for milestone in self.project.milestones:
            if milestone.milestone_id == milestone_id:
                return milestone
        raise KeyError(milestone_id)

    def open_limit(
        self,
        kind: LimitKind,
        milestone_id: MilestoneId | None = None,
        owner: DepartmentId | None = None,
        *,
        about: DepartmentId | None = None,
    ) -> Limit | None:
        """The matter of this kind that waits for its answer, if there is one (of any owner, about anyone, where none
        is named)."""
        for limit in self.limits.values():
            if limit.kind != kind or limit.milestone_id != milestone_id:
                continue
            if owner in (None, limit.owner) and about in (None, limit.about):
                return limit
        return None

    def suspended(self, milestone_id: MilestoneId | None) -> bool:
        """Whether the project, or this milestone of it, is suspended."""
        milestone = self.milestones.get(milestone_id or "")
        return self.suspension is not None or (milestone is not None and milestone.suspension is not None)

    def assigned_on(self, milestone_id: MilestoneId) -> date:
        """The day on which a milestone was given to its departments: with the project, or later by the list."""
        return self.milestones[milestone_id].added_on or self.docketed_at.date()

    def duty_of(self, milestone_id: MilestoneId, department: DepartmentId | None) -> MilestoneState | PartState:
        """The duty of a department in a milestone: the lead's where no participant is named."""
        milestone = self.milestones[milestone_id]
        return milestone if department is None else milestone.parts[department]


def target_of(milestone: Milestone) -> tuple[int, str] | None:
    """The number that a milestone must deliver, and its unit: its quota, or how often it comes back."""
    if milestone.quota is not None:
        return milestone.quota.value, milestone.quota.unit
    if milestone.recurrence is not None:
        return milestone.recurrence.count, "次"
    return None
