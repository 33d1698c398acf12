"""A real installation as people have it: `duban run` as a process of its own, on ports that nobody else uses."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import psutil

from bench.patience import PATIENCE_SECONDS
from bench.processes import Process
from tests.forking import called, ended, forked

Found = TypeVar("Found")

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "examples" / "2018-key-projects.yaml"
NOT_HANDED_ON = ("DUBAN_", "TEMPORAL_", "COLUMNS", "LINES", "FORCE_COLOR")
DUBAN = (sys.executable, "-m", "entrypoints.cli.main")
_WITHOUT_EFFORT = {
    # Printing has tests of its own; elsewhere each run of LibreOffice would only take the time.
    "DUBAN_PDF": "off",
    # Few projects have little to ask for, and each poller takes of the machine, here and in the engine.
    "DUBAN_WORKFLOW_POLLERS": "2",
    "DUBAN_ACTIVITY_POLLERS": "2",
    "PYTHONIOENCODING": "utf-8",
}
_PORTS = range(20_000 + os.getpid() % 100 * 100, 31_900)


def free_port(first: int = _PORTS.start) -> int:
    """A port that nobody listens on, below those that the system gives to connections."""
    for port in range(first, _PORTS.stop):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


def environment(**given: str) -> dict[str, str]:
    """The environment of a child: nothing of this one's own Duban or Temporal settings, and no screen.

    A shell that exports its width has every table folded into it, in the middle of what a test looks for.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_HANDED_ON)}
    return {**kept, **_WITHOUT_EFFORT, **given}


def apart(work: Callable[[], Found]) -> Found:
    """Do something that runs a loop of its own in a thread, so that the tests' loop stays as it is."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def part_of_the_plan(folder: Path, projects: int) -> Path:
    """The first projects of the shipped plan, as a plan of its own."""
    text = PLAN.read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer(r"^  - project_id:", text, re.MULTILINE)]
    part = folder / "part.yaml"
    part.write_text(text[: starts[projects]] + "findings: []\nrulings: []\n", encoding="utf-8")
    return part


def until(ask: Callable[[], Found], what: str, seconds: float = PATIENCE_SECONDS) -> Found:
    """Wait until `ask` answers something true; answer that."""
    deadline = time.monotonic() + seconds
    asked = time.monotonic()
    while not (found := ask()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        # Who asks by a command leaves the machine to the others for as long as asking took.
        time.sleep(max(0.05, time.monotonic() - asked))
        asked = time.monotonic()
    return found


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process whose command line names the folder, and the engine, which works in it."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        words = [*(process.info["cmdline"] or []), process.info["cwd"] or ""]
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(folder) in word for word in words):
            found.append(process)
    return found


def kill_all(folder: Path) -> None:
    """End everything of an installation as a power failure would."""

    def none_is_left() -> bool:
        # Again each time: one that was started while the others were looked for is not among them.
        found = processes_of(folder)
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return not found

    until(none_is_left, "the end of every process")


@dataclass
class Child:
    """A running command, with what it has printed so far in files."""

    process: Process
    folder: Path
    number: int

    @property
    def said(self) -> str:
        """Its standard output."""
        # It may be writing just now, and be in the middle of a letter.
        return (self.folder / f"{self.number}.out").read_text(encoding="utf-8", errors="replace")

    @property
    def logged(self) -> str:
        """Its standard error."""
        return (self.folder / f"{self.number}.err").read_text(encoding="utf-8")

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """The lines of its log that are JSON."""
        return [json.loads(line) for line in self.logged.splitlines() if line.startswith("{")]

    def shows(self, text: str) -> None:
        """Wait until it has printed a text."""
        self._tells(text, lambda: self.said)

    def logs(self, event: str) -> None:
        """Wait until it has logged a text."""
        self._tells(event, lambda: self.logged)

    def _tells(self, text: str, told: Callable[[], str]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in told() and self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert text in told(), f"{self.said}\n{self.logged}"

    def interrupted(self) -> int:
        """Stop it as Ctrl-C does; answer its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


@dataclass
class Home:
    """One data folder with its ports, and every process that was started on it; its programs are those of a tree."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    tree: Path = ROOT

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        first = free_port()
        ports = {"DUBAN_ENGINE_PORT": str(first), "DUBAN_UI_PORT": str(free_port(first + 1))}
        self.settings = {"DUBAN_DATA": str(self.data), **ports, **self.settings}

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def start(self, *command: str, **given: str) -> Child:
        """Start a Python program of the tree, behind the interpreter's own name; its output goes to files."""
        return self._child(lambda env, out, err: forked(command[1:], env, out, err, self.tree), given)

    def start_whole(self, *command: str, **given: str) -> Child:
        """Start any command as people do, never forked."""
        return self._child(
            lambda env, out, err: subprocess.Popen(
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err
            ),
            given,
        )

    def _child(
        self, begin: Callable[[dict[str, str], IO[bytes], IO[bytes]], Process], given: Mapping[str, str]
    ) -> Child:
        number = len(self.children)
        with (self.folder / f"{number}.out").open("wb") as out, (self.folder / f"{number}.err").open("wb") as err:
            process = begin(environment(**{**self.settings, **given}), out, err)
        child = Child(process, self.folder, number)
        self.children.append(child)
        return child

    def run(self, *arguments: str, whole: bool = False, projects: int | None = None, **given: str) -> Child:
        """Run the shipped plan, or its first projects, in the foreground until the register is shown.

        `whole` runs it as people do. Each project takes a third of a second of a processor to start.
        """
        plan = PLAN if projects is None else part_of_the_plan(self.folder, projects)
        given = {"DUBAN_LOG_FORMAT": "json", **given}  # what it logs is looked for on standard error
        start = self.start_whole if whole else self.start
        child = start(*DUBAN, "run", str(plan), "--as-of", "2018-04-25", *arguments, **given)
        child.shows("按 Ctrl-C 停止")
        return child

    def call(self, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Call a command and wait for its end."""
        return called(arguments, environment(**{**self.settings, **given}), tree=self.tree)

    def program(self, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program of the tree, as its arguments behind `python`, and wait for its end."""
        return ended(arguments, environment(**{**self.settings, **given}))

    def ask(self, *arguments: str, **given: str) -> Any:
        """Call a command with --json; answer its one document."""
        answered = self.call(*arguments, "--json", **given)
        assert answered.returncode == 0, answered.stderr
        return json.loads(answered.stdout)

    def close(self) -> None:
        """End every process, whatever happened."""
        for child in self.children:
            if child.process.poll() is None:
                child.process.kill()
            child.process.wait(PATIENCE_SECONDS)
        kill_all(self.folder)
