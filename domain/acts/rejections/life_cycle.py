"""The rules of the whole life cycle that a command can break, one error each."""

from __future__ import annotations

from datetime import date

from domain.errors import RejectedError
from domain.ids import DepartmentId, MilestoneId, ProjectId


class LifeCycleNeededError(RejectedError):
    """The act belongs to the whole life cycle, which a policy of version 1 does not have."""

    rule = "life_cycle_policy"

    def __init__(self, *, project_id: ProjectId) -> None:
        text = f"项目 {project_id} 按第 1 版督办规则运行，没有这项办理；请在规则文件中写 version: 2 后用于下一份清单。"
        super().__init__(text, project_id=project_id)


class NotYourDutyError(RejectedError):
    """Only a department that has a duty in the milestone acts on it, and each on its own."""

    rule = "own_duty"

    def __init__(self, *, milestone_id: MilestoneId | None, project_id: ProjectId, by: str) -> None:
        where = f"节点 {milestone_id}" if milestone_id else f"项目 {project_id}"
        text = f"{by}不是{where} 的牵头或参与部门，不能办理。"
        super().__init__(text, milestone_id=milestone_id, project_id=project_id, by=by)


class PartSettledError(RejectedError):
    """The participating department's own part is delivered, or it was released from it."""

    rule = "open_part"

    def __init__(self, *, milestone_id: MilestoneId, department: DepartmentId, stage: str) -> None:
        word = {"delivered": "已交付本部门部分", "released": "已解除该节点的参与任务"}.get(stage, stage)
        super().__init__(f"{department}在节点 {milestone_id} {word}，不能再次办理。", milestone_id=milestone_id)


class NotADeputyError(RejectedError):
    """Who acts on behalf of another must be appointed its deputy for that day."""

    rule = "appointed_deputy"

    def __init__(self, *, deputy: str, principal: str, today: date) -> None:
        text = f"{deputy}在 {today} 没有代{principal}办理的授权；请先由{principal}办理 duban deputy appoint。"
        super().__init__(text, deputy=deputy, principal=principal, today=today)


class NoDeputyError(RejectedError):
    """Only a deputy that was appointed can be dismissed."""

    rule = "deputy_to_dismiss"

    def __init__(self, *, deputy: str, principal: str) -> None:
        text = f"{principal}没有委托{deputy}代办，无须终止；现有的代办人见 duban status。"
        super().__init__(text, deputy=deputy, principal=principal)


class OwnDeputyError(RejectedError):
    """A deputy is appointed by the one for whom it will act, and is another."""

    rule = "own_deputy"

    def __init__(self, *, by: str, principal: str) -> None:
        text = f"代办人须由被代办的一方（{principal}）自己指定，且不能是自己；本次由{by}提出。"
        super().__init__(text, by=by, principal=principal)


class OtherSideDeputyError(RejectedError):
    """A department acts for a department, a person of the supervision section for another: never across."""

    rule = "deputy_of_same_side"

    def __init__(self, *, deputy: str, principal: str) -> None:
        text = f"{deputy}不能代{principal}办理：承办部门只能由部门代办，督查人员只能由督查人员代办。"
        super().__init__(text, deputy=deputy, principal=principal)


class PeriodBackwardsError(RejectedError):
    """A period ends on or after the day on which it begins, and not in the past."""

    rule = "period_runs_forward"

    def __init__(self, *, from_on: date, until_on: date) -> None:
        super().__init__(f"期限从 {from_on} 到 {until_on}：结束不能早于开始，也不能早于今天。", until_on=until_on)


class ReceiptSignedError(RejectedError):
    """The department has signed for all of it already."""

    rule = "one_receipt"

    def __init__(self, *, department: DepartmentId) -> None:
        super().__init__(f"{department}已签收，不必重复签收。", department=department)


class DeclinePendingError(RejectedError):
    """The department's assignment was declined already and waits for the assigning side."""

    rule = "one_decline"

    def __init__(self, *, department: DepartmentId) -> None:
        super().__init__(f"{department}已退回交办，正在等待交办方处理。", department=department)


