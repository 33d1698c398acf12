"""What people ask of a project: orders with intent. Each carries who asks and an id that makes a repeat harmless.

The names in `type` are kept for ever. One module a family: each command says `who` may give it, and the union of a
family stands at its end; `AnyCommand` is made of those.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from domain.acts.commands.amending import *
from domain.acts.commands.closing import *
from domain.acts.commands.command import Command as Command
from domain.acts.commands.command import Who as Who
from domain.acts.commands.decomposing import *
from domain.acts.commands.deputising import *
from domain.acts.commands.directing import *
from domain.acts.commands.extending import *
from domain.acts.commands.inspecting import *
from domain.acts.commands.pausing import *
from domain.acts.commands.receiving import *
from domain.acts.commands.reporting import *
from domain.acts.commands.reviewing import *
from domain.frozen import Frozen

AnyCommand = Annotated[
    ReportingCommand
    | ReviewingCommand
    | ReceivingCommand
    | ExtendingCommand
    | InspectingCommand
    | DirectingCommand
    | PausingCommand
    | DecomposingCommand
    | DeputisingCommand
    | AmendingCommand
    | ClosingCommand,
    Field(discriminator="type"),
]
"""Any command to a project: those of all families."""

ANY_COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand, config=ConfigDict(defer_build=True))


class CommandOutcome(Frozen):
    """What an accepted command answers: its events, and the stage of the milestone (or project) after it."""

    event_ids: tuple[str, ...]
    stage: str
