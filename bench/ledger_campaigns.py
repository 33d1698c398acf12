"""Long campaigns on bundles: mutations that must all be refused, honest bundles that must all pass, a full disk."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from adapters.clock import system_clock
from adapters.ledger.sqlite_ledger import SqliteLedger
from bench.installation import progress
from bench.ledger_alone import AloneReport, verified_alone
from bench.ledger_kills import decision_of
from bench.memory_bundle import MemoryBundle
from bench.report import Report
from domain.errors import LedgerUnavailableError
from tests.rehearsal.audited_year import audited_year
from tests.rehearsal.real_bundle import Moments, RealYear
from tests.verifier.eventful_year import MOST_HAPPENS, PERIODS, periods_of
from tests.verifier.mutations import Campaign
from tests.verifier.past_stamps import PastAuthority
from verifier.verify import verify

_TELL_EVERY = 500
_OF_A_YEAR = 250
"""So many mutations of each year: it takes as long to live through as thirty of them."""
_HONEST_SEEDS = 100_000
"""Honest years are others than those that are mutated."""
Sizes = Mapping[str, int]
Done = TypeVar("Done")
Tried = TypeVar("Tried")
TRIED = "tried"
_STREAM = "key-project/2018/01"


def mutations(count: int) -> Report:
    """Mutations of the real bundle of a rehearsed 2018: each must be refused with the right reason."""
    return _with_the_real_year(lambda year, _: _mutated(Campaign(year), count))


def mutations_of_offices(count: int, first: int = 0) -> Report:
    """The same on small bundles of many offices' years, in which evidence was erased, heads were stamped, keys were
    changed and stolen and the log was taken up again; from the mutation of number `first` on."""
    campaigns: dict[int, Campaign] = {}

    with tempfile.TemporaryDirectory() as folder:
        authorities = _authorities(Path(folder))

        def judged(number: int) -> tuple[str, str]:
            seed = number // _OF_A_YEAR
            if seed not in campaigns:
                campaigns.clear()  # the one before is done with
                sizes = {"projects": 2, "milestones": 2, "days": 150}
                campaigns[seed] = Campaign(asyncio.run(_last(Path(folder), authorities, seed, 4, sizes)))
            return _judged(campaigns[seed], number)

        return _campaign(range(first, first + count), judged)


async def _last(folder: Path, authorities: Sequence[PastAuthority], seed: int, happen: int, sizes: Sizes) -> Any:
    (*_, year) = [year async for year in periods_of(folder / str(seed), authorities, seed=seed, happen=happen, **sizes)]
    return year


def _authorities(folder: Path) -> list[PastAuthority]:
    return [PastAuthority.opened(folder / name, name) for name in ("trusted", "stranger")]


def _campaign(cases: Sequence[Tried], judged: Callable[[Tried], tuple[str, str]]) -> Report:
    """Try every case; `judged` answers its kind, if it has one, and what is wrong, if anything is."""
    report, started = Report(), time.monotonic()
    for case in cases:
        _count(report, *judged(case))
        if report.figures[TRIED] % _TELL_EVERY == 0:
            progress(f"{report.figures[TRIED]:.0f} of {len(cases)}, {len(report.problems)} problems")
    report.figures["seconds"] = time.monotonic() - started
    return report


def _count(report: Report, kind: str, problem: str) -> None:
    report.figures[TRIED] += 1
    if kind:
        report.figures[kind] += 1
    if problem:
        report.problems.append(problem)
        progress(problem)


def _mutated(campaign: Campaign, count: int) -> Report:
    return _campaign(range(count), lambda number: _judged(campaign, number))


def _judged(campaign: Campaign, number: int) -> tuple[str, str]:
    mutation = campaign.mutation(number)
    codes = campaign.judge(mutation).codes()
    right = all(group & codes for group in mutation.reasons)
    return mutation.name, "" if right else f"{number} {mutation.name}: {sorted(codes)}"


def honest(count: int) -> Report:
    """Honest bundles of a rehearsed 2018 at so many moments of it: none may be refused."""

    def tried(year: RealYear, folder: Path) -> Report:
        moments, size = Moments(year, folder), year.store.size()

        def judged(at: int) -> tuple[str, str]:
            files, trust = moments.bundle(at)
            codes = verify(MemoryBundle(files), trust).codes()
            return "", f"{at} entries: {sorted(codes)}" if codes else ""

        # The first moment is that at which the log was opened; the last one has every entry.
        return _campaign(sorted({1 + (size - 1) * number // max(1, count - 1) for number in range(count)}), judged)

    return _with_the_real_year(tried)


def honest_of_offices(count: int, first: int = 0) -> Report:
    """Bundles of other such years, at the end of each of their periods, small and large: none may be refused."""

    async def lived(folder: Path) -> Report:
        authorities, report, started = _authorities(folder), Report(), time.monotonic()
        for seed in range(_HONEST_SEEDS + first, _HONEST_SEEDS + first + -(-count // PERIODS)):
            sizes = {"projects": 1 + seed % 4, "milestones": 1 + seed % 3, "days": 12 + seed % 60}
            happen = seed % (MOST_HAPPENS + 1)
            async for year in periods_of(folder / str(seed), authorities, seed=seed, happen=happen, **sizes):
                codes = verify(MemoryBundle(year.files()), year.trust()).codes()
                wrong = f"{seed}, {year.store.size()} entries: {sorted(codes)}" if codes else ""
                _count(report, f"{happen} happenings", wrong)
            year.ledger.close()
        report.figures["seconds"] = time.monotonic() - started
        return report

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(lived(Path(folder)))


def alone() -> AloneReport:
    """Verify the real bundle as a tar with nothing but Python and a copy of the verifier."""

    return _with_the_real_year(lambda year, folder: verified_alone(folder, year.files(), year.policy, year.kept[1]))


def _with_the_real_year(work: Callable[[RealYear, Path], Done]) -> Done:
    async def lived(folder: Path) -> Done:
        async with audited_year(folder / "data", "late:4") as audited:
            year = RealYear.of(audited)
            return await asyncio.to_thread(work, year, folder)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(lived(Path(folder)))


def full_disk() -> Report:
    """A real file system of two megabytes that fills up, gets room again, and becomes read-only. Needs a superuser."""
    report, started = Report(), time.monotonic()
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
    report.figures["seconds"] = time.monotonic() - started
    return report


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)  # noqa: S607 - the system's own


async def _fill(folder: Path, report: Report) -> int:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", system_clock.now)
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * 600_000)
    kept = 0
    try:
        while kept < 5_000:
            await ledger.record(decision_of(_STREAM, kept, kept + 9))
            kept += 10
        report.problems.append("the disk did not fill up")
    except LedgerUnavailableError as error:
        report.figures[error.text] = 1
    if sum(1 for _ in ledger.entries()) != kept:
        report.problems.append("what was acknowledged is not what is there")
    ballast.unlink()
    await ledger.record(decision_of(_STREAM, kept, kept + 9))
    ledger.close()
    return kept + 10


async def _refuse(folder: Path, kept: int, report: Report) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", system_clock.now)
    if sum(1 for _ in ledger.entries()) != kept:
        report.problems.append("a read-only disk does not show what is there")
    try:
        await ledger.record(decision_of(_STREAM, kept, kept + 9))
        report.problems.append("a read-only disk took a write")
    except LedgerUnavailableError as error:
        report.figures[error.text] = 1
    ledger.close()


async def _go_on(folder: Path, kept: int, report: Report) -> None:
    ledger = SqliteLedger.open(folder / "ledger.sqlite", system_clock.now)
    await ledger.record(decision_of(_STREAM, kept, kept + 9))
    if (entries := sum(1 for _ in ledger.entries())) != kept + 10:
        report.problems.append(f"{entries} entries instead of {kept + 10}")
    report.figures["entries"] = entries
    ledger.close()
