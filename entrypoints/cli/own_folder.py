"""The lines to type that are told to whoever named a data folder (`--data`) name it too: what is copied from the screen
works there.

Only the program's own words are changed, and only where the caller is to type them in his folder. What people wrote
stands as they wrote it; what another office or machine is to type is not told this caller's folder.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Final

from entrypoints.cli.command_table import COMMANDS
from entrypoints.core_sentences import own_passages

_named: list[Path] = []
_OF_AN_OFFICE: Final = "督查室"
"""Whom the verifier sends an auditor to: what that office types is typed in its own folder."""
_ELSEWHERE: Final = ("另一台机器", "another machine")
_CLAUSE: Final = re.compile("[；。;]")


def name_folder(folder: Path | None) -> None:
    """From here on the caller works in this folder; none where his call names none."""
    _named[:] = [] if folder is None else [folder]


def in_own_folder(text: str) -> str:
    """A text whose lines to type, as far as they are the program's own words, name the caller's folder."""
    if not _named or "duban " not in text:
        return text

    def named(line: re.Match[str]) -> str:
        own = any(text.startswith(said, line.start() - at) for said, at in _own_lines() if at <= line.start())
        return _call(_named[0]) if own else line[0]

    return _lines().sub(named, text)


def typed(line: str) -> str:
    """The program's own words of a line to type, before values stand in it, with the folder that the caller named."""
    return in_folder(line, _named[0]) if _named else line


def in_folder(sentence: str, folder: Path, program: str = "duban") -> str:
    """A sentence of the program's own without values, whose lines to type name this folder."""
    return _lines().sub(lambda _: _call(folder, program), sentence)


def _call(folder: Path, program: str = "duban") -> str:
    return f"{program} --data {shlex.quote(str(folder))} "


@cache
def _own_lines() -> tuple[tuple[str, int], ...]:
    """The program's own words around a line that the caller is to type, and where in them it begins.

    Words that begin with the line prove nothing, since people write those too: they are told by `typed`."""
    return tuple(
        (said, line.start())
        for sentence, passages in own_passages()
        if _OF_AN_OFFICE not in sentence
        for said in passages
        for line in _lines().finditer(said)
        if not said.startswith("duban ")
        and not any(word in _CLAUSE.split(said[: line.start()])[-1] for word in _ELSEWHERE)
    )


@cache
def _lines() -> re.Pattern[str]:
    names = "|".join(re.escape(each.name) for section in COMMANDS for each in section.commands)
    return re.compile(rf"(?<![\w/.-])duban (?=(?:{names})(?![\w-]))(?![^\n，、；。,;]*--data)")
