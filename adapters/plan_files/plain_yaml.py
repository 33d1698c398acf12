"""The plain form of YAML that plans are written in, and its fast reader.

A general YAML reader takes half a minute and a gigabyte for a plan of 5,000 projects. This one reads only the form
that `written` writes; the caller proves that it read right by writing again and comparing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_STEP = 2
_PLAIN = re.compile(
    r"^[A-Za-z\u3400-\u4dbf\u4e00-\u9fff“”《》（）「」【】、，。：；—…·Ａ-Ｚａ-ｚ０-９][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*$"
)
_UNSAFE = re.compile(r": |:$| #|\s$|^(?:true|false|null|yes|no|on|off|y|n)$", re.IGNORECASE)
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_INTEGER = re.compile(r"^-?\d+$")
_KEY = re.compile(r"^([A-Za-z_]+):(?: (.*))?$")


class NotPlainError(Exception):
    """A text is not in the plain form; it may still be YAML."""


def written(value: Mapping[str, Any]) -> str:
    """A document of mappings, lists, texts, whole numbers, truths and nothing, as YAML."""
    return "\n".join(_map_lines(value, 0)) + "\n"


def _map_lines(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    blank = " " * indent
    for key, item in value.items():
        if isinstance(item, Mapping) and item:
            yield f"{blank}{key}:"
            yield from _map_lines(item, indent + _STEP)
        elif isinstance(item, (list, tuple)) and item:
            yield f"{blank}{key}:"
            yield from _list_lines(item, indent + _STEP)
        else:
            yield f"{blank}{key}: {_scalar(item)}"


def _list_lines(items: Sequence[Any], indent: int) -> Iterator[str]:
    dash = " " * indent + "- "
    for item in items:
        if isinstance(item, Mapping) and item:
            lines = _map_lines(item, indent + _STEP)
            yield dash + next(lines)[indent + _STEP :]
            yield from lines
        else:
            yield dash + _scalar(item)


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


def read(text: str) -> Any:
    """The document that a text in the plain form holds; lines that are wholly comments are passed over.

    Raises:
        NotPlainError: the text is not in the plain form.
    """
    lines = [line for line in text.split("\n") if line and not line.lstrip(" ").startswith("#")]
    if not lines:
        raise NotPlainError
    reader = _Reader(lines)
    value = reader.block(0)
    if reader.at != len(lines):
        raise NotPlainError
    return value


def without_comments(text: str) -> str:
    """A text without the lines that are wholly comments or blank."""
    return "\n".join(line for line in text.split("\n") if line and not line.lstrip(" ").startswith("#")) + "\n"


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.at = 0

    def _indent(self) -> int:
        line = self._lines[self.at]
        return len(line) - len(line.lstrip(" "))

    def block(self, indent: int) -> Any:
        if self.at >= len(self._lines) or self._indent() != indent:
            raise NotPlainError
        if self._lines[self.at][indent:].startswith("- "):
            return self._items(indent)
        return self._map(indent)

    def _items(self, indent: int) -> list[Any]:
        items: list[Any] = []
        while self.at < len(self._lines) and self._indent() == indent:
            line = self._lines[self.at]
            if line[indent : indent + _STEP] != "- ":
                break
            rest = line[indent + _STEP :]
            if _KEY.match(rest):
                # The item's first line stands behind its dash: read it as the first line of a mapping.
                self._lines[self.at] = " " * (indent + _STEP) + rest
                items.append(self._map(indent + _STEP))
            else:
                items.append(_value(rest))
                self.at += 1
        return items

    def _map(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self.at < len(self._lines) and self._indent() == indent:
            match = _KEY.match(self._lines[self.at][indent:])
            if match is None or match[1] in found:
                raise NotPlainError
            self.at += 1
            found[match[1]] = _value(match[2]) if match[2] is not None else self.block(indent + _STEP)
        return found


def _value(text: str) -> Any:
    known: dict[str, Any] = {"null": None, "true": True, "false": False, "[]": [], "{}": {}}
    if text in known:
        value = known[text]
        return value.copy() if isinstance(value, (list, dict)) else value
    if _INTEGER.match(text):
        return int(text)
    if text.startswith('"'):
        try:
            return json.loads(text)
        except ValueError:
            raise NotPlainError from None
    if _PLAIN.match(text) and not _UNSAFE.search(text):
        return text
    raise NotPlainError
