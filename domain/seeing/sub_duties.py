"""How a milestone's sub-duties stand: counted upwards, from their own views, at every look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.bounds import Day
from domain.colours import Colour
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.lists.sub_duties import sub_duties_of
from domain.rungs.due_dates import deadline_in
from domain.seeing.views import ProjectView
from domain.state import GivenPart, MilestoneStage, ProjectState

_DONE: frozenset[MilestoneStage] = frozenset({"completed", "struck_off"})


class SubDutyLine(Frozen):
    """One unit's part: whose it is and how it stands; light and stage are absent until it is under supervision."""

    project_id: ProjectId
    milestone_id: MilestoneId | None
    unit: DepartmentId
    answer_by: Day | None
    light: Colour | None
    stage: MilestoneStage | None
    signed: bool
    reports: int
    quantity: int | None
    explanation: str

    @property
    def done(self) -> bool:
        """Whether the department has accepted it."""
        return self.stage in _DONE


class SubDutiesView(Frozen):
    """The parts of one milestone that one department gave: how many there are, done, overdue, not signed for, and due
    `beyond` the whole (a clock that stood still, a whole that was brought forward); `quantity` is what the units have
    delivered together, where a number is to be delivered."""

    milestone_id: MilestoneId
    department: DepartmentId
    parts: int
    done: int
    overdue: int
    unsigned: int
    beyond: int
    quantity: int | None
    lines: tuple[SubDutyLine, ...]


def sub_duty_ids(state: ProjectState) -> tuple[ProjectId, ...]:
    """The sub-duties of a project, in order."""
    return tuple(given.project_id for _, given in sub_duties_of(state))


def sub_duties_seen(
    state: ProjectState, views: Mapping[ProjectId, ProjectView], today: date
) -> tuple[SubDutiesView, ...]:
    """How the sub-duties of a project stand, by milestone and department; what is withdrawn is no part any more."""
    found: dict[tuple[MilestoneId, DepartmentId], list[SubDutyLine]] = {}
    for milestone_id, given in sub_duties_of(state):
        line = _line(given, views.get(given.project_id))
        if line.stage != "withdrawn":
            found.setdefault((milestone_id, given.by), []).append(line)
    return tuple(
        SubDutiesView(
            milestone_id=milestone_id,
            department=by,
            parts=len(lines),
            done=sum(line.done for line in lines),
            overdue=sum(not line.done and line.answer_by is not None and line.answer_by < today for line in lines),
            unsigned=sum(not line.signed for line in lines),
            beyond=sum(_is_beyond(line, whole_due_on(state, milestone_id, by)) for line in lines),
            quantity=_together([line.quantity for line in lines]),
            lines=tuple(lines),
        )
        for (milestone_id, by), lines in found.items()
    )


def whole_due_on(state: ProjectState, milestone_id: MilestoneId, by: DepartmentId | None) -> date | None:
    """Until when a department has time for what it gave out in parts."""
    milestone = state.milestones[milestone_id]
    part = milestone.parts.get(by) if by is not None and by != state.lead else None
    return deadline_in(state, milestone, part)


def _is_beyond(line: SubDutyLine, ends: date | None) -> bool:
    return not line.done and ends is not None and line.answer_by is not None and line.answer_by > ends


def _line(given: GivenPart, view: ProjectView | None) -> SubDutyLine:
    milestone = view.milestones[0] if view is not None else None
    return SubDutyLine(
        project_id=given.project_id,
        milestone_id=milestone.milestone_id if milestone else None,
        unit=view.lead_department if view else given.unit,
        answer_by=milestone.answer_by if milestone else given.due_on,
        light=milestone.light if milestone else None,
        stage=milestone.stage if milestone else None,
        signed=milestone is not None and milestone.signed,
        reports=milestone.progress.reports if milestone else 0,
        quantity=milestone.progress.quantity if milestone else None,
        explanation=milestone.explanation if milestone else "还没有启动",
    )


def _together(quantities: list[int | None]) -> int | None:
    told = [each for each in quantities if each is not None]
    return sum(told) if told else None
