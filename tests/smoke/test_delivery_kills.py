"""A worker, or the courier alone, that is killed in the middle: the campaigns of `bench delivery-kills`, small."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.delivery_kills import DeliveryKillsPlan, delivery_kills
from bench.worker_delivery_kills import WorkerKillsPlan, worker_delivery_kills
from tests.entrypoints.installation import apart


def test_a_killed_courier_loses_no_message_and_shows_none_twice(tmp_path: Path) -> None:
    """Every message is taken by a way that really got it; no side has one twice, and no secret is in the log."""
    report = asyncio.run(delivery_kills(DeliveryKillsPlan(readers=5, kills=3, seed=2), tmp_path))
    assert report.problems == []
    assert report.kills == 3


def test_a_killed_worker_delivers_each_paper_once() -> None:
    """Each directive has one receipt, stands in one message, and the record of its reader's own side has it once."""
    report = apart(lambda: asyncio.run(worker_delivery_kills(WorkerKillsPlan(kills=3, seed=3))))
    assert report.problems == []
    assert report.met >= 1
