"""A whole list reopened or withdrawn by two persons: counted first, prepared by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from application.accounts.accounts import Accounts
from application.desk_work import by_two
from application.office import reopening, withdrawing
from application.office.attesting import Giver
from application.office.every_project import AskedBy, Result
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
        return await reopening.preview(office, Reopening(asked.year, asked.projects, asking))
    return await withdrawing.preview(office, Withdrawal(asked.year, asking))


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


async def confirm(office: Office, accounts: Accounts, prepared: PreparedByTwo, by: SignedIn) -> list[Result]:
    """Do it as another person prepared it; answer what became of each project.

    Raises:
        InputError: there is no such year or project any more.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    giving = replace(office, giver=Giver(by, "desk"))
    asking, beside = AskedBy(operator(by.name), None, prepared.reason), operator(prepared.by)
    if prepared.what == "reopening":
        wanted = Reopening(prepared.year, prepared.projects, asking, prepared.despite_period, beside)
        results = await reopening.reopen(giving, wanted, lambda _: None)
    else:
        results = await withdrawing.withdraw_list(giving, Withdrawal(prepared.year, asking, beside), lambda _: None)
    if not any(result.outcome == "failed" for result in results):
        await by_two.give_up(accounts, prepared.key, (prepared.what,))
    return results
