"""A small month's end on the real engine, with a worker as a process of its own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from application.office.office import Office
from bench.costs import refusal_events
from bench.herd import Figures, HerdPlan, HerdTooLateError, run_herd
from bench.installation import at_work, installation

# The embedded engine outlives the call that starts it, so nobody waits for its process.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


async def test_a_herd_wakes_without_a_workflow_task_that_times_out() -> None:
    """Sixty due in one instant are recorded, no task times out or fails, and the engine lists every red light."""
    plan = HerdPlan(projects=60, completions=20, spread=timedelta(), starts_a_second=12, margin_seconds=8)
    async with installation("herd-test") as office:
        figures = await _herd(office, plan)
    assert (figures["timed_out"], figures["failed_tasks"]) == (0, 0)
    # The lists are waited for; a project that never came would have failed the herd.
    assert figures["listed_seconds"] > 0
    # Started 4, opened 1 marker, woken 5 with a marker and a light; the completed ones have an update instead.
    assert figures["events"] < 14


async def _herd(office: Office, plan: HerdPlan) -> Figures:
    """A herd; begun again with more time when a busy machine had not started all of it before the due instant."""
    for slower in (1, 2, 4):
        with suppress(HerdTooLateError):
            return await run_herd(office, "duban", replace(plan, starts_a_second=plan.starts_a_second / slower))
    return await run_herd(office, "duban", replace(plan, starts_a_second=plan.starts_a_second / 8))


async def test_refused_commands_leave_nothing_in_the_history() -> None:
    """Ten refused commands add no event to the history that the real engine keeps."""
    async with installation("refusals-test") as office, at_work(office):
        assert await refusal_events(office) == 0
