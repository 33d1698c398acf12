"""Two persons are two numbers of the directory: what rules of two persons ask once acts carry accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.directory.directory import Directory
from domain.directory.ids import Account


@dataclass(frozen=True, slots=True)
class ByAccount:
    """Whoever acted through an account on a day."""

    account: Account
    on: date


def are_two_persons(directory: Directory, one: ByAccount, other: ByAccount) -> bool:
    """Whether two acts are of two persons, both known; a second account of his own makes nobody a second person."""
    persons = [directory.person_of_account(each.account, each.on) for each in (one, other)]
    numbers = {person.person_id for person in persons if person is not None}
    return len(numbers) == len(persons)
