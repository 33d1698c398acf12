"""The person's own key: what the worker hears of acts that it signed, and refuses of all others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from application.office.attesting import Giver
from application.office.office_acts import attested_office_act
from domain.accounts.webauthn import in_base64url
from domain.actors import operator
from domain.acts.act_digest import GivenAct, act_digest, identified
from domain.acts.attestation import OwnKeyProof
from domain.acts.commands import AnyCommand, AppointDeputy, RuleOnExtension, StrikeOff, Withdraw
from domain.acts.decisions import HANDLERS, decide
from domain.acts.own_key import challenge_of_acts, hash_in, key_name_of
from domain.acts.rejections import OwnKeyMissingError
from domain.directory.signed_in import SignedIn
from domain.record.person_keys import PERSON_KEYS_STREAM, PersonKey, key_revoked
from domain.rules.own_key_rules import WEIGHTS, OwnKeyRules, Weight
from tests.application.accounts.authenticator import RP_ID, Device
from tests.application.engine_room.test_act_desk import (
    LI_MING,
    LI_MING_HIMSELF,
    OWNER,
    Premises,
    here,
    report,
    settings,
    signed,
    strike,
)
from tests.domain.samples import PROJECT, WHOLE_LIFE, Desk, request

__all__ = ["here", "settings"]
WANG_FANG = signed("oidc:wangfang", "王芳")


@pytest_asyncio.fixture
async def device(here: Premises) -> AsyncIterator[Device]:
    """李明's device, enrolled."""
    made = Device()
    await enrol(here, made, LI_MING)
    yield made


async def enrol(here: Premises, device: Device, who: SignedIn) -> None:
    """Say in the ledger that a device's key is somebody's."""
    assert who.person_id is not None
    key = PersonKey(key_name_of(device.public_key), who.person_id, who.account, device.public_key, RP_ID)
    file = await attested_office_act(here.attestor, Giver(who, "desk"), PERSON_KEYS_STREAM, {"type": "EnrolKey"})
    await here.records.own_streams.append_own(key.enrolled(file))


def proof_of(device: Device, *act_ids: str, **changed: Any) -> OwnKeyProof:
    """What a device signs of acts."""
    said = device.sign(in_base64url(challenge_of_acts(act_ids)))["response"]
    proof = OwnKeyProof(
        key=key_name_of(device.public_key),
        client_data=said["clientDataJSON"],
        authenticator_data=said["authenticatorData"],
        signature=said["signature"],
        acts=tuple(map(hash_in, act_ids)) if len(act_ids) > 1 else None,
    )
    return proof.model_copy(update=changed)


async def given(
    here: Premises, command: AnyCommand, proof: OwnKeyProof | None, by: SignedIn = LI_MING, told: str = "signed"
) -> AnyCommand:
    """A command that says of its person's key what it wants, attested with a proof."""
    command = command.model_copy(update={"own_key": told})
    door = "shell" if by is OWNER else "desk"
    return await here.attestor.attested(_act(command, by), Giver(by, door), proof)  # type: ignore[arg-type]


def _act(command: AnyCommand, by: SignedIn = LI_MING) -> GivenAct:
    return identified(GivenAct(project_id=PROJECT, command=command, account=by.account, nonce="form-1"))


STRIKE = strike(LI_MING_HIMSELF)


async def test_an_act_that_its_person_signed_is_heard(here: Premises, device: Device) -> None:
    """The challenge is the act's id; what the act says of the key is no part of what is signed."""
    proof = proof_of(device, act_digest(_act(STRIKE)))
    assert here.rule(await given(here, STRIKE, proof)) is None


async def test_what_an_act_says_of_the_key_is_so(here: Premises, device: Device) -> None:
    """Signed without a proof, unsigned or nothing where there is a key, unsigned where there is none."""
    proof = proof_of(device, act_digest(_act(STRIKE)))
    wang = strike(operator("王芳").model_copy(update={"person_id": "P0003"}), on_behalf_of=LI_MING_HIMSELF)
    rules = {
        "signed without a proof": here.rule(await given(here, STRIKE, None)),
        "a proof that is not told": here.rule(await given(here, STRIKE, proof, told="unsigned")),
        "a key that is not told": here.rule(await given(here, STRIKE, None, told=None)),  # type: ignore[arg-type]
        "a key that is not there": here.rule(await given(here, wang, None, WANG_FANG, told="unsigned")),
        "the owner, of one who has a key": here.rule(await given(here, STRIKE, None, OWNER, told=None)),  # type: ignore[arg-type]
    }
    assert set(rules.values()) == {"own_key_is_told"}, rules
    assert here.rule(await given(here, STRIKE, None, told="unsigned")) is None
    assert here.rule(await given(here, STRIKE, None, OWNER, told="unsigned")) is None


