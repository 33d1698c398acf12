"""What is said of an act to whoever gave it: what it brought, and what comes next, for whom and until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from domain import events as e
from domain.actors import spoken
from domain.ids import DepartmentId, MilestoneId
from domain.rules.life_cycle import LimitKind
from domain.rungs.ladder import BREACH, deadline_of
from domain.rungs.limits import LIMIT_PASSED
from domain.state import (
    OPEN_PART_STAGES,
    OPEN_STAGES,
    InspectionStage,
    Limit,
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
_ANSWERS: dict[LimitKind, str] = {
    "declined_assignment": "处理退回的交办",
    "dispute": "裁定争议",
    "completion_review": "审核办结",
    "extension_review": "初审延期",
    "extension_ruling": "批复延期",
    "inspection_answer": "答复督查结论",
    "rectification": "报告整改",
    "rectification_check": "核查整改",
    "directive_answer": "反馈批示落实情况",
}
"""What the owner of a matter does about it."""
_STOPPED = "（计时停止，时限将相应顺延）"


class Step(NamedTuple):
    """What one of them does next; until no day where none is set. What is
    overdue, or holds up the rest, stands first."""

    who: DepartmentId
    until: date | None
    what: str
    first: bool = False


def what_happened(events: Iterable[e.DomainEvent], on_record: Iterable[e.DomainEvent] = ()) -> tuple[str, ...]:
    """What an act brought, in words, of a project that has this on record. That it answered what was waited for is
    what the act itself says; a clock that goes on and moves no day, or a notice that was dropped with what it was
    about, changes nothing for anybody."""
    leaders = {event.seq: event.leader for event in on_record if isinstance(event, e.DirectiveIssued)}
    said = [event for event in events if not _says_nothing_more(event)]
    resumed = {event.milestone_id for event in said if isinstance(event, e.ClockResumed)}
    if len(resumed) > 1 or any(isinstance(event, e.MilestoneReturnedForRework) for event in said):
        # Each by itself would name no milestone, and a date that the day of the return takes the place of.
        said = [event for event in said if not isinstance(event, e.ClockResumed)]
    lines = tuple(_each_once([line for event in said for line in _in_words(event, leaders)]))
    return (*lines, f"{len(resumed)}个节点恢复计时，时限各按停止的工作日顺延") if len(resumed) > 1 else lines


def _each_once(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those that say the same of several milestones once, with how many these are."""
    for line, count in Counter(lines).items():
        yield f"{line}，共{count}个节点" if count > 1 else line


def _in_words(event: e.DomainEvent, leaders: Mapping[int, str]) -> Iterator[str]:
    """The line of an event, and what only the one who gave the act asks."""
    yield event.words()
    match event:
        case e.UrgeIssued():
            yield "催办单随下一次发文送达"
        case e.DirectiveAnswered():
            leader = leaders.get(event.directive)
            yield f"答的是{leader}的第{event.directive}号批示" if leader else f"答的是第{event.directive}号批示"
        case _:
            pass


def _says_nothing_more(event: e.DomainEvent) -> bool:
    match event:
        case e.LimitEnded():
            return event.answered
        case e.ClockResumed():
            return event.working_days_excused == 0 and event.not_before is None
        case _:
            return isinstance(event, e.NoticeNotSent | e.LimitNoticeNotSent)


def what_is_next(state: ProjectState, milestone_id: MilestoneId | None, department: DepartmentId | None) -> str:
    """What is waited for now, of a milestone or of the whole project, and of a department where one gave the act."""
    if state.closed:
        return f"无；整个项目已{'归档' if state.archived else '撤销'}。"
    lines = list(waited_for(state, milestone_id, department))
    steps = [each for each in lines if isinstance(each, Step)]
    others = [each for each in lines if not isinstance(each, Step)]
    return f"{'；'.join(dict.fromkeys((*others, *_by_owner(steps))))}。"


