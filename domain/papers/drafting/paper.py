"""How a paper is made from an event: its identity, its addressee, when it may go, and the words that all share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from domain.events import DomainEvent
from domain.ids import DepartmentId, event_id_for, supervision_workflow_id
from domain.papers.paper import HeldReason, Paper, PaperKind
from domain.rules.calendar import office_instant
from domain.rules.policy import Level, SupervisionPolicy
from domain.state import ProjectState

Drafter = Callable[[ProjectState, Any], Paper | None]
"""The paper that follows from an event of one type, if one does; the state is the one after the decision."""
_AT_ONCE: frozenset[PaperKind] = frozenset({"supervision_order"})


def chinese_date(day: date) -> str:
    """A day as an office writes it (`2018年4月30日`)."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_or_open(day: date | None) -> str:
    """A day as an office writes it, or that it is open."""
    return chinese_date(day) if day else "待定"


def about(state: ProjectState, milestone_id: str | None) -> str:
    """What a paper is about: a milestone, or the whole project."""
    if milestone_id is None:
        return f"重点项目“{state.project.title}”"
    return f"重点项目“{state.project.title}”的节点“{state.issued(milestone_id).description}”"


def taking_part(state: ProjectState, milestone_id: str | None) -> tuple[DepartmentId, ...]:
    """The participating departments of a milestone, or of the whole project, but for those released from it."""
    if milestone_id is None or state.policy.life_cycle is None:
        return state.project.participating_departments
    return tuple(name for name, part in state.milestones[milestone_id].parts.items() if part.stage != "released")


def sign_by(state: ProjectState, department: DepartmentId) -> str:
    """What a department that gets an assignment is asked for, with the day of its receipt."""
    limit = state.open_limit("receipt", None, department)
    return f"请于{chinese_date(limit.due_on)}前签收并办理" if limit else "请签收并办理"


def send_time(issued_at: datetime, policy: SupervisionPolicy, state: ProjectState) -> tuple[datetime, HeldReason]:
    """When a paper that is gathered may go: with the next morning's digest that is not before it, and why it waits."""
    calendar = state.calendar
    inside = policy.within_working_hours(issued_at, calendar)
    today = office_instant(issued_at.date(), policy.digest_at)
    if calendar.is_working_day(issued_at.date()) and issued_at <= today:
        return today, "gathered_for_digest" if inside else "outside_working_hours"
    tomorrow = calendar.working_day(issued_at.date(), 1)
    return office_instant(tomorrow, policy.digest_at), "gathered_for_digest" if inside else "outside_working_hours"


def paper(
    state: ProjectState,
    event: DomainEvent,
    kind: PaperKind,
    to: DepartmentId,
    body: str,
    *,
    due_on: date | None = None,
    level: Level | None = None,
    copies_to: tuple[DepartmentId, ...] = (),
) -> Paper:
    """A paper that follows from an event."""
    send_from, held = send_time(event.decided_at, state.policy, state)
    # The supervision order opens the work: within working hours it does not wait for a morning.
    at_once = kind in _AT_ONCE and state.policy.within_working_hours(event.decided_at, state.calendar)
    return Paper(
        paper_id=event_id_for(supervision_workflow_id(state.project.project_id), event.seq),
        kind=kind,
        year=state.year,
        project_id=state.project.project_id,
        project_title=state.project.title,
        milestone_id=getattr(event, "milestone_id", None),
        level=level,
        to=to,
        copies_to=tuple(copy for copy in copies_to if copy != to),
        due_on=due_on,
        issued_at=event.decided_at,
        send_from=event.decided_at if at_once else send_from,
        held_because=None if at_once else held,
        body=body,
    )
