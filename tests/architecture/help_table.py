"""The table of the help as the screens have it: `make docs` writes `entrypoints/cli/command_table.py`, a test compares.

A command that is new in a screen comes into the section of its module, after the command that stands before it there.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click

from entrypoints.cli import command_table
from entrypoints.cli.command_table import COMMANDS, Named, Section
from tests.architecture.tree import ROOT

_PACKAGE = "entrypoints.cli"
_BEGINS = "COMMANDS: tuple[Section, ...] = "


def _of_module(module: str) -> dict[str, click.Command]:
    """The commands that a screen defines for the shell itself, by their names there, in the order of its text."""
    loaded = import_module(f"{_PACKAGE}.{module}")
    found = {name: each for name, each in vars(loaded).items() if isinstance(each, click.Command)}
    within = {id(sub) for each in found.values() if isinstance(each, click.Group) for sub in each.commands.values()}
    return {
        name: each
        for name, each in found.items()
        if id(each) not in within and each.callback is not None and each.callback.__module__ == loaded.__name__
    }


def _named(module: str, attribute: str, command: click.Command) -> Named:
    line = (command.help or "").strip().partition("\n")[0].strip()
    return Named(command.name or attribute, module, attribute, line)


def brought_up_to_date(sections: tuple[Section, ...] = COMMANDS) -> tuple[Section, ...]:
    """The sections with every command of their screens, and the line that each says of itself."""
    rows = [[_named(each.module, each.attribute, _of(each)) for each in section.commands] for section in sections]
    known = {(each.module, each.attribute) for of_section in rows for each in of_section}
    for module in dict.fromkeys(each.module for of_section in rows for each in of_section):
        before: str | None = None
        for attribute, command in _of_module(module).items():
            if (module, attribute) not in known:
                _insert(rows, _named(module, attribute, command), before)
            before = attribute
    return tuple(Section(section.title, tuple(of)) for section, of in zip(sections, rows, strict=True))


def _of(named: Named) -> click.Command:
    command: click.Command = getattr(import_module(f"{_PACKAGE}.{named.module}"), named.attribute)
    return command


def _insert(rows: list[list[Named]], new: Named, before: str | None) -> None:
    for of_section in rows:
        of_module = [place for place, each in enumerate(of_section) if each.module == new.module]
        if of_module:
            places = [place for place in of_module if of_section[place].attribute == before]
            of_section.insert(places[0] + 1 if places else of_module[0], new)
            return


def main() -> None:
    """Write the table into its module."""
    path = Path(command_table.__file__)
    head = path.read_text(encoding="utf-8").partition(_BEGINS)[0]
    sections = "".join(
        f"Section({section.title!r}, ({''.join(f'Named{tuple(each)!r}, ' for each in section.commands)})),"
        for section in brought_up_to_date()
    )
    path.write_text(f"{head}{_BEGINS}({sections})\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
