"""Passkeys: enrolled by one who is signed in, used to sign in; the challenge counts once.

The documents that go to a browser and come from it are those of its own `parseCreationOptionsFromJSON`,
`parseRequestOptionsFromJSON` and `toJSON` (W3C Web Authentication, level 3, 5.1).
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from application.accounts.accounts import Accounts, forget_the_oldest_begun, hash_of, kept_of, new_secret
from application.accounts.signing_in import Entered, Knock, Proof, enter
from domain.accounts.account import login_key
from domain.accounts.passkeys import CHALLENGE_LASTS, MOST_KEYS, Challenge, Decoy, Passkey
from domain.accounts.refusals import NoOwnKeyError
from domain.accounts.webauthn import (
    ALGORITHMS,
    Site,
    challenge_of,
    from_base64url,
    in_base64url,
    must_answer,
    must_count_on,
    read_authenticator_data,
    signed_bytes,
)
from domain.directory.signed_in import SignedIn
from domain.ports.accounts import AccountRows

_LENGTHS = (16, 20, 32, 48, 64)
"""How many bytes the ids of keys have, as devices make them."""
_MOSTLY_ONE = 192
"""Three of four people have one key."""


async def begin_enrolment(accounts: Accounts, who: SignedIn, site: Site, now: datetime) -> dict[str, Any]:
    """What a browser needs for making a key for one who is signed in.

    Raises:
        NoOwnKeyError: he came with a token, or has as many keys as one may have.
    """
    _must_be_a_person(who)
    key, challenge = login_key(who.account), secrets.token_bytes(32)

    def begun(rows: AccountRows) -> tuple[str, Sequence[Passkey]]:
        held = rows.every(Passkey, key)
        _must_have_room(held)
        handle = held[0].user_handle if held else in_base64url(secrets.token_bytes(32))
        _keep(rows, challenge, "enrol", now, owner=key, user_handle=handle)
        return handle, held

    handle, held = await accounts.store.change(begun)
    return {
        "rp": {"id": site.rp_id, "name": "督办"},
        "user": {"id": handle, "name": who.account, "displayName": who.name},
        "challenge": in_base64url(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in ALGORITHMS],
        "excludeCredentials": [{"type": "public-key", "id": each.credential_id} for each in held],
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
        "attestation": "none",
        "timeout": int(CHALLENGE_LASTS.total_seconds() * 1_000),
    }


async def finish_enrolment(
    accounts: Accounts, who: SignedIn, site: Site, name: str, answer: Mapping[str, Any], now: datetime
) -> Passkey:
    """Keep the key that a browser made.

    Raises:
        NoOwnKeyError: it was not made for this, or is of a kind that is not taken, or is known already.
    """
    person_id, response = _must_be_a_person(who), _response(answer)
    client_data = from_base64url(response.get("clientDataJSON"))
    data = read_authenticator_data(from_base64url(response.get("authenticatorData")))
    challenge = await _taken(accounts, client_data, "enrol", now)
    if challenge.owner != login_key(who.account):
        raise NoOwnKeyError(why="证明是为别的账号做的")
    must_answer(client_data, data, challenge_of(client_data), site, "webauthn.create")
    credential_id, public_key = from_base64url(answer.get("id")), from_base64url(response.get("publicKey"))
    if data.credential_id != credential_id or not accounts.keys.is_usable(public_key):
        raise NoOwnKeyError(why="这种密钥不能用，或与设备所说的不同")
    passkey = Passkey(
        key=hash_of(in_base64url(credential_id)),
        owner=challenge.owner,
        account=who.account,
        person_id=person_id,
        name=name,
        credential_id=in_base64url(credential_id),
        public_key=in_base64url(public_key),
        user_handle=challenge.user_handle,
        sign_count=data.sign_count,
        made_at=now,
    )

    def kept(rows: AccountRows) -> None:
        if rows.one(Passkey, passkey.key) is not None:
            raise NoOwnKeyError(why="这把密钥已经登记过")
        _must_have_room(rows.every(Passkey, passkey.owner))
        rows.put(passkey)

    await accounts.store.change(kept)
    return passkey


async def begin_passkey_login(accounts: Accounts, site: Site, name: str | None, now: datetime) -> dict[str, Any]:
    """What a browser needs for signing in with a key: any key of the site, or those of a named account.

    Of an account without keys, and of one that is not there, made-up keys are told, always the same ones.
    """
    challenge = secrets.token_bytes(32)

    def begun(rows: AccountRows) -> list[str]:
        _keep(rows, challenge, "login", now)
        if not name:
            return []
        held = rows.every(Passkey, login_key(name))
        return [each.credential_id for each in held] or _made_up(rows, login_key(name))

    known = await accounts.store.change(begun)
    return asked_of_a_device(site, challenge, known)


def asked_of_a_device(site: Site, challenge: bytes, credential_ids: Sequence[str]) -> dict[str, Any]:
    """What a browser needs for signing a challenge with one of these keys of a site."""
    return {
        "challenge": in_base64url(challenge),
        "rpId": site.rp_id,
        "allowCredentials": [{"type": "public-key", "id": each} for each in credential_ids],
        "userVerification": "required",
        "timeout": int(CHALLENGE_LASTS.total_seconds() * 1_000),
    }


async def finish_passkey_login(
    accounts: Accounts, site: Site, answer: Mapping[str, Any], knock: Knock, now: datetime
) -> Entered:
    """Let in the one whose device has signed the challenge.

    Raises:
        NoOwnKeyError: the proof does not hold.
        AccountClosedError: the proof is right, and the account is nobody's today, or another person's.
    """
    client_data = from_base64url(_response(answer).get("clientDataJSON"))
    await _taken(accounts, client_data, "login", now)
    passkey = await check_proof(accounts, site, answer, challenge_of(client_data), now)
    proof = Proof(passkey.account, "passkey", passkey.person_id, passkey=passkey.key)
    return await enter(accounts, proof, knock, now)


async def check_proof(
    accounts: Accounts, site: Site, answer: Mapping[str, Any], challenge: bytes, now: datetime
) -> Passkey:
    """The key that has signed a challenge: the one of a login, or the hash of an act.

    Raises:
        NoOwnKeyError: no enrolled key has signed it, for this site, with its person before the device.
    """
    response = _response(answer)
    client_data = from_base64url(response.get("clientDataJSON"))
    authenticator_data = from_base64url(response.get("authenticatorData"))
    signature = from_base64url(response.get("signature"))
    data = read_authenticator_data(authenticator_data)
    key = hash_of(in_base64url(from_base64url(answer.get("id"))))
    passkey = await accounts.store.read(lambda rows: rows.one(Passkey, key))
    if passkey is None:
        raise NoOwnKeyError(why="这把密钥没有登记，或已停用")
    must_answer(client_data, data, challenge, site, "webauthn.get")
    if response.get("userHandle") not in (None, "", passkey.user_handle):
        raise NoOwnKeyError(why="密钥属于别的账号")
    public_key, content = from_base64url(passkey.public_key), signed_bytes(client_data, authenticator_data)
    if not await asyncio.to_thread(accounts.keys.has_signed, public_key, content, signature):
        raise NoOwnKeyError(why="签名不成立")

    def used(rows: AccountRows) -> Passkey:
        kept = rows.one(Passkey, key)
        if kept is None:
            raise NoOwnKeyError(why="这把密钥没有登记，或已停用")
        must_count_on(kept.sign_count, data.sign_count)
        kept = kept.having(sign_count=data.sign_count, used_at=now)
        rows.put(kept)
        return kept

    return await accounts.store.change(used)


async def passkeys_of(accounts: Accounts, name: str | None) -> Sequence[Passkey]:
    """The keys (of one account)."""
    return await kept_of(accounts, Passkey, name)


def _keep(
    rows: AccountRows, challenge: bytes, purpose: Any, now: datetime, *, owner: str = "", user_handle: str = ""
) -> None:
    rows.remove_ended(now)
    ends_at = now + CHALLENGE_LASTS
    key = hash_of(in_base64url(challenge))
    rows.put(Challenge(key=key, owner=owner, ends_at=ends_at, purpose=purpose, user_handle=user_handle))
    if owner:
        rows.keep_last(Challenge, owner, MOST_KEYS)
    else:
        forget_the_oldest_begun(rows, Challenge)


async def _taken(accounts: Accounts, client_data: bytes, purpose: str, now: datetime) -> Challenge:
    """The challenge that a browser answers; it counts no more."""
    key = hash_of(in_base64url(challenge_of(client_data)))

    def taken(rows: AccountRows) -> Challenge | None:
        challenge = rows.one(Challenge, key)
        if challenge is not None:
            rows.remove(challenge)
        return challenge

    challenge = await accounts.store.change(taken)
    if challenge is None or challenge.purpose != purpose or challenge.has_ended(now):
        raise NoOwnKeyError(why="这次登录或登记已用过、已过期，或不是从这里发起的")
    return challenge


def _must_have_room(held: Sequence[Passkey]) -> None:
    if len(held) >= MOST_KEYS:
        raise NoOwnKeyError(why=f"一个账号最多登记 {MOST_KEYS} 把密钥，请先停用不用的")


def _must_be_a_person(who: SignedIn) -> str:
    if who.how == "token" or who.person_id is None:
        raise NoOwnKeyError(why="只有本人登录后才能登记密钥")
    return who.person_id


def _response(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    response = answer.get("response")
    if not isinstance(response, Mapping):
        raise NoOwnKeyError(why="浏览器送来的内容读不懂")
    return response


def _made_up(rows: AccountRows, key: str) -> list[str]:
    decoy = rows.one(Decoy, "decoy")
    if decoy is None:
        decoy = Decoy(key="decoy", secret=new_secret())
        rows.put(decoy)
    chosen = hashlib.shake_256(f"{decoy.secret} {key}".encode(errors="replace")).digest(2 + 2 * _LENGTHS[-1])
    # As many and as long as those of people: one key mostly, of whichever device.
    first, second = (_LENGTHS[each % len(_LENGTHS)] for each in chosen[:2])
    ids = chosen[2 : 2 + first], chosen[2 + first : 2 + first + second]
    return [in_base64url(each) for each in (ids if chosen[0] > _MOSTLY_ONE else ids[:1])]
