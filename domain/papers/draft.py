"""How an event makes its paper: its identity, its addressee, when it may go, and the words that all share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from domain.ids import DepartmentId, event_id_for, supervision_workflow_id
from domain.papers.paper import DutyLine, HeldReason, Matter, Paper, PaperKind
from domain.project import Milestone
from domain.rules.calendar import office_instant
from domain.rules.ladder_rules import Level
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import deadline_of
from domain.state import OPEN_STAGES, MilestoneState, ProjectState, target_of
from domain.state.running import lead_clock_runs, part_clock_runs

if TYPE_CHECKING:
    from domain.events.event import Event

_AT_ONCE: frozenset[PaperKind] = frozenset({"supervision_order", "directive"})
_THE_OFFICE_S: frozenset[PaperKind] = frozenset({"directive", "bulletin"})
"""What the office itself says of a sub-duty too: leaders' directives and bulletins are no department's."""
_CLOSED = ("。", "！", "？", "…", "。”", "！”", "？”", "。）")
STANDS_STILL = "计时停止，时限将相应顺延"
"""What a paper says in the place of a date that will move when the clock goes on."""
_IN_RETROSPECT = "交办前已到期，请补报实际完成情况和日期"
_INNER, _INNER_TITLE = str.maketrans("“”", "‘’"), str.maketrans("《》", "〈〉")


def chinese_date(day: date) -> str:
    """A day as an office writes it (`2018年4月30日`)."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_or_open(day: date | None) -> str:
    """A day as an office writes it, or that it is open."""
    return chinese_date(day) if day else "待定"


def quoted(text: str) -> str:
    """A text between quotation marks; those inside it are single ones, as the standard of punctuation has it."""
    return f"“{text.translate(_INNER)}”"


def titled(text: str) -> str:
    """A document's title between title marks; those inside it are single ones, as the same standard has it."""
    return f"《{text.translate(_INNER_TITLE)}》"


def sentence(text: str) -> str:
    """A person's own words as a sentence of a paper: closed by a full stop where they are not closed yet."""
    said = text.strip().rstrip("，、；：,;:")
    return said if said.endswith(_CLOSED) else f"{said}。"


def inside(text: str) -> str:
    """A person's own words between brackets: without the full stop that would end the sentence there."""
    return text.strip().rstrip("。")


def goes_at_once(kind: PaperKind, level: Level | None) -> bool:
    """Whether a paper does not wait for the next morning: what opens the work, a leader's directive, a red order."""
    return kind in _AT_ONCE or (kind == "escalation_order" and level == "red")


def about(state: ProjectState, milestone_id: str | None) -> str:
    """What a paper is about: a milestone, or the whole project."""
    if milestone_id is None:
        return f"重点项目{quoted(state.project.title)}"
    return f"重点项目{quoted(state.project.title)}的节点{quoted(state.issued(milestone_id).description)}"


def named(state: ProjectState, milestone_id: str) -> str:
    """A milestone as a reader of the list finds it: its printed number."""
    return printed_number(state, state.issued(milestone_id))


def taking_part(state: ProjectState, milestone_id: str | None) -> tuple[DepartmentId, ...]:
    """The participating departments of a milestone, or of the whole project, but for those released from it."""
    if milestone_id is None:
        return state.project.participating_departments
    return tuple(name for name, part in state.milestones[milestone_id].parts.items() if part.stage != "released")


def sign_by(state: ProjectState, department: DepartmentId, on: date) -> str:
    """What a department that gets an assignment on a day is asked for, with the day of its receipt."""
    limit = state.open_limit("receipt", None, department)
    if limit and limit.due_on < on:
        # It has not signed for what it was given before: nobody is asked for something by a day that is over.
        return "请立即签收，按时限要求办理和反馈"
    # The day is that of the receipt alone: the work has days of its own.
    when = f"于{chinese_date(limit.due_on)}前" if limit else ""
    return f"请{when}签收，按时限要求办理和反馈"


