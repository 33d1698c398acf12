"""What is written of the register: its rows on the writing connection in both stores, and the rules of keeping them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from adapters.ledger.outlook_rows import NOTE_CHANGE, SqlOutlookRows
from adapters.ledger.packing import Pack
from adapters.ledger.register_queries import NO_DAY, rank_of
from adapters.sql.statements import Statements
from domain.clock import CLOCKS_DIFFER_AT_MOST
from domain.frozen import Frozen
from domain.ids import ProjectId
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject
from domain.record.leaf import leaf_instant
from domain.seeing.register_filter import words_of

TABLES: Final[Mapping[type[Frozen], str]] = {
    ProjectRow: "register_project",
    DutyRow: "register_duty",
    MatterRow: "register_matter",
    DeputyRow: "register_deputy",
}
"""The table of each kind of row; its columns are the row's fields and, where a project has several, their `place`."""
DAYS = frozenset({"next_due_on", "answer_by", "approved_due_on", "done_on", "due_on", "from_on", "until_on"})
INSTANTS = frozenset({"as_of", "changes_at"})


def _upsert(table: str, key: Sequence[str], columns: Sequence[str]) -> str:
    changed = ", ".join(f"{name}=excluded.{name}" for name in columns if name not in key)
    marks = ", ".join("?" * len(columns))
    return (
        f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
    )


def key_of(kind: type[Frozen]) -> tuple[str, ...]:
    """The columns that tell the rows of a kind apart."""
    return ("project_id",) if kind is ProjectRow else ("project_id", "place")


_PUT = {
    kind: _upsert(table, key_of(kind), tuple(dict.fromkeys((*kind.model_fields, *key_of(kind)))))
    for kind, table in TABLES.items()
}
_PUT_VIEW = _upsert("register_view", ("project_id",), ("project_id", "view"))
_PUT_WORDS = _upsert("register_words", ("project_id",), ("project_id", "words"))


class SqlRegisterRows:
    """The register's rows on the writing connection."""

    def __init__(self, connection: Statements, pack: Pack) -> None:
        self._connection = connection
        self._pack = pack
        self.outlook = SqlOutlookRows(connection, pack)

    def taken(self) -> int:
        """How many entries of the ledger are in the rows."""
        return int(self._connection.execute("SELECT taken FROM register_head").fetchone()[0])

    def set_taken(self, entries: int) -> None:
        """Say how many entries are in the rows."""
        self._connection.execute("UPDATE register_head SET taken=?", (entries,))

    def derived(self, project_id: ProjectId) -> tuple[int, str] | None:
        """From how many events and at which instant a project's row was derived; none where it has none."""
        query = "SELECT events, as_of FROM register_project WHERE project_id=?"
        row = self._connection.execute(query, (project_id,)).fetchone()
        return (row[0], row[1]) if row else None

    def keep(self, projects: Sequence[RegisteredProject]) -> None:
        """Put projects in; one that is there from more events, or from a later look at as many, stays, unless its look
        was by a clock that was put back since."""
        for project in projects:
            there, events, as_of = self.derived(project.row.project_id), project.row.events, project.row.as_of
            if (
                there is None
                or there < (events, leaf_instant(as_of))
                or (there[0] == events and there[1] > leaf_instant(as_of + CLOCKS_DIFFER_AT_MOST))
            ):
                self.put(project)

    def take(self, size: int, before: int, until: int) -> bool:
        """Say that the first `until` entries of a ledger of `size` are in the rows, where at least `before` were."""
        taken = self.taken()
        # Where the rows were dropped meanwhile, what was derived from the entries before is gone.
        if taken < before or until > size:
            return False
        if until > taken:
            self.set_taken(until)
        return True

    def clear(self) -> None:
        """Drop every row: nothing of the ledger is taken."""
        self.drop_all()
        self.outlook.drop_all()
        self.set_taken(0)

    def put(self, project: RegisteredProject) -> None:
        """Put a project in; of what was there, only what differs is written."""
        project_id = project.row.project_id
        self._connection.execute(NOTE_CHANGE)
        self._connection.execute(_PUT[ProjectRow], _values(project.row))
        self._put_lines(DutyRow, project_id, project.duties)
        self._put_lines(MatterRow, project_id, project.matters)
        self._put_lines(DeputyRow, project_id, project.deputies)
        self._connection.execute(_PUT_VIEW, (project_id, self._pack(project.view)))
        self._connection.execute(_PUT_WORDS, (project_id, words_of(project)))

    def _put_lines(self, kind: type[Frozen], project_id: ProjectId, lines: Sequence[Frozen]) -> None:
        table = TABLES[kind]
        query = f"SELECT place, {', '.join(kind.model_fields)} FROM {table} WHERE project_id=?"  # noqa: S608 - as above
        there = {row[0]: tuple(row[1:]) for row in self._connection.execute(query, (project_id,)).fetchall()}
        wanted = [_values(line) for line in lines]
        differ = [(*line, place) for place, line in enumerate(wanted) if there.get(place) != line]
        if differ:
            self._connection.executemany(_PUT[kind], differ)
        if len(there) > len(wanted):
            beyond = f"DELETE FROM {table} WHERE project_id=? AND place>=?"  # noqa: S608 - as above
            self._connection.execute(beyond, (project_id, len(wanted)))

    def drop_all(self) -> None:
        """Drop every row."""
        self._connection.execute(NOTE_CHANGE)
        for table in (*TABLES.values(), "register_view", "register_words"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own


def _values(row: Frozen) -> tuple[object, ...]:
    return tuple(_stored(name, getattr(row, name)) for name in type(row).model_fields)


def _stored(name: str, value: object) -> object:
    if name in DAYS:
        return NO_DAY if value is None else str(value)
    if isinstance(value, datetime):
        return leaf_instant(value)
    if name == "light":
        return rank_of(value)  # type: ignore[arg-type]  # the field is a colour
    return int(value) if isinstance(value, bool) else value
