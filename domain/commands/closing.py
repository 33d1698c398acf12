"""The end of a year."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.commands.command import Command, Text
from domain.ids import MilestoneId


class CloseYear(Command):
    """An operator closes a project's year: what is open is carried over to `to_year`, but for what is ruled to end."""

    type: Literal["CloseYear"] = "CloseYear"
    reason: Text
    to_year: Annotated[int, Field(ge=1949, le=9999)]
    ended: tuple[MilestoneId, ...] = ()
