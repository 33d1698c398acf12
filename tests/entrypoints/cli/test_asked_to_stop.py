"""What tells `duban run`, the desk and the worker to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from bench.patience import PATIENCE_SECONDS
from bench.processes import ROOT

_TOLD_BY_ITS_TERMINAL = """
import asyncio, os, signal, sys
from entrypoints.cli.session import asked_to_stop

async def told():
    stopped = asked_to_stop()
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.sleep(0.2)
    print(stopped.is_set())

signal.signal(signal.SIGHUP, getattr(signal, sys.argv[1]))
asyncio.run(told())
"""


@pytest.mark.parametrize(("begun", "stops"), [("SIG_DFL", True), ("SIG_IGN", False)], ids=["as ever", "nohup"])
def test_a_terminal_that_is_closed_stops_what_runs_in_it_in_good_order(begun: str, stops: bool) -> None:
    """The engine is taken down with it, as by Ctrl-C; what was begun under nohup goes on."""
    program = [sys.executable, "-c", _TOLD_BY_ITS_TERMINAL, begun]
    said = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(stops)


_HANGS = """
import asyncio, sys, threading
from entrypoints.cli import session

async def told():
    stopped = session.asked_to_stop()
    print("ready", flush=True)
    await stopped.wait()
    if sys.argv[2] == "blocked":
        await asyncio.sleep(1.2)
        threading.Event().wait()
    await asyncio.Event().wait()

session.STOPS_WITHIN_SECONDS = int(sys.argv[1])
session.run_async(told())
"""


@pytest.mark.parametrize("where", ["waiting", "blocked"])
@pytest.mark.parametrize(
    ("within", "again", "ended_by"),
    [(60, True, signal.SIGINT), (2, False, signal.SIGALRM)],
    ids=["told twice", "in time"],
)
def test_what_hangs_when_it_is_told_to_stop_is_ended(
    where: str, within: int, *, again: bool, ended_by: signal.Signals
) -> None:
    """By a second Ctrl-C, or when its time is over; one Ctrl-C that comes twice at once is one."""
    program = [sys.executable, "-c", _HANGS, str(within), where]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        for _ in range(2):
            running.send_signal(signal.SIGINT)
        time.sleep(1.5)
        assert running.poll() is None
        if again:
            running.send_signal(signal.SIGINT)
        try:
            assert running.wait(PATIENCE_SECONDS) == -ended_by
        finally:
            running.kill()
