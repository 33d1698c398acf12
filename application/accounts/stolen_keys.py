"""A key is stolen, or may be: it is let go at once, another one takes its place, and the ledger says since when it was
in doubt. What was signed before stays good; an auditor sees what was signed in between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from application.accounts.own_keys import KeysDesk, Signed, let_go
from application.office.attesting import Giver
from application.office.office_acts import attested_office_act, door_change
from application.office.open_texts import must_be_open_here
from domain.accounts.webauthn import from_base64url
from domain.acts.attestation import DoorKind
from domain.acts.own_key import key_name_of
from domain.errors import InputError
from domain.record.doors import DoorReader
from domain.record.leaf import leaf_instant
from domain.record.stolen_keys import STOLEN_KEYS_STREAM, StolenKey

WhoseKey = Literal["shell", "desk", "api", "ledger", "person"]
WHOSE_KEYS: Final[tuple[WhoseKey, ...]] = get_args(WhoseKey)


class NotYetError(InputError, rule="since_the_past"):
    """A key cannot have been stolen at an instant that has not come."""


class WhichKeyError(InputError, rule="one_key"):
    """A person's key is named by its number, and no other key is."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Whose key may be stolen, since when, and why; a person's key by its number."""

    whose: WhoseKey
    since: datetime
    reason: str
    number: str | None = None

    @property
    def let_go_because(self) -> str:
        """The reason for which its key is let go."""
        return f"可能被盗：{self.reason}"


async def change_door_key(desk: KeysDesk, giver: Giver, kind: DoorKind, reason: str) -> str:
    """Close a door's key and open a new one; answer the new key's name.

    Raises:
        UnsafeKeyError: the key is damaged, or others can read it.
        ClassifiedError: the reason bears a mark or a refused word; the key stays then.
        LedgerUnavailableError: the ledger does not answer.
    """
    records = desk.accounts.records
    await must_be_open_here(records, (reason,))
    await records.log.open()
    if kind != "shell":
        await records.doors.open(("shell",))
    return await records.doors.change(kind, reason, door_change(desk.attestor, giver, kind, reason))


async def report_stolen(
    desk: KeysDesk, giver: Giver, suspicion: Suspicion, now: datetime, signed: Signed | None = None
) -> StolenKey:
    """Let a key go at once, and say in the ledger since when it is in doubt; `signed` as in `let_go`.

    Raises:
        NoOwnKeyError: the administrator's own key did not sign that somebody else's is let go.
        NotYetError: the instant has not come.
        WhichKeyError: a person's key without its number, or another one with one.
        UnknownSessionError: no person's key has the number.
        ClassifiedError: the reason bears a mark or a refused word; the key stays then.
        DubanError: the change cannot be made, or not be recorded.
    """
    if suspicion.since > now:
        raise NotYetError(f"“{suspicion.since:%Y-%m-%d %H:%M}”还没有到：请写密钥最早可能在何时被盗。")
    if (suspicion.whose == "person") != (suspicion.number is not None):
        raise WhichKeyError("本人的密钥须写编号（见登录和密钥的清单），其他密钥不写编号。")
    await must_be_open_here(desk.accounts.records, (suspicion.reason,))
    key = await _changed(desk, giver, suspicion, signed)
    stolen = StolenKey(whose=suspicion.whose, key=key, since=suspicion.since, reason=suspicion.reason)
    command = {"type": "ReportStolenKey", "whose": stolen.whose, "key": key, "since": leaf_instant(stolen.since)}
    file = await attested_office_act(desk.attestor, giver, STOLEN_KEYS_STREAM, command)
    await desk.accounts.records.own_streams.append_own(stolen.entry(file))
    return stolen


async def _changed(desk: KeysDesk, giver: Giver, suspicion: Suspicion, signed: Signed | None) -> str:
    """Let the key go; answer its name."""
    records, reason = desk.accounts.records, suspicion.let_go_because
    if suspicion.number is not None:
        passkey = await let_go(desk, giver, suspicion.number, reason, None, signed)
        return key_name_of(from_base64url(passkey.public_key))
    if suspicion.whose == "ledger":
        await records.log.open()
        await records.doors.open(("shell",))
        before = records.log.policy()
        await records.log.rotate_key(reason)
        return [line.removeprefix("log ") for line in before.splitlines() if line.startswith("log ")][-1]
    kind: DoorKind = suspicion.whose  # type: ignore[assignment]  # it is none of the other two
    doors = await asyncio.to_thread(lambda: DoorReader(records.ledger).now())
    await change_door_key(desk, giver, kind, reason)
    return next(name for name, door in reversed(doors.items()) if door.kind == kind and door.is_open)
