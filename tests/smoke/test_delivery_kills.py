"""A courier that is killed in the middle: the campaign of `bench delivery-kills`, small."""

from __future__ import annotations

from pathlib import Path

from bench.delivery_kills import DeliveryKillsPlan, delivery_kills


async def test_a_killed_courier_loses_no_message_and_shows_none_twice(tmp_path: Path) -> None:
    """Every message is taken by a way that really got it; no chat has one twice, and no secret is in the log."""
    report = await delivery_kills(DeliveryKillsPlan(readers=3, kills=6, seed=2), tmp_path)
    assert report.problems == []
    assert report.kills >= 3
