"""Short commands without the start of an interpreter: a process that has imported the shell forks one for each call.

A forked command is a process of its own, with its own arguments, environment and streams, as a person's would be. What
starts and stays (`duban run`), and what is about the start itself, is started as people start it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from bench.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]


def called(arguments: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `duban` with these arguments in this environment to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_SECONDS)
        line.connect(_forker())
        socket.send_fds(line, [b"\n"], [out.fileno(), err.fileno()])  # a long text would be sent in part
        line.sendall(b"".join(json.dumps(each).encode() + b"\n" for each in ([*arguments], dict(env))))
        with line.makefile("rb") as answers:
            ended = answers.readline()
        out.seek(0)
        err.seek(0)
        # One that was killed answers nothing.
        status = int(ended) if ended else -signal.SIGKILL
        return subprocess.CompletedProcess([*arguments], status, out.read().decode(), err.read().decode())


@cache
def _forker() -> str:
    folder = tempfile.mkdtemp(prefix="duban-fork-")
    place = f"{folder}/line"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.entrypoints.forking", place],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    atexit.register(process.communicate)
    return place


def _serve(place: str) -> None:
    """Fork a command for each call until the standard input ends."""
    from importlib import import_module  # noqa: PLC0415 - in the process that forks alone

    from entrypoints.cli.command_table import COMMANDS  # noqa: PLC0415 - as above

    for module in {named.module for section in COMMANDS for named in section.commands}:
        import_module(f"entrypoints.cli.{module}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door, selectors.DefaultSelector() as ready:
        door.bind(place)
        door.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        ready.register(door, selectors.EVENT_READ)
        ready.register(sys.stdin, selectors.EVENT_READ)
        while all(key.fileobj is door for key, _ in ready.select()):
            line, _ = door.accept()
            with line:
                if os.fork() == 0:
                    door.close()
                    _run(line)
    Path(place).unlink()
    Path(place).parent.rmdir()


def _run(line: socket.socket) -> None:
    """Be one command, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, handed, _, _ = socket.recv_fds(line, 1, 2)
    with line.makefile("rb") as rest:
        arguments, env = json.loads(rest.readline()), json.loads(rest.readline())
    for file, number in zip((os.open(os.devnull, os.O_RDONLY), *handed), range(3), strict=True):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    status = _status(arguments)
    with contextlib.suppress(ValueError):
        sys.stdout.flush()
    line.sendall(b"%d\n" % status)
    os._exit(0)


def _status(arguments: Sequence[str]) -> int:
    from entrypoints.cli.main import main  # noqa: PLC0415 - in the process that forks alone

    sys.argv = ["duban", *arguments]
    try:
        main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it is, the interpreter would print it and end with 1
        traceback.print_exc()
        return 1
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter does at its end
        atexit._run_exitfuncs()
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
