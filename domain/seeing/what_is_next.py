"""What is said of an act to whoever gave it: what it brought, and what comes next, for whom and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.events import DomainEvent, LimitEnded
from domain.ids import DepartmentId, MilestoneId
from domain.rungs.ladder import deadline_of
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.lights import next_due_on
from domain.state import (
    OPEN_PART_STAGES,
    OPEN_STAGES,
    InspectionStage,
    MilestoneState,
    PartState,
    Pause,
    ProjectState,
    Silence,
)

_INSPECTED: dict[InspectionStage, str] = {
    "opened": "登记发现的问题，作出督查结论",
    "answered": "结束督查",
}
"""What the supervisors do next in an inspection; what a department owes waits with its limit."""
_OVER = {"struck_off": "已销号", "withdrawn": "已撤销", "carried_over": "已结转", "ended": "已终结"}


def what_happened(events: Iterable[DomainEvent]) -> tuple[str, ...]:
    """What an act brought, in words; that it answered what was waited for is what the act itself says."""
    return tuple(event.words() for event in events if not (isinstance(event, LimitEnded) and event.answered))


def what_is_next(state: ProjectState, milestone_id: MilestoneId | None, department: DepartmentId | None) -> str:
    """What is waited for now, of a milestone or of the whole project, and of a department where one gave the act."""
    if state.closed:
        return f"无；整个项目已{'归档' if state.archived else '撤销'}。"
    milestone = state.milestones.get(milestone_id or "")
    steps = list(_of_project(state, department) if milestone is None else _of_milestone(state, milestone, department))
    return f"{'；'.join(dict.fromkeys(steps))}。"


def _of_project(state: ProjectState, department: DepartmentId | None) -> Iterator[str]:
    yield from _held(state.suspension, state.silence)
    yield from _matters(state, None, department)
    on = next_due_on(state)
    yield f"最近的时限是 {on}" if on else "没有尚待办理的时限"


def _of_milestone(state: ProjectState, milestone: MilestoneState, department: DepartmentId | None) -> Iterator[str]:
    yield from _held(milestone.suspension, milestone.silence)
    yield from _matters(state, milestone.milestone_id, department)
    if milestone.inspection is not None and milestone.inspection.stage in _INSPECTED:
        yield f"{state.policy.life_cycle.supervision_section}{_INSPECTED[milestone.inspection.stage]}"
    if milestone.extension is not None and milestone.extension.stage == "more_asked":
        yield f"{state.lead}补充延期说明"
    part = milestone.parts.get(department or "") if department != state.lead else None
    if milestone.stage in _OVER:
        yield f"本节点{_OVER[milestone.stage]}，不须再办"
    elif milestone.stage == "completed":
        yield "由审核人以外的督查人员销号"
    elif part is not None and part.stage not in OPEN_PART_STAGES:
        yield f"{part.department}的部分不须再办"
    elif milestone.stage in OPEN_STAGES:
        yield _open_duty(state, milestone, part or milestone)


def _held(pause: Pause | None, silence: Silence | None) -> Iterator[str]:
    """What stands still by a person's word, and until when."""
    if pause is not None:
        yield f"中止期间不计时、不催办，{f'{pause.until} 后' if pause.until else '由人'}恢复"
    if silence is not None:
        yield f"至 {silence.until} 不发通知，照常计逾期"


def _open_duty(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> str:
    lead = duty is milestone
    who = state.lead if isinstance(duty, MilestoneState) else duty.department
    what = "申请办结" if lead else "完成参与部分"
    if milestone.retrospective:
        return f"{who}补报实际完成情况和日期"
    if duty.answer_by is None:
        return f"{who}{what}，时限待定"
    rules = state.policy.rules_for(milestone.milestone_id)
    deadline = deadline_of(duty.answer_by, rules, state.calendar)
    stopped = "（计时停止，时限将相应顺延）" if milestone.stops or duty.stops else ""
    return f"{who}于 {deadline} 前{what}{stopped}"


def _matters(state: ProjectState, milestone_id: MilestoneId | None, department: DepartmentId | None) -> Iterator[str]:
    """What waits for its answer: of the milestone (or the project), and the receipt of the department that acted."""
    for limit in state.limits.values():
        receipt = limit.kind == "receipt"
        if limit.milestone_id == milestone_id and not (receipt and department not in (None, limit.owner)):
            about = f"（{limit.about}）" if limit.about else ""
            yield f"{limit.owner}于 {limit.due_on} 前办理{LIMIT_WORDS[limit.kind]}{about}"
        elif receipt and limit.owner == department:
            yield f"{limit.owner}于 {limit.due_on} 前签收"
