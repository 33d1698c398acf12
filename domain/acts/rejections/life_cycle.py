"""The rules of the whole life cycle that a command can break, one error each."""

from __future__ import annotations

from datetime import date

from domain.actors import spoken
from domain.clock import OFFICE_TIME
from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.state import ExtensionStage, InspectionStage
from domain.state.last_words import FACT_WORDS, Fact, LastWord

_INSPECTED: dict[InspectionStage | None, str] = {
    None: "现在没有督查在办，无须办理",
    "opened": "督查还在进行，请先由督查人员作出结论",
    "concluded": "结论已经作出，请由牵头部门答复",
    "rectifying": "请由牵头部门报告整改",
    "checking": "整改已经报告，请由督查人员核查",
    "answered": "牵头部门已经答复，请由督查人员结束督查",
}
"""What comes next in an inspection, by the step that it is at."""
_STEP_OF: dict[ExtensionStage, str] = {
    "asked": "申请在等初审，请先初审",
    "reviewed": "申请已初审，请由另一人批复",
    "more_asked": "请由牵头部门按要求补充说明",
}
_AMENDED = "请由督查室变更该节点，写明时限"


class NotYourDutyError(BrokenRuleError, rule="own_duty"):
    """Only a department that has a duty in the milestone acts on it, and each on its own."""

    milestone_id: MilestoneId | None
    project_id: ProjectId
    by: str

    def _sentence(self) -> str:
        where = f"节点 {self.milestone_id}" if self.milestone_id else f"项目 {self.project_id}"
        return f"{self.by}不是{where} 的牵头或参与部门，不能办理：请核对编号，由承担这项任务的部门办理。"


class PartSettledError(BrokenRuleError, rule="open_part"):
    """The participating department's own part is delivered, or it was released from it."""

    milestone_id: MilestoneId
    department: DepartmentId
    stage: str

    def _sentence(self) -> str:
        word = {"delivered": "已交付本部门部分", "released": "已解除该节点的参与任务"}.get(self.stage, self.stage)
        return f"{self.department}在节点 {self.milestone_id} {word}，不必再办。"


class NotADeputyError(BrokenRuleError, rule="appointed_deputy"):
    """Who acts on behalf of another must be appointed its deputy for that day."""

    says = "{deputy}在 {today} 没有代{principal}办理的授权；请先由{principal}指定代办人。"
    deputy: str
    principal: str
    today: date


class NoDeputyError(BrokenRuleError, rule="deputy_to_dismiss"):
    """Only a deputy that was appointed can be dismissed."""

    says = "{principal}没有委托{deputy}代办，无须终止；请核对现有的代办人。"
    deputy: str
    principal: str


class OwnDeputyError(BrokenRuleError, rule="own_deputy"):
    """A deputy is appointed by the one for whom it will act, and is another."""

    says = "代办人须由被代办的一方（{principal}）自己指定；本次由{by}提出，请由{principal}办理。"
    by: str
    principal: str


class DeputyIsAnotherError(BrokenRuleError, rule="deputy_is_another"):
    """Nobody is a deputy of himself, and the engine is nobody's."""

    says = "{principal}的代办人不能是{deputy}：请写另一个部门或另一个人。"
    principal: str
    deputy: str


class OtherSideDeputyError(BrokenRuleError, rule="deputy_of_same_side"):
    """A department acts for a department, a person of the supervision section for another: never across."""

    says = "{deputy}不能代{principal}办理：承办部门只能由部门代办，督查人员只能由督查人员代办。"
    deputy: str
    principal: str


class PeriodBackwardsError(BrokenRuleError, rule="period_runs_forward"):
    """A period ends on or after the day on which it begins, and not in the past."""

    says = "期限从 {from_on} 到 {until_on}：结束不能早于开始，也不能早于今天，请改写日期。"
    from_on: date
    until_on: date


class ReceiptSignedError(BrokenRuleError, rule="one_receipt"):
    """The department has signed for all of it already."""

    says = "{department}已签收，不必重复签收。"
    department: DepartmentId


class DeclinePendingError(BrokenRuleError, rule="one_decline"):
    """The department's assignment was declined already and waits for the assigning side."""

    says = "{department}已退回交办，不必再退：{waits}，请等结果。"
    department: DepartmentId
    waits: str


class ReportedAfterwardsError(BrokenRuleError, rule="reported_afterwards"):
    """What was over before it was given is reported with its true date; no date of it moves."""

    says = "节点 {milestone_id} 在交办前已到期，属补报，不延期也不宽限：请由牵头部门补报，写明实际完成日期。"
    milestone_id: MilestoneId


