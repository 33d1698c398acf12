"""The light of a duty and of a project: derived from the state, the calendar and an instant, never stored.

Each light comes with the sentence that explains it. A participating department's light is its own: its silence never
colours the lead's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.ids import DepartmentId, MilestoneId
from domain.rules.calendar import end_of
from domain.rungs.ladder import deadline_of
from domain.rungs.reporting_periods import scheduled_progress
from domain.state import OPEN_STAGES, MilestoneState, PartState, Pause, ProjectState

Colour = Literal["grey", "green", "yellow", "red"]
_WORDS: dict[Colour, str] = {"yellow": "黄灯", "red": "红灯"}
_WORST_LAST: tuple[Colour, ...] = ("grey", "green", "yellow", "red")
STOP_WORDS: dict[str, str] = {
    "completion_review": "办结待审核",
    "extension": "延期待批复",
    "declined_assignment": "退回交办待处理",
    "dispute": "争议待裁定",
    "suspension": "中止",
}
"""Why a clock stands still, as people call it."""


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and the sentence that explains it."""

    colour: Colour
    explanation: str


def light_of(  # noqa: PLR0911 - one light for each stage
    state: ProjectState, milestone_id: MilestoneId, now: datetime
) -> Light:
    """The light of one milestone at `now`: that of the lead department's duty."""
    milestone = state.milestones[milestone_id]
    breached = f"（曾违期{len(milestone.breaches)}次，记录保留）" if milestone.breaches else ""
    match milestone.stage:
        case "withdrawn":
            return Light("grey", "已撤销，不再督办。")
        case "carried_over":
            return Light("grey", f"已结转至{milestone.carried_to}年{breached}。")
        case "ended":
            return Light("grey", f"年终裁定终结{breached}。")
        case "struck_off":
            return Light("green", f"已销号{breached}。")
        case "completed":
            return Light("green", f"已办结，待销号{breached}。")
        case "completion_requested":
            if milestone.breaches:
                return Light("yellow", f"逾期后已申请办结，待审核{breached}。")
            how = "已补报" if milestone.retrospective else "已按期申请办结"
            return Light("green", f"{how}，待审核；承办部门计时已停止。")
        case _:
            return _light_while_open(state, milestone, now)


def light_of_part(state: ProjectState, milestone_id: MilestoneId, department: DepartmentId, now: datetime) -> Light:
    """The light of one participating department's own duty at `now`."""
    milestone = state.milestones[milestone_id]
    part = milestone.parts[department]
    breached = f"（曾违期{len(part.breaches)}次，记录保留）" if part.breaches else ""
    if part.stage == "released":
        return Light("grey", f"已解除参与任务{breached}。")
    if part.stage == "delivered":
        return Light("green", f"已完成参与部分{breached}。")
    if milestone.stage not in OPEN_STAGES:
        return Light("grey", f"牵头部门已办理该节点，参与部分不再计时{breached}。")
    return _light_by_date(state, milestone, part, now) or Light("green", _on_time(state, milestone, part))


def _light_while_open(state: ProjectState, milestone: MilestoneState, now: datetime) -> Light:
    urgent = _light_by_date(state, milestone, milestone, now)
    if urgent is not None:
        return urgent
    if (behind := _behind(state, milestone, now.date())) is not None:
        return Light("yellow", behind)
    deadline, provisional = _deadline(state, milestone, milestone), _provisional(state, milestone, milestone)
    if milestone.stage == "returned_for_rework":
        return Light("yellow", f"办结申请已退回，须在{deadline}前重新办理{provisional}。")
    warning = state.policy.rules_for(milestone.milestone_id).yellow_light_working_days_before
    if warning and now.date() >= state.calendar.working_day(deadline, -warning):
        return Light("yellow", f"{deadline}到期，只剩不到{warning + 1}个工作日，尚未申请办结{provisional}。")
    return Light("green", _on_time(state, milestone, milestone))