def send_time(issued_at: datetime, policy: SupervisionPolicy, state: ProjectState) -> tuple[datetime, HeldReason]:
    """When a paper that is gathered may go: with the next morning's digest that is not before it, and why it waits."""
    calendar = state.calendar
    held: HeldReason = (
        "gathered_for_digest" if policy.within_working_hours(issued_at, calendar) else "outside_working_hours"
    )
    today = office_instant(issued_at.date(), policy.digest_at)
    if calendar.is_working_day(issued_at.date()) and issued_at <= today:
        return today, held
    return office_instant(calendar.working_day(issued_at.date(), 1), policy.digest_at), held


def paper(  # noqa: PLR0913 - what a paper says beyond its event, each by its name
    state: ProjectState,
    event: Event,
    kind: PaperKind,
    to: DepartmentId,
    body: str,
    *,
    due_on: date | None = None,
    level: Level | None = None,
    copies_to: tuple[DepartmentId, ...] = (),
    before: tuple[str, ...] = (),
    duties: tuple[DutyLine, ...] | None = None,
    one_of: str | None = None,
    matter: Matter | None = None,
) -> Paper:
    """A paper that follows from an event."""
    send_from, held = send_time(event.decided_at, state.policy, state)
    at_once = goes_at_once(kind, level) and state.policy.within_working_hours(event.decided_at, state.calendar)
    milestone_id: str | None = getattr(event, "milestone_id", None)
    return Paper(
        paper_id=event_id_for(supervision_workflow_id(state.project_id), event.seq),
        kind=kind,
        year=event.decided_at.year,
        project_id=state.project_id,
        project_title=state.project.title,
        milestone_id=milestone_id,
        level=level,
        to=to,
        copies_to=tuple(copy for copy in copies_to if copy != to),
        due_on=due_on,
        issued_at=event.decided_at,
        send_from=event.decided_at if at_once else send_from,
        held_because=None if at_once else held,
        body=body,
        serial=state.project.serial or None,
        item=state.issued(milestone_id).description if milestone_id else None,
        duties=duties or (duty_lines(state) if kind == "supervision_order" else None),
        before=before or None,
        one_of=one_of,
        matter=matter,
        issuer=None if kind in _THE_OFFICE_S else state.project.assigned_by,
    )


def to_all(state: ProjectState, event: Event, text: str) -> Paper:
    """A notice to the lead, with a copy for every department that takes part."""
    copies = taking_part(state, getattr(event, "milestone_id", None))
    return paper(state, event, "status_notice", state.lead, text, copies_to=copies)


def order_text(state: ProjectState) -> str:
    """What a supervision order says: the row, its departments, each milestone with its date."""
    project = state.project
    # Who took over the lead may have taken part before: its part has gone into the whole.
    others = "、".join(name for name in project.participating_departments if name != project.lead_department)
    to = f"由{project.lead_department}牵头"
    if project.assigned_by is not None:
        to = f"由{project.assigned_by}承担，现将{quoted(project.title)}分解给{project.lead_department}办理"
    lines = "；".join(
        _milestone_line(state, milestone)
        for milestone in project.milestones
        if state.milestones[milestone.milestone_id].stage != "withdrawn"
    )
    return (
        f"{titled(state.list_title)}第{project.serial}项{quoted(project.title)}{to}"
        + (f"、{others}参与" if others else "")
        + f"，现予交办。节点和时限：{lines}。{_overdue_at_once(state)}"
    )


def _overdue_at_once(state: ProjectState) -> str:
    """What is asked of open milestones that were over before the order went out; it stands behind their list."""
    standing = [(each, state.milestones[each.milestone_id]) for each in state.project.milestones]
    over = [printed_number(state, each) for each, its in standing if its.retrospective and its.stage in OPEN_STAGES]
    return f"已到期的{'、'.join(over)}，请补报实际完成情况和日期。" if over else ""


