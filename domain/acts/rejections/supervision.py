"""The rules of supervision by due dates that a command can break, one error each."""

from __future__ import annotations

from datetime import date

from domain.errors import BrokenRuleError
from domain.ids import DepartmentId, MilestoneId, ProjectId, is_milestone, record_name

_SETTLED = {
    "completed": "节点 {milestone_id} 已办结，不必再办：请由审核人以外的督查人员销号。",
    "struck_off": "节点 {milestone_id} 已销号，不必再办。",
    "withdrawn": "节点 {milestone_id} 已撤销，不必再办：撤错了的，请督查人员在清单里重新列入后再交清单。",
    "carried_over": ("节点 {milestone_id} 已结转，请在以后年份的清单里办理：结转错了的，请督查人员收回结转。"),
    "ended": "节点 {milestone_id} 已终结，不必再办：终结错了的，请督查人员收回年终结转。",
}
"""What became of a milestone, by its stage, and what that asks for."""


class UnknownProjectError(BrokenRuleError, rule="known_project"):
    """No project of this identity is supervised."""

    says = "没有督办中的项目 {project_id}：请核对编号，全部项目见登记簿。"
    project_id: ProjectId


class ProjectClosedError(BrokenRuleError, rule="open_project"):
    """The project is archived or withdrawn: nothing more can be asked of it."""

    project_id: ProjectId
    stage: str = "archived"

    def _sentence(self) -> str:
        state = "撤销" if self.stage == "withdrawn" else "归档"
        return f"项目 {self.project_id} 已{state}，不再接受办理：年终结转或撤销办错了的，请督查人员收回后再办。"


class ReservedRequestError(BrokenRuleError, rule="list_request"):
    """Only a list amends and withdraws under the request ids of lists: what is done by hand has others."""

    says = "请求编号 {request_id} 以 plan- 开头，那是清单变更的编号：请换一个编号。"
    request_id: str


class UnknownMilestoneError(BrokenRuleError, rule="known_milestone"):
    """The project has no milestone of this identity."""

    project_id: ProjectId
    milestone_id: MilestoneId
    last: MilestoneId | None

    def _sentence(self) -> str:
        known = f"节点编号从 {self.project_id}-01 到 {self.last}" if self.last else "该项目没有任何节点"
        return f"项目 {self.project_id} 没有节点 {self.milestone_id}；{known}。"


class NotYourMilestoneError(BrokenRuleError, rule="own_milestone"):
    """Only the lead department reports on a milestone and completes it."""

    milestone_id: MilestoneId
    by: str
    lead: DepartmentId

    def _sentence(self) -> str:
        # What is asked of the whole project is named by it.
        what = "节点" if is_milestone(self.milestone_id) else "项目"
        return f"{what} {self.milestone_id} 由{self.lead}牵头：这件事请由{self.lead}办理，{self.by}不能代办。"


class NotAnOperatorError(BrokenRuleError, rule="operator_only"):
    """Reviewing, striking off, urging, amending, withdrawing: acts of the supervision section, by a named person."""

    says = "{by}是承办部门，不能办理这一项：请督查人员以本人姓名办理。"
    by: str


class MilestoneSettledError(BrokenRuleError, rule="open_milestone"):
    """The milestone is completed, struck off or withdrawn already."""

    milestone_id: MilestoneId
    stage: str

    def _sentence(self) -> str:
        return _SETTLED[self.stage].format(milestone_id=self.milestone_id)


class CompletionUnderReviewError(BrokenRuleError, rule="one_completion_request"):
    """A completion has been requested and waits for its review."""

    says = "节点 {milestone_id} 的办结申请正在审核，其间不再办理别的：{waits}，请等结果。"
    milestone_id: MilestoneId
    waits: str


class NothingToReviewError(BrokenRuleError, rule="completion_requested_first"):
    """There is no completion request to accept or to send back."""

    says = "节点 {milestone_id} 没有待审核的办结申请：请等部门申请办结。"
    milestone_id: MilestoneId


class NotCompletedError(BrokenRuleError, rule="completed_before_strike_off"):
    """Only a completed milestone can be struck off: completed is not struck off."""

    says = "节点 {milestone_id} 尚未审核办结，不能销号：请先审核办结。"
    milestone_id: MilestoneId


class TwoPersonsError(BrokenRuleError, rule="two_persons"):
    """The person who accepted a completion may not strike it off."""

    says = "节点 {milestone_id} 由{person}审核办结，销号须由另一人办理。"
    milestone_id: MilestoneId
    person: str


class TwoReviewersError(BrokenRuleError, rule="two_persons_extension"):
    """Who reviewed an extension first may not rule on it."""

    says = "节点 {milestone_id} 的延期由{person}初审，批复须由另一人办理。"
    milestone_id: MilestoneId
    person: str


