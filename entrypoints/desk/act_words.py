"""What the pages call each act, its button and its fields; the acts themselves are the commands of the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.acts import commands as c
from domain.acts.commands.command import Command
from domain.confidence import STEP_WORDS
from entrypoints.desk.languages import later as _

_BY_RULING: Final = _("不能收回；如有出入，请再次反馈写明，记录都会保留。")
_BY_SUPERVISORS: Final = _("不能删除；写错了的，由督查人员再办一次更正，前后记录都会保留。")


@dataclass(frozen=True, slots=True)
class Words:
    """One act: its title (also its button), what it does, what comes next, how it can be undone."""

    title: str
    does: str
    then: str
    undone: str = _BY_SUPERVISORS


ACTS: Final[Mapping[type[Command], Words]] = {
    c.SignReceipt: Words(
        _("签收"),
        _("确认收到交办。签收只停止签收计时，不等于反馈。"),
        _("接下来请在时限前反馈进展或申请办结。"),
        _("签收不能收回；对职责有异议，请退回交办或提出争议。"),
    ),
    c.ReportProgress: Words(
        _("反馈进展"),
        _("写明做了什么、做到哪里；有目标数的写累计完成数。"),
        _("督查室会看到这次反馈；完成后请申请办结。"),
        _BY_RULING,
    ),
    c.RequestCompletion: Words(
        _("申请办结"),
        _("说明已经完成，并可附佐证；参与部门则报告本部门部分已经完成。"),
        _("督查室审核期间停止计时；审核通过即办结，不通过会写明理由退回。"),
        _("不能收回；督查室可以退回，退回后可以再次申请。"),
    ),
    c.RequestExtension: Words(
        _("申请延期"),
        _("在到期前申请一个新的时限，写明理由和目前进展。"),
        _("先初审、后批复，由两个人办理；批复前停止计时，不批准的，时限按停止的工作日顺延。"),
        _("不能收回；批复可以不同意。"),
    ),
    c.SupplementExtension: Words(
        _("补充延期说明"), _("按要求补充延期申请的说明。"), _("补充后重新进入批复。"), _BY_RULING
    ),
    c.AnswerInspection: Words(_("答复督查"), _("答复督查结论。"), _("督查室会看到答复。"), _BY_RULING),
    c.ReportRectification: Words(
        _("报告整改"), _("说明整改情况，请督查室核查。"), _("核查到位即结束督查，不到位会退回继续整改。"), _BY_RULING
    ),
    c.AnswerDirective: Words(_("反馈批示"), _("反馈领导批示的落实情况。"), _("督查室会看到反馈。"), _BY_RULING),
    c.AcknowledgeReminder: Words(
        _("提醒已阅"),
        _("确认看到最近一次提醒或催办，不等于反馈。"),
        _("还没有申请办结的，请反馈进展；已经申请的，等审核结果。"),
        _("不能收回。"),
    ),
    c.RaiseDispute: Words(
        _("提出争议"), _("与另一部门对职责有争议，请督查室裁定。"), _("裁定前停止计时。"), _("不能收回；督查室会裁定。")
    ),
    c.DeclineAssignment: Words(
        _("退回交办"),
        _("认为不归本部门办理时退回，写明理由。"),
        _("由督查室决定坚持交办或改派；其间停止计时。"),
        _("不能收回；督查室会裁定。"),
    ),
    c.DecomposeDuty: Words(
        _("分解任务"),
        _("把本部门在这个节点的任务分给处室或下级单位，各单位各有一项自己的任务。"),
        _("各单位会收到督查通知单，须签收；由本部门审核、催办，办结几个在这里可以看到。"),
        _("不能收回；分错的可以由本部门撤销那一项，以后可以再分给同一单位。"),
    ),
    c.AcceptCompletion: Words(
        _("审核通过"),
        _("认可完成，节点办结。"),
        _("办结后还须由另一人销号。"),
        _("不能删除；有问题可以退回重办并写明理由。"),
    ),
    c.ReturnForRework: Words(_("退回重办"), _("不认可完成，写明理由退回。"), _("部门会收到退办通知，计时继续。")),
    c.StrikeOff: Words(
        _("销号"), _("由审核人以外的人销号。"), _("销号后这个节点结束，全部销号后项目归档。"), _("销号不能收回。")
    ),
    c.ReviewExtension: Words(_("延期初审"), _("给出建议日期，或（不填日期）建议不同意。"), _("由另一人批复。")),
    c.RuleOnExtension: Words(_("延期批复"), _("同意（写明日期）、不同意，或要求补充。"), _("部门会收到批复。")),
    c.RuleOnDispute: Words(_("裁定争议"), _("裁定由哪个部门负责。"), _("计时按停止的工作日顺延。")),
    c.InsistOnAssignment: Words(_("坚持交办"), _("部门退回后坚持交办。"), _("部门会收到裁定，计时继续。")),
    c.CheckRectification: Words(_("核查整改"), _("核查整改是否到位。"), _("到位即结束督查，不到位继续整改。")),
    c.AssessConfidence: Words(
        _("独立研判"),
        _("对能不能按期完成作出独立判断，写明理由。"),
        _("这个判断写在灯的旁边；与灯相差两级以上会标出来。"),
        _("不能删除；可以再次评估。"),
    ),
    c.Urge: Words(_("催办"), _("人工催办，发出催办单。"), _("催办单随下一次发文送达。"), _("催办单不能收回。")),
    c.IssueDirective: Words(
        _("登记批示"), _("登记领导批示的原文。"), _("由牵头部门反馈落实情况。"), _("不能删除；可再登记一件说明。")
    ),
    c.GrantGrace: Words(_("宽限"), _("到期后宽限到一个新的日期；违期记录保留。"), _("计时按新的日期进行。")),
    c.OpenInspection: Words(
        _("开展督查"), _("对牵头部门开展督查；本月达到上限时须写明理由。"), _("登记发现的问题，然后作出结论。")
    ),
    c.RecordFinding: Words(_("登记问题"), _("登记督查发现的问题。"), _("全部登记后作出结论。")),
    c.ConcludeInspection: Words(_("作出结论"), _("作出督查结论，可要求整改。"), _("部门须答复；要求整改的还须整改。")),
    c.CloseInspection: Words(_("结束督查"), _("结束不要求整改的督查。"), _("督查结束。")),
    c.ReassignLead: Words(_("改派牵头部门"), _("由另一部门牵头，未办结的任务一并移交。"), _("新的牵头部门须签收。")),
    c.ReplaceParticipant: Words(
        _("更换参与部门"),
        _("解除一个参与部门，或由另一部门接替。"),
        _("有接替部门的，由它签收；没有的，原部门不用再办。"),
    ),
    c.Suspend: Words(
        _("中止"), _("停止计时，不催办，不计逾期。"), _("到期或由人恢复后，时限按工作日顺延。"), _("可以恢复。")
    ),
    c.Resume: Words(_("恢复"), _("结束中止，时限按工作日顺延。"), _("计时继续。"), _("可以再次中止。")),
    c.SilenceNotices: Words(_("停发通知"), _("停发通知，照常计逾期。"), _("到期自动恢复。"), _("可以提前恢复发送。")),
    c.EndSilence: Words(_("恢复发送"), _("提前恢复发送通知。"), _("通知照常发送。"), _("可以再次停发。")),
    c.PublishBulletin: Words(
        _("发布通报"), _("对项目中的一个部门通报表扬或批评。"), _("通报随下一次发文送达。"), _("通报不能收回。")
    ),
    c.Withdraw: Words(
        _("撤销"),
        _("不再督办；记录保留。"),
        _("这里不再计时，也不再发文。"),
        _("整个项目的撤销可由督查人员两人收回；单个节点的不能收回，要恢复的请在清单里重新列入后再交清单。"),
    ),
}
NOT_HERE: Final[Mapping[type[Command], str]] = {
    c.AmendProject: "a project is amended by a list that is read anew, which the page of plans is for",
    c.ChangeCalendar: "the calendar comes from a file and concerns every project",
    c.CloseYear: "the year has a page of its own: a preview, then two persons for every project at once",
    c.ChangeAssigningDepartment: "no person asks for it by itself: it follows from what is decided of the whole",
    c.NoteSubDuty: "no person asks for it by itself: it follows from what was done with the part",
    c.AppointDeputy: "deputies have a page of their own, for all projects of a department at once",
    c.DismissDeputy: "deputies have a page of their own, for all projects of a department at once",
    c.ReopenProject: "a closed project is reopened after a preview of the year, with the person who confirms",
}
"""The commands that no form of the desk gives, each with the reason."""

FIELDS: Final[Mapping[str, str]] = {
    "text": _("说明"),
    "reason": _("理由"),
    "done_on": _("实际完成日期（补报时必填，其他不填为今天）"),
    "quantity": _("累计完成数"),
    "corrects": _("这是更正：此前多报了，以这次写的累计完成数为准"),
    "evidence": _("佐证材料（可选，可选多个文件）"),
    "forecast_on": _("预计完成日期"),
    "period": _("补报第几期（不填为当期）"),
    "new_due_on": _("新的时限"),
    "progress": _("目前进展"),
    "against": _("与哪个部门有争议"),
    "note": _("意见"),
    "department": _("部门"),
    "directive": _("反馈哪一件批示"),
    "leader": _("批示领导"),
    "answer_by": _("要求反馈的日期"),
    "kind": _("种类"),
    "recommended_due_on": _("建议延至（不填为建议不同意）"),
    "opinion": _("初审意见"),
    "ruling": _("批复"),
    "to": _("由哪个部门接替"),
    "responsible": _("由哪个部门负责"),
    "despite_cap": _("超出本月上限的理由"),
    "conclusion": _("结论"),
    "rectify": _("要求整改"),
    "rectify_by": _("整改期限"),
    "holds": _("整改情况"),
    "until": _("截止日期"),
    "step": _("有多大把握"),
    "units": _("分给哪些单位（一行一个，或用顿号分开）"),
    "new_units": _("有的是新的单位：名册和在办的任务里都没有"),
    "due_on": _("各单位的时限（不填为本部门的时限）"),
}
NOT_ASKED: Final = frozenset(
    {
        "type",
        "request_id",
        "by",
        "on_behalf_of",
        "milestone_id",
        "this_month",
        "whole_due_on",
        "attested",
        "own_key",
        "seen",
    }
)
"""What no form asks: it follows from the page, from who is signed in, or from the records."""
YES_OR_NO: Final[Mapping[str, Mapping[str, str]]] = {"holds": {"yes": _("到位，督查结束"), "no": _("未到位，继续整改")}}
"""What is asked and has two answers, in the words of each."""
CHOICES: Final[Mapping[str | int, str]] = {
    "grant": _("同意"),
    "refuse": _("不同意"),
    "ask_more": _("要求补充"),
    "praise": _("表扬"),
    "criticism": _("批评"),
    **dict[str | int, str](STEP_WORDS.items()),
}
