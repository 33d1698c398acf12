"""What is taken on its last day ends in that instant; the record tells the days as they were said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.actors import Actor, department, operator
from domain.acts.rejections import NotInHisRightError
from domain.acts.rights import must_be_in_his_right
from domain.directory import changes
from domain.directory.authority import LastAdministratorError, must_keep_an_administrator
from domain.directory.draft import Draft
from domain.directory.evolution import fold, known_at
from domain.directory.table import rows_of
from tests.domain.acts.test_rights import OFFICE, attested
from tests.domain.directory.samples import START, draft_on, small_office
from tests.domain.samples import at

NOW = at("05-10 10:00")
LI, WANG, ZHANG = ("oidc:lm", "P0002"), ("oidc:wf", "P0003"), ("oidc:zs", "P0004")
Taking = Callable[[Draft], None]
TAKEN: list[tuple[Taking, tuple[str, str], Actor, Actor | None]] = [
    (lambda draft: changes.take_role(draft, "P0002", "operator"), LI, operator("李明"), None),
    (lambda draft: changes.take_account(draft, "P0002", "oidc:lm"), LI, operator("李明"), None),
    (lambda draft: changes.close_person(draft, "P0002"), LI, operator("李明"), None),
    (
        lambda draft: changes.take_role(draft, "P0003", "deputy", principal_id="P0002"),
        WANG,
        operator("王芳"),
        operator("李明"),
    ),
    (lambda draft: changes.take_role(draft, "P0002", "operator"), WANG, operator("王芳"), operator("李明")),
    (lambda draft: changes.close_person(draft, "P0002"), WANG, operator("王芳"), operator("李明")),
    (
        lambda draft: changes.take_role(draft, "P0004", "department", department_id="D0001"),
        ZHANG,
        department("组织部", "张三"),
        None,
    ),
    (lambda draft: changes.close_department(draft, "D0001"), ZHANG, department("组织部", "张三"), None),
]
"""What is taken, whose login tries to act by it afterwards, as whom and for whom."""


@pytest.mark.parametrize(("taken", "login", "by", "on_behalf_of"), TAKEN)
def test_what_is_taken_today_is_acted_by_no_more(
    taken: Taking, login: tuple[str, str], by: Actor, on_behalf_of: Actor | None
) -> None:
    """A role, a login, a principal's role and a department's end in the minute in which they are taken."""
    draft = draft_on(OFFICE, NOW)
    taken(draft)
    before = known_at(draft.events, NOW - timedelta(minutes=1))
    assert before.next_seq == 0
    must_be_in_his_right(attested(*login), by, on_behalf_of, OFFICE, NOW)
    with pytest.raises(NotInHisRightError):
        must_be_in_his_right(attested(*login), by, on_behalf_of, draft.directory, NOW + timedelta(minutes=1))


def test_a_last_day_that_is_yet_to_come_is_had_whole() -> None:
    """What is taken in advance goes on until the midnight of its last day."""
    draft = draft_on(OFFICE, NOW)
    changes.take_role(draft, "P0002", "operator", until_on=NOW.date() + timedelta(days=1))
    must_be_in_his_right(attested(*LI), operator("李明"), None, draft.directory, at("05-11 23:59"))
    with pytest.raises(NotInHisRightError):
        must_be_in_his_right(attested(*LI), operator("李明"), None, draft.directory, at("05-12 00:01"))


def test_what_would_end_tonight_can_be_ended_now() -> None:
    """A deputy and a login whose last day is today are stopped before it is over, and once only."""
    draft = draft_on(OFFICE, at("05-31 10:00"))
    changes.take_role(draft, "P0003", "deputy", principal_id="P0002")
    with pytest.raises(NotInHisRightError):
        must_be_in_his_right(attested(*WANG), operator("王芳"), operator("李明"), draft.directory, at("05-31 10:01"))
    draft = draft_on(OFFICE, at("05-30 10:00"))
    changes.take_account(draft, "P0002", "oidc:lm", until_on=draft.today + timedelta(days=1))
    draft.at += timedelta(days=1)
    changes.take_account(draft, "P0002", "oidc:lm")
    assert draft.directory.person_of_account("oidc:lm", draft.today) is None


def test_the_record_tells_the_days() -> None:
    """The table says until which day somebody had a role, and tells the same when it is read again."""
    draft = draft_on(small_office())
    changes.take_role(draft, "P0003", "liaison", department_id="D0001")
    (told,) = [row for row in rows_of(draft.directory) if row["角色"] == "联络员"]
    assert (told["自"], told["至"]) == ("2018-01-01", "2018-04-25")


def test_what_was_taken_by_mistake_is_given_again_on_the_same_day() -> None:
    """A role, a post that one alone has, a login and a person's place: nobody waits for the next day."""
    draft = draft_on(small_office())
    changes.give_account(draft, "P0002", "lihong")
    for _ in range(2):
        changes.take_role(draft, "P0001", "head", department_id="D0001")
        changes.give_role(draft, "P0005", "head", department_id="D0001")
        assert [each.person_id for each in draft.directory.holders("head", draft.today, "D0001")] == ["P0005"]
        changes.take_role(draft, "P0005", "head", department_id="D0001")
        changes.give_role(draft, "P0001", "head", department_id="D0001")
        changes.take_account(draft, "P0002", "lihong")
        changes.give_account(draft, "P0002", "lihong")
        changes.close_person(draft, "P0002")
        assert not draft.directory.persons["P0002"].is_there(draft.today)
        changes.open_person(draft, "王伟", "P0002")
        changes.give_account(draft, "P0002", "lihong")
    assert draft.directory.persons["P0002"].is_there(draft.today)
    assert draft.directory.person_of_account("lihong", draft.today) == draft.directory.persons["P0002"]


def test_no_day_between_two_administrators_is_nobodys() -> None:
    """On a day without one anybody could make himself the first: neither the rest of today nor a day to come."""
    for role_from, last in ((1, 0), (4, 2)):
        draft = draft_on(small_office())
        changes.give_role(draft, "P0002", "administrator", from_on=draft.today + timedelta(days=role_from))
        changes.take_role(draft, "P0001", "administrator", until_on=draft.today + timedelta(days=last))
        with pytest.raises(LastAdministratorError):
            must_keep_an_administrator(small_office(), draft.directory, START.date())


def test_the_days_of_a_directory_that_is_read_again_are_the_same() -> None:
    """The instant in which an event was decided tells whether it ended something at once: no fact was added."""
    draft = draft_on()
    changes.open_person(draft, "李红")
    changes.give_role(draft, "P0001", "operator")
    draft.at += timedelta(hours=1)
    changes.take_role(draft, "P0001", "operator")
    assert fold(draft.events) == draft.directory
    assert not draft.directory.roles_on("P0001", draft.today)
