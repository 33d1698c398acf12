"""A whole list is withdrawn: counted first, with a second person where the policy asks for two."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from pydantic import Field

from application.office.every_project import AskedBy, Result, Told, each_project, listed, request_id_of, states_of_year
from application.office.office import Office
from application.office.open_texts import must_say_something
from domain.actors import Actor
from domain.acts.commands import AnyCommand, Withdraw
from domain.directory.naming import acting, numbered, second_person
from domain.errors import InputError
from domain.frozen import Frozen
from domain.state import CLOSED_STAGES, ProjectState

WITH_THE_LIST: Final = "withdraw-list"
"""How the requests that withdraw a whole list begin: the record tells by it what was withdrawn so."""


class ListNeedsTwoError(InputError, rule="second_person_to_withdraw"):
    """A whole list is withdrawn by two persons."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which year's list is withdrawn, why, by whom, and who confirms it."""

    year: int
    asking: AskedBy
    confirmed_by: Actor | None = None

    def of(self, state: ProjectState) -> AnyCommand:
        """The command that withdraws one project."""
        confirmed = f"（确认人：{self.confirmed_by.name}）" if self.confirmed_by else ""
        return Withdraw(
            request_id=request_id_of(WITH_THE_LIST, state, self.asking.reason),
            by=self.asking.by,
            on_behalf_of=self.asking.on_behalf_of,
            milestone_id=None,
            reason=f"{self.asking.reason}{confirmed}",
        )


class WithdrawalPreview(Frozen):
    """What a withdrawal would do: projects that leave supervision, sub-duties with them, and projects that are over
    already; open milestones, matters. Whether it needs two persons, and until when it can be reopened, is no key of the
    document: only words say it."""

    projects: int
    sub_duties: int
    over: int
    milestones: int
    matters: int
    second_person: bool = Field(default=False, exclude=True)
    reopen_until: date | None = Field(default=None, exclude=True)


async def preview(office: Office, withdrawal: Withdrawal) -> WithdrawalPreview:
    """What a withdrawal would do, counted from the record; nothing is asked of the engine.

    Raises:
        InputError: there is no such year.
    """
    _, states = await states_of_year(office, withdrawal.year, withdrawal.asking)
    rules = [state.policy.mass_acts for state in states]
    running = [state for state in listed(states) if not state.closed]
    milestones = [each for state in running for each in state.milestones.values()]
    return WithdrawalPreview(
        projects=len(running),
        sub_duties=sum(not state.closed for state in states) - len(running),
        over=len(listed(states)) - len(running),
        milestones=sum(each.stage not in CLOSED_STAGES for each in milestones),
        matters=sum(len(state.limits) for state in running),
        second_person=any(each.two_persons for each in rules),
        reopen_until=office.now().date() + timedelta(days=min(each.reopen_within_days for each in rules)),
    )


async def withdraw_list(office: Office, withdrawal: Withdrawal, told: Told) -> list[Result]:
    """Withdraw every project of a year's list; repeatable.

    Raises:
        InputError: there is no such year, or nobody else confirms it. Nothing is withdrawn then.
        NotOnePersonError: whoever asks or confirms is nobody in the directory. Nothing is withdrawn then.
        SaysNothingError: the reason has no word. Nothing is withdrawn then.
        EngineUnreachableError: the engine does not answer, or nobody works.
    """
    must_say_something(withdrawal.asking.reason)
    _, states = await states_of_year(office, withdrawal.year, withdrawal.asking)
    withdrawal = await asyncio.to_thread(_with_persons, office, withdrawal)
    asking, confirmed = withdrawal.asking, withdrawal.confirmed_by
    own = [each.known for each in (asking.by, asking.on_behalf_of) if each is not None]
    another = confirmed is not None and not any(confirmed.known.is_same(each) for each in own)
    if any(state.policy.mass_acts.two_persons for state in states) and not another:
        raise ListNeedsTwoError(
            f"撤销 {withdrawal.year} 年的整份清单须两人：请写明确认人，确认人不能是办理人或其委托人。"
        )
    return await each_project(office, states, withdrawal.of, told)


def _with_persons(office: Office, withdrawal: Withdrawal) -> Withdrawal:
    """A withdrawal with the numbers of those whom it names: its texts alone stand in the acts."""
    directory, at = office.records.persons.now(), office.now()
    own = office.giver.by.person_id if office.giver is not None else None
    asking, other = withdrawal.asking, withdrawal.confirmed_by
    behalf = None if asking.on_behalf_of is None else numbered(asking.on_behalf_of, directory, at)
    known = (acting if behalf is None else numbered)(asking.by, directory, at, own)
    asking = replace(asking, by=known, on_behalf_of=behalf)
    return replace(
        withdrawal, asking=asking, confirmed_by=None if other is None else second_person(other, directory, at)
    )
