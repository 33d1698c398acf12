"""The directory's events: their names are kept for ever, and folding them forgets nothing."""

from __future__ import annotations

import json
import random
from datetime import UTC, timedelta
from typing import get_args

import pytest

from domain.directory import changes
from domain.directory.directory import Department, Directory, Person
from domain.directory.events import DIRECTORY_EVENT, DIRECTORY_STREAM, DirectoryEvent
from domain.directory.evolution import fold, known_at
from domain.directory.ids import ONE_AT_A_TIME, ROLE_WORDS, next_number
from domain.directory.person_name import NAMES_BESIDE, name_opened_by
from domain.events.event import Event
from domain.record.leaf import is_own_stream
from tests.domain.directory.samples import NEW_YEAR, START, committed, day, draft_on, office_at_random, small_office

FIELDS = {
    "PersonOpened": ("person_id", "name", "from_on"),
    "PersonRenamed": ("person_id", "before", "after", "from_on"),
    "PersonClosed": ("person_id", "until_on"),
    "AccountGiven": ("person_id", "account", "from_on"),
    "AccountTaken": ("person_id", "account", "until_on"),
    "DepartmentOpened": ("department_id", "name", "from_on"),
    "DepartmentRenamed": ("department_id", "before", "after", "from_on"),
    "DepartmentClosed": ("department_id", "until_on"),
    "AliasGiven": ("department_id", "alias"),
    "AliasTaken": ("department_id", "alias"),
    "RoleGiven": ("person_id", "role", "department_id", "principal_id", "from_on", "until_on"),
    "RoleTaken": ("given", "person_id", "role", "until_on"),
}
ROLES = {
    "operator", "department", "auditor", "administrator", "head", "liaison", "leader_in_charge", "principal_leader",
    "deputy",
}  # fmt: skip


def test_names_of_directory_events_are_kept() -> None:
    """Types, fields, versions, roles and the stream's name are those of the ledgers that exist."""
    kinds = get_args(get_args(DirectoryEvent)[0])
    assert {
        kind.__name__: tuple(n for n in kind.model_fields if n not in {*Event.model_fields, "type"}) for kind in kinds
    } == FIELDS
    assert all(
        (kind.model_fields["type"].default, kind.model_fields["v"].default) == (kind.__name__, 1) for kind in kinds
    )
    assert set(ROLE_WORDS) == ROLES
    assert DIRECTORY_STREAM == "directory"
    assert is_own_stream("directory")
    assert not is_own_stream("directory/x")


@pytest.mark.parametrize("seed", range(20))
def test_events_read_back_from_json_fold_to_the_same_directory(seed: int) -> None:
    """What a draft shows is what its events add up to, also after they were written and read."""
    draft = office_at_random(random.Random(seed), 60)
    files: dict[str, bytes] = {}
    events = committed(draft.events, files)
    beside = {NAMES_BESIDE: lambda file: name_opened_by(file, files[file.sha256])}
    read = [DIRECTORY_EVENT.read(json.loads(event.model_dump_json()), beside) for event in events]
    assert fold(read) == draft.directory
    assert [event.seq for event in read] == list(range(len(read)))


@pytest.mark.parametrize("seed", range(20))
def test_nobody_shares_a_place_that_one_alone_has(seed: int) -> None:
    """Whatever an office goes through, a department has one head and one leader at most on any day."""
    directory = office_at_random(random.Random(seed), 120).directory
    for offset in range(0, 260, 5):
        on = NEW_YEAR + timedelta(days=offset)
        places = [
            (grant.role, grant.department_id)
            for grant in directory.grants
            if grant.role in ONE_AT_A_TIME and grant.period.covers(on)
        ]
        assert len(set(places)) == len(places)
        accounts = [
            held.account for each in directory.persons.values() for held in each.accounts if held.period.covers(on)
        ]
        assert len(set(accounts)) == len(accounts)


@pytest.mark.parametrize("seed", range(20))
def test_roles_lie_within_the_days_of_their_persons_and_departments(seed: int) -> None:
    """No role outlives the person who has it, the department that it is in, the one whom a deputy acts for."""
    directory = office_at_random(random.Random(seed), 120).directory
    for grant in directory.grants:
        entries: list[Person | Department | None] = [
            directory.persons[grant.person_id],
            directory.departments.get(grant.department_id or ""),
            directory.persons.get(grant.principal_id or ""),
        ]
        there = [entry for entry in entries if entry is not None]
        assert all(any(grant.period.lies_in(period) for period in entry.periods) for entry in there)


def test_who_leaves_keeps_his_past() -> None:
    """After the last day nothing is his any more; before it everything still is."""
    draft = draft_on(small_office())
    changes.give_account(draft, "P0001", "os:lihong", NEW_YEAR)
    changes.give_role(draft, "P0002", "deputy", principal_id="P0001", from_on=day(6, 1), until_on=day(8, 31))
    changes.close_person(draft, "P0001", day(6, 30))
    left = draft.directory
    assert {grant.role for grant in left.roles_on("P0001", day(6, 30))} == {"administrator", "head"}
    assert left.roles_on("P0001", day(7, 1)) == ()
    assert left.principals_of("P0002", day(6, 30)) == ("P0001",)
    assert left.principals_of("P0002", day(7, 1)) == ()
    person = left.person_of_account("os:lihong", day(6, 30))
    assert person is not None
    assert person.person_id == "P0001"
    assert left.person_of_account("os:lihong", day(7, 1)) is None
    assert left.person_named("李红", day(6, 30)).one == person
    assert left.person_named("李红", day(7, 1)).one is None


def test_a_day_ends_at_midnight_of_the_office() -> None:
    """A role is there until its last day is over in the office's time, whatever the clock's zone."""
    draft = draft_on(small_office())
    changes.take_role(draft, "P0004", "head", department_id="D0002", until_on=day(4, 30))
    midnight = START.replace(month=5, day=1, hour=0)
    for instant in (midnight, midnight.astimezone(UTC)):
        assert draft.directory.roles_at("P0004", instant) == ()
        assert len(draft.directory.roles_at("P0004", instant - timedelta(microseconds=1))) == 1


def test_what_is_decided_later_was_not_known() -> None:
    """A role that is given for days gone by does not change what was known on those days."""
    draft = office_at_random(random.Random(1), 0)
    changes.open_person(draft, "李红", from_on=NEW_YEAR)
    draft.at = START + timedelta(days=30)
    changes.give_role(draft, "P0001", "operator", from_on=NEW_YEAR)
    assert draft.directory.has_role("P0001", "operator", START.date())
    assert not known_at(draft.events, START).has_role("P0001", "operator", START.date())
    assert known_at(draft.events, draft.at) == draft.directory
    assert known_at(draft.events, START - timedelta(seconds=1)) == Directory()


@pytest.mark.parametrize(
    ("taken", "expected"),
    [((), "P0001"), (("P0001", "P0009"), "P0010"), (("007", "P01x", "P²"), "P0001"), (("P9999",), "P10000")],
)
def test_a_number_is_never_given_again(taken: tuple[str, ...], expected: str) -> None:
    """The next number comes after every one that was ever given; foreign ones do not count."""
    assert next_number("P", frozenset(taken)) == expected