class NoDateToMoveError(BrokenRuleError, rule="date_to_move"):
    """What has no date yet gets its first one by an amendment."""

    says = f"节点 {{milestone_id}} 还没有时限，不能延期或宽限：{_AMENDED}。"
    milestone_id: MilestoneId


class ExtensionTooLateError(BrokenRuleError, rule="before_due_date"):
    """An extension is asked for before the due date; afterwards only grace is left, which is another act."""

    says = "节点 {milestone_id} 已于 {due_on} 到期：延期须在到期前申请，逾期后只能由督查室宽限。"
    milestone_id: MilestoneId
    due_on: date


class NotYetDueError(BrokenRuleError, rule="grace_after_due_date"):
    """Grace is for what is late; before the due date an extension is asked for, as long as one can be."""

    milestone_id: MilestoneId
    due_on: date
    awaits: ExtensionStage | None
    extensible: bool

    def _sentence(self) -> str:
        if self.awaits is not None:
            then = _STEP_OF[self.awaits]
        elif self.extensible:
            then = "请由牵头部门申请延期"
        else:
            then = f"延期次数已到上限，到期后才能宽限；此前确需改期，{_AMENDED}"
        return f"节点 {self.milestone_id} 的时限是 {self.due_on}，尚未逾期：{then}。"


class DueBeforeAssignmentError(BrokenRuleError, rule="due_after_assignment"):
    """A duty that is given today is not due before today: it would be late as it is given."""

    says = (
        "节点 {milestone_id} 的时限 {due_on} 已过，今天（{today}）不能按这一时限把任务交给{department}："
        "请先办理宽限，或由督查室变更该节点、写明新的时限，再交办。"
    )
    milestone_id: MilestoneId
    department: DepartmentId
    due_on: date
    today: date


class NoLaterDateError(BrokenRuleError, rule="later_date"):
    """A new date is later than the one that holds."""

    milestone_id: MilestoneId
    given: date | None
    after: date
    working_days_excused: int = 0
    """For how long the clock stood still for the ruling: refused, the date moves by it."""

    def _sentence(self) -> str:
        if not self.working_days_excused:
            return f"节点 {self.milestone_id} 的新日期须晚于 {self.after}，给出的是 {self.given or '（未写）'}。"
        return (
            f"节点 {self.milestone_id} 的新日期须晚于 {self.after}，给出的是 {self.given}："
            f"等待批复停止计时{self.working_days_excused}个工作日，不批准延期时限也顺延到 {self.after}。"
        )


class ExtensionPendingError(BrokenRuleError, rule="one_extension_request"):
    """An extension of the milestone waits for its ruling, or for what the lead was asked to add."""

    milestone_id: MilestoneId
    waits: str | None

    def _sentence(self) -> str:
        if self.waits is None:
            return f"节点 {self.milestone_id} 已有延期申请在办，不能重复申请：{_STEP_OF['more_asked']}。"
        return f"节点 {self.milestone_id} 已有延期申请在办，不能重复申请：{self.waits}，请等结果。"


class TooManyExtensionsError(BrokenRuleError, rule="extensions_at_most"):
    """The policy bounds how often a milestone is extended."""

    says = (
        "节点 {milestone_id} 按规则最多延期 {at_most} 次，已批准 {granted} 次，不能再申请："
        f"确需改期，{_AMENDED}。"
    )
    milestone_id: MilestoneId
    granted: int
    at_most: int


class NoExtensionError(BrokenRuleError, rule="extension_step"):
    """There is no extension at the step that the act belongs to."""

    milestone_id: MilestoneId
    needed: str
    awaits: ExtensionStage | None

    def _sentence(self) -> str:
        then = _STEP_OF[self.awaits] if self.awaits else "请核对节点"
        return f"节点 {self.milestone_id} 没有{self.needed}的延期申请：{then}。"


class InspectionOpenError(BrokenRuleError, rule="one_inspection"):
    """An inspection of the milestone is under way."""

    says = "节点 {milestone_id} 的督查正在进行，不能重复开展：请先办完这一次。"
    milestone_id: MilestoneId


class NoInspectionError(BrokenRuleError, rule="inspection_step"):
    """There is no inspection at the step that the act belongs to."""

    milestone_id: MilestoneId
    needed: str
    stage: InspectionStage | None
    answered: bool = False

    def _sentence(self) -> str:
        then = "结论已经答复，不必再答复" if self.answered else _INSPECTED[self.stage]
        return f"节点 {self.milestone_id} 没有{self.needed}的督查：{then}。"


class BurdenCapError(BrokenRuleError, rule="burden_cap"):
    """A department is not inspected more often in a month than the policy allows, unless a reason is given."""

    says = "{department}本月已被督查 {this_month} 次，达到上限 {cap} 次；确需开展请写明超出上限的理由。"
    department: DepartmentId
    this_month: int
    cap: int


