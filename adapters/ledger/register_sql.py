"""The register in SQL: how it is read; one text for both stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, get_args

from adapters.ledger.group_commit import GroupCommit
from adapters.ledger.kept_answers import KeptAnswers
from adapters.ledger.outlook_sql import SqlOutlook
from adapters.ledger.packing import text_of
from adapters.ledger.register_queries import (
    LISTED,
    NO_DAY,
    Chosen,
    chosen_duties,
    chosen_matters,
    chosen_projects,
    rank_of,
)
from adapters.ledger.register_writing import DAYS, INSTANTS, TABLES, key_of
from adapters.ledger.rows import Readers
from domain.clock import CLOCKS_DIFFER_AT_MOST
from domain.colours import WORST_LAST, Colour
from domain.frozen import Frozen
from domain.ids import DepartmentId, ProjectId
from domain.paging import Part, Stretch
from domain.ports.register import (
    AgendaPart,
    Choices,
    DepartmentCount,
    DeputyCount,
    DutyPage,
    DutyQuery,
    MatterPage,
    MatterQuery,
    MonthCount,
    Page,
    ProjectPage,
    ProjectQuery,
    Standing,
    Urgency,
    YearEndCount,
)
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, ProjectRow, RegisteredProject
from domain.record.leaf import instant_of, leaf_instant
from domain.state import ProjectStage

Row = TypeVar("Row", bound=Frozen)
_URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
_YEAR_END = ("unsettled", "to_strike_off", "struck_off", "matters", "extensions", "inspections")
_OPEN = "stage NOT IN ('archived', 'withdrawn')"
_URGENCY = (
    "CASE WHEN stage='returned_for_rework' THEN 0 WHEN light=? AND answer_by<? THEN 1 WHEN light=? THEN 2"
    " WHEN light=? AND answer_by<? THEN 3 WHEN answer_by<=? THEN 4 WHEN stage='completion_requested' THEN 5 ELSE 6 END"
)
_DEPUTY = ", ".join(DeputyRow.model_fields)
_AT_ONCE = 500
_CHOICES = {
    "years": "year",
    "leads": "lead_department",
    "categories": "category",
    "sources": "source",
    "leaders": "responsible_leader",
}


class SqlRegister:
    """The port `Register` on the ledger's own store."""

    def __init__(self, readers: Readers, writer: GroupCommit) -> None:
        self._readers = readers
        self._writer = writer
        self._kept = KeptAnswers(readers)
        self.outlook = SqlOutlook(readers, writer, self._kept)

    def projects(self, query: ProjectQuery) -> ProjectPage:
        lights = self._lights(query)
        count = sum(lights[light] for light in query.lights or WORST_LAST)
        page = self._page(ProjectRow, chosen_projects(query), query, count)
        return ProjectPage(page.rows, count, lights, lies=page.lies)

    def duties(self, query: DutyQuery) -> DutyPage:
        return self._page(DutyRow, chosen_duties(query), query)

    def matters(self, query: MatterQuery) -> MatterPage:
        return self._page(MatterRow, chosen_matters(query), query)

    def agenda(self, department: DepartmentId, day: date, soon: date, most: int) -> Sequence[AgendaPart]:
        red, grey, today = rank_of("red"), rank_of("grey"), day.isoformat()
        pressing = (red, today, red, grey, today, soon.isoformat())
        counts = self._counted(
            f"SELECT role, {_URGENCY}, count(*), count(*)-sum(signed) FROM register_duty"  # noqa: S608 - our own
            " WHERE department=? AND open=1 GROUP BY 1, 2 ORDER BY 1, 2",
            (*pressing, department),
        )
        asked = [(department, role, *pressing, urgency, most) for role, urgency, _count, _unsigned in counts]
        return [
            AgendaPart(role, _URGENCIES[urgency], rows, count, int(unsigned))
            for (role, urgency, count, unsigned), rows in zip(counts, self._first_duties(asked), strict=True)
        ]

    def _first_duties(self, asked: Sequence[tuple[object, ...]]) -> list[tuple[DutyRow, ...]]:
        """The first rows of each part of an agenda; an index has a department's duties in their order."""
        if not asked:
            return []
        parts = " UNION ALL ".join(
            f"SELECT * FROM (SELECT {nth} AS nth, project_id, place FROM register_duty"  # noqa: S608 - our own
            f" WHERE department=? AND open=1 AND role=? AND {_URGENCY}=?"
            f" ORDER BY answer_by, project_id, place LIMIT ?) AS part{nth}"
            for nth in range(len(asked))
        )
        query = (
            f"WITH first AS ({parts}) SELECT nth, {', '.join(DutyRow.model_fields)}"  # noqa: S608 - as above
            " FROM first JOIN register_duty USING (project_id, place) ORDER BY nth, answer_by, project_id, place"
        )
        found: list[list[DutyRow]] = [[] for _ in asked]
        for nth, *row in self._readers.rows(query, tuple(value for values in asked for value in values)):
            found[nth].append(_row_of(DutyRow, row))
        return [tuple(rows) for rows in found]

    def deputies(self, principal: str) -> Sequence[DeputyCount]:
        rows = self._readers.rows(
            "SELECT deputy, from_on, until_on, count(*) FROM register_deputy WHERE principal=?"
            " GROUP BY deputy, from_on, until_on ORDER BY from_on, deputy, until_on",
            (principal,),
        )
        return [_row_of(DeputyCount, row) for row in rows]

    def deputy_rows(self) -> Sequence[DeputyRow]:
        query = f"SELECT {_DEPUTY} FROM register_deputy ORDER BY project_id, place"  # noqa: S608 - as above
        return [_row_of(DeputyRow, row) for row in self._readers.rows(query)]

    def deputies_on(self, day: date) -> Sequence[DeputyRow]:
        query = f"SELECT {_DEPUTY} FROM register_deputy WHERE from_on<=? AND until_on>=? ORDER BY project_id, place"  # noqa: S608 - as above
        return [_row_of(DeputyRow, row) for row in self._readers.rows(query, (day.isoformat(),) * 2)]

    def deputed(self, principal: str, deputy: str) -> Sequence[ProjectId]:
        query = "SELECT DISTINCT project_id FROM register_deputy WHERE principal=? AND deputy=? ORDER BY project_id"
        return [row[0] for row in self._readers.rows(query, (principal, deputy))]

    def year_end(self, year: int, most: int) -> YearEndCount:
        sums = ", ".join(f"sum({name})" for name in _YEAR_END)
        found = {
            (bool(listed), bool(still_open)): numbers
            for listed, still_open, *numbers in self._counted(
                f"SELECT {LISTED}, {_OPEN}, min(project_id), count(*), {sums}"  # noqa: S608 - as above
                " FROM register_project WHERE year=? GROUP BY 1, 2",
                (year,),
            )
        }
        none = (None, 0, *(0 for _ in _YEAR_END))
        first_open, *counts = found.get((True, True), none)
        first_over, over, *_ = found.get((True, False), none)
        _, parts, *_ = found.get((False, True), none)
        # A sub-duty is no further project, but it holds the closing up like one.
        first = self._readers.rows(
            "SELECT milestone_id FROM register_duty WHERE stage='completed' AND role='lead' AND project_id IN"  # noqa: S608
            f" (SELECT project_id FROM register_project WHERE year=? AND {_OPEN} AND to_strike_off>0)"
            " ORDER BY project_id, place LIMIT ?",
            (year, most),
        )
        numbers = dict(zip(("projects", *_YEAR_END), map(int, counts), strict=True))
        return YearEndCount(
            **numbers,
            sub_duties=parts,
            over=over,
            first_project=min(filter(None, (first_open, first_over)), default=None),
            first_to_strike_off=tuple(each[0] for each in first),
        )

    def months(self, year: int) -> Sequence[MonthCount]:
        let_go = f"stage='released' AND done_on='{NO_DAY}'"
        done = f"(stage IN ('completed', 'struck_off', 'delivered') OR stage='released' AND done_on<>'{NO_DAY}')"
        not_here = (
            "SELECT milestone_id FROM register_duty AS duty JOIN register_project AS whole USING (project_id)"
            " WHERE role='lead' AND (duty.stage='withdrawn' OR duty.stage='carried_over' AND whole.year<?)"
        )
        rows = self._counted(
            "SELECT coalesce(done_by, department) AS whose, role, substr(approved_due_on, 1, 7) AS month,"  # noqa: S608
            f" count(*), sum(CASE WHEN {done} THEN 1 ELSE 0 END),"
            f" sum(CASE WHEN {done} AND breaches=0 THEN 1 ELSE 0 END)"
            f" FROM register_duty WHERE {LISTED}"
            f" AND substr(approved_due_on, 1, 4)=? AND NOT ({let_go}) AND milestone_id NOT IN ({not_here})"
            " GROUP BY whose, role, month ORDER BY whose, role, month",
            (str(year), year),
        )
        return [_row_of(MonthCount, row) for row in rows]

    def _count(self, table: str, chosen: Chosen) -> int:
        ((count,),) = self._counted(f"SELECT count(*) FROM {table}{chosen.where}", chosen.values)  # noqa: S608
        return int(count)

    def _counted(self, query: str, values: tuple[object, ...] = ()) -> Sequence[Any]:
        """The rows of a query that goes through all of a table and answers few."""
        return self._kept.of((query, values), lambda: self._readers.rows(query, values))

    def _page(self, kind: type[Row], chosen: Chosen, part: Part, count: int | None = None) -> Page[Row]:
        """One page of the rows that are chosen; `count` says how many there are where that is known already."""
        table, columns, key = TABLES[kind], tuple(kind.model_fields), ", ".join(key_of(kind))
        count = self._count(table, chosen) if count is None else count
        asked, backwards = chosen, part.before is not None
        for place, behind in ((part.after, True), (part.before, False)):
            asked = asked if place is None else asked.beside(place, behind=behind)
        if not count:
            return Page((), 0)
        order = chosen.order(backwards=backwards)
        limit, values = ("", ()) if part.limit is None else (" LIMIT ?", (part.limit,))
        # The keys first, which the indexes have, then the rows of one page: what is sorted stays narrow.
        found = self._readers.rows(
            f"SELECT {', '.join((*columns, *chosen.keys))} FROM (SELECT {key} FROM {table}{asked.where}"  # noqa: S608 - as above
            f" ORDER BY {order}{limit}) AS page JOIN {table} USING ({key}) ORDER BY {order}",
            (*asked.values, *values),
        )
        found = found[::-1] if backwards else found
        if not found:
            return Page((), count, lies=Stretch(0 if part.after is None else count))
        first, last = (" ".join(map(str, row[len(columns) :])) for row in (found[0], found[-1]))
        before = 0 if asked is chosen and not backwards else self._count(table, chosen.beside(first, behind=False))
        rows = tuple(_row_of(kind, row[: len(columns)]) for row in found)
        return Page(rows, count, lies=Stretch(before, first, last))

    def _lights(self, query: ProjectQuery) -> Mapping[Colour, int]:
        # What is counted once is not looked for again: a search reads the words of every project.
        chosen = chosen_projects(query.having(lights=()))
        rows = self._counted(
            f"SELECT light, count(*) FROM register_project{chosen.where} GROUP BY light",  # noqa: S608 - as above
            chosen.values,
        )
        return dict.fromkeys(WORST_LAST, 0) | {_colour(light): count for light, count in rows}

    def choices(self) -> Choices:
        # In one go through an index that holds them all: each for itself would read every row.
        query = f"SELECT DISTINCT {', '.join(_CHOICES.values())} FROM register_project WHERE {LISTED}"  # noqa: S608
        columns = zip(_CHOICES, zip(*self._counted(query), strict=True), strict=False)
        return Choices.model_validate({name: tuple(sorted({*values} - {None})) for name, values in columns})

    def departments(self) -> Sequence[DepartmentCount]:
        rows = self._counted(
            "SELECT department, role, light, count(*), sum(breaches), sum(early),"  # noqa: S608 - our own
            f" sum(open * (1 - signed)) FROM register_duty WHERE {LISTED}"
            " GROUP BY department, role, light ORDER BY department, role, light"
        )
        return [_row_of(DepartmentCount, row) for row in rows]

    def stages(self) -> Mapping[ProjectId, ProjectStage]:
        return dict(self._readers.rows("SELECT project_id, stage FROM register_project ORDER BY project_id"))

    def views(self, project_ids: Sequence[ProjectId]) -> Mapping[ProjectId, str]:
        found: dict[ProjectId, str] = {}
        for first in range(0, len(project_ids), _AT_ONCE):
            part = project_ids[first : first + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"SELECT project_id, view FROM register_view WHERE project_id IN ({marks})"  # noqa: S608 - marks
            found |= {name: text_of(view) for name, view in self._readers.rows(query, tuple(part))}
        return found

    def standing(self, now: datetime) -> Standing:
        # The rows' own count first: what is appended meanwhile is behind, never ahead.
        taken = self._taken()
        return Standing(entries=self._entries(), taken=taken, due=len(self.due(now)))

    def changed(self) -> tuple[int, int, Sequence[str]]:
        taken, entries = self._taken(), self._entries()
        if taken == entries:
            return taken, entries, ()
        query = "SELECT DISTINCT stream FROM entry WHERE seq>=? AND seq<?"
        return taken, entries, [row[0] for row in self._readers.rows(query, (taken, entries))]

    def due(self, now: datetime) -> Sequence[ProjectId]:
        terms, values = "changes_at<=?", [leaf_instant(now)]
        ahead = leaf_instant(now + CLOCKS_DIFFER_AT_MOST)
        # No index has it, so it is asked once for as long as no row changes.
        ((latest,),) = self._counted("SELECT max(as_of) FROM register_project")
        if latest is not None and latest > ahead:
            terms, values = f"{terms} OR as_of>?", [*values, ahead]
        query = f"SELECT project_id FROM register_project WHERE {terms} ORDER BY project_id"  # noqa: S608 - our own
        return [row[0] for row in self._readers.rows(query, tuple(values))]

    async def keep(self, projects: Sequence[RegisteredProject]) -> None:
        await self._writer.run(lambda transaction: transaction.register.keep(projects))

    async def take(self, before: int, until: int) -> bool:
        return await self._writer.run(lambda transaction: transaction.register.take(transaction.size, before, until))

    async def clear(self) -> None:
        await self._writer.run(lambda transaction: transaction.register.clear())

    def _taken(self) -> int:
        return int(self._readers.rows("SELECT taken FROM register_head")[0][0])

    def _entries(self) -> int:
        return int(self._readers.rows("SELECT coalesce(max(seq), -1) + 1 FROM entry")[0][0])


def _row_of(kind: type[Row], row: Sequence[Any]) -> Row:
    """A row whose columns are the fields of a kind, in their order: numbers are validated to what the fields are, be it
    yes or no, or a sum that the other store gives as a decimal number."""
    named = zip(kind.model_fields, row, strict=True)
    return kind.model_validate({name: _READ.get(name, _as_it_is)(value) for name, value in named})


def _as_it_is(value: Any) -> Any:
    return value


def _day(value: str) -> date | None:
    return None if value == NO_DAY else date.fromisoformat(value)


def _instant(value: str | None) -> datetime | None:
    return None if value is None else instant_of(value)


def _colour(rank: int) -> Colour:
    return WORST_LAST[-1 - rank]


_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(INSTANTS, _instant),
    "light": _colour,
}
