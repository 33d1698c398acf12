"""What happened, in the past tense: the only truth about a project. Everything else is derived from these.

Every event says who acted, when it happened (`occurred_at`), when the workflow decided it (`decided_at`) and why
(`cause`: `request:ID` for a command, `rung:NAME` for a rule that came due, `start` for the start of the year). The
names in `type` are kept for ever; a changed shape gets a new version `v`. One module a family, with all that follows
from its events: what each changes, its paper, its line of words; and the union of them, of which `DomainEvent` is made.
A field that came later is absent where it says nothing (`domain/events/event.py`).
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from domain.bulletin_kind import BulletinKind as BulletinKind
from domain.events.amending import *
from domain.events.assigning import *
from domain.events.closing import *
from domain.events.decomposing import *
from domain.events.deputising import *
from domain.events.directing import *
from domain.events.event import Event as Event
from domain.events.event import Facts as Facts
from domain.events.event import headed as headed
from domain.events.extending import *
from domain.events.inspecting import *
from domain.events.kinds import EventKinds
from domain.events.ladder import *
from domain.events.limits import *
from domain.events.pausing import *
from domain.events.receiving import *
from domain.events.rejecting import *
from domain.events.reporting import *
from domain.events.reviewing import *

DomainEvent = Annotated[
    AssigningEvent
    | ReceivingEvent
    | LadderEvent
    | ReportingEvent
    | ReviewingEvent
    | LimitEvent
    | PausingEvent
    | ExtendingEvent
    | InspectingEvent
    | DirectingEvent
    | AmendingEvent
    | DecomposingEvent
    | DeputisingEvent
    | ClosingEvent
    | RejectingEvent,
    Field(discriminator="type"),
]
"""Any event of a project's stream: those of all families."""

DOMAIN_EVENT: Final[EventKinds[DomainEvent]] = EventKinds(DomainEvent)
