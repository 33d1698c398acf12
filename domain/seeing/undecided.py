"""What time brought, was not done, and waits for a person: which of it is open, and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime

from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId
from domain.rungs.ladder import period_number
from domain.state import OPEN_PART_STAGES, OPEN_STAGES, MilestoneState, ProjectState, Undecided
from domain.state.under_way import CAPPED_INSPECTION

_WHAT: Mapping[str, str] = {
    "reminder": "到期前的提醒",
    "breach": "违期的记录",
    "urge": "催办",
    "order": "督办单",
    "limit_reminder": "待办事项的提醒",
    "limit_passed": "待办事项超时的记录",
    "limit_order": "待办事项的提级",
    "period": "反馈期的核对",
    "pace": "进度预警",
    "resumption": "中止期满的恢复",
    "planned_inspection": "年度督查计划的督查",
}
_BY_HAND: Mapping[str, str] = {
    "limit_reminder": "请督促办理这一待办事项",
    "limit_passed": "请督促办理这一待办事项",
    "limit_order": "请督促办理这一待办事项",
    "resumption": "请恢复",
    "planned_inspection": "请开展督查",
}
_URGED = "请核对日期，人工催办"


class UndecidedView(Frozen):
    """What time brought and could not be decided, and in words for people what it was and what is to be done."""

    milestone_id: MilestoneId | None
    department: DepartmentId | None
    kind: str
    rung: str
    problem: str
    since: AwareDatetime
    text: str


def undecided_of(state: ProjectState) -> tuple[UndecidedView, ...]:
    """What is open of it: what it was about still waits, and nobody did it by hand since."""
    if state.closed:
        return ()
    return tuple(_view(each) for each in state.undecided if _is_open(state, each))


def _is_open(state: ProjectState, each: Undecided) -> bool:
    if each.limit_id is not None:
        return each.limit_id in state.limits
    milestone = state.milestones.get(each.milestone_id or "")
    if each.kind == "resumption":
        # It goes on without a term until a person ends it.
        pause = milestone.suspension if milestone else state.suspension
        return pause is not None and pause.until is None
    if milestone is None:
        return True
    reported = each.kind == "period" and period_number(each.rung) in milestone.periods_reported
    return not reported and milestone.stage in OPEN_STAGES and _same_round(milestone, each)


def _same_round(milestone: MilestoneState, each: Undecided) -> bool:
    if each.department is None:
        return milestone.round == each.round
    part = milestone.parts.get(each.department)
    return part is not None and part.stage in OPEN_PART_STAGES and part.round == each.round


def _text(each: Undecided) -> str:
    if each.kind == CAPPED_INSPECTION:
        return (
            f"{each.milestone_id}的督查于 {each.since:%Y-%m-%d} 没有开展，{each.problem}：系统不再自动开展，"
            "确有必要的请从下月起人工开展，或写明理由在本月开展。"
        )
    whose = f"（{each.department}）" if each.department else ""
    what = f"{each.milestone_id or '整个项目'}{whose}{_WHAT.get(each.kind, each.kind)}"
    return (
        f"{what}于 {each.since:%Y-%m-%d} 无法推算，没有办理（{each.problem}）："
        f"{_BY_HAND.get(each.kind, _URGED)}，并请维护人员查明。"
    )


def _view(each: Undecided) -> UndecidedView:
    return UndecidedView(
        milestone_id=each.milestone_id,
        department=each.department,
        kind=each.kind,
        rung=each.rung,
        problem=each.problem,
        since=each.since,
        text=_text(each),
    )
