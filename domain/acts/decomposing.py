"""A department gives its duty in a milestone, in parts, to units below it; whose they are, who stands above."""

from __future__ import annotations

from datetime import date

from domain import events as e
from domain.acts import rejections as r
from domain.acts.act import Act, Handler
from domain.acts.commands import ChangeAssigningDepartment, Command, DecomposeDuty, NoteSubDuty
from domain.acts.reporting import own_open_milestone
from domain.ids import LEVELS_AT_MOST, level_of, sub_duty_id_for
from domain.names import name_key, same_name
from domain.project import Quota, SubDuty
from domain.rungs.duties import departments_of
from domain.rungs.handover import hand_over_parts
from domain.state import MilestoneState


def decompose(act: Act, command: DecomposeDuty) -> None:
    """Each unit gets a part with an identity of its own; the whole stays the department's duty."""
    milestone = own_open_milestone(act, command.milestone_id)
    milestone_id, state = milestone.milestone_id, act.state
    if level_of(state.project_id) >= LEVELS_AT_MOST:
        raise r.TooManyLevelsError(milestone_id=milestone_id)
    given = milestone.sub_duties or ()
    taking_part = (name for each in state.milestones for name in departments_of(state, each))
    there = (state.lead, *taking_part, *(state.project.above or ()))
    known = {name_key(name): "它在本项目中已有任务" for name in there}
    known |= {name_key(each.unit): f"它已有分解任务 {each.project_id}" for each in given if not each.withdrawn}
    for unit in command.units:
        if (has := known.get(name_key(unit))) is not None:
            raise r.UnitHasDutyError(milestone_id=milestone_id, unit=unit, has=has)
        known[name_key(unit)] = "这次写了两遍"
    due_on, quota = _due_on(act, milestone, command.due_on), _quota(act, milestone, command.quantity)
    description = command.text or state.issued(milestone_id).description
    act.record(
        e.DutyDecomposed,
        milestone_id=milestone_id,
        department=act.department,
        sub_duties=tuple(
            SubDuty(
                project_id=sub_duty_id_for(milestone_id, ordinal),
                unit=unit,
                description=description,
                due_on=due_on,
                quota=quota,
            )
            for ordinal, unit in enumerate(command.units, start=len(given) + 1)
        ),
    )


def _due_on(act: Act, milestone: MilestoneState, given: date | None) -> date:
    answer_by = act.duty(milestone.milestone_id).answer_by
    ahead = answer_by if answer_by is not None and answer_by > act.today else None
    due_on = given or ahead
    if due_on is None:
        raise r.NoSubDutyDateError(milestone_id=milestone.milestone_id)
    if due_on <= act.today:
        raise r.PastDateError(given=due_on, earliest=act.tomorrow)
    if ahead is not None and due_on > ahead:
        raise r.SubDutyAfterDutyError(milestone_id=milestone.milestone_id, due_on=due_on, answer_by=ahead)
    return due_on


def _quota(act: Act, milestone: MilestoneState, quantity: int | None) -> Quota | None:
    if quantity is None:
        return None
    whole = act.state.issued(milestone.milestone_id).quota
    if whole is None:
        raise r.NoQuotaError(milestone_id=milestone.milestone_id)
    return Quota(value=quantity, unit=whole.unit)


def note_sub_duty(act: Act, command: NoteSubDuty) -> None:
    """The whole hears what became of a part; nothing where it knows."""
    milestone = act.milestone(command.milestone_id)
    given = next((each for each in milestone.sub_duties or () if each.project_id == command.sub_duty), None)
    if given is None:
        raise r.NoSuchPartError(milestone_id=milestone.milestone_id, sub_duty=command.sub_duty)
    where, by, sub_duty = milestone.milestone_id, given.by, given.project_id
    if command.unit != given.unit:
        act.record(
            e.SubDutyReassigned,
            milestone_id=where,
            department=by,
            sub_duty=sub_duty,
            before=given.unit,
            after=command.unit,
        )
    if command.withdrawn and not given.withdrawn:
        act.record(e.SubDutyWithdrawn, milestone_id=where, department=by, sub_duty=sub_duty, unit=command.unit)
    elif given.withdrawn and not command.withdrawn:
        act.record(e.SubDutyRestored, milestone_id=where, department=by, sub_duty=sub_duty, unit=command.unit)
        if by not in {act.state.lead, *departments_of(act.state, where)}:
            # Who gave it has gone meanwhile, and only what stood then went over.
            hand_over_parts(act.recorder, by, act.state.lead, where)


def change_assigning(act: Act, command: ChangeAssigningDepartment) -> None:
    """Another department stands above a sub-duty, where one took over the duty that it is a part of."""
    project = act.state.project
    before = project.above or ()
    if len(before) != len(command.above):
        raise r.NoSuchPartError(milestone_id=project.milestones[0].milestone_id, sub_duty=project.project_id)
    if any(same_name(each, act.state.lead) for each in command.above):
        raise r.UnitIsAboveError(project_id=project.project_id, unit=act.state.lead)
    if command.above != before:
        act.record(e.AssigningDepartmentChanged, basis=command.reason, before=before, after=command.above)


HANDLERS: dict[type[Command], Handler] = {
    DecomposeDuty: decompose,
    NoteSubDuty: note_sub_duty,
    ChangeAssigningDepartment: change_assigning,
}