async def test_a_proof_that_does_not_hold_is_refused(here: Premises, device: Device) -> None:
    """Of another act, by a strange key or another's, edited, of another site, without its person, by a key let go."""
    act_id = act_digest(_act(STRIKE))
    other, hers = Device(), Device()
    await enrol(here, hers, WANG_FANG)
    elsewhere = Device(key=device.key, rp_id="evil.example", origin="https://evil.example")
    unseen = Device(key=device.key, flags=0x01)
    good, another = proof_of(device, act_id), proof_of(device, act_digest(_act(report())))
    proofs = {
        "of another act": another,
        "by a strange key": proof_of(other, act_id),
        "by another's key": proof_of(hers, act_id),
        "under another's name": proof_of(other, act_id, key=good.key),
        "client data swapped": good.model_copy(update={"client_data": another.client_data}),
        "signature swapped": good.model_copy(update={"signature": another.signature}),
        "signature cut": good.model_copy(update={"signature": good.signature[:40]}),
        "data unreadable": good.model_copy(update={"authenticator_data": "AAAA"}),
        "elsewhere": proof_of(elsewhere, act_id),
        "without its person": proof_of(unseen, act_id),
    }
    told = {name: here.rule(await given(here, STRIKE, proof)) for name, proof in proofs.items()}
    assert set(told.values()) == {"own_key_has_signed"}, told
    file = await attested_office_act(here.attestor, Giver(LI_MING, "desk"), PERSON_KEYS_STREAM, {"type": "RevokeKey"})
    await here.records.own_streams.append_own(key_revoked(good.key, LI_MING.account, "丢失", file))
    assert here.rule(await given(here, STRIKE, good)) == "own_key_has_signed"


async def test_one_signature_covers_the_acts_of_its_list_and_no_other(here: Premises, device: Device) -> None:
    """Heard where the list has the act; not of a list without it, longer, shorter, in another order, or of one act."""
    act_id, other, third = act_digest(_act(STRIKE)), act_digest(_act(report())), f"act-sha256-{'0' * 64}"
    both = proof_of(device, other, act_id)
    assert here.rule(await given(here, STRIKE, both)) is None
    assert both.acts is not None
    lists = {
        "without it": proof_of(device, other, third),
        "longer": both.model_copy(update={"acts": (*both.acts, hash_in(third))}),
        "put in": proof_of(device, other, third).model_copy(update={"acts": both.acts}),
        "another order": both.model_copy(update={"acts": both.acts[::-1]}),
        "no list any more": both.model_copy(update={"acts": None}),
        "a list of one signed act": proof_of(device, act_id).model_copy(update={"acts": both.acts}),
    }
    told = {name: here.rule(await given(here, STRIKE, proof)) for name, proof in lists.items()}
    assert set(told.values()) == {"own_key_has_signed"}, told


async def test_the_owner_gives_what_the_person_named_has_signed(here: Premises, device: Device) -> None:
    """Through the shell, for 李明: his device's signature of that act is heard; another's is not."""
    act = _act(STRIKE, OWNER)
    hers = Device()
    await enrol(here, hers, WANG_FANG)
    assert here.rule(await given(here, STRIKE, proof_of(device, act_digest(act)), OWNER)) is None
    assert here.rule(await given(here, STRIKE, proof_of(hers, act_digest(act)), OWNER)) == "own_key_has_signed"


async def test_a_signed_act_is_that_act_alone(here: Premises, device: Device) -> None:
    """Another milestone under the same attestation: refused before the key is looked at."""
    good = await given(here, STRIKE, proof_of(device, act_digest(_act(STRIKE))))
    altered = good.model_copy(update={"milestone_id": "2018-05a-02"})
    assert here.rule(altered) == "attestation_is_of_this_act"


DECLARED: dict[Weight, set[str]] = {
    "strike_off": {"StrikeOff"},
    "ruling": {
        *("RuleOnExtension", "GrantGrace", "InsistOnAssignment", "ReassignLead", "ReplaceParticipant"),
        *("RuleOnDispute", "ChangeAssigningDepartment"),
    },
    "withdrawal": {"Withdraw"},
    "year_end": {"CloseYear", "ReopenProject"},
    "mass_act": {"AmendProject", "ChangeCalendar"},
}


def test_each_weight_has_its_acts() -> None:
    """An act that weighs is declared where the act stands."""
    found: dict[str, set[str]] = {}
    for command in HANDLERS:
        if command.weight is not None:
            found.setdefault(command.weight, set()).add(command.__name__)
    assert found == DECLARED
    assert set(found) == set(WEIGHTS)


@pytest.mark.parametrize(
    ("asked_of", "own_key", "refused"),
    [
        ("nobody", "unsigned", False),
        ("nobody", None, False),
        ("holders", "unsigned", True),
        ("holders", "signed", False),
        ("holders", None, False),
        ("everybody", "unsigned", True),
        ("everybody", None, True),
        ("everybody", "signed", False),
    ],
)
def test_the_policy_says_of_whom_a_signature_is_asked(asked_of: Any, own_key: Any, refused: bool) -> None:
    """By default of whoever has a key; an act that does not weigh is never refused for that."""
    policy = WHOLE_LIFE.model_copy(update={"own_key": OwnKeyRules(asked_of=asked_of)})
    desk = Desk(policy=policy)
    withdraw, deputy = request(Withdraw, own_key=own_key), desk.state
    if refused:
        with pytest.raises(OwnKeyMissingError):
            decide(deputy, withdraw, desk.now)
    else:
        (event,) = [each for each in decide(deputy, withdraw, desk.now) if each.type == "MilestoneWithdrawn"]
        assert event.own_key == (own_key if own_key == "signed" else None)
    by_a_list = request(Withdraw, own_key=own_key, request_id="plan-2")
    if refused:
        with pytest.raises(OwnKeyMissingError):
            decide(deputy, by_a_list, desk.now)
    else:
        assert decide(deputy, by_a_list, desk.now)
    light = request(
        AppointDeputy,
        by=operator("李"),
        principal=operator("李"),
        deputy=operator("赵"),
        from_on=desk.now.date(),
        until_on=desk.now.date(),
        own_key=own_key,
    )
    assert decide(deputy, light, desk.now)
    assert RuleOnExtension.weight == "ruling"
    assert StrikeOff.weight == "strike_off"
