"""Rules of two persons compare persons: neither two spellings nor two accounts make two of one."""

from __future__ import annotations

import pytest

from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.two_persons import ByAccount, are_two_persons
from tests.domain.directory.samples import NEW_YEAR, day, draft_on, small_office

ONE_DAY = day(5, 1)


def accounts() -> Directory:
    """One person with two accounts, another with one, which was the first one's until April."""
    draft = draft_on(small_office())
    changes.give_account(draft, "P0001", "os:lihong", NEW_YEAR)
    changes.give_account(draft, "P0001", "oidc:lh", NEW_YEAR)
    changes.give_account(draft, "P0001", "os:shared", NEW_YEAR)
    changes.take_account(draft, "P0001", "os:shared", day(4, 30))
    changes.give_account(draft, "P0002", "os:shared", day(5, 1))
    return draft.directory


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        (ByAccount("os:lihong", ONE_DAY), ByAccount("os:shared", ONE_DAY), True),
        (ByAccount("os:lihong", ONE_DAY), ByAccount("os:lihong", ONE_DAY), False),
        (ByAccount("os:lihong", ONE_DAY), ByAccount("oidc:lh", ONE_DAY), False),
        (ByAccount("os:shared", day(4, 30)), ByAccount("oidc:lh", ONE_DAY), False),
        (ByAccount("os:shared", day(4, 30)), ByAccount("os:shared", ONE_DAY), True),
        (ByAccount("os:lihong", ONE_DAY), ByAccount("os:nobody", ONE_DAY), False),
        (ByAccount("os:nobody", ONE_DAY), ByAccount("os:none", ONE_DAY), False),
        (ByAccount("os:lihong", day(1, 1).replace(year=2017)), ByAccount("os:shared", ONE_DAY), False),
    ],
)
def test_two_persons_have_two_numbers(one: ByAccount, other: ByAccount, two: bool) -> None:
    """Each account names a person on the day of its act; whom nobody knows is not another person."""
    assert are_two_persons(accounts(), one, other) is are_two_persons(accounts(), other, one) is two
