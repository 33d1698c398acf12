"""The papers of the due dates: reminders, urges, escalation orders, inspection records, pace warnings."""

from __future__ import annotations

from datetime import date, timedelta

from domain.events import (
    EscalationOrderIssued,
    Event,
    InspectionOpened,
    PaceWarningIssued,
    ReminderIssued,
    ReportPeriodMissed,
    UrgeIssued,
)
from domain.papers.drafting.paper import Drafter, about, chinese_date, date_or_open, paper
from domain.papers.paper import LEVEL_WORDS, Paper
from domain.state import ProjectState


def _reminder(state: ProjectState, event: ReminderIssued) -> Paper:
    ask = "请按分工推进并及时反馈" if event.department else "请按进度推进并及时反馈"
    text = (
        f"{about(state, event.milestone_id)}将于{chinese_date(event.due_on)}到期（{_time_left(state, event)}），{ask}。"
    )
    return paper(state, event, "reminder", event.department or state.lead, text, due_on=event.due_on)


def _time_left(state: ProjectState, event: ReminderIssued) -> str:
    # Counted from the day on which the reminder was really issued: an engine that was away issues it late.
    one_day = timedelta(days=1)
    left = state.calendar.working_days_between(event.decided_at.date() - one_day, event.due_on - one_day)
    return f"还有{left}个工作日" if left else "今天是最后一天"


def _urge(state: ProjectState, event: UrgeIssued) -> Paper:
    to = event.department or state.lead
    if event.reason is not None:
        text = f"{about(state, event.milestone_id)}（时限{date_or_open(event.due_on)}），现予催办：{event.reason}"
        return paper(state, event, "urge", to, text, due_on=event.due_on)
    assert isinstance(event.due_on, date)
    if event.department is not None:
        missing = "至今未收到贵单位参与部分的完成情况"
    else:
        missing = "至今未重新申请办结" if state.milestones[event.milestone_id].rework else "至今未收到办结申请"
    text = (
        f"{about(state, event.milestone_id)}应于{chinese_date(event.due_on)}前完成，{missing}，现予催办，"
        "请立即办理并反馈原因和预计完成时间。"
    )
    return paper(state, event, "urge", to, text, due_on=event.due_on)


def _order(state: ProjectState, event: EscalationOrderIssued) -> Paper:
    late = event.department or state.lead
    part = "参与" if event.department else "牵头"
    text = (
        f"{late}{part}的{about(state, event.milestone_id)}应于{chinese_date(event.due_on)}前完成，"
        f"至今未办结，现发{LEVEL_WORDS[event.level]}督办单，提请{event.to}督促办理。"
    )
    return paper(
        state,
        event,
        "escalation_order",
        event.to,
        text,
        due_on=event.due_on,
        level=event.level,
        copies_to=(late,),
    )


def _inspection(state: ProjectState, event: InspectionOpened) -> Paper:
    due = f"（时限{date_or_open(event.due_on)}）"
    if event.reason is not None:
        why = f"{about(state, event.milestone_id)}{due}：{event.reason}"
    elif event.planned_on is not None:
        why = f"按年度督查计划（{chinese_date(event.planned_on)}）和抽查结果，就{about(state, event.milestone_id)}{due}"
    else:
        why = f"因{about(state, event.milestone_id)}{due}逾期未办结"
    text = f"{why}，现对{state.lead}开展督查，请准备工作台账和佐证材料。"
    return paper(state, event, "inspection_record", state.lead, text, due_on=event.due_on, level=event.level)


def _pace(state: ProjectState, event: PaceWarningIssued) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}按时序进度应完成{event.scheduled}{event.unit}"
        f"（全部{event.target}{event.unit}），现累计{event.quantity}{event.unit}，进度偏慢；"
        f"时限{chinese_date(event.due_on)}，请加快推进并反馈预计完成时间。"
    )
    return paper(state, event, "pace_warning", state.lead, text, due_on=event.due_on)


def _period_missed(state: ProjectState, event: ReportPeriodMissed) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}第{event.period}期（共{event.periods}期）"
        f"已于{chinese_date(event.ended_on)}结束，未收到反馈，请尽快补报。"
    )
    return paper(state, event, "status_notice", state.lead, text, due_on=event.ended_on)


DRAFTERS: dict[type[Event], Drafter] = {
    ReminderIssued: _reminder,
    UrgeIssued: _urge,
    EscalationOrderIssued: _order,
    InspectionOpened: _inspection,
    PaceWarningIssued: _pace,
    ReportPeriodMissed: _period_missed,
}
