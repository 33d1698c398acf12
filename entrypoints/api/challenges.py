"""What the caller's own key signs of an act: asked for before the act, given with it as `own_key`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import HTTPException
from pydantic import Field, ValidationError

from application.accounts.brought_proofs import BroughtSignature, counted
from application.office.acts import Act, acts_of
from application.office.attesting import Giver
from application.office.office import Office
from domain.accounts.webauthn import in_base64url
from domain.acts.act_digest import act_digest, document_digest
from domain.acts.attestation import OwnKeyProof
from domain.acts.own_key import certificate_content, challenge_of_acts, hash_in
from domain.acts.rejections import OwnKeyForgedError
from domain.record.person_keys import open_keys_of
from entrypoints.api.acts import Key, act_routes, command_of
from entrypoints.api.answers import Answer, AskedBody, Item
from entrypoints.api.calls import Call
from entrypoints.api.problems import UnusableActError
from entrypoints.api.reads import Project

Done = TypeVar("Done")
OwnKey = Annotated[
    OwnKeyProof | None,
    Field(description="What the own key of the token's person signed of it (`…/challenge`), where that is asked for"),
]
ActName = Annotated[str, Field(pattern=f"^({'|'.join(sorted(act_routes()))})$")]


class AskedChallenge(AskedBody):
    """An act that is about to be given."""

    act: ActName = Field(description="The last part of the act's address")
    asked: dict[str, Any] = Field(description="What the act will be asked with, word for word, without `own_key`")


class SigningKey(Item):
    """A key of the token's person that may sign it."""

    key: str = Field(description="The SHA-256 of its public half")
    rp_id: str = Field(description="The domain that it was made for; empty where it is a certificate's")
    credential_id: str | None = Field(description="By which a device finds it, in base64url")


class ChallengeAnswer(Answer):
    """What is to be signed of an act, and by which keys."""

    act_id: str
    acts: tuple[str, ...] | None = Field(
        description="Where a whole is withdrawn that has open sub-duties: the hashes of all the acts that the signature"
        " covers; they go into `own_key.acts`, and the challenge is the hash of their list"
    )
    challenge: str = Field(description="The act's hash in base64url: the challenge of `navigator.credentials.get`")
    text: str = Field(description="What the key of a certificate signs instead (SM2 with SM3), in UTF-8")
    keys: tuple[SigningKey, ...]


class OfficeChallengeAnswer(Answer):
    """What is to be signed of acts of the office, and by which keys; nothing where none of them must be signed."""

    acts: tuple[str, ...] | None = Field(
        default=None,
        description="The hashes of all the acts, where there are several: they go into `own_key.acts`, and the"
        " challenge is the hash of their list",
    )
    challenge: str | None = Field(default=None, description="The challenge of `navigator.credentials.get`")
    text: str | None = Field(default=None, description="What the key of a certificate signs instead, in UTF-8")
    keys: tuple[SigningKey, ...] = ()


async def act_challenge(call: Call, project_id: Project, asked: AskedChallenge, key: Key) -> ChallengeAnswer:
    """What the own key of the token's person signs of an act; the same words and `Idempotency-Key` then give it."""
    route = act_routes()[asked.act]
    if not call.has(*route.who):
        raise HTTPException(403)
    try:
        body = route.body.model_validate(asked.asked, by_alias=True)
    except ValidationError as error:
        raise UnusableActError(error, "asked") from error
    command = await command_of(call, route, project_id, body, key)
    office = call.office_of(Giver(call.caller, "api"))
    acts = await acts_of(office, Act(project_id, command), getattr(body, "seen", 0), None)
    act_ids = tuple(map(act_digest, acts))
    return ChallengeAnswer(as_of=call.as_of, act_id=act_ids[0], **(await to_be_signed(call, act_ids)))


async def office_challenge(call: Call, acts: Sequence[Mapping[str, Any]]) -> OfficeChallengeAnswer:
    """What the own key of the token's person signs of acts of the office, by their documents."""
    if not acts:
        return OfficeChallengeAnswer(as_of=call.as_of)
    return OfficeChallengeAnswer(as_of=call.as_of, **(await to_be_signed(call, tuple(map(document_digest, acts)))))


async def given_signed(
    call: Call,
    own_key: OwnKeyProof | None,
    give: Callable[[Office], Awaitable[Done]],
    to_sign: Callable[[Office], Awaitable[Sequence[object]]],
) -> Done:
    """Give what the token's person does about the office, with the signature that came with it.

    Raises:
        OwnKeyForgedError: one came, and nothing of it is `to_sign`: it would be left out.
    """
    accounts, now = call.premises.accounts, call.premises.clock()
    office = call.office_of(Giver(call.caller, "api"))
    if own_key is not None and not await to_sign(office):
        raise OwnKeyForgedError(key=own_key.key, why="这项办理不用本人密钥签名")
    done = await give(replace(office, signer=BroughtSignature(accounts, call.caller, own_key, now)))
    if own_key is not None:
        await counted(accounts, call.caller, own_key, now)
    return done


async def to_be_signed(call: Call, act_ids: Sequence[str]) -> dict[str, Any]:
    """What the own key of the token's person signs of these acts, all at once, and which keys may."""
    who = call.caller.person_id
    held = () if who is None else open_keys_of(call.office.records.own_keys.now(), who)
    challenge = challenge_of_acts(act_ids)
    names = await call.premises.callers.credentials_of(call.caller)
    return {
        "acts": tuple(map(hash_in, act_ids)) if len(act_ids) > 1 else None,
        "challenge": in_base64url(challenge),
        "text": certificate_content(challenge).decode(),
        "keys": tuple(SigningKey(key=each.key, rp_id=each.rp_id, credential_id=names.get(each.key)) for each in held),
    }
