"""A worker's ledger in a process of its own, for a test that freezes it.

It takes a mandate and says `ready`: `inside` a transaction that holds the ledger, or `between` two. After a line on
its input it records, again where the store did not answer, and says by which rule that was refused.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from adapters.ledger.postgres_ledger import PostgresLedger
from domain.errors import DubanError, LedgerUnavailableError
from domain.record.ledger_errors import MandateLostError
from tests.adapters.ledger.samples import decision, reminder


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _ready() -> None:
    _say("ready")
    sys.stdin.readline()


async def _record(ledger: PostgresLedger) -> str:
    try:
        await ledger.record(decision(reminder(0), stream=f"key-project/2018/{sys.argv[2]}"))
    except MandateLostError as error:
        return error.rule
    except LedgerUnavailableError:
        return await _record(ledger)
    except DubanError as error:
        return error.rule
    return "recorded"


async def _main(address: str, where: str) -> None:
    ledger = PostgresLedger.open(address, lambda: datetime.now(UTC))
    ledger.mandates().take(where)
    if where == "inside":
        # Its own transaction is cut meanwhile: whatever it was to write is gone, and it tries again.
        try:
            await ledger.log_store()._writer.run(lambda _: _ready())
        except LedgerUnavailableError:
            _say("cut")
    else:
        _ready()
    _say(await _record(ledger))


asyncio.run(_main(*sys.argv[1:]))
