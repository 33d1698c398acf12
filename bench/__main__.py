"""The measurements by command: `python -m bench WHAT`, WHAT being one of the choices; tables go to standard output."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from bench.absences import AbsencesPlan, absences
from bench.attested_costs import attested_costs
from bench.commands import commands
from bench.continue_as_new import ManyCommands, continue_as_new
from bench.costs import costs
from bench.crash import crashes
from bench.delivery_kills import delivery_kills
from bench.desk_attacks import AttacksPlan, desk_attacks
from bench.desk_kills import desk_kills
from bench.desk_pages import desk_pages
from bench.desk_people import desk_people
from bench.herd import herds, open_projects
from bench.installation import progress
from bench.ledger import measured
from bench.power_cuts import CutsPlan, power_cuts
from bench.races import RacesPlan, races
from bench.register import register
from bench.report import Report, heading
from bench.start_kills import StartKillsPlan, start_kills

MEASUREMENTS: dict[str, Callable[[argparse.Namespace], Awaitable[Report]]] = {
    "costs": lambda _: costs(),
    "attested": lambda asked: attested_costs(asked.attested_acts),
    "herd": lambda asked: herds(asked.projects, asked.rounds, asked.starts_a_second),
    "open": lambda asked: open_projects(asked.open_projects, asked.starts_a_second),
    "commands": lambda asked: commands(asked.command_projects),
    "ledger": lambda _: measured(),
    "crash": lambda asked: crashes(asked.crash_projects, asked.runs, asked.seed),
    "start-kills": lambda asked: start_kills(StartKillsPlan(asked.years, asked.made_up, asked.seed)),
    "continue-as-new": lambda asked: continue_as_new(ManyCommands(asked.commands)),
    "power-cuts": lambda asked: power_cuts(CutsPlan(asked.cuts, asked.kills, asked.seed)),
    "races": lambda asked: races(RacesPlan(asked.histories, asked.seed)),
    "absences": lambda asked: absences(AbsencesPlan(asked.absent_projects, asked.absences, asked.seed)),
    "register": lambda asked: register(asked.register_projects, asked.kills),
    "desk": lambda asked: desk_pages(asked.desk_projects),
    "desk-people": lambda asked: desk_people(asked.people, asked.acts, asked.pause, asked.seed),
    "desk-attacks": lambda asked: desk_attacks(
        AttacksPlan(asked.slow_clients, asked.slow_seconds, asked.logins, asked.wrong_passwords)
    ),
    "desk-kills": lambda asked: desk_kills(asked.desk_kills, asked.seed),
    "delivery-kills": lambda asked: delivery_kills(asked.kills, asked.seed),
}
_BY_DEFAULT = ("costs", "herd", "ledger")
_SIZES: dict[str, tuple[float, str]] = {
    "--starts-a-second": (30.0, "how fast starts may be counted on"),
    "--open-projects": (10_000, "projects that a worker keeps open"),
    "--command-projects": (1_000, "projects of the year that commands are typed on"),
    "--rounds": (2, "rounds of the smallest herd; half as many of the others"),
    "--runs": (30, "runs of the crash campaign"),
    "--crash-projects": (200, "projects of each of them"),
    "--years": (20, "years whose two starts are killed"),
    "--made-up": (60, "rows behind the real list's in those years"),
    "--commands": (5_000, "commands to one project over continue-as-news"),
    "--cuts": (5, "power cuts of the real list"),
    "--kills": (20, "kills while acts come in, or messages go out"),
    "--histories": (2_000, "short histories that are raced"),
    "--absent-projects": (200, "projects whose worker goes away"),
    "--absences": (30, "how many times it does"),
    "--register-projects": (10_000, "projects in the register"),
    "--desk-projects": (1_500, "projects beside which pages are measured"),
    "--attested-acts": (400, "acts that are given with an attestation, and as many without"),
    "--people": (50, "people who act through HTTP"),
    "--acts": (6, "acts of each of them"),
    "--pause": (5.0, "seconds between two acts of one, on the average"),
    "--desk-kills": (20, "kills in the middle of an act at the desk"),
    "--slow-clients": (200, "clients that never finish what they send to the desk"),
    "--slow-seconds": (60.0, "how long they go on"),
    "--logins": (50, "people who sign in at one moment"),
    "--wrong-passwords": (500, "wrong passwords while the owner signs in"),
    "--seed": (1, "the first run's seed"),
}


async def main(asked: argparse.Namespace) -> int:
    """Measure what is asked for, print each report when it is there; 1 when one of them has a problem."""
    what = tuple(MEASUREMENTS) if asked.what == "all" else (asked.what,) if asked.what else _BY_DEFAULT
    print(heading(), flush=True)
    sound = True
    for name in what:
        progress(f"{name}: seed {asked.seed}")
        report = await MEASUREMENTS[name](asked)
        print(f"{name}\n\n{report}", flush=True)
        sound = sound and not report.problems
    # Measured: without this pause the engine's library sometimes crashes a process that ends.
    await asyncio.sleep(0.2)
    return 0 if sound else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=(*MEASUREMENTS, "all"), help="three without")
    parser.add_argument("--projects", type=int, nargs="+", default=[1_000, 3_000], help="sizes of the herd")
    for option, (size, words) in _SIZES.items():
        parser.add_argument(option, type=type(size), default=size, help=words)
    raise SystemExit(asyncio.run(main(parser.parse_args())))
