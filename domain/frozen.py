"""Values that never change: what every model of the core, of commands and of events is made of."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value that is never changed once made, and refuses fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def says_nothing(value: object) -> bool:
    """Whether a field is to be left out."""
    return value is None


def added_later() -> Any:
    """A field that a recorded value got after the first ones of its type were recorded: absent where it says nothing,
    so that every earlier one keeps its bytes and every kept history computes the same ones (ADR 0050)."""
    return Field(default=None, exclude_if=says_nothing)
