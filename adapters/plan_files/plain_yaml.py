"""The plain form of YAML that plans are written in, and its fast reader.

A general YAML reader takes half a minute for a plan of 5,000 projects. This one reads the form that `written` writes,
and what people usually make of it: comments before and behind lines, days without quotation marks, short lists in one
line. It goes line by line, and takes only what can have one meaning; anything else is left to the general reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.plan_files.annotated import IDENTITIES, Comments, Document, Path, nearest

_STEP = 2
_PLAIN = re.compile(
    r"^[A-Za-z\u3400-\u4dbf\u4e00-\u9fff“”《》（）「」【】、，。：；—…·Ａ-Ｚａ-ｚ０-９][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*$"
)
_UNSAFE = re.compile(r": |:$| #|\s$|^(?:true|false|null|yes|no|on|off|y|n)$", re.IGNORECASE)
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_INTEGER = re.compile(r"^(?:0|-?[1-9]\d*)$")
_KEY = re.compile(r"^([A-Za-z_]+):(?: +(.*))?$")
_DAY_OR_IDENTITY = re.compile(r"^[0-9]{4}-[0-9A-Za-z]+(?:[-.][0-9A-Za-z]+)*$")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_FLOW = re.compile(r"""^\[([^\[\]{}"'#&*!|>%@`:]*)\]$""")
_BEFORE_VALUE = re.compile(r"^ *(?:- +)?(?:[A-Za-z_]+: +)?")
_COMMENT = re.compile(r"(?:^|[ \t])#")


class NotPlainError(Exception):
    """A text is not in the plain form; it may still be YAML."""


def written(value: Mapping[str, Any], comments: Comments | None = None) -> str:
    """A document of mappings, lists, texts, whole numbers, truths and nothing, as YAML, with the comments that stand at
    its places (named by identity)."""
    if comments is None:
        return "\n".join(line for _, line in _map_lines(value, 0, ())) + "\n"
    return "\n".join((*_annotated(value, comments), *comments.after)) + "\n"


def _annotated(value: Mapping[str, Any], comments: Comments) -> Iterator[str]:
    for path, line in _map_lines(value, 0, ()):
        indent = line[: len(line) - len(line.lstrip(" "))]
        yield from (f"{indent}{text}" if text else "" for text in comments.before.get(path, ()))
        yield f"{line}  {comments.behind[path]}" if path in comments.behind else line


def _map_lines(value: Mapping[str, Any], indent: int, path: Path) -> Iterator[tuple[Path, str]]:
    blank = " " * indent
    for key, item in value.items():
        place = (*path, key)
        if isinstance(item, Mapping) and item:
            yield place, f"{blank}{key}:"
            yield from _map_lines(item, indent + _STEP, place)
        elif isinstance(item, (list, tuple)) and item:
            yield place, f"{blank}{key}:"
            yield from _list_lines(item, indent + _STEP, place, IDENTITIES.get(key))
        else:
            yield place, f"{blank}{key}: {_scalar(item)}"


def _list_lines(items: Sequence[Any], indent: int, path: Path, identity: str | None) -> Iterator[tuple[Path, str]]:
    dash = " " * indent + "- "
    for number, item in enumerate(items):
        if isinstance(item, Mapping) and item:
            named = item.get(identity) if identity else None
            lines = _map_lines(item, indent + _STEP, (*path, number if named is None else str(named)))
            place, first = next(lines)
            yield place, dash + first[indent + _STEP :]
            yield from lines
        else:
            yield (*path, number), dash + _scalar(item)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        if _PLAIN.match(value) and not _UNSAFE.search(value):
            return value
        return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))
    return "{}" if isinstance(value, Mapping) else "[]"


def read(text: str) -> Document:
    """The document that a text in the plain form holds.

    Raises:
        NotPlainError: the text is not in the plain form.
    """
    reader = _Reader(text, None)
    value = reader.document()
    return Document(value, reader.comments, lambda path: _line(text, path))


def _line(text: str, path: Path) -> int:
    lines: dict[Path, int] = {}
    _Reader(text, lines).document()
    return nearest(lines, path)


