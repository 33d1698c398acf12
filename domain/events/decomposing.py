"""What a department gave to the units below it."""

from __future__ import annotations

from typing import Literal

from domain.events.event import ProjectEvent
from domain.ids import DepartmentId, MilestoneId
from domain.project import SubDuty
from domain.state import GivenPart, ProjectState
from domain.state.change import Change, milestone_change

__all__ = ["DecomposingEvent", "DutyDecomposed"]


class DutyDecomposed(ProjectEvent):
    """A department gave parts of its duty to units below it; each is supervised on its own, under its identity."""

    type: Literal["DutyDecomposed"] = "DutyDecomposed"
    milestone_id: MilestoneId
    department: DepartmentId
    sub_duties: tuple[SubDuty, ...]

    def change(self, state: ProjectState) -> Change:
        milestone = state.milestones.get(self.milestone_id)
        before = (milestone.sub_duties if milestone else None) or ()
        given = tuple(GivenPart(**dict(each), by=self.department) for each in self.sub_duties)
        return milestone_change(state, self.milestone_id, sub_duties=(*before, *given))

    def words(self) -> str:
        units = "、".join(each.unit for each in self.sub_duties)
        return f"{self.department}分解任务给{len(self.sub_duties)}个单位：{units}"


DecomposingEvent = DutyDecomposed
