"""Deputies: acting on behalf of another, for a period."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.actors import Actor
from domain.commands.command import Command, Text


class AppointDeputy(Command):
    """A principal (a department, or a person of the supervision section) lets a deputy act in this project."""

    type: Literal["AppointDeputy"] = "AppointDeputy"
    principal: Actor
    deputy: Actor
    from_on: date
    until_on: date
    reason: Text


class DismissDeputy(Command):
    """A deputy may act no longer."""

    type: Literal["DismissDeputy"] = "DismissDeputy"
    principal: Actor
    deputy: Actor
    reason: Text
