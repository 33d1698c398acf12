"""The rules of supervision by due dates that a command can break, one error each."""

from __future__ import annotations

from datetime import date

from domain.errors import RejectedError
from domain.ids import DepartmentId, MilestoneId, ProjectId, is_milestone

_SETTLED = {"completed": "办结", "struck_off": "销号", "withdrawn": "撤销", "carried_over": "结转", "ended": "终结"}

__all__ = [
    "BeforeWindowError",
    "CompletionUnderReviewError",
    "EmptyReportError",
    "EntryTooLongError",
    "EvidenceNotKeptError",
    "FutureDateError",
    "MilestoneSettledError",
    "NoQuotaError",
    "NotAnOperatorError",
    "NotCancelledError",
    "NotCompletedError",
    "NotYourMilestoneError",
    "NothingToReviewError",
    "OtherProjectError",
    "ProjectClosedError",
    "QuantityFallsError",
    "QuotaNotReachedError",
    "RequestReusedError",
    "ReservedRequestError",
    "TrueDateMissingError",
    "TwoPersonsError",
    "UndecidableCommandError",
    "UnknownMilestoneError",
    "UnknownProjectError",
    "UnreadableCommandError",
]


class UnknownProjectError(RejectedError):
    """No project of this identity is supervised."""

    rule = "known_project"

    def __init__(self, *, project_id: ProjectId) -> None:
        super().__init__(f"没有督办中的项目 {project_id}；请用 duban status 查看项目编号。", project_id=project_id)


class ProjectClosedError(RejectedError):
    """The project is archived or withdrawn: nothing more can be asked of it."""

    rule = "open_project"

    def __init__(self, *, project_id: ProjectId, stage: str = "archived") -> None:
        state = "撤销" if stage == "withdrawn" else "归档"
        super().__init__(f"项目 {project_id} 已{state}，不再接受办理。", project_id=project_id, stage=stage)


class ReservedRequestError(RejectedError):
    """Only a list amends and withdraws under the request ids of lists: what is done by hand has others."""

    rule = "list_request"

    def __init__(self, *, request_id: str) -> None:
        text = f"请求编号 {request_id} 以 plan- 开头，那是清单变更的编号：请换一个编号。"
        super().__init__(text, request_id=request_id)


class UnknownMilestoneError(RejectedError):
    """The project has no milestone of this identity."""

    rule = "known_milestone"

    def __init__(self, *, project_id: ProjectId, milestone_id: MilestoneId, last: MilestoneId | None) -> None:
        known = f"节点编号从 {project_id}-01 到 {last}" if last else "该项目没有任何节点"
        text = f"项目 {project_id} 没有节点 {milestone_id}；{known}。"
        super().__init__(text, project_id=project_id, milestone_id=milestone_id)


class NotYourMilestoneError(RejectedError):
    """Only the lead department reports on a milestone and completes it."""

    rule = "own_milestone"

    def __init__(self, *, milestone_id: MilestoneId, by: str, lead: DepartmentId) -> None:
        # What is asked of the whole project is named by it.
        what = "节点" if is_milestone(milestone_id) else "项目"
        text = f"{what} {milestone_id} 由{lead}牵头，{by}不能代为反馈或办结。"
        super().__init__(text, milestone_id=milestone_id, by=by, lead_department=lead)


class NotAnOperatorError(RejectedError):
    """Reviewing, striking off, urging, amending, withdrawing: acts of the supervision section, by a named person."""

    rule = "operator_only"

    def __init__(self, *, by: str) -> None:
        super().__init__(f"{by}是承办部门：这项办理须由督查人员以本人姓名进行。", by=by)


class MilestoneSettledError(RejectedError):
    """The milestone is completed, struck off or withdrawn already."""

    rule = "open_milestone"

    def __init__(self, *, milestone_id: MilestoneId, stage: str) -> None:
        word = _SETTLED.get(stage, stage)
        super().__init__(f"节点 {milestone_id} 已{word}，不能再次办理。", milestone_id=milestone_id, stage=stage)


class CompletionUnderReviewError(RejectedError):
    """A completion has been requested and waits for its review."""

    rule = "one_completion_request"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 的办结申请正在审核，不能重复申请或反馈。", milestone_id=milestone_id)


class NothingToReviewError(RejectedError):
    """There is no completion request to accept or to send back."""

    rule = "completion_requested_first"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 没有待审核的办结申请。", milestone_id=milestone_id)


class NotCompletedError(RejectedError):
    """Only a completed milestone can be struck off: completed is not struck off."""

    rule = "completed_before_strike_off"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 尚未审核办结，不能销号。", milestone_id=milestone_id)


class TwoPersonsError(RejectedError):
    """The person who accepted a completion may not strike it off."""

    rule = "two_persons"

    def __init__(self, *, milestone_id: MilestoneId, person: str) -> None:
        text = f"节点 {milestone_id} 由{person}审核办结，销号须由另一人办理。"
        super().__init__(text, milestone_id=milestone_id, person=person)


class FutureDateError(RejectedError):
    """Nothing can have been done on a day that has not come."""

    rule = "no_future_date"

    def __init__(self, *, milestone_id: MilestoneId, done_on: date, today: date) -> None:
        text = f"节点 {milestone_id} 的完成日期 {done_on} 晚于今天（{today}）。"
        super().__init__(text, milestone_id=milestone_id, done_on=done_on, today=today)


