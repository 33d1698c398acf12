"""What is kept of accounts as rows of one table: the kind, the key, the owner, the end, the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from adapters.sql.statements import Statements
from domain.accounts.kept import Kept
from domain.accounts.tokens import ApiToken
from domain.ports.accounts import LookThrough, Thing

_ALL: Final = 2**31 - 1
"""More than any table of accounts has; one store wants a limit before an offset, and both take a number."""
COLUMNS: Final = """(
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  owner TEXT NOT NULL,
  ends_at TEXT,
  document TEXT NOT NULL,
  PRIMARY KEY (kind, key)
)"""


class SqlAccountRows:
    """The port `AccountRows` on an open transaction of any store."""

    def __init__(self, statements: Statements, look: LookThrough | None = None) -> None:
        self._statements = statements
        self._look = look

    def one(self, kind: type[Thing], key: str) -> Thing | None:
        row = self._statements.execute("SELECT document FROM kept WHERE kind=? AND key=?", (kind.kind, key)).fetchone()
        return kind.model_validate_json(row[0]) if row else None

    def every(self, kind: type[Thing], owner: str | None = None) -> Sequence[Thing]:
        if owner is None:
            answers = self._statements.execute("SELECT document FROM kept WHERE kind=?", (kind.kind,))
        else:
            query = "SELECT document FROM kept WHERE kind=? AND owner=?"
            answers = self._statements.execute(query, (kind.kind, owner))
        things = [kind.model_validate_json(row[0]) for row in answers.fetchall()]
        return sorted(things, key=lambda thing: thing.key)

    def keys(self, kind: type[Kept], owner: str) -> Sequence[str]:
        query = "SELECT key FROM kept WHERE kind=? AND owner=?"
        return sorted(row[0] for row in self._statements.execute(query, (kind.kind, owner)).fetchall())

    def count(self, kind: type[Kept]) -> int:
        return int(self._statements.execute("SELECT count(*) FROM kept WHERE kind=?", (kind.kind,)).fetchone()[0])

    def put(self, thing: Kept) -> None:
        if self._look is not None:
            self._look(self.one(type(thing), thing.key), thing)
        self._statements.execute(
            "INSERT INTO kept(kind, key, owner, ends_at, document) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET owner=excluded.owner, ends_at=excluded.ends_at,"
            " document=excluded.document",
            (thing.kind, thing.key, thing.owner, _instant(thing.ends_at), thing.model_dump_json()),
        )

    def remove(self, thing: Kept) -> bool:
        query = "DELETE FROM kept WHERE kind=? AND key=? RETURNING key"
        return bool(self._statements.execute(query, (thing.kind, thing.key)).fetchall())

    def keep_last(self, kind: type[Kept], owner: str, most: int) -> int:
        query = (
            "DELETE FROM kept WHERE kind=? AND key IN (SELECT key FROM kept WHERE kind=? AND owner=?"
            " ORDER BY ends_at DESC, key LIMIT ? OFFSET ?) RETURNING key"
        )
        return len(self._statements.execute(query, (kind.kind, kind.kind, owner, _ALL, most)).fetchall())

    def remove_ended(self, now: datetime) -> int:
        query = "DELETE FROM kept WHERE ends_at IS NOT NULL AND ends_at<=? AND kind<>? RETURNING key"
        return len(self._statements.execute(query, (_instant(now), ApiToken.kind)).fetchall())


def _instant(instant: datetime | None) -> str | None:
    """An instant as a text that sorts as instants do."""
    return None if instant is None else instant.astimezone(UTC).isoformat(timespec="microseconds")
