"""The rules of who has which part of a project: declined, disputed, given to another department; one error each."""

from __future__ import annotations

from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, MilestoneId, ProjectId


class LeadDeclinesWholeError(BrokenRuleError, rule="lead_declines_whole"):
    """A lead department declines the whole assignment: one milestone alone cannot have another lead."""

    says = "牵头部门只能退回整个项目 {project_id} 的交办（不写节点）；个别节点的职责有争议，请就该节点提出争议。"
    project_id: ProjectId


class NothingDeclinedError(BrokenRuleError, rule="declined_first"):
    """There is no declined assignment to rule on."""

    says = "{department}没有退回的交办等待处理，无须处理。"
    department: DepartmentId


class SameDepartmentError(BrokenRuleError, rule="another_department"):
    """A duty is given to another department than the one that has it."""

    says = "{department}本来就承担这项任务，不能再写它：请写另一个部门。"
    department: DepartmentId


class NotAParticipantError(BrokenRuleError, rule="participating_department"):
    """The department has no part in the milestone or the project."""

    says = (
        "{department}不是项目 {project_id} 在办的参与部门：请核对部门和项目；"
        "应由项目以外的部门承担的，请退回交办或请督查人员改派。"
    )
    project_id: ProjectId
    department: DepartmentId


class LeadAloneError(BrokenRuleError, rule="somebody_takes_part"):
    """Nobody takes part in the milestone, or in the whole project: no department can be disputed with or replaced."""

    project_id: ProjectId
    milestone_id: MilestoneId | None
    lead: DepartmentId

    def _sentence(self) -> str:
        where = f"节点 {self.milestone_id}" if self.milestone_id else f"项目 {self.project_id}"
        return (
            f"{where} 只有牵头部门{self.lead}，没有在办的参与部门："
            f"应由项目以外的部门承担的，请退回交办或请督查人员改派。"
        )


class DisputePendingError(BrokenRuleError, rule="one_dispute"):
    """A dispute about the milestone waits for its decision."""

    says = "节点 {milestone_id} 已有争议，不能另提：{waits}，请等结果。"
    milestone_id: MilestoneId
    waits: str


class NoDisputeError(BrokenRuleError, rule="dispute_first"):
    """There is no dispute to decide."""

    says = "节点 {milestone_id} 没有等待裁定的争议，无须裁定。"
    milestone_id: MilestoneId
