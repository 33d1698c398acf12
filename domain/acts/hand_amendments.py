"""An amendment by hand: what an operator changes of one project or one milestone, and what the project is then."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from domain.acts.rejections import DueBeforeAssignmentError, MilestoneSettledError, UnknownMilestoneError
from domain.bounds import Day
from domain.errors import InputError
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId
from domain.notice.window_reading import read_window
from domain.notice.windows import spoken
from domain.project import KeyProject, Milestone, Quota
from domain.rungs.due_dates import deadline_in
from domain.rungs.ladder import deadline_of
from domain.rungs.timing import is_over
from domain.state import CLOSED_STAGES, OPEN_STAGES, ProjectState
from domain.texts import Text

NOTHING = "无"
"""What stands for no quota and for no participants."""
_QUOTA = re.compile(r"\s*([0-9]{1,9})\s*([^\s0-9]{1,20})\s*")


class AmendmentByHandError(InputError, rule="amendment_by_hand"):
    """An amendment by hand cannot be made of what was given."""


class MilestoneChange(Frozen):
    """What becomes of one milestone; what is absent stays. `window` is a time expression, `quota` is `30场` or `无`."""

    description: Text | None = None
    window: Text | None = None
    starts_on: Day | None = None
    due_on: Day | None = None
    quota: Text | None = None


class ProjectChange(Frozen):
    """What becomes of a project; what is absent stays. No participant is an empty list."""

    title: Text | None = None
    main_content: Text | None = None
    participants: tuple[DepartmentId, ...] | None = None
    lead_department: DepartmentId | None = None


def with_milestone(state: ProjectState, milestone_id: MilestoneId, change: MilestoneChange) -> KeyProject:
    """The running project with one milestone changed.

    Raises:
        UnknownMilestoneError: the project has no such milestone.
        MilestoneSettledError: it is struck off or withdrawn.
        AmendmentByHandError: the time cannot be read in one way, the quota is none, or the window runs backwards.
    """
    known = state.milestones.get(milestone_id)
    if known is None:
        last = next(reversed(state.milestones), None)
        raise UnknownMilestoneError(project_id=state.project_id, milestone_id=milestone_id, last=last)
    if known.stage in CLOSED_STAGES:
        raise MilestoneSettledError(milestone_id=milestone_id, stage=known.stage)
    update: dict[str, Any] = {} if change.window is None else _window(change.window, state.year)
    update |= {name: value for name in ("description", "starts_on", "due_on") if (value := getattr(change, name))}
    if change.quota is not None:
        update["quota"] = _quota(change.quota)
    before = state.issued(milestone_id)
    start, due = update.get("starts_on", before.starts_on), update.get("due_on", before.due_on)
    if start is not None and due is not None and start > due:
        raise AmendmentByHandError(
            f"节点 {milestone_id} 的起始日期 {start} 晚于时限 {due}，请把起始日期和时限一并改正。",
            milestone_id=milestone_id,
        )
    after = Milestone.model_validate({**dict(before), **update})
    milestones = tuple(after if each.milestone_id == milestone_id else each for each in state.project.milestones)
    return state.project.having(milestones=milestones)


def with_text(state: ProjectState, change: ProjectChange) -> KeyProject:
    """The running project with its own text changed; a participant that becomes the lead is no participant any more.

    Raises:
        AmendmentByHandError: a department is named twice, or the lead as a participant.
    """
    project = state.project
    lead = change.lead_department or project.lead_department
    participants = project.participating_departments if change.participants is None else change.participants
    if change.participants is not None and (twice := _twice((lead, *participants))):
        raise AmendmentByHandError(f"“{twice}”出现了两次，请在牵头部门和参与部门中只留一处。", department_id=twice)
    return project.having(
        title=change.title or project.title,
        main_content=change.main_content or project.main_content,
        lead_department=lead,
        participating_departments=tuple(name for name in participants if name != lead),
    )


def must_lie_ahead(state: ProjectState, wanted: KeyProject, now: datetime) -> None:
    """Refuse a date that is over as it is given, and a participant that would be late as it is named.

    A list that says what was over is asked for in retrospect; by hand it is a slip of the pen.

    Raises:
        DueBeforeAssignmentError: a milestone would be due before today.
    """
    new = [name for name in wanted.participating_departments if name not in state.project.participating_departments]
    for after in wanted.milestones:
        milestone = state.milestones[after.milestone_id]
        if milestone.retrospective or milestone.stage not in OPEN_STAGES:
            continue
        if after.due_on != state.issued(after.milestone_id).due_on:
            due_on, given_to = _counts_as_due(state, after), [wanted.lead_department]
            over = due_on is not None and due_on < now.date()
        else:
            due_on, given_to, over = deadline_in(state, milestone), new, is_over(state, milestone, now)
        if over and due_on is not None and given_to:
            raise DueBeforeAssignmentError(
                milestone_id=after.milestone_id, department=given_to[0], due_on=due_on, today=now.date()
            )


def _counts_as_due(state: ProjectState, milestone: Milestone) -> date | None:
    if milestone.due_on is None:
        return None
    return deadline_of(milestone.due_on, state.policy.rules_for(milestone.milestone_id), state.calendar)


def _window(text: str, year: int) -> dict[str, Any]:
    reading = read_window(text, year)
    doubts = [finding for finding in reading.findings if finding.severity != "note"]
    if len(reading.windows) != 1 or doubts or reading.windows[0].due_on is None:
        # Where no window was found, that is a doubt.
        why = doubts[0].text if doubts else f"读出{spoken(reading.windows)}。"
        raise AmendmentByHandError(
            f"时间表述“{text}”读不准：{why}请写成一个读得准的时限，如 {year}年6月底前，或写明起始日期和时限。",
            text=text,
        )
    (window,) = reading.windows
    found = {"window_text": text, "starts_on": window.starts_on, "due_on": window.due_on, "ongoing": window.ongoing}
    # A time alone says nothing of how often and how many: what was to be delivered stays.
    more = {name: value for name in ("recurrence", "quota") if (value := getattr(window, name)) is not None}
    return found | more


def _quota(text: str) -> Quota | None:
    if text.strip() == NOTHING:
        return None
    match = _QUOTA.fullmatch(text)
    if match is None or not int(match[1]):
        raise AmendmentByHandError(
            f"目标“{text}”读不出来：应写作 30场、6期、100% 这样，没有目标写作 {NOTHING}。", text=text
        )
    return Quota(value=int(match[1]), unit=match[2])


def _twice(names: tuple[str, ...]) -> str | None:
    return next((name for place, name in enumerate(names) if name in names[:place]), None)
