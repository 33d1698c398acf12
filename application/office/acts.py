"""An act is given: what it shows is kept, what it must know of the office is added, and the engine is asked.

Every screen gives acts here, so that a person gets the same answer in the shell, in a browser and from a program.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from application.office.office import Office
from domain.acts.commands import AnyCommand, CommandOutcome, OpenInspection, ReassignLead, ReplaceParticipant
from domain.acts.rejections import UnknownProjectError
from domain.errors import InputError
from domain.ids import DepartmentId, ProjectId
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import known_state, recorded_of
from domain.seeing.burden import COUNTED, inspections_of
from domain.state import ProjectState


class LeadOnlyReleasedError(InputError):
    """A lead department cannot be released without another one in its place."""

    rule = "lead_has_a_successor"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that is shown as evidence: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Act:
    """A command for a project, with the files that it shows."""

    project_id: ProjectId
    command: AnyCommand
    shown: tuple[ShownFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was accepted: the command as it was given in the end, and the engine's answer."""

    command: AnyCommand
    outcome: CommandOutcome


async def give(office: Office, act: Act) -> Done:
    """Give a command to a project. The files that it shows are kept before it is given.

    Raises:
        RejectedError: a rule refuses it; the refusal is kept.
        InputError: it cannot be given in this form.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    for file in act.shown:
        await office.records.evidence.keep(file.name, file.data)
    try:
        command = await _prepared(office, act.project_id, act.command)
        return Done(command, await office.engine.command(act.project_id, command))
    except UnknownProjectError as error:
        # No workflow is there to keep this refusal, so it is kept from here.
        await office.keep_refusal(act.project_id, act.command, error)
        raise


async def first_mail_of(office: Office, project_id: ProjectId, addressee: DepartmentId) -> bool:
    """Whether a department had no paper of another project yet: its name may be a slip of the pen."""
    items = await asyncio.to_thread(lambda: list(office.records.outbox.items(addressee)))
    return not any(item.numbered.paper.project_id != project_id for item in items)


def new_addressee_of(command: AnyCommand) -> DepartmentId | None:
    """The department to whom a command gives duties that it may not have had before."""
    match command:
        case ReassignLead(to=to) | ReplaceParticipant(to=str(to)):
            return to
        case _:
            return None


async def _prepared(office: Office, project_id: ProjectId, command: AnyCommand) -> AnyCommand:
    """The command with what only the whole office knows."""
    if isinstance(command, OpenInspection):
        count = await asyncio.to_thread(_inspections, office, project_id)
        return command.model_copy(update={"this_month": count})
    if isinstance(command, ReplaceParticipant) and command.milestone_id is None:
        state = await asyncio.to_thread(known_state, office.records.ledger, project_id)
        if command.department == state.lead:
            return _new_lead(command, state)
    return command


def _inspections(office: Office, project_id: ProjectId) -> int:
    """How often the lead department was inspected this month, in all projects."""
    ledger: Ledger = office.records.ledger
    lead = known_state(ledger, project_id).lead
    return inspections_of(recorded_of(ledger, COUNTED))[lead, f"{office.now():%Y-%m}"]


def _new_lead(command: ReplaceParticipant, state: ProjectState) -> ReassignLead:
    if command.to is None:
        raise LeadOnlyReleasedError(f"{state.lead}是牵头部门，不能只解除：请用 --to 写明新的牵头部门。")
    common: Sequence[str] = ("request_id", "by", "on_behalf_of", "to", "reason")
    return ReassignLead.model_validate(command.model_dump(include=set(common)))
