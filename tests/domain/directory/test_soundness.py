"""What the directory refuses: each rule, in a sentence that says what is in the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from domain.directory import changes
from domain.directory.authority import (
    LastAdministratorError,
    NotAnAdministratorError,
    acting_administrator,
    must_keep_an_administrator,
)
from domain.directory.changes import NotInDirectoryError
from domain.directory.directory import Directory
from domain.directory.draft import Draft, UnsoundChangeError
from domain.directory.events import RoleTaken
from tests.domain.directory.samples import NEW_YEAR, START, day, draft_on, small_office


def in_turn(*steps: Callable[[Draft], object]) -> Callable[[Draft], None]:
    """Changes one after the other."""

    def change(draft: Draft) -> None:
        for step in steps:
            step(draft)

    return change


REFUSED: dict[str, tuple[Callable[[Draft], object], str]] = {
    "a number twice": (lambda d: changes.open_person(d, "新人", "P0001"), "编号 P0001 已是李红"),
    "a number in other case": (lambda d: changes.open_person(d, "新人", "p0001"), "只差大小写"),
    "a department's name twice": (lambda d: changes.open_department(d, "组 织部"), "已是组织部（D0001）"),
    "a name that is an alias": (lambda d: changes.open_department(d, "组部"), "别名“组部”"),
    "an alias that is a name": (lambda d: changes.give_alias(d, "D0002", "组织部"), "已是组织部（D0001）"),
    "an own name as alias": (lambda d: changes.give_alias(d, "D0001", "组部"), "已经有“组部”"),
    "an alias that is not there": (lambda d: changes.take_alias(d, "D0001", "干部处"), "没有别名“干部处”"),
    "another head": (
        lambda d: changes.give_role(d, "P0002", "head", department_id="D0001", from_on=day(3, 1)),
        "组织部主要负责人自 2018-01-01 起是李红（P0001），同一天只能有一位",
    ),
    "another principal leader": (lambda d: changes.give_role(d, "P0001", "principal_leader"), "陈静（P0005）"),
    "a role twice": (
        lambda d: changes.give_role(d, "P0003", "liaison", department_id="D0001"),
        "期间不能重叠",
    ),
    "a head of nothing": (lambda d: changes.give_role(d, "P0003", "head"), "主要负责人须写明部门"),
    "an operator of a department": (
        lambda d: changes.give_role(d, "P0003", "operator", department_id="D0001"),
        "不属于哪个部门",
    ),
    "a role before he came": (
        lambda d: changes.give_role(d, "P0003", "operator", from_on=day(1, 1).replace(year=2017)),
        "不是一直在岗",
    ),
    "a role the wrong way round": (
        lambda d: changes.give_role(d, "P0003", "operator", from_on=day(6, 1), until_on=day(5, 1)),
        "早于起日",
    ),
    "a deputy for ever": (
        lambda d: changes.give_role(d, "P0003", "deputy", principal_id="P0001"),
        "须写明止日",
    ),
    "a deputy of himself": (
        lambda d: changes.give_role(d, "P0003", "deputy", principal_id="P0003", until_on=day(6, 1)),
        "不能代自己办理",
    ),
    "a deputy of nobody": (lambda d: changes.give_role(d, "P0003", "deputy", until_on=day(6, 1)), "须写明代谁办理"),
    "an operator for somebody": (
        lambda d: changes.give_role(d, "P0003", "operator", principal_id="P0001"),
        "只有代办人才写代谁办理",
    ),
    "to take what is over": (
        lambda d: d.add(RoleTaken, given=99, person_id="P0003", role="liaison", until_on=day(6, 1)),
        "没有这项任职",
    ),
    "to leave before he came": (
        lambda d: changes.close_person(d, "P0003", day(1, 1).replace(year=2017)),
        "自 2018-01-01 起才有",
    ),
    "to leave before a role begins": (
        in_turn(
            lambda d: changes.give_role(d, "P0003", "operator", from_on=day(9, 1)),
            lambda d: changes.close_person(d, "P0003", day(6, 1)),
        ),
        "（2018-09-01 起）还有任职或账号",
    ),
    "to leave later than was said": (
        in_turn(
            lambda d: changes.close_person(d, "P0003", day(6, 1)), lambda d: changes.close_person(d, "P0003", day(7, 1))
        ),
        "已登记到 2018-06-01 离开或撤销，只能提前",
    ),
    "to leave on the day that was said": (
        in_turn(
            lambda d: changes.close_person(d, "P0003", day(6, 1)), lambda d: changes.close_person(d, "P0003", day(6, 1))
        ),
        "已登记到 2018-06-01 离开或撤销，只能提前",
    ),
    "to leave twice": (
        in_turn(
            lambda d: changes.close_person(d, "P0003", day(3, 1)), lambda d: changes.close_person(d, "P0003", day(2, 1))
        ),
        "已于 2018-03-01 离开",
    ),
    "to come back before he left": (
        in_turn(
            lambda d: changes.close_person(d, "P0003", day(6, 1)),
            lambda d: changes.open_person(d, "张敏", "P0003", day(6, 1)),
        ),
        "返回须晚于这一天",
    ),
    "an account of another": (
        in_turn(lambda d: changes.give_account(d, "P0001", "os:a"), lambda d: changes.give_account(d, "P0002", "os:a")),
        "账号 os:a 已是李红（P0001）的",
    ),
    "to take an account that he has not": (lambda d: changes.take_account(d, "P0001", "os:a"), "没有正在使用的账号"),
    "the name that he has": (lambda d: changes.rename_person(d, "P0001", "李 红"), "现在的名称就是“李红”"),
    "a name before the one he has": (
        lambda d: changes.rename_person(d, "P0001", "李虹", day(1, 1).replace(year=2017)),
        "改名须不早于这一天",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_contradicts_the_directory_is_refused(case: str) -> None:
    """Each unsound change is refused with a sentence, and leaves the draft as it was before it."""
    change, said = REFUSED[case]
    draft = draft_on(small_office())
    with pytest.raises(UnsoundChangeError, match=r".+。$") as refused:
        change(draft)
    assert said in refused.value.text
    assert draft.directory.next_seq == small_office().next_seq + len(draft.events)


@pytest.mark.parametrize("alias", ["组部；干部处", "组、干"])
def test_no_alias_holds_what_parts_two(alias: str) -> None:
    """A name that a table could not hold is refused when it is given."""
    with pytest.raises(ValidationError):
        changes.give_alias(draft_on(small_office()), "D0002", alias)


def test_an_account_goes_to_another_after_it_was_taken() -> None:
    """A login may name another person later; on each day it names one."""
    draft = draft_on(small_office())
    changes.give_account(draft, "P0001", "os:a", NEW_YEAR)
    changes.take_account(draft, "P0001", "os:a", day(5, 31))
    changes.give_account(draft, "P0002", "os:a", day(6, 1))
    found = [draft.directory.person_of_account("os:a", on) for on in (day(5, 31), day(6, 1))]
    assert [person and person.person_id for person in found] == ["P0001", "P0002"]


def test_the_first_administrator_is_whom_the_first_change_makes_one() -> None:
    """An empty directory is changed by whoever stands in it as administrator afterwards, and by nobody else."""
    draft = draft_on()
    changes.open_person(draft, "李红", from_on=NEW_YEAR)
    changes.open_person(draft, "王伟", from_on=NEW_YEAR)
    changes.give_role(draft, "P0001", "administrator", from_on=NEW_YEAR)
    assert acting_administrator(Directory(), draft.directory, "李红", START.date()).person_id == "P0001"
    with pytest.raises(NotAnAdministratorError, match="把办理人本人列为管理员"):
        acting_administrator(Directory(), draft.directory, "王伟", START.date())
    with pytest.raises(NotInDirectoryError):
        acting_administrator(Directory(), draft.directory, "赵六", START.date())


def test_nobody_makes_himself_an_administrator_where_there_is_one() -> None:
    """Who asks is looked for in the directory before the change."""
    draft = draft_on(small_office())
    changes.give_role(draft, "P0002", "administrator")
    with pytest.raises(NotAnAdministratorError, match="王伟（P0002）2018-04-25 不是管理员"):
        acting_administrator(small_office(), draft.directory, "王伟", START.date())


@pytest.mark.parametrize("whole_person", [True, False])
def test_the_last_administrator_stays(whole_person: bool) -> None:
    """Neither taking the role nor letting the person leave may leave the directory to nobody."""
    draft = draft_on(small_office())
    if whole_person:
        changes.close_person(draft, "P0001")
    else:
        changes.take_role(draft, "P0001", "administrator")
    with pytest.raises(LastAdministratorError, match="2018-04-25 没有一位管理员"):
        must_keep_an_administrator(small_office(), draft.directory, START.date())
    changes.give_role(draft, "P0002", "administrator")
    must_keep_an_administrator(small_office(), draft.directory, START.date())
