"""The help of `duban`: its commands in sections, by the person who uses them."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.cells import cell_len, set_cell_size


class SectionedGroup(click.Group):
    """A group whose help shows its commands section by section, in the order in which they were given."""

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]  # as click itself was called
        self.sections: list[tuple[str, list[str]]] = []

    def add_section(self, title: str, commands: Sequence[click.Command]) -> None:
        """Add commands under a heading of the help."""
        for command in commands:
            self.add_command(command)
        self.sections.append((title, [command.name or "" for command in commands]))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section as a list of its own."""
        width = max(len(name) for name in self.commands)
        for title, names in self.sections:
            with formatter.section(title):
                room = formatter.width - width - 6
                rows = [(name.ljust(width), _in_one_line(self.commands[name], room)) for name in names]
                formatter.write_dl(rows)


def _in_one_line(command: click.Command, columns: int) -> str:
    # click cuts at blanks, of which a Chinese sentence has none; a Chinese character takes two columns.
    text = (command.help or "").strip().partition("\n")[0].rstrip("。.")
    return text if cell_len(text) <= columns else set_cell_size(text, columns - 1).rstrip() + "…"
