"""The outlook's rows inside one transaction, and the rules of keeping them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import get_args

from adapters.ledger.packing import Pack, text_of
from adapters.sql.statements import Statements
from domain.ids import ProjectId
from domain.papers.paper import PaperKind
from domain.ports.outlook import Foretold, TallyKey
from domain.record.leaf import leaf_instant

KINDS: tuple[PaperKind, ...] = get_args(PaperKind)
FORETOLD = "on_day, addressee, kind, milestone_id, copy_of"
NOTE_CHANGE = "UPDATE register_head SET changes=changes+1"
"""What every writing of a row of the register or of the outlook says with it (`KeptAnswers`)."""
_TABLES = ("outlook_project", "outlook_paper", "outlook_tally")


class SqlOutlookRows:
    """The outlook's rows on the writing connection."""

    def __init__(self, connection: Statements, pack: Pack) -> None:
        self._connection = connection
        self._pack = pack

    def foretold_at(self, project_id: ProjectId) -> tuple[int, date] | None:
        """From how many events and on which day a project was looked at; none where it was not."""
        query = "SELECT events, since FROM outlook_project WHERE project_id=?"
        row = self._connection.execute(query, (project_id,)).fetchone()
        return (row[0], date.fromisoformat(row[1])) if row else None

    def keep(self, found: Sequence[Foretold]) -> None:
        """Put projects in; one that is there from more events, or from a look at as many on this day, stays."""
        for each in found:
            there = self.foretold_at(each.project_id)
            if there is None or there[0] < each.events or (there[0] == each.events and there[1] != each.since):
                self.put(each)

    def tally(self, size: int, before: int, until: int, counted: Mapping[TallyKey, int]) -> bool:
        """Add what some entries of a ledger of `size` say, where exactly those before them were counted."""
        if self.tallied() != before or until > size:
            return False
        self.add(until, counted)
        return True

    def put(self, found: Foretold) -> None:
        """Put a project in, in the place of what was there."""
        project_id = found.project_id
        lines = [(str(p.on), p.to, KINDS.index(p.kind), p.milestone_id, int(p.copy_of)) for p in found.papers]
        there = self._connection.execute(
            "SELECT lines FROM outlook_project WHERE project_id=?", (project_id,)
        ).fetchone()
        # The rows stand in the order of their days, so that only whoever knows a row finds it: what a project has is
        # told beside it. Of what was there, only what differs is written.
        before = {(place, *line) for place, line in enumerate(json.loads(text_of(there[0])))} if there else set()
        after = {(place, *line) for place, line in enumerate(lines)}
        self._connection.execute(NOTE_CHANGE)
        self._connection.executemany(
            "DELETE FROM outlook_paper WHERE on_day=? AND addressee=? AND project_id=? AND place=?",
            [(on, to, project_id, place) for place, on, to, *_ in sorted(before - after)],
        )
        self._connection.executemany(
            f"INSERT INTO outlook_paper(project_id, place, {FORETOLD})"  # noqa: S608 - names of our own
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(project_id, *line) for line in sorted(after - before)],
        )
        self._connection.execute("DELETE FROM outlook_project WHERE project_id=?", (project_id,))
        days = [day.isoformat() for day in (found.since, found.until, found.holds_until)]
        wakes_at = leaf_instant(found.wakes_at) if found.wakes_at else None
        self._connection.execute(
            "INSERT INTO outlook_project(project_id, events, since, until, holds_until, wakes_at, lines)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (project_id, found.events, *days, wakes_at, self._pack(json.dumps(lines, ensure_ascii=False))),
        )

    def put_off(self, waking: Sequence[tuple[ProjectId, int, datetime | None]]) -> None:
        """Say when time will next bring something of projects that still have so many events."""
        self._connection.executemany(
            "UPDATE outlook_project SET wakes_at=? WHERE project_id=? AND events=?",
            [(leaf_instant(at) if at else None, project_id, events) for project_id, events, at in waking],
        )

    def tallied(self) -> int:
        """How many entries of the ledger were counted."""
        return int(self._connection.execute("SELECT tallied FROM outlook_head").fetchone()[0])

    def add(self, until: int, counted: Mapping[TallyKey, int]) -> None:
        """Add to what was counted; the first `until` entries are in it then."""
        if counted:
            self._connection.executemany(
                "INSERT INTO outlook_tally(kind, addressee, month, counted) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (kind, addressee, month) DO UPDATE SET counted=outlook_tally.counted+excluded.counted",
                [(*key, number) for key, number in counted.items()],
            )
        self._connection.execute("UPDATE outlook_head SET tallied=?", (until,))

    def drop_all(self) -> None:
        """Drop everything: nothing of the ledger is counted."""
        self._connection.execute(NOTE_CHANGE)
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        self._connection.execute("UPDATE outlook_head SET tallied=0")
