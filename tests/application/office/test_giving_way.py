"""What can wait gives way while its process is busy, and only then."""

from __future__ import annotations

import asyncio
import time
from itertools import accumulate, repeat

import pytest

from application.office.giving_way import GivingWay

_TOOK, _WHILE = 0.02, 0.3


async def _after_a_while(spent: float) -> GivingWay:
    """Others and we used so much of the cores in a while."""
    of_process = accumulate(repeat(spent))
    way = GivingWay(lambda: next(of_process))
    await asyncio.sleep(_WHILE)
    return way


async def test_others_that_are_busy_get_four_times_as_long_as_a_portion_took() -> None:
    """While a process has a core's work besides, what can wait takes a fifth of the time."""
    way = await _after_a_while(_WHILE + _TOOK)
    began = time.monotonic()
    await way.pause(_TOOK)
    assert time.monotonic() - began >= 4 * _TOOK


@pytest.mark.parametrize(("others", "took"), [(0.0, _TOOK), (0.1, _TOOK), (0.0, _WHILE)])
async def test_nothing_waits_in_a_process_that_has_little_else_to_do(others: float, took: float) -> None:
    """Alone, or beside a little work: it goes on at once, however much it does itself."""
    way = await _after_a_while(others * _WHILE + took)
    with pytest.raises(StopIteration):
        way.pause(took).send(None)
