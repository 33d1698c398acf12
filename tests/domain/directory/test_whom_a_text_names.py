"""Whom a text names on a day, and who is above a department."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

import pytest

from domain.accounts.rights import signed_in
from domain.clock import OFFICE_TIME
from domain.directory import changes
from domain.directory.directory import Period
from domain.directory.ids import SuperiorLevel
from tests.domain.directory.samples import NEW_YEAR, day, draft_on, small_office


@pytest.mark.parametrize("department", ["D0001", "组织部", "组部", " 组 织 部", "组\u200b织部"])
def test_each_level_has_its_own_person(department: str) -> None:
    """Head, leader in charge and principal leader of a department are found by its number and all its names."""
    office = small_office()
    found = [office.superior_of(department, level, day(5, 1)) for level in get_args(SuperiorLevel)]
    assert [person.name for person in found if person] == ["李红", "王伟", "陈静"]


def test_a_superior_changes_with_the_day() -> None:
    """An order reaches who has the place on its day: the one before, nobody in between, the one after."""
    draft = draft_on(small_office())
    changes.take_role(draft, "P0002", "leader_in_charge", department_id="D0001", until_on=day(5, 31))
    changes.give_role(draft, "P0003", "leader_in_charge", department_id="D0001", from_on=day(7, 1))
    found = [draft.directory.superior_of("组织部", "leader_in_charge", on) for on in (day(5, 31), day(6, 1), day(7, 1))]
    assert [person and person.name for person in found] == ["王伟", None, "张敏"]
    assert draft.directory.superior_of("宣传部", "leader_in_charge", day(5, 1)) is None
    assert draft.directory.superior_of("没有的部", "head", day(5, 1)) is None


@pytest.mark.parametrize("text", ["李红", "李 红", "李\u2060红", "李\u3000红"])
def test_two_of_one_name_are_told_and_neither_is_meant(text: str) -> None:
    """Where a name is borne by two who are there, no one is meant; a number still tells them apart."""
    draft = draft_on(small_office())
    changes.open_person(draft, "李红", "007", NEW_YEAR)
    named = draft.directory.person_named(text, day(5, 1))
    assert named.one is None
    assert [person.person_id for person in named.look_alikes] == ["P0001", "007"]
    assert draft.directory.person_named("007", day(5, 1)).one == draft.directory.persons["007"]


def test_spellings_with_one_key_look_alike() -> None:
    """Names that differ in letters' case alone are two persons and one key: neither is meant."""
    draft = draft_on(small_office())
    for name in ("Li Ming", "li ming"):
        changes.open_person(draft, name, from_on=NEW_YEAR)
    assert len(draft.directory.person_named("LI MING", day(5, 1)).look_alikes) == 2


@pytest.mark.parametrize(
    ("on", "text", "there"),
    [
        (day(5, 31), "李红", True),
        (day(5, 31), "李虹", False),
        (day(6, 1), "李红", False),
        (day(6, 1), "李虹", True),
    ],
)
def test_a_person_is_named_by_the_name_of_the_day(on: date, text: str, there: bool) -> None:
    """After a change of name the old one names nobody, and before it the new one does not."""
    draft = draft_on(small_office())
    changes.rename_person(draft, "P0001", "李虹", day(6, 1))
    assert (draft.directory.person_named(text, on).one is not None) == there


def test_a_department_is_still_found_by_its_former_name() -> None:
    """Papers of the past name it so; a department that bears the name today goes before."""
    draft = draft_on(small_office())
    changes.rename_department(draft, "D0001", "党群部", day(5, 1))
    assert draft.directory.department_named("组织部", day(6, 1)).one == draft.directory.departments["D0001"]
    changes.open_department(draft, "组织部", from_on=day(7, 1))
    assert draft.directory.department_named("组织部", day(7, 1)).one == draft.directory.departments["D0003"]
    assert draft.directory.department_named("组织部", day(6, 1)).one == draft.directory.departments["D0001"]


@pytest.mark.parametrize("on", [NEW_YEAR, day(5, 1)], ids=["the day of the opening", "later"])
def test_a_name_that_was_put_right_on_its_first_day_names_nobody(on: date) -> None:
    """The wrong department got the name and gave it back the same day: what runs finds the one that really bore it."""
    draft = draft_on(small_office())
    changes.rename_department(draft, "D0001", "党群部", on)
    for name in ("组织部", "宣传部"):
        changes.rename_department(draft, "D0002", name, on)
    assert draft.directory.department_named("组织部", on).one == draft.directory.departments["D0001"]
    assert draft.directory.names_of("D0001", on) == ("党群部", "组织部")
    assert draft.directory.names_of("D0002", on) == ("宣传部",)


