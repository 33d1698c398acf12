"""A project's history as a person reads it: when, who, what, why, and the paper that came of it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import AwareDatetime

from domain.actors import actor_from_text
from domain.amending import amendment_words
from domain.events import (
    CommandRejected,
    CompletionRequested,
    DeadlineBreached,
    DomainEvent,
    EscalationOrderIssued,
    InspectionOpened,
    LeadReassigned,
    MilestoneAdded,
    MilestoneAmended,
    MilestoneCompleted,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    NoReportReceived,
    NoticeNotSent,
    ProgressReported,
    ProjectAmended,
    ProjectArchived,
    ProjectAssigned,
    ProjectDocketed,
    ProjectWithdrawn,
    ReadingRuled,
    ReminderIssued,
    RetrospectiveReportRequested,
    UrgeIssued,
)
from domain.ids import MilestoneId, event_id_for
from domain.ladder import REQUEST_CAUSE, RUNG_CAUSE, START_CAUSE
from domain.papers import NumberedPaper
from domain.project import Frozen
from domain.readings import ruling_words

_REASONS = {
    "before_assignment": "交办前已过提醒日",
    "stale": "补发已无意义",
    "settled_before_sending": "发送前已办理",
    "amended": "节点已变更",
    "superseded": "已由更高一级督办代替",
}
_KINDS = {"reminder": "提醒", "urge": "催办", "escalation_order": "督办单"}
_LEVELS = {"blue": "蓝色", "yellow": "黄色", "red": "红色"}


class TimelineLine(Frozen):
    """One event of the timeline; `paper` is the number of the paper that came of it."""

    event_id: str
    type: str
    decided_at: AwareDatetime
    occurred_at: AwareDatetime
    actor: str
    milestone_id: MilestoneId | None
    what: str
    why: str
    paper: str | None


def timeline(stream: str, events: Iterator[DomainEvent], papers: dict[str, NumberedPaper]) -> list[TimelineLine]:
    """The timeline of a stream; `papers` by the identity of the event that they follow from."""
    lines = []
    for event in events:
        event_id = event_id_for(stream, event.seq)
        paper = papers.get(event_id)
        lines.append(
            TimelineLine(
                event_id=event_id,
                type=event.type,
                decided_at=event.decided_at,
                occurred_at=event.occurred_at,
                actor=_who(event.actor),
                milestone_id=getattr(event, "milestone_id", None),
                what=_what(event),
                why=_why(event.cause),
                paper=paper.number if paper else None,
            )
        )
    return lines


def _who(actor: str) -> str:
    named = actor_from_text(actor)
    if named.role == "engine":
        return "督办规则"
    if named.role == "department" and named.name != named.department:
        return f"{named.department} {named.name}"
    return named.name


def _why(cause: str) -> str:
    if cause.startswith(REQUEST_CAUSE):
        return f"请求 {cause.removeprefix(REQUEST_CAUSE)}"
    if cause.startswith(RUNG_CAUSE):
        return f"到期规则 {cause.removeprefix(RUNG_CAUSE)}"
    return "启动清单" if cause == START_CAUSE else cause


def _what(event: DomainEvent) -> str:  # noqa: PLR0911, PLR0912, C901 - one line for each event, as the catalogue has them
    match event:
        case ProjectDocketed():
            return f"立项：{event.project.title}（{len(event.project.milestones)}个节点）"
        case ProjectAssigned():
            return f"交办{event.lead_department}，发督查通知单"
        case ReadingRuled():
            return ruling_words(event)
        case RetrospectiveReportRequested():
            return f"交办前已到期（{event.due_on}），请补报"
        case ReminderIssued():
            return f"提醒：{event.due_on}到期，还有{event.working_days_before}个工作日"
        case NoticeNotSent():
            return f"{_KINDS.get(event.kind, event.kind)}未发：{_REASONS[event.reason]}"
        case DeadlineBreached():
            return f"违期：{event.due_on}到期未申请办结"
        case NoReportReceived():
            return f"到期无反馈（{event.due_on}）"
        case UrgeIssued():
            return "催办" + (f"：{event.reason}" if event.reason else f"（{event.due_on}到期）")
        case EscalationOrderIssued():
            return f"{_LEVELS[event.level]}督办单，提级至{event.to}"
        case InspectionOpened():
            return "开展督查"
        case ProgressReported():
            amount = f"，累计{event.quantity}" if event.quantity is not None else ""
            return f"反馈进展{amount}：{event.text}"
        case CompletionRequested():
            return f"申请办结（完成于{event.done_on}）：{event.text}"
        case MilestoneReturnedForRework():
            return f"退办：{event.reason}（{event.answer_by}前重新办理）"
        case MilestoneCompleted():
            return f"审核办结（完成于{event.done_on}）" + (f"：{event.note}" if event.note else "")
        case MilestoneStruckOff():
            return "销号"
        case MilestoneWithdrawn():
            return f"撤销节点：{event.reason}"
        case MilestoneAmended() | MilestoneAdded() | LeadReassigned() | ProjectAmended():
            return f"变更：{amendment_words(event)}（{event.basis}）"
        case ProjectWithdrawn():
            return f"撤销项目：{event.reason}"
        case ProjectArchived():
            return "归档"
        case CommandRejected():
            return f"指令不予办理（{event.rule}）：{event.text}"
