"""The rules of giving parts of a duty to units below, one error each."""

from __future__ import annotations

from datetime import date

from domain.errors import RejectedError
from domain.ids import LEVELS_AT_MOST, DepartmentId, MilestoneId, ProjectId

__all__ = [
    "NoSubDutyDateError",
    "NotTheAssigningError",
    "SubDutyAfterDutyError",
    "TooManyLevelsError",
    "UnitHasDutyError",
]


class TooManyLevelsError(RejectedError):
    """A duty is given downwards through a few levels only."""

    rule = "levels_at_most"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        text = f"任务至多分解到第{LEVELS_AT_MOST}级，节点 {milestone_id} 不能再分解：请由本单位直接办理。"
        super().__init__(text, milestone_id=milestone_id, levels=LEVELS_AT_MOST)


class UnitHasDutyError(RejectedError):
    """A unit gets one part of a milestone, and has no other duty in its project."""

    rule = "one_part_for_each_unit"

    def __init__(self, *, milestone_id: MilestoneId, unit: DepartmentId) -> None:
        text = f"{unit}在节点 {milestone_id} 所在的项目已有任务（或这次写了两遍），不能再分解给它：请核对名单。"
        super().__init__(text, milestone_id=milestone_id, unit=unit)


class SubDutyAfterDutyError(RejectedError):
    """A part is done before the whole is due."""

    rule = "part_before_whole"

    def __init__(self, *, milestone_id: MilestoneId, due_on: date, answer_by: date) -> None:
        text = f"分解任务的时限 {due_on} 晚于节点 {milestone_id} 本身的时限 {answer_by}：请写不晚于它的日期。"
        super().__init__(text, milestone_id=milestone_id, due_on=due_on, answer_by=answer_by)


class NoSubDutyDateError(RejectedError):
    """Where the department has no date ahead of it itself, it says until when its units have time."""

    rule = "part_has_a_date"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        text = f"节点 {milestone_id} 没有尚未到期的时限，请写明分解任务的时限（--due 日期）。"
        super().__init__(text, milestone_id=milestone_id)


class NotTheAssigningError(RejectedError):
    """A sub-duty is supervised by the department that gave it, and by no other department."""

    rule = "assigning_department"

    def __init__(self, *, project_id: ProjectId, by: str, assigned_by: DepartmentId) -> None:
        text = f"{project_id} 是{assigned_by}分解的任务：审核、催办和裁定由{assigned_by}办理，{by}不能办理。"
        super().__init__(text, project_id=project_id, by=by, assigned_by=assigned_by)
