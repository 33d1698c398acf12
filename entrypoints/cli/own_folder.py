"""The lines to type that are told to whoever named a data folder (`--data`) name it too: what is copied from the screen
works there."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

from entrypoints.cli.command_table import COMMANDS

_named: list[Path] = []


def name_folder(folder: Path | None) -> None:
    """From here on the caller works in this folder; none where his call names none."""
    _named[:] = [] if folder is None else [folder]


def in_own_folder(text: str) -> str:
    """A text whose lines to type name the caller's folder, where he named one."""
    return in_folder(text, _named[0]) if _named and "duban " in text else text


def in_folder(text: str, folder: Path) -> str:
    """A text whose lines to type name this folder, but for those that name one already."""
    return _lines().sub(lambda _: f"duban --data {shlex.quote(str(folder))} ", text)


@cache
def _lines() -> re.Pattern[str]:
    names = "|".join(re.escape(each.name) for section in COMMANDS for each in section.commands)
    return re.compile(rf"(?<![\w/.-])duban (?=(?:{names})(?![\w-]))(?![^\n，、；。,;]*--data)")
