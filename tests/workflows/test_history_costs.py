"""What supervision costs in history events, counted in real histories, stays near the floor for the same work."""

from __future__ import annotations

from datetime import date

import pytest
import pytest_asyncio

from bench.costs import Cost, play, scenarios
from domain.acts.commands import RequestCompletion
from tests.domain.samples import milestone, request
from tests.workflows.conftest import Office

ALLOWED = {
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES": "a light, a stage or a next due date changed",
    "MARKER_RECORDED": "the opening is recorded too",
    "TIMER_STARTED": "a command that moves the next instant",
    "TIMER_CANCELED": "a command that moves the next instant",
}
"""Every kind of event that may stand above the floor, and what it is for."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def costs(office: Office) -> dict[str, Cost]:
    """Every scenario, played through its year."""
    return {cost.name: cost for cost in await play(office.environment, office.engine, scenarios())}


@pytest.mark.parametrize(
    "year",
    [
        "year, on time, reviewed and struck off",
        "year, all silent",
        "year, all silent, two reminders",
        "whole life cycle, on time",
        "whole life cycle, all silent",
    ],
)
async def test_a_project_year_costs_at_most_a_tenth_above_the_floor(costs: dict[str, Cost], year: str) -> None:
    """Six milestones cost at most 10 % more events than their wake-ups and commands must cost."""
    assert costs[year].ratio <= 1.10, costs[year].above()


async def test_every_event_above_the_floor_is_of_a_known_kind(costs: dict[str, Cost]) -> None:
    """No history has a workflow task, an activity or a failure that nobody asked for."""
    for cost in costs.values():
        assert set(cost.above()) <= set(ALLOWED), cost


@pytest.mark.parametrize(
    ("milestone", "most"),
    [
        ("answered between the reminders", 14),
        ("answered between the reminders, struck off", 27),
        ("answered after both reminders", 22),
        ("silent", 42),
        ("missed, two reminders and two orders", 30),
    ],
)
async def test_one_more_milestone_costs_what_is_measured(costs: dict[str, Cost], milestone: str, most: int) -> None:
    """What a second milestone adds to a history never grows unnoticed."""
    assert costs[f"{milestone}, 2"].events - costs[f"{milestone}, 1"].events <= most


async def test_an_on_time_milestone_with_two_reminders_costs_at_most_twenty_events(office: Office) -> None:
    """Under the default policy, reminded 14 and 7 working days before and completed before the last reminder."""
    supervision = await office.open(milestone(1, date(2018, 7, 31)), milestone(2, date(2018, 8, 31)))
    after: list[int] = []
    for ordinal, day in ((1, "07-26"), (2, "08-28")):
        await supervision.until(f"{day} 10:00")
        await supervision.command(request(RequestCompletion, f"{supervision.project_id}-{ordinal:02d}"))
        await supervision.quiet()
        after.append(len(await supervision.history_events()))
    assert after[1] - after[0] <= 20


async def test_a_wakeup_of_a_silent_milestone_costs_exactly_six_events(costs: dict[str, Cost]) -> None:
    """A wake-up is a timer, its task and one marker; nothing else is written."""
    first, second = costs["silent, 1"], costs["silent, 2"]
    assert second.events - first.events == 6 * (second.wakeups - first.wakeups)
