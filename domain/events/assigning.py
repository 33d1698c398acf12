"""How a project comes under supervision: docketed, assigned, and what was over before it began."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import ProjectEvent
from domain.ids import DepartmentId, MilestoneId
from domain.lists.readings import ruling_words, with_ruling
from domain.papers.draft import order_text, paper, sign_by
from domain.papers.paper import Paper
from domain.project import KeyProject, RuledReading
from domain.rules.calendar import WorkingCalendar
from domain.rules.policy import SupervisionPolicy
from domain.state import ProjectState
from domain.state.change import Change, milestone_change
from domain.state.rounds import opened


class ProjectDocketed(ProjectEvent):
    """A key project was taken into supervision: as issued, with the rules and the calendar that it starts under."""

    type: Literal["ProjectDocketed"] = "ProjectDocketed"
    year: int
    list_title: str
    document_number: str | None
    issued_on: date
    project: KeyProject
    policy: SupervisionPolicy
    calendar: WorkingCalendar

    def begun(self) -> ProjectState:
        """The state that a docketing begins."""
        return ProjectState(
            year=self.year,
            list_title=self.list_title,
            project=self.project,
            policy=self.policy,
            calendar=self.calendar,
            docketed_at=self.decided_at,
            next_seq=self.seq + 1,
            milestones={
                milestone.milestone_id: opened(milestone, self.project) for milestone in self.project.milestones
            },
        )

    def words(self) -> str:
        return f"立项：{self.project.title}（{len(self.project.milestones)}个节点）"


class ProjectAssigned(ProjectEvent):
    """The project was given to its lead department by a supervision order."""

    type: Literal["ProjectAssigned"] = "ProjectAssigned"
    lead_department: DepartmentId
    participating_departments: tuple[DepartmentId, ...]

    def paper(self, state: ProjectState) -> Paper | None:
        return paper(
            state,
            self,
            "supervision_order",
            state.lead,
            f"{order_text(state)}{sign_by(state, state.lead, self.decided_at.date())}。",
            copies_to=state.project.participating_departments,
        )

    def words(self) -> str:
        return f"交办{self.lead_department}，发督查通知单"


class ReadingRuled(RuledReading, ProjectEvent):
    """The operator ruled how doubtful words of the notice are read: the words, what was assumed, who ruled what."""

    type: Literal["ReadingRuled"] = "ReadingRuled"

    def change(self, state: ProjectState) -> Change:
        return {"rulings": with_ruling(state.rulings, self)}

    def words(self) -> str:
        return ruling_words(self)


class RetrospectiveReportRequested(ProjectEvent):
    """A milestone's window was over before supervision began: what was done, and when, is asked for without alarm."""

    type: Literal["RetrospectiveReportRequested"] = "RetrospectiveReportRequested"
    milestone_id: MilestoneId
    due_on: date

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, retrospective=True)

    def words(self) -> str:
        return f"交办前已到期（{self.due_on}），请补报"


AssigningEvent = ProjectDocketed | ProjectAssigned | ReadingRuled | RetrospectiveReportRequested
