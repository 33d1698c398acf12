"""Decisions come before what follows the ledger, which comes all the same."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.worker import ActivityInboundInterceptor

from application.engine_room import decisions_first
from application.engine_room.decisions_first import AT_MOST_SECONDS, DecisionsFirst


class Worker:
    """A worker whose clock goes on as the test says."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passes: list[float] = []
        self.first = DecisionsFirst(now=lambda: self.now)
        inner: Any = Inner()
        self._does: Any = self.first.intercept_activity(inner)

    async def decide(self, times: int) -> None:
        """Record so many decisions now."""
        for _ in range(times):
            await self._does.execute_activity(None)

    async def follow(self) -> None:
        """One pass of what follows, which notes when it was."""

        async def note() -> None:
            self.passes.append(self.now)

        await self.first.before(note)()


class Inner(ActivityInboundInterceptor):
    """The end of the chain."""

    def __init__(self) -> None:
        pass

    async def execute_activity(self, input: Any) -> None:  # noqa: A002 - the engine library's own name
        """Do nothing."""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A worker where a pause takes no time but that of its own clock."""
    worker = Worker()

    async def pause(seconds: float) -> None:
        worker.now += seconds

    monkeypatch.setattr(decisions_first, "asyncio", type("Asyncio", (), {"sleep": staticmethod(pause)}))
    return worker


async def never_quiet(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker have more to record at every pause."""

    async def pause(seconds: float) -> None:
        worker.now += seconds
        await worker.decide(10)

    monkeypatch.setattr(decisions_first, "asyncio", type("Asyncio", (), {"sleep": staticmethod(pause)}))
    await worker.decide(10)


async def test_on_an_ordinary_day_nothing_waits(worker: Worker) -> None:
    """A decision now and then holds up no page."""
    await worker.decide(9)
    await worker.follow()
    assert worker.passes == [0.0]


async def test_many_decisions_come_before_a_pass(worker: Worker) -> None:
    """As soon as there are fewer, what follows goes on."""
    await worker.decide(10)
    await worker.follow()
    assert worker.passes == [1.0]


async def test_no_pass_waits_for_ever(monkeypatch: pytest.MonkeyPatch, worker: Worker) -> None:
    """However many decisions there are, the register is looked after."""
    await never_quiet(worker, monkeypatch)
    await worker.follow()
    assert worker.passes == [AT_MOST_SECONDS]


async def test_what_fails_counts_as_well(worker: Worker) -> None:
    """A store that refuses takes the same time of the worker."""

    class Fails(Inner):
        async def execute_activity(self, input: Any) -> None:  # noqa: A002 - the engine library's own name
            raise OSError("full")

    failing: Any = worker.first.intercept_activity(Fails())
    for _ in range(10):
        with pytest.raises(OSError, match="full"):
            await failing.execute_activity(None)
    await worker.follow()
    assert worker.passes == [1.0]


async def test_what_is_less_urgent_waits_longer(monkeypatch: pytest.MonkeyPatch, worker: Worker) -> None:
    """What lies months ahead can wait for the end of a year's start, but not for ever."""
    await never_quiet(worker, monkeypatch)
    await worker.first.give_way(120.0)
    assert worker.now == 120.0
