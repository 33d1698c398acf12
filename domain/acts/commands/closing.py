"""The end of a year."""

from __future__ import annotations

from typing import Literal

from domain.acts.commands.command import Command
from domain.bounds import Year
from domain.ids import MilestoneId
from domain.texts import Text


class CloseYear(Command):
    """An operator closes a project's year: what is open is carried over to `to_year`, but for what is ruled to end."""

    type: Literal["CloseYear"] = "CloseYear"
    reason: Text
    to_year: Year
    ended: tuple[MilestoneId, ...] = ()
