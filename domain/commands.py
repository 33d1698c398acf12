"""What people ask of a project: orders with intent. Each carries who asks and an id that makes a repeat harmless.

The names in `type` are kept for ever.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.actors import Actor
from domain.ids import READABLE, MilestoneId
from domain.project import Frozen, KeyProject, RuledReading

# Together these limits keep the longest event of a command below what one entry of the ledger can hold (64 KiB): an
# event that the ledger must refuse would stop the supervision for good. A test holds them.
Text = Annotated[str, Field(min_length=1, max_length=4_000, pattern=READABLE)]
Evidence = Annotated[str, Field(min_length=1, max_length=500, pattern=READABLE)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000_000)]
_MOST_EVIDENCE = 20


class Command(Frozen):
    """What every command has: the person who asks, and the request's own id (the same id twice is one request)."""

    request_id: str = Field(min_length=1, max_length=100, pattern=READABLE)
    by: Actor


class ReportProgress(Command):
    """A department reports how a milestone stands; `quantity` is the total delivered so far."""

    type: Literal["ReportProgress"] = "ReportProgress"
    milestone_id: MilestoneId
    text: Text
    done_on: date | None = None
    quantity: Quantity | None = None
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=_MOST_EVIDENCE)


class RequestCompletion(Command):
    """A department says that a milestone was done on `done_on` (today when absent) and asks for the review."""

    type: Literal["RequestCompletion"] = "RequestCompletion"
    milestone_id: MilestoneId
    text: Text
    done_on: date | None = None
    quantity: Quantity | None = None
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=_MOST_EVIDENCE)


class AcceptCompletion(Command):
    """A reviewer accepts a completion."""

    type: Literal["AcceptCompletion"] = "AcceptCompletion"
    milestone_id: MilestoneId
    note: Text | None = None


class ReturnForRework(Command):
    """A reviewer sends a completion back, with the reason."""

    type: Literal["ReturnForRework"] = "ReturnForRework"
    milestone_id: MilestoneId
    reason: Text


class StrikeOff(Command):
    """The supervisor strikes a completed milestone off; not the person who accepted it."""

    type: Literal["StrikeOff"] = "StrikeOff"
    milestone_id: MilestoneId


class Urge(Command):
    """An operator urges a department by hand, with the reason."""

    type: Literal["Urge"] = "Urge"
    milestone_id: MilestoneId
    reason: Text


class Withdraw(Command):
    """An operator takes a milestone, or the whole project when no milestone is named, out of supervision."""

    type: Literal["Withdraw"] = "Withdraw"
    milestone_id: MilestoneId | None = None
    reason: Text


class AmendProject(Command):
    """An operator makes a running project what it should be: `basis` names the notice, or gives the reason.

    `rulings` are those that the new reading stands on. Milestones are matched by what they say, for a list that was
    compiled anew has ordinals of its own; `by_identity` says that they are the running ones.
    """

    type: Literal["AmendProject"] = "AmendProject"
    basis: Text
    project: KeyProject
    rulings: tuple[RuledReading, ...] = ()
    by_identity: bool = False


AnyCommand = Annotated[
    ReportProgress
    | RequestCompletion
    | AcceptCompletion
    | ReturnForRework
    | StrikeOff
    | Urge
    | Withdraw
    | AmendProject,
    Field(discriminator="type"),
]
"""Any command to a project."""

ANY_COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)


class CommandOutcome(Frozen):
    """What an accepted command answers: its events, and the stage of the milestone (or project) after it."""

    event_ids: tuple[str, ...]
    stage: str
