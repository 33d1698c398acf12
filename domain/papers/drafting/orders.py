"""The papers that open and change work: supervision orders, amendments, a participant's duty, suspensions."""

from __future__ import annotations

from collections.abc import Sequence

from domain.acts.amending import amendment_words
from domain.events import (
    DomainEvent,
    DutyHandedOver,
    Event,
    LeadReassigned,
    MilestoneCarriedOver,
    MilestoneEnded,
    ParticipantReplaced,
    ProjectAssigned,
    Resumed,
    Suspended,
)
from domain.papers.drafting.paper import Drafter, about, chinese_date, date_or_open, paper, sign_by, taking_part
from domain.papers.paper import Paper
from domain.project import Milestone
from domain.state import ProjectState, target_of


def _assignment(state: ProjectState, event: ProjectAssigned) -> Paper:
    return paper(
        state,
        event,
        "supervision_order",
        state.lead,
        _order_text(state) + (f"{sign_by(state, state.lead)}。" if state.policy.life_cycle else ""),
        copies_to=state.project.participating_departments,
    )


def amendment_order(state: ProjectState, first: DomainEvent, events: Sequence[DomainEvent]) -> Paper:
    """The one order that tells all that one request changed; it follows from the first of its events."""
    project = state.project
    ours = [event for event in events if event.cause == first.cause]
    words = "；".join(text for event in ours if (text := amendment_words(event)))
    before = tuple(event.before for event in ours if isinstance(event, LeadReassigned))
    reassigned = f"{_order_text(state)}" if before else ""
    basis = getattr(first, "basis", "")
    body = f"重点项目“{project.title}”有变更（{basis}）：{words}。请按变更后的内容和时限办理。{reassigned}"
    copies = tuple(dict.fromkeys((*before, *project.participating_departments)))
    return paper(state, first, "supervision_order", project.lead_department, body, copies_to=copies)


def _handed_over(state: ProjectState, event: DutyHandedOver) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}由{event.before}移交{event.after}办理，"
        f"接办时限为{chinese_date(event.answer_by)}；原有违期记录保留。"
    )
    return paper(state, event, "status_notice", event.after, text, due_on=event.answer_by)


def _replaced(state: ProjectState, event: ParticipantReplaced) -> Paper:
    what = about(state, event.milestone_id)
    if event.after is None:
        text = f"{what}：{event.before}不再承担参与任务（{event.basis}）。"
        return paper(state, event, "status_notice", event.before, text, copies_to=(state.lead,))
    ask = sign_by(state, event.after)
    text = f"{what}原由{event.before}承担的参与任务，现交由{event.after}承担（{event.basis}），{ask}。"
    return paper(state, event, "supervision_order", event.after, text, copies_to=(state.lead, event.before))


def _suspended(state: ProjectState, event: Suspended) -> Paper:
    until = f"至{chinese_date(event.until)}" if event.until else "，恢复时间另行通知"
    text = f"{about(state, event.milestone_id)}自{chinese_date(event.decided_at.date())}起中止{until}：{event.reason}"
    return _to_all(state, event, f"{text}。中止期间不计逾期。")


def _resumed(state: ProjectState, event: Resumed) -> Paper:
    dates = "；".join(
        f"{milestone.milestone_id} 时限{date_or_open(milestone.answer_by)}"
        for milestone in state.milestones.values()
        if event.milestone_id in (None, milestone.milestone_id)
    )
    text = f"{about(state, event.milestone_id)}恢复办理（{event.reason}），顺延{event.working_days}个工作日：{dates}。"
    return _to_all(state, event, text)


def _carried_over(state: ProjectState, event: MilestoneCarriedOver) -> Paper:
    text = f"{about(state, event.milestone_id)}年度内未办结，结转至{event.to_year}年清单继续督办：{event.reason}"
    return _to_all(state, event, text)


def _ended(state: ProjectState, event: MilestoneEnded) -> Paper:
    return _to_all(state, event, f"{about(state, event.milestone_id)}年度终了，裁定终结：{event.reason}")


def _to_all(state: ProjectState, event: DomainEvent, text: str) -> Paper:
    copies = taking_part(state, getattr(event, "milestone_id", None))
    return paper(state, event, "status_notice", state.lead, text, copies_to=copies)


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


DRAFTERS: dict[type[Event], Drafter] = {
    ProjectAssigned: _assignment,
    DutyHandedOver: _handed_over,
    ParticipantReplaced: _replaced,
    Suspended: _suspended,
    Resumed: _resumed,
    MilestoneCarriedOver: _carried_over,
    MilestoneEnded: _ended,
}
