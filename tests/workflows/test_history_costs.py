"""What supervision costs in history events, counted in real histories, stays near the floor for the same work."""

from __future__ import annotations

from datetime import date

import pytest
import pytest_asyncio

from bench.costs import PER_COMMAND, PER_WAKEUP, Cost, play, scenarios
from domain.acts.commands import AcceptCompletion, RequestCompletion
from tests.domain.samples import milestone, request
from tests.workflows.conftest import Office

ALLOWED = {
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES": "a light, a stage or a next due date changed",
    "MARKER_RECORDED": "the opening is recorded too",
    "TIMER_STARTED": "a command that moves the next instant",
    "TIMER_CANCELED": "fewer than in the floor: no alarm is taken back",
    "TIMER_FIRED": "an alarm that a command has moved, and that goes off for nothing",
    **dict.fromkeys(
        ("WORKFLOW_TASK_SCHEDULED", "WORKFLOW_TASK_STARTED", "WORKFLOW_TASK_COMPLETED"), "the task of such an alarm"
    ),
}
"""Every kind of event that may stand above the floor, and what it is for."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def costs(offices: Office) -> dict[str, Cost]:
    """Every scenario, played through its year."""
    return {cost.name: cost for cost in await play(offices.environment, offices.engine, scenarios())}


@pytest.mark.parametrize(
    "year",
    [
        "year, on time, reviewed and struck off",
        "year, on time, two reminders",
        "year, all silent",
        "year, all silent, two reminders",
    ],
)
async def test_a_project_year_costs_at_most_thirteen_percent_above_the_floor(costs: dict[str, Cost], year: str) -> None:
    """Above what wake-ups and commands must cost stand alarms that a command has moved, and that go off for nothing."""
    assert costs[year].ratio <= 1.13, costs[year].above()


async def test_every_event_above_the_floor_is_of_a_known_kind(costs: dict[str, Cost]) -> None:
    """No activity or failure that nobody asked for, and no task but that of an alarm which a command has moved."""
    for cost in costs.values():
        above = cost.above()
        assert set(above) <= set(ALLOWED), cost
        assert above.get("WORKFLOW_TASK_SCHEDULED", 0) == above.get("TIMER_FIRED", 0) <= cost.commands, cost


@pytest.mark.parametrize(
    ("milestone", "most"),
    [
        ("answered between the reminders", 40),
        ("answered after both reminders", 46),
        ("silent", 42),
        ("missed, two reminders and two orders", 30),
    ],
)
async def test_one_more_milestone_costs_what_is_measured(costs: dict[str, Cost], milestone: str, most: int) -> None:
    """What a second milestone adds to a history never grows unnoticed."""
    assert costs[f"{milestone}, 2"].events - costs[f"{milestone}, 1"].events <= most


async def test_an_on_time_milestone_with_two_reminders_costs_two_wake_ups_and_two_commands(office: Office) -> None:
    """Reminded 14 and 7 working days before, completed and accepted before the last reminder, whose timer is moved."""
    supervision = await office.open(milestone(1, date(2018, 7, 31)), milestone(2, date(2018, 8, 31)))
    after: list[int] = []
    for ordinal, day in ((1, "07-26"), (2, "08-28")):
        await supervision.until(f"{day} 10:00")
        milestone_id = f"{supervision.project_id}-{ordinal:02d}"
        await supervision.command(request(RequestCompletion, milestone_id))
        await supervision.command(request(AcceptCompletion, milestone_id))
        await supervision.quiet()
        after.append(len(await supervision.history_events()))
    moved = 2 * 4  # a request and an acceptance each move the alarm: set anew, and the old one goes off for nothing
    assert after[1] - after[0] <= 2 * (PER_WAKEUP + PER_COMMAND) + moved


async def test_a_wakeup_of_a_silent_milestone_costs_exactly_six_events(costs: dict[str, Cost]) -> None:
    """A wake-up is a timer, its task and one marker; nothing else is written."""
    first, second = costs["silent, 1"], costs["silent, 2"]
    assert second.events - first.events == 6 * (second.wakeups - first.wakeups)
