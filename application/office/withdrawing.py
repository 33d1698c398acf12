"""A whole list is withdrawn: counted first, with a second person where the policy asks for two."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from application.office.every_project import (
    EndPreview,
    OverAYear,
    Result,
    Told,
    each_project,
    end_counts,
    listed,
    reopen_until,
    request_id_of,
)
from application.office.office import Office
from application.office.open_texts import must_say_something
from domain.acts.commands import AnyCommand, Withdraw
from domain.directory.naming import acting, numbered, second_person
from domain.errors import InputError
from domain.state import CLOSED_STAGES, ProjectState

WITH_THE_LIST: Final = "withdraw-list"
"""How the requests that withdraw a whole list begin: the record tells by it what was withdrawn so."""


class ListNeedsTwoError(InputError, rule="second_person_to_withdraw"):
    """A whole list is withdrawn by two persons."""


class WithdrawalPreview(EndPreview):
    """What a withdrawal would do: also to open milestones, and to matters."""

    milestones: int
    matters: int


@dataclass(frozen=True, slots=True)
class Withdrawal(OverAYear[WithdrawalPreview]):
    """The withdrawal of a year's list."""

    def of(self, state: ProjectState) -> AnyCommand:
        """The command that withdraws one project."""
        confirmed = f"（确认人：{self.confirmed_by.name}）" if self.confirmed_by else ""
        return Withdraw(
            **self.asking.fields | {"reason": f"{self.asking.reason}{confirmed}"},
            request_id=request_id_of(WITH_THE_LIST, state, self.asking.reason),
            milestone_id=None,
        )

    async def preview(self, office: Office) -> WithdrawalPreview:
        """What a withdrawal would do."""
        states = await self.states(office)
        running = [state for state in listed(states) if not state.closed]
        milestones = [each for state in running for each in state.milestones.values()]
        return WithdrawalPreview(
            **end_counts(states),
            milestones=sum(each.stage not in CLOSED_STAGES for each in milestones),
            matters=sum(len(state.limits) for state in running),
            second_person=any(state.policy.mass_acts.two_persons for state in states),
            reopen_until=reopen_until(states, office.now().date()),
        )

    async def give(self, office: Office, told: Told = lambda _: None) -> list[Result]:
        """Withdraw every project of a year's list.

        Raises:
            InputError: there is no such year, or nobody else confirms it. Nothing is withdrawn then.
            NotOnePersonError: whoever asks or confirms is nobody in the directory. Nothing is withdrawn then.
            SaysNothingError: the reason has no word. Nothing is withdrawn then.
            EngineUnreachableError: the engine does not answer, or nobody works.
        """
        must_say_something(self.asking.reason)
        states = await self.states(office)
        withdrawal = await asyncio.to_thread(_with_persons, office, self)
        asking, confirmed = withdrawal.asking, withdrawal.confirmed_by
        own = [each.known for each in (asking.by, asking.on_behalf_of) if each is not None]
        another = confirmed is not None and not any(confirmed.known.is_same(each) for each in own)
        if any(state.policy.mass_acts.two_persons for state in states) and not another:
            raise ListNeedsTwoError(
                f"撤销 {self.year} 年的整份清单须两人：请写明确认人，确认人不能是办理人或其委托人。"
            )
        return await each_project(office, states, withdrawal.of, told, seen_until=asking.seen_until)


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
