"""The papers that follow from events: to whom, from when they may be sent, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.amending import amendment_words, is_amendment
from domain.calendar import office_instant
from domain.events import (
    CompletionRequested,
    DomainEvent,
    EscalationOrderIssued,
    InspectionOpened,
    LeadReassigned,
    MilestoneAmended,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    ProjectAssigned,
    ProjectWithdrawn,
    ReminderIssued,
    UrgeIssued,
)
from domain.ids import event_id_for, supervision_workflow_id
from domain.papers import LEVEL_WORDS, HeldReason, Paper, PaperKind, Withholding
from domain.policy import SupervisionPolicy
from domain.project import Milestone
from domain.state import ProjectState, target_of


def chinese_date(day: date) -> str:
    """A day as an office writes it (`2018年4月30日`)."""
    return f"{day.year}年{day.month}月{day.day}日"


def papers_for(state: ProjectState, events: Sequence[DomainEvent]) -> tuple[Paper, ...]:
    """The papers that follow from a decision's events, in order; `state` is the one after them."""
    papers: list[Paper] = []
    told: set[str] = set()
    for event in events:
        if is_amendment(event):
            # One order tells all that one request changed; it follows from the first of its events.
            if event.cause not in told:
                told.add(event.cause)
                papers.append(_amendment_order(state, event, events))
        elif (paper := _paper_for(state, event)) is not None:
            papers.append(paper)
    return tuple(papers)


def withholdings_for(state: ProjectState, events: Sequence[DomainEvent]) -> tuple[Withholding, ...]:
    """The milestones whose waiting reminders and urges a decision's events have overtaken."""
    stream = supervision_workflow_id(state.project.project_id)
    withheld: list[Withholding] = []
    for event in events:
        event_id = event_id_for(stream, event.seq)
        match event:
            case CompletionRequested() | MilestoneStruckOff() | MilestoneWithdrawn():
                milestone_ids = [event.milestone_id]
            case MilestoneAmended():
                withheld.append(Withholding(milestone_id=event.milestone_id, reason="amended", by_event=event_id))
                milestone_ids = []
            case LeadReassigned():
                # They stand in the name of the department before: the new lead gets the order instead.
                withheld.extend(
                    Withholding(milestone_id=milestone_id, reason="amended", by_event=event_id)
                    for milestone_id in state.milestones
                )
                milestone_ids = []
            case ProjectWithdrawn():
                milestone_ids = list(state.milestones)
            case _:
                milestone_ids = []
        withheld.extend(
            Withholding(milestone_id=milestone_id, reason="settled_before_sending", by_event=event_id)
            for milestone_id in milestone_ids
        )
    return tuple(withheld)


def send_time(issued_at: datetime, policy: SupervisionPolicy, state: ProjectState) -> tuple[datetime, HeldReason]:
    """When a paper that is gathered may go: with the next morning's digest that is not before it, and why it waits."""
    calendar = state.calendar
    inside = policy.within_working_hours(issued_at, calendar)
    today = office_instant(issued_at.date(), policy.digest_at)
    if calendar.is_working_day(issued_at.date()) and issued_at <= today:
        return today, "gathered_for_digest" if inside else "outside_working_hours"
    tomorrow = calendar.working_day(issued_at.date(), 1)
    return office_instant(tomorrow, policy.digest_at), "gathered_for_digest" if inside else "outside_working_hours"


