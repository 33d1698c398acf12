"""The chart of a project's year as plain shapes: what was issued, what is approved, what is foreseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.colours import Colour
from domain.ids import MilestoneId
from domain.seeing.views import MilestoneView
from domain.state import ProjectState

LEFT: Final = 110
WIDTH: Final = 880
ROW: Final = 26
TOP: Final = 26
_LEAST_DAYS: Final = 30
_MONTH_WIDTH: Final = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One milestone's row: where its bar begins and ends, where each of its dates stands."""

    milestone_id: MilestoneId
    light: Colour
    y: int
    x: float
    width: float
    baseline: float | None
    forecast: float | None
    done: float | None


@dataclass(frozen=True, slots=True)
class Gantt:
    """The chart: its size, the months, the rows, and where the present day is."""

    height: int
    months: tuple[tuple[int, float], ...]
    bars: tuple[Bar, ...]
    today: float | None
    width: int = LEFT + WIDTH + 10


def gantt_of(state: ProjectState, milestones: tuple[MilestoneView, ...], today: date) -> Gantt | None:
    """The chart of a project; none where no milestone has a date."""
    dated = [each for each in milestones if each.approved_due_on or each.baseline_due_on]
    if not dated:
        return None
    starts = {each.milestone_id: _start(state, each) for each in dated}
    ends = [day for each in dated for day in (each.approved_due_on, each.baseline_due_on, each.forecast_due_on) if day]
    first, last = min(starts.values()).replace(day=1), max(ends) + timedelta(days=3)
    days = max((last - first).days, _LEAST_DAYS)

    def place(day: date | None) -> float | None:
        return None if day is None else round(LEFT + WIDTH * (day - first).days / days, 1)

    bars = []
    for number, each in enumerate(dated):
        begin, end = place(starts[each.milestone_id]), place(each.approved_due_on or each.baseline_due_on)
        assert begin is not None
        assert end is not None
        dates = (place(each.baseline_due_on), place(each.forecast_due_on), place(each.done_on))
        bars.append(Bar(each.milestone_id, each.light, TOP + ROW * number, begin, max(end - begin, 4.0), *dates))
    months = [(day.month, place(day) or 0.0) for day in _months(first, last)]
    here = place(today) if first <= today <= last else None
    fitting = tuple((number, x) for number, x in months if x < LEFT + WIDTH - _MONTH_WIDTH)
    return Gantt(TOP + ROW * len(bars) + 8, fitting, tuple(bars), here)


def _start(state: ProjectState, milestone: MilestoneView) -> date:
    issued = state.issued(milestone.milestone_id)
    end = milestone.baseline_due_on or milestone.approved_due_on
    assert end is not None
    return min(issued.starts_on or end - timedelta(days=14), end)


def _months(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)
