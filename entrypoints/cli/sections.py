"""The help of `duban`: its commands in sections, by the person who uses them; each is loaded when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from entrypoints.cli.command_table import Named, Section
from entrypoints.importing import importing

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
