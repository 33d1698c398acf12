"""What one person prepared and another one confirms, by program: seen, and given up."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import Path
from pydantic import AwareDatetime, Field

from application.desk_work import by_two
from domain.accounts.desk_items import ByTwo
from domain.scoring.reported_record import ReportedRecord
from entrypoints.api.answers import Answer, Item
from entrypoints.api.calls import Call

_KEY = r"^[A-Za-z0-9_-]{16}$"
PreparedKey = Annotated[str, Field(pattern=_KEY)]
PreparedPath = Annotated[str, Path(pattern=_KEY, description="What was prepared, by its key")]


class PreparedLine(Item):
    """Something that one person prepared, and another one confirms by its key."""

    key: str
    what: ByTwo
    reason: str
    by: str
    prepared_at: AwareDatetime
    ends_at: AwareDatetime | None
    year: int = Field(description="Of which year it is; 0 where it is of none")
    period: str | None
    point: str | None
    points: int | None
    record: ReportedRecord | None
    whose: str | None = Field(description="Whose name is to be erased, by his number")


class AllPreparedAnswer(Answer):
    """What waits for a second person."""

    prepared: tuple[PreparedLine, ...]


async def prepared(call: Call) -> AllPreparedAnswer:
    """What waits for a second person: as a correction of scores, a start of a list, an erasure of a name."""
    found = await by_two.waiting(call.premises.accounts, _kinds(call), call.premises.clock())
    return AllPreparedAnswer(as_of=call.as_of, prepared=tuple(map(PreparedLine.model_validate, found)))


async def give_up_prepared(call: Call, key: PreparedPath) -> AllPreparedAnswer:
    """Give up what was prepared: nothing of it will be done; what is not there (any more) stays so."""
    await by_two.give_up(call.premises.accounts, key, _kinds(call))
    return await prepared(call)


def _kinds(call: Call) -> tuple[ByTwo, ...]:
    return get_args(ByTwo) if call.has("operator") else ("name_erasure",)