class LeadDeclinesWholeError(RejectedError):
    """A lead department declines the whole assignment: one milestone alone cannot have another lead."""

    rule = "lead_declines_whole"

    def __init__(self, *, project_id: ProjectId) -> None:
        text = f"牵头部门只能退回整个项目 {project_id} 的交办（不写节点）；个别节点有争议请用 duban dispute。"
        super().__init__(text, project_id=project_id)


class NothingDeclinedError(RejectedError):
    """There is no declined assignment to rule on."""

    rule = "declined_first"

    def __init__(self, *, department: DepartmentId) -> None:
        super().__init__(f"{department}没有退回的交办等待处理。", department=department)


class SameDepartmentError(RejectedError):
    """A duty is given to another department than the one that has it."""

    rule = "another_department"

    def __init__(self, *, department: DepartmentId) -> None:
        super().__init__(f"{department}已承担这项任务，请写另一个部门。", department=department)


class NotAParticipantError(RejectedError):
    """The department has no part in the milestone or the project."""

    rule = "participating_department"

    def __init__(self, *, project_id: ProjectId, department: DepartmentId) -> None:
        text = f"{department}不是项目 {project_id} 在办的参与部门。"
        super().__init__(text, project_id=project_id, department=department)


class DisputePendingError(RejectedError):
    """A dispute about the milestone waits for its decision."""

    rule = "one_dispute"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 已有争议等待裁定。", milestone_id=milestone_id)


class NoDisputeError(RejectedError):
    """There is no dispute to decide."""

    rule = "dispute_first"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 没有等待裁定的争议。", milestone_id=milestone_id)


class ExtensionTooLateError(RejectedError):
    """An extension is asked for before the due date; afterwards only grace is left, which is another act."""

    rule = "before_due_date"

    def __init__(self, *, milestone_id: MilestoneId, due_on: date | None) -> None:
        was = f"已于 {due_on} 到期" if due_on else "没有可延期的时限"
        text = f"节点 {milestone_id} {was}：延期须在到期前申请，逾期后只能由督查部门宽限（duban grace）。"
        super().__init__(text, milestone_id=milestone_id, due_on=due_on)


class NotYetDueError(RejectedError):
    """Grace is for what is late; before the due date an extension is asked for."""

    rule = "grace_after_due_date"

    def __init__(self, *, milestone_id: MilestoneId, due_on: date | None) -> None:
        text = f"节点 {milestone_id} 的时限是 {due_on or '待定'}，尚未逾期：请由牵头部门申请延期。"
        super().__init__(text, milestone_id=milestone_id, due_on=due_on)


class NoLaterDateError(RejectedError):
    """A new date is later than the one that holds."""

    rule = "later_date"

    def __init__(self, *, milestone_id: MilestoneId, given: date | None, after: date) -> None:
        text = f"节点 {milestone_id} 的新日期须晚于 {after}，给出的是 {given or '（未写）'}。"
        super().__init__(text, milestone_id=milestone_id, given=given, after=after)


class ExtensionPendingError(RejectedError):
    """An extension of the milestone waits for its ruling."""

    rule = "one_extension_request"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 已有延期申请在办，不能重复申请。", milestone_id=milestone_id)


class TooManyExtensionsError(RejectedError):
    """The policy bounds how often a milestone is extended."""

    rule = "extensions_at_most"

    def __init__(self, *, milestone_id: MilestoneId, granted: int) -> None:
        text = f"节点 {milestone_id} 已批准延期 {granted} 次，达到规则上限，不能再申请。"
        super().__init__(text, milestone_id=milestone_id, granted=granted)


class NoExtensionError(RejectedError):
    """There is no extension at the step that the act belongs to."""

    rule = "extension_step"

    def __init__(self, *, milestone_id: MilestoneId, needed: str) -> None:
        super().__init__(f"节点 {milestone_id} 没有{needed}的延期申请。", milestone_id=milestone_id)


class TwoReviewersError(RejectedError):
    """Who reviewed an extension first may not rule on it."""

    rule = "two_persons_extension"

    def __init__(self, *, milestone_id: MilestoneId, person: str) -> None:
        text = f"节点 {milestone_id} 的延期由{person}初审，批复须由另一人办理。"
        super().__init__(text, milestone_id=milestone_id, person=person)


