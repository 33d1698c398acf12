"""The persons' own keys on record: who enrols one, who lets one go, and what a device signs of an act.

A key for logins is a row that can be removed; a key that proves acts stands in the ledger for ever, with whoever
enrolled it and how he was signed in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.accounts.accounts import Accounts, revoke_by_number
from application.accounts.passkeys import asked_of_a_device, check_proof, finish_enrolment, passkeys_of
from application.accounts.signing_in import end_logins_by_key
from application.office.attesting import Attestor, Giver
from application.office.open_texts import must_be_open_here
from application.office.refused_acts import keep_refused_acts
from domain.accounts.passkeys import Passkey
from domain.accounts.refusals import NoOwnKeyError, OnlyCertificateError, UnknownSessionError
from domain.accounts.webauthn import Site, from_base64url, in_base64url
from domain.acts.act_digest import document_digest, office_act_document
from domain.acts.attestation import OwnKeyProof
from domain.acts.own_key import challenge_of_acts, hash_in, key_name_of
from domain.directory.ids import PersonId
from domain.directory.signed_in import SignedIn
from domain.record.person_keys import PERSON_KEYS_STREAM, PersonKey, key_revoked, open_keys_of


@dataclass(frozen=True, slots=True)
class KeysDesk:
    """The accounts, and what attests that a key is somebody's."""

    accounts: Accounts
    attestor: Attestor


@dataclass(frozen=True, slots=True)
class Signed:
    """What a device signed of a change of keys, where, and when."""

    site: Site
    answer: Mapping[str, Any] | None
    now: datetime


async def recorded_keys(accounts: Accounts) -> Mapping[str, PersonKey]:
    """The persons' keys as the ledger tells of them, by their names."""
    return await asyncio.to_thread(accounts.records.own_keys.now)


async def has_own_key(accounts: Accounts, person_id: PersonId | None) -> bool:
    """Whether a person has a key on a device that counts; a certificate's key signs elsewhere."""
    return any(each.rp_id for each in open_keys_of(await recorded_keys(accounts), person_id))


async def must_not_have_a_certificate_alone(accounts: Accounts, person_id: PersonId | None) -> None:
    """Refuse at once what would wait for a signature that can come neither at the desk nor in the shell.

    Raises:
        OnlyCertificateError: a person's only keys are those of certificates.
    """
    held = open_keys_of(await recorded_keys(accounts), person_id)
    if held and not any(each.rp_id for each in held):
        raise OnlyCertificateError(why="登记的只有证书")


async def must_be_free_to_enrol(accounts: Accounts, who: SignedIn) -> None:
    """Refuse a key of somebody who has one already and did not sign in with it, or let his last one go himself.

    A first key stands on the login as it is. After that a password that was found out must not be enough: it needs
    the key there is, or somebody else's word that it is lost.

    Raises:
        NoOwnKeyError: he may not enrol one now.
    """
    if who.how == "passkey":
        return
    own = [each for each in (await recorded_keys(accounts)).values() if each.person_id == who.person_id and each.rp_id]
    if any(key.is_open for key in own):
        raise NoOwnKeyError(why="您已有密钥：请先用它登录，再登记另一把；丢失的请管理员停用")
    if own and own[-1].let_go_by == who.account:
        raise NoOwnKeyError(why="您上一把密钥是自己停用的：请管理员在“密钥”页确认后再登记")


