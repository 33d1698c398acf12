"""What ends with its whole: the open sub-duties below a withdrawn project or milestone, signed as one list with it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from application.office.attesting import How, ask
from application.office.every_project import request_id_of
from application.office.office import Office
from application.office.signing import Asked, is_asked, signed_together
from domain.actors import Actor
from domain.acts.access import acts_as
from domain.acts.act_digest import GivenAct, act_digest
from domain.acts.attestation import OwnKeyProof
from domain.acts.commands import Withdraw
from domain.acts.own_key import hash_in
from domain.errors import InputError
from domain.ids import MilestoneId, ProjectId
from domain.lists.sub_duties import sub_duties_of
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import known_state, recorded_state
from domain.state import ProjectState

WHY = "上级任务已撤销"


class PartsNotSignedError(InputError, rule="parts_signed_with_whole"):
    """A whole is withdrawn with a signature that does not cover its open parts, which need one too."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Who withdraws the parts of what is withdrawn; those that were prepared with the whole, and what was signed of all
    of them together."""

    by: Actor
    on_behalf_of: Actor | None = None
    parts: Mapping[ProjectId, Asked] = field(default_factory=dict)
    own_key: OwnKeyProof | None = None

    async def end(self, office: Office, part: ProjectState) -> None:
        """Withdraw one part (raises as `ask`); nobody is asked for a signature any more."""
        asked = self.parts.get(part.project.project_id) or withdrawal_of(part, self.by, self.on_behalf_of)
        act = await asyncio.to_thread(asked.act, office)
        own_key = self.own_key if _covers(self.own_key, act) else None
        how = How(seen=asked.state.next_seq, own_key=own_key)
        await ask(replace(office, signer=None), act.project_id, asked.command, how)


def withdrawal_of(part: ProjectState, by: Actor, on_behalf_of: Actor | None = None) -> Asked:
    """How a part is withdrawn with its whole: once for each time that it runs."""
    # Deputies are appointed in each project: where the part has no such deputy, he acts in his own name or not at all.
    known = any(
        on_behalf_of is not None and acts_as(by, each) and each.principal_known.is_same(on_behalf_of.known)
        for each in part.deputies
    )
    command = Withdraw(
        request_id=request_id_of("whole-withdrawn", part, f"{WHY}{by}"),
        by=by,
        on_behalf_of=on_behalf_of if known else None,
        milestone_id=None,
        reason=WHY,
    )
    return Asked(part, command)


def open_parts(
    ledger: Ledger, whole: ProjectState, milestones: Collection[MilestoneId] | None = None
) -> Iterator[ProjectState]:
    """The sub-duties that run below these milestones of a project (all, where none are named), through all levels."""
    for milestone_id, given in sub_duties_of(whole):
        part = recorded_state(ledger, given.project_id) if milestones is None or milestone_id in milestones else None
        if part is None:
            continue
        if not part.closed:
            yield part
        if not part.closed or part.withdrawn:
            yield from open_parts(ledger, part)


def needless_parts(ledger: Ledger, whole: ProjectState) -> Iterator[ProjectState]:
    """The sub-duties that run though what they are parts of is withdrawn."""
    over = [each for each, milestone in whole.milestones.items() if milestone.stage == "withdrawn"]
    return open_parts(ledger, whole, None if whole.withdrawn else over)


async def ending_with(office: Office, project_id: ProjectId, command: Withdraw, how: How) -> Ending:
    """The parts that end with what is withdrawn, prepared and, where that is asked for, signed together with it.

    Raises:
        UnknownProjectError: there is no such project.
        PartsNotSignedError: a signature was brought that does not cover them; nothing is withdrawn then.
        DubanError: the person does not sign (see `signed_together`); nothing is withdrawn then.
    """
    state, parts = await asyncio.to_thread(_parts_of, office.records.ledger, project_id, command)
    prepared = {each.state.project.project_id: each for each in parts}
    if parts and how.own_key is None:
        own_key = await signed_together(office, (Asked(state, command, how), *parts))
        return Ending(command.by, command.on_behalf_of, prepared, own_key)
    if parts and how.own_key is not None:
        await asyncio.to_thread(_must_cover, office, parts, how.own_key)
    return Ending(command.by, command.on_behalf_of, prepared, how.own_key)


async def parts_acts(office: Office, project_id: ProjectId, command: Withdraw) -> list[GivenAct]:
    """The acts that withdraw the parts together with their whole, as they are signed (raises `UnknownProjectError`)."""

    def acts() -> list[GivenAct]:
        return [each.act(office) for each in _parts_of(office.records.ledger, project_id, command)[1]]

    return await asyncio.to_thread(acts)


def _parts_of(ledger: Ledger, project_id: ProjectId, command: Withdraw) -> tuple[ProjectState, list[Asked]]:
    state, about = known_state(ledger, project_id), command.milestone_id
    parts = open_parts(ledger, state, None if about is None else (about,))
    return state, [withdrawal_of(part, command.by, command.on_behalf_of) for part in parts]


def _covers(own_key: OwnKeyProof | None, act: GivenAct) -> bool:
    return own_key is not None and hash_in(act_digest(act)) in (own_key.acts or ())


def _must_cover(office: Office, parts: Sequence[Asked], own_key: OwnKeyProof) -> None:
    acts = [(each, each.act(office)) for each in parts]
    bare = [act.project_id for each, act in acts if is_asked(each, act) and not _covers(own_key, act)]
    if bare:
        raise PartsNotSignedError(
            f"随之撤销的{len(bare)}个分解任务（{bare[0]} 等）也须用本人的密钥签名，这次的签名没有包括它们，没有办理："
            "请重新取得要签名的内容，一并签名。"
        )