def waited_for(
    state: ProjectState, milestone_id: MilestoneId | None, department: DepartmentId | None
) -> Iterator[str | Step]:
    """What is waited for of a project that goes on: each step of somebody, and what is said besides."""
    milestone = state.milestones.get(milestone_id or "")
    return _of_project(state, department) if milestone is None else _of_milestone(state, milestone, department)


def _by_owner(steps: Iterable[Step]) -> Iterator[str]:
    """Each owner's steps in one line, by their days; owners who have the same to do stand together."""
    of: dict[DepartmentId, dict[str, None]] = {}
    for who, until, what, _ in sorted(dict.fromkeys(steps), key=_by_day):
        of.setdefault(who, {})[f"于 {until} 前{what}" if until else what] = None
    alike: dict[str, list[DepartmentId]] = {}
    for who, things in of.items():
        alike.setdefault("，".join(things), []).append(who)
    for said, owners in alike.items():
        yield f"{'、'.join(owners)}{said}"


def _by_day(step: Step) -> date:
    return date.min if step.first else step.until or date.max


def _of_project(state: ProjectState, department: DepartmentId | None) -> Iterator[str | Step]:
    yield from _held(state.suspension, state.silence)
    yield from _matters(state, None, department)
    if state.suspension is not None:
        return
    takes_part = any(department in each.parts for each in state.milestones.values())
    who = department if department is not None and takes_part else state.lead
    mine = [(each, duty) for each in state.milestones.values() if (duty := _open(state, each, who)) is not None]
    over = [milestone.milestone_id for milestone, _ in mine if milestone.retrospective]
    if over:
        yield Step(who, None, f"补报 {'、'.join(over)} 的实际完成情况和日期")
    dated = [(duty.answer_by, milestone, duty) for milestone, duty in mine if not milestone.retrospective]
    first = min((on for on, _, _ in dated if on is not None), default=None)
    alike: dict[Step, list[MilestoneId]] = {}
    for on, milestone, duty in dated:
        if on is not None and on == first:
            alike.setdefault(_open_duty(state, milestone, duty, ""), []).append(milestone.milestone_id)
    for milestone_ids in alike.values():
        milestone = state.milestones[milestone_ids[0]]
        mine_there = next(duty for each, duty in mine if each is milestone)
        yield _open_duty(state, milestone, mine_there, "、".join(milestone_ids))
    if not dated and not over:
        yield "没有尚待办理的时限"


def _open(state: ProjectState, milestone: MilestoneState, who: DepartmentId) -> MilestoneState | PartState | None:
    """A department's duty in a milestone; none where it has none there, or it is not open any more."""
    duty = milestone if who == state.lead else milestone.parts.get(who)
    if milestone.stage not in OPEN_STAGES or (isinstance(duty, PartState) and duty.stage not in OPEN_PART_STAGES):
        return None
    return duty


def _of_milestone(
    state: ProjectState, milestone: MilestoneState, department: DepartmentId | None
) -> Iterator[str | Step]:
    yield from _held(milestone.suspension, milestone.silence)
    yield from _matters(state, milestone.milestone_id, department)
    if milestone.inspection is not None and milestone.inspection.stage in _INSPECTED:
        yield Step(state.policy.life_cycle.supervision_section, None, _INSPECTED[milestone.inspection.stage])
    if milestone.extension is not None and milestone.extension.stage == "more_asked":
        yield Step(state.lead, None, "补充延期说明", first=True)
    part = milestone.parts.get(department or "") if department != state.lead else None
    if milestone.stage in _OVER:
        yield f"本节点{_OVER[milestone.stage]}，不须再办"
    elif milestone.stage == "completed":
        yield "由审核人以外的督查人员销号"
    elif part is not None and part.stage not in OPEN_PART_STAGES:
        yield f"{part.department}的部分已经办完，不须再报"
    elif milestone.stage in OPEN_STAGES:
        yield _open_duty(state, milestone, part or milestone)


