"""The light of a milestone and of a project: derived from the state, the calendar and an instant, never stored.

Each light comes with the sentence that explains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.calendar import end_of
from domain.ids import MilestoneId
from domain.ladder import deadline_of
from domain.state import OPEN_STAGES, MilestoneState, ProjectState

Colour = Literal["grey", "green", "yellow", "red"]
_WORDS: dict[Colour, str] = {"yellow": "黄灯", "red": "红灯"}
_WORST_LAST: tuple[Colour, ...] = ("grey", "green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and the sentence that explains it."""

    colour: Colour
    explanation: str


def light_of(state: ProjectState, milestone_id: MilestoneId, now: datetime) -> Light:
    """The light of one milestone at `now`."""
    milestone = state.milestones[milestone_id]
    breached = f"（曾违期{len(milestone.breaches)}次，记录保留）" if milestone.breaches else ""
    match milestone.stage:
        case "withdrawn":
            return Light("grey", "已撤销，不再督办。")
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


def _light_while_open(state: ProjectState, milestone: MilestoneState, now: datetime) -> Light:
    if milestone.retrospective:
        return Light("grey", "交办前已到期，待补报实际完成情况；不计违期。")
    if milestone.answer_by is None:
        return Light("grey", "时限待定。")
    rules = state.policy.rules_for(milestone.milestone_id)
    deadline = deadline_of(milestone.answer_by, rules, state.calendar)
    today = now.date()
    provisional = "（节假日安排未公布，日期暂定）" if state.calendar.is_provisional(deadline) else ""
    if now >= end_of(deadline):
        late = state.calendar.working_days_between(deadline, today)
        return Light("red", f"{deadline}到期，已逾期{late}个工作日未申请办结{provisional}。")
    if milestone.stage == "returned_for_rework":
        return Light("yellow", f"办结申请已退回，须在{deadline}前重新办理{provisional}。")
    warning = rules.yellow_light_working_days_before
    if warning and today >= state.calendar.working_day(deadline, -warning):
        return Light("yellow", f"{deadline}到期，只剩不到{warning + 1}个工作日，尚未申请办结{provisional}。")
    return Light("green", f"{deadline}到期，进度正常{provisional}。")


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
