"""What goes on beside a worker goes on, whatever one pass of it meets."""

from __future__ import annotations

import asyncio

import pytest

from application.engine_room import loops
from application.engine_room.loops import Beside, going_on
from domain.errors import DubanError, LedgerUnavailableError
from tests.told import Told


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        ValueError("a torn file"),
        KeyError("x"),
        LedgerUnavailableError("away", place="here"),
        DubanError("refused"),
        TimeoutError(),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "torn"),
        MemoryError(),
        RuntimeError("closed"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_no_failure_ends_what_goes_on_and_each_is_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind of failure is one line of the log each time, and the pass after it is made all the same."""
    passes: list[int] = []
    told = Told()
    monkeypatch.setattr(loops, "_log", told)

    async def work() -> None:
        passes.append(len(passes))
        if len(passes) < 4:
            raise error

    async with going_on([Beside("sealing", 0.001, work, after_failure=0.001)]):
        async with asyncio.timeout(5):
            while len(passes) < 6:  # noqa: ASYNC110 - the work has nobody to tell
                await asyncio.sleep(0.001)

    assert told.events() == ["beside_failed"] * 3
    assert all(line["work"] == "sealing" and line["text"] for line in told.lines)


async def test_the_end_of_the_block_ends_the_work() -> None:
    """Cancelled, not left behind."""
    passes: list[int] = []

    async def work() -> None:
        passes.append(1)

    async with going_on([Beside("w", 0.001, work)]):
        await asyncio.sleep(0.02)
    count = len(passes)
    await asyncio.sleep(0.02)

    assert count > 0
    assert len(passes) == count
