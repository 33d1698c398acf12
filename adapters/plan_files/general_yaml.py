"""Any YAML as plain values with its comments: what the fast reader of the plain form leaves.

The library's own tree with comments takes a gigabyte for a large plan; its events come one by one. What looks like a
day stays text: the milestone `2018-05-03` is not a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from adapters.plan_files.annotated import Comments, Document, Path, nearest

_MOST_VALUES = 5_000_000
_NOTHING = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BEHIND = re.compile(r"[ \t]#[^\n]*")


class NotYamlError(Exception):
    """A text is no YAML; `line` counts from one where it is known."""

    def __init__(self, line: int | None) -> None:
        super().__init__(line)
        self.line = line


class EndlessError(Exception):
    """A text refers to itself, or multiplies its own parts without end."""


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read; `key` waits for its value."""

    value: Any
    anchor: str | None
    size: int = 1
    key: str = ""
    has_key: bool = False


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

    def take(self, event: Any) -> None:
        """Take the next event of the text."""
        match event:
            case ScalarEvent():
                self._scalar(event)
            case MappingStartEvent() | SequenceStartEvent():
                self._must_not_be_key(event)
                is_map = isinstance(event, MappingStartEvent)
                self._stack.append(_Open({} if is_map else [], event.anchor))
            case MappingEndEvent() | SequenceEndEvent():
                done = self._stack.pop()
                if done.anchor:
                    self._anchors[done.anchor] = (done.value, done.size)
                self._put(done.value, done.size)
            case AliasEvent():
                self._must_not_be_key(event)
                if event.anchor not in self._anchors:
                    raise EndlessError
                self._put(*self._anchors[event.anchor])
            case DocumentEndEvent():
                self._gap(len(self.text), None)
            case _:
                pass

    def _scalar(self, event: Any) -> None:
        value = _resolved(event)
        above = self._stack[-1] if self._stack else None
        is_key = above is not None and isinstance(above.value, dict) and not above.has_key
        place = (*self._place(), str(value)) if is_key else self._place()
        self._gap(event.start_mark.index, place)
        self._end, self._last = event.end_mark.index, place
        if self.lines is not None:
            self.lines.setdefault(place, event.start_mark.line + 1)
        if is_key and above is not None:
            if str(value) in above.value:
                raise NotYamlError(event.start_mark.line + 1)
            above.key, above.has_key = str(value), True
            return
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(value, 1)

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
            raise EndlessError
        if not self._stack:
            self.root = value
            return
        above = self._stack[-1]
        above.size += size
        if isinstance(above.value, dict):
            above.value[above.key], above.has_key = value, False
        else:
            above.value.append(value)

    def _must_not_be_key(self, event: Any) -> None:
        above = self._stack[-1] if self._stack else None
        if above is not None and isinstance(above.value, dict) and not above.has_key:
            raise NotYamlError(event.start_mark.line + 1)

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


def _resolved(event: Any) -> Any:
    text = event.value
    if event.style is not None or not event.implicit[0]:
        return text
    if text in _NOTHING:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def read(text: str) -> Document:
    """The document that a YAML text holds.

    Raises:
        NotYamlError: the text is not YAML, or not one document of plain values.
        EndlessError: it refers to itself, or multiplies without end.
    """
    composer = _composed(_Composer(text))
    return Document(composer.root, composer.comments, lambda path: _line(text, path))


def _line(text: str, path: Path) -> int:
    # Asked for one mistake only: the lines of all places of a large plan are a hundred megabytes.
    lines: dict[Path, int] = {}
    _composed(_Composer(text, lines=lines))
    return nearest(lines, path)


def _composed(composer: _Composer) -> _Composer:
    documents = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(composer.text):
            documents += isinstance(event, DocumentEndEvent)
            composer.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYamlError(mark.line + 1 if mark else None) from None
    except (YAMLError, ValueError, RecursionError):
        raise NotYamlError(None) from None
    if documents > 1:
        raise NotYamlError(None)
    return composer
