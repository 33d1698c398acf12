"""Sessions: a login that goes on, until it was idle for too long, is too old, or is revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import AwareDatetime

from domain.accounts.kept import Kept
from domain.directory.ids import Account, PersonId
from domain.directory.signed_in import LoginMethod
from domain.texts import Line

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session may be idle, and how long it lasts at most."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)


class Session(Kept):
    """A login that goes on. `key` is the hash of its token, `owner` the account's key, `ends_at` its idle end."""

    kind: ClassVar[str] = "session"

    account: Account
    person_id: PersonId
    how: LoginMethod
    issuer: Line | None = None
    logged_in_at: AwareDatetime
    seen_at: AwareDatetime
    from_address: str


def end_of(logged_in_at: datetime, seen_at: datetime, limits: SessionLimits) -> datetime:
    """When a session ends if nobody uses it any more."""
    return min(seen_at + limits.idle, logged_in_at + limits.absolute)


def is_alive(session: Session, limits: SessionLimits, now: datetime) -> bool:
    """Whether a session still holds, under the limits of today: shorter ones count at once.

    A clock that went back before the login ends it: nobody knows how old it is.
    """
    return session.logged_in_at <= now < min(end_of(session.logged_in_at, session.seen_at, limits), _end(session))


def seen(session: Session, limits: SessionLimits, now: datetime) -> Session | None:
    """The session as used now; none where that was noted a moment ago."""
    if now - session.seen_at < min(_NOTED_EVERY, limits.idle / 4):
        return None
    return session.having(seen_at=now, ends_at=end_of(session.logged_in_at, now, limits))


def _end(session: Session) -> datetime:
    return session.ends_at or session.logged_in_at


class KnownDevice(Kept):
    """A device that signed in to an account (`owner`): wrong tries elsewhere do not make it wait. `key` is a hash."""

    kind: ClassVar[str] = "device"
