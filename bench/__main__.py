"""The measurements by command: `python -m bench WHAT`, WHAT being one of the choices; tables go to standard output."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from bench import tables
from bench.absences import AbsencesPlan, absences
from bench.continue_as_new import ManyCommands, continue_as_new
from bench.costs import Cost, play, refusal_events, scenarios
from bench.crash import CrashPlan, crash_run
from bench.herd import HerdFigures, HerdPlan, Kind, run_herd
from bench.installation import WorkerProcess, installation, progress, until_it_polls
from bench.ledger import rates, rates_table
from bench.power_cuts import CutsPlan, power_cuts
from bench.race_tables import absences_table, races_table
from bench.races import RacesPlan, races
from bench.start_kills import StartKillsPlan, start_kills
from entrypoints.bootstrap import activities_of, open_records
from entrypoints.connecting import DATA_CONVERTER
from entrypoints.embedded import engine_program
from entrypoints.engine import Engine
from entrypoints.runtime import build_worker
from entrypoints.settings import Settings

EVERY = ("costs", "herd", "ledger", "crash", "start-kills", "continue-as-new", "power-cuts", "races", "absences")
_SPREAD_SECONDS = 30


async def count_costs() -> tuple[list[Cost], int]:
    """All cost scenarios on the time-skipping engine, and refusals on the real one (the other keeps their tasks)."""
    progress("costs: a year on the time-skipping engine")
    with tempfile.TemporaryDirectory(prefix="duban-bench-costs-") as folder:
        settings = Settings(data=Path(folder) / "data", task_queue="bench-costs")
        with open_records(settings) as records:
            environment = await WorkflowEnvironment.start_time_skipping(
                test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
            )
            async with environment:
                engine = Engine(environment.client, settings.task_queue)
                await engine.prepare_namespace()
                activities = activities_of(records, settings.papers_folder, settings.outbox_folder, settings.issuer)
                with environment.auto_time_skipping_disabled():
                    async with build_worker(environment.client, task_queue=settings.task_queue, activities=activities):
                        costs = await play(environment, engine, scenarios())
    progress("costs: refusals on the real engine")
    async with installation("refusals") as office:
        worker = WorkerProcess(office.settings)
        try:
            await until_it_polls(office, office.settings.task_queue)
            return costs, await refusal_events(office)
        finally:
            worker.stop()


async def measure_herds(plan: HerdPlan, rounds: int) -> list[HerdFigures]:
    """Each kind on one engine, in alternating order."""
    figures: list[HerdFigures] = []
    async with installation("herd") as office:
        for number in range(rounds):
            kinds: tuple[Kind, ...] = ("floor", "duban")
            order = kinds if number % 2 == 0 else kinds[::-1]
            progress(f"herd of {plan.projects}, spread {plan.spread.total_seconds():.0f} s, round {number + 1}")
            figures += [await run_herd(office, kind, plan) for kind in order]
    return figures


async def race(options: argparse.Namespace, what: Sequence[str]) -> int:
    """Race short histories, and take an office's worker away; 1 when something is not as it must be."""
    status = 0
    if "races" in what:
        progress(f"races: {options.histories} histories, seed {options.seed}")
        raced = await races(RacesPlan(options.histories, options.seed))
        print(races_table(raced), flush=True)
        status = max(status, int(bool(raced.findings.problems)))
    if "absences" in what:
        progress(f"absences: {options.absent_projects} projects, {options.absences} rounds, seed {options.seed}")
        absent = await absences(AbsencesPlan(options.absent_projects, options.absences, options.seed))
        print(absences_table(absent), flush=True)
        status = max(status, int(bool(absent.problems)))
    return status


async def main(options: argparse.Namespace) -> int:
    """Measure what is asked for, print each table when it is there; 1 when a kill left a problem behind."""
    what = EVERY if options.what == "all" else (options.what,) if options.what else EVERY[:3]
    print(tables.heading(), flush=True)
    status = 0
    if "costs" in what:
        print(tables.cost_table(*await count_costs()), flush=True)
    if "herd" in what:
        spreads = [timedelta(), timedelta(seconds=_SPREAD_SECONDS)]
        for size in options.projects:
            for spread in spreads if size == min(options.projects) else spreads[:1]:
                plan = HerdPlan(size, max(20, size // 5), spread, options.starts_a_second)
                rounds = options.rounds if size == min(options.projects) else max(1, options.rounds // 2)
                print(tables.herd_table(plan, await measure_herds(plan, rounds)), flush=True)
        print(tables.heading(), flush=True)
    if "ledger" in what:
        progress("ledger: appends, verification, proofs")
        # In a thread of its own: each part of it runs a loop of its own.
        print(rates_table(await asyncio.to_thread(rates)), flush=True)
    if "crash" in what:
        runs = []
        for seed in range(options.seed, options.seed + options.runs):
            progress(f"crash: seed {seed}")
            runs.append(await crash_run(CrashPlan(options.crash_projects, seed)))
        print(tables.crash_table(runs), flush=True)
        status = int(any(run.findings.problems for run in runs))
    if "start-kills" in what:
        kills = await start_kills(StartKillsPlan(options.years, options.made_up, options.seed))
        print(tables.start_kill_table(kills), flush=True)
        status = max(status, int(any(kill.problems for kill in kills)))
    if "continue-as-new" in what:
        progress(f"continue-as-new: {options.commands} commands")
        done = await continue_as_new(ManyCommands(options.commands))
        print(tables.continued_table(done), flush=True)
        status = max(status, int(bool(done.problems)))
    if "power-cuts" in what:
        cuts = await power_cuts(CutsPlan(options.cuts, options.kills, options.seed))
        print(tables.cuts_table(cuts), flush=True)
        status = max(status, int(bool(cuts.problems)))
    status = max(status, await race(options, what))
    # Measured: without this pause the engine's library sometimes crashes a process that ends.
    await asyncio.sleep(0.2)
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=(*EVERY, "all"),
        help="three without",
    )
    parser.add_argument("--projects", type=int, nargs="+", default=[1_000, 3_000], help="sizes of the herd")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of the smallest herd; half as many of the others")
    parser.add_argument("--starts-a-second", type=float, default=30.0, help="how fast starts may be counted on")
    parser.add_argument("--runs", type=int, default=30, help="runs of the crash campaign")
    parser.add_argument("--crash-projects", type=int, default=200)
    parser.add_argument("--years", type=int, default=20, help="years whose two starts are killed")
    parser.add_argument("--made-up", type=int, default=60, help="rows behind the real list's in those years")
    parser.add_argument("--commands", type=int, default=5_000, help="commands to one project over continue-as-news")
    parser.add_argument("--cuts", type=int, default=5, help="power cuts of the real list")
    parser.add_argument("--kills", type=int, default=20, help="kills of the real list while acts come in")
    parser.add_argument("--histories", type=int, default=2_000, help="short histories that are raced")
    parser.add_argument("--absent-projects", type=int, default=200, help="projects whose worker goes away")
    parser.add_argument("--absences", type=int, default=30, help="how many times it does")
    parser.add_argument("--seed", type=int, default=1, help="the first run's seed")
    raise SystemExit(asyncio.run(main(parser.parse_args())))
