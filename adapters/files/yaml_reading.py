"""YAML as plain values, with the line of each place and the comments around it: for plans, policies and calendars.

The events come from libyaml. What looks like a day stays text: the milestone `2018-05-03` is not a day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import yaml

Path = tuple[str | int, ...]

_MOST_VALUES = 5_000_000
_DEEPEST = 100
_NOTHING = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BEHIND = re.compile(r"[ \t]#[^\n]*")
_TAB = re.compile(r" *\t")
_MERGE = "<<"

Fault = Literal["form", "tab", "key twice", "several documents", "characters", "endless"]


class NotYamlError(Exception):
    """A text is no YAML, or not one document of plain values; `line` counts from one where it is known.

    It is endless where it refers to itself, multiplies its own parts, or goes deeper than any file needs.
    """

    def __init__(self, fault: Fault, line: int | None = None) -> None:
        super().__init__(fault, line)
        self.fault = fault
        self.line = line


@dataclass(slots=True)
class Comments:
    """The comments of a document, blank lines among them: before a place, behind it, and after everything."""

    before: dict[Path, list[str]] = field(default_factory=dict)
    behind: dict[Path, str] = field(default_factory=dict)
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """The values of a YAML text, its comments, and the lines of its places."""

    text: str
    value: Any
    comments: Comments

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest one around it that is written; the first line otherwise."""
        place = tuple(path)
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def is_written(self, path: Sequence[str | int]) -> bool:
        """Whether the document has such a place."""
        return tuple(path) in self._lines

    @cached_property
    def _lines(self) -> dict[Path, int]:
        # Asked for by a refusal only: the lines of all places of a large plan are a hundred megabytes.
        return _composed(_Composer(self.text, lines={})).lines or {}


def read(text: str) -> Document:
    """The document that a YAML text holds; its value is None where the text is empty.

    Raises:
        NotYamlError: the text is no YAML, or not one document of plain values.
    """
    composer = _composed(_Composer(text))
    return Document(text, composer.root, composer.comments)


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read; `key` waits for its value."""

    value: Any
    anchor: str | None
    size: int = 1
    key: str = ""
    has_key: bool = False

    def close(self, line: int) -> None:
        """Take over what `<<` names, under the keys that are not written here."""
        if not isinstance(self.value, dict) or _MERGE not in self.value:
            return
        named = self.value.pop(_MERGE)
        for each in named if isinstance(named, list) else [named]:
            if not isinstance(each, dict):
                raise NotYamlError("form", line)
            self.value.update({key: value for key, value in each.items() if key not in self.value})


@dataclass(slots=True)
class _Composer:
    text: str
    comments: Comments = field(default_factory=Comments)
    lines: dict[Path, int] | None = None
    root: Any = None
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    _end: int = 0
    _last: Path | None = None
    _size: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event of the text."""
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = self._stack.pop()
                done.close(_line(event))
                if done.anchor:
                    self._anchors[done.anchor] = (done.value, done.size)
                self._put(done.value, done.size)
            case yaml.AliasEvent():
                self._must_not_be_key(event)
                if event.anchor not in self._anchors:
                    around = any(each.anchor == event.anchor for each in self._stack)
                    raise NotYamlError("endless" if around else "form", _line(event))
                self._put(*self._anchors[event.anchor])
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise NotYamlError("several documents", _line(event))
            case yaml.DocumentEndEvent():
                self._gap(len(self.text), None)
            case _:
                pass

    def _open(self, event: Any) -> None:
        self._must_not_be_key(event)
        if len(self._stack) == _DEEPEST:
            raise NotYamlError("endless")
        if self._stack:
            self._note(self._place(), event)
        self._stack.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else [], event.anchor))

    def _scalar(self, event: Any) -> None:
        above = self._stack[-1] if self._stack else None
        is_key = above is not None and isinstance(above.value, dict) and not above.has_key
        place = (*self._place(), event.value) if is_key else self._place()
        self._gap(event.start_mark.index, place)
        self._end, self._last = event.end_mark.index, place
        self._note(place, event)
        if is_key and above is not None:
            if event.value in above.value:
                raise NotYamlError("key twice", _line(event))
            above.key, above.has_key = event.value, True
            return
        value = _resolved(event)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(value, 1)

    def _note(self, place: Path, event: yaml.Event) -> None:
        if self.lines is not None:
            self.lines.setdefault(place, _line(event))

    def _place(self) -> Path:
        """The place of the value that comes next."""
        return tuple(
            each.key if isinstance(each.value, dict) else len(each.value)
            for each in self._stack
            if each.has_key or not isinstance(each.value, dict)
        )

    def _put(self, value: Any, size: int) -> None:
        self._size += size
        if self._size > _MOST_VALUES:
            raise NotYamlError("endless")
        if not self._stack:
            self.root = value
            return
        above = self._stack[-1]
        above.size += size
        if isinstance(above.value, dict):
            above.value[above.key], above.has_key = value, False
        else:
            above.value.append(value)

    def _must_not_be_key(self, event: yaml.Event) -> None:
        above = self._stack[-1] if self._stack else None
        if above is not None and isinstance(above.value, dict) and not above.has_key:
            raise NotYamlError("form", _line(event))

    def _gap(self, until: int, place: Path | None) -> None:
        """Find the comments between the last value and the next one."""
        gap = self.text[self._end : until]
        if "#" not in gap and gap.count("\n") < 2:
            return
        first, *rest = gap.split("\n")
        if self._last is not None and (found := _BEHIND.search(first)):
            self.comments.behind[self._last] = found.group().strip(" \t")
        elif self._last is None:
            rest = [first, *rest]
        whole = [line.strip(" \t\r") for line in (rest[:-1] if place is not None else rest)]
        kept = [line for line in whole if not line or line.startswith("#")]
        if place is None:
            self.comments.after = kept[:-1] if kept and not kept[-1] else kept
        elif kept:
            self.comments.before.setdefault(place, []).extend(kept)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _resolved(event: Any) -> Any:
    text = event.value
    if event.style or not event.implicit[0]:
        return text
    if text in _NOTHING:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _composed(composer: _Composer) -> _Composer:
    try:
        for event in yaml.parse(composer.text, Loader=yaml.CSafeLoader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            raise NotYamlError("form") from None
        # The end of a text without a last line break is told as one line further.
        lines = composer.text.split("\n")
        line = min(mark.line + 1, len(lines))
        if "nesting depth" in str(error.problem):
            raise NotYamlError("endless") from None
        raise NotYamlError("tab" if _TAB.match(lines[line - 1]) else "form", line) from None
    except (yaml.YAMLError, ValueError):
        raise NotYamlError("characters") from None
    return composer
