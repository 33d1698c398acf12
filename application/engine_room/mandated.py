"""A worker under its mandate: what the leading one alone does, and the end of one that lost it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from application.log_lines import log_lines
from domain.ports.mandates import Mandates
from domain.record.ledger_errors import MandateLostError

_LOOKED_AT_SECONDS = 0.5
_log = log_lines("duban.mandate")


def led(mandates: Mandates, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """A work that is done while this worker leads, and let be while another one does."""

    async def done_by_the_leading() -> None:
        if mandates.leads:
            await work()

    return done_by_the_leading


@asynccontextmanager
async def under_a_mandate(mandates: Mandates, name: str) -> AsyncIterator[None]:
    """Work under a mandate as long as the block lasts; who loses it is stopped, for what it has in hand is old.

    Raises:
        MandateLostError: the mandate was taken away.
    """
    taking = asyncio.create_task(asyncio.to_thread(mandates.take, name))
    try:
        await asyncio.shield(taking)
    except asyncio.CancelledError:
        # The thread takes it all the same: nobody would ever give it back.
        await taking
        await asyncio.to_thread(mandates.leave)
        raise
    body = asyncio.current_task()
    assert body

    async def watch() -> None:
        leading = False
        while not mandates.lost:
            if mandates.elects and mandates.leads != leading:
                leading = not leading
                _log.info("mandate_leads" if leading else "mandate_stands_by", name=name)
            await asyncio.sleep(_LOOKED_AT_SECONDS)
        body.cancel()

    watching = asyncio.create_task(watch(), name="mandate")
    try:
        yield
    except asyncio.CancelledError:
        if not mandates.lost:
            raise
        body.uncancel()
        raise MandateLostError(name=name) from None
    finally:
        watching.cancel()
        await asyncio.to_thread(mandates.leave)
