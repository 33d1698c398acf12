"""A year's end by two persons: one sees what it would do and prepares it, another one confirms it, and it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.accounts.accounts import Accounts
from application.desk_work import by_two
from application.office.every_project import AskedBy
from application.office.office import Office
from application.office.year_end import Closing, YearPreview, counted_preview
from domain.accounts.desk_items import PreparedByTwo
from domain.actors import operator
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.ids import MilestoneId, ProjectId
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events
from domain.rules.mass_act_rules import MassActRules


@dataclass(frozen=True, slots=True)
class YearEndAsked:
    """What is asked of a year's end."""

    year: int
    to_year: int
    reason: str
    ended: tuple[MilestoneId, ...] = ()
    despite_period: str | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a year's end would do, and whether its period has begun (from `opens_on` on)."""

    preview: YearPreview
    opens_on: str
    in_period: bool


async def foreseen(office: Office, year: int, ended: Sequence[MilestoneId], by: SignedIn) -> Foreseen:
    """What closing a year would do, counted from the register; nothing is asked of the engine.

    Raises:
        InputError: there is no such year or milestone.
        NotAnOperatorError: a department of the list has the name of the one who asks.
    """
    await office.register.current()
    counted, first = await counted_preview(office, year, ended, by.name)
    rules = await asyncio.to_thread(_rules, office.records.ledger, first)
    opens_on = rules.close_year_from(year)
    today = await asyncio.to_thread(lambda: office.now().date())
    return Foreseen(counted, opens_on.isoformat(), today >= opens_on)


def _rules(ledger: Ledger, first: ProjectId) -> MassActRules:
    opened = next(recorded_events(ledger, first), None)
    policy = getattr(opened, "policy", None)
    return policy.mass_acts if policy is not None else MassActRules()


async def prepare(
    office: Office, accounts: Accounts, asked: YearEndAsked, by: SignedIn, now: datetime
) -> PreparedByTwo:
    """Prepare a year's end for another person to confirm; nothing is closed.

    Raises:
        InputError: there is no such year or milestone, or nothing to close in it, or its years are not one after the
            other, or before its period it has no reason of its own.
    """
    if asked.to_year <= asked.year:
        raise InputError(f"{asked.year}年只能结转到以后的年份：请把“结转到”改为{asked.year + 1}。")
    found = await foreseen(office, asked.year, asked.ended, by)
    if not found.preview.projects:
        raise InputError(f"{asked.year}年没有还要结束的项目，不用再办年终：结转的清单请在年终页面里取出。")
    if not found.in_period and not asked.despite_period:
        raise InputError(f"{asked.year}年从 {found.opens_on} 起才能办理年终：确要提前，请写明提前的理由。")
    return await by_two.prepare(
        accounts,
        "year_end",
        asked.reason,
        by,
        now,
        year=asked.year,
        to_year=asked.to_year,
        ended=asked.ended,
        despite_period=asked.despite_period or None,
    )


def act_of(prepared: PreparedByTwo, by: SignedIn) -> Closing:
    """The act that one prepared, for the one who confirms it to give."""
    return Closing(
        prepared.year,
        AskedBy(operator(by.name), None, prepared.reason),
        prepared.to_year,
        prepared.ended,
        despite_period=prepared.despite_period,
        confirmed_by=operator(prepared.by),
    )
