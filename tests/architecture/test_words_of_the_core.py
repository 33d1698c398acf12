"""What the core says is for every screen: it names acts, never one screen's commands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_FOLDERS = ("acts", "accounts", "directory", "events", "lists", "papers", "rungs", "scoring", "seeing")
_OF_THE_OFFICE = ("erasing", "every_project", "office_facts", "scoring", "starting_a_list", "withdrawing")
_COMMAND = re.compile(r"\bduban [a-z]|(?<![\w-])--[a-z]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_OPERATED = {
    ("lists", "sub_duties.py"): "the doctor says it, to whoever runs the installation",
    ("office", "every_project.py"): "a year is asked for where the shell left it out",
}


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CHINESE.search(node.value):
            yield node.lineno, node.value


def _files() -> list[Path]:
    domain = [path for folder in _FOLDERS for path in (_ROOT / "domain" / folder).rglob("*.py")]
    office = [_ROOT / "application" / "office" / f"{name}.py" for name in _OF_THE_OFFICE]
    return [path for path in (*domain, *office) if (path.parent.name, path.name) not in _OPERATED]


@pytest.mark.parametrize("path", _files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_sentence_names_a_command(path: Path) -> None:
    """A refusal reaches the desk and the API too: the line to type is the shell's to add (docs/adr/0169)."""
    assert [(line, said) for line, said in _sentences(path) if _COMMAND.search(said)] == []
