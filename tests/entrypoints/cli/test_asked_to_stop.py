"""What tells `duban run`, the desk and the worker to stop."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
