"""What follows for the parts from how their whole stands: they end with it, or another department supervises them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from application.office.every_project import request_id_of
from application.office.signing import AskedAct
from application.office.starting import Started
from domain.actors import Actor
from domain.acts.access import acts_as
from domain.acts.commands import ChangeAssigningDepartment, NoteSubDuty, Withdraw
from domain.ids import DepartmentId
from domain.lists.sub_duties import above_of, sub_duties_of
from domain.names import same_name
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_state
from domain.state import CLOSED_STAGES, ProjectState

WHY = "上级任务已撤销"
WITH_THE_WHOLE: Final = "whole-withdrawn"
"""How the requests that end a part with its whole begin."""


@dataclass(frozen=True, slots=True)
class By:
    """Who gives the acts that follow, and for whom."""

    actor: Actor
    on_behalf_of: Actor | None = None

    def behalf(self, state: ProjectState) -> Actor | None:
        """For whom he acts in a project: deputies are appointed in each; where he is none, he acts in his own name or
        not at all."""
        principal = self.on_behalf_of
        if principal is None:
            return None
        known = any(
            acts_as(self.actor, each) and each.principal_known.is_same(principal.known) for each in state.deputies
        )
        return principal if known else None


def following(ledger: Ledger, whole: ProjectState, by: By) -> Iterator[AskedAct]:
    """What is to be done with the parts of a project that run, through all levels: those end whose whole is withdrawn,
    or whose unit stands above itself now; of the others those move whose departments above are others now."""
    for milestone_id, given in sub_duties_of(whole):
        part = recorded_state(ledger, given.project_id)
        if part is None:
            continue
        above = above_of(whole.project, given)
        if whole.withdrawn or whole.milestones[milestone_id].stage == "withdrawn":
            why = WHY
        elif any(same_name(part.lead, each) for each in above):
            why = f"{part.lead}已承担上级任务，这项任务并入其中"
        else:
            why = ""
        if part.closed:
            yield from following(ledger, part.having(project=part.project.having(above=above)), by)
        elif why:
            yield withdrawal_of(part, by, why)
            yield from following(ledger, part.having(withdrawn=True), by)
        else:
            if part.project.above != above:
                yield _moved(part, by, above)
            yield from following(ledger, part.having(project=part.project.having(above=above)), by)


def withdrawal_of(part: ProjectState, by: By, why: str = WHY) -> AskedAct:
    """How a part is withdrawn with its whole: once for each time that it runs."""
    command = Withdraw(
        request_id=request_id_of(WITH_THE_WHOLE, part, f"{why}{by.actor}"),
        by=by.actor,
        on_behalf_of=by.behalf(part),
        milestone_id=None,
        reason=why,
    )
    return AskedAct(part, command)


def outcome_of(asked: AskedAct) -> Started:
    """What became of a part upon an act that followed from its whole."""
    command, project_id = asked.command, asked.state.project_id
    if isinstance(command, ChangeAssigningDepartment):
        return Started(project_id, "amended", f"改由{command.above[0]}督办")
    return Started(project_id, "withdrawn", getattr(command, "reason", ""))


def left_text(asked: AskedAct) -> str:
    """What is said of an act that should have followed and did not, and what to do."""
    project_id = asked.state.project_id
    match asked.command:
        case ChangeAssigningDepartment(above=above):
            return (
                f"{project_id} 的上级任务已由{above[0]}接办，{project_id} 还没有随之改由{above[0]}督办："
                "请督查人员把在办的清单再启动一次（已在办的不受影响），系统会补上"
            )
        case NoteSubDuty(sub_duty=sub_duty):
            return (
                f"{project_id} 还没有记下分解任务 {sub_duty} 的撤销、恢复或改由他人承担："
                "请督查人员把在办的清单再启动一次（已在办的不受影响），系统会补上"
            )
        case _:
            return (
                f"{project_id} 还在督办，而上级任务已撤销，或已由承担 {project_id} 的单位自己承担："
                f"请督查人员撤销 {project_id}"
            )


def _moved(part: ProjectState, by: By, above: tuple[DepartmentId, ...]) -> AskedAct:
    command = ChangeAssigningDepartment(
        request_id=request_id_of("whole-taken-over", part, f"{'、'.join(above)}{by.actor}"),
        by=by.actor,
        on_behalf_of=by.behalf(part),
        above=above,
        reason=f"上级任务已由{above[0]}接办" if part.project.assigned_by != above[0] else "上级任务的承担部门已变更",
    )
    return AskedAct(part, command)


def to_be_noted(ledger: Ledger, whole: ProjectState, by: By) -> Iterator[AskedAct]:
    """What a whole does not know yet of its parts: whose they are now, and which are withdrawn."""
    for milestone_id, given in () if whole.closed else sub_duties_of(whole):
        part = recorded_state(ledger, given.project_id)
        if part is None or whole.milestones[milestone_id].stage in CLOSED_STAGES:
            continue
        withdrawn = part.withdrawn or all(each.stage == "withdrawn" for each in part.milestones.values())
        if (part.lead, withdrawn) != (given.unit, bool(given.withdrawn)):
            command = NoteSubDuty(
                request_id=request_id_of("part-noted", whole, f"{given.project_id}{part.lead}{withdrawn}{by.actor}"),
                by=by.actor,
                on_behalf_of=by.behalf(whole),
                milestone_id=milestone_id,
                sub_duty=given.project_id,
                unit=part.lead,
                withdrawn=withdrawn,
            )
            yield AskedAct(whole, command)