class BeforeWindowError(RejectedError):
    """A milestone may be done before its window began, but not before the year of its list."""

    rule = "inside_window"

    def __init__(self, *, milestone_id: MilestoneId, done_on: date, starts_on: date, year: int) -> None:
        text = (
            f"节点 {milestone_id} 的完成日期 {done_on} 早于 {year} 年，也早于该节点的起始日期 {starts_on}：请核对年份；"
            "清单年度之前确已完成的，请联系督查室撤销该节点。"
        )
        super().__init__(text, milestone_id=milestone_id, done_on=done_on, starts_on=starts_on)


class EmptyReportError(RejectedError):
    """A report that says nothing is no report."""

    rule = "report_says_something"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        text = (
            f"节点 {milestone_id} 的反馈没有内容：请写明做了什么、到什么程度，"
            "例如 duban report 项目 节点 “已完成初稿，正在征求意见” --by 部门。"
        )
        super().__init__(text, milestone_id=milestone_id)


class TrueDateMissingError(RejectedError):
    """A retrospective report must say on which day the work was really done."""

    rule = "true_date"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        text = f"节点 {milestone_id} 在交办前已到期，属补报：请用 --done-on 写明实际完成日期。"
        super().__init__(text, milestone_id=milestone_id)


class QuotaNotReachedError(RejectedError):
    """A milestone with a number to deliver is not done before the number is reached."""

    rule = "quota_reached"

    def __init__(self, *, milestone_id: MilestoneId, quantity: int, target: int, unit: str) -> None:
        text = f"节点 {milestone_id} 的目标是 {target}{unit}，累计只有 {quantity}{unit}，不能申请办结。"
        super().__init__(text, milestone_id=milestone_id, quantity=quantity, target=target)


class QuantityFallsError(RejectedError):
    """A total delivered so far cannot become smaller."""

    rule = "quantity_never_falls"

    def __init__(self, *, milestone_id: MilestoneId, quantity: int, before: int, unit: str) -> None:
        text = f"节点 {milestone_id} 的累计数 {quantity}{unit} 少于已反馈的 {before}{unit}。"
        super().__init__(text, milestone_id=milestone_id, quantity=quantity, before=before)


class NoQuotaError(RejectedError):
    """A milestone without a number to deliver takes no number."""

    rule = "quantity_needs_quota"

    def __init__(self, *, milestone_id: MilestoneId) -> None:
        super().__init__(f"节点 {milestone_id} 没有目标数，不能填写数量。", milestone_id=milestone_id)


class OtherProjectError(RejectedError):
    """A project is amended by its own row of the list, not by another's."""

    rule = "same_project"

    def __init__(self, *, project_id: ProjectId, given: ProjectId) -> None:
        text = f"变更的对象是项目 {project_id}，给出的却是项目 {given} 的内容。"
        super().__init__(text, project_id=project_id, given=given)


class EntryTooLongError(RejectedError):
    """Each event that an act makes must fit into one entry of the ledger."""

    rule = "act_fits_the_ledger"

    def __init__(self, *, project_id: ProjectId, length: int, most: int) -> None:
        text = (
            f"项目 {project_id} 的这项办理文字过长（{length} 字节，上限 {most} 字节），台账的一条记录放不下："
            "请缩短文字。"
        )
        super().__init__(text, project_id=project_id, length=length, most=most)


class RequestReusedError(RejectedError):
    """A request's id belongs to one request: with other content, or from another person, it is another request."""

    rule = "request_reused"

    def __init__(self, *, request_id: str, first: str) -> None:
        text = (
            f"请求编号 {request_id} 已用于另一项办理（{first}），内容或办理人与本次不同：本次没有办理；"
            "确需办理请换一个编号。"
        )
        super().__init__(text, request_id=request_id, first=first)


class UndecidableCommandError(RejectedError):
    """What a command leads to cannot be worked out: nothing of it happens, and everything else goes on."""

    rule = "decidable_command"

    def __init__(self, *, project_id: ProjectId, command: str, problem: str) -> None:
        text = (
            f"项目 {project_id} 的这项办理（{command}）推算不出结果（{problem}），没有办理："
            "请核对其中的日期和数字；仍不能办理时，请把这句话告知系统维护人员。"
        )
        super().__init__(text, project_id=project_id, command=command, problem=problem)


class EvidenceNotKeptError(RejectedError):
    """A command shows a file that was never kept."""

    rule = "evidence_is_kept"

    def __init__(self, *, name: str, sha256: str) -> None:
        super().__init__(
            f"出示的佐证“{name}”没有保存在佐证库中，或大小不符：请用 --evidence 文件 出示原件。",
            name=name,
            sha256=sha256,
        )


class UnreadableCommandError(RejectedError):
    """What arrived is not a command."""

    rule = "readable_command"

    def __init__(self, *, problem: str) -> None:
        super().__init__(f"收到的指令无法识别：{problem}", problem=problem)


class NotCancelledError(RejectedError):
    """A supervision is not cancelled in the engine: it ends with its project."""

    rule = "supervision_goes_on"

    def __init__(self) -> None:
        super().__init__("督办流程不能在引擎中取消：撤销项目请用 duban withdraw，暂停请用 duban suspend。")
