"""What is written of the register: its rows on the writing connection, in both stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from adapters.ledger.outlook_rows import NOTE_CHANGE, SqlOutlookRows
from adapters.ledger.register_queries import NO_DAY, rank_of
from adapters.sql.statements import Statements
from domain.ids import ProjectId
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject
from domain.record.leaf import leaf_instant
from domain.seeing.register_filter import words_of

PROJECT = tuple(ProjectRow.model_fields)
DUTY = tuple(DutyRow.model_fields)
MATTER = tuple(MatterRow.model_fields)
DEPUTY = tuple(DeputyRow.model_fields)
DAYS = frozenset({"next_due_on", "answer_by", "approved_due_on", "done_on", "due_on", "from_on", "until_on"})
INSTANTS = frozenset({"as_of", "changes_at"})


def _upsert(table: str, key: Sequence[str], columns: Sequence[str]) -> str:
    changed = ", ".join(f"{name}=excluded.{name}" for name in columns if name not in key)
    marks = ", ".join("?" * len(columns))
    return (
        f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
    )


KEYS = {
    "register_project": ("project_id",),
    "register_duty": ("project_id", "place"),
    "register_matter": ("project_id", "place"),
    "register_deputy": ("project_id", "place"),
}
_PUT_PROJECT = _upsert("register_project", KEYS["register_project"], PROJECT)
_PUT_DUTY = _upsert("register_duty", KEYS["register_duty"], (*DUTY, "place"))
_PUT_MATTER = _upsert("register_matter", KEYS["register_matter"], (*MATTER, "place"))
_PUT_DEPUTY = _upsert("register_deputy", KEYS["register_deputy"], (*DEPUTY, "place"))
_PUT_VIEW = _upsert("register_view", ("project_id",), ("project_id", "view"))
_PUT_WORDS = _upsert("register_words", ("project_id",), ("project_id", "words"))
_TABLES = ("register_project", "register_duty", "register_matter", "register_deputy", "register_view", "register_words")


_Line = DutyRow | MatterRow | DeputyRow


class SqlRegisterRows:
    """The register's rows on the writing connection."""

    def __init__(self, connection: Statements) -> None:
        self._connection = connection
        self.outlook = SqlOutlookRows(connection)

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

    def put(self, project: RegisteredProject) -> None:
        """Put a project in; of what was there, only what differs is written."""
        project_id = project.row.project_id
        self._connection.execute(NOTE_CHANGE)
        self._connection.execute(_PUT_PROJECT, _values(project.row))
        self._put_lines("register_duty", DUTY, _PUT_DUTY, project_id, project.duties)
        self._put_lines("register_matter", MATTER, _PUT_MATTER, project_id, project.matters)
        self._put_lines("register_deputy", DEPUTY, _PUT_DEPUTY, project_id, project.deputies)
        self._connection.execute(_PUT_VIEW, (project_id, project.view))
        self._connection.execute(_PUT_WORDS, (project_id, words_of(project)))

    def _put_lines(
        self, name: str, columns: Sequence[str], put: str, project_id: ProjectId, lines: Sequence[_Line]
    ) -> None:
        query = f"SELECT place, {', '.join(columns)} FROM {name} WHERE project_id=?"  # noqa: S608 - as above
        there = {row[0]: tuple(row[1:]) for row in self._connection.execute(query, (project_id,)).fetchall()}
        wanted = [_values(line) for line in lines]
        differ = [(*line, place) for place, line in enumerate(wanted) if there.get(place) != line]
        if differ:
            self._connection.executemany(put, differ)
        if len(there) > len(wanted):
            beyond = f"DELETE FROM {name} WHERE project_id=? AND place>=?"  # noqa: S608 - as above
            self._connection.execute(beyond, (project_id, len(wanted)))

    def drop_all(self) -> None:
        """Drop every row."""
        self._connection.execute(NOTE_CHANGE)
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own


def _values(row: ProjectRow | _Line) -> tuple[object, ...]:
    return tuple(_stored(name, getattr(row, name)) for name in type(row).model_fields)


def _stored(name: str, value: object) -> object:
    if name in DAYS:
        return NO_DAY if value is None else str(value)
    if isinstance(value, datetime):
        return leaf_instant(value)
    if name == "light":
        return rank_of(value)  # type: ignore[arg-type]  # the field is a colour
    return int(value) if isinstance(value, bool) else value
