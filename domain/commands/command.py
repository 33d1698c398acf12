"""What every command has, and how long what people write may be."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.actors import Actor
from domain.ids import READABLE, DepartmentId
from domain.project import Frozen

# Together these limits keep the longest event of a command below what one entry of the ledger can hold (64 KiB): an
# event that the ledger must refuse would stop the supervision for good. A test holds them.
Text = Annotated[str, Field(min_length=1, max_length=4_000, pattern=READABLE)]
Evidence = Annotated[str, Field(min_length=1, max_length=500, pattern=READABLE)]
DepartmentName = Annotated[DepartmentId, Field(pattern=READABLE)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000_000)]
MOST_EVIDENCE = 20


class Command(Frozen):
    """What every command has: the person who asks, and the request's own id (the same id twice is one request).

    `on_behalf_of` names the one for whom a deputy asks.
    """

    request_id: str = Field(min_length=1, max_length=100, pattern=READABLE)
    by: Actor
    on_behalf_of: Actor | None = None
