"""A YAML document with what a person wrote around its values, and how both are written again.

Comments stand at places: before the line of a place, or behind it. A place in a list whose items have an identity goes
by that identity, so that a comment stays with its project when rows come and go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]

IDENTITIES = {
    "projects": "project_id",
    "milestones": "milestone_id",
    "findings": "key",
    "rulings": "finding",
    "choices": "key",
}
"""The lists whose items have an identity, and the key that it stands under."""


@dataclass(slots=True)
class Comments:
    """The comments of a document, blank lines among them: before a place, behind it, and after everything."""

    before: dict[Path, list[str]] = field(default_factory=dict)
    behind: dict[Path, str] = field(default_factory=dict)
    after: list[str] = field(default_factory=list)

    def by_identity(self, value: Any) -> Comments:
        """The same comments, their places named by the identities of a document's items."""
        return Comments(
            {identified(path, value): lines for path, lines in self.before.items()},
            {identified(path, value): text for path, text in self.behind.items()},
            self.after,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a YAML text, its comments, and the line of a place (of the nearest one around it)."""

    value: Any
    comments: Comments
    line_of: Callable[[Path], int]


def identified(path: Path, value: Any) -> Path:
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


def nearest(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a place, or of the nearest one around it that has one; the first line otherwise."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
