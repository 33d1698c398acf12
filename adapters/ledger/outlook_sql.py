"""The outlook in SQL, beside the register's rows; one text for both stores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.ledger.group_commit import GroupCommit
from adapters.ledger.kept_answers import KeptAnswers
from adapters.ledger.outlook_rows import FORETOLD, KINDS
from adapters.ledger.rows import Readers
from domain.clock import CLOCKS_DIFFER_AT_MOST, office_day
from domain.ids import ProjectId
from domain.names import Addressee
from domain.ports.outlook import Foretold, ForetoldPaper, ListedPaper, OutlookQuery, TallyKey
from domain.record.leaf import instant_of, leaf_instant

_ORDER = ("on_day", "addressee", "project_id", "place")


class SqlOutlook:
    """The port `Outlook` on the ledger's own store."""

    def __init__(self, readers: Readers, writer: GroupCommit, kept: KeptAnswers) -> None:
        self._readers = readers
        self._writer = writer
        self._kept = kept

    def due(self, now: datetime) -> Sequence[ProjectId]:
        today, latest = office_day(now), office_day(now + CLOCKS_DIFFER_AT_MOST)
        return list(self._kept.of(("outlook due", today, latest), lambda: self._due(today, latest)))

    def _due(self, today: date, latest: date) -> tuple[ProjectId, ...]:
        rows = self._readers.rows(
            "SELECT p.project_id FROM register_project p LEFT JOIN outlook_project o USING (project_id)"
            " WHERE o.events IS NULL OR o.events<p.events OR o.holds_until<? OR o.since>? ORDER BY p.project_id",
            (today.isoformat(), latest.isoformat()),
        )
        return tuple(row[0] for row in rows)

    def should_have_woken(self, before: datetime) -> Sequence[ProjectId]:
        rows = self._readers.rows(
            "SELECT project_id FROM outlook_project o JOIN register_project p USING (project_id)"
            " WHERE wakes_at<? AND o.events=p.events ORDER BY wakes_at, project_id",
            (leaf_instant(before),),
        )
        return [row[0] for row in rows]

    def papers(self, query: OutlookQuery) -> Sequence[ListedPaper]:
        where, values = _asked(query)
        backwards = query.before is not None
        order = ", ".join(f"{key} DESC" if backwards else key for key in _ORDER)
        part = "" if query.limit is None else " LIMIT ?"
        rows = self._readers.rows(
            f"SELECT {FORETOLD}, project_id, title, place"  # noqa: S608 - names of our own
            f" FROM (SELECT {FORETOLD}, project_id, place FROM outlook_paper WHERE {where} ORDER BY {order}{part})"
            f" AS page JOIN register_project USING (project_id) ORDER BY {order}",
            (*values, *(() if query.limit is None else (query.limit,))),
        )
        return [
            ListedPaper(**_named(row[:5]), project_id=row[5], project_title=row[6], place=row[7])
            for row in (rows[::-1] if backwards else rows)
        ]

    def count(self, query: OutlookQuery) -> int:
        where, values = _asked(query)
        return int(self._readers.rows(f"SELECT count(*) FROM outlook_paper WHERE {where}", values)[0][0])  # noqa: S608 - as above

    def counts(self, until: date) -> Mapping[tuple[date, Addressee], int]:
        return self._kept.of(("outlook counts", until), lambda: self._counts(until))

    def _counts(self, until: date) -> Mapping[tuple[date, Addressee], int]:
        rows = self._readers.rows(
            "SELECT on_day, addressee, count(*) FROM outlook_paper WHERE on_day<=?"
            " GROUP BY on_day, addressee ORDER BY on_day, addressee",
            (until.isoformat(),),
        )
        return {(date.fromisoformat(on), to): number for on, to, number in rows}

    def kept(self) -> Sequence[Foretold]:
        papers: defaultdict[ProjectId, list[ForetoldPaper]] = defaultdict(list)
        columns = f"SELECT {FORETOLD}, project_id FROM outlook_paper ORDER BY project_id, place"  # noqa: S608 - as above
        for row in self._readers.rows(columns):
            papers[row[5]].append(ForetoldPaper(**_named(row[:5])))
        heads = "SELECT project_id, events, since, until, wakes_at FROM outlook_project ORDER BY project_id"
        return [
            Foretold(
                project_id=name,
                events=events,
                since=date.fromisoformat(since),
                until=date.fromisoformat(until),
                papers=tuple(papers[name]),
                wakes_at=instant_of(wakes_at) if wakes_at else None,
            )
            for name, events, since, until, wakes_at in self._readers.rows(heads)
        ]

    def tallies(self) -> tuple[int, Mapping[TallyKey, int]]:
        (head,) = self._readers.rows("SELECT tallied FROM outlook_head")
        rows = self._readers.rows("SELECT kind, addressee, month, counted FROM outlook_tally")
        return int(head[0]), {(kind, to, month): counted for kind, to, month, counted in rows}

    async def keep(self, found: Sequence[Foretold]) -> None:
        await self._writer.run(lambda transaction: transaction.register.outlook.keep(found))

    async def put_off(self, waking: Sequence[tuple[ProjectId, int, datetime | None]]) -> None:
        await self._writer.run(lambda transaction: transaction.register.outlook.put_off(waking))

    async def tally(self, before: int, until: int, counted: Mapping[TallyKey, int]) -> bool:
        return await self._writer.run(
            lambda transaction: transaction.register.outlook.tally(transaction.size, before, until, counted)
        )


def _asked(query: OutlookQuery) -> tuple[str, tuple[object, ...]]:
    terms = ["on_day<=?"]
    values: list[object] = [query.until.isoformat()]
    if query.to is not None:
        terms.append("addressee=?")
        values.append(query.to)
    if query.on is not None:
        terms.append("on_day=?")
        values.append(query.on.isoformat())
    for place, sign in ((query.after, ">"), (query.before, "<")):
        if place is not None:
            terms.append(f"({', '.join(_ORDER)}){sign}(?, ?, ?, ?)")
            values += [place[0].isoformat(), *place[1:]]
    return " AND ".join(terms), tuple(values)


def _named(row: Sequence[Any]) -> dict[str, Any]:
    on, to, kind, milestone_id, copy_of = row
    return {
        "on": date.fromisoformat(on),
        "to": to,
        "kind": KINDS[kind],
        "milestone_id": milestone_id,
        "copy_of": bool(copy_of),
    }
