"""What follows below from an act on a whole, prepared and signed as one list with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from application.office.acts_on_parts import By, following
from application.office.attesting import How, ask
from application.office.office import Office
from application.office.signing import AskedAct, is_asked, signed_together
from domain.actors import Actor
from domain.acts.act_digest import GivenAct, act_digest
from domain.acts.attestation import OwnKeyProof
from domain.acts.commands import AnyCommand, CommandOutcome
from domain.acts.own_key import hash_in
from domain.errors import InputError
from domain.ids import ProjectId
from domain.lists.whole_after import whole_after
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import known_state
from domain.state import ProjectState


class PartsNotSignedError(InputError, rule="parts_signed_with_whole"):
    """A whole is withdrawn with a signature that does not cover its open parts, which need one too."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Who gives what follows below; the acts that were prepared with the whole, and what was signed of all of them
    together."""

    by: Actor
    on_behalf_of: Actor | None = None
    parts: Mapping[ProjectId, AskedAct] = field(default_factory=dict)
    own_key: OwnKeyProof | None = None

    @property
    def who(self) -> By:
        """Who gives it, and for whom."""
        return By(self.by, self.on_behalf_of)

    async def give(self, office: Office, found: AskedAct) -> CommandOutcome:
        """Give one of the acts (raises as `ask`), as it was prepared; nobody is asked for a signature any more."""
        prepared = self.parts.get(found.state.project_id)
        asked = prepared if prepared is not None and type(prepared.command) is type(found.command) else found
        act = await asyncio.to_thread(asked.act, office)
        own_key = self.own_key if _covers(self.own_key, act) else None
        how = How(seen=asked.state.next_seq, own_key=own_key)
        return await ask(replace(office, signer=None), act.project_id, asked.command, how)


async def ending_with(office: Office, project_id: ProjectId, command: AnyCommand, how: How) -> Ending:
    """What follows below from an act on a whole, prepared and, where that is asked for, signed together with it.

    Raises:
        UnknownProjectError: there is no such project.
        PartsNotSignedError: a signature was brought that does not cover them; nothing is done then.
        DubanError: the person does not sign (see `signed_together`); nothing is done then.
    """
    state, parts = await asyncio.to_thread(_parts_of, office.records.ledger, project_id, command)
    prepared = {each.state.project_id: each for each in parts}
    if parts and how.own_key is None:
        own_key = await signed_together(office, (AskedAct(state, command, how), *parts))
        return Ending(command.by, command.on_behalf_of, prepared, own_key)
    if parts and how.own_key is not None:
        await asyncio.to_thread(_must_cover, office, parts, how.own_key)
    return Ending(command.by, command.on_behalf_of, prepared, how.own_key)


async def parts_acts(office: Office, project_id: ProjectId, command: AnyCommand) -> list[GivenAct]:
    """The acts on the parts that follow from one on their whole, as they are signed (raises `UnknownProjectError`)."""

    def acts() -> list[GivenAct]:
        return [each.act(office) for each in parts_of(office.records.ledger, project_id, command)]

    return await asyncio.to_thread(acts)


def _parts_of(ledger: Ledger, project_id: ProjectId, command: AnyCommand) -> tuple[ProjectState, list[AskedAct]]:
    state = known_state(ledger, project_id)
    by = By(command.by, command.on_behalf_of)
    return state, list(following(ledger, whole_after(state, command), by))


def parts_of(ledger: Ledger, project_id: ProjectId, command: AnyCommand) -> list[AskedAct]:
    """What follows from an act on a whole for its parts (raises `UnknownProjectError`)."""
    return _parts_of(ledger, project_id, command)[1]


def _covers(own_key: OwnKeyProof | None, act: GivenAct) -> bool:
    return own_key is not None and hash_in(act_digest(act)) in (own_key.acts or ())


def _must_cover(office: Office, parts: Sequence[AskedAct], own_key: OwnKeyProof) -> None:
    acts = [(each, each.act(office)) for each in parts]
    bare = [act.project_id for each, act in acts if is_asked(each, act) and not _covers(own_key, act)]
    if bare:
        raise PartsNotSignedError(
            f"没有办理：随之办理的{len(bare)}个分解任务（{bare[0]} 等）也须用您本人的密钥签名，这次的签名没有包括；"
            "请重新取得要签名的内容，一并签名。"
        )
