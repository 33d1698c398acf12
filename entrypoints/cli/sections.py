"""The help of `duban`: its commands in sections, by the person who uses them; each is loaded when it is called.

The commands of `duban` by the person who uses them: a name, where it is, and what the help says of it.

The help of all needs none of them: a command is loaded when it is called. The table is `commands.txt`, made from the
screens: `make docs` writes it anew, and a test compares. A section of it is its title, then a line for each command.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from entrypoints.importing import importing

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


_PACKAGE = "entrypoints.cli"


class SectionedGroup(click.Group):
    """A group whose help shows its commands section by section, in the order in which they were given."""

    def __init__(self, *args: Any, sections: Sequence[Section] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.sections = sections
        self._named = {named.name: named for section in sections for named in section.commands}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, as the help has them."""
        return list(self._named)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; none where there is none of this name."""
        named = self._named.get(cmd_name)
        return loaded(named) if named is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section as a list of its own."""
        width = max(map(len, self._named))
        for title, commands in self.sections:
            with formatter.section(title):
                formatter.write_dl([(named.name.ljust(width), named.line) for named in commands])


def loaded(named: Named) -> click.Command:
    """The command that a line of the table names."""
    name = f"{_PACKAGE}.{named.module}"
    if name not in sys.modules:
        with importing():
            import_module(name)
    command: click.Command = getattr(sys.modules[name], named.attribute)
    return command
