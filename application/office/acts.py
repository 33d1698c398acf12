"""An act is given: what it shows is kept, what it must know of the office is added, and the engine is asked.

Every screen gives acts here, so that a person gets the same answer in the shell, in a browser and from a program.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from application.office.attesting import Giver, How, attested_command, prepared_act
from application.office.office import Office
from application.office.open_texts import must_be_an_open_file, must_be_fit
from application.office.shown_files import ShownFile
from domain.acts import commands as c
from domain.acts.act_digest import GivenAct
from domain.acts.attestation import DoorKind, OwnKeyProof
from domain.acts.commands.command import Command
from domain.acts.rejections import UnknownProjectError
from domain.clock import office_day
from domain.directory.naming import EndedDepartmentError, NotOnePersonError
from domain.directory.signed_in import SignedIn
from domain.evidence import evidence_files
from domain.ids import DepartmentId, ProjectId
from domain.ports.evidence import EvidenceStore

if TYPE_CHECKING:
    from application.office.starting import Started


LOOKED_UP: Final[Mapping[type[Command], str]] = {
    c.ReassignLead: "to",
    c.ReplaceParticipant: "to",
    c.AppointDeputy: "deputy",
    c.IssueDirective: "leader",
    c.DecomposeDuty: "units",
    c.AmendProject: "project",
}
"""The acts that give something to whom they name, and the field that names him."""
_ASKED_OF_THE_OFFICE = (c.OpenInspection, c.ReplaceParticipant, c.RuleOnExtension, c.GrantGrace)
"""Commands that need facts of other projects."""
_MOVE_PARTS = (c.Withdraw, c.ReassignLead, c.ReplaceParticipant, c.AmendProject)
"""Acts on a whole upon which its parts end, or are supervised by another department."""


@dataclass(frozen=True, slots=True)
class Act:
    """A command for a project, with the files that it shows."""

    project_id: ProjectId
    command: c.AnyCommand
    shown: tuple[ShownFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was accepted: the command as it was given in the end, and the engine's answer."""

    command: c.AnyCommand
    outcome: c.CommandOutcome
    below: tuple[Started, ...] = ()
    """What became of sub-duties upon it: started where it gave parts to units, withdrawn where it ended the whole,
    amended where another department supervises them."""


