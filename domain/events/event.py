"""What every event has, and how an event gains a field without a change to what was recorded before."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from domain.frozen import Frozen, added_later

__all__ = ["Event", "added_later"]


class Event(Frozen):
    """What every event has: its place in its project's stream (dense from 0), its instants, its actor, its cause.

    `on_behalf_of` names the one for whom a deputy acted. The first event of a request carries the digest of what was
    asked, so that the same id with other content is told apart.
    """

    v: int = 1
    seq: int = Field(ge=0)
    occurred_at: AwareDatetime
    decided_at: AwareDatetime
    actor: str
    cause: str
    on_behalf_of: str | None = added_later()
    request_digest: str | None = added_later()
