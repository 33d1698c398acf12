"""The first and the last day, and the largest numbers, of every command, plan, policy and calendar.

Between them all arithmetic has room: no limit, extension or working day that follows from a date in these bounds comes
near the last date that can be written, and no number is lost in JSON (2^53).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from domain.texts import OWN

FIRST_DAY: Final = date(1949, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
DAY_BOUNDS: Final = f"日期应在 {FIRST_DAY} 至 {LAST_DAY} 之间"
MOST: Final = 1_000_000_000
"""The largest number of anything that is counted or measured."""


def is_day(day: date) -> bool:
    """Whether a day lies within the bounds."""
    return FIRST_DAY <= day <= LAST_DAY


def _within(day: date) -> date:
    if not is_day(day):
        raise PydanticCustomError(f"{OWN}day", DAY_BOUNDS)
    return day


Day = Annotated[date, AfterValidator(_within)]
"""A day that an office can write."""
Year = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
"""A year of lists and calendars."""
Quantity = Annotated[int, Field(ge=0, le=MOST)]
"""How much was delivered."""
Target = Annotated[int, Field(gt=0, le=MOST)]
"""How much is to be delivered."""
MOST_MONTHS: Final = 1_200
Months = Annotated[int, Field(gt=0, le=MOST_MONTHS)]
"""How many months lie between."""
Points = Annotated[int, Field(ge=-9_999, le=9_999)]
"""What holds of a score instead of a point."""
Offset = Annotated[int, Field(ge=0, le=1_000_000)]
"""A place in a text."""
Place = Annotated[int, Field(ge=0, le=MOST)]
"""A place in a project's stream."""


def whole_number(text: str, digits: int = len(str(MOST))) -> int | None:
    """The number that a text of at most so many digits says; none where it says none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
