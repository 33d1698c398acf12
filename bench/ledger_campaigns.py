"""Long campaigns on bundles: mutations that must all be refused, honest bundles that must all pass, a full disk."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from adapters.clock.system_clock import SystemClock
from adapters.ledger.sqlite_ledger import SqliteLedger
from bench.ledger_kills import decision_of
from domain.errors import LedgerUnavailableError
from tests.verifier.mutations import Campaign
from tests.verifier.rehearsed_year import rehearsed_year
from verifier.bundle import MemoryBundle
from verifier.verify import verify

_STREAM = "key-project/2018/01"


@dataclass
class CampaignReport:
    """How many were tried, of which kinds, and each that ended otherwise than it must."""

    tried: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def mutations(count: int, seed: int = 0) -> CampaignReport:
    """Mutations of a rehearsed year's bundle: each must be refused with the right reason."""
    report = CampaignReport()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(asyncio.run(rehearsed_year(Path(folder))))
        started = time.monotonic()
        for number in range(seed, seed + count):
            mutation = campaign.mutation(number)
            codes = campaign.judge(mutation).codes()
            report.kinds[mutation.name] = report.kinds.get(mutation.name, 0) + 1
            report.tried += 1
            if not all(group & codes for group in mutation.reasons):
                report.problems.append(f"{number} {mutation.name}: {sorted(codes)}")
        report.seconds = time.monotonic() - started
    return report


def honest(count: int, seed: int = 1_000) -> CampaignReport:
    """Bundles of other years, small and large: none may be refused."""
    report, started = CampaignReport(), time.monotonic()
    for number in range(seed, seed + count):
        with tempfile.TemporaryDirectory() as folder:
            year = asyncio.run(
                rehearsed_year(
                    Path(folder), seed=number, projects=1 + number % 3, milestones=1 + number % 2, days=12 + number % 60
                )
            )
            codes = verify(MemoryBundle(year.files()), year.trust()).codes()
            year.ledger.close()
        report.tried += 1
        if codes:
            report.problems.append(f"{number}: {sorted(codes)}")
    report.seconds = time.monotonic() - started
    return report


def full_disk() -> CampaignReport:
    """A real file system of two megabytes that fills up, gets room again, and becomes read-only. Needs a superuser."""
    report, started = CampaignReport(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        _mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", folder)
        try:
            kept = asyncio.run(_fill(Path(folder), report))
            _mount("-o", "remount,ro", folder)
            asyncio.run(_refuse(Path(folder), kept, report))
            _mount("-o", "remount,rw", folder)
            asyncio.run(_go_on(Path(folder), kept, report))
        finally:
            subprocess.run(["umount", folder], check=True)  # noqa: S607 - the system's own
    report.seconds = time.monotonic() - started
    return report


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)  # noqa: S607 - the system's own


async def _fill(folder: Path, report: CampaignReport) -> int:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", SystemClock().now)
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * 600_000)
    kept = 0
    try:
        while kept < 5_000:
            await ledger.record(decision_of(_STREAM, kept, kept + 9))
            kept += 10
        report.problems.append("the disk did not fill up")
    except LedgerUnavailableError as error:
        report.kinds[error.text] = 1
    if sum(1 for _ in ledger.entries()) != kept:
        report.problems.append("what was acknowledged is not what is there")
    ballast.unlink()
    await ledger.record(decision_of(_STREAM, kept, kept + 9))
    ledger.close()
    return kept + 10


async def _refuse(folder: Path, kept: int, report: CampaignReport) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", SystemClock().now)
    if sum(1 for _ in ledger.entries()) != kept:
        report.problems.append("a read-only disk does not show what is there")
    try:
        await ledger.record(decision_of(_STREAM, kept, kept + 9))
        report.problems.append("a read-only disk took a write")
    except LedgerUnavailableError as error:
        report.kinds[error.text] = 1
    ledger.close()


async def _go_on(folder: Path, kept: int, report: CampaignReport) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", SystemClock().now)
    await ledger.record(decision_of(_STREAM, kept, kept + 9))
    report.tried = sum(1 for _ in ledger.entries())
    if report.tried != kept + 10:
        report.problems.append(f"{report.tried} entries instead of {kept + 10}")
    ledger.close()