async def give(
    office: Office,
    act: Act,
    by: SignedIn | None = None,
    *,
    door: DoorKind = "desk",
    seen: int = 0,
    nonce: str | None = None,
    own_key: OwnKeyProof | None = None,
) -> Done:
    """Give a command to a project. What it shows is kept, and the door's attestation of it, before it is given.

    `by` is who is signed in at the `door`; without one it is whoever gives acts in this office. `seen` is how many
    events of the project he had seen, `own_key` what his own device signed of the act. With a `nonce` the act's own id
    is the request's; without one the command keeps the id that it has, and the act is bound to that.

    Raises:
        RejectedError: a rule refuses it; the refusal is kept.
        ClassifiedError: a text or a file bears a classification mark; nothing is kept, and nobody else is asked.
        InputError: it cannot be given in this form.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    if by is not None:
        office = replace(office, giver=Giver(by, door))
    try:
        return await _given(office, act, How(seen, nonce, own_key))
    except (UnknownProjectError, NotOnePersonError, EndedDepartmentError) as error:
        # No worker hears of it who would keep this refusal, so it is kept from here.
        await office.keep_refusal(act.project_id, act.command, error)
        raise


async def _given(office: Office, act: Act, how: How) -> Done:
    refused = await asyncio.to_thread(office.records.refused_words.of, act.project_id)
    must_be_fit(act.command, refused)
    command = await _with_what_is_known(office, act.project_id, act.command)
    await asyncio.to_thread(_must_be_open_files, office.records.evidence, act, refused)
    for file in act.shown:
        with file.opened() as stream:
            await office.records.evidence.take(file.name, stream)
    ending = None
    if isinstance(command, c.ReopenProject):
        from application.office.reopening import reopened

        outcome = await reopened(office, act.project_id, command, how)
    else:
        if isinstance(command, c.DecomposeDuty):
            from application.office.acts_on_parts import By
            from application.office.sub_duties import note_in_whole

            await note_in_whole(office, act.project_id, By(command.by, command.on_behalf_of))
        elif isinstance(command, _MOVE_PARTS):
            from application.office.given_with_whole import ending_with

            ending = await ending_with(office, act.project_id, command, how)
            how = replace(how, own_key=ending.own_key)
        command = await attested_command(office, act.project_id, command, how)
        outcome = await office.engine.command(act.project_id, command)
    if not isinstance(command, (c.ReopenProject, c.DecomposeDuty, *_MOVE_PARTS)):
        return Done(command, outcome)
    from application.office.given_with_whole import Ending
    from application.office.sub_duties import settle_after

    below = await settle_after(office, act.project_id, outcome, ending or Ending(command.by))
    return Done(command, outcome, tuple(below))


async def acts_of(office: Office, act: Act, seen: int, nonce: str | None) -> list[GivenAct]:
    """The acts that one signature covers when this one is given: itself, and what follows from it
    for the open parts below (raises as `act_of`)."""
    from application.office.given_with_whole import parts_acts

    below = await parts_acts(office, act.project_id, act.command) if isinstance(act.command, _MOVE_PARTS) else []
    return [await act_of(office, act, seen, nonce), *below]


async def act_of(office: Office, act: Act, seen: int, nonce: str | None) -> GivenAct:
    """An act as `give` attests it, before it is given: what its person's own key signs.

    Raises:
        ActNotAttestedError: nobody is signed in here.
        NotOnePersonError: it names a person whom the directory does not know, or does not know apart.
        UnknownDepartmentError: it gives something to a department that nobody knows.
        UnknownUnitError: it gives a part to a unit that nobody knows, and that nobody said is new.
    """
    command = await _with_what_is_known(office, act.project_id, act.command)
    if isinstance(command, c.ReopenProject) and not seen:
        from domain.record.recorded_projects import known_state

        seen = (await asyncio.to_thread(known_state, office.records.ledger, act.project_id)).next_seq
    return await asyncio.to_thread(prepared_act, office, act.project_id, command, How(seen, nonce))


async def _with_what_is_known(office: Office, project_id: ProjectId, command: c.AnyCommand) -> c.AnyCommand:
    """A command with names as they are known, and with what it must know of other projects."""
    if type(command) in LOOKED_UP:
        from application.office.known_names import named_as_known

        command = await named_as_known(office, project_id, command)
    elif isinstance(command, c.AnswerDirective) and command.directive is None:
        from application.office.which_directive import must_be_the_only_one

        await asyncio.to_thread(must_be_the_only_one, office.records.ledger, project_id, command)
    command = await asyncio.to_thread(_as_the_project_knows, office, project_id, command)
    if isinstance(command, _ASKED_OF_THE_OFFICE):
        from application.office.office_facts import with_office_facts

        command = await with_office_facts(office, project_id, command)
    return command


def _as_the_project_knows(office: Office, project_id: ProjectId, command: c.AnyCommand) -> c.AnyCommand:
    directory, day = office.records.persons.now(), office_day(office.now())
    if not directory.departments:
        return command
    # Loaded here: only who gives an act needs it, and most offices have renamed nothing.
    from domain.acts.spelling import as_the_project_knows, has_other_names
    from domain.record.recorded_projects import recorded_state

    if not has_other_names(command, directory, day):
        return command
    state = recorded_state(office.records.ledger, project_id)
    return command if state is None else as_the_project_knows(state, command, directory, day)


def _must_be_open_files(store: EvidenceStore, act: Act, refused: Sequence[str]) -> None:
    for file in act.shown:
        with file.opened() as stream:
            must_be_an_open_file(file.name, stream, refused)
    if not refused:
        return  # what is kept already was looked through for marks when it came
    for kept in evidence_files(getattr(act.command, "evidence", ())):
        if store.has(kept.sha256, kept.size):
            with store.open(kept.sha256) as stream:
                must_be_an_open_file(kept.name, stream, refused)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an act that was accepted: what it brought, and what is waited for now, of whom and until when.

    `signed` says whether the duty, or the whole project, is signed for, `units_sign_by` until when the units sign to
    which parts were given.
    """

    happened: tuple[str, ...]
    next: str
    signed: bool
    units_sign_by: date | None = None


async def told_of(office: Office, project_id: ProjectId, done: Done) -> Told | None:
    """What is to be said of an act, from the record; none where the record has not come yet, or has not all of it."""
    from application.office.acts_on_record import told

    return await asyncio.to_thread(told, office.records.ledger, project_id, done)


async def first_mail_of(office: Office, project_id: ProjectId, addressee: DepartmentId) -> bool:
    """Whether a department had no paper of another project yet: its name may be a slip of the pen."""
    items = await asyncio.to_thread(lambda: list(office.records.outbox.items(addressee)))
    return not any(item.numbered.paper.project_id != project_id for item in items)


def new_addressee_of(command: c.AnyCommand) -> DepartmentId | None:
    """The department to whom a command gives duties that it may not have had before."""
    match command:
        case c.ReassignLead(to=to) | c.ReplaceParticipant(to=str(to)):
            return to
        case _:
            return None
