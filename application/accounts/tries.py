"""Tries at the door as they are counted in the store: before a password is looked at, and again when it was right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from application.accounts.accounts import hash_of
from domain.accounts.lock_outs import HourlySum, Subject, Tries, after_right_password, counted, longest_wait
from domain.accounts.refusals import LockedOutError
from domain.accounts.sessions import KnownDevice
from domain.ports.accounts import AccountRows

_SUMS_LAST = timedelta(days=400)
_IPV6_HOUSEHOLD = 64


def begin_try(rows: AccountRows, account_key: str, address: str, device: str | None, now: datetime) -> list[Tries]:
    """Count a try where it comes from, before anybody looks at it.

    Raises:
        LockedOutError: one has to wait first; nothing was counted but the hour's sum.
    """
    subjects = _subjects(rows, account_key, address, device)
    before = [(subject, key, rows.one(Tries, key)) for subject, key in subjects]
    wait = longest_wait((tries for _, _, tries in before), now)
    if wait > timedelta(0):
        raise LockedOutError(wait)
    begun = [counted(tries, subject, key, now) for subject, key, tries in before]
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


def note_in_the_hour(rows: AccountRows, now: datetime, *, failed: int = 0, not_looked_at: int = 0) -> None:
    """Add to the hour's sum."""
    key = f"{now.astimezone(UTC):%Y-%m-%dT%H}"
    before = rows.one(HourlySum, key) or HourlySum(key=key, ends_at=now + _SUMS_LAST)
    sums = {"failed": before.failed + failed, "not_looked_at": before.not_looked_at + not_looked_at}
    rows.put(before.model_copy(update=sums))


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
    return [("pair", f"pair {pair}"), ("address", f"address {household(address)}")]
