"""When an act was decided, held against when its door received it: nobody's report is dated back under its attestation.

The clock of the supervised year is the start's, which is attested: from an instant of the engine's on, so many times as
fast. Without one it is the engine's own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from verifier.directory import office_day
from verifier.findings import Step

_CLOCKS_DIFFER: Final = timedelta(minutes=2)
_MOST_TOLD: Final = 12
_FAR_AHEAD: Final = timedelta(hours=1)
"""So far apart are the clocks of an engine and of a ledger's writer by no chance: whose is wrong has to be said."""
_HEARD_WITHIN: Final = timedelta(hours=1)
"""No installation can be set to hear an act later."""


def is_dated_back(received_at: str, decided: str, clock: Any) -> bool:
    """Whether an act is said to be decided before its door had it; of instants and clocks that are none, it is."""
    try:
        return _by_the_engine(decided, clock) < datetime.fromisoformat(received_at) - _CLOCKS_DIFFER
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return True


def is_dated_ahead(appended: str, decided: str, clock: Any) -> bool:
    """Whether an act is said to be decided after it was recorded; of instants and clocks that are none, it is not."""
    try:
        return _by_the_engine(decided, clock) > datetime.fromisoformat(appended) + _FAR_AHEAD
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return False


def is_held_back(received_at: str, decided: str, clock: Any) -> bool:
    """Whether an act is said to be decided so long after its door had it that no worker may have heard it; of instants
    and clocks that are none, it is not."""
    try:
        return _by_the_engine(decided, clock) > datetime.fromisoformat(received_at) + _HEARD_WITHIN + _CLOCKS_DIFFER
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return False


def _by_the_engine(decided: str, clock: Any) -> datetime:
    """When it was by the engine's clock, as an instant of the supervised year says."""
    if clock.get("engine_at") is None:
        return datetime.fromisoformat(decided)
    began, speed = datetime.fromisoformat(clock["engine_at"]), int(clock.get("speed", 1))
    return began + (datetime.fromisoformat(decided) - datetime.fromisoformat(clock["supervised_at"])) / speed


class Late:
    """The acts that were recorded an hour or more after their doors had them: the ledger was away, or a hand held them
    back. Where its writer's clock ran ahead, as a step back in the ledger says, nobody knows how long it took."""

    def __init__(self, steps: Sequence[tuple[str, str]]) -> None:
        self._steps = steps
        self._hours: dict[int, int] = {}
        self._ahead: list[int] = []

    def take(self, position: int, received_at: str, appended: str) -> None:
        """Take the entry of an act; instants that are none are passed over."""
        with suppress(ValueError, TypeError):
            late = datetime.fromisoformat(appended) - datetime.fromisoformat(received_at)
            if late < timedelta(hours=1):
                return
            if any(to < appended <= back_from for back_from, to in self._steps):
                self._ahead.append(position)
            else:
                self._hours[position] = late // timedelta(hours=1)

    def told(self) -> str:
        """Which acts these are."""
        longest = max(self._hours.values(), default=0)
        told = f"；{len(self._hours)} 项受理后过了一小时以上才记入台账，最久的 {longest} 小时" if self._hours else ""
        told += _places(self._hours)
        if self._ahead:
            told += f"；{len(self._ahead)} 项记入时台账的时钟走快了，台账记有校正，过了多久才记入不能作准"
        return told + _places(self._ahead)


def _places(positions: Collection[int]) -> str:
    more = "等" if len(positions) > _MOST_TOLD else ""
    return f"（第 {'、'.join(map(str, [*positions][:_MOST_TOLD]))} 条{more}）" if positions else ""


def days_between(received_at: str, last: str, clock: Any) -> tuple[str, str]:
    """From which day of the office to which an act may have been given that was decided at the last instant; by a clock
    that is none, on the day of that."""
    day = office_day(last)
    with suppress(ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return min(office_day(in_the_year(received_at, clock)), day), day
    return day, day


def in_the_year(instant: str, clock: Any) -> str:
    """Which instant of the supervised year it was at one of the engine's (raises what an unreadable clock does)."""
    at = datetime.fromisoformat(instant).astimezone(UTC)
    if clock.get("engine_at") is not None:
        passed = at - datetime.fromisoformat(clock["engine_at"])
        at = datetime.fromisoformat(clock["supervised_at"]).astimezone(UTC) + passed * int(clock.get("speed", 1))
    return at.isoformat()


class DaysDone:
    """Holds the day on which a milestone is recorded as done against the one that its department asked for last."""

    KINDS = frozenset({"CompletionRequested", "MilestoneCompleted"})

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], Any] = {}
        self._others: list[int] = []

    def take(self, position: int, event: dict[str, Any]) -> None:
        """Take one event of these kinds."""
        data = event["data"]
        if event["type"] == "CompletionRequested":
            self._asked[event["stream"], data["milestone_id"]] = data["done_on"]
        else:
            asked = self._asked.get((event["stream"], data["milestone_id"]))
            if asked is not None and asked != data["done_on"]:
                self._others.append(position)

    def check(self, step: Step) -> None:
        """Say where it is another day."""
        for position in self._others:
            step.fail("act_differs", f"entry {position}", "办结的日期与部门申请办结时所报的不同")