def enrolment_of(who: SignedIn, site: Site, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The act that enrols the key which a browser made: whoever has a key already signs it with that one.

    Raises:
        NoOwnKeyError: the browser's answer cannot be read.
    """
    said = answer.get("response")
    public = from_base64url(said.get("publicKey") if isinstance(said, Mapping) else None)
    key = key_name_of(public)
    command = {"type": "EnrolKey", "key": key, "person_id": who.person_id, "rp_id": site.rp_id}
    return office_act_document(PERSON_KEYS_STREAM, command, who.account, "")


async def removal_of(accounts: Accounts, who: SignedIn, number: str, reason: str) -> dict[str, Any]:
    """The act that lets a key of somebody go: an administrator who has a key signs it with that one.

    Raises:
        UnknownSessionError: no key has the number, or several.
    """
    key = key_name_of(from_base64url((await _numbered(accounts, number, None)).public_key))
    return office_act_document(PERSON_KEYS_STREAM, _removal(key, reason), who.account, "")


async def _signed_office_act(
    accounts: Accounts, who: SignedIn, act: dict[str, Any], signed: Signed | None
) -> OwnKeyProof | None:
    """What the one who changes keys signed of that with his own; nothing where he has none."""
    if not await has_own_key(accounts, who.person_id):
        return None
    if signed is None or signed.answer is None:
        raise NoOwnKeyError(why="您已有密钥：登记另一把、停用别人的，都须用它签名")
    return await proof_of_acts(accounts, who, signed.site, (act,), signed.answer, signed.now)


async def enrol_own_key(
    desk: KeysDesk,
    who: SignedIn,
    site: Site,
    name: str,
    answer: Mapping[str, Any],
    now: datetime,
    signed: Mapping[str, Any] | None = None,
) -> Passkey:
    """Keep the key that a browser made, for logins and for acts; `signed` is what the key he has signed of that.

    Raises:
        NoOwnKeyError: he may not enrol one now, it was not made for this, or the key that he has did not sign it.
        LedgerUnavailableError: it cannot be recorded; the key is not kept then.
    """
    accounts = desk.accounts
    await must_be_free_to_enrol(accounts, who)
    act = enrolment_of(who, site, answer)
    proof = await _signed_office_act(accounts, who, act, Signed(site, signed, now))
    passkey = await finish_enrolment(accounts, who, site, name, answer, now)
    try:
        await _record(desk, who, passkey, act, proof)
    except BaseException:
        # A record may come to its end though nobody heard of it (a cut, a cancelled wait): such a key needs its device.
        if key_name_of(from_base64url(passkey.public_key)) not in await recorded_keys(accounts):
            await revoke_by_number(accounts, Passkey, passkey.number, passkey.account)
        raise
    return passkey


async def _record(
    desk: KeysDesk, who: SignedIn, passkey: Passkey, act: dict[str, Any], proof: OwnKeyProof | None
) -> None:
    public, rp_id = from_base64url(passkey.public_key), act["command"]["rp_id"]
    key = PersonKey(key_name_of(public), passkey.person_id, passkey.account, public, rp_id)
    records = desk.accounts.records
    await records.log.open()
    await records.doors.open()
    attested = await desk.attestor.file_of(act, Giver(who, "desk"), proof)
    await records.own_streams.append_own(key.enrolled(attested))


async def let_go(
    desk: KeysDesk, giver: Giver, number: str, reason: str, account: str | None = None, signed: Signed | None = None
) -> Passkey:
    """Let a key go by its number (of one account: a person's own): it signs in no more and signs no act more, and the
    logins by key of its account end, but for the one from which that is asked.

    One's own needs no signature, for the device may be lost; somebody else's is `signed` by the administrator who has a
    key. The owner of the installation, who acts through its shell, is no person of the directory.

    Raises:
        NoOwnKeyError: the administrator's own key did not sign it.
        UnknownSessionError: no key has it, or several.
        ClassifiedError: the reason bears a mark or a refused word; the key stays then.
        LedgerUnavailableError: it cannot be recorded; the key stays then.
    """
    await must_be_open_here(desk.accounts.records, (reason,))
    passkey = await _numbered(desk.accounts, number, account)
    key, records = key_name_of(from_base64url(passkey.public_key)), desk.accounts.records
    known = (await recorded_keys(desk.accounts)).get(key)
    if known is not None and known.is_open:
        act, proof = office_act_document(PERSON_KEYS_STREAM, _removal(key, reason), giver.by.account, ""), None
        # The owner of the installation is no person here, and has no key.
        if giver.by.person_id not in (None, passkey.person_id):
            proof = await _signed_office_act(desk.accounts, giver.by, act, signed)
        file = await desk.attestor.file_of(act, giver, proof)
        await records.own_streams.append_own(key_revoked(key, giver.by.account, reason, file))
    gone = await revoke_by_number(desk.accounts, Passkey, number, account)
    # Who has the device may have come in by it: what it opened is closed with it.
    await end_logins_by_key(desk.accounts, gone.account, giver.by)
    return gone


async def _numbered(accounts: Accounts, number: str, account: str | None) -> Passkey:
    found = [each for each in await passkeys_of(accounts, account) if each.number == number]
    if len(found) != 1:
        raise UnknownSessionError(number=number)
    return found[0]


def _removal(key: str, reason: str) -> dict[str, Any]:
    return {"type": "RevokeKey", "key": key, "reason": reason}


async def options_for_acts(accounts: Accounts, who: SignedIn, site: Site, act_ids: Sequence[str]) -> dict[str, Any]:
    """What a browser needs for signing acts with a key of the one who is signed in.

    Raises:
        NoOwnKeyError: he has no key here.
        OnlyCertificateError: he has a certificate's alone.
    """
    await must_not_have_a_certificate_alone(accounts, who.person_id)
    held = await _own(accounts, who)
    if not held:
        raise NoOwnKeyError(why="您没有登记密钥：请先在“我的密钥”登记")
    return asked_of_a_device(site, challenge_of_acts(act_ids), [each.credential_id for each in held])


async def proof_of_acts(
    accounts: Accounts,
    who: SignedIn,
    site: Site,
    acts: Sequence[Mapping[str, Any]],
    answer: Mapping[str, Any],
    now: datetime,
) -> OwnKeyProof:
    """What a device signed of acts (their documents), as it is kept with each of them.

    Raises:
        NoOwnKeyError: no key of the one who is signed in has signed these acts; that is kept as a refusal of each.
    """
    try:
        return await _proof(accounts, who, site, tuple(map(document_digest, acts)), answer, now)
    except NoOwnKeyError as error:
        await keep_refused_acts(accounts.records, acts, error, now)
        raise


async def _proof(
    accounts: Accounts, who: SignedIn, site: Site, act_ids: Sequence[str], answer: Mapping[str, Any], now: datetime
) -> OwnKeyProof:
    passkey = await check_proof(accounts, site, answer, challenge_of_acts(act_ids), now)
    if passkey.person_id != who.person_id:
        raise NoOwnKeyError(why="这把密钥是别人的")
    said = answer["response"]
    return OwnKeyProof(
        key=key_name_of(from_base64url(passkey.public_key)),
        client_data=in_base64url(from_base64url(said.get("clientDataJSON"))),
        authenticator_data=in_base64url(from_base64url(said.get("authenticatorData"))),
        signature=in_base64url(from_base64url(said.get("signature"))),
        acts=tuple(map(hash_in, act_ids)) if len(act_ids) > 1 else None,
    )


async def _own(accounts: Accounts, who: SignedIn) -> Sequence[Passkey]:
    held = await passkeys_of(accounts, who.account)
    return [each for each in held if each.person_id == who.person_id]
