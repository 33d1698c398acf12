"""What docs/operations.md and docs/upgrading.md tell an administrator to type is what the program takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from entrypoints.cli.main import duban
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
UPGRADING = (ROOT / "docs/upgrading.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE + UPGRADING, re.DOTALL | re.MULTILINE)
COMMANDS = [
    line.strip() for fence in FENCES for line in fence.splitlines() if re.search(r"(?:^ *|worker )duban ", line)
]
HEADINGS = [
    "Which engine",
    "Install the wheel",
    "Install with compose",
    "The first year",
    "Persons and departments",
    "What to watch",
    "Backup",
    "Restore",
    "Upgrade",
    "The end of a year",
    "Leaving",
]


@pytest.mark.parametrize("line", COMMANDS)
def test_what_the_page_says_to_type_is_taken(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `duban` line of a block names a command with options and arguments that it takes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secrets").mkdir()
    for file in ("passphrase", "head-kept-by-the-audit-office", "duban-2018-06-30", "notice.docx", "plan.yaml"):
        (tmp_path / file).touch()
    words = shlex.split(line[re.search(r"(?:^|worker )duban ", line).end() :], comments=True)  # type: ignore[union-attr]
    command: click.Command = duban
    context = duban.make_context("duban", list(words))
    words = [*context._protected_args, *context.args]
    while isinstance(command, click.Group):
        called, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
        context = command.make_context(called or "", list(words), parent=context)
        words = [*context._protected_args, *context.args]


def test_the_page_goes_in_an_administrator_s_order() -> None:
    """Install, first year, persons, watching, backup, restore, upgrade, end of the year, leaving, in this order."""
    there = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert [heading for heading in there if heading in HEADINGS] == HEADINGS


def test_every_script_that_the_pages_name_is_there() -> None:
    """Each file of deploy/ and of tests/ on the pages exists."""
    named = set(re.findall(r"\b(?:deploy|tests)/[\w./-]+\w", PAGE + UPGRADING))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
