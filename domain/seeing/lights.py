"""The light of a duty and of a project: derived from the state, the calendar and an instant, never stored.

Each light comes with the sentence that explains it. A participating department's light is its own: its silence never
colours the lead's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.clock import office_day
from domain.colours import WORST_LAST, Colour
from domain.events.pausing import STOP_WORDS
from domain.ids import DepartmentId, MilestoneId
from domain.rungs.ladder import deadline_of
from domain.rungs.reporting_periods import Lag, lag_of, percent_day, schedule_judged_after, scheduled_progress
from domain.rungs.timing import is_over
from domain.state import (
    CLOSED_STAGES,
    OPEN_PART_STAGES,
    OPEN_STAGES,
    Limit,
    MilestoneStage,
    MilestoneState,
    PartState,
    Pause,
    ProjectState,
)
from domain.state.running import stopped_since

_WHOLE = 100
_WORDS: dict[Colour, str] = {"yellow": "黄灯", "red": "红灯"}


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and the sentence that explains it."""

    colour: Colour
    explanation: str


_OF_WITHDRAWN = Light("grey", "项目已撤销，不再督办。")


def light_of(  # noqa: PLR0911 - one light for each stage
    state: ProjectState, milestone_id: MilestoneId, now: datetime
) -> Light:
    """The light of one milestone at `now`: that of the lead department's duty."""
    milestone = state.milestones[milestone_id]
    if state.withdrawn and milestone.stage not in CLOSED_STAGES:
        return _OF_WITHDRAWN
    breached = f"（曾违期{len(milestone.breaches)}次，记录保留）" if milestone.breaches else ""
    match milestone.stage:
        case "withdrawn":
            return Light("grey", "已撤销，不再督办。")
        case "carried_over":
            return Light("grey", f"已结转至{milestone.carried_to}年{breached}。")
        case "ended":
            return Light("grey", f"年终裁定终结{breached}。")
        case "struck_off":
            return Light("green", f"已销号{_early_words(state, milestone)}{breached}。")
        case "completed":
            return Light("green", f"已办结，待销号{_early_words(state, milestone)}{breached}。")
        case "completion_requested":
            if milestone.breaches:
                return Light("yellow", f"逾期后已申请办结，待审核{breached}。")
            how = "已补报" if milestone.retrospective else f"已{_how_timely(state, milestone)}申请办结"
            return Light("green", f"{how}，待审核；承办部门计时已停止。")
        case _:
            return _light_while_open(state, milestone, now)


def light_of_part(state: ProjectState, milestone_id: MilestoneId, department: DepartmentId, now: datetime) -> Light:
    """The light of one participating department's own duty at `now`."""
    milestone = state.milestones[milestone_id]
    part = milestone.parts[department]
    if state.withdrawn and part.stage in OPEN_PART_STAGES:
        return _OF_WITHDRAWN
    breached = f"（曾违期{len(part.breaches)}次，记录保留）" if part.breaches else ""
    if part.stage == "released":
        return Light("grey", f"已解除参与任务{breached}。")
    if part.stage == "delivered":
        early = "（提前完成）" if done_early(state, milestone, part) else ""
        return Light("green", f"已完成参与部分{early}{breached}。")
    if milestone.stage not in OPEN_STAGES:
        return Light("grey", f"{_why_over(milestone)}，参与部分不再计时{breached}。")
    urgent = _light_by_date(state, milestone, part, now)
    return urgent or _light_while_there_is_time(state, milestone, part, now)


def _why_over(milestone: MilestoneState) -> str:
    """Why a participant's own duty is over though it was not delivered."""
    match milestone.stage:
        case "withdrawn":
            return "节点已撤销"
        case "carried_over":
            return f"节点已结转至{milestone.carried_to}年"
        case "ended":
            return "节点经年终裁定终结"
        case _:
            return "牵头部门已办理该节点"


def _light_while_open(state: ProjectState, milestone: MilestoneState, now: datetime) -> Light:
    urgent = _light_by_date(state, milestone, milestone, now)
    return urgent or _light_while_there_is_time(state, milestone, milestone, now)


