"""A whole as it will stand upon an act, as far as its parts follow from that.

It is known before the act is given, so that one signature covers both."""

from __future__ import annotations

from domain.acts.amending import difference
from domain.acts.commands import AmendProject, AnyCommand, ReassignLead, ReplaceParticipant, Withdraw
from domain.ids import DepartmentId, MilestoneId
from domain.state import ProjectState
from domain.state.change import each_milestone
from domain.state.duties import MilestoneState


def whole_after(state: ProjectState, command: AnyCommand) -> ProjectState:
    """A project upon a command that moves its parts, or ends them; as it is upon any other."""
    match command:
        case Withdraw(milestone_id=None):
            return state.having(withdrawn=True)
        case Withdraw(milestone_id=str(milestone_id)):
            return _withdrawn(state, (milestone_id,))
        case ReassignLead(to=to):
            return _handed_over(state, {state.lead: to})
        case ReplaceParticipant(department=before, to=to, milestone_id=milestone_id):
            return _handed_over(state, {before: to or state.lead}, milestone_id)
        case AmendProject(project=project):
            lead = project.lead_department
            gone = set(state.project.participating_departments) - set(project.participating_departments)
            ends = difference(state, project, by_identity=command.by_identity).withdrawn
            return _withdrawn(_handed_over(state, dict.fromkeys({*gone, state.lead}, lead)), ends)
        case _:
            return state


def _handed_over(
    state: ProjectState, to: dict[DepartmentId, DepartmentId], milestone_id: MilestoneId | None = None
) -> ProjectState:
    def over(milestone: MilestoneState) -> MilestoneState:
        if milestone.sub_duties is None or milestone_id not in (None, milestone.milestone_id):
            return milestone
        given = milestone.sub_duties
        return milestone.having(sub_duties=tuple(each.having(by=to.get(each.by, each.by)) for each in given))

    return state.having(**each_milestone(state, over))


def _withdrawn(state: ProjectState, ended: tuple[MilestoneId, ...]) -> ProjectState:
    def over(milestone: MilestoneState) -> MilestoneState:
        return milestone.having(stage="withdrawn") if milestone.milestone_id in ended else milestone

    return state.having(**each_milestone(state, over))
