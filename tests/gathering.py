"""The processes of a whole run, forked from one that has imported every test: each would import them all again.

`python -m tests.gathering serve PLACE PATHS` is that process; `python gathering.py PLACE` stands where an interpreter
of its own would, and hands its streams to a forked one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def gathered(paths: Sequence[str]) -> str | None:
    """The interpreter to start for a process that has these tests imported; none where one cannot be imported."""
    folder = tempfile.mkdtemp(prefix="duban-tests-")
    place = f"{folder}/line"
    program = [sys.executable, "-m", "tests.gathering", "serve", place, *paths]
    process = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    # Each process tells what is wrong with a test when it imports it itself.
    if process.stdout.readline() != b"ready\n":
        process.communicate()
        Path(folder).rmdir()
        return None
    atexit.register(process.communicate)
    # `-S`: it needs nothing that is installed.
    return shlex.join([sys.executable, "-S", __file__, place])


def _serve(place: str, paths: Sequence[str]) -> int:
    """Import the tests, and be a process of the run for each call until the standard input ends."""
    line_out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if not _imported(paths):
        return 1
    gc.disable()  # as in a process that has yet to collect
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door, selectors.DefaultSelector() as ready:
        door.bind(place)
        door.listen(64)
        os.write(line_out, b"ready\n")
        os.close(line_out)
        ready.register(door, selectors.EVENT_READ)
        ready.register(sys.stdin, selectors.EVENT_READ)
        while all(key.fileobj is door for key, _ in ready.select()):
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    door.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    signal.signal(signal.SIGINT, interrupted)
                    _be_one(line)
    Path(place).unlink()
    Path(place).parent.rmdir()
    return 0


def _imported(paths: Sequence[str]) -> bool:
    """Import the tests as they are imported for a run, and collect next to nothing; say whether all were."""
    import pytest  # noqa: PLC0415 - not in the process that hands its streams on

    class Nothing:
        """A test of chance alone is collected: what all of them begin with is looked up for the first."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_pycollect_makeitem(self, obj: object) -> list[pytest.Item] | None:
            return None if getattr(obj, "is_hypothesis_test", False) else []

    asked = ["-c", str(ROOT / "pyproject.toml"), "--collect-only", "-q", "-p", "no:cacheprovider", *paths]
    return pytest.main(asked, plugins=[Nothing()]) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def _be_one(line: socket.socket) -> None:
    """Do on the other's streams what an interpreter is told on its standard input, and end."""
    _, handed, _, _ = socket.recv_fds(line, 1, 3)
    for file, number in zip(handed, range(3), strict=True):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    try:
        exec(eval(sys.stdin.readline()), {"__name__": "__main__"})  # noqa: S102, S307 - as `execnet` asks `python -c`
    except BaseException:  # noqa: BLE001 - whatever it is, the interpreter would print it and end
        traceback.print_exc()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter does at its end
        atexit._run_exitfuncs()  # as above
        with contextlib.suppress(ValueError):
            sys.stdout.flush()
        os._exit(0)


def _hand_on(place: str) -> None:
    """Give this process's streams to a forked one, and end with it."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(place)
        socket.send_fds(line, [b"\n"], [0, 1, 2])
        for stream in (0, 1):
            os.close(stream)  # it is the other's now: who waits for its end must not wait for ours
        line.recv(1)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        sys.exit(_serve(sys.argv[2], sys.argv[3:]))
    _hand_on(sys.argv[1])
