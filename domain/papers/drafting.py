"""The papers that follow from a decision's events, and the waiting ones that say nothing any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from domain import events as e
from domain.events.pausing import STOP_WORDS
from domain.ids import DepartmentId, event_id_for, supervision_workflow_id
from domain.papers.draft import (
    about,
    chinese_date,
    counted,
    day_of,
    named,
    order_text,
    paper,
    quoted,
    send_time,
    sentence,
    sign_by,
    standing_days,
)
from domain.papers.paper import Paper, Withholding
from domain.rules.life_cycle import LimitKind
from domain.state import ProjectState


def papers_for(state: ProjectState, events: Sequence[e.DomainEvent]) -> tuple[Paper, ...]:
    """The papers that follow from a decision's events, in order; `state` is the one after them."""
    papers: list[Paper] = []
    told: set[str] = set()
    resumed: set[str] = set()
    for event in events:
        if e.is_amendment(event):
            # One order tells all that one request changed; it follows from the first of its events.
            if event.cause not in told:
                told.add(event.cause)
                papers.append(amendment_order(state, event, events))
        elif isinstance(event, e.ClockResumed) and event.cause not in resumed:
            resumed.add(event.cause)
            papers.extend(later_days(state, event, events))
        elif not (event.cause in told and event.amends(state)) and (drafted := event.paper(state)) is not None:
            papers.append(drafted)
    return tuple(papers)


def later_days(state: ProjectState, first: e.ClockResumed, events: Sequence[e.DomainEvent]) -> Iterator[Paper]:
    """The one notice of the days that one request has moved by those for which clocks stood still: to every department
    whose day it moves and no other paper of the request tells."""
    ours = [event for event in events if event.cause == first.cause]
    if any(map(e.is_amendment, ours)):
        return  # the order tells every day
    set_by_ruling = {event.milestone_id: event for event in ours if isinstance(event, _NAME_A_DAY)}
    days: dict[DepartmentId, list[str]] = {}
    reasons: dict[str, None] = {}
    for event in ours:
        # How a suspension ends tells its days itself.
        if not isinstance(event, e.ClockResumed) or not _moves(event) or event.because == "suspension":
            continue
        ruling = set_by_ruling.get(event.milestone_id)
        for department, due_on in standing_days(state, event.milestone_id):
            # A day that is over when the notice is read says nothing more.
            read_on = send_time(event.decided_at, state.policy, state)[0].date()
            if event.department not in (None, department) or due_on < read_on:
                continue
            granted = isinstance(ruling, e.DeadlineExtended) and due_on == counted(
                state, event.milestone_id, ruling.after
            )
            if granted or (ruling is not None and department == state.lead):
                continue
            reasons[STOP_WORDS[event.because]] = None
            days.setdefault(department, []).append(day_of(state, event.milestone_id, department, due_on))
    if days:
        said = "；".join(day for of in days.values() for day in of)
        text = (
            f"{about(state, None)}计时恢复（{'、'.join(reasons)}），停止期间不计入办理时间，现时限：{said}。"
            "请按此时限办理。"
        )
        to, *copies = days
        yield paper(state, first, "status_notice", to, text, copies_to=tuple(copies))


def _moves(event: e.ClockResumed) -> bool:
    return event.working_days_excused > 0 or event.not_before is not None


_NAME_A_DAY = (e.DeadlineExtended, e.ExtensionRefused, e.MilestoneReturnedForRework)
"""The rulings that name the lead's day, and the first one that of all."""


def withholdings_for(state: ProjectState, events: Sequence[e.DomainEvent]) -> tuple[Withholding, ...]:
    """The milestones whose waiting reminders and urges a decision's events have overtaken."""
    stream = supervision_workflow_id(state.project_id)
    return tuple(
        Withholding(
            milestone_id=milestone_id,
            reason=reason,
            by_event=event_id_for(stream, event.seq),
            addressee=addressee,
        )
        for event in events
        for milestone_id, reason, addressee in event.overtakes(state)
    )


_CARRIED: dict[LimitKind, str] = {
    "directive_answer": "领导批示的落实反馈",
    "inspection_answer": "督查结论的答复",
    "rectification": "督查整改",
}


def _carried(state: ProjectState, before: DepartmentId, events: Sequence[e.DomainEvent]) -> str:
    """What goes over from one lead to the next, said to both: what waits, what falls away, what stays whose."""
    # Those of one kind and day are said once, with all their milestones.
    alike: dict[tuple[LimitKind, date], list[str]] = {}
    for limit in state.limits.values():
        if limit.kind in _CARRIED and limit.owner == state.lead:
            alike.setdefault((limit.kind, limit.due_on), []).append(_which(state, limit.milestone_id))
    waiting = [
        f"{_CARRIED[kind]}（{'、'.join(which)}，{chinese_date(due_on)}前）" for (kind, due_on), which in alike.items()
    ]
    waiting += [
        f"正在进行的督查（{_which(state, milestone.milestone_id)}）"
        for milestone in state.milestones.values()
        if milestone.inspection is not None and milestone.inspection.stage == "opened"
    ]
    lapsed = [_which(state, event.milestone_id) for event in events if isinstance(event, e.ExtensionLapsed)]
    told = f"随牵头任务移交{state.lead}：{'、'.join(waiting)}。" if waiting else ""
    if lapsed:
        told += f"{before}提出的延期申请（{'、'.join(lapsed)}）不再审理，确需延期的由{state.lead}重新申请。"
    return f"{told}此前的违期记录保留。"


def _which(state: ProjectState, milestone_id: str | None) -> str:
    return f"节点{named(state, milestone_id)}" if milestone_id else "整个项目"


def amendment_order(state: ProjectState, first: e.DomainEvent, events: Sequence[e.DomainEvent]) -> Paper:
    """The one order that tells all that one request changed; it follows from the first of its events."""
    project = state.project
    ours = [event for event in events if event.cause == first.cause]
    words = "；".join(text for event in ours if (text := event.amends(state)))
    before = tuple(event.before for event in ours if isinstance(event, e.LeadReassigned))
    asked = "请按变更后的内容和时限办理"
    if before:
        sign = sign_by(state, project.lead_department, first.decided_at.date())
        asked = f"{_carried(state, before[0], ours)}{order_text(state)}{sign}"
    basis = sentence(getattr(first, "basis", "").removeprefix("依据"))
    body = f"重点项目{quoted(project.title)}变更如下：{words}。变更依据：{basis}{asked}。"
    gave = (event.before for event in ours if isinstance(event, e.SubDutiesHandedOver))
    gone = (name for event in ours if isinstance(event, e.ProjectAmended) for name in event.released())
    copies = tuple(dict.fromkeys((*before, *gave, *project.participating_departments, *gone)))
    return paper(state, first, "supervision_order", project.lead_department, body, copies_to=copies)
