"""The papers of matters and rulings: limits and what was ruled, inspections' conclusions, directives, bulletins."""

from __future__ import annotations

from domain.events import (
    AssignmentInsisted,
    BulletinPublished,
    DeadlineExtended,
    DirectiveIssued,
    DisputeRuled,
    Event,
    ExtensionMoreAsked,
    ExtensionRefused,
    GraceGranted,
    InspectionClosed,
    InspectionConcluded,
    LimitEscalated,
    LimitReminderIssued,
    LimitSet,
    MilestoneReturnedForRework,
    RectificationReturned,
)
from domain.papers.drafting.paper import Drafter, about, chinese_date, paper, sign_by, taking_part
from domain.papers.paper import Paper
from domain.rungs.limits import LIMIT_WORDS, limit_id
from domain.state import ProjectState


def _set(state: ProjectState, event: LimitSet) -> Paper | None:
    # A department hears of its matter by the paper that brings it; the supervision section by this one.
    rules = state.policy.life_cycle
    if rules is None or event.owner != rules.supervision_section:
        return None
    text = f"待办：{about(state, event.milestone_id)}的{LIMIT_WORDS[event.kind]}，时限{chinese_date(event.due_on)}。"
    return paper(state, event, "status_notice", event.owner, text, due_on=event.due_on)


def _reminded(state: ProjectState, event: LimitReminderIssued) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}的{LIMIT_WORDS[event.kind]}时限为{chinese_date(event.due_on)}，请按时办理。"
    )
    return paper(state, event, "limit_reminder", event.to, text, due_on=event.due_on)


def _escalated(state: ProjectState, event: LimitEscalated) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}的{LIMIT_WORDS[event.kind]}应由{event.owner}"
        f"于{chinese_date(event.due_on)}前办理，已超时{event.after_working_days}个工作日，提请{event.to}督促。"
    )
    return paper(state, event, "limit_escalation", event.to, text, due_on=event.due_on, copies_to=(event.owner,))


def _insisted(state: ProjectState, event: AssignmentInsisted) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}：{event.department}退回交办的意见未予采纳，"
        f"{sign_by(state, event.department)}。理由：{event.reason}"
    )
    return paper(state, event, "ruling", event.department, text)


def _dispute_ruled(state: ProjectState, event: DisputeRuled) -> Paper:
    text = f"{about(state, event.milestone_id)}的争议裁定如下：由{event.responsible}负责。理由：{event.reason}"
    parts = taking_part(state, event.milestone_id)
    return paper(state, event, "ruling", state.lead, text, copies_to=parts)


def _extended(state: ProjectState, event: DeadlineExtended) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}的延期申请予以批准：时限由{chinese_date(event.before)}延至"
        f"{chinese_date(event.after)}（申请延至{chinese_date(event.requested_due_on)}）。{event.reason}"
    )
    parts = taking_part(state, event.milestone_id)
    return paper(state, event, "ruling", state.lead, text, due_on=event.after, copies_to=parts)


def _refused(state: ProjectState, event: ExtensionRefused) -> Paper:
    due_on = state.milestones[event.milestone_id].answer_by
    when = f"，请于{chinese_date(due_on)}前完成" if due_on else ""
    text = f"{about(state, event.milestone_id)}的延期申请不予批准{when}。理由：{event.reason}"
    return paper(state, event, "ruling", state.lead, text, due_on=due_on)


def _more_asked(state: ProjectState, event: ExtensionMoreAsked) -> Paper:
    text = f"{about(state, event.milestone_id)}的延期申请请补充说明：{event.question}"
    return paper(state, event, "ruling", state.lead, text)


def _grace(state: ProjectState, event: GraceGranted) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}逾期后予以宽限：时限由{chinese_date(event.before)}宽限至"
        f"{chinese_date(event.after)}，违期记录保留。理由：{event.reason}"
    )
    parts = taking_part(state, event.milestone_id)
    return paper(state, event, "ruling", state.lead, text, due_on=event.after, copies_to=parts)


def _returned(state: ProjectState, event: MilestoneReturnedForRework) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}的办结申请经审核退回：{event.reason}"
        f"请于{chinese_date(event.answer_by)}前重新办理并申请办结。"
    )
    return paper(state, event, "return_notice", state.lead, text, due_on=event.answer_by)


def _concluded(state: ProjectState, event: InspectionConcluded) -> Paper:
    rectify = f"请于{chinese_date(event.rectify_by)}前完成整改。" if event.rectify_by else ""
    limit = state.open_limit("inspection_answer", event.milestone_id)
    answer = f"请于{chinese_date(limit.due_on)}前书面答复。" if limit else "请按时书面答复。"
    text = f"{about(state, event.milestone_id)}的督查结论：{event.conclusion}{answer}{rectify}"
    return paper(state, event, "inspection_conclusion", state.lead, text, due_on=event.rectify_by)


def _rectification_returned(state: ProjectState, event: RectificationReturned) -> Paper:
    text = (
        f"{about(state, event.milestone_id)}的整改经核查未到位：{event.reason}"
        f"请于{chinese_date(event.rectify_by)}前继续整改。"
    )
    return paper(state, event, "return_notice", state.lead, text, due_on=event.rectify_by)


def _closed(state: ProjectState, event: InspectionClosed) -> Paper:
    note = f"：{event.note}" if event.note else "。"
    return paper(state, event, "status_notice", state.lead, f"{about(state, event.milestone_id)}的督查已结束{note}")


def _directed(state: ProjectState, event: DirectiveIssued) -> Paper:
    # Where the leader set no day, the limit that began with the directive says it.
    limit = state.limits.get(limit_id("directive_answer", event.seq + 1))
    answer_by = event.answer_by or (limit.due_on if limit else None)
    by = f"请于{chinese_date(answer_by)}前反馈落实情况。" if answer_by else "请按时反馈落实情况。"
    text = f"{event.leader}对{about(state, event.milestone_id)}批示：{event.text}{by}"
    return paper(state, event, "directive", state.lead, text, due_on=answer_by)


def _bulletin(state: ProjectState, event: BulletinPublished) -> Paper:
    word = "表扬" if event.kind == "praise" else "批评"
    text = f"通报{word}{event.department}（{about(state, event.milestone_id)}）：{event.text}"
    copies = (state.lead, *state.project.participating_departments)
    return paper(state, event, "bulletin", event.department, text, copies_to=copies)


DRAFTERS: dict[type[Event], Drafter] = {
    LimitSet: _set,
    LimitReminderIssued: _reminded,
    LimitEscalated: _escalated,
    AssignmentInsisted: _insisted,
    DisputeRuled: _dispute_ruled,
    DeadlineExtended: _extended,
    ExtensionRefused: _refused,
    ExtensionMoreAsked: _more_asked,
    GraceGranted: _grace,
    MilestoneReturnedForRework: _returned,
    InspectionConcluded: _concluded,
    RectificationReturned: _rectification_returned,
    InspectionClosed: _closed,
    DirectiveIssued: _directed,
    BulletinPublished: _bulletin,
}
