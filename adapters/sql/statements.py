"""Statements on an open connection, as every store on SQL gives them: values stand for `?`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Answers(Protocol):
    """What a statement answers."""

    def fetchone(self) -> Any:
        """The next row, or none."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""


class Statements(Protocol):
    """Runs statements on the writing connection; values stand for `?`."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Answers:
        """Run one statement."""

    def executemany(self, statement: str, values: Sequence[Sequence[Any]], /) -> object:
        """Run one statement for each row of values."""
