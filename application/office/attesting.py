"""A door attests an act: what it says is signed and kept before the act is asked for, as evidence is."""

from __future__ import annotations

import asyncio
import os
import pwd
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from domain.acts.act_digest import GivenAct, act_document, identified
from domain.acts.attestation import (
    DoorKind,
    DoorNamed,
    OwnKeyProof,
    attestation_bytes,
    attestation_file,
    bound_to,
    bytes_to_sign,
    statement,
)
from domain.acts.rejections import ActNotAttestedError
from domain.directory.naming import with_persons
from domain.directory.signed_in import SignedIn
from domain.markings import TYPED, must_bear_no_mark, texts_in

if TYPE_CHECKING:
    from application.office.office import Office
    from domain.actors import Actor
    from domain.acts.commands import AnyCommand, CommandOutcome
    from domain.evidence import EvidenceFile
    from domain.ids import ProjectId
    from domain.ports.doors import DoorKeys
    from domain.ports.evidence import EvidenceStore


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives acts, and the door through which they come in."""

    by: SignedIn
    door: DoorKind


class Signer(Protocol):
    """Has a person's own device sign acts."""

    async def sign(self, acts: Sequence[Mapping[str, Any]], of: Actor) -> OwnKeyProof:
        """What the device of the person who gives these acts, as their documents say them, signs of all of them.

        Raises:
            NoOwnKeyError: it signed none of this, or not in time.
        """


@dataclass(frozen=True, slots=True)
class Attestor:
    """A door's keys, and where attestations are kept: all that attesting needs, without the ledger."""

    keys: DoorKeys
    evidence: EvidenceStore
    now: Callable[[], datetime]

    async def attested(self, act: GivenAct, giver: Giver, own_key: OwnKeyProof | None = None) -> AnyCommand:
        """The act's command with the file that attests it, which is kept from now on.

        Raises:
            UnsafeKeyError: the door has no key, or it is none that this user alone can read.
            LedgerUnavailableError: the attestation cannot be kept.
        """
        file = await self.file_of(act_document(act), giver, own_key)
        return act.command.having(attested=str(file))

    async def file_of(self, act: dict[str, Any], giver: Giver, own_key: OwnKeyProof | None = None) -> EvidenceFile:
        """The file that attests an act (its document), which is kept from now on (raises as `attested`).

        Raises:
            ClassifiedError: a text of it bears a classification mark; nothing is kept.
        """
        for text in texts_in(act):
            must_bear_no_mark(text, TYPED)
        door = DoorNamed(kind=giver.door, key=self.keys.key_of(giver.door))
        said = statement(act, giver.by, door, self.now(), own_key)
        data = attestation_bytes(said, self.keys.sign(giver.door, bytes_to_sign(said)))
        file = attestation_file(data)
        await self.evidence.keep(file.name, data)
        return file


@dataclass(frozen=True, slots=True)
class How:
    """How an act is given: how many events of the project its person had seen, and what his own key signed of it.

    With a `nonce` (of the form that was shown, or a new one) the act's own id is the request's; without one the command
    keeps the id that it has, and the act is bound to that.
    """

    seen: int = 0
    nonce: str | None = None
    own_key: OwnKeyProof | None = None


def local_giver(now: datetime) -> Giver:
    """The user of the operating system who runs this process: he can read the shell's key, or he can give nothing."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user may have a number alone
        user = f"uid-{os.getuid()}"
    by = SignedIn(account=f"os:{user}", name=user, roles=("administrator",), how="local-os-user", logged_in_at=now)
    return Giver(by, "shell")


async def attested_command(office: Office, project_id: ProjectId, command: AnyCommand, how: How = How()) -> AnyCommand:
    """A command as whoever gives acts in this office gives it.

    Raises:
        ActNotAttestedError: nobody is signed in here.
        NotOnePersonError: it names a person whom the directory does not know, or does not know apart.
        DubanError: it cannot be attested (see `Attestor.attested`), or its person does not sign it (`Signer.sign`).
    """
    act = await asyncio.to_thread(prepared_act, office, project_id, command, how)
    assert office.giver is not None
    assert office.attestor is not None
    own_key = how.own_key
    if own_key is None and office.signer is not None and await asyncio.to_thread(must_be_signed, office, act):
        own_key = await office.signer.sign((act_document(act),), act.command.by)
        act = act.having(command=act.command.having(own_key="signed"))
    return await office.attestor().attested(act, office.giver, own_key)


def must_be_signed(office: Office, act: GivenAct) -> bool:
    """Whether an act's project asks for the signature of its person, who has a key and has not signed it."""
    from domain.record.recorded_projects import recorded_state

    told, weight = act.command.own_key, act.command.weight
    state = recorded_state(office.records.ledger, act.project_id) if told == "unsigned" and weight else None
    return state is not None and state.policy.own_key.asks(weight, told)


def prepared_act(office: Office, project_id: ProjectId, command: AnyCommand, how: How = How()) -> GivenAct:
    """The act as it will be attested: with the persons' numbers, what is said of the own key, and its request's id.

    Raises:
        ActNotAttestedError: nobody is signed in here.
        NotOnePersonError: it names a person whom the directory does not know, or does not know apart.
        ClassifiedError: a text of it bears a classification mark.
        SaysNothingError: a reason or an answer of it has no word.
    """
    # Loaded here: what describes the records takes a while, and only who really gives an act needs it.
    from application.office.open_texts import must_be_fit
    from domain.acts.own_key import own_key_told

    if office.giver is None or office.attestor is None:
        raise ActNotAttestedError(detail="没有人登录")
    records, by = office.records, office.giver.by
    must_be_fit(command, records.refused_words.of(project_id))
    command = with_persons(command, records.persons.now(), office.now(), by.person_id)
    told = own_key_told(command.by.person_id, records.own_keys.now(), signed=how.own_key is not None)
    command = command.having(own_key=told, seen=how.seen if command.who == "operator" else None)
    nonce = bound_to(command.request_id) if how.nonce is None else how.nonce
    act = GivenAct(project_id=project_id, command=command, account=by.account, seen=how.seen, nonce=nonce)
    return act if how.nonce is None else identified(act)


async def ask(office: Office, project_id: ProjectId, command: AnyCommand, how: How = How()) -> CommandOutcome:
    """Attest a command, give it to the project, and answer what it made happen (raises as both do)."""
    attested = await attested_command(office, project_id, command, how)
    return await office.engine.command(project_id, attested)
