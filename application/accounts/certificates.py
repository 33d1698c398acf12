"""Certificates of persons on record: their keys sign acts as devices do, where an office signs with tokens (SM2)."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime

from application.accounts.own_keys import KeysDesk, recorded_keys
from application.office.attesting import Giver
from application.office.office_acts import attested_office_act
from application.office.open_texts import must_be_open_here
from domain.accounts.refusals import AccountClosedError, UnknownSessionError
from domain.acts.own_key import key_name_of
from domain.clock import office_day
from domain.ports.certificates import Certificate, Certificates, UnusableCertificateError
from domain.record.person_keys import PERSON_KEYS_STREAM, PersonKey, key_revoked


async def enrol_certificate(
    desk: KeysDesk, giver: Giver, account: str, data: bytes, certificates: Certificates, now: datetime
) -> tuple[PersonKey, Certificate]:
    """Say in the ledger that the key of a certificate is a person's; from now on he signs what weighs with it.

    Raises:
        AccountClosedError: the account is nobody's today.
        UnusableCertificateError: it is no certificate that counts, or its key was enrolled before.
        LedgerUnavailableError: it cannot be recorded.
    """
    accounts, records = desk.accounts, desk.accounts.records
    day = office_day(accounts.office_time(now))
    person = (await asyncio.to_thread(accounts.directory)).person_of_account(account, day)
    if person is None:
        raise AccountClosedError(account=account)
    certificate = await asyncio.to_thread(certificates.read, data, now)
    name = key_name_of(certificate.public)
    if name in await recorded_keys(accounts):
        raise UnusableCertificateError("这张证书的密钥已经登记过：请换用另一张证书。")
    key = PersonKey(name, person.person_id, account, certificate.public, "", certificate=certificate.data)
    told = {"person_id": key.person_id, "account": account, "certificate": hashlib.sha256(certificate.data).hexdigest()}
    await records.log.open()
    await records.doors.open()
    command = {"type": "EnrolCertificate", "key": name, **told}
    file = await attested_office_act(desk.attestor, giver, PERSON_KEYS_STREAM, command)
    await records.own_streams.append_own(key.enrolled(file))
    return key, certificate


async def let_certificate_go(desk: KeysDesk, giver: Giver, number: str, reason: str) -> PersonKey:
    """Let the key of a certificate go, by the first digits of its name: it signs no act more.

    Raises:
        UnknownSessionError: no certificate's key that counts has them, or several.
    """
    await must_be_open_here(desk.accounts.records, (reason,))
    known = (await recorded_keys(desk.accounts)).values()
    found = [each for each in known if each.certificate and each.is_open and each.key.startswith(number)]
    if len(found) != 1 or not number:
        raise UnknownSessionError(number=number)
    command = {"type": "RevokeKey", "key": found[0].key, "reason": reason}
    file = await attested_office_act(desk.attestor, giver, PERSON_KEYS_STREAM, command)
    await desk.accounts.records.own_streams.append_own(key_revoked(found[0].key, giver.by.account, reason, file))
    return found[0]
