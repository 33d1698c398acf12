"""Two persons of one name: whoever writes it is asked which, and a number tells; who is named to end something may
have left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from domain.actors import Actor, department, operator
from domain.acts.commands import AnyCommand, AppointDeputy, DismissDeputy, StrikeOff
from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.ids import DirectoryRole
from domain.directory.naming import NotOnePersonError, numbered, person_among, second_person, with_persons
from tests.domain.directory.samples import NEW_YEAR, START, day, draft_on
from tests.domain.samples import request

AT: datetime = START
SUPERVISES: tuple[DirectoryRole, ...] = ("operator",)
NUMBERS = "吴八（P0002，督查人员）、吴八（P0003，组织部承办人）"


@pytest.fixture
def office() -> Directory:
    """An operator 李四; of the name 吴八 another operator and one of a department; 陈旧人 and one 周到 have left."""
    draft = draft_on()
    own = changes.open_department(draft, "组织部", from_on=NEW_YEAR)
    for name in ("李四", "吴八", "吴八", "陈旧人", "周到", "周到"):
        changes.open_person(draft, name, from_on=NEW_YEAR)
    for number in ("P0001", "P0002", "P0004", "P0005", "P0006"):
        changes.give_role(draft, number, "operator", from_on=NEW_YEAR)
    changes.give_role(draft, "P0003", "department", department_id=own, from_on=NEW_YEAR)
    for number in ("P0004", "P0005"):
        changes.close_person(draft, number, day(4, 1))
    return draft.directory


def strike(by: Actor, **facts: Any) -> AnyCommand:
    """An operator strikes off."""
    command: AnyCommand = request(StrikeOff, by=by, **facts)
    return command


def test_whoever_writes_the_name_is_asked_which_with_numbers_and_posts(office: Directory) -> None:
    """As the one who acts, as his principal, as the second person, as one of some role: never silently the first."""
    for asked in (
        lambda: with_persons(strike(operator("吴八")), office, AT),
        lambda: with_persons(strike(operator("李四"), on_behalf_of=operator("吴 八")), office, AT),
        lambda: second_person(operator("吴八"), office, AT),
        lambda: person_among("吴八", SUPERVISES, office, START.date()),
    ):
        with pytest.raises(NotOnePersonError) as refused:
            asked()
        assert NUMBERS in refused.value.text
        assert "编号" in refused.value.text


def test_the_number_tells_which_and_the_record_has_the_name(office: Directory) -> None:
    """What was typed as a number is a name with a number, at the door and again in the worker."""
    for number in ("P0002", "P0003"):
        known = numbered(operator(number), office, AT)
        assert (known.name, known.person_id) == ("吴八", number)
        assert numbered(known, office, AT) == known


def test_two_of_one_name_are_two_persons_and_one_is_one(office: Directory) -> None:
    """Rules of two persons compare the numbers, not the name that both have."""
    first, other = (numbered(operator(number), office, AT) for number in ("P0002", "P0003"))
    assert str(first) == str(other)
    assert not first.known.is_same(other.known)
    assert first.known.is_same(numbered(operator("P0002"), office, AT).known)


@pytest.mark.parametrize("number", ["P0001", "P0099", "P0005"])
def test_a_number_beside_another_s_name_tells_nothing(office: Directory, number: str) -> None:
    """Somebody else's, nobody's, one of the past: the name is looked up as if no number stood there."""
    with pytest.raises(NotOnePersonError, match="不止一位"):
        numbered(operator("吴八").model_copy(update={"person_id": number}), office, AT)


def test_who_is_signed_in_is_himself_whoever_bears_his_name(office: Directory) -> None:
    """His login says which he is: nobody asks him."""
    assert with_persons(strike(operator("吴八")), office, AT, "P0002").by.person_id == "P0002"


def test_a_department_s_own_person_is_meant_beside_its_name(office: Directory) -> None:
    """`组织部:吴八` is the one of that department; two of it are asked about."""
    assert numbered(department("组织部", "吴八"), office, AT).person_id == "P0003"
    draft = draft_on(office)
    changes.give_role(draft, "P0002", "department", department_id="D0001", from_on=NEW_YEAR)
    with pytest.raises(NotOnePersonError, match="不止一位"):
        numbered(department("组织部", "吴八"), draft.directory, AT)


def dismissed(deputy: Actor, office: Directory) -> Actor:
    """李四 dismisses somebody: whom the directory takes him for, at the door and again in the worker."""
    by = operator("李四")
    command: Any = request(DismissDeputy, None, by=by, principal=by, deputy=deputy, reason="不再代办")
    known = with_persons(command, office, AT)
    assert with_persons(known, office, AT) == known
    told: Actor = known.deputy
    return told


def test_a_deputy_who_has_left_is_dismissed_by_name_or_number(office: Directory) -> None:
    """What ends something takes names of the past; what begins it does not."""
    for text in ("陈旧人", "陈 旧人", "P0004"):
        assert dismissed(operator(text), office) == operator("陈旧人").model_copy(update={"person_id": "P0004"})
    by, days = operator("李四"), {"from_on": day(4, 25), "until_on": day(5, 25), "reason": "出差"}
    begun: Any = request(AppointDeputy, None, by=by, principal=by, deputy=operator("陈旧人"), **days)
    with pytest.raises(NotOnePersonError, match="不在名册里"):
        with_persons(begun, office, AT)


def test_whom_the_directory_never_knew_is_dismissed_by_his_name(office: Directory) -> None:
    """Appointed before there was a directory: there is no number to find."""
    assert dismissed(operator("古人"), office) == operator("古人")


def test_of_two_of_a_name_who_were_ever_there_the_number_says_which_is_dismissed(office: Directory) -> None:
    """One has left and one is there: both might be the deputy."""
    with pytest.raises(NotOnePersonError, match="周到（P0005，已离开）、周到（P0006，督查人员）"):
        dismissed(operator("周到"), office)
    assert dismissed(operator("P0005"), office).person_id == "P0005"


def test_one_of_a_department_gives_no_act_of_the_supervision_section(office: Directory) -> None:
    """Named in the shell, with a number that tells him from the operator of his name; signed in, his login says it."""
    named = operator("吴八").model_copy(update={"person_id": "P0003"})
    with pytest.raises(NotOnePersonError, match="组织部承办人，不是督查人员"):
        with_persons(strike(named), office, AT)
    assert with_persons(strike(operator("李四")), office, AT).by.person_id == "P0001"


@pytest.mark.parametrize("left", [0, 1])
def test_a_past_role_gives_no_act_in_the_shell_either(office: Directory, left: int) -> None:
    """Whoever was an operator until a moment ago, or has left, is not named as the one who acts."""
    draft = draft_on(office)
    if left:
        changes.close_person(draft, "P0001")
    else:
        changes.take_role(draft, "P0001", "operator")
    assert with_persons(strike(operator("李四")), office, AT).by.person_id == "P0001"
    with pytest.raises(NotOnePersonError, match="不在名册里" if left else "2018-04-25 在名册里没有任职"):
        with_persons(strike(operator("李四")), draft.directory, AT)