def _paper_for(  # noqa: PLR0911 - one case for each event that brings a paper
    state: ProjectState, event: DomainEvent
) -> Paper | None:
    lead = state.project.lead_department
    participants = state.project.participating_departments
    match event:
        case ProjectAssigned():
            return _paper(state, event, "supervision_order", lead, _order_text(state), copies_to=participants)
        case ReminderIssued():
            text = (
                f"{_about(state, event.milestone_id)}将于{chinese_date(event.due_on)}到期"
                f"（{_time_left(state, event)}），请按进度推进并及时反馈。"
            )
            return _paper(state, event, "reminder", lead, text, due_on=event.due_on)
        case UrgeIssued(reason=str(reason)):
            due = chinese_date(event.due_on) if event.due_on else "待定"
            text = f"{_about(state, event.milestone_id)}（时限{due}），现予催办：{reason}"
            return _paper(state, event, "urge", lead, text, due_on=event.due_on)
        case UrgeIssued(due_on=date() as due_on):
            again = state.milestones[event.milestone_id].rework
            text = (
                f"{_about(state, event.milestone_id)}应于{chinese_date(due_on)}前完成，"
                f"{'至今未重新申请办结' if again else '至今未收到办结申请'}，现予催办，"
                "请立即办理并反馈原因和预计完成时间。"
            )
            return _paper(state, event, "urge", lead, text, due_on=event.due_on)
        case EscalationOrderIssued():
            text = (
                f"{lead}牵头的{_about(state, event.milestone_id)}应于{chinese_date(event.due_on)}前完成，"
                f"至今未办结，现发{LEVEL_WORDS[event.level]}督办单，提请{event.to}督促办理。"
            )
            paper = _paper(state, event, "escalation_order", event.to, text, due_on=event.due_on, copies_to=(lead,))
            return paper.model_copy(update={"level": event.level})
        case InspectionOpened():
            text = (
                f"因{_about(state, event.milestone_id)}（时限{chinese_date(event.due_on)}）逾期未办结，"
                f"现对{lead}开展督查，请准备工作台账和佐证材料。"
            )
            paper = _paper(state, event, "inspection_record", lead, text, due_on=event.due_on)
            return paper.model_copy(update={"level": event.level})
        case MilestoneReturnedForRework():
            text = (
                f"{_about(state, event.milestone_id)}的办结申请经审核退回：{event.reason}"
                f"请于{chinese_date(event.answer_by)}前重新办理并申请办结。"
            )
            return _paper(state, event, "return_notice", lead, text, due_on=event.answer_by)
        case _:
            return None


def _amendment_order(state: ProjectState, first: DomainEvent, events: Sequence[DomainEvent]) -> Paper:
    project = state.project
    ours = [event for event in events if event.cause == first.cause]
    words = "；".join(text for event in ours if (text := amendment_words(event)))
    before = tuple(event.before for event in ours if isinstance(event, LeadReassigned))
    reassigned = f"{_order_text(state)}" if before else ""
    basis = getattr(first, "basis", "")
    body = f"重点项目“{project.title}”有变更（{basis}）：{words}。请按变更后的内容和时限办理。{reassigned}"
    copies = tuple(dict.fromkeys((*before, *project.participating_departments)))
    return _paper(state, first, "supervision_order", project.lead_department, body, copies_to=copies)


def _paper(
    state: ProjectState,
    event: DomainEvent,
    kind: PaperKind,
    to: str,
    body: str,
    *,
    due_on: date | None = None,
    copies_to: tuple[str, ...] = (),
) -> Paper:
    send_from, held = send_time(event.decided_at, state.policy, state)
    at_once = kind == "supervision_order" and state.policy.within_working_hours(event.decided_at, state.calendar)
    return Paper(
        paper_id=event_id_for(supervision_workflow_id(state.project.project_id), event.seq),
        kind=kind,
        year=state.year,
        project_id=state.project.project_id,
        project_title=state.project.title,
        milestone_id=getattr(event, "milestone_id", None),
        to=to,
        copies_to=copies_to,
        due_on=due_on,
        issued_at=event.decided_at,
        # The supervision order opens the work: within working hours it does not wait for a morning.
        send_from=event.decided_at if at_once else send_from,
        held_because=None if at_once else held,
        body=body,
    )


def _time_left(state: ProjectState, event: ReminderIssued) -> str:
    # Counted from the day on which the reminder was really issued: an engine that was away issues it late.
    one_day = timedelta(days=1)
    left = state.calendar.working_days_between(event.decided_at.date() - one_day, event.due_on - one_day)
    return f"还有{left}个工作日" if left else "今天是最后一天"


def _about(state: ProjectState, milestone_id: str) -> str:
    issued = state.issued(milestone_id)
    return f"重点项目“{state.project.title}”的节点“{issued.description}”"


def _order_text(state: ProjectState) -> str:
    project = state.project
    lines = "；".join(
        _milestone_line(state, milestone)
        for milestone in project.milestones
        if state.milestones[milestone.milestone_id].stage != "withdrawn"
    )
    return (
        f"《{state.list_title}》第{project.serial}项“{project.title}”由{project.lead_department}牵头"
        + (f"、{'、'.join(project.participating_departments)}参与" if project.participating_departments else "")
        + f"，现予交办。节点和时限：{lines}。"
    )


def _milestone_line(state: ProjectState, milestone: Milestone) -> str:
    due = f"{chinese_date(milestone.due_on)}前" if milestone.due_on else "时限待定"
    target = target_of(milestone)
    amount = f"（目标{target[0]}{target[1]}）" if target else ""
    late = "，已到期，请补报实际完成情况和日期" if state.milestones[milestone.milestone_id].retrospective else ""
    return f"{milestone.milestone_id} {milestone.description}{amount}，{due}{late}"
