"""What the shell tells, in the language of the caller's locale: the one place through which all that it writes goes.

A sentence is told by the core's patterns, a word (a table's head, a cell) by the help's or the desk's. What the office
wrote, its titles and names, is a value of a pattern, or marked as its own (`OwnWords`): it is shown as it stands.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from entrypoints.cli.help_words import english, language
from entrypoints.core_sentences import core_said, is_chinese, knows
from entrypoints.sentence_files import english_of

_MARKED: Final = re.compile(r"(?P<before>[\s✓✗⚠！]*)(?:\[(?P<mark>[^\[\]]+)\] )?(?P<said>.*?)(?P<after>\s*)")
_APART: Final = "  "
"""What stands between parts of a line that say something each."""
_NAMED: Final = re.compile(r"(?!\d+ )(?P<name>[^\s\u4e00-\u9fff“（：]+ )(?P<said>.+)")
"""A name of ours, of a project, a record, a day, before what is said of it."""
_OF_A_PROJECT: Final = re.compile(r"(?P<name>\d{4}-\w+ )(?P<said>.+)")


class OwnWords(str):
    """What the office wrote or is called, where it is all that a cell or a line says: never looked up."""

    __slots__ = ()


def told(sentence: str) -> str:
    """A sentence as the caller reads it."""
    return core_said(language(), sentence)


def shown(text: str) -> str:
    """What is written, as the caller reads it: line by line, as far as the catalogue knows it."""
    if language() == "zh" or isinstance(text, OwnWords) or not is_chinese(text):
        return text
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    found = _MARKED.fullmatch(line)
    assert found is not None
    if not found["mark"]:
        return f"{found['before']}{_said(found['said'])}{found['after']}"
    step, colon, note = found["said"].partition("：")  # a step with its verdict, and what was found
    rest = f"{told('：')}{_said(note)}" if colon else ""
    return f"{found['before']}[{_said(found['mark'])}] {_said(step)}{rest}{found['after']}"


def _said(text: str) -> str:
    word = english().get(text) or _words_of_the_desk().get(text)
    if word is not None:
        return word
    of_one = _OF_A_PROJECT.fullmatch(text)
    if of_one is not None and knows(of_one["said"]):
        # Before the whole: a value that may be anything must not take in what is said of the project.
        return f"{of_one['name']}{told(of_one['said'])}"
    if knows(text):
        return told(text)
    parts = text.split(_APART)
    if len(parts) > 1:
        return _APART.join(map(_said, parts))
    named = _NAMED.fullmatch(text)
    return f"{named['name']}{_said(named['said'])}" if named is not None else told(text)


@cache
def _words_of_the_desk() -> dict[str, str]:
    return english_of("entrypoints.desk", "en.po")
