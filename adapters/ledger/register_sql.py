"""The register in SQL: its tables, what is written in them and how they are read; one text for both stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.ledger import register_rows
from adapters.ledger.group_commit import GroupCommit
from adapters.ledger.register_queries import (
    LISTED,
    NO_DAY,
    Chosen,
    chosen_duties,
    chosen_matters,
    chosen_projects,
    rank_of,
)
from adapters.ledger.rows import Readers
from adapters.sql.statements import Statements
from domain.colours import WORST_LAST, Colour
from domain.ids import ProjectId
from domain.ports.register import (
    Choices,
    DepartmentCount,
    DutyPage,
    DutyQuery,
    DutyRow,
    MatterPage,
    MatterQuery,
    MatterRow,
    MonthCount,
    ProjectPage,
    ProjectQuery,
    ProjectRow,
    RegisteredProject,
    Standing,
)
from domain.record.leaf import instant_of, leaf_instant
from domain.seeing.asked import words_of
from domain.state import ProjectStage

_PROJECT = tuple(ProjectRow.model_fields)
_DUTY = tuple(DutyRow.model_fields)
_MATTER = tuple(MatterRow.model_fields)
_DAYS = frozenset({"next_due_on", "answer_by", "approved_due_on", "done_on", "due_on"})
_INSTANTS = frozenset({"as_of", "changes_at"})
_YES_OR_NO = frozenset({"open", "signed", "stopped", "early", "of_the_section"})
_AT_ONCE = 500
_CHOICES = {
    "years": "year",
    "leads": "lead_department",
    "categories": "category",
    "sources": "source",
    "leaders": "responsible_leader",
}


def _upsert(table: str, key: Sequence[str], columns: Sequence[str]) -> str:
    changed = ", ".join(f"{name}=excluded.{name}" for name in columns if name not in key)
    marks = ", ".join("?" * len(columns))
    return (
        f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of our own
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
    )


_KEYS = {
    "register_project": ("project_id",),
    "register_duty": ("project_id", "place"),
    "register_matter": ("project_id", "place"),
}
_PUT_PROJECT = _upsert("register_project", _KEYS["register_project"], _PROJECT)
_PUT_DUTY = _upsert("register_duty", _KEYS["register_duty"], (*_DUTY, "place"))
_PUT_MATTER = _upsert("register_matter", _KEYS["register_matter"], (*_MATTER, "place"))
_PUT_VIEW = _upsert("register_view", ("project_id",), ("project_id", "view"))
_PUT_WORDS = _upsert("register_words", ("project_id",), ("project_id", "words"))
_TABLES = ("register_project", "register_duty", "register_matter", "register_view", "register_words")


class SqlRegisterRows:
    """The register's rows on the writing connection."""

    def __init__(self, connection: Statements) -> None:
        self._connection = connection

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
        self._connection.execute(_PUT_PROJECT, _values(project.row))
        self._put_lines("register_duty", _DUTY, _PUT_DUTY, project_id, project.duties)
        self._put_lines("register_matter", _MATTER, _PUT_MATTER, project_id, project.matters)
        self._connection.execute(_PUT_VIEW, (project_id, project.view))
        self._connection.execute(_PUT_WORDS, (project_id, words_of(project)))

    def _put_lines(
        self, name: str, columns: Sequence[str], put: str, project_id: ProjectId, lines: Sequence[DutyRow | MatterRow]
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
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own


class SqlRegister:
    """The port `Register` on the ledger's own store."""

    def __init__(self, readers: Readers, writer: GroupCommit) -> None:
        self._readers = readers
        self._writer = writer

    def projects(self, query: ProjectQuery) -> ProjectPage:
        """The projects that a query asks for."""
        rows, count = self._page("register_project", _PROJECT, chosen_projects(query), query.limit, query.offset)
        return ProjectPage(tuple(ProjectRow.model_validate(named) for named in rows), count)

    def duties(self, query: DutyQuery) -> DutyPage:
        """The duties that a query asks for."""
        rows, count = self._page("register_duty", _DUTY, chosen_duties(query), query.limit, query.offset)
        return DutyPage(tuple(DutyRow.model_validate(named) for named in rows), count)

    def matters(self, query: MatterQuery) -> MatterPage:
        """The matters that a query asks for."""
        rows, count = self._page("register_matter", _MATTER, chosen_matters(query), query.limit, query.offset)
        return MatterPage(tuple(MatterRow.model_validate(named) for named in rows), count)

    def months(self, year: int) -> Sequence[MonthCount]:
        """The duties with a date of all departments in the projects of a year, by the month in which they are due."""
        done = f"done_on<>'{NO_DAY}'"
        rows = self._readers.rows(
            "SELECT department, role, substr(approved_due_on, 1, 7) AS month, count(*),"  # noqa: S608 - our own
            f" sum(CASE WHEN {done} THEN 1 ELSE 0 END),"
            f" sum(CASE WHEN {done} AND breaches=0 THEN 1 ELSE 0 END), sum(breaches)"
            f" FROM register_duty WHERE {LISTED}"
            " AND project_id IN (SELECT project_id FROM register_project WHERE year=?)"
            f" AND approved_due_on<>'{NO_DAY}' AND register_duty.stage<>'withdrawn'"
            " GROUP BY department, role, substr(approved_due_on, 1, 7) ORDER BY department, role, month",
            (year,),
        )
        names = ("department", "role", "month", "duties", "done", "on_time", "breaches")
        # What the other store sums up comes as a decimal number.
        return [
            MonthCount.model_validate(dict(zip(names, (*row[:3], *map(int, row[3:])), strict=True))) for row in rows
        ]

    def _page(
        self, table: str, columns: Sequence[str], chosen: Chosen, limit: int | None, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        counted = self._readers.rows(f"SELECT count(*) FROM {table}{chosen.where}", chosen.values)  # noqa: S608
        count = int(counted[0][0])
        most = max(0, count - offset) if limit is None else min(limit, max(0, count - offset))
        if not most:
            return [], count
        # From the nearer end: the last page is as near as the first.
        backwards = offset > count // 2
        skipped = count - offset - most if backwards else offset
        order, key = chosen.order(backwards=backwards), ", ".join(_KEYS[table])
        # The keys first, which the indexes have, then the rows of one page: what is sorted stays narrow.
        found = self._readers.rows(
            f"SELECT {', '.join(columns)} FROM (SELECT {key} FROM {table}{chosen.where}"  # noqa: S608 - as above
            f" ORDER BY {order} LIMIT ? OFFSET ?) AS page JOIN {table} USING ({key}) ORDER BY {order}",
            (*chosen.values, most, skipped),
        )
        named = [_named(columns, row) for row in found]
        return (named[::-1] if backwards else named), count

    def lights(self, query: ProjectQuery) -> Mapping[Colour, int]:
        """How many of the projects that a query asks for have which light."""
        chosen = chosen_projects(query)
        rows = self._readers.rows(
            f"SELECT light, count(*) FROM register_project{chosen.where} GROUP BY light",  # noqa: S608 - as above
            chosen.values,
        )
        return dict.fromkeys(WORST_LAST, 0) | {_colour(light): count for light, count in rows}

    def choices(self) -> Choices:
        """What the projects have in the fields that lists are filtered by."""
        found = {}
        for name, column in _CHOICES.items():
            query = (
                f"SELECT DISTINCT {column} FROM register_project"  # noqa: S608 - names of our own
                f" WHERE {column} IS NOT NULL AND {LISTED} ORDER BY {column}"
            )
            found[name] = tuple(row[0] for row in self._readers.rows(query))
        return Choices.model_validate(found)

    def departments(self) -> Sequence[DepartmentCount]:
        """The duties of all departments, counted by light."""
        rows = self._readers.rows(
            "SELECT department, role, light, count(*), sum(breaches), sum(early),"  # noqa: S608 - our own
            f" sum(open * (1 - signed)) FROM register_duty WHERE {LISTED}"
            " GROUP BY department, role, light ORDER BY department, role, light"
        )
        return [
            DepartmentCount(
                department=name,
                role=role,
                light=_colour(light),
                duties=duties,
                breaches=int(breaches),
                early=int(early),
                unsigned=int(unsigned),
            )
            for name, role, light, duties, breaches, early, unsigned in rows
        ]

    def stages(self) -> Mapping[ProjectId, ProjectStage]:
        """The stage of every project, in order of identity."""
        return dict(self._readers.rows("SELECT project_id, stage FROM register_project ORDER BY project_id"))

    def views(self, project_ids: Sequence[ProjectId]) -> Mapping[ProjectId, str]:
        """The whole views of projects, as JSON."""
        found: dict[ProjectId, str] = {}
        for first in range(0, len(project_ids), _AT_ONCE):
            part = project_ids[first : first + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"SELECT project_id, view FROM register_view WHERE project_id IN ({marks})"  # noqa: S608 - marks
            found |= dict(self._readers.rows(query, tuple(part)))
        return found

    def standing(self, now: datetime) -> Standing:
        """How far the register has come."""
        # The rows' own count first: what is appended meanwhile is behind, never ahead.
        taken = self._taken()
        due = self._readers.rows("SELECT count(*) FROM register_project WHERE changes_at<=?", (leaf_instant(now),))
        return Standing(entries=self._entries(), taken=taken, due=due[0][0])

    def changed(self) -> tuple[int, int, Sequence[str]]:
        """How many entries are taken, how many there are, and the streams of those that are not taken yet."""
        taken, entries = self._taken(), self._entries()
        if taken == entries:
            return taken, entries, ()
        query = "SELECT DISTINCT stream FROM entry WHERE seq>=? AND seq<?"
        return taken, entries, [row[0] for row in self._readers.rows(query, (taken, entries))]

    def due(self, now: datetime) -> Sequence[ProjectId]:
        """The projects whose view changed by time since they were derived."""
        query = "SELECT project_id FROM register_project WHERE changes_at<=? ORDER BY project_id"
        return [row[0] for row in self._readers.rows(query, (leaf_instant(now),))]

    async def keep(self, projects: Sequence[RegisteredProject]) -> None:
        """Put projects in, in one transaction."""
        await self._writer.run(lambda transaction: register_rows.keep(transaction.register, projects))

    async def take(self, before: int, until: int) -> bool:
        """Say that the first `until` entries are in the rows, where at least the first `before` were."""
        return await self._writer.run(
            lambda transaction: register_rows.take(transaction.register, transaction.size, before, until)
        )

    async def clear(self) -> None:
        """Drop every row."""
        await self._writer.run(lambda transaction: register_rows.clear(transaction.register))

    def _taken(self) -> int:
        return int(self._readers.rows("SELECT taken FROM register_head")[0][0])

    def _entries(self) -> int:
        return int(self._readers.rows("SELECT coalesce(max(seq), -1) + 1 FROM entry")[0][0])


def _values(row: ProjectRow | DutyRow | MatterRow) -> tuple[object, ...]:
    return tuple(_stored(name, getattr(row, name)) for name in type(row).model_fields)


def _stored(name: str, value: object) -> object:
    if name in _DAYS:
        return NO_DAY if value is None else str(value)
    if isinstance(value, datetime):
        return leaf_instant(value)
    if name == "light":
        return rank_of(value)  # type: ignore[arg-type]  # the field is a colour
    return int(value) if isinstance(value, bool) else value


def _named(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return {name: _READ.get(name, _as_it_is)(value) for name, value in zip(columns, row, strict=True)}


def _as_it_is(value: Any) -> Any:
    return value


def _day(value: str) -> date | None:
    return None if value == NO_DAY else date.fromisoformat(value)


def _instant(value: str | None) -> datetime | None:
    return None if value is None else instant_of(value)


def _colour(rank: int) -> Colour:
    return WORST_LAST[-1 - rank]


_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(_INSTANTS, _instant),
    **dict.fromkeys(_YES_OR_NO, bool),
    "light": _colour,
}
