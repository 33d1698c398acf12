"""Signatures that are asked for from elsewhere: the shell prepares acts, their person signs them at the desk.

A shell has no browser and no device. It leaves the acts' documents where the desk finds them, and waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from application.accounts.accounts import Accounts, new_secret
from application.accounts.own_keys import must_not_have_a_certificate_alone, proof_of_acts
from domain.accounts.desk_items import SIGNATURE_LASTS, AskedSignature
from domain.accounts.refusals import NoOwnKeyError, UnknownSessionError
from domain.accounts.webauthn import Site
from domain.directory.ids import PersonId
from domain.directory.signed_in import SignedIn


async def ask_signature(
    accounts: Accounts, acts: Sequence[Mapping[str, Any]], person_id: PersonId | None, now: datetime
) -> AskedSignature:
    """Leave acts, as their documents say them, to be signed by the person who gives them.

    Raises:
        NoOwnKeyError: it is not known who that is.
        OnlyCertificateError: he cannot sign at the desk.
    """
    if person_id is None:
        raise NoOwnKeyError(why="名册里没有办理人")
    await must_not_have_a_certificate_alone(accounts, person_id)
    key, ends_at = new_secret()[:16], now + SIGNATURE_LASTS
    asked = AskedSignature(key=key, ends_at=ends_at, person_id=person_id, acts=tuple(map(dict, acts)))

    def put(rows: Any) -> None:
        rows.remove_ended(now)
        rows.put(asked)

    await accounts.store.change(put)
    return asked


async def asked_signature(accounts: Accounts, key: str, who: SignedIn, now: datetime) -> AskedSignature:
    """What waits for the signature of the one who is signed in.

    Raises:
        UnknownSessionError: there is nothing, it is another's, or it is signed or too old.
    """
    asked = await accounts.store.read(lambda rows: rows.one(AskedSignature, key))
    if asked is None or asked.person_id != who.person_id or asked.proof is not None or asked.has_ended(now):
        raise UnknownSessionError(number=key)
    return asked


async def sign_asked(
    accounts: Accounts, asked: AskedSignature, who: SignedIn, site: Site, answer: Mapping[str, Any], now: datetime
) -> None:
    """Keep what a device signed, for the one who waits for it (raises as `proof_of_acts`)."""
    proof = await proof_of_acts(accounts, who, site, asked.acts, answer, now)
    await accounts.store.change(lambda rows: rows.put(asked.having(proof=proof)))


async def taken_signature(accounts: Accounts, key: str, now: datetime) -> AskedSignature | None:
    """What was asked for, where it is signed by now: it is handed out once.

    Raises:
        NoOwnKeyError: it was not signed in time.
    """

    def taken(rows: Any) -> AskedSignature | None:
        asked: AskedSignature | None = rows.one(AskedSignature, key)
        if asked is not None and (asked.proof is not None or asked.has_ended(now)):
            rows.remove(asked)
        return asked

    asked = await accounts.store.change(taken)
    if asked is None or (asked.proof is None and asked.has_ended(now)):
        raise NoOwnKeyError(why="没有等到签名，什么都没有办理")
    return asked if asked.proof is not None else None
