"""Proofs of a person's device that programs bring: its counter goes on, as at the desk.

The desk checks a device's answer itself, once. A program's is checked by the worker, may come again with the same act,
and may cover many acts: it is refused before, and counted after its act was accepted. What covers a whole list is
checked here too, before anything of the list is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.accounts.accounts import Accounts, hash_of
from application.accounts.own_keys import recorded_keys
from application.office.refused_acts import keep_refused_acts
from domain.accounts.account import login_key
from domain.accounts.passkeys import COUNTED_LASTS, CountedProof, Passkey
from domain.accounts.refusals import NoOwnKeyError
from domain.accounts.webauthn import from_base64url, must_count_on, read_authenticator_data
from domain.actors import Actor
from domain.acts.act_digest import document_digest
from domain.acts.attestation import OwnKeyProof
from domain.acts.own_key import key_name_of, must_be_signed_by_its_person, signed_acts
from domain.acts.rejections import OwnKeyForgedError, OwnKeyMissingError
from domain.directory.signed_in import SignedIn
from domain.ports.accounts import AccountRows


async def must_go_on(accounts: Accounts, who: SignedIn, proof: OwnKeyProof) -> None:
    """Refuse a new proof whose device has counted as far before: there may be a copy of it.

    What is no proof of one of his devices passes: the worker says what is wrong with it.

    Raises:
        OwnKeyForgedError: the counter did not go on.
    """
    count = _count_of(proof)
    if count is None:
        return

    def look(rows: AccountRows) -> None:
        kept = _device(rows, who, proof)
        if kept is None or rows.one(CountedProof, hash_of(proof.signature)) is not None:
            return
        try:
            must_count_on(kept.sign_count, count)
        except NoOwnKeyError as error:
            raise OwnKeyForgedError(key=proof.key, why="设备的计数没有增加，可能被复制") from error

    await accounts.store.read(look)


async def counted(accounts: Accounts, who: SignedIn, proof: OwnKeyProof, now: datetime) -> None:
    """Keep how far the device of a proof has counted, which the worker found good."""
    count = _count_of(proof)
    if count is None:
        return

    def keep(rows: AccountRows) -> None:
        kept = _device(rows, who, proof)
        if kept is not None:
            rows.put(kept.having(sign_count=max(kept.sign_count, count), used_at=now))
            rows.put(CountedProof(key=hash_of(proof.signature), owner=kept.owner, ends_at=now + COUNTED_LASTS))

    await accounts.store.change(keep)


@dataclass(frozen=True, slots=True)
class BroughtSignature:
    """What a program brought as its person's signature of the acts that it is about to give, where it brought anything:
    it is looked at when they are known, and before any of them is given."""

    accounts: Accounts
    who: SignedIn
    proof: OwnKeyProof | None
    now: datetime

    async def sign(self, acts: Sequence[Mapping[str, Any]], of: Actor) -> OwnKeyProof:
        """What he signed of these very acts.

        Raises:
            OwnKeyMissingError: nothing was brought; that is kept as a refusal of each act.
            OwnKeyForgedError: it is not his signature of these acts; that is kept too.
        """
        del of
        try:
            return await self._held(tuple(map(document_digest, acts)))
        except (OwnKeyMissingError, OwnKeyForgedError) as error:
            await keep_refused_acts(self.accounts.records, acts, error, self.now)
            raise

    async def _held(self, act_ids: Sequence[str]) -> OwnKeyProof:
        proof = self.proof
        if proof is None:
            raise OwnKeyMissingError(held=True)
        for act_id in act_ids:
            signed_acts(proof, act_id)
        key = (await recorded_keys(self.accounts)).get(proof.key)
        has_signed = self.accounts.keys.has_signed
        await asyncio.to_thread(must_be_signed_by_its_person, proof, act_ids[0], self.who.person_id, key, has_signed)
        await must_go_on(self.accounts, self.who, proof)
        return proof


def _count_of(proof: OwnKeyProof) -> int | None:
    if not proof.authenticator_data:
        return None  # a certificate's
    try:
        return read_authenticator_data(from_base64url(proof.authenticator_data)).sign_count
    except NoOwnKeyError:
        return None


def _device(rows: AccountRows, who: SignedIn, proof: OwnKeyProof) -> Passkey | None:
    held = rows.every(Passkey, login_key(who.account))
    return next((each for each in held if key_name_of(from_base64url(each.public_key)) == proof.key), None)