def _held(pause: Pause | None, silence: Silence | None) -> Iterator[str]:
    """What stands still by a person's word, and until when."""
    if pause is not None:
        yield f"中止期间不计时、不催办，{f'{pause.until} 后自动' if pause.until else '由督查人员'}恢复，时限随之顺延"
    if silence is not None:
        yield f"至 {silence.until} 不发通知，照常计逾期"


def _open_duty(
    state: ProjectState, milestone: MilestoneState, duty: MilestoneState | PartState, named: str = ""
) -> Step:
    about = f" {named} " if named else ""
    if isinstance(duty, PartState):
        who, what, late = duty.department, f"完成{about}参与部分", "补报实际完成情况和日期"
    else:
        who, what, late = state.lead, f"申请{about}办结", "补报：申请办结，写明实际完成日期"
    if milestone.retrospective:
        return Step(who, duty.answer_by if milestone.rework else None, late)
    if duty.answer_by is None:
        return Step(who, None, f"{what}，时限待定")
    rules = state.policy.rules_for(milestone.milestone_id)
    deadline = deadline_of(duty.answer_by, rules, state.calendar)
    if BREACH in duty.taken:
        return _overdue(who, what, deadline)
    return Step(who, deadline, what + (_STOPPED if milestone.stops or duty.stops else ""))


def _matters(state: ProjectState, milestone_id: MilestoneId | None, department: DepartmentId | None) -> Iterator[Step]:
    """What waits for its answer: of the milestone (or the project), and the receipt of the department that acted; the
    lead, who answers for the whole, hears of all receipts of the project, and the section, which acts on a milestone,
    of those that are missing there."""
    for limit in state.limits.values():
        receipt, own = limit.kind == "receipt", department in (None, limit.owner)
        about_this = limit.milestone_id == milestone_id and (own or not receipt or department == state.lead)
        missing_here = receipt and department is None and _is_unsigned(state, milestone_id, limit.owner)
        if about_this or missing_here or (receipt and limit.owner == department):
            yield _waits(limit, _answer(state, limit))
        elif limit.kind == "directive_answer" and milestone_id is None:
            yield _waits(limit, f"反馈 {limit.milestone_id} 的批示落实情况")


def _is_unsigned(state: ProjectState, milestone_id: MilestoneId | None, owner: DepartmentId) -> bool:
    milestone = state.milestones.get(milestone_id or "")
    duty = _open(state, milestone, owner) if milestone is not None else None
    return duty is not None and not duty.signed


def _waits(limit: Limit, what: str) -> Step:
    if LIMIT_PASSED in limit.taken:
        return _overdue(limit.owner, what, limit.due_on)
    return Step(limit.owner, limit.due_on, what)


def _overdue(who: DepartmentId, what: str, day: date) -> Step:
    return Step(who, None, f"尽快{what}（时限 {day} 已过）", first=True)


def _answer(state: ProjectState, limit: Limit) -> str:
    if limit.kind == "receipt":
        return _signing(state, limit.owner)
    milestone = state.milestones.get(limit.milestone_id or "")
    reviewed = milestone.extension.reviewed_by if milestone is not None and milestone.extension is not None else ()
    if limit.kind == "extension_ruling" and reviewed:
        return f"批复延期（由{'、'.join(dict.fromkeys(map(spoken, reviewed)))}以外的人办理）"
    return f"{_ANSWERS[limit.kind]}{f'（{limit.about}）' if limit.about else ''}"


def _signing(state: ProjectState, who: DepartmentId) -> str:
    """Who signed for one milestone would ask why he is to sign again: what is left is counted."""
    duties = [duty for each in state.milestones.values() if (duty := _open(state, each, who)) is not None]
    left = sum(not duty.signed for duty in duties)
    return f"签收其余{left}个节点" if 0 < left < len(duties) else "签收"
