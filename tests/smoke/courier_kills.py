"""kill -9 of the courier in the middle, again and again: every message arrives, and nowhere twice.

The courier works alone, in a process of its own (`python -m tests.smoke.courier_kills DATA CHANNELS`), on mail that is
recorded for it: it is up in a second and killed within its first one, while messages go out. `python -m bench
delivery-kills` kills the whole worker.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from application.office.courier import Courier
from application.settings import Settings
from bench.delivery_sides import secrets_in, sides
from bench.patience import PATIENCE_SECONDS
from bench.report import Report
from domain.papers.delivery import Delivery
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import engine_now, open_records
from entrypoints.bootstrap.channels import open_channels, routes_of
from entrypoints.log_setup import configure_logging
from tests.forking import Forked, forked
from tests.recorded_mail import send_digest

_ANSWERS_WITHIN = 0.15
_LOOKS_EVERY_SECONDS = 0.02


async def courier_kills(folder: Path, *, readers: int, kills: int, seed: int) -> Report:
    """Kill the courier so many times and then let it finish; compare the ledger with what the other sides took."""
    chance, report = random.Random(seed), Report()
    named = [f"收件人{number}" for number in range(readers)]
    async with sides(named, chance, _ANSWERS_WITHIN) as others:
        channels = others.write_channels(folder)
        await _send_mail(folder, named)
        logged = b""
        while report.figures["kills"] < kills:
            ended, log = await _run(folder, channels, chance.random() * 0.35)
            logged += log
            report.figures["kills"] += not ended
            if ended:
                # All is out before all the kills were made: another morning.
                await _send_mail(folder, named)
        _, log = await _run(folder, channels, None)
        with open_records(Settings(data=folder / "data")) as records:
            others.compare(records.outbox, _mails(folder, named), report)
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
    with (folder / "courier.log").open("wb") as output:
        program = ("-m", "tests.smoke.courier_kills", str(folder / "data"), str(channels))
        process = forked(program, os.environ, output, None)
    log = Path(output.name)
    await asyncio.to_thread(_begun, process, log)
    try:
        status = await asyncio.to_thread(process.wait, seconds or PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        await asyncio.to_thread(process.wait, PATIENCE_SECONDS)
        return False, await asyncio.to_thread(log.read_bytes)
    said = await asyncio.to_thread(log.read_bytes)
    if status != 0:
        raise AssertionError(said.decode(errors="replace"))
    return True, said


def _begun(process: Forked, log: Path) -> None:
    while b"ready\n" not in log.read_bytes() and process.poll() is None:
        time.sleep(_LOOKS_EVERY_SECONDS)


async def work(data: Path, channels: Path) -> None:
    """Send until every reader's message is taken."""
    settings = Settings(data=data, channels=channels)
    configure_logging("json", "debug")
    routes = routes_of(settings)
    with open_records(settings) as records:
        courier = Courier(records, routes, open_channels(settings, routes), engine_now)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            await courier.look()
            mails = [recorded_mail(records.ledger, reader) for reader in routes.readers]
            if all(mail.deliveries and not mail.open() for mail in mails):
                await courier.close()
                return
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), Path(sys.argv[2])))
