"""Deputies: acting on behalf of another, for a period."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.actors import Actor
from domain.acts.commands.command import Command, Who
from domain.bounds import Day
from domain.texts import Text


class AppointDeputy(Command):
    """A principal (a department, or a person of the supervision section) lets a deputy act in this project."""

    who: ClassVar[Who] = "principal"
    type: Literal["AppointDeputy"] = "AppointDeputy"
    principal: Actor
    deputy: Actor
    from_on: Day
    until_on: Day
    reason: Text


class DismissDeputy(Command):
    """A deputy may act no longer."""

    who: ClassVar[Who] = "principal"
    ends: ClassVar[frozenset[str]] = frozenset({"deputy"})
    type: Literal["DismissDeputy"] = "DismissDeputy"
    principal: Actor
    deputy: Actor
    reason: Text


DeputisingCommand = AppointDeputy | DismissDeputy