def _light_by_date(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, now: datetime
) -> Light | None:
    """The light where the date alone, or a clock that stands still, decides it; none while there is time left."""
    if milestone.retrospective:
        return Light("grey", "交办前已到期，待补报实际完成情况；不计违期。")
    if duty.answer_by is None:
        return Light("grey", "时限待定。")
    deadline, since = _deadline(state, milestone, duty), _stopped_since(milestone, duty)
    over = end_of(deadline) <= now
    if since is not None:
        why = _why_stopped(state, milestone, duty)
        if over and deadline < since:
            today = min(now.date(), since)
            return Light("red", f"{_overdue(state, deadline, today, duty)}；计时自{since}起停止（{why}）。")
        colour: Colour = "grey" if _pauses(state, milestone) else "green"
        told = _provisional(state, milestone, duty)
        return Light(colour, f"计时自{since}起停止（{why}）；原时限{deadline}将相应顺延{told}。")
    if over:
        told = _provisional(state, milestone, duty)
        return Light("red", f"{_overdue(state, deadline, now.date(), duty)}{told}。")
    return None


def _overdue(state: ProjectState, deadline: date, today: date, duty: MilestoneState | PartState) -> str:
    late = state.calendar.working_days_between(deadline, today)
    what = "未申请办结" if isinstance(duty, MilestoneState) else "未完成参与部分"
    return f"{deadline}到期，已逾期{late}个工作日{what}"


def _behind(state: ProjectState, milestone: MilestoneState, today: date) -> str | None:
    missed = sorted(set(milestone.periods_missed) - set(milestone.periods_reported))
    if missed:
        caught_up = len(milestone.periods_missed) - len(missed)
        again = f"（另有{caught_up}期已补报）" if caught_up else ""
        return f"缺报{len(missed)}期：{'、'.join(f'第{number}期' for number in missed)}{again}。"
    if milestone.pace_warned and (plan := scheduled_progress(state, milestone.milestone_id, today)) is not None:
        quantity = milestone.quantity or 0
        if quantity < plan.by_then:
            unit = plan.unit
            return f"进度偏慢：按时序应完成{plan.by_then}{unit}，累计{quantity}{unit}（共{plan.target}{unit}）。"
    return None


def _on_time(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> str:
    return f"{_deadline(state, milestone, duty)}到期，进度正常{_provisional(state, milestone, duty)}。"


def _deadline(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> date:
    assert duty.answer_by is not None
    return deadline_of(duty.answer_by, state.policy.rules_for(milestone.milestone_id), state.calendar)


def _provisional(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> str:
    deadline = _deadline(state, milestone, duty)
    return "（节假日安排未公布，日期暂定）" if state.calendar.is_provisional(deadline) else ""


def _stopped_since(milestone: MilestoneState, duty: MilestoneState | PartState) -> date | None:
    own = min(duty.stops.values(), default=None) if isinstance(duty, PartState) else None
    return min((day for day in (milestone.stopped_on, own) if day is not None), default=None)


def _why_stopped(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> str:
    reasons = dict.fromkeys((*milestone.stops, *duty.stops))
    words = [STOP_WORDS[because] for because in reasons if because != "suspension"]
    for pause in _pauses(state, milestone):
        until = f"至{pause.until}" if pause.until else ""
        words.append(f"中止{until}：{pause.reason}")
    return "、".join(words)


def _pauses(state: ProjectState, milestone: MilestoneState) -> list[Pause]:
    return [pause for pause in (state.suspension, milestone.suspension) if pause is not None]


def project_light(state: ProjectState, now: datetime) -> Light:
    """The light of a project: that of its worst milestone."""
    if state.stage == "withdrawn":
        return Light("grey", "项目已撤销，不再督办。")
    # Of several that are equally bad the one that is due first speaks for the project.
    by_date = sorted(state.milestones.values(), key=lambda milestone: milestone.answer_by or date.max)
    open_first = sorted(by_date, key=lambda milestone: milestone.stage not in OPEN_STAGES)
    lights = [light_of(state, milestone.milestone_id, now) for milestone in open_first]
    if not lights:
        return Light("grey", "没有节点。")
    worst = max(lights, key=lambda light: _WORST_LAST.index(light.colour))
    same = sum(light.colour == worst.colour for light in lights)
    others = f"；同为{_WORDS[worst.colour]}的节点共{same}个" if same > 1 and worst.colour in _WORDS else ""
    return Light(worst.colour, worst.explanation.rstrip("。") + others + "。")


def next_due_on(state: ProjectState) -> date | None:
    """The earliest due date of what is not completed yet and not asked for in retrospect."""
    if state.closed:
        return None
    dates = [
        milestone.answer_by
        for milestone in state.milestones.values()
        if milestone.answer_by is not None
        and not milestone.retrospective
        and (milestone.stage in OPEN_STAGES or milestone.stage == "completion_requested")
    ]
    return min(dates, default=None)
