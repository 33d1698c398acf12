"""A worker that is killed in the middle (`bench delivery-kills` has more of it), or the courier alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.delivery_kills import delivery_kills
from tests.entrypoints.installation import apart
from tests.smoke.courier_kills import courier_kills


def test_a_killed_courier_loses_no_message_and_shows_none_twice(tmp_path: Path) -> None:
    """Every message is taken by a way that really got it; no side has one twice, and no secret is in the log."""
    report = asyncio.run(courier_kills(tmp_path, readers=5, kills=3, seed=2))
    assert report.problems == []
    assert report.figures["kills"] == 3


def test_a_killed_worker_delivers_each_paper_once() -> None:
    """Each directive has one receipt, stands in one message, and the record of its reader's own side has it once."""
    report = apart(lambda: asyncio.run(delivery_kills(kills=3, seed=3)))
    assert report.problems == []
    assert report.figures["kills that met some on their way"] >= 1
