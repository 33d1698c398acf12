"""The pool that replays: what becomes of it when a process is killed, and of its processes when it is."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from application.audit.replay_pool import replay_pool
from bench.patience import PATIENCE_SECONDS
from domain.errors import DubanError

MANY = 1_000
ROOT = Path(__file__).resolve().parents[3]
WAITING = f"""
import asyncio, signal, time
from application.audit.replay_pool import replay_pool

async def main():
    with replay_pool({MANY}, 2) as pool:
        loop = asyncio.get_running_loop()
        async def one(_):
            await loop.run_in_executor(pool.executor, time.sleep, 0.2)
            print("replayed", flush=True)
        await pool.each(range({MANY}), one)

if __name__ == "__main__":
    # What is begun in the background of a shell is kept from Ctrl-C; this one stands for what stands before a person.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        raise SystemExit(130)
"""


def ended(status: int | None) -> None:
    """End this process at once where there is a status to end with."""
    if status is not None:
        os._exit(status)


async def replayed_until_one_is_killed() -> None:
    """Replay much; the process that is given the eighth piece is killed by the system."""
    with replay_pool(MANY, 2) as pool:

        async def one(number: int) -> None:
            ends: int | None = 9 if number == 7 else None
            await asyncio.get_running_loop().run_in_executor(pool.executor, ended, ends)

        await pool.each(range(MANY), one)


async def test_a_killed_process_ends_all_with_a_sentence() -> None:
    """When the system kills a replaying process, the person hears what was not done, and no process stays behind."""
    before = set(psutil.Process().children())

    with pytest.raises(DubanError, match=r"重放没有做完.*请稍后再试"):
        await replayed_until_one_is_killed()

    new = [each for each in set(psutil.Process().children()) - before if "spawn_main" in " ".join(each.cmdline())]
    assert new == []


@contextmanager
def replaying(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """A program that replays in processes of its own, as in a terminal of its own, and those processes."""
    program = tmp_path / "waiting.py"
    program.write_text(WAITING, encoding="utf-8")
    started = subprocess.Popen(
        [sys.executable, program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert started.stdout is not None
        assert started.stdout.readline() == "replayed\n", started.stderr and started.stderr.read()
        yield started, psutil.Process(started.pid).children(recursive=True)
    finally:
        started.kill()
        started.communicate()


def test_ctrl_c_ends_it_with_its_processes_and_without_a_trace(tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the terminal: all end within moments, and none writes how it was interrupted."""
    with replaying(tmp_path) as (program, processes):
        os.killpg(program.pid, signal.SIGINT)
        _, told = program.communicate(timeout=PATIENCE_SECONDS)
        assert (program.returncode, told) == (130, "")
        assert len(processes) >= 2
        assert psutil.wait_procs(processes, PATIENCE_SECONDS)[1] == []


def test_its_processes_end_when_it_is_killed(tmp_path: Path) -> None:
    """A process that was killed can end no others: they notice, and end themselves."""
    with replaying(tmp_path) as (program, processes):
        program.kill()
        program.wait()
        assert len(processes) >= 2
        assert psutil.wait_procs(processes, PATIENCE_SECONDS)[1] == []
