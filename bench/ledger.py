"""The ledger's figures and campaigns: `python -m bench.ledger [WHAT] [--count N]`, WHAT being `rates` (the default),
`kills`, `full-disk`, `mutations` and `honest` (the real bundle of a rehearsed 2018; with `-offices`, small years of
many offices, from `--first` on) or `alone` (that bundle verified where there is nothing but Python and the verifier).
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from adapters.clock import system_clock
from adapters.evidence.folder_evidence import FolderEvidence
from adapters.ledger.bundle_export import BundleExport, BundleExtras
from adapters.ledger.leaf_bytes import leaf_hash
from adapters.ledger.log_tiles import LogTiles
from adapters.ledger.merkle import inclusion_proof, tree_root
from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.signed_notes import checkpoint_text, inclusion_file, new_key, signed_note
from adapters.ledger.sqlite_ledger import SqliteLedger
from adapters.ledger.transparency_log import TransparencyLog
from adapters.vault.folder_vault import FolderVault
from bench.ledger_alone import AloneReport
from bench.ledger_campaigns import alone, full_disk, honest, honest_of_offices, mutations, mutations_of_offices
from bench.ledger_kills import decision_of, kill_campaign
from bench.report import Report, heading
from domain.ids import supervision_workflow_id
from domain.lists.docketing import docket
from domain.ports.ledger import Decision, Ledger
from domain.rules.calendar import WorkingCalendar, office_instant
from domain.rules.policy import SupervisionPolicy
from tests.postgres_server import postgres_server
from tests.verifier.rehearsed_year import FIRST_DAY, HEADER, project
from verifier.bundle import bundle_at
from verifier.tree import root_of
from verifier.verify import verify
from verifier.witness import Witness

NOW = system_clock.now
_CALLERS = 64
_MILLION = 1_000_000


async def one_caller(ledger: Ledger, seconds: float = 2.0) -> float:
    """Appends a second of one caller that waits for each."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        await ledger.record(decision_of("bench/one", count, count))
        count += 1
    return count / (time.perf_counter() - started)


async def many_callers(ledger: Ledger, each: int = 150) -> float:
    """Appends a second of 64 callers that each wait for their own."""

    async def caller(number: int) -> None:
        for seq in range(each):
            decision = decision_of(f"bench/many/{number}", seq, seq)
            await ledger.record(decision.model_copy(update={"papers": ()}))

    started = time.perf_counter()
    await asyncio.gather(*(caller(number) for number in range(_CALLERS)))
    return _CALLERS * each / (time.perf_counter() - started)


async def batches(ledger: Ledger, count: int = 60) -> float:
    """Entries a second in batches of 100."""
    started = time.perf_counter()
    for number in range(count):
        decision = decision_of(f"bench/batch/{number}", 0, 99)
        await ledger.record(decision.model_copy(update={"papers": ()}))
    return count * 100 / (time.perf_counter() - started)


async def herd(ledger: Ledger, projects: int = 3_000) -> tuple[float, float]:
    """3,000 projects record one event with a paper at the same instant: how many a second, and CPU µs for each."""
    cpu, started = time.process_time(), time.perf_counter()
    await asyncio.gather(*(ledger.record(decision_of(f"bench/herd/{number}", 0, 0)) for number in range(projects)))
    return projects / (time.perf_counter() - started), (time.process_time() - cpu) / projects * 1e6


def floor_of_the_disk(folder: Path, seconds: float = 1.0) -> float:
    """Bare fsyncs a second of a 4 KB append: what no ledger on this disk can pass with one caller."""
    with (folder / "floor").open("wb", buffering=0) as file:
        count, started = 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            file.write(b"\0" * 4_096)
            os.fsync(file.fileno())
            count += 1
        return count / (time.perf_counter() - started)


def _supervised(serial: int, count: int) -> Decision:
    """The events of a supervision in a row: its docketing, then reminders of its milestones."""
    listed = project(serial, 4)
    opened = docket(
        HEADER, listed, SupervisionPolicy(), WorkingCalendar(), office_instant(FIRST_DAY, datetime.min.time())
    )
    stream = supervision_workflow_id(listed.project_id)
    (*reminders,) = decision_of(stream, len(opened), count - 1).events
    about = [listed.milestones[event.seq % len(listed.milestones)].milestone_id for event in reminders]
    named = [event.model_copy(update={"milestone_id": name}) for event, name in zip(reminders, about, strict=True)]
    return Decision(stream=stream, events=(*opened, *named))


