"""What the workflows are started with, and continue with: kept in histories, so every name is API."""

from __future__ import annotations

from pydantic import AwareDatetime, Field, RootModel

from domain.acts.commands import AnyCommand
from domain.clock import VirtualClock
from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.names import Addressee
from domain.project import KeyProject, ListHeader, RuledReading
from domain.rules.calendar import SharedCalendar
from domain.rules.policy import SharedPolicy
from domain.state import ProjectStage, ProjectState

HISTORY_LIMIT = 4_000
"""Events after which a run continues as new: where the server begins to suggest it."""


class Opening(Frozen):
    """What a project is opened with: the list's head, its row, the rules and the calendar of the start, the rulings."""

    listed: ListHeader
    project: KeyProject
    policy: SharedPolicy
    calendar: SharedCalendar
    rulings: tuple[RuledReading, ...] = ()


class Heard(Frozen):
    """What arrived while a run recorded that it ends, and when: a command, or what broke a rule and which one."""

    at: AwareDatetime
    received: str
    command: AnyCommand | None = None
    rule: str = ""
    text: str = ""


class SupervisionInput(Frozen):
    """A first run has an `opening`; a continued one has the whole `state`, the instant of the last decision, and what
    the run before has `heard` and not recorded."""

    clock: VirtualClock = VirtualClock()
    opening: Opening | None = None
    state: ProjectState | None = None
    dated: AwareDatetime | None = None
    heard: tuple[Heard, ...] = ()
    history_limit: int = Field(default=HISTORY_LIMIT, ge=20)


class SupervisionResult(Frozen):
    """How a supervision ended."""

    project_id: ProjectId
    stage: ProjectStage
    events: int


class MailboxInput(Frozen):
    """One addressee's mailbox, with the hours and the calendar that it keeps."""

    addressee: Addressee
    clock: VirtualClock = VirtualClock()
    policy: SharedPolicy
    calendar: SharedCalendar
    history_limit: int = Field(default=HISTORY_LIMIT, ge=20)


class CommandMessage(RootModel[AnyCommand]):
    """A command as it travels: the command's own JSON. The wrapper keeps the choice by `type` in the type hint, which
    a bare annotated union would lose."""