class InspectionOpenError(RejectedError):
    """An inspection of the milestone is under way."""

    rule = "one_inspection"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 的督查正在进行，不能重复开展。", milestone_id=milestone_id)


class NoInspectionError(RejectedError):
    """There is no inspection at the step that the act belongs to."""

    rule = "inspection_step"

    def __init__(self, *, milestone_id: MilestoneId, needed: str) -> None:
        super().__init__(f"节点 {milestone_id} 没有{needed}的督查。", milestone_id=milestone_id)


class BurdenCapError(RejectedError):
    """A department is not inspected more often in a month than the policy allows, unless a reason is given."""

    rule = "burden_cap"

    def __init__(self, *, department: DepartmentId, this_month: int, cap: int) -> None:
        text = f"{department}本月已被督查 {this_month} 次，达到上限 {cap} 次；确需开展请用 --despite-cap 写明理由。"
        super().__init__(text, department=department, this_month=this_month, cap=cap)


class PastDateError(RejectedError):
    """A date that is set does not lie before the first day on which it can be met or end."""

    rule = "future_date"

    def __init__(self, *, given: date, earliest: date) -> None:
        text = f"日期 {given} 已过：最早可写 {earliest}。"
        super().__init__(text, given=given, earliest=earliest)


class NoDirectiveError(RejectedError):
    """There is no directive that waits for an answer."""

    rule = "directive_first"

    def __init__(self, *, project_id: ProjectId) -> None:
        super().__init__(f"项目 {project_id} 没有等待反馈的领导批示。", project_id=project_id)


class SuspendedError(RejectedError):
    """It is suspended already."""

    rule = "one_suspension"

    def __init__(self, *, what: str) -> None:
        super().__init__(f"{what}已中止；要改理由或期限，请先用 duban resume 恢复。", what=what)


class NotSuspendedError(RejectedError):
    """Only what is suspended can be resumed."""

    rule = "suspended_first"

    def __init__(self, *, what: str) -> None:
        super().__init__(f"{what}没有中止，无须恢复。", what=what)


class NotSilencedError(RejectedError):
    """Only a silence that holds can be ended."""

    rule = "silenced_first"

    def __init__(self, *, what: str) -> None:
        super().__init__(f"{what}没有停发通知，无须恢复。", what=what)


class SameCalendarError(RejectedError):
    """The calendar is the one that the project is under already."""

    rule = "another_calendar"

    def __init__(self, *, project_id: ProjectId) -> None:
        super().__init__(f"项目 {project_id} 已按这份工作日历运行，没有变化。", project_id=project_id)


class YearNotOverError(RejectedError):
    """A year is carried over to a later one."""

    rule = "later_year"

    def __init__(self, *, year: int, to_year: int) -> None:
        super().__init__(f"{year}年的清单只能结转到以后的年份，给出的是 {to_year}。", year=year, to_year=to_year)


class StrikeOffFirstError(RejectedError):
    """What is completed is not carried over: it is struck off before the year is closed."""

    rule = "strike_off_before_closing"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        text = f"节点 {milestone_id} 已办结、尚未销号，不能结转：请先销号（duban strike-off），再作年终办理。"
        super().__init__(text, milestone_id=milestone_id)


class NoPeriodError(RejectedError):
    """A report names a period that has begun, of a milestone that has periods."""

    rule = "known_period"

    def __init__(self, *, milestone_id: MilestoneId, period: int, periods: int) -> None:
        what = f"共 {periods} 期，只能反馈已开始的各期" if periods else "不分期反馈"
        text = f"节点 {milestone_id} {what}，给出的是第 {period} 期。"
        super().__init__(text, milestone_id=milestone_id, period=period)


class PartWithoutQuantityError(RejectedError):
    """What is counted is what the lead department answers for; a participant reports its part in words."""

    rule = "lead_counts"

    def __init__(self, *, milestone_id: MilestoneId, department: DepartmentId) -> None:
        text = f"节点 {milestone_id} 的累计数由牵头部门填报，{department}作为参与部门请用文字反馈。"
        super().__init__(text, milestone_id=milestone_id, department=department)
