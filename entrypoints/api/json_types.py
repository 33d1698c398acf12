"""Values as JSON and addresses write them, and in no other way: the document of this interface is what counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from domain.bounds import DAY_BOUNDS, FIRST_DAY, LAST_DAY, MOST, Points, is_day
from domain.names import Name
from domain.ports.outlook import MOST_DAYS
from domain.texts import OWN, readable
from entrypoints.desk.act_forms import bare

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?P<fraction>\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_WHOLE: Final = re.compile(r"0|-?[1-9]\d{0,18}", re.ASCII)
_WORDS: Final = {"true": True, "false": False}


def as_json_says(annotation: Any) -> Any:
    """A field's type that takes a number for a number, a text for a text: nothing is read as what it is not."""
    reader = _READERS.get(bare(annotation))
    return annotation if reader is None else Annotated[annotation, BeforeValidator(reader)]


def _whole(value: Any) -> Any:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JSON has one kind of number
    raise PydanticCustomError("whole_number", "须为整数")


def _yes_or_no(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    raise PydanticCustomError("yes_or_no", "须为 true 或 false")


def _day(value: Any) -> Any:
    if value is None:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "须为 YYYY-MM-DD 的日期")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "没有这一天") from error
    if not is_day(found):
        raise PydanticCustomError(f"{OWN}day", DAY_BOUNDS)
    return found


def _instant(value: Any) -> Any:
    if value is None:
        return value
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("instant", "须为带时区的时刻，如 2018-06-30T18:00:00+08:00")
    fraction = match["fraction"] or ""
    try:
        found = datetime.fromisoformat(value.upper().replace(fraction, fraction[:7], 1))
    except ValueError as error:
        raise PydanticCustomError(f"{OWN}instant", "没有这一时刻") from error
    if not is_day(found.date()):
        raise PydanticCustomError(f"{OWN}instant", DAY_BOUNDS)
    return found


def _whole_in_address(value: Any) -> Any:
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value):
            raise PydanticCustomError("whole_number", "须为整数")
        return int(value)
    return value


def _yes_or_no_in_address(value: Any) -> Any:
    if isinstance(value, str):
        if value not in _WORDS:
            raise PydanticCustomError("yes_or_no", "须为 true 或 false")
        return _WORDS[value]
    return value


_READERS: Final[dict[Any, Callable[[Any], Any]]] = {int: _whole, bool: _yes_or_no, date: _day}

Words = Annotated[
    Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(readable)]
    | None,
    Query(),
]
"""A text of one line in an address."""
NameAsked = Annotated[Name | None, Query()]
"""The name of a department in an address."""
PointsAsked = Annotated[Points, BeforeValidator(_whole)]
DayAsked = Annotated[date | None, BeforeValidator(_day)]
YesOrNo = Annotated[bool | None, BeforeValidator(_yes_or_no_in_address)]
_Many = Annotated[int, Field(ge=1, le=500), BeforeValidator(_whole_in_address)]
Limit = Annotated[_Many, Query(description="How many at most; a part of a list may have fewer and yet go on")]
About = Annotated[
    _Many, Query(description="About how many: the duties of one project are never parted, and may be more")
]
Position = Annotated[int, Field(ge=-1, le=MOST), BeforeValidator(_whole_in_address)]
"""A place in the ledger; -1 is before the first one."""
Count = Annotated[int, Field(ge=0, le=MOST), BeforeValidator(_whole_in_address)]
Days = Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(_whole_in_address)]
_Year = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
YearAsked = Annotated[_Year | None, BeforeValidator(_whole_in_address)]
YearPath = Annotated[_Year, BeforeValidator(_whole_in_address), Path(description="A year, such as `2018`")]
Instant = Annotated[
    datetime | None,
    BeforeValidator(_instant),
    Query(
        description="The instant of the supervised year as of which the record is read; without it, the present one."
        " One that has not come yet is refused"
    ),
]
