"""A power cut and kills with acts on the embedded engine: the campaign of `python -m bench power-cuts`, once around."""

from __future__ import annotations

import asyncio

from bench.power_cuts import CutsPlan, power_cuts
from tests.entrypoints.installation import apart


def test_every_start_comes_up_and_every_project_goes_on() -> None:
    """A power cut, a kill while an act comes in: the act is taken, every project takes another, all replays agree."""
    report = apart(lambda: asyncio.run(power_cuts(CutsPlan(cuts=1, kills=1, seed=3))))
    assert report.problems == []
    counted = [report.figures[name] for name in ("starts", "acts taken", "histories replayed cold")]
    assert counted == [3, 1, 17]
