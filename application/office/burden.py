"""What supervision asks of each department, and whom its record praises or criticises: read from the ledger alone."""

from __future__ import annotations

import asyncio
from datetime import date

from application.records import Records
from domain.errors import InputError
from domain.record.recorded_projects import recorded_of, recorded_rules, recorded_streams
from domain.scoring.points import Period
from domain.seeing.bulletins import BulletinDraft, drafts_for
from domain.seeing.burden import COUNTED, BurdenView, burden_of, inspections_of
from domain.seeing.period_report import PeriodReport, drafted


async def bulletin_drafts(records: Records, month: str) -> list[BulletinDraft]:
    """The bulletins that a month's record calls for: praise first, then by department and project."""
    drafts = await asyncio.to_thread(
        lambda: [entry for events in recorded_streams(records.ledger) for entry in drafts_for(events, month)]
    )
    return sorted(drafts, key=lambda entry: (entry.kind != "praise", entry.department, entry.project_id))


async def burden(records: Records, month: str | None) -> BurdenView:
    """Papers and inspections of each addressee by month (one month, or all), with the caps."""

    def counted() -> BurdenView:
        inspections = inspections_of(recorded_of(records.ledger, COUNTED))
        return burden_of(inspections, records.outbox.items(), recorded_rules(records.ledger), month)

    return await asyncio.to_thread(counted)


class PeriodNotBegunError(InputError, rule="period_has_begun"):
    """Nothing can be told of a period that is still to come."""


async def period_report(records: Records, title: str, period: Period, next_one: Period, today: date) -> PeriodReport:
    """The draft of a month's bulletin or a year's report, with the deadlines of the period that comes next.

    Raises:
        PeriodNotBegunError: the period begins after today.
    """
    if today < period.from_on:
        raise PeriodNotBegunError(
            f"这一期 {period.from_on} 才开始，今天是 {today}，还没有可通报的：请核对月份或年份。",
            from_on=period.from_on,
            today=today,
        )

    def made() -> PeriodReport:
        projects = [list(events) for events in recorded_streams(records.ledger)]
        return drafted(title, projects, period.from_on, period.to_on, next_one.to_on)

    return await asyncio.to_thread(made)