async def verification(folder: Path, entries: int) -> dict[str, float]:
    """Whole-log verification of a bundle of so many entries: entries a second, the export's seconds, megabytes."""
    ledger = SqliteLedger.open(folder / "verify.sqlite", NOW)
    log = TransparencyLog(ledger.log_store(), folder / "keys", "duban.example/ledger", NOW)
    await log.open()
    for number in range(entries // 1_000):
        await ledger.record(_supervised(number + 1, 1_000))
    head = await log.seal()
    assert head is not None
    extras = BundleExtras("".join(f"log {key}\n" for key in log.vkeys()), {})
    started = time.perf_counter()
    export = BundleExport(log, ledger.log_store(), FolderVault(folder), FolderEvidence(folder))
    place = export.write(folder / "bundle", head, extras)
    exported = time.perf_counter() - started
    ledger.close()
    started, worked = time.perf_counter(), time.process_time()
    report = verify(bundle_at(place))
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    assert report.passed, report.as_text()
    started = time.perf_counter()
    hashes = [hashlib.sha256(b"\x00" + bytes(400)).digest() for _ in range(entries)]
    root_of(hashes)
    bare = time.perf_counter() - started
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return {
        "entries/s, tree and rules": report.size / next(s.seconds for s in report.steps if s.name == "tree"),
        "entries/s, all steps": report.size / seconds,
        "entries/CPU s, all steps": report.size / worked,
        "entries/s, hashing alone": entries / bare,
        "export s": exported,
        "bundle MB": size / 1e6,
    }


def proof_size(folder: Path) -> dict[str, float]:
    """Bytes of an inclusion proof with two cosignatures in a log of a million entries, and the time to make it."""
    hashes = [leaf_hash(number.to_bytes(4, "big")) for number in range(_MILLION)]

    class Hashes:
        def leaf_hashes(self, first: int, end: int) -> list[bytes]:
            return hashes[first:end]

        def tile(self, level: int, index: int) -> bytes | None:
            return None

    key, origin = new_key("duban.example/ledger"), "duban.example/ledger"
    tiles = LogTiles(Hashes(), _MILLION)
    note = signed_note(checkpoint_text(origin, _MILLION, tree_root(_MILLION, tiles.node)), [key])
    request = f"old 0\n\n{note}".encode()
    for name in ("audit-office.example", "archives.example"):
        witness = Witness(folder / name)
        witness.create(name, [key.vkey])
        note += witness.cosign(request, int(time.time()))
    started = time.perf_counter()
    proof = inclusion_file(654_321, inclusion_proof(654_321, _MILLION, tiles.node), note)
    return {"proof bytes": len(proof.encode()), "proof ms": (time.perf_counter() - started) * 1e3}


async def _sqlite(folder: Path) -> dict[str, float]:
    ledger = SqliteLedger.open(folder / "rates.sqlite", NOW)
    found = {
        "disk: bare fsync/s": floor_of_the_disk(folder),
        "sqlite: one caller/s": await one_caller(ledger),
        "sqlite: 64 callers/s": await many_callers(ledger),
        "sqlite: batches of 100, entries/s": await batches(ledger),
    }
    found["sqlite: herd of 3,000 with papers/s"], found["sqlite: herd, CPU µs each"] = await herd(ledger)
    ledger.close()
    return found


async def _postgres(dsn: str) -> dict[str, float]:
    ledger = PostgresLedger.open(dsn, NOW)
    found = {
        "postgres: one caller/s": await one_caller(ledger),
        "postgres: 64 callers/s": await many_callers(ledger, 60),
        "postgres: batches of 100, entries/s": await batches(ledger),
    }
    ledger.close()
    return found


def rates(entries: int = 100_000) -> dict[str, float]:
    """All figures in one run, with what bounds them."""
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as place:
        folder = Path(place)
        found = asyncio.run(_sqlite(folder))
        found |= _with_postgres()
        found |= {f"verify: {name}": value for name, value in asyncio.run(verification(folder, entries)).items()}
        found |= {f"1 M entries: {name}": value for name, value in proof_size(folder).items()}
    return found


def _with_postgres() -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-pg-") as folder,
        postgres_server(Path(folder)) as address,
    ):
        return asyncio.run(_postgres(address))


GOALS = {
    "sqlite: one caller/s": 500,
    "sqlite: 64 callers/s": 5_000,
    "postgres: batches of 100, entries/s": 2_500,
    "verify: entries/s, all steps": 100_000,
    "1 M entries: proof bytes": 1_500,
}


async def measured() -> Report:
    """The figures, each beside its goal; in a thread of its own, for each part of it runs a loop of its own."""
    report, found = Report(), await asyncio.to_thread(rates)
    rows = [(name, f"{value:,.1f}", f"{GOALS[name]:,}" if name in GOALS else "") for name, value in found.items()]
    report.table(("ledger", "measured", "goal"), rows)
    return report


def main(arguments: list[str] | None = None) -> int:
    """Run one of them; 1 when a guarantee does not hold."""
    campaigns: dict[str, tuple[Callable[..., Report | AloneReport], int]] = {
        "kills": (_kills, 1_000),
        "alone": (lambda _: alone(), 1),
        "mutations": (mutations, 10_000),
        "mutations-offices": (mutations_of_offices, 10_000),
        "honest": (honest, 1_000),
        "honest-offices": (honest_of_offices, 1_000),
        "full-disk": (lambda _: full_disk(), 1),
    }
    parser = argparse.ArgumentParser(prog="bench.ledger")
    parser.add_argument("what", nargs="?", default="rates", choices=["rates", *campaigns])
    parser.add_argument("--count", type=int)
    parser.add_argument("--first", type=int)
    options = parser.parse_args(arguments)
    if options.what == "rates":
        print(heading(), asyncio.run(measured()), sep="\n")
        return 0
    run, count = campaigns[options.what]
    which = {} if options.first is None else {"first": options.first}
    report = run(options.count or count, **which)
    found = {**report.figures, "problems": report.problems} if isinstance(report, Report) else asdict(report)
    print(json.dumps(found, ensure_ascii=False))
    return 1 if report.problems else 0


def _kills(count: int) -> Report:
    with tempfile.TemporaryDirectory(prefix="bench-kills-") as folder:
        return kill_campaign(Path(folder), count)


if __name__ == "__main__":
    sys.exit(main())
