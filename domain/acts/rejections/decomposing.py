"""The rules of giving parts of a duty to units below, one error each."""

from __future__ import annotations

from datetime import date

from domain.errors import BrokenRuleError
from domain.ids import LEVELS_AT_MOST, DepartmentId, MilestoneId, ProjectId


class TooManyLevelsError(BrokenRuleError, rule="levels_at_most"):
    """A duty is given downwards through a few levels only."""

    milestone_id: MilestoneId

    def _sentence(self) -> str:
        return f"任务至多分解到第{LEVELS_AT_MOST}级，节点 {self.milestone_id} 不能再分解：请由本单位直接办理。"


class UnitHasDutyError(BrokenRuleError, rule="one_part_for_each_unit"):
    """A unit gets one part of a milestone, and has no other duty in its project."""

    says = "节点 {milestone_id} 不能再分解给{unit}：{has}；请从名单中去掉，其他单位可以另分。"
    milestone_id: MilestoneId
    unit: DepartmentId
    has: str


class SubDutyAfterDutyError(BrokenRuleError, rule="part_before_whole"):
    """A part is done before the whole is due."""

    says = "分解任务的时限 {due_on} 晚于节点 {milestone_id} 本身的时限 {answer_by}：请写不晚于它的日期。"
    milestone_id: MilestoneId
    due_on: date
    answer_by: date


class PartBeyondWholeError(BrokenRuleError, rule="part_within_whole"):
    """A part gets no later date than the whole has: who answers for the whole asks for its own extension first."""

    says = (
        "节点 {milestone_id} 是 {whole} 的一部分，那里的时限是 {whole_due_on}，不能延到它之后的 {given}："
        "请写不晚于它的日期，或由分出任务的部门先申请延期，获批后再办。"
    )
    milestone_id: MilestoneId
    whole: MilestoneId
    whole_due_on: date
    given: date


class NoSubDutyDateError(BrokenRuleError, rule="part_has_a_date"):
    """Where the department has no date ahead of it itself, it says until when its units have time."""

    says = "节点 {milestone_id} 没有尚未到期的时限，请写明分解任务的时限。"
    milestone_id: MilestoneId


class NotTheAssigningError(BrokenRuleError, rule="assigning_department"):
    """A sub-duty is supervised by the department that gave it, and by no other department."""

    says = "{project_id} 是{assigned_by}分解的任务：审核、催办和裁定请由{assigned_by}办理，{by}不能办理。"
    project_id: ProjectId
    by: str
    assigned_by: DepartmentId


class NoSuchPartError(BrokenRuleError, rule="known_part"):
    """What is said of a part is said of one that was given."""

    says = "节点 {milestone_id} 没有分解出任务 {sub_duty}：请核对编号。"
    milestone_id: MilestoneId
    sub_duty: ProjectId


class UnitIsAboveError(BrokenRuleError, rule="unit_is_not_above"):
    """Nobody supervises itself: a sub-duty goes to no department above it."""

    says = (
        "{project_id} 是从{unit}分解下来的任务，不能再由{unit}承担：请改由别的单位承担；"
        "不用再分给别的单位的，请由分解任务的部门或督查人员撤销 {project_id}。"
    )
    project_id: ProjectId
    unit: DepartmentId
