"""The command lines on the pages for administrators, as they are typed."""

from __future__ import annotations

import re
import shlex

import click

from entrypoints.cli.main import duban
from tests.architecture.tree import ROOT

PAGES = {
    name: (ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("operations", "upgrading", "runbook")
}
_FENCE = re.compile(r"^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(
    r"`((?:duban|docker compose|kubectl|helm|make|pip|python|temporal|deploy/\S+\.sh)(?: [^`]+)?)`", re.DOTALL
)
_NO_COMMAND = {"duban", "duban …", "docker compose", "docker compose exec worker", "docker compose run"}
TYPED_HERE = (
    'duban audit key-stolen desk --since "2026-11-20 09:00" --reason R',
    "duban audit change-door-key desk --reason R",
    "duban engine adopt",
)
"""Lines in sentences that `test_pages_are_run.py` types beside the blocks."""
BLOCKS = ("The first year", "Backup", "The end of a year", "Leaving", "Restore")
"""The blocks that it types; of each heading the first."""


def fence_under(heading: str, number: int = 0) -> list[str]:
    """The lines of a block under a heading of operations.md, without their remarks."""
    part = re.split(r"^## ", PAGES["operations"], flags=re.MULTILINE)
    (section,) = [each for each in part if each.startswith(f"{heading}\n")]
    return [line.partition("  #")[0].strip() for line in _FENCE.findall(section)[number].splitlines()]


def typed() -> list[str]:
    """Every command line of the pages, in blocks and in sentences, each once."""
    found = []
    for text in PAGES.values():
        for fence in _FENCE.findall(text):
            found += [line.partition("  #")[0].strip() for line in fence.splitlines()]
        found += [" ".join(line.split()) for line in _INLINE.findall(_FENCE.sub("", text))]
    return [line for line in dict.fromkeys(found) if line not in _NO_COMMAND]


def duban_in(line: str) -> tuple[str, ...] | None:
    """The command of `duban` in a line, by its words; none where there is none. `duban ACT …` is any act."""
    found = re.search(r"(?:^|(?:worker|--) )duban (.*)", line)
    if found is None:
        return None
    words = [word for word in shlex.split(found[1], comments=True) if word != "NEW" and not word.startswith("-")]
    if words[0] == "ACT":
        return ("report",)
    path: list[str] = []
    command: click.Command = duban
    context = click.Context(duban)
    for word in words:
        if not isinstance(command, click.Group):
            break
        got = command.get_command(context, word)
        assert got is not None, line
        path.append(word)
        command = got
    return tuple(path)
