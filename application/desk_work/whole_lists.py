"""A whole list reopened or withdrawn by two persons: counted first, prepared by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from application.accounts.accounts import Accounts
from application.desk_work import by_two
from application.office.every_project import AskedBy
from application.office.office import Office
from application.office.reopening import Reopening, ReopeningPreview
from application.office.withdrawing import Withdrawal, WithdrawalPreview
from domain.accounts.desk_items import PreparedByTwo
from domain.actors import operator
from domain.directory.signed_in import SignedIn
from domain.ids import ProjectId

WholeList = Literal["reopening", "withdrawal"]


@dataclass(frozen=True, slots=True)
class ListAsked:
    """What is asked of a year's list: whether it is reopened (all of it, or some projects) or withdrawn, and why."""

    what: WholeList
    year: int
    reason: str
    projects: Sequence[ProjectId] = ()
    despite_period: str | None = None


async def foreseen(office: Office, asked: ListAsked, by: SignedIn) -> ReopeningPreview | WithdrawalPreview:
    """What it would do, counted from the record; nothing is asked of the engine.

    Raises:
        InputError: there is no such year or project.
    """
    asking = AskedBy(operator(by.name), None, asked.reason or "-")
    if asked.what == "reopening":
        return await Reopening(asked.year, asking, asked.projects).preview(office)
    return await Withdrawal(asked.year, asking).preview(office)


async def prepare(office: Office, accounts: Accounts, asked: ListAsked, by: SignedIn, now: datetime) -> PreparedByTwo:
    """Prepare it for another person to confirm; nothing is done (raises as `foreseen`)."""
    await foreseen(office, asked, by)
    return await by_two.prepare(
        accounts,
        asked.what,
        asked.reason,
        by,
        now,
        year=asked.year,
        projects=tuple(asked.projects),
        despite_period=asked.despite_period,
    )


def act_of(prepared: PreparedByTwo, by: SignedIn) -> Reopening | Withdrawal:
    """The act that one prepared, for the one who confirms it to give."""
    asking, beside = AskedBy(operator(by.name), None, prepared.reason), operator(prepared.by)
    if prepared.what == "withdrawal":
        return Withdrawal(prepared.year, asking, confirmed_by=beside)
    return Reopening(
        prepared.year, asking, prepared.projects, despite_period=prepared.despite_period, confirmed_by=beside
    )
