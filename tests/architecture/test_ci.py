"""What continuous integration runs is what a contributor runs."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, shown

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def without_make() -> dict[str, str]:
    """The environment of a make that is not another one's, nor told which interpreter to take."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS")) and name != "PYTHON"
    }


def planned(*arguments: str) -> str:
    """The commands that make would run, without running them."""
    return subprocess.run(
        ["make", "--no-print-directory", "--dry-run", *arguments],
        cwd=ROOT,
        env=without_make(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_continuous_integration_runs_make_test_and_nothing_else() -> None:
    """`.ci/run` is executable, goes to the root and becomes `make test`."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK), shown(script)
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]


def test_make_test_runs_every_check_with_the_tests() -> None:
    """`make test` formats, lints and checks the import contracts, then types and runs pytest."""
    plan = planned("test")
    order = [
        plan.index(step) for step in ("ruff format --check", "ruff check", "lint-imports", "bin/mypy", "-m pytest")
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("wrong", ["types", "tests"])
def test_make_test_fails_when_what_runs_beside_fails(wrong: str, tmp_path: Path) -> None:
    """Types and tests run beside one another: either one that is wrong fails the whole, and the other still ends."""
    beside = {"mypy": ("types", "tests"), "python": ("tests", "types")}
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (tmp_path / "requirements").mkdir()
    for name in ("runtime", "embedded", "build", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").touch()
    (tmp_path / "pyproject.toml").touch()
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    for name in ("mypy", "python", "ruff", "lint-imports"):
        program = folder / name
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        if name in beside:
            own, other = beside[name]
            # Neither ends before the other has begun, or, where they run in turn, for ten seconds.
            waits = f"touch {own}.began; for _ in $(seq 500); do [ -e {other}.began ] && break; sleep 0.02; done"
            ends = f"echo {own} ended; exit {int(own == wrong)}"
            program.write_text(f"#!/bin/sh\n{waits}\n{ends}\n", encoding="utf-8")
        program.chmod(0o755)
    for stamp in ("runtime", "dev"):
        (tmp_path / ".venv" / f"{stamp}.stamp").touch()
    ran = subprocess.run(
        ["make", "test"],
        cwd=tmp_path,
        env=without_make(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode != 0
    assert f"{wrong}] Error" in ran.stderr
    assert {"types ended", "tests ended"} <= set(ran.stdout.splitlines())


def test_the_environment_is_made_by_the_first_able_interpreter(tmp_path: Path) -> None:
    """What is not there, too old or without its environments is passed over, and the system's own is asked first."""
    for name, script in (("old", "exit 1"), ("able", "exit 0"), ("able_too", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    offered = " ".join(str(tmp_path / name) for name in ("absent", "old", "able", "able_too"))
    assert (
        planned("install", f"PYTHONS={offered}", f"VENV={tmp_path}/venv")
        .splitlines()[1]
        .startswith(f"{tmp_path}/able -m venv ")
    )
    (candidates,) = re.findall(r"^PYTHONS := (.+)$", MAKEFILE, re.MULTILINE)
    assert candidates.split()[:2] == ["/usr/bin/python3", "python3"]


def test_make_run_is_the_two_thousand_and_eighteen_list() -> None:
    """A plain `make run` starts the real year's list as of the day it was issued."""
    assert ".venv/bin/duban run examples/2018-key-projects.yaml --as-of 2018-04-25" in planned("run")


def test_help_lists_every_target() -> None:
    """A plain `make` explains each target that a person may type."""
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    phony = set(re.findall(r"^\.PHONY: ([\w-]+)$", MAKEFILE, re.MULTILINE))
    assert {"help", "run", "test", "check", "bench", "lock"} <= phony
    assert set(re.findall(r"^make ([\w-]+) +\S", listed, re.MULTILINE)) == phony
