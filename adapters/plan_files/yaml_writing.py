"""Writes a plan as YAML in one plain form, with the comments that a person wrote around its values.

Comments stand at places: before the line of a place, or behind it. A place in a list whose items have an identity goes
by that identity, so that a comment stays with its project when rows come and go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.files.yaml_reading import Comments, Document, Path

IDENTITIES = {
    "projects": "project_id",
    "milestones": "milestone_id",
    "findings": "key",
    "rulings": "finding",
    "choices": "key",
}
"""The lists whose items have an identity, and the key that it stands under."""

_STEP = 2
_PLAIN = re.compile(
    r"^[A-Za-z\u3400-\u4dbf\u4e00-\u9fff“”《》（）「」【】、，。：；—…·Ａ-Ｚａ-ｚ０-９][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*$"
)
_UNSAFE = re.compile(r": |:$| #|\s$|^(?:true|false|null|yes|no|on|off|y|n)$", re.IGNORECASE)
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


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


def by_identity(document: Document) -> Comments:
    """The comments of a document, their places named by the identities of its items."""
    comments, value = document.comments, document.value
    return Comments(
        {_identified(path, value): lines for path, lines in comments.before.items()},
        {_identified(path, value): text for path, text in comments.behind.items()},
        comments.after,
    )


def _identified(path: Path, value: Any) -> Path:
    """A place named by identities instead of numbers, wherever the items on the way have one."""
    steps: list[str | int] = []
    identity: str | None = None
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return (*steps, *path[len(steps) :])
        named = value.get(identity) if identity and isinstance(value, Mapping) else None
        steps.append(str(named) if named is not None else step)
        identity = IDENTITIES.get(str(step)) if isinstance(step, str) else None
    return tuple(steps)