def _light_while_there_is_time(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, now: datetime
) -> Light:
    """The light of an open duty whose date is not over: the worst of what is known to be amiss."""
    deadline, today = _deadline(state, milestone, duty), now.date()
    found = list(_amiss(state, milestone, duty, deadline, today))
    if not found:
        facts = "，".join(_known(state, milestone, duty, today))
        return Light("green", f"时限{deadline}，未到期；{facts}{_provisional(state, deadline)}。")
    worst = max((colour for colour, _ in found), key=WORST_LAST.index)
    reasons = "；".join(words for colour, words in found if colour == worst)
    return Light(worst, f"{reasons}{_provisional(state, deadline)}。")


def _amiss(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, deadline: date, today: date
) -> Iterator[tuple[Colour, str]]:
    """What is amiss with a duty that is not due yet, each with its colour: by the rules, and by what is on record."""
    rules = state.policy.life_cycle.lights
    if duty is milestone:
        yield from _lead_amiss(state, milestone, deadline, today)
    if rules.unsigned_is_yellow and (limit := unsigned_limit(state, duty)) is not None and today > limit.due_on:
        yield "yellow", f"未签收（应于{limit.due_on}前签收）"
    since = silent_from(state, milestone, duty)
    if since is not None and today >= since:
        percent = rules.silent_yellow_percent
        yield "yellow", f"{deadline}到期，时间已过{percent}%，未反馈"


def _lead_amiss(
    state: ProjectState, milestone: MilestoneState, deadline: date, today: date
) -> Iterator[tuple[Colour, str]]:
    missed = sorted(set(milestone.periods_missed) - set(milestone.periods_reported))
    if missed:
        caught_up = len(milestone.periods_missed) - len(missed)
        again = f"（另有{caught_up}期已补报）" if caught_up else ""
        yield "yellow", f"缺报{len(missed)}期：{'、'.join(f'第{number}期' for number in missed)}{again}"
    rules, lag = state.policy.life_cycle.lights, lag_of(state, milestone.milestone_id, today)
    if lag is not None and lag.points >= rules.behind_yellow_points and _is_judged(state, milestone, today):
        colour: Colour = "red" if lag.points > rules.behind_red_points else "yellow"
        yield colour, f"序时落后{lag.points}个百分点：{_schedule(state, milestone, lag, today)}"
    if milestone.stage == "returned_for_rework":
        yield "yellow", f"办结申请已退回，须在{deadline}前重新办理"
    warning = state.policy.rules_for(milestone.milestone_id).yellow_light_working_days_before
    if warning and today >= state.calendar.working_day(deadline, -warning):
        yield "yellow", f"{deadline}到期，只剩不到{warning + 1}个工作日，尚未申请办结"


def _known(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, today: date
) -> Iterator[str]:
    """What is on record of a duty of which nothing is amiss."""
    if duty.signed:
        yield "已签收"
    elif (limit := unsigned_limit(state, duty)) is not None:
        yield f"未签收（{limit.due_on}前签收）"
    else:
        yield "未签收"
    if duty.last_reported_at is None:
        yield "未反馈"
    else:
        yield f"已反馈{duty.reports}次（最近{office_day(duty.last_reported_at):%Y-%m-%d}）"
    if duty is milestone and (lag := lag_of(state, milestone.milestone_id, today)) is not None:
        verdict = f"，落后{lag.points}个百分点" if lag.points > 0 else ""
        if not _is_judged(state, milestone, today):
            # Being behind is no finding yet: beside a green light it would read as one.
            judged_after = schedule_judged_after(state, milestone.milestone_id)
            verdict = f"（首次反馈期限{judged_after}，此前不评序时进度）"
        yield f"{_schedule(state, milestone, lag, today)}{verdict}"


def _is_judged(state: ProjectState, milestone: MilestoneState, today: date) -> bool:
    after = schedule_judged_after(state, milestone.milestone_id)
    return after is None or today > after


def _schedule(state: ProjectState, milestone: MilestoneState, lag: Lag, today: date) -> str:
    plan = scheduled_progress(state, milestone.milestone_id, today)
    assert plan is not None
    quantity, unit = milestone.quantity or 0, plan.unit
    if unit == "%" and plan.target == _WHOLE:
        return f"按时序应完成{lag.scheduled_percent}%，累计{lag.done_percent}%"
    return (
        f"按时序应完成{plan.by_then}{unit}（{lag.scheduled_percent}%），累计{quantity}{unit}（{lag.done_percent}%），"
        f"共{plan.target}{unit}"
    )


