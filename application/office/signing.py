"""A person's own key signs many acts at once: a whole list, a year's end, a calendar.

Every act is prepared before any is given, so that what is signed is what is given; then each of them carries the one
signature, with the list of all that it covers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from application.office.attesting import How, ask, prepared_act
from application.office.office import Office
from domain.acts.act_digest import act_document
from domain.acts.attestation import MOST_TOGETHER, OwnKeyProof
from domain.acts.commands import AnyCommand, CommandOutcome
from domain.directory.naming import EndedDepartmentError, NotOnePersonError
from domain.errors import InputError
from domain.ids import ProjectId
from domain.state import ProjectState

if TYPE_CHECKING:
    from domain.acts.act_digest import GivenAct

Give = Callable[[ProjectId, AnyCommand], Awaitable[CommandOutcome]]
"""How one of the acts is given, with what was signed of it."""


class TooManyToSignError(InputError, rule="bounded_signature"):
    """One signature covers so many acts at most."""


@dataclass(frozen=True, slots=True)
class AskedAct:
    """An act that is about to be given: the project as it was seen, the command, and how it is given otherwise."""

    state: ProjectState
    command: AnyCommand
    how: How | None = None

    @property
    def seen(self) -> int:
        """How many events of the project its person had seen."""
        return self.state.next_seq if self.how is None else self.how.seen

    def act(self, office: Office) -> GivenAct:
        """The act as it will be attested."""
        how = self.how or How(seen=self.seen)
        return prepared_act(office, self.state.project_id, self.command, how)


async def signed_together(office: Office, asked: Sequence[AskedAct]) -> OwnKeyProof | None:
    """What the person's own key signs of these acts; nothing where the policy asks it of none of them, where he has no
    key, or where nobody can ask him for it here: what lacks it is refused by its project then.

    Raises:
        TooManyToSignError: they are more than one signature covers.
        DubanError: he does not sign (see `Signer.sign`).
    """
    if office.signer is None:
        return None
    acts = await acts_to_sign(office, asked)
    return await office.signer.sign([act_document(act) for act in acts], acts[0].command.by) if acts else None


async def acts_to_sign(office: Office, asked: Sequence[AskedAct]) -> list[GivenAct]:
    """These acts as their person's own key signs them; none where it is asked for none of them, or he has no key.

    Raises:
        TooManyToSignError: they are more than one signature covers.
    """
    try:
        acts = await asyncio.to_thread(lambda: [each.act(office) for each in asked])
    except (NotOnePersonError, EndedDepartmentError):
        return []  # each of them is refused for that
    if not any(is_asked(each, act) for each, act in zip(asked, acts, strict=True)):
        return []
    if len(acts) > MOST_TOGETHER:
        raise TooManyToSignError(f"一次签名最多 {MOST_TOGETHER} 项办理，这里有 {len(acts)} 项：请分几次办理。")
    return acts


def giving_with(office: Office, asked: Sequence[AskedAct], proof: OwnKeyProof | None) -> Give:
    """How these acts are given with what was signed of them."""
    # Whether it is asked for was found above: nobody is asked again for each of them.
    once = office if proof is not None else replace(office, signer=None)
    seen = {each.state.project_id: each.seen for each in asked}

    async def give(project_id: ProjectId, command: AnyCommand) -> CommandOutcome:
        return await ask(once, project_id, command, How(seen=seen.get(project_id, 0), own_key=proof))

    return give


def is_asked(asked: AskedAct, act: GivenAct) -> bool:
    """Whether an act's project asks for the signature of its person, who has a key and has not signed it."""
    told = act.command.own_key
    return told == "unsigned" and asked.state.policy.own_key.asks(asked.command.weight, told)
