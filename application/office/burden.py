"""What supervision asks of each department, and whom its record praises or criticises: read from the ledger alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from application.office.scoring import UnknownPeriodError, period_of
from application.records import Records
from domain.directory.every_name import present_names
from domain.errors import InputError
from domain.record.recorded_projects import recorded_of, recorded_rules, recorded_streams
from domain.scoring.period import Period
from domain.seeing.bulletins import BulletinDraft, drafts_for
from domain.seeing.burden import COUNTED, BurdenView, burden_of, inspections_of
from domain.seeing.period_report import PeriodReport, drafted


async def bulletin_drafts(records: Records, month: str) -> list[BulletinDraft]:
    """The bulletins that a month's record calls for: praise first, then by department and project."""
    drafts = await asyncio.to_thread(
        lambda: [entry for events in recorded_streams(records.ledger) for entry in drafts_for(events, month)]
    )
    return sorted(drafts, key=lambda entry: (entry.kind != "praise", entry.department, entry.project_id))


async def burden(records: Records, month: str | None, today: date) -> BurdenView:
    """Papers and inspections of each addressee by month (one month, or all), with the caps; a department that was
    renamed under its name of today."""

    def counted() -> BurdenView:
        names = present_names(records.persons.now(), today)
        inspections = inspections_of(recorded_of(records.ledger, COUNTED), names)
        return burden_of(inspections, records.outbox.items(), recorded_rules(records.ledger), month, names)

    return await asyncio.to_thread(counted)


class PeriodNotBegunError(InputError, rule="period_has_begun"):
    """Nothing can be told of a period that is still to come."""


@dataclass(frozen=True, slots=True)
class Span:
    """A month or a year: its period, the one after it, the title of its report."""

    period: Period
    after: Period
    title: str

    @property
    def is_month(self) -> bool:
        """Whether it is a month."""
        return "-" in self.period.name


def span_of(text: str) -> Span:
    """The span that a name stands for: `2018-06` or `2018`.

    Raises:
        InputError: it stands for none.
    """
    try:
        period = period_of(text)
    except UnknownPeriodError as error:
        raise _no_span(text) from error
    year, _dash, month = period.name.partition("-")
    following = period.to_on + timedelta(days=1)
    if not month:
        return Span(period, period_of(str(following.year)), f"{year}年重点项目督办工作报告")
    if not month.isdigit():
        raise _no_span(text)
    return Span(period, period_of(f"{following:%Y-%m}"), f"关于{year}年{int(month)}月重点项目督办情况的通报")


def _no_span(text: str) -> InputError:
    return InputError(f"“{text}”不是月份或年份：请写 2018-06 或 2018。")


async def period_report(records: Records, span: Span, today: date) -> PeriodReport:
    """The draft of a month's bulletin or a year's report, with the deadlines of the period that comes next.

    Raises:
        PeriodNotBegunError: the period begins after today.
    """
    if today < span.period.from_on:
        raise PeriodNotBegunError(
            f"这一期 {span.period.from_on} 才开始，今天是 {today}，还没有可通报的：请核对月份或年份。",
            from_on=span.period.from_on,
            today=today,
        )

    def made() -> PeriodReport:
        projects = [list(events) for events in recorded_streams(records.ledger)]
        names = present_names(records.persons.now(), today)
        return drafted(span.title, projects, span.period.from_on, span.period.to_on, span.after.to_on, names)

    return await asyncio.to_thread(made)
