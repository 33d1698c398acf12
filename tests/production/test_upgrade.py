"""docs/upgrading.md, step by step: another version under a running year, and back, on both stores.

The other version is this tree with another number and another build: formats stay, so no older one is needed.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bench.patience import PATIENCE_SECONDS
from tests.architecture.tree import PACKAGES, ROOT
from tests.entrypoints.installation import Child, Home, part_of_the_plan
from tests.postgres_server import postgres_server

PROJECT, DEPARTMENT, PROJECTS = "2018-01", "组织部", 2
REPORTS = ("旧版收到", "新版收到", "退回后收到")


@dataclass(frozen=True)
class Version:
    """A version of Duban on the data folder of an installation."""

    home: Home

    def duban(self, *arguments: str) -> str:
        """What a command of this version answers."""
        done = self.home.call(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build(self) -> str:
        """The build as the engine knows it."""
        return str(json.loads(self.duban("engine", "builds", "--json"))["installed"])

    def agrees(self) -> bool:
        """The question before: whether this version agrees with everything that is open."""
        found = json.loads(self.duban("engine", "preflight", "--json"))
        return bool(found["workflows"] >= PROJECTS and found["differences"] == [])

    def worker(self) -> Child:
        """A worker of this version, ready."""
        child = self.home.start(sys.executable, "-m", "worker")
        child.logs("worker_ready")
        return child

    def follows(self, worker: Child) -> Child:
        """Put a worker of this version in the place of another one: beside it first, where the ledger lets two work."""
        if "DUBAN_LEDGER_URL" in self.home.settings:
            ours = self.worker()
            stopped(worker)
            return ours
        stopped(worker)
        return self.worker()

    def report(self, text: str) -> None:
        """An act of the department, given with this version."""
        self.duban("report", PROJECT, "1", text, "--by", DEPARTMENT)


def stopped(worker: Child) -> None:
    """Stop a worker as its supervisor does."""
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(PATIENCE_SECONDS) == 0, worker.logged


@pytest.fixture(scope="module")
def other_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version before: another number, another build."""
    folder = tmp_path_factory.mktemp("before")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    for program in ("worker.py", "starter.py"):
        shutil.copy(ROOT / program, folder)
    with (folder / "domain" / "clock.py").open("a", encoding="utf-8") as source:
        source.write("\n# The version before.\n")
    (folder / "duban-0.0.9.dist-info").mkdir()
    (folder / "duban-0.0.9.dist-info" / "METADATA").write_text("Metadata-Version: 2.4\nName: duban\nVersion: 0.0.9\n")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty installation with ports of its own."""
    home = Home(tmp_path / "home")
    try:
        yield home
    finally:
        home.close()


@pytest.fixture(params=["file", "PostgreSQL"])
def installed(request: pytest.FixtureRequest, home: Home, tmp_path: Path) -> Iterator[Home]:
    """The same with its ledger in a file, and in PostgreSQL."""
    if request.param == "file":
        yield home
        return
    with postgres_server(tmp_path) as administrator:
        url = administrator.replace("postgres:@", "duban@").replace("/postgres?", "/duban_ledger?")
        home.settings = {**home.settings, "DUBAN_LEDGER_URL": url}
        assert home.program("deploy/set_up_ledger.py", DUBAN_LEDGER_ADMINISTRATOR=administrator).returncode == 0
        yield home


def test_a_running_year_is_taken_over_by_another_version_and_back(installed: Home, other_tree: Path) -> None:
    """Preflight, the new worker in the old one's place, acts, the way back, acts: one year, and both truths agree."""
    before, after = Version(replace(installed, tree=other_tree)), Version(installed)
    assert installed.call("engine", "up").returncode == 0
    assert before.build().startswith("0.0.9-")
    assert not after.build().startswith("0.0.9-")
    worker = before.worker()
    before.duban("start", str(part_of_the_plan(installed.folder, PROJECTS)), "--as-of", "2018-04-25")
    before.report(REPORTS[0])

    assert after.agrees()
    worker = after.follows(worker)
    after.report(REPORTS[1])

    assert before.agrees()
    worker = before.follows(worker)
    before.report(REPORTS[2])

    told = json.loads(before.duban("audit", "history", PROJECT, "--json"))["events"]
    reported = [event["what"] for event in told if event["type"] == "ProgressReported"]
    assert all(text in what for text, what in zip(REPORTS, reported, strict=True)), reported
    assert json.loads(after.duban("audit", "reconcile", "--json"))["findings"] == []
    stopped(worker)
