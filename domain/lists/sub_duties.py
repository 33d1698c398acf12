"""A sub-duty as a project of its own: its row, and the departments above it."""

from __future__ import annotations

from collections.abc import Container, Iterator

from domain.ids import DepartmentId, MilestoneId, ProjectId, milestone_id_for
from domain.project import KeyProject, Milestone, SourceSpan
from domain.state import GivenPart, ProjectState


def sub_duties_of(state: ProjectState) -> Iterator[tuple[MilestoneId, GivenPart]]:
    """Every part that was given to a unit, each with the milestone that it is of."""
    for milestone_id, milestone in state.milestones.items():
        for each in milestone.sub_duties or ():
            yield milestone_id, each


def never_started(state: ProjectState, known: Container[ProjectId]) -> Iterator[tuple[MilestoneId, GivenPart]]:
    """The parts that were given, are still to be done, and are no project that is known."""
    for milestone_id, given in () if state.closed else sub_duties_of(state):
        stands = not given.withdrawn and given.unit != given.by and state.milestones[milestone_id].stage != "withdrawn"
        if stands and given.project_id not in known:
            yield milestone_id, given


def not_started_text(milestone_id: MilestoneId, given: GivenPart) -> str:
    """What is said of a part that was never started, and what to do."""
    return (
        f"{milestone_id} 分解给{given.unit}的任务 {given.project_id} 没有启动："
        "请督查人员把在办的清单再启动一次（已在办的不受影响），系统会补上"
    )


def sub_duty_row(state: ProjectState, milestone_id: MilestoneId, given: GivenPart) -> KeyProject:
    """A sub-duty as a project: one milestone, led by its unit."""
    window = f"{given.due_on.year}年{given.due_on.month}月{given.due_on.day}日前"
    clause = f"{window}：{given.description}"
    whole = state.project
    return KeyProject(
        project_id=given.project_id,
        serial=whole.serial,
        title=given.description,
        main_content=f"{given.by}分解的任务：{whole.title}（{milestone_id}）",
        lead_department=given.unit,
        schedule_text=clause,
        milestones=(
            Milestone(
                milestone_id=milestone_id_for(given.project_id, 1),
                description=given.description,
                window_text=window,
                starts_on=None,
                due_on=given.due_on,
                assigned="window",
                quota=given.quota,
                source=SourceSpan(start=0, end=len(clause)),
            ),
        ),
        category=whole.category,
        priority=whole.priority,
        source=whole.source,
        responsible_leader=whole.responsible_leader,
        above=above_of(whole, given),
    )


def above_of(whole: KeyProject, given: GivenPart) -> tuple[DepartmentId, ...]:
    """The departments above a part, the nearest first: the one that supervises it, and those above its whole."""
    return (given.by, *(whole.above or ()))
