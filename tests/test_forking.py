"""What is forked for the tests behaves as a process that is started."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.forking import forked


def test_two_threads_that_wait_for_a_killed_program_both_hear_how_it_ended(tmp_path: Path) -> None:
    """One stops it politely and waits, the other kills it meanwhile and waits too: neither is left waiting."""
    deaf = tmp_path / "deaf.py"
    deaf.write_text("import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)\n")
    with (tmp_path / "log").open("wb") as log, ThreadPoolExecutor() as threads:
        for _ in range(20):
            program = forked([str(deaf)], os.environ, log, None)
            others = [threads.submit(program.wait, 30) for _ in range(3)]
            program.kill()
            assert program.wait(30) == -signal.SIGKILL
            assert [each.result(30) for each in others] == [-signal.SIGKILL] * 3