class _Reader:
    """Reads one line after the other; where `lines` is given, it notes the line of each place."""

    def __init__(self, text: str, lines: dict[Path, int] | None) -> None:
        self.comments = Comments()
        self._lines: list[str] = []
        self._numbers: list[int] = []
        self._before: dict[int, list[str]] = {}
        self._behind: dict[int, str] = {}
        self._noted = lines
        self._at = 0
        self._path: list[str | int] = []
        self._part(text)

    def _part(self, text: str) -> None:
        waiting: list[str] = []
        for number, line in enumerate(text.split("\n"), 1):
            bare = line.strip(" ")
            if not bare or bare.startswith("#"):
                waiting.append(bare)
                continue
            code, comment = _parted(line) if "#" in line else (line.rstrip(" "), "")
            if waiting:
                self._before[len(self._lines)], waiting = waiting, []
            if comment:
                self._behind[len(self._lines)] = comment
            self._lines.append(code)
            self._numbers.append(number)
        self.comments.after = waiting[:-1] if waiting and not waiting[-1] else waiting

    def document(self) -> Any:
        """The whole document."""
        if not self._lines:
            raise NotPlainError
        value = self._block(0)
        if self._at != len(self._lines):
            raise NotPlainError
        return value

    def _indent(self) -> int:
        line = self._lines[self._at]
        return len(line) - len(line.lstrip(" "))

    def _block(self, indent: int) -> Any:
        if self._at >= len(self._lines) or self._indent() != indent:
            raise NotPlainError
        return self._items(indent) if self._lines[self._at][indent:].startswith("- ") else self._map(indent)

    def _behind_key(self, indent: int) -> Any:
        # A key with nothing behind it is nothing, unless deeper lines follow.
        if self._at >= len(self._lines) or self._indent() < indent + _STEP:
            if self._at < len(self._lines) and self._lines[self._at][indent:].startswith("-"):
                raise NotPlainError
            return None
        return self._block(indent + _STEP)

    def _items(self, indent: int) -> list[Any]:
        items: list[Any] = []
        while self._at < len(self._lines) and self._indent() == indent:
            line = self._lines[self._at]
            if line[indent : indent + _STEP] != "- ":
                break
            rest = line[indent + _STEP :]
            self._path.append(len(items))
            if _KEY.match(rest):
                # The item's first line stands behind its dash: read it as the first line of a mapping.
                self._lines[self._at] = " " * (indent + _STEP) + rest
                items.append(self._map(indent + _STEP))
            else:
                self._note()
                items.append(_value(rest))
            self._path.pop()
        return items

    def _map(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._at < len(self._lines) and self._indent() == indent:
            match = _KEY.match(self._lines[self._at][indent:])
            if match is None or match[1] in found:
                raise NotPlainError
            self._path.append(match[1])
            self._note()
            found[match[1]] = _value(match[2]) if match[2] else self._behind_key(indent)
            self._path.pop()
        return found

    def _note(self) -> None:
        at = self._at
        self._at += 1
        if at in self._before:
            self.comments.before[tuple(self._path)] = self._before[at]
        if at in self._behind:
            self.comments.behind[tuple(self._path)] = self._behind[at]
        if self._noted is not None:
            self._noted[tuple(self._path)] = self._numbers[at]


def _parted(line: str) -> tuple[str, str]:
    """A line without its comment, and the comment."""
    start = _BEFORE_VALUE.match(line)
    begin = start.end() if start else 0
    quoted = _QUOTED.match(line, begin)
    found = _COMMENT.search(line, quoted.end() if quoted else max(0, begin - 1))
    if found is None:
        return line.rstrip(" "), ""
    return line[: found.start()].rstrip(" \t"), line[found.start() :].strip(" \t")


def _value(text: str) -> Any:
    known: dict[str, Any] = {"null": None, "~": None, "true": True, "false": False, "[]": [], "{}": {}}
    if text in known:
        value = known[text]
        return value.copy() if isinstance(value, (list, dict)) else value
    if _INTEGER.match(text):
        return int(text)
    if _DAY_OR_IDENTITY.match(text):
        return text
    if text[:1] in ('"', "'"):
        return _unquoted(text)
    if (flow := _FLOW.match(text)) is not None:
        return [_word(item.strip(" ")) for item in flow[1].split(",")]
    return _word(text)


def _word(text: str) -> str:
    if _DAY_OR_IDENTITY.match(text) or (_PLAIN.match(text) and not _UNSAFE.search(text)):
        return text
    raise NotPlainError


def _unquoted(text: str) -> str:
    match = _QUOTED.fullmatch(text)
    if match is None or _ESCAPED.search(text) or _SURROGATE.search(text):
        raise NotPlainError
    if text[0] == "'":
        if any(char < " " for char in text):
            raise NotPlainError
        return text[1:-1].replace("''", "'")
    try:
        value = json.loads(text)
    except ValueError:
        raise NotPlainError from None
    return str(value)
