"""Inspections: opened by hand, findings, conclusion, the department's answer, rectification, closing."""

from __future__ import annotations

from datetime import date

from domain import events as e
from domain.acts import commands as c
from domain.acts.act import Act, Handler
from domain.acts.rejections import (
    BurdenCapError,
    InspectionOpenError,
    NoInspectionError,
    PastDateError,
)
from domain.errors import BrokenRuleError
from domain.ids import MilestoneId
from domain.rungs.due_dates import deadline_in
from domain.rungs.inspections import inspections_in_month
from domain.rungs.matters import end_limit, set_limit
from domain.state import Inspection, InspectionStage, MilestoneState


def open_inspection(act: Act, command: c.OpenInspection) -> None:
    """An operator opens an inspection; above the cap only with a reason."""
    milestone = act.unsettled(command.milestone_id)
    if milestone.inspection is not None:
        raise InspectionOpenError(milestone_id=milestone.milestone_id)
    rules = act.state.policy.life_cycle
    this_month = max(command.this_month, inspections_in_month(act.state, act.today))
    if this_month >= rules.inspections_per_month and command.despite_cap is None:
        raise BurdenCapError(department=act.state.lead, this_month=this_month, cap=rules.inspections_per_month)
    act.record(
        e.InspectionOpened,
        milestone_id=milestone.milestone_id,
        due_on=deadline_in(act.state, milestone),
        round=milestone.round,
        level=None,
        reason=command.reason,
        despite_cap=command.despite_cap,
    )


def record_finding(act: Act, command: c.RecordFinding) -> None:
    """An inspector records a finding with its working papers."""
    milestone, _ = _at(act, command.milestone_id, "正在进行", "opened")
    act.record(e.FindingRecorded, milestone_id=milestone.milestone_id, text=command.text, evidence=command.evidence)


def conclude(act: Act, command: c.ConcludeInspection) -> None:
    """An inspector concludes: the department must answer, and put right what was found where that is asked for."""
    milestone, _ = _at(act, command.milestone_id, "正在进行", "opened")
    rectify_by = _rectify_by(act, command.rectify_by) if command.rectify or command.rectify_by else None
    act.record(
        e.InspectionConcluded,
        milestone_id=milestone.milestone_id,
        conclusion=command.conclusion,
        rectify_by=rectify_by,
    )
    lead, milestone_id = act.state.lead, milestone.milestone_id
    set_limit(act.recorder, "inspection_answer", act.now, milestone_id=milestone_id, owner=lead)
    if rectify_by is not None:
        set_limit(act.recorder, "rectification", act.now, milestone_id=milestone_id, owner=lead, due_on=rectify_by)


def answer(act: Act, command: c.AnswerInspection) -> None:
    """The department answers the conclusion."""
    milestone, inspection = _at(act, command.milestone_id, "等待答复", "concluded", "rectifying", "checking")
    if inspection.answered:
        raise NoInspectionError(
            milestone_id=milestone.milestone_id, needed="等待答复", stage=inspection.stage, answered=True
        )
    act.record(
        e.InspectionAnswered,
        milestone_id=milestone.milestone_id,
        department=act.department,
        text=command.text,
        evidence=command.evidence,
    )
    end_limit(act.recorder, act.state.open_limit("inspection_answer", milestone.milestone_id), act.now)


def report_rectification(act: Act, command: c.ReportRectification) -> None:
    """The department says that it is put right: the supervision section must check it within its own limit."""
    milestone, _ = _at(act, command.milestone_id, "等待整改", "rectifying")
    act.record(
        e.RectificationReported,
        milestone_id=milestone.milestone_id,
        department=act.department,
        text=command.text,
        evidence=command.evidence,
    )
    end_limit(act.recorder, act.state.open_limit("rectification", milestone.milestone_id), act.now)
    set_limit(act.recorder, "rectification_check", act.now, milestone_id=milestone.milestone_id)


class HeldWithDateError(BrokenRuleError, rule="held_has_no_date"):
    """What is put right has no date until which it must be."""

    says = "节点 {milestone_id} 整改到位就没有整改期限，却写了{rectify_by}：请去掉期限，或改为整改未到位。"
    milestone_id: MilestoneId
    rectify_by: date


def check_rectification(act: Act, command: c.CheckRectification) -> None:
    """The supervision section checks: it closes the inspection, or sends the rectification back with a new date."""
    milestone, _ = _at(act, command.milestone_id, "等待核查整改", "checking")
    milestone_id = milestone.milestone_id
    if command.holds and command.rectify_by is not None:
        raise HeldWithDateError(milestone_id=milestone_id, rectify_by=command.rectify_by)
    rectify_by = None if command.holds else _rectify_by(act, command.rectify_by)
    end_limit(act.recorder, act.state.open_limit("rectification_check", milestone_id), act.now)
    if rectify_by is None:
        _close(act, milestone_id, command.note)
        return
    act.record(e.RectificationReturned, milestone_id=milestone_id, reason=command.note, rectify_by=rectify_by)
    set_limit(
        act.recorder, "rectification", act.now, milestone_id=milestone_id, owner=act.state.lead, due_on=rectify_by
    )


def close(act: Act, command: c.CloseInspection) -> None:
    """The supervision section closes an inspection that asks for nothing more."""
    milestone, _ = _at(act, command.milestone_id, "可以结束", "concluded", "answered")
    _close(act, milestone.milestone_id, command.note)


def _close(act: Act, milestone_id: MilestoneId, note: str | None) -> None:
    end_limit(act.recorder, act.state.open_limit("inspection_answer", milestone_id), act.now, answered=False)
    act.record(e.InspectionClosed, milestone_id=milestone_id, note=note)


def _rectify_by(act: Act, given: date | None) -> date:
    if given is None:
        rules = act.state.policy.life_cycle.limits.rectification
        return act.state.calendar.working_day(act.today, rules.working_days)
    if given <= act.today:
        raise PastDateError(given=given, earliest=act.tomorrow)
    return given


def _at(
    act: Act, milestone_id: MilestoneId, needed: str, *stages: InspectionStage
) -> tuple[MilestoneState, Inspection]:
    milestone = act.milestone(milestone_id)
    if milestone.inspection is None or milestone.inspection.stage not in stages:
        stage = milestone.inspection.stage if milestone.inspection is not None else None
        raise NoInspectionError(milestone_id=milestone.milestone_id, needed=needed, stage=stage)
    return milestone, milestone.inspection


HANDLERS: dict[type[c.Command], Handler] = {
    c.OpenInspection: open_inspection,
    c.RecordFinding: record_finding,
    c.ConcludeInspection: conclude,
    c.AnswerInspection: answer,
    c.ReportRectification: report_rectification,
    c.CheckRectification: check_rectification,
    c.CloseInspection: close,
}
