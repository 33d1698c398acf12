"""What a department gave to the units below it, what became of it, and who supervises it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from domain.events.event import ProjectEvent
from domain.frozen import FieldsOf, Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.names import same_name
from domain.papers.draft import about, inside, paper
from domain.papers.paper import Paper
from domain.project import SubDuty
from domain.rules.of_sub_duties import turned_over
from domain.state import GivenPart, MilestoneState, ProjectState
from domain.state.change import Change, each_milestone, milestone_change


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


class SubDutyWithdrawn(ProjectEvent):
    """A part that was given to a unit was withdrawn, as its own record tells: the unit may be given another."""

    type: Literal["SubDutyWithdrawn"] = "SubDutyWithdrawn"
    milestone_id: MilestoneId
    department: DepartmentId
    sub_duty: ProjectId
    unit: DepartmentId

    def change(self, state: ProjectState) -> Change:
        return _part_change(state, self.milestone_id, self.sub_duty, withdrawn=True)

    def words(self) -> str:
        return f"分解给{self.unit}的任务 {self.sub_duty} 已撤销"


class SubDutyRestored(ProjectEvent):
    """A part that was withdrawn was reopened, as its own record tells."""

    type: Literal["SubDutyRestored"] = "SubDutyRestored"
    milestone_id: MilestoneId
    department: DepartmentId
    sub_duty: ProjectId
    unit: DepartmentId

    def change(self, state: ProjectState) -> Change:
        return _part_change(state, self.milestone_id, self.sub_duty, withdrawn=None)

    def words(self) -> str:
        return f"分解给{self.unit}的任务 {self.sub_duty} 已恢复督办"


class SubDutyReassigned(ProjectEvent):
    """A part that was given to a unit is another one's now, as its own record tells."""

    type: Literal["SubDutyReassigned"] = "SubDutyReassigned"
    milestone_id: MilestoneId
    department: DepartmentId
    sub_duty: ProjectId
    before: DepartmentId
    after: DepartmentId

    def change(self, state: ProjectState) -> Change:
        return _part_change(state, self.milestone_id, self.sub_duty, unit=self.after)

    def words(self) -> str:
        return f"分解任务 {self.sub_duty} 由{self.before}改由{self.after}承担"


class NamedPart(Frozen):
    """A part, by its identity and its unit."""

    project_id: ProjectId
    unit: DepartmentId


class SubDutiesHandedOver(ProjectEvent):
    """The parts that a department had given are another one's to supervise, which took over the duty (`department`).

    What the new one itself does of them goes into its whole; its own record tells that it was withdrawn.
    """

    type: Literal["SubDutiesHandedOver"] = "SubDutiesHandedOver"
    department: DepartmentId
    before: DepartmentId
    parts: tuple[NamedPart, ...]

    def change(self, state: ProjectState) -> Change:
        named = {each.project_id for each in self.parts}

        def hand_over(milestone: MilestoneState) -> MilestoneState:
            given = milestone.sub_duties or ()
            if not any(each.project_id in named for each in given):
                return milestone
            return milestone.having(
                sub_duties=tuple(
                    each.having(by=self.department) if each.project_id in named else each for each in given
                )
            )

        return each_milestone(state, hand_over)

    def amends(self, state: ProjectState) -> str:
        return self.words()

    def paper(self, state: ProjectState) -> Paper | None:
        text = f"{about(state, None)}的分解任务：{self.words()}。"
        return paper(state, self, "status_notice", self.department, text, copies_to=(self.before,))

    def words(self) -> str:
        own = [each for each in self.parts if same_name(each.unit, self.department)]
        over = [each for each in self.parts if each not in own]
        said = [f"{self.before}分解的{len(over)}项任务（{_units(over)}）转由{self.department}督办"] if over else []
        said += [
            f"{self.department}承担的分解任务 {each.project_id} 并入上级任务一并办理，不再单列（随之撤销）"
            for each in own
        ]
        return "；".join(said)


class AssigningDepartmentChanged(ProjectEvent):
    """A sub-duty is supervised by another department, which took over the duty that it is a part of.

    `before` and `after` are the departments above it, the nearest first: what waits for the one before waits for the
    one after.
    """

    type: Literal["AssigningDepartmentChanged"] = "AssigningDepartmentChanged"
    basis: str
    before: tuple[DepartmentId, ...]
    after: tuple[DepartmentId, ...]

    def change(self, state: ProjectState) -> Change:
        to = dict(zip(self.before, self.after, strict=False))
        return {
            "project": state.project.having(above=self.after),
            "policy": turned_over(state.policy, to),
            "limits": {
                limit_id: limit.having(owner=to.get(limit.owner, limit.owner))
                for limit_id, limit in state.limits.items()
            },
        }

    def paper(self, state: ProjectState) -> Paper | None:
        if self.before[0] == self.after[0]:
            return None  # who supervises it is the same: another one above that
        text = (
            f"{about(state, None)}原由{self.before[0]}分解和督办，现由{self.after[0]}督办（{inside(self.basis)}）。"
            f"此后的反馈、办结申请和延期申请报{self.after[0]}；时限不变，违期记录保留。"
        )
        return paper(state, self, "status_notice", state.lead, text)

    def words(self) -> str:
        if self.before[0] != self.after[0]:
            return f"督办这项分解任务的部门由{self.before[0]}改为{self.after[0]}（{self.basis}）"
        return f"上级部门由{'、'.join(self.before[1:])}改为{'、'.join(self.after[1:])}（{self.basis}）"


def _units(parts: Sequence[NamedPart]) -> str:
    return "、".join(each.unit for each in parts)


def _part_change(
    state: ProjectState, milestone_id: MilestoneId, sub_duty: ProjectId, **update: FieldsOf[GivenPart]
) -> Change:
    milestone = state.milestones.get(milestone_id)
    given = tuple(
        each.model_copy(update=update) if each.project_id == sub_duty else each
        for each in (milestone.sub_duties if milestone else None) or ()
    )
    return milestone_change(state, milestone_id, sub_duties=given) if given else {}


DecomposingEvent = (
    DutyDecomposed
    | SubDutyWithdrawn
    | SubDutyRestored
    | SubDutyReassigned
    | SubDutiesHandedOver
    | AssigningDepartmentChanged
)
