"""A month's end while the worker's and the engine's process are killed: the campaign of `bench crash`, small."""

from __future__ import annotations

import pytest

from bench.crash import CrashPlan, crash_run
from bench.report import Report

# The embedded engine outlives the call that starts it, so nobody waits for its process.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


async def test_a_month_end_survives_kills_of_worker_and_engine() -> None:
    """After kill -9, every paper is there once, every event once and in order, and every project goes on."""
    report = Report()
    await crash_run(CrashPlan(projects=20, seed=101, speed=10_800), report)
    assert report.problems == []
    assert report.figures["kills of the worker"] >= 1
    assert report.figures["kills of the engine"] >= 1
