"""What each event of a project says, as one line of Chinese: for the timeline that auditors and operators read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain import events as e
from domain.acts.amending import amendment_words
from domain.lists.readings import ruling_words
from domain.papers.paper import LEVEL_WORDS, PAPER_TITLES, NotSentReason
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.lights import STOP_WORDS

NOT_SENT_WORDS: dict[NotSentReason, str] = {
    "before_assignment": "交办前已过提醒日",
    "stale": "补发已无意义",
    "settled_before_sending": "发送前已办理",
    "suspended": "已中止",
    "silenced": "停发通知期间",
    "burden_cap": "本月文书已达上限",
    "amended": "节点已变更",
    "superseded": "已由更高一级督办代替",
}
_NOT_OPENED = {"burden_cap": "本月督查已达上限", "already_open": "已有督查在进行", "nothing_open": "没有在办节点"}
_AMENDMENTS: tuple[type[e.Event], ...] = (e.MilestoneAmended, e.MilestoneAdded, e.LeadReassigned, e.ProjectAmended)


def _of(event: Any) -> str:
    """A participating department before what is its own; nothing for the lead."""
    department = getattr(event, "department", None)
    return f"{department}：" if department else ""


def _noted(text: str, note: str | None) -> str:
    return f"{text}：{note}" if note else text


_WORDS: dict[type[e.Event], Callable[[Any], str]] = {
    e.ProjectDocketed: lambda o: f"立项：{o.project.title}（{len(o.project.milestones)}个节点）",
    e.ProjectAssigned: lambda o: f"交办{o.lead_department}，发督查通知单",
    e.ReadingRuled: ruling_words,
    e.RetrospectiveReportRequested: lambda o: f"交办前已到期（{o.due_on}），请补报",
    e.ReceiptSigned: lambda o: f"{o.department}签收（{len(o.milestone_ids)}个节点）",
    e.AssignmentDeclined: lambda o: f"{o.department}退回交办：{o.reason}",
    e.AssignmentInsisted: lambda o: f"坚持交办{o.department}：{o.reason}",
    e.ParticipantReplaced: lambda o: (
        f"参与部门{o.before}" + (f"改为{o.after}" if o.after else "不再承担") + f"（{o.basis}）"
    ),
    e.DisputeRaised: lambda o: f"{o.department}就与{o.against}的职责提出争议：{o.text}",
    e.DisputeRuled: lambda o: f"争议裁定：由{o.responsible}负责（{o.reason}）",
    e.ReminderIssued: lambda o: f"{_of(o)}提醒：{o.due_on}到期，还有{o.working_days_before}个工作日",
    e.NoticeNotSent: lambda o: f"{_of(o)}{PAPER_TITLES[o.kind]}未发：{NOT_SENT_WORDS[o.reason]}",
    e.DeadlineBreached: lambda o: (
        f"{_of(o)}违期：{o.due_on}到期" + ("未完成参与部分" if o.department else "未申请办结")
    ),
    e.NoReportReceived: lambda o: f"{_of(o)}到期无反馈（{o.due_on}）",
    e.UrgeIssued: lambda o: f"{_of(o)}催办" + (f"：{o.reason}" if o.reason else f"（{o.due_on}到期）"),
    e.EscalationOrderIssued: lambda o: f"{_of(o)}{LEVEL_WORDS[o.level]}督办单，提级至{o.to}",
    e.ProgressReported: lambda o: (
        "反馈进展"
        + (f"（第{o.period}期）" if o.period else "")
        + (f"，累计{o.quantity}" if o.quantity is not None else "")
        + (f"，预计{o.forecast_on}完成" if o.forecast_on else "")
        + f"：{o.text}"
    ),
    e.CompletionRequested: lambda o: f"申请办结（完成于{o.done_on}）：{o.text}",
    e.PartDelivered: lambda o: f"{o.department}完成参与部分（完成于{o.done_on}）：{o.text}",
    e.ReportPeriodMissed: lambda o: f"第{o.period}期（共{o.periods}期）到{o.ended_on}未反馈",
    e.PaceWarningIssued: lambda o: (
        f"进度预警：应完成{o.scheduled}{o.unit}，累计{o.quantity}{o.unit}（共{o.target}{o.unit}）"
    ),
    e.MilestoneReturnedForRework: lambda o: f"退办：{o.reason}（{o.answer_by}前重新办理）",
    e.MilestoneCompleted: lambda o: _noted(f"审核办结（完成于{o.done_on}）", o.note),
    e.MilestoneStruckOff: lambda o: "销号",
    e.LimitSet: lambda o: f"{LIMIT_WORDS[o.kind]}时限：{o.owner}，{o.due_on}前",
    e.LimitReminderIssued: lambda o: f"提醒{o.to}：{LIMIT_WORDS[o.kind]}时限{o.due_on}",
    e.LimitPassed: lambda o: f"{o.owner}超时：{LIMIT_WORDS[o.kind]}时限{o.due_on}",
    e.LimitEscalated: lambda o: f"{LIMIT_WORDS[o.kind]}超时{o.after_working_days}个工作日，上报{o.to}",
    e.LimitEnded: lambda o: (
        f"{LIMIT_WORDS[o.kind]}"
        + ("已办" if o.answered else "不再需要")
        + (f"，超时{o.working_days_late}个工作日" if o.working_days_late else "")
    ),
    e.RungSkipped: lambda o: f"{_of(o)}到期事项 {o.rung} 无法推算，跳过不办：{o.problem}",
    e.LimitNoticeNotSent: lambda o: f"{LIMIT_WORDS[o.kind]}的提醒或上报未发：{NOT_SENT_WORDS[o.reason]}",
    e.ClockStopped: lambda o: f"{_of(o)}计时停止（{STOP_WORDS[o.because]}）",
    e.ClockResumed: lambda o: (
        f"{_of(o)}计时恢复（{STOP_WORDS[o.because]}），扣除{o.working_days_excused}个工作日"
        + (f"，时限{o.answer_by}" if o.answer_by else "")
    ),
    e.Suspended: lambda o: f"中止{f'至{o.until}' if o.until else ''}：{o.reason}",
    e.Resumed: lambda o: f"恢复：{o.reason}（中止{o.working_days}个工作日）",
    e.NoticesSilenced: lambda o: f"停发通知至{o.until}：{o.reason}",
    e.SilenceEnded: lambda o: f"恢复发送通知：{o.reason}",
    e.ExtensionRequested: lambda o: f"申请延期至{o.requested_due_on}：{o.reason}",
    e.ExtensionReviewed: lambda o: (
        "延期初审："
        + (f"建议延至{o.recommended_due_on}" if o.recommended_due_on else "不建议延期")
        + f"（{o.opinion}）"
    ),
    e.ExtensionMoreAsked: lambda o: f"延期要求补充：{o.question}",
    e.ExtensionSupplemented: lambda o: f"延期补充说明：{o.text}",
    e.ExtensionRefused: lambda o: f"延期不予批准：{o.reason}",
    e.ExtensionLapsed: lambda o: "延期申请不再需要批复",
    e.DeadlineExtended: lambda o: f"批准延期：{o.before}延至{o.after}（申请{o.requested_due_on}）：{o.reason}",
    e.GraceGranted: lambda o: f"逾期宽限：{o.before}宽限至{o.after}：{o.reason}",
    e.InspectionOpened: lambda o: (
        _noted("开展督查", o.reason or (f"年度督查计划{o.planned_on}" if o.planned_on else None))
        + (f"（超出上限的理由：{o.despite_cap}）" if o.despite_cap else "")
    ),
    e.InspectionNotOpened: lambda o: f"未开展督查：{_NOT_OPENED[o.reason]}",
    e.FindingRecorded: lambda o: f"督查发现：{o.text}",
    e.InspectionConcluded: lambda o: (
        f"督查结论：{o.conclusion}" + (f"（{o.rectify_by}前整改）" if o.rectify_by else "")
    ),
    e.InspectionAnswered: lambda o: f"{o.department}答复督查结论：{o.text}",
    e.RectificationReported: lambda o: f"{o.department}报告整改情况：{o.text}",
    e.RectificationReturned: lambda o: f"整改未到位：{o.reason}（{o.rectify_by}前继续整改）",
    e.InspectionClosed: lambda o: _noted("督查结束", o.note),
    e.DirectiveIssued: lambda o: f"{o.leader}批示：{o.text}",
    e.DirectiveAnswered: lambda o: f"{o.department}反馈批示落实情况：{o.text}",
    e.BulletinPublished: lambda o: f"通报{'表扬' if o.kind == 'praise' else '批评'}{o.department}：{o.text}",
    e.DutyHandedOver: lambda o: f"{o.before}移交{o.after}，接办时限{o.answer_by}",
    e.CalendarChanged: lambda o: f"工作日历变更（{o.reason}），{len(o.moved)}个日期随之调整",
    e.DeputyAppointed: lambda o: (
        f"{spoken(o.principal)}委托{spoken(o.deputy)}代办，{o.from_on}至{o.until_on}：{o.reason}"
    ),
    e.DeputyDismissed: lambda o: f"{spoken(o.principal)}终止{spoken(o.deputy)}的代办：{o.reason}",
    e.MilestoneWithdrawn: lambda o: f"撤销节点：{o.reason}",
    e.MilestoneCarriedOver: lambda o: f"结转至{o.to_year}年：{o.reason}",
    e.MilestoneEnded: lambda o: f"裁定终结：{o.reason}",
    e.ProjectWithdrawn: lambda o: f"撤销项目：{o.reason}",
    e.ProjectArchived: lambda o: "归档",
    e.CommandRejected: lambda o: f"指令不予办理（{o.rule}）：{o.text}",
    **dict.fromkeys(_AMENDMENTS, lambda o: f"变更：{amendment_words(o)}（{o.basis}）"),
}


def spoken(actor: str) -> str:
    """A kept actor as people name it: the department and person, or the name."""
    _, _, name = actor.partition(":")
    return name.replace(":", " ") or actor


def what_happened(event: e.DomainEvent) -> str:
    """An event as one line."""
    return _WORDS[type(event)](event)