class FutureDateError(BrokenRuleError, rule="no_future_date"):
    """Nothing can have been done on a day that has not come."""

    says = "节点 {milestone_id} 的完成日期 {done_on} 晚于今天（{today}），请写实际完成的日期。"
    milestone_id: MilestoneId
    done_on: date
    today: date


class BeforeWindowError(BrokenRuleError, rule="inside_window"):
    """A milestone may be done before its window began, but not before the year of its list."""

    says = (
        "节点 {milestone_id} 的完成日期 {done_on} 早于 {year} 年，也早于该节点的起始日期 {starts_on}：请核对年份；"
        "清单年度之前确已完成的，请联系督查室撤销该节点。"
    )
    milestone_id: MilestoneId
    done_on: date
    starts_on: date
    year: int


class EmptyReportError(BrokenRuleError, rule="report_says_something"):
    """A report that says nothing is no report."""

    says = "节点 {milestone_id} 的反馈没有内容或太短：请写明做了什么、到什么程度，例如“已完成初稿，正在征求意见”。"
    milestone_id: MilestoneId


class TrueDateMissingError(BrokenRuleError, rule="true_date"):
    """A retrospective report must say on which day the work was really done."""

    says = "节点 {milestone_id} 在交办前已到期，属补报：请写明实际完成日期。"
    milestone_id: MilestoneId


class QuotaNotReachedError(BrokenRuleError, rule="quota_reached"):
    """A milestone with a number to deliver is not done before the number is reached."""

    says = (
        "节点 {milestone_id} 的目标是 {target}{unit}，累计只有 {quantity}{unit}，不能申请办结："
        "请先反馈到今天为止的累计数。"
    )
    milestone_id: MilestoneId
    quantity: int
    target: int
    unit: str


class QuantityFallsError(BrokenRuleError, rule="quantity_never_falls"):
    """A total delivered so far cannot become smaller, but where a report says that it corrects the one before."""

    says = (
        "节点 {milestone_id} 的累计数 {quantity}{unit} 少于已反馈的 {before}{unit}："
        "请写到今天为止的累计数，不是本次新增数；此前多报了的，请在反馈进展时写明这是更正。"
    )
    milestone_id: MilestoneId
    quantity: int
    before: int
    unit: str


class NothingCorrectedError(BrokenRuleError, rule="correction_is_lower"):
    """A correction says which lower total is right: a higher one is reported as any other."""

    says = (
        "节点 {milestone_id} 已反馈的累计数是 {before}{unit}：更正请写明更少的、正确的累计数；"
        "没有减少的，照常反馈，不必写明更正。"
    )
    milestone_id: MilestoneId
    before: int
    unit: str


class NoQuotaError(BrokenRuleError, rule="quantity_needs_quota"):
    """A milestone without a number to deliver takes no number."""

    says = "节点 {milestone_id} 没有目标数，不能填写数量，请用文字反馈。"
    milestone_id: MilestoneId


class OtherProjectError(BrokenRuleError, rule="same_project"):
    """A project is amended by its own row of the list, not by another's."""

    says = "变更的对象是项目 {project_id}，给出的却是项目 {given} 的内容：请按项目编号重新提交。"
    project_id: ProjectId
    given: ProjectId


class EntryTooLongError(BrokenRuleError, rule="act_fits_the_ledger"):
    """Each event that an act makes must fit into one entry of the ledger."""

    says = "项目 {project_id} 的这项办理文字过长（{length} 字节，上限 {most} 字节），台账的一条记录放不下：请缩短文字。"
    project_id: ProjectId
    length: int
    most: int


class RequestReusedError(BrokenRuleError, rule="request_reused"):
    """A request's id belongs to one request: with other content, or from another person, it is another request."""

    request_id: str
    first: str

    def _sentence(self) -> str:
        return (
            f"这个请求编号已用于另一项办理（记录 {record_name(self.first)}），"
            "内容或办理人与本次不同：本次没有办理；确需办理请换一个编号。"
        )


class UndecidableCommandError(BrokenRuleError, rule="decidable_command"):
    """What a command leads to cannot be worked out: nothing of it happens, and everything else goes on."""

    says = (
        "项目 {project_id} 的这项办理（{command}）推算不出结果（{problem}），没有办理："
        "请核对其中的日期和数字；仍不能办理时，请把这句话告知系统维护人员。"
    )
    project_id: ProjectId
    command: str
    problem: str


class EvidenceNotKeptError(BrokenRuleError, rule="evidence_is_kept"):
    """A command shows a file that was never kept."""

    says = "出示的佐证“{name}”没有保存在佐证库中，或大小不符：请出示原件。"
    name: str
    sha256: str


class UnreadableCommandError(BrokenRuleError, rule="readable_command"):
    """What arrived is not a command."""

    says = "收到的指令无法识别：{problem}"
    problem: str


class NotCancelledError(BrokenRuleError, rule="supervision_goes_on"):
    """A supervision is not cancelled in the engine: it ends with its project."""

    says = "督办流程不能在引擎中取消：要撤销项目请办理撤销，要暂停请办理中止。"
