"""What a verification says, in English where the locale is: `locale/en.po` has the English of each sentence.

A sentence of the table may have values in it, of the kinds below (any other is any text); what stands in their place is
told as far as the table knows it, and shown as it is otherwise.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

Say = Callable[[str], str]

_VALUE = re.compile(r"%\((\w+)\)s")
_CHINESE = re.compile("[\u4e00-\u9fff，。；：、（）]")
_BRACKET = re.compile(r"(?P<head>.+)（(?P<inside>[^（）]*)）")
_OUTSIDE = "(?![^（]*）)"
"""Not inside a bracket."""
_JOINED = (("。", ". "), ("；", "; "), ("，", ", "), ("、", ", "))
_KINDS = {
    "id": r"\d{4}-\w+(?:-\d+)?",
    "day": r"\d{4}-\d{2}-\d{2}",
    "n": r"\d+",
    "who": "[^：；。，（）、“”]{1,60}?",
    "giver": "[^、；：（）]+?（[^（）]*）|[^、；：（）]+?",
    "quote": "(?:[^“”]|“[^“”]*”)*",
    "said": "[^；]*?",
    "matter": "[^；：]+?",
    "code": r"[a-z0-9_.]+",
}
_LONGEST = 10_000
"""Nothing that is told is longer, but for a name that goes on and on: it would be looked through for minutes."""
_DEEPEST = 50
"""Nothing that is told has more parts within each other: how deep a program may go is not the same everywhere."""
_BEFORE, _ENGLISH, _END = 'msgid "', 'msgstr "', '"'


class _TooDeepError(Exception):
    """A text has more parts within each other than anything that is told."""


def spoken() -> Say:
    """How the caller's locale wants it said: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides; in
    English, too, where what is printed goes to a place that has no Chinese letters."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return str if writes("台账") and not named.lower().startswith("en") else english


def writes(text: str) -> bool:
    """Whether what is printed goes to a place that has the letters of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def english(text: str) -> str:
    """A text in English, line by line, as far as the table knows it."""
    try:
        return "\n".join(map(_line, text.split("\n")))
    except _TooDeepError:
        return text  # a name in it that goes on and on


def _line(line: str) -> str:
    said = line.strip()
    return line.replace(said, _said(said), 1) if 0 < len(said) <= _LONGEST else line


@cache
def _said(text: str, depth: int = 0) -> str:
    if depth > _DEEPEST:
        raise _TooDeepError
    if not _CHINESE.search(text):
        return text
    within = partial(_said, depth=depth + 1)
    if text.endswith("。"):
        return f"{within(text[:-1])}."
    known = _whole(text, within)
    if known is not None:
        return known
    for mark, joint in _JOINED:
        if mark == "，" and (headed := _headed(text, within)) is not None:
            return headed
        parts = re.split(f"{mark}{_OUTSIDE}", text)
        if len(parts) > 1:
            return joint.join(map(within, parts))
    return text


def _headed(text: str, within: Say) -> str | None:
    """What ends in a bracket, or says something behind a colon."""
    bracket = _BRACKET.fullmatch(text)
    if bracket is not None:
        return f"{within(bracket['head'])} ({within(bracket['inside'])})"
    before, colon, words = text.partition("：")
    return f"{within(before)}: {within(words)}" if colon else None


def _whole(text: str, within: Say) -> str | None:
    for said, told in _table():
        found = _expression(said).fullmatch(text)
        if found is not None:
            return told % {name: within(value) for name, value in found.groupdict().items()}
    return None


@cache
def _expression(said: str) -> re.Pattern[str]:
    made = [
        f"(?P<{part}>{_KINDS.get(part.rstrip('0123456789'), '.+')})"
        if place % 2
        else re.escape(part.replace("%%", "%"))
        for place, part in enumerate(_VALUE.split(said))
    ]
    return re.compile("".join(made))


@cache
def _table() -> tuple[tuple[str, str], ...]:
    """The sentences with their English, the one with most words of its own in front."""
    found: dict[str, str] = {}
    sentence = ""
    for line in Path(__file__).parent.joinpath("locale", "en.po").read_text(encoding="utf-8").splitlines():
        if line.startswith(_BEFORE):
            sentence = _plain(line, _BEFORE)
        elif line.startswith(_ENGLISH) and sentence:
            found[sentence] = _plain(line, _ENGLISH)
    return tuple(sorted(found.items(), key=lambda each: -len(_VALUE.sub("", each[0]))))


def _plain(line: str, before: str) -> str:
    return line.removeprefix(before).removesuffix(_END).replace('\\"', '"').replace("\\\\", "\\")
