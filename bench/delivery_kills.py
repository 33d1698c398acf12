"""kill -9 of the courier in the middle, again and again: every message arrives, and nowhere twice.

The courier works alone, on mail that is recorded for it: it is up in a second and killed within its first one, while
messages go out. `worker_delivery_kills.py` kills the whole worker.
"""

from __future__ import annotations

import asyncio
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from application.settings import Settings
from bench.delivery_mail import send_digest
from bench.delivery_sides import DeliveryKills, secrets_in, sides
from bench.patience import PATIENCE_SECONDS
from domain.papers.delivery import Delivery
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import engine_now, open_records

_ANSWERS_WITHIN = 0.15
_REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class DeliveryKillsPlan:
    """How many readers, how many kills, and by which seed."""

    readers: int = 20
    kills: int = 20
    seed: int = 1


async def delivery_kills(plan: DeliveryKillsPlan, folder: Path) -> DeliveryKills:
    """Kill the courier so many times and then let it finish; compare the ledger with what the other sides took."""
    chance, report = random.Random(plan.seed), DeliveryKills()
    readers = [f"收件人{number}" for number in range(plan.readers)]
    async with sides(readers, chance, _ANSWERS_WITHIN) as others:
        channels = others.write_channels(folder)
        await _send_mail(folder, readers)
        logged = b""
        while report.kills < plan.kills:
            ended, log = await _run(folder, channels, chance.random() * 0.35)
            logged += log
            report.kills += not ended
            report.met += not ended and any(
                each.state == "handed_over" for _, mail in _mails(folder, readers) for each in mail
            )
            if ended:
                # All is out before all the kills were made: another morning.
                await _send_mail(folder, readers)
        _, log = await _run(folder, channels, None)
        with open_records(Settings(data=folder / "data")) as records:
            others.compare(records.outbox, _mails(folder, readers), report)
        report.problems += secrets_in(logged + log)
    return report


async def _send_mail(folder: Path, readers: list[str]) -> None:
    with open_records(Settings(data=folder / "data")) as records:
        for name in readers:
            # Urgent: an ordinary second message of a day would wait for the next.
            await send_digest(records, name, engine_now(), kind="directive")


def _mails(folder: Path, readers: list[str]) -> list[tuple[str, list[Delivery]]]:
    with open_records(Settings(data=folder / "data")) as records:
        return [(reader, list(recorded_mail(records.ledger, reader).deliveries.values())) for reader in readers]


async def _run(folder: Path, channels: Path, seconds: float | None) -> tuple[bool, bytes]:
    """Run a courier, and kill it so long after it began; say whether it was done before, and what it logged."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.delivery_worker", str(folder / "data"), str(channels)),
        cwd=_REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    reading = asyncio.create_task(process.communicate())
    try:
        out, log = await asyncio.wait_for(asyncio.shield(reading), seconds or PATIENCE_SECONDS)
    except TimeoutError:
        process.kill()
        out, log = await reading
        return False, out + log
    if process.returncode != 0:
        raise AssertionError(log.decode(errors="replace"))
    return True, out + log
