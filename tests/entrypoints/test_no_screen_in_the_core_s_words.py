"""What every screen may show names no option and no command that the shell alone has: the sentence says what to do, and
each screen adds its own way (`entrypoints/next_steps.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from entrypoints.cli.command_table import COMMANDS
from tests.entrypoints.desk.catalogue import sentences
from tests.entrypoints.desk.said_in_layers import LAYERS, ROOT, said_in

_NO_PAGE_HAS: Final = ("审计人员", "管理员", "引擎和备份")
"""The people who work at the machine itself, by the headings of the help: no page does what they do there."""
_AT_THE_MACHINE: Final = {
    "run": "starts the office's installation; whoever is told so has no page yet",
    "rehearsal": "copies a running year to another folder",
}
KEPT: Final = frozenset(_AT_THE_MACHINE) | {
    each.name for section in COMMANDS if section.title in _NO_PAGE_HAS for each in section.commands
}
_LINE: Final = re.compile(r"(?<![\w/.-])(?:duban |python -m )([a-z-]+)(?:(?! duban )[^，。；：、（）“”\n])*")
_OPTION: Final = re.compile(r"(?<![\w-])(?!--data\b)--[a-z][a-z-]+")


def _of_the_shell(sentence: str) -> list[str]:
    """What of a sentence is typed in the shell and belongs to what a page does, too."""
    commands = [found[0] for found in _LINE.finditer(sentence) if found[1] not in {*KEPT, "verifier"}]
    return commands + _OPTION.findall(_LINE.sub("", sentence))


def _sentences() -> Iterator[tuple[str, str]]:
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            for said in said_in(path):
                yield f"{said.path}:{said.line}", said.text
    for sentence, place in sentences().items():
        yield place, sentence


def test_what_all_screens_may_show_is_in_no_screen_s_words() -> None:
    """Sentences of the rules, of the office, of what touches the world, of the API and of the desk."""
    found = list(_sentences())
    assert len(found) > 3_000
    assert [(place, words, text) for place, text in found if (words := _of_the_shell(text))] == []
