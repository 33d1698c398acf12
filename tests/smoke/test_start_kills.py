"""A starting process that is killed, and the start repeated: the campaign of `bench start-kills`, small."""

from __future__ import annotations

import pytest

from bench.start_kills import StartKillsPlan, start_kills

# The embedded engine outlives the call that starts it, so nobody waits for its process.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


async def test_a_killed_start_is_finished_by_the_next() -> None:
    """Register, record, papers and mail are as after a start left alone; one more start changes nothing and says so."""
    report = await start_kills(StartKillsPlan(runs=1, made_up=0, seed=3))
    assert report.figures["kills"] == 2
    assert report.problems == []