def in_place_of_a_date(state: ProjectState, milestone_id: str) -> str | None:
    """What a paper says of open work without a limit: it is asked for in retrospect, or its clock stands still."""
    its = state.milestones[milestone_id]
    if _asked_in_retrospect(its):
        return _IN_RETROSPECT
    return STANDS_STILL if its.stops else None


def _asked_in_retrospect(its: MilestoneState) -> bool:
    return its.retrospective and not its.rework


def due_in_force(state: ProjectState, milestone_id: str) -> date | None:
    """The day that counts: of open work not the printed one where a ruling, a takeover or a day off has moved it."""
    its = state.milestones[milestone_id]
    if _asked_in_retrospect(its) or its.stage not in OPEN_STAGES or its.answer_by is None:
        return state.issued(milestone_id).due_on
    return counted(state, milestone_id, its.answer_by)


def standing_days(state: ProjectState, milestone_id: str) -> Iterator[tuple[DepartmentId, date]]:
    """The day that counts for each department whose clock runs in a milestone: the lead's and the participants'."""
    its = state.milestones[milestone_id]
    if its.retrospective or not lead_clock_runs(its):
        return
    if its.answer_by is not None:
        yield state.lead, counted(state, milestone_id, its.answer_by)
    for name, part in its.parts.items():
        if part.answer_by is not None and part_clock_runs(its, part):
            yield name, counted(state, milestone_id, part.answer_by)


def day_of(state: ProjectState, milestone_id: str, department: DepartmentId, day: date) -> str:
    """A department's day in a milestone, as one of several that a paper tells."""
    return f"{department}办理节点{named(state, milestone_id)}为{chinese_date(day)}"


def counted(state: ProjectState, milestone_id: str, day: date) -> date:
    """The day that counts where a ruling names this one: moved off a day that is not worked where the rules say so."""
    return deadline_of(day, state.policy.rules_for(milestone_id), state.calendar)


def _milestone_line(state: ProjectState, milestone: Milestone) -> str:
    due_on = due_in_force(state, milestone.milestone_id)
    due = f"{chinese_date(due_on)}前" if due_on else "时限待定"
    return f"{printed_number(state, milestone)} {milestone.description}{_amount(milestone)}，{due}"


def _amount(milestone: Milestone) -> str:
    target = target_of(milestone)
    return f"（目标{target[0]}{target[1]}）" if target else ""


def printed_number(state: ProjectState, milestone: Milestone) -> str:
    """A milestone's number as a reader of the list finds it: the row's own, and its place in the row (`5（2）`)."""
    place = state.project.milestones.index(milestone) + 1
    return f"{state.project.serial}（{place}）"


def duty_lines(state: ProjectState) -> tuple[DutyLine, ...]:
    """The table of an order: each milestone with its number, its departments and its date."""
    return tuple(
        _duty_line(state, milestone, date_or_open(due_in_force(state, milestone.milestone_id)))
        for milestone in state.project.milestones
        if state.milestones[milestone.milestone_id].stage != "withdrawn"
    )


def outcome_lines(state: ProjectState) -> tuple[DutyLine, ...]:
    """The table of a year's end: each milestone, and what becomes of it."""
    return tuple(_duty_line(state, milestone, _outcome(state, milestone)) for milestone in state.project.milestones)


def _duty_line(state: ProjectState, milestone: Milestone, last: str) -> DutyLine:
    return DutyLine(
        number=printed_number(state, milestone),
        what=f"{milestone.description}{_amount(milestone)}",
        who="、".join((state.project.lead_department, *taking_part(state, milestone.milestone_id))),
        due=last,
    )


def _outcome(state: ProjectState, milestone: Milestone) -> str:
    stands = state.milestones[milestone.milestone_id]
    match stands.stage:
        case "carried_over":
            return f"结转至{stands.carried_to}年继续督办"
        case "ended":
            return "裁定终结"
        case "withdrawn":
            return "已撤销"
        case _:
            return "已办结销号"
