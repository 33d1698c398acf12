"""The courier of a data folder as a process of its own, until it is killed or all is sent: for `delivery_kills.py`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from application.office.courier import Courier
from application.settings import Settings
from domain.record.recorded_deliveries import recorded_mail
from entrypoints.bootstrap import engine_now, open_records
from entrypoints.bootstrap.channels import open_channels, routes_of
from entrypoints.log_setup import configure_logging

_LOOKS_EVERY_SECONDS = 0.02


async def work(data: Path, channels: Path) -> None:
    """Send until every reader's message is taken."""
    settings = Settings(data=data, channels=channels)
    configure_logging("json", "debug")
    routes = routes_of(settings)
    with open_records(settings) as records:
        courier = Courier(records, routes, open_channels(settings, routes), engine_now)
        print("ready", flush=True)
        while True:
            await courier.look()
            mails = [recorded_mail(records.ledger, reader) for reader in routes.readers]
            if all(mail.deliveries and not mail.open() for mail in mails):
                await courier.close()
                return
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), Path(sys.argv[2])))
