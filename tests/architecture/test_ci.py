"""What continuous integration runs is what a contributor runs."""

from __future__ import annotations

import os
import re
import subprocess

from tests.architecture.tree import ROOT, shown

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def planned(*arguments: str) -> str:
    """The commands that make would run, without running them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", "--dry-run", *arguments],
        cwd=ROOT,
        env=environment,
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


def test_make_test_runs_every_check_before_the_tests() -> None:
    """`make test` formats, lints, types and checks the import contracts, then runs pytest."""
    plan = planned("test")
    order = [
        plan.index(step) for step in ("ruff format --check", "ruff check", "bin/mypy", "lint-imports", "-m pytest")
    ]
    assert order == sorted(order)


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