def test_a_renamed_department_goes_on_under_each_name_that_is_still_its_own() -> None:
    """Who acts for it may under the name of the day and every former one, until another department bears that."""
    draft = draft_on(small_office())
    clerk = changes.open_person(draft, "王敏", from_on=NEW_YEAR)
    changes.give_account(draft, clerk, "wangmin", from_on=NEW_YEAR)
    changes.give_role(draft, clerk, "department", department_id="D0001", from_on=NEW_YEAR)
    changes.rename_department(draft, "D0001", "党群部", day(5, 1))
    changes.rename_department(draft, "D0001", "党建部", day(6, 1))
    changes.open_department(draft, "党群部", from_on=day(7, 1))
    for on, names in (
        (day(4, 30), ("组织部",)),
        (day(5, 1), ("党群部", "组织部")),
        (day(6, 1), ("党建部", "党群部", "组织部")),
        (day(7, 1), ("党建部", "组织部")),
    ):
        at = datetime(on.year, on.month, on.day, 9, tzinfo=OFFICE_TIME)
        who = signed_in(draft.directory, "wangmin", "password", at, at)
        assert who is not None
        assert who.departments == draft.directory.names_of("D0001", on) == names


def test_a_person_reads_what_he_heads_or_is_the_liaison_of_and_acts_for_neither() -> None:
    """Each by the role of that day, under every name of the department; a liaison's reading counts for nobody."""
    draft = draft_on(small_office())
    changes.rename_department(draft, "D0001", "党群部", day(5, 1))
    for number in ("P0001", "P0002", "P0003"):
        changes.give_account(draft, number, number, from_on=NEW_YEAR)
    at = datetime(2018, 5, 2, 9, tzinfo=OFFICE_TIME)
    head, leader, liaison = (signed_in(draft.directory, f"P000{n}", "password", at, at) for n in (1, 2, 3))
    assert head is not None
    assert leader is not None
    assert liaison is not None
    assert [who.departments for who in (head, leader, liaison)] == [(), (), ()]
    assert [who.reads for who in (head, leader, liaison)] == [("党群部", "组织部"), (), ("党群部", "组织部")]
    assert [who.reads_for for who in (head, leader, liaison)] == [("党群部", "组织部"), (), ()]


def test_a_former_name_has_a_present_one_and_every_other_name_stands_as_it_is() -> None:
    """An alias and a stranger are written as they were; so is a former name that another department took."""
    draft = draft_on(small_office())
    changes.rename_department(draft, "D0001", "党群部", day(5, 1))
    changes.give_alias(draft, "D0001", "组")
    present = draft.directory.present_name
    assert [present(name, day(6, 1)) for name in ("组织部", "党群部", "组", "外单位")] == [
        "党群部",
        "党群部",
        "组",
        "外单位",
    ]
    changes.open_department(draft, "组织部", from_on=day(7, 1))
    assert draft.directory.present_name("组织部", day(7, 1)) == "组织部"


def test_a_deputy_acts_for_the_principal_alone() -> None:
    """Whoever acts for a deputy does not act for the one whom that deputy acts for."""
    draft = draft_on(small_office())
    changes.give_role(draft, "P0002", "deputy", principal_id="P0001", from_on=day(6, 1), until_on=day(6, 30))
    changes.give_role(draft, "P0003", "deputy", principal_id="P0002", from_on=day(6, 1), until_on=day(6, 30))
    assert draft.directory.principals_of("P0003", day(6, 10)) == ("P0002",)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (Period(day(1, 1), day(1, 31)), Period(day(1, 31)), True),
        (Period(day(1, 1), day(1, 30)), Period(day(1, 31)), False),
        (Period(day(1, 1)), Period(day(3, 1), day(3, 1)), True),
        (Period(day(3, 2)), Period(day(3, 1), day(3, 1)), False),
    ],
)
def test_periods_include_both_days(one: Period, other: Period, meet: bool) -> None:
    """Two periods meet where one begins on the last day of the other."""
    assert one.meets(other) is other.meets(one) is meet
