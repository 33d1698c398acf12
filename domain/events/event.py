"""What every event has, and how an event gains a field without a change to what was recorded before."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field

from domain.project import Frozen


def _says_nothing(value: object) -> bool:
    return value is None


def added_later() -> Any:
    """A field that an event got after the first ones of its type were recorded: absent where it says nothing, so that
    every earlier event keeps its bytes and every kept history computes the same ones (ADR 0050)."""
    return Field(default=None, exclude_if=_says_nothing)


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
