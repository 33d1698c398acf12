"""What a worker does under its mandate, and its end when it was taken away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from application.engine_room.mandated import led, under_a_mandate
from application.office.examination import writers_check
from domain.ports.mandates import Mandate
from domain.record.ledger_errors import MandateLostError
from tests.domain.samples import START


@dataclass
class GivenMandates:
    """Mandates as a test says them."""

    leads: bool = True
    lost: bool = False
    elects: bool = True
    did: list[str] = field(default_factory=list)

    def take(self, name: str) -> None:
        self.did.append(f"take {name}")

    def leave(self) -> None:
        self.did.append("leave")

    def held(self) -> list[Mandate]:
        return []


async def test_only_the_leading_worker_does_what_one_alone_may_do() -> None:
    """A work of the leading one is let be while another one leads, and done when this one does."""
    mandates, done = GivenMandates(leads=False), []

    async def work() -> None:
        done.append("work")

    await led(mandates, work)()
    assert done == []
    mandates.leads = True
    await led(mandates, work)()
    assert done == ["work"]


async def test_a_worker_that_lost_its_mandate_is_stopped_and_says_so() -> None:
    """Whatever it waits for, the work ends with a sentence that names the worker, and its mandate is let go."""
    mandates = GivenMandates(lost=True)

    async def work() -> None:
        async with under_a_mandate(mandates, "host:7"):
            await asyncio.Event().wait()

    with pytest.raises(MandateLostError, match="host:7"):
        await work()
    assert mandates.did == ["take host:7", "leave"]


async def test_a_worker_that_is_stopped_by_others_is_no_loss_of_its_mandate() -> None:
    """A cancellation from outside stays one; a quiet end gives the mandate back."""
    mandates = GivenMandates()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), under_a_mandate(mandates, "host:7"):
            await asyncio.Event().wait()
    async with under_a_mandate(mandates, "host:7"):
        pass
    assert mandates.did == ["take host:7", "leave"] * 2


def test_the_doctor_names_who_leads_and_who_stands_by() -> None:
    """The leading worker with its number, the others by name; a ledger that nobody leads is a finding."""
    held = [Mandate(number=number, name=f"host:{number}", since=START) for number in (3, 5)]
    good = writers_check(held)
    assert good.ok
    assert "由 host:3 写入（编号 3" in good.text
    assert good.text.endswith("另有 1 个在岗：host:5")
    assert not writers_check([]).ok