def unsigned_limit(state: ProjectState, duty: MilestoneState | PartState) -> Limit | None:
    """The receipt that a duty's department still owes for it, while its limit runs; none where it signed."""
    if duty.signed:
        return None
    owner = duty.department if isinstance(duty, PartState) else state.lead
    limit = state.open_limit("receipt", None, owner)
    return limit if limit is not None and limit.stopped_on is None else None


def silent_from(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> date | None:
    """The day from which on a duty without a report is a light; none where it has one, or no rule says so.

    The time begins with the window, and not before the assignment. A milestone that comes back is asked for by periods.
    """
    percent = state.policy.life_cycle.lights.silent_yellow_percent
    if percent is None or duty.last_reported_at is not None or duty.answer_by is None:
        return None
    issued = state.issued(milestone.milestone_id)
    start = max(issued.starts_on or date.min, state.assigned_on(milestone.milestone_id))
    if start > duty.answer_by:
        return None
    return percent_day((start, duty.answer_by), percent) + timedelta(days=1)


def done_early(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> bool:
    """Whether a duty was done before the first day of its window."""
    starts_on = state.issued(milestone.milestone_id).starts_on
    return duty.done_on is not None and starts_on is not None and duty.done_on < starts_on


def is_overdue(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, now: datetime) -> bool:
    """Whether the date of an open duty is over without an answer."""
    if milestone.retrospective or duty.answer_by is None:
        return False
    return is_over(state, milestone, now, duty)


def unsigned_departments(state: ProjectState) -> tuple[DepartmentId, ...]:
    """The departments that have not signed for a duty that is open, in order of the list."""
    names: dict[DepartmentId, None] = {}
    for milestone in () if state.closed else state.milestones.values():
        if milestone.stage in OPEN_STAGES:
            if not milestone.signed:
                names[state.lead] = None
            names |= dict.fromkeys(
                name for name, part in milestone.parts.items() if part.stage in OPEN_PART_STAGES and not part.signed
            )
    return tuple(names)


def _how_timely(state: ProjectState, milestone: MilestoneState) -> str:
    return "提前" if done_early(state, milestone, milestone) else "按期"


def _early_words(state: ProjectState, milestone: MilestoneState) -> str:
    if not done_early(state, milestone, milestone):
        return ""
    return f"（{milestone.done_on}提前完成，早于起始日期{state.issued(milestone.milestone_id).starts_on}）"


def _light_by_date(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, now: datetime
) -> Light | None:
    """The light where the date alone, or a clock that stands still, decides it; none while there is time left."""
    if milestone.retrospective:
        return Light("grey", "交办前已到期，待补报实际完成情况；不计违期。")
    if duty.answer_by is None:
        return Light("grey", "时限待定。")
    deadline, since = _deadline(state, milestone, duty), stopped_since(milestone, duty)
    over = is_over(state, milestone, now, duty)
    if since is not None:
        why = _why_stopped(state, milestone, duty)
        if over:
            today = min(now.date(), since)
            return Light("red", f"{_overdue(state, deadline, today, duty)}；计时自{since}起停止（{why}）。")
        colour: Colour = "grey" if _pauses(state, milestone) else "green"
        told = _provisional(state, deadline)
        return Light(colour, f"计时自{since}起停止（{why}）；原时限{deadline}将相应顺延{told}。")
    if over:
        told = _provisional(state, deadline)
        return Light("red", f"{_overdue(state, deadline, now.date(), duty)}{told}。")
    return None


def _overdue(state: ProjectState, deadline: date, today: date, duty: MilestoneState | PartState) -> str:
    late = state.calendar.working_days_between(deadline, today)
    what = "未申请办结" if isinstance(duty, MilestoneState) else "未完成参与部分"
    if not late:
        return f"{deadline}到期，已逾期（其后尚无工作日），{what}"
    return f"{deadline}到期，已逾期{late}个工作日{what}"


def _deadline(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> date:
    assert duty.answer_by is not None
    return deadline_of(duty.answer_by, state.policy.rules_for(milestone.milestone_id), state.calendar)


def _provisional(state: ProjectState, deadline: date) -> str:
    return "（节假日安排未公布，日期暂定）" if state.calendar.is_provisional(deadline) else ""


def _why_stopped(state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState) -> str:
    reasons = dict.fromkeys((*milestone.stops, *duty.stops))
    words = [STOP_WORDS[because] for because in reasons if because != "suspension"]
    for pause in _pauses(state, milestone):
        until = f"至{pause.until}" if pause.until else ""
        words.append(f"中止{until}：{pause.reason}")
    return "、".join(words)


def _pauses(state: ProjectState, milestone: MilestoneState) -> list[Pause]:
    return [pause for pause in (state.suspension, milestone.suspension) if pause is not None]


def lead_lights(state: ProjectState, now: datetime) -> dict[MilestoneId, Light]:
    """The light of every milestone of a project."""
    return {milestone_id: light_of(state, milestone_id, now) for milestone_id in state.milestones}


def project_light(state: ProjectState, now: datetime, of_leads: Mapping[MilestoneId, Light] | None = None) -> Light:
    """The light of a project: that of its worst milestone; who has the lights of the milestones gives them."""
    if state.stage == "withdrawn":
        return _OF_WITHDRAWN
    if (over := _how_it_ended(state)) is not None:
        return over
    # Of several that are equally bad the one that is due first speaks for the project.
    by_date = sorted(state.milestones.values(), key=lambda milestone: milestone.answer_by or date.max)
    open_first = sorted(by_date, key=lambda milestone: milestone.stage not in OPEN_STAGES)
    each = of_leads or lead_lights(state, now)
    lights = [each[milestone.milestone_id] for milestone in open_first]
    if not lights:
        return Light("grey", "没有节点。")
    worst = max(lights, key=lambda light: WORST_LAST.index(light.colour))
    same = sum(light.colour == worst.colour for light in lights)
    others = f"；同为{_WORDS[worst.colour]}的节点共{same}个" if same > 1 and worst.colour in _WORDS else ""
    return Light(worst.colour, worst.explanation.rstrip("。") + others + "。")


_ENDS: dict[MilestoneStage, str] = {
    "struck_off": "销号",
    "carried_over": "结转",
    "ended": "裁定终结",
    "withdrawn": "撤销",
}


def _how_it_ended(state: ProjectState) -> Light | None:
    """The light of a project whose milestones are all over: what became of how many; none while one is open."""
    stages = Counter(milestone.stage for milestone in state.milestones.values())
    if not stages or any(stage not in CLOSED_STAGES for stage in stages):
        return None
    years = sorted({each.carried_to for each in state.milestones.values() if each.carried_to is not None})
    to = f"至{'、'.join(map(str, years))}年" if years else ""
    told = [
        f"{words}{to if stage == 'carried_over' else ''}{stages[stage]}个"
        for stage, words in _ENDS.items()
        if stages[stage]
    ]
    breaches = sum(len(milestone.breaches) for milestone in state.milestones.values())
    breached = f"（曾违期{breaches}次，记录保留）" if breaches else ""
    # What goes on in another year's list, or ended by ruling, was not done.
    colour: Colour = "green" if stages["struck_off"] and not (stages["carried_over"] or stages["ended"]) else "grey"
    waiting = "" if state.closed else _waiting(state)
    return Light(colour, f"全部节点已了结：{'，'.join(told)}{breached}{waiting}。")


def _waiting(state: ProjectState) -> str:
    """What holds a project open whose milestones are all over."""
    count = len(state.limits)
    return f"；还有{count}件待办，办完后归档" if count else ""


def next_due_on(state: ProjectState) -> date | None:
    """The earliest due date of what is not completed yet and not asked for in retrospect."""
    if state.closed:
        return None
    dates = [
        _deadline(state, milestone, milestone)
        for milestone in state.milestones.values()
        if milestone.answer_by is not None
        and not milestone.retrospective
        and (milestone.stage in OPEN_STAGES or milestone.stage == "completion_requested")
    ]
    return min(dates, default=None)
