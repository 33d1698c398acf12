"""Long campaigns on bundles: mutations that must all be refused, honest bundles that must all pass, a full disk."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from adapters.clock.system_clock import SystemClock
from adapters.ledger.sqlite_ledger import SqliteLedger
from bench.ledger_alone import AloneReport, verified_alone
from bench.ledger_kills import decision_of
from domain.errors import LedgerUnavailableError
from tests.rehearsal.audited_year import audited_year
from tests.rehearsal.real_bundle import Moments, RealYear
from tests.verifier.mutations import Campaign
from verifier.bundle import MemoryBundle
from verifier.verify import verify

_TELL_EVERY = 500
Done = TypeVar("Done")
Tried = TypeVar("Tried")
_STREAM = "key-project/2018/01"


@dataclass
class CampaignReport:
    """How many were tried, of which kinds, and each that ended otherwise than it must."""

    tried: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def mutations(count: int) -> CampaignReport:
    """Mutations of the real bundle of a rehearsed 2018: each must be refused with the right reason."""
    return _with_the_real_year(lambda year, _: _mutated(Campaign(year), count))


def _campaign(cases: Sequence[Tried], judged: Callable[[Tried], tuple[str, str]]) -> CampaignReport:
    """Try every case; `judged` answers its kind, if it has one, and what is wrong, if anything is."""
    report, started = CampaignReport(), time.monotonic()
    for case in cases:
        kind, problem = judged(case)
        report.tried += 1
        if kind:
            report.kinds[kind] = report.kinds.get(kind, 0) + 1
        if problem:
            report.problems.append(problem)
            print(problem, file=sys.stderr, flush=True)
        if report.tried % _TELL_EVERY == 0:
            print(f"{report.tried} of {len(cases)}, {len(report.problems)} problems", file=sys.stderr, flush=True)
    report.seconds = time.monotonic() - started
    return report


def _mutated(campaign: Campaign, count: int) -> CampaignReport:
    def judged(number: int) -> tuple[str, str]:
        mutation = campaign.mutation(number)
        codes = campaign.judge(mutation).codes()
        right = all(group & codes for group in mutation.reasons)
        return mutation.name, "" if right else f"{number} {mutation.name}: {sorted(codes)}"

    return _campaign(range(count), judged)


def honest(count: int) -> CampaignReport:
    """Honest bundles of a rehearsed 2018 at so many moments of it: none may be refused."""

    def tried(year: RealYear, folder: Path) -> CampaignReport:
        moments, size = Moments(year, folder), year.store.size()

        def judged(at: int) -> tuple[str, str]:
            files, trust = moments.bundle(at)
            codes = verify(MemoryBundle(files), trust).codes()
            return "", f"{at} entries: {sorted(codes)}" if codes else ""

        # The first moment is that at which the log was opened; the last one has every entry.
        return _campaign(sorted({1 + (size - 1) * number // max(1, count - 1) for number in range(count)}), judged)

    return _with_the_real_year(tried)


def alone() -> AloneReport:
    """Verify the real bundle as a tar with nothing but Python and a copy of the verifier."""

    def verified(year: RealYear, folder: Path) -> AloneReport:
        place = folder / "bundle.tar"
        with tarfile.open(place, "w") as tar:
            for name, data in sorted(year.files().items()):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        (folder / "policy").write_text(year.policy, encoding="utf-8")
        (folder / "kept").write_bytes(year.kept[1])
        return verified_alone(folder, place, ["--policy", str(folder / "policy"), "--kept", str(folder / "kept")])

    return _with_the_real_year(verified)


def _with_the_real_year(work: Callable[[RealYear, Path], Done]) -> Done:
    async def lived(folder: Path) -> Done:
        async with audited_year(folder / "data", "late:4") as audited:
            year = RealYear.of(audited)
            return await asyncio.to_thread(work, year, folder)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(lived(Path(folder)))


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
