"""Several workers on one PostgreSQL ledger: one leads, and whoever lost its mandate writes nothing any more."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest

from adapters.ledger.postgres_ledger import PostgresLedger
from adapters.ledger.postgres_mandates import UNHEARD_SECONDS, PostgresMandates
from domain.ports.mandates import HANDED_OVER_WITHIN_SECONDS
from domain.record.ledger_errors import MandateLostError
from tests.adapters.ledger.conftest import SteppedClock
from tests.adapters.ledger.samples import STREAM, decision, reminder
from tests.entrypoints.installation import ROOT, until

OPENS = Callable[[], PostgresLedger]


@pytest.fixture
def opens(database: str, writer_clock: SteppedClock) -> Iterator[OPENS]:
    """How a worker opens the ledger; each gives its mandate back at the end."""
    with ExitStack() as stack:

        def opened() -> PostgresLedger:
            ledger = PostgresLedger.open(database, writer_clock)
            stack.callback(ledger.close)
            stack.callback(ledger.mandates().leave)
            return ledger

        yield opened


def taken(ledger: PostgresLedger, name: str) -> PostgresMandates:
    """The mandate of a worker, taken."""
    ledger.mandates().take(name)
    return ledger.mandates()


@contextmanager
def ready_writer(database: str, where: str) -> Iterator[subprocess.Popen[str]]:
    """A worker's ledger in a process of its own, inside a transaction or between two."""
    command = [sys.executable, "-m", "tests.adapters.ledger.frozen_writer", database, where]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def somebody_judges(owner: psycopg.Connection[Any]) -> None:
    """Wait until a worker has been here long enough to take away the mandate of one that was killed."""
    owner.execute("INSERT INTO duban.writer(name, seen_at) VALUES ('killed', now() - interval '1 hour')")
    gone = "SELECT count(*) FROM duban.writer WHERE name='killed'"
    until(lambda: owner.execute(gone).fetchone() == (0,), "a judge")


async def test_a_writer_that_was_frozen_appends_nothing_after_the_hand_over(opens: OPENS, database: str) -> None:
    """Frozen inside and between transactions (SIGSTOP), the others write and lead within 5 s; thawed it is refused."""
    ledger = opens()  # makes the schema
    with psycopg.connect(database, autocommit=True) as owner, ExitStack() as stack:
        frozen = []
        for where in ("between", "inside"):
            frozen.append(stack.enter_context(ready_writer(database, where)))
            if where == "between":
                ours = taken(ledger, "ours")
                somebody_judges(owner)
        for process in frozen:
            process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        await ledger.record(decision(reminder(0)))
        written = time.monotonic() - began
        until(lambda: ours.leads, "the hand-over")
        led = time.monotonic() - began
        assert max(written, led) < HANDED_OVER_WITHIN_SECONDS
        until(lambda: owner.execute("SELECT count(*) FROM duban.writer").fetchone() == (1,), "the others' loss")

        said = []
        for process in frozen:
            process.send_signal(signal.SIGCONT)
            said.append(process.communicate("\n")[0].split()[-1])
    assert said == [MandateLostError.rule] * 2
    assert [entry.event["stream"] for entry in ledger.entries()] == [STREAM]


async def test_who_leaves_hands_over_at_once_and_its_successor_writes(opens: OPENS) -> None:
    """The oldest mandate leads; given back, the next one leads; a ledger without a mandate is not asked for one."""
    first, second, desk = opens(), opens(), opens()
    one, two = taken(first, "one"), taken(second, "two")
    assert (one.leads, two.leads) == (True, False)
    assert [(each.name, each.number) for each in two.held()] == [("one", one.number), ("two", two.number)]
    await desk.record(decision(reminder(0)))
    await second.record(decision(reminder(1)))

    one.leave()

    assert [each.name for each in two.held()] == ["two"]
    assert not one.leads
    until(lambda: two.leads, "the next one")
    assert [entry.stream_seq for entry in first.entries()] == [0, 1]


async def test_a_mandate_that_was_taken_away_is_known_to_its_worker(opens: OPENS, database: str) -> None:
    """Whose row is gone does not lead, knows that it is lost, and writes neither before nor after it knows."""
    ledger = opens()
    mandates = taken(ledger, "one")
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("DELETE FROM duban.writer")

    with pytest.raises(MandateLostError):
        await ledger.record(decision(reminder(0)))

    until(lambda: mandates.lost, "what the worker knows")
    assert not mandates.leads
    with pytest.raises(MandateLostError):
        await ledger.record(decision(reminder(0)))
    assert list(ledger.entries()) == []


async def test_a_server_that_was_away_costs_nobody_a_mandate(opens: OPENS, database: str) -> None:
    """Cut off together, workers are heard of again together, with the numbers that they had."""
    first, second = opens(), opens()
    one, two = taken(first, "one"), taken(second, "two")
    with psycopg.connect(database, autocommit=True) as owner:
        somebody_judges(owner)
        # Together: a worker that is heard of in between would judge the other one.
        with owner.transaction():
            owner.execute(
                "UPDATE duban.writer SET seen_at = seen_at - make_interval(secs => %s)", (UNHEARD_SECONDS + 1,)
            )
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    until(lambda: len(two.held()) == 2, "both")
    assert (one.lost, two.lost) == (False, False)
    await second.record(decision(reminder(0)))
