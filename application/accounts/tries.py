"""Tries at the door as they are counted in the store: before a password is looked at, and again when it was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from application.accounts.accounts import hash_of
from domain.accounts.lock_outs import HourlySum, Subject, Tries, after_right_password, counted, longest_wait, wait_of
from domain.accounts.refusals import LockedOutError
from domain.accounts.sessions import KnownDevice
from domain.ports.accounts import AccountRows

_SUMS_LAST = timedelta(days=400)
_IPV6_HOUSEHOLD = 64
_ADDRESS = "address "


def must_not_wait(rows: AccountRows, account_key: str, address: str, device: str | None, now: datetime) -> None:
    """Refuse a try from where one has to wait first; nothing is written.

    Raises:
        LockedOutError: one has to wait.
    """
    subjects = _subjects(rows, account_key, address, device)
    wait = longest_wait((rows.one(Tries, key) for _, key in subjects), now)
    if wait > timedelta(0):
        raise LockedOutError(wait=wait)


def begin_try(rows: AccountRows, account_key: str, address: str, device: str | None, now: datetime) -> list[Tries]:
    """Count a try where it comes from, before anybody looks at it.

    Raises:
        LockedOutError: one has to wait first; nothing was counted.
    """
    must_not_wait(rows, account_key, address, device, now)
    subjects = _subjects(rows, account_key, address, device)
    begun = [counted(rows.one(Tries, key), subject, key, now) for subject, key in subjects]
    for tries in begun:
        rows.put(tries)
    return begun


def end_try_right(rows: AccountRows, begun: list[Tries]) -> None:
    """Uncount a try that was right."""
    for tries in begun:
        now_kept = rows.one(Tries, tries.key) or tries
        left = after_right_password(now_kept)
        if left is None:
            rows.remove(now_kept)
        else:
            rows.put(left)


def hour_of(now: datetime) -> str:
    """The hour whose sum an instant counts for."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H}"


def note_in_the_hour(rows: AccountRows, hour: str, now: datetime, *, failed: int = 0, not_looked_at: int = 0) -> None:
    """Add to an hour's sum."""
    before = rows.one(HourlySum, hour) or HourlySum(key=hour, ends_at=now + _SUMS_LAST)
    sums = {"failed": before.failed + failed, "not_looked_at": before.not_looked_at + not_looked_at}
    rows.put(before.model_copy(update=sums))


@dataclass(frozen=True, slots=True)
class ListedTries:
    """How many tries there were in each hour, and which addresses have to wait now."""

    hours: Sequence[HourlySum]
    waiting: Sequence[str]


def listed_tries(rows: AccountRows, now: datetime) -> ListedTries:
    """What is known of wrong tries; whose account they were for is not kept."""
    kept = (tries for tries in rows.every(Tries) if tries.subject == "address" and wait_of(tries, now) > timedelta(0))
    return ListedTries(rows.every(HourlySum), [tries.key.removeprefix(_ADDRESS) for tries in kept])


def household(address: str) -> str:
    """The address by which tries are counted: an IPv6 one with its whole net, which one person has to himself."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return hash_of(address)
    if read.version == 6 and read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(read) if read.version == 4 else str(ip_network(f"{read}/{_IPV6_HOUSEHOLD}", strict=False))


def _subjects(rows: AccountRows, account_key: str, address: str, device: str | None) -> list[tuple[Subject, str]]:
    known = rows.one(KnownDevice, hash_of(device)) if device else None
    if known is not None and known.owner == account_key:
        return [("device", f"device {known.key}")]
    # Somebody may type his password where the name belongs: what was typed is not kept.
    pair = hash_of(f"{account_key}\n{household(address)}")
    return [("pair", f"pair {pair}"), ("address", f"{_ADDRESS}{household(address)}")]
