"""What stands still is seen: a worker measures its installation, and serves it beside the engine library's metrics."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from application.audit.kept_histories import unkept_by_the_ledger
from application.engine_room.backlog import backlogs
from application.engine_room.standing import sick_projects
from application.office.office import Office
from application.office.overdue import overdue_projects
from application.office.room import room_for_bytes
from domain.clock import office_day
from domain.errors import DubanError

if TYPE_CHECKING:
    from temporalio.common import MetricMeter

    from domain.rules.calendar import WorkingCalendar

WATCHED_EVERY_SECONDS = 15.0
_SELDOM_SECONDS = 300.0
"""What walks over every project is measured this often."""

MEASURES: Mapping[str, str] = {
    "duban_watched_at_seconds": "When the worker last measured its installation, in seconds since 1970",
    "duban_ledger_up": "Whether the ledger answers (1) or not (0)",
    "duban_ledger_seconds": "How long the ledger took to answer one question",
    "duban_unsigned_entries": "Entries of the ledger that no signed head covers",
    "duban_oldest_unsigned_seconds": "How long the oldest of them waits",
    "duban_undelivered_papers": "Papers that wait for the next morning of their addressee",
    "duban_begun_papers": "Papers of digests that were begun and not finished",
    "duban_oldest_undelivered_working_days": "Working days since the one on which the oldest paper could go",
    "duban_register_behind_entries": "Entries of the ledger that are not in the register yet",
    "duban_register_due_projects": "Rows of the register whose view has changed by time since",
    "duban_unkept_histories": "Ended projects whose history is not kept, and kept histories that are gone",
    "duban_free_bytes": "Room on the disk of the data folder; 0 where it is read-only, or no more files can be made",
    "duban_engine_up": "Whether the engine answers (1) or not (0)",
    "duban_silent_projects": "Projects whose supervision does not go on",
    "duban_work_waiting": "Tasks that wait for a worker, by kind",
    "duban_oldest_work_seconds": "How long the oldest of them waits, by kind",
    "duban_retention_days": "Days for which the engine keeps what has ended",
    "duban_certificate_days": "Days for which the proxy's certificate is still valid; 0 where it cannot be read",
}
"""Every metric of our own, with what it says."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, under a name of `MEASURES`, with its labels."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


class Watch:
    """What a worker knows of its installation, measured again and again.

    `calendar` is that of a year's list, `certificate_end` until when a certificate's file is valid.
    """

    def __init__(
        self,
        office: Office,
        calendar: Callable[[int], WorkingCalendar],
        certificate_end: Callable[[Path], datetime] | None = None,
    ) -> None:
        self._office = office
        self._calendar = calendar
        self._certificate_end = certificate_end
        self._seldom_at = -_SELDOM_SECONDS

    async def look(self) -> list[Measure]:
        """Measure everything once; what does not answer is measured as being down, and the rest all the same."""
        seldom = time.monotonic() - self._seldom_at >= _SELDOM_SECONDS
        found = [Measure("duban_watched_at_seconds", self._office.engine_now().timestamp()), *self._certificate()]
        try:
            found += await asyncio.to_thread(lambda: list(self._record(seldom=seldom)))
            standing = await self._office.register.standing()
            found.append(Measure("duban_register_behind_entries", standing.behind))
            found.append(Measure("duban_register_due_projects", standing.due))
            up = 1
        except DubanError:
            up = 0
        found.append(Measure("duban_ledger_up", up))
        try:
            found += await self._engine(seldom=seldom and up == 1)
            found.append(Measure("duban_engine_up", 1))
        except DubanError:
            found.append(Measure("duban_engine_up", 0))
        if seldom:
            self._seldom_at = time.monotonic()
        return found

    def _record(self, *, seldom: bool) -> Iterator[Measure]:
        records, now = self._office.records, self._office.engine_now()
        began = time.monotonic()
        records.ledger.clock()
        yield Measure("duban_ledger_seconds", time.monotonic() - began)
        unsigned = records.log.unsigned()
        yield Measure("duban_unsigned_entries", unsigned.entries)
        waits = max(0.0, (now - unsigned.oldest_at).total_seconds()) if unsigned.oldest_at else 0.0
        yield Measure("duban_oldest_unsigned_seconds", waits)
        mail = records.outbox.open_mail()
        yield Measure("duban_undelivered_papers", sum(each.waiting for each in mail))
        yield Measure("duban_begun_papers", sum(each.claimed for each in mail))
        oldest = min((each.oldest_at for each in mail), default=None)
        late = 0 if oldest is None else self._late(oldest)
        yield Measure("duban_oldest_undelivered_working_days", late)
        yield Measure("duban_free_bytes", room_for_bytes(self._office.settings.data))
        if seldom:
            unkept = unkept_by_the_ledger(records.ledger, records.log, now)
            yield Measure("duban_unkept_histories", len(unkept))

    def _certificate(self) -> Iterator[Measure]:
        place = self._office.settings.certificate
        if place is None or self._certificate_end is None:
            return
        try:
            left = self._certificate_end(place) - self._office.engine_now()
        except DubanError:
            left = timedelta()
        yield Measure("duban_certificate_days", max(0, left.days))

    def _late(self, could_go_at: datetime) -> int:
        could_go, today = office_day(could_go_at), office_day(self._office.now())
        if today <= could_go:
            return 0
        return self._calendar(today.year).working_days_between(could_go, today)

    async def _engine(self, *, seldom: bool) -> list[Measure]:
        engine = self._office.engine
        found = [Measure("duban_retention_days", (await engine.retention()).days)]
        for waiting in await backlogs(engine):
            found.append(Measure("duban_work_waiting", waiting.tasks, {"kind": waiting.kind}))
            found.append(Measure("duban_oldest_work_seconds", waiting.seconds, {"kind": waiting.kind}))
        if seldom:
            closed = await self._office.register.closed()
            overdue = await overdue_projects(self._office)
            sick = await sick_projects(engine, closed, self._office.engine_now(), overdue=overdue)
            found.append(Measure("duban_silent_projects", len(sick)))
        return found


class Gauges:
    """The metrics of our own, served where the engine library serves its own."""

    def __init__(self, meter: MetricMeter) -> None:
        self._gauges = {name: meter.create_gauge_float(name, meaning) for name, meaning in MEASURES.items()}

    def show(self, measures: list[Measure]) -> None:
        """Show what was measured last."""
        for measure in measures:
            self._gauges[measure.name].set(float(measure.value), dict(measure.labels))
