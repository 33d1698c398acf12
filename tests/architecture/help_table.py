"""The table of the help as the screens have it: `make docs` writes `entrypoints/cli/commands.txt`, a test compares.

A command that is new in a screen comes into the section of its module, after the command that stands before it there.
"""

from __future__ import annotations

from importlib import import_module

import click

from entrypoints.cli.command_table import COMMANDS, TABLE, Named, Section

_PACKAGE = "entrypoints.cli"


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
    """Write the table into its file."""
    sections = (
        "\n".join([title, *(f"{each.name} {each.module}.{each.attribute} {each.line}" for each in commands)])
        for title, commands in brought_up_to_date()
    )
    TABLE.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
