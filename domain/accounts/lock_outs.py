"""Wrong tries and how long they make one wait: pure functions over counted tries and instants.

Tries are counted where they come from: for one account from one address, and for an address; or, for a device that
signed in to the account before, for that device alone. So whoever tries passwords for another person makes himself
wait, never the other one. A try is counted before its password is looked at, and uncounted when it was right: many at
once gain nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.accounts.kept import Kept

Subject = Literal["pair", "address", "device"]
"""What tries are counted for: one account from one address, an address, a known device."""


@dataclass(frozen=True, slots=True)
class LockOutRule:
    """How many tries are free, how the wait grows with each one more, and when tries are forgotten."""

    free: int
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(minutes=15)
    forgotten_after: timedelta = timedelta(hours=24)

    def wait_after(self, count: int) -> timedelta:
        """How long one waits after so many tries."""
        beyond = count - self.free
        if beyond < 0:
            return timedelta(0)
        # A wait never grows beyond the longest one: no number is too large for this.
        return min(self.first_wait * (1 << min(beyond, 40)), self.longest_wait)


RULES: dict[Subject, LockOutRule] = {
    "pair": LockOutRule(free=5),
    "device": LockOutRule(free=10),
    # Many people may stand behind one address: it is slowed only where nobody mistypes that often, and not for long.
    "address": LockOutRule(free=100, longest_wait=timedelta(minutes=1)),
}


class Tries(Kept):
    """Tries that were not right, for one subject, with the last one's instant."""

    kind: ClassVar[str] = "tries"

    subject: Subject
    count: int
    last_at: AwareDatetime

    @property
    def rule(self) -> LockOutRule:
        """The rule of its subject."""
        return RULES[self.subject]


def wait_of(tries: Tries | None, now: datetime) -> timedelta:
    """How long one has to wait now; never longer than the rule's longest wait, wherever the clock was set."""
    if tries is None or tries.has_ended(now):
        return timedelta(0)
    wait = tries.rule.wait_after(tries.count)
    left = tries.last_at + wait - now
    return min(max(left, timedelta(0)), wait)


def longest_wait(all_tries: Iterable[Tries | None], now: datetime) -> timedelta:
    """The longest of several waits."""
    return max((wait_of(tries, now) for tries in all_tries), default=timedelta(0))


def counted(tries: Tries | None, subject: Subject, key: str, now: datetime) -> Tries:
    """The tries with one more; those that are forgotten do not count."""
    before = 0 if tries is None or tries.has_ended(now) else tries.count
    ends_at = now + RULES[subject].forgotten_after
    return Tries(key=key, ends_at=ends_at, subject=subject, count=before + 1, last_at=now)


def after_right_password(tries: Tries) -> Tries | None:
    """What is left of tries when the last one was right: nothing but for an address, which loses that one only.

    An address that could clear itself with an account of its own would let it try all others for nothing.
    """
    if tries.subject != "address" or tries.count <= 1:
        return None
    return tries.having(count=tries.count - 1)


class HourlySum(Kept):
    """How many tries failed, and how many were not even looked at, in one hour. `key` is the hour."""

    kind: ClassVar[str] = "hourly-sum"

    failed: int = 0
    not_looked_at: int = 0
