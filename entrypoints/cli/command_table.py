"""The commands of `duban` by the person who uses them: a name, where it is, and what the help says of it.

The help of all needs none of them: a command is loaded when it is called. The table is `commands.txt`, made from the
screens: `make docs` writes it anew, and a test compares. A section of it is its title, then a line for each command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

TABLE: Final = Path(__file__).with_name("commands.txt")


class Named(NamedTuple):
    """One command: its name, the module of this package, its name there, and its line in the help."""

    name: str
    module: str
    attribute: str
    line: str


class Section(NamedTuple):
    """The commands of some people, under a heading of the help."""

    title: str
    commands: tuple[Named, ...]


def _section(text: str) -> Section:
    title, *lines = text.splitlines()
    return Section(title, tuple(map(_named, lines)))


def _named(text: str) -> Named:
    name, place, line = text.split(" ", 2)
    module, attribute = place.split(".")
    return Named(name, module, attribute, line)


COMMANDS: Final = tuple(map(_section, TABLE.read_text(encoding="utf-8").split("\n\n")))
