"""Appends a second of one, two and four logs beside one another on one PostgreSQL: `python -m bench.several_logs`.

Each log is a database of its own with its one writer, in a process of its own, as several installations are. All append
for the same seconds: 64 callers that each wait for their own entry, then batches of 100. Then a log of heads takes the
head of each.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.audit_log import LedgerAuditLog
from adapters.ledger.heads_book import LedgerHeadsBook
from adapters.ledger.ledger_address import LedgerAddress
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.vault.folder_vault import FolderVault
from application.audit.log_of_heads import LogOfHeads
from bench.installation import progress
from bench.ledger import NOW
from bench.ledger_kills import decision_of
from bench.patience import PATIENCE_SECONDS
from bench.production_postgres import Cluster
from bench.production_site import SERVICES, free_port
from domain.ports.ledger import Ledger

COUNTS = (1, 2, 4)
_SECONDS, _CALLERS, _BATCH = 8.0, 64, 100


async def appended(ledger: Ledger, batch: int) -> int:
    """How many entries the callers of one log append from now on, in batches of a size."""
    end = time.monotonic() + _SECONDS
    counts = [0] * (_CALLERS if batch == 1 else 4)

    async def caller(number: int) -> None:
        seq = 0
        while time.monotonic() < end:
            decision = decision_of(f"bench/{batch}/{number}", seq, seq + batch - 1)
            await ledger.record(decision.model_copy(update={"papers": ()}))
            seq += batch
            counts[number] = seq

    await asyncio.gather(*map(caller, range(len(counts))))
    return sum(counts)


def one_log(dsn: str, all_open: Barrier, batch: int, place: str) -> None:
    """One log in a process of its own; what it appended once all are open goes into a file."""
    ledger = PostgresLedger.open(dsn, NOW)
    all_open.wait(PATIENCE_SECONDS)
    Path(place).write_text(str(asyncio.run(appended(ledger, batch))), encoding="utf-8")
    ledger.close()


def rate(dsns: list[str], batch: int, folder: Path) -> float:
    """Entries a second of all logs together."""
    context = multiprocessing.get_context("spawn")
    all_open = context.Barrier(len(dsns))
    places = [folder / f"count-{number}" for number in range(len(dsns))]
    processes = [
        context.Process(target=one_log, args=(dsn, all_open, batch, str(place)))
        for dsn, place in zip(dsns, places, strict=True)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return sum(int(place.read_text(encoding="utf-8")) for place in places) / _SECONDS


def log_over(store: PostgresLedger | SqliteLedger, folder: Path, origin: str) -> LedgerAuditLog:
    """The signing log over a store."""
    vault, evidence = FolderVault(folder / "vault"), FolderEvidence(folder / "evidence")
    return LedgerAuditLog(store.log_store(), vault, evidence, folder / "keys", origin, NOW)


async def collected(dsns: list[str], folder: Path) -> float:
    """The milliseconds in which a log of heads takes a log's head, the signing of it included."""
    book = SqliteLedger.open(folder / "heads.db", NOW)
    above = LogOfHeads(LedgerHeadsBook(book.log_store(), NOW), log_over(book, folder / "heads", "province.example"))
    await above.log.open()
    spent = 0.0
    for number, dsn in enumerate(dsns):
        ledger, name = PostgresLedger.open(dsn, NOW), f"log-{number}.example"
        log = log_over(ledger, folder / name, name)
        await log.open()
        await log.seal()
        await above.watch(log.policy().splitlines()[0].removeprefix("log "))
        request = log.witness_request(0).encode()
        began = time.perf_counter()
        await above.collect(name, request)
        await above.log.seal()
        spent += time.perf_counter() - began
        ledger.close()
    book.close()
    return spent / len(dsns) * 1e3


def measured(count: int) -> dict[str, float]:
    """So many logs on a cluster of their own."""
    password = "only for this measurement"  # noqa: S105 - of a server that lives for a minute
    with (
        Cluster(password, SERVICES["postgresql"], free_port()) as cluster,
        tempfile.TemporaryDirectory(prefix="duban-logs-") as place,
    ):
        cluster.start()
        folder, user = Path(place), SERVICES["postgresql"]["environment"]["POSTGRES_USER"]
        (folder / "password").write_text(password, encoding="utf-8")
        administrator = f"postgresql://{user}@127.0.0.1:{cluster.port}/postgres"
        dsns = []
        for number in range(count):
            url = f"postgresql://duban@127.0.0.1:{cluster.port}/log_{number}"
            address = LedgerAddress(folder / "none", url, folder / "password")
            address.set_up(administrator, folder / "password")
            dsns.append(address.dsn() or "")
        return {
            "logs": count,
            "one_each_a_second": round(rate(dsns, 1, folder)),
            "batches_a_second": round(rate(dsns, _BATCH, folder)),
            "head_taken_ms": round(asyncio.run(collected(dsns, folder)), 1),
        }


if __name__ == "__main__":
    for logs in map(int, sys.argv[1:] or COUNTS):
        progress(f"{logs} logs, load {os.getloadavg()[0]:.1f}")
        print(json.dumps(measured(logs)), flush=True)
