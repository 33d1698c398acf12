"""A list that was handed in is started: by one person, or prepared by one and confirmed by another where it withdraws
much of what runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, NamedTuple

from application.accounts.accounts import Accounts
from application.desk_work import by_two
from application.desk_work.draft_plans import Rules, startable
from application.office.attesting import Giver
from application.office.kept_rules import kept_rules
from application.office.office import Office
from application.office.planning import basis_of
from application.office.starting import Started
from application.office.starting_a_list import (
    Start,
    acts_of_start,
    doubtful_words,
    first_day,
    start_list,
    withdrawn_by_two,
)
from domain.accounts.desk_items import ByTwo, DraftPlan, PreparedByTwo
from domain.acts.act_digest import GivenAct
from domain.directory.signed_in import SignedIn
from domain.errors import InputError
from domain.ids import ProjectId

KINDS: Final[Sequence[ByTwo]] = ("list_start",)


class OneStartsItError(InputError, rule="list_needs_two"):
    """A list that one person starts is not prepared for another one."""


@dataclass(frozen=True, slots=True)
class Starting:
    """A list that was handed in, the rules that it starts under, and who starts it through which door; beside him who
    prepared it, where two persons do."""

    one: DraftPlan
    rules: Rules
    giver: Giver
    as_of: date | None = None
    confirmed: bool = False
    prepared: PreparedByTwo | None = None

    def of(self, office: Office) -> Start:
        """The start that is asked for (raises as `startable`)."""
        plan, by = startable(office, self.one, self.rules), self.giver.by.name
        beside = self.prepared.by if self.prepared is not None else None
        sure = self.confirmed or self.prepared is not None
        rules = self.rules
        return Start(plan, rules.policy, rules.calendar, self.as_of, 1, by, confirmed=sure, confirmed_by=beside)


class Questions(NamedTuple):
    """What a list leaves out of what runs, where it is so much that two persons start it; what is to be asked about the
    names in it and in its rules, where some are not known; which projects keep other rules; the earliest day that the
    year may begin with."""

    withdrawn: Sequence[ProjectId] = ()
    unknown: str = ""
    kept: str = ""
    first_day: date | None = None


async def start(office: Office, accounts: Accounts, asked: Starting) -> list[Started]:
    """Start a list as the one who is signed in; answer what became of each project. Repeatable.

    What was prepared is done with when nothing of it failed.

    Raises:
        DoubtfulStartError: it can hardly be meant, and nobody confirmed it.
        SecondPersonForListError: it withdraws much of what runs, and nobody prepared it for the one who confirms.
        InputError: it cannot be started (see `draft_plans.difference`); nothing is started then.
        DubanError: its person does not sign what weighs (see `signed_together`); nothing is started then.
        EngineUnreachableError: the engine does not answer.
    """
    giving = replace(office, giver=asked.giver)
    results = (await start_list(giving, asked.of(office)))[1]
    if asked.prepared is not None and not any(each.outcome == "failed" for each in results):
        await by_two.give_up(accounts, asked.prepared.key, KINDS)
    return results


async def acts_to_sign(office: Office, asked: Starting) -> list[GivenAct]:
    """What the own key of the one who starts it signs; nothing where that is not asked for, and nothing is given
    (raises as `start`)."""
    return await acts_of_start(replace(office, giver=asked.giver), asked.of(office))


async def questions(office: Office, one: DraftPlan, rules: Rules) -> Questions:
    """What is to be seen of a list before it is started (raises as `startable`)."""
    plan = startable(office, one, rules)
    start_of_it = Start(plan, rules.policy, rules.calendar)
    withdrawn = await asyncio.to_thread(withdrawn_by_two, office, start_of_it)
    unknown = await asyncio.to_thread(doubtful_words, office, start_of_it)
    kept = await asyncio.to_thread(kept_rules, rules.policy, plan, office.records.ledger)
    return Questions(withdrawn, unknown, kept, await asyncio.to_thread(first_day, office))


async def prepare(
    office: Office, accounts: Accounts, one: DraftPlan, rules: Rules, by: SignedIn, now: datetime
) -> PreparedByTwo:
    """Prepare the start of a list for another person to confirm; nothing is started.

    Raises:
        OneStartsItError: it withdraws little, and one person starts it.
        InputError: it cannot be started.
    """
    if not (await questions(office, one, rules)).withdrawn:
        raise OneStartsItError("启动这份清单不须两人：请直接启动。")
    return await by_two.prepare(accounts, "list_start", basis_of(one.plan), by, now, one.key, year=one.plan.year)


async def prepared_for(accounts: Accounts, one: DraftPlan, by: SignedIn, now: datetime) -> PreparedByTwo:
    """What another person prepared of this list (raises as `by_two.to_confirm`)."""
    return await by_two.to_confirm(accounts, one.key, KINDS, by, now)


async def waiting(accounts: Accounts, key: str, now: datetime) -> PreparedByTwo | None:
    """The start of this list that waits for a second person, where it does."""
    return next((each for each in await by_two.waiting(accounts, KINDS, now) if each.key == key), None)
