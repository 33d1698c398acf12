"""The measurements by command: `python -m bench WHAT`, WHAT being one of the choices; tables go to standard output."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.settings import Settings
from bench import desk_pages, tables
from bench.absences import AbsencesPlan, absences
from bench.continue_as_new import ManyCommands, continue_as_new
from bench.costs import Cost, play, refusal_events, scenarios
from bench.crash import CrashPlan, crash_run
from bench.delivery_kills import DeliveryKillsPlan, delivery_kills
from bench.desk_kills import desk_kills, kills_table
from bench.desk_people import desk_people, people_table
from bench.herd import HerdFigures, HerdPlan, Kind, run_herd
from bench.installation import at_work, installation, progress
from bench.ledger import rates, rates_table
from bench.power_cuts import CutsPlan, power_cuts
from bench.race_tables import absences_table, races_table
from bench.races import RacesPlan, races
from bench.register import measure as measure_register
from bench.start_kills import StartKillsPlan, start_kills
from bench.worker_delivery_kills import WorkerKillsPlan, delivery_kills_table, worker_delivery_kills
from entrypoints.bootstrap import activities_of, open_records
from entrypoints.bootstrap.documents import documents_of

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
                activities = activities_of(
                    records, documents_of(settings, settings.papers_folder), settings.outbox_folder
                )
                with environment.auto_time_skipping_disabled():
                    async with build_worker(environment.client, task_queue=settings.task_queue, activities=activities):
                        costs = await play(environment, engine, scenarios())
    progress("costs: refusals on the real engine")
    async with installation("refusals") as office, at_work(office):
        return costs, await refusal_events(office)


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


async def costs(options: argparse.Namespace) -> bool:
    """What one thing costs in history events."""
    del options
    print(tables.cost_table(*await count_costs()), flush=True)
    return True


async def herd(options: argparse.Namespace) -> bool:
    """Month's ends of every size that is asked for."""
    spreads = [timedelta(), timedelta(seconds=_SPREAD_SECONDS)]
    for size in options.projects:
        for spread in spreads if size == min(options.projects) else spreads[:1]:
            plan = HerdPlan(size, max(20, size // 5), spread, options.starts_a_second)
            rounds = options.rounds if size == min(options.projects) else max(1, options.rounds // 2)
            print(tables.herd_table(plan, await measure_herds(plan, rounds)), flush=True)
    print(tables.heading(), flush=True)
    return True


async def ledger(options: argparse.Namespace) -> bool:
    """Appends, verification, proofs; in a thread of its own, for each part of it runs a loop of its own."""
    del options
    print(rates_table(await asyncio.to_thread(rates)), flush=True)
    return True


async def crashes(options: argparse.Namespace) -> bool:
    """Kills in the middle of a month's end."""
    runs = []
    for seed in range(options.seed, options.seed + options.runs):
        progress(f"crash: seed {seed}")
        runs.append(await crash_run(CrashPlan(options.crash_projects, seed)))
    print(tables.crash_table(runs), flush=True)
    return not any(run.findings.problems for run in runs)


async def killed_starts(options: argparse.Namespace) -> bool:
    """Kills in the middle of a start."""
    kills = await start_kills(StartKillsPlan(options.years, options.made_up, options.seed))
    print(tables.start_kill_table(kills), flush=True)
    return not any(kill.problems for kill in kills)


async def continued(options: argparse.Namespace) -> bool:
    """Many commands to one project, over its runs."""
    done = await continue_as_new(ManyCommands(options.commands))
    print(tables.continued_table(done), flush=True)
    return not done.problems


async def cuts(options: argparse.Namespace) -> bool:
    """Power cuts of the real list, and kills while acts come in."""
    done = await power_cuts(CutsPlan(options.cuts, options.kills, options.seed))
    print(tables.cuts_table(done), flush=True)
    return not done.problems


async def raced(options: argparse.Namespace) -> bool:
    """Short histories in which everything arrives at any moment."""
    done = await races(RacesPlan(options.histories, options.seed))
    print(races_table(done), flush=True)
    return not done.findings.problems


async def absent(options: argparse.Namespace) -> bool:
    """A worker that goes and comes while questions, commands and alarms arrive."""
    done = await absences(AbsencesPlan(options.absent_projects, options.absences, options.seed))
    print(absences_table(done), flush=True)
    return not done.problems


async def register(options: argparse.Namespace) -> bool:
    """The register's pages, its making, the command that shows it, kills."""
    figures = await measure_register(options.register_projects, options.kills)
    return not figures.problems


async def desk(options: argparse.Namespace) -> bool:
    """The first byte of every page of the desk."""
    return not desk_pages.problems(await desk_pages.measure(options.desk_projects))


async def people_at_the_desk(options: argparse.Namespace) -> bool:
    """So many people who act through HTTP."""
    found = await desk_people(options.people, options.acts, options.pause, options.seed)
    print(people_table(found, options.people, options.pause), flush=True)
    return not found.problems


async def kills_at_the_desk(options: argparse.Namespace) -> bool:
    """Kills in the middle of an act at the desk."""
    kills = await desk_kills(options.desk_kills, options.seed)
    print(kills_table(kills), flush=True)
    return not any(kill.problems for kill in kills)


async def kills_of_deliveries(options: argparse.Namespace) -> bool:
    """Kills of the worker, and of the courier alone, while messages go out to real servers."""
    worker = await worker_delivery_kills(WorkerKillsPlan(options.kills, options.seed))
    with tempfile.TemporaryDirectory(prefix="duban-bench-courier-") as folder:
        courier = await delivery_kills(DeliveryKillsPlan(kills=options.kills, seed=options.seed), Path(folder))
    print(delivery_kills_table({"the worker": worker, "the courier alone": courier}), flush=True)
    return not (worker.problems or courier.problems)


MEASUREMENTS: dict[str, Callable[[argparse.Namespace], Awaitable[bool]]] = {
    "costs": costs,
    "herd": herd,
    "ledger": ledger,
    "crash": crashes,
    "start-kills": killed_starts,
    "continue-as-new": continued,
    "power-cuts": cuts,
    "races": raced,
    "absences": absent,
    "register": register,
    "desk": desk,
    "desk-people": people_at_the_desk,
    "desk-kills": kills_at_the_desk,
    "delivery-kills": kills_of_deliveries,
}
_BY_DEFAULT = ("costs", "herd", "ledger")


async def main(options: argparse.Namespace) -> int:
    """Measure what is asked for, print each table when it is there; 1 when a kill or a race left a problem behind."""
    what = tuple(MEASUREMENTS) if options.what == "all" else (options.what,) if options.what else _BY_DEFAULT
    print(tables.heading(), flush=True)
    sound = True
    for name in what:
        progress(f"{name}: seed {options.seed}")
        sound = await MEASUREMENTS[name](options) and sound
    # Measured: without this pause the engine's library sometimes crashes a process that ends.
    await asyncio.sleep(0.2)
    return 0 if sound else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=(*MEASUREMENTS, "all"),
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
    parser.add_argument("--kills", type=int, default=20, help="kills while acts come in, or messages go out")
    parser.add_argument("--histories", type=int, default=2_000, help="short histories that are raced")
    parser.add_argument("--absent-projects", type=int, default=200, help="projects whose worker goes away")
    parser.add_argument("--absences", type=int, default=30, help="how many times it does")
    parser.add_argument("--register-projects", type=int, default=10_000, help="projects in the register")
    parser.add_argument("--desk-projects", type=int, default=1_500, help="projects beside which pages are measured")
    parser.add_argument("--people", type=int, default=50, help="people who act through HTTP")
    parser.add_argument("--acts", type=int, default=6, help="acts of each of them")
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two acts of one, on the average")
    parser.add_argument("--desk-kills", type=int, default=20, help="kills in the middle of an act at the desk")
    parser.add_argument("--seed", type=int, default=1, help="the first run's seed")
    raise SystemExit(asyncio.run(main(parser.parse_args())))
