"""A year's end by two persons: one sees what it would do and prepares it, another one confirms it, and it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from application.accounts.accounts import Accounts, new_secret
from application.office.attesting import Giver
from application.office.every_project import Asking, Result
from application.office.office import Office
from application.office.year_end import Closing, YearPreview, close_year, preview
from domain.accounts.account import login_key
from domain.accounts.desk_things import PREPARED_LASTS, PreparedYearEnd
from domain.actors import operator
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.ids import MilestoneId, ProjectId, year_of
from domain.ports.ledger import Ledger
from domain.record.recorded_projects import recorded_events, recorded_projects
from domain.rules.mass_act_rules import MassActRules


class SamePersonError(InputError, rule="two_persons"):
    """The one who prepared a year's end confirms it himself."""


class NothingPreparedError(InputError, rule="prepared"):
    """There is no such year's end, or it was done or given up meanwhile."""


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
    """What closing a year would do; nothing is asked of the engine.

    Raises:
        InputError: there is no such year or milestone.
    """
    counted = await preview(office, Closing(year, year + 1, tuple(ended), Asking(operator(by.name), None, "-")))
    rules = await asyncio.to_thread(_rules, office.records.ledger, year)
    opens_on = rules.close_year_from(year)
    today = await asyncio.to_thread(lambda: office.now().date())
    return Foreseen(counted, opens_on.isoformat(), today >= opens_on)


def _rules(ledger: Ledger, year: int) -> MassActRules:
    first: ProjectId | None = next((each for each in recorded_projects(ledger) if year_of(each) == year), None)
    opened = next(recorded_events(ledger, first), None) if first else None
    policy = getattr(opened, "policy", None)
    return policy.mass_acts if policy is not None else MassActRules()


async def prepare(
    office: Office, accounts: Accounts, asked: YearEndAsked, by: SignedIn, now: datetime
) -> PreparedYearEnd:
    """Prepare a year's end for another person to confirm; nothing is closed.

    Raises:
        InputError: there is no such year or milestone, or its years are not one after the other, or before its period
            it has no reason of its own.
    """
    if asked.to_year <= asked.year:
        raise InputError(f"{asked.year}年只能结转到以后的年份：请把“结转到”改为{asked.year + 1}。")
    found = await foreseen(office, asked.year, asked.ended, by)
    if not found.in_period and not asked.despite_period:
        raise InputError(f"{asked.year}年从 {found.opens_on} 起才能办理年终：确要提前，请写明提前的理由。")
    prepared = PreparedYearEnd(
        key=new_secret()[:16],
        owner=login_key(by.account),
        ends_at=now + PREPARED_LASTS,
        year=asked.year,
        to_year=asked.to_year,
        ended=asked.ended,
        reason=asked.reason,
        despite_period=asked.despite_period or None,
        by=by.name,
        person_id=by.person_id,
        prepared_at=now,
    )
    await accounts.store.change(lambda rows: rows.put(prepared))
    return prepared


async def prepared_year_ends(accounts: Accounts, now: datetime) -> Sequence[PreparedYearEnd]:
    """The year's ends that wait for a second person."""
    found = await accounts.store.read(lambda rows: rows.every(PreparedYearEnd))
    return [each for each in found if not each.has_ended(now)]


async def give_up(accounts: Accounts, key: str) -> None:
    """Give up a prepared year's end; one that is not there (any more) stays so."""
    await accounts.store.change(
        lambda rows: [rows.remove(each) for each in rows.every(PreparedYearEnd) if each.key == key]
    )


async def confirm(
    office: Office, accounts: Accounts, key: str, by: SignedIn, now: datetime
) -> tuple[PreparedYearEnd, list[Result]]:
    """Close every project of a year as another person prepared it; answer what became of each.

    Whoever confirms gives the acts, for he is the one who is signed in; whoever prepared them stands beside him.

    Raises:
        NothingPreparedError: nobody prepared it, or it is done.
        SamePersonError: whoever prepared it is the one who confirms.
        InputError: there is no such year or milestone any more.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    prepared = await accounts.store.read(lambda rows: rows.one(PreparedYearEnd, key))
    if prepared is None or prepared.has_ended(now):
        raise NothingPreparedError("没有这份待确认的年终，或者已经办理：请回到年终页面查看。")
    same_account = login_key(by.account) == prepared.owner
    same_person = by.person_id is not None and by.person_id == prepared.person_id
    if same_account or same_person or by.name == prepared.by:
        raise SamePersonError("年终须由准备人以外的督查人员确认：请另一位督查人员登录后办理。")
    closing = Closing(
        prepared.year,
        prepared.to_year,
        prepared.ended,
        Asking(operator(by.name), None, prepared.reason),
        prepared.despite_period,
        operator(prepared.by),
    )
    results = await close_year(replace(office, giver=Giver(by, "desk")), closing, lambda _: None)
    if not any(result.outcome == "failed" for result in results):
        await give_up(accounts, key)
    return prepared, results