class PastDateError(BrokenRuleError, rule="future_date"):
    """A date that is set does not lie before the first day on which it can be met or end."""

    says = "日期 {given} 已过：最早可写 {earliest}。"
    given: date
    earliest: date


class NoDirectiveError(BrokenRuleError, rule="directive_first"):
    """There is no directive that waits for an answer, or not this one."""

    project_id: ProjectId
    waiting: list[int]

    def _sentence(self) -> str:
        if not self.waiting:
            return f"项目 {self.project_id} 没有等待反馈的领导批示，无须反馈。"
        named = "、".join(map(str, self.waiting))
        return f"项目 {self.project_id} 没有这一件等待反馈的领导批示：请改写，等待反馈的是第 {named} 号。"


class BulletinPublishedError(BrokenRuleError, rule="bulletin_once"):
    """A bulletin with these words about the same is published once in a month: twice, it would count twice."""

    says = "{on} 已就此事通报过{department}，内容相同，没有再发：要更正或补充的，请改写内容，文中会注明承接前一次通报。"
    project_id: ProjectId
    department: DepartmentId
    on: date


class SuspendedError(BrokenRuleError, rule="one_suspension"):
    """It is suspended already."""

    says = "{what}已中止；要改理由或期限，请先恢复。"
    what: str


class NothingToSuspendError(BrokenRuleError, rule="work_to_suspend"):
    """After the year's end there is no work to suspend: only what was asked for besides is still open."""

    says = "项目 {project_id} 已办理年终，没有在办的节点，不能中止：要继续办理，请先收回年终结转。"
    project_id: ProjectId


class NotSuspendedError(BrokenRuleError, rule="suspended_first"):
    """Only what is suspended can be resumed."""

    says = "{what}没有中止，无须恢复。"
    what: str


class NotSilencedError(BrokenRuleError, rule="silenced_first"):
    """Only a silence that holds can be ended."""

    says = "{what}没有停发通知，无须恢复。"
    what: str


class SameCalendarError(BrokenRuleError, rule="another_calendar"):
    """The calendar is the one that the project is under already."""

    says = "项目 {project_id} 已按这份工作日历运行，没有变化，不必再办。"
    project_id: ProjectId


class YearNotOverError(BrokenRuleError, rule="later_year"):
    """A year is carried over to a later one."""

    says = "{year}年的清单只能结转到以后的年份，给出的是 {to_year}，请改写年份。"
    year: int
    to_year: int


class StrikeOffFirstError(BrokenRuleError, rule="strike_off_before_closing"):
    """What is completed is not carried over: it is struck off before the year is closed."""

    says = "节点 {milestone_id} 已办结、尚未销号，不能结转：请先销号，再作年终办理。"
    milestone_id: MilestoneId


class NoPeriodError(BrokenRuleError, rule="known_period"):
    """A report names a period that has begun, of a milestone that has periods."""

    milestone_id: MilestoneId
    period: int
    periods: int
    begins_on: date | None

    def _sentence(self) -> str:
        if not self.periods:
            return f"节点 {self.milestone_id} 不分期反馈，给出的是第 {self.period} 期：请不写期数。"
        if self.begins_on is None:
            return f"节点 {self.milestone_id} 共 {self.periods} 期，没有第 {self.period} 期：请改写期数。"
        return (
            f"节点 {self.milestone_id} 的第 {self.period} 期自 {self.begins_on} 起，现在还不能反馈："
            "不写期数即反馈当期，请改写。"
        )


class PartWithoutQuantityError(BrokenRuleError, rule="lead_counts"):
    """What is counted is what the lead department answers for; a participant reports its part in words."""

    says = "节点 {milestone_id} 的累计数由牵头部门填报，{department}作为参与部门请用文字反馈。"
    milestone_id: MilestoneId
    department: DepartmentId


class LastWordNotSeenError(BrokenRuleError, rule="last_word_seen"):
    """Nobody puts his word in the place of another's that he had not seen."""

    project_id: ProjectId
    fact: Fact
    last: LastWord

    def _sentence(self) -> str:
        last, at, what = self.last, self.last.at.astimezone(OFFICE_TIME), FACT_WORDS[self.fact.kind]
        where = f"节点 {self.fact.milestone_id}" if self.fact.milestone_id else f"项目 {self.project_id}"
        return (
            f"您看过之后，{spoken(last.by)}已于 {at:%Y-%m-%d %H:%M} 就{where} 的{what}另有决定"
            f"（记录 {self.project_id}#{last.seq}），这一项没有办理：请先看现在的情况，仍要办理的，再办一次。"
        )
