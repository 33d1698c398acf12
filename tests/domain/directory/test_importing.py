"""A table is taken whole or not at all; taken twice it changes nothing; what it does not take it names."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directory import changes
from domain.directory.directory import Directory
from domain.directory.importing import ImportPlan, UnsoundTableError, planned_import
from domain.directory.table import MOST_ROWS, DirectoryTable, not_in_rows, rows_of
from tests.domain.directory.samples import NEW_YEAR, as_table, day, draft_on, office_at_random, small_office, table

OFFICE = (
    "部门,,组织部,组部；干部处,,,,,2018-01-01,",
    "人员,,李红,,os:lihong,,,,2018-01-01,",
    "人员,007,王伟,,,,,,2018-01-01,2018-03-31",
    "任职,,李红,,,管理员,,,2018-01-01,",
    "任职,,李红,,,主要负责人,组部,,2018年4月1日,",
    "任职,007,王伟,,,head,组织部,,2018/1/1,2018.3.31",
    "任职,,李红,,,代办人,,007,2018-03-01,2018-03-31",
)


def taken(given: DirectoryTable, before: Directory | None = None) -> ImportPlan:
    """What a table changes."""
    return planned_import(given, draft_on(before))


def faults_of(given: DirectoryTable, before: Directory | None = None) -> tuple[str, ...]:
    """Why a table cannot be taken."""
    with pytest.raises(UnsoundTableError) as refused:
        taken(given, before)
    return refused.value.faults


def test_a_table_says_what_it_would_change() -> None:
    """Each change of an import is a sentence, and the directory after it has what the rows say."""
    plan = taken(table(*OFFICE))
    assert plan.changes == (
        "新增部门 组织部（D0001），自 2018-01-01 起",
        "新增别名 组部：组织部（D0001）",
        "新增别名 干部处：组织部（D0001）",
        "新增人员 李红（P0001），自 2018-01-01 起",
        "启用账号 os:lihong：李红（P0001），自 2018-01-01 起",
        "新增人员 王伟（007），自 2018-01-01 起",
        "人员离开 王伟（007），至 2018-03-31 止，任职和账号一并终止",
        "任职 李红（P0001）：管理员，自 2018-01-01 起",
        "任职 李红（P0001）：组织部主要负责人，自 2018-04-01 起",
        "任职 王伟（007）：组织部主要负责人，自 2018-01-01 起至 2018-03-31 止",
        "任职 李红（P0001）：王伟（007）的代办人，自 2018-03-01 起至 2018-03-31 止",
    )
    assert plan.before == Directory()


@settings(max_examples=40)
@given(st.permutations(OFFICE))
def test_the_order_of_the_rows_does_not_matter(rows: list[str]) -> None:
    """However the rows stand, who is what is the same: only the numbers given anew may differ."""
    usual, other = taken(table(*OFFICE)).after, taken(table(*rows)).after
    for on in (day(1, 1), day(3, 31), day(4, 1), day(5, 1)):
        heads = [each.superior_of("组织部", "head", on) for each in (usual, other)]
        assert heads[0] is not None
        assert heads[1] is not None
        assert heads[0].name == heads[1].name


def test_an_older_table_renames_nobody_back() -> None:
    """Who was renamed since is named with his row, and nothing is changed; a name that is new is taken."""
    draft = draft_on(taken(table(*OFFICE)).after)
    changes.rename_department(draft, "D0001", "人事部")
    changes.rename_person(draft, "P0001", "李虹")

    department, person = faults_of(table(*OFFICE[:2]), draft.directory)

    assert "人事部（D0001）的“名称”写的是曾用名“组织部”" in department
    assert "李虹（P0001）的“名称”写的是曾用名“李红”" in person
    newer = table("部门,D0001,组织人事部,,,,,,2018-01-01,", "人员,P0001,李鸿,,,,,,2018-01-01,")
    assert [each.split("，")[0] for each in taken(newer, draft.directory).changes] == [
        "部门改名 人事部 → 组织人事部（D0001）",
        "人员改名 李虹 → 李鸿（P0001）",
    ]


def test_a_table_taken_twice_changes_nothing() -> None:
    """The same file again has no change, nor has it on a later day."""
    after = taken(table(*OFFICE)).after
    assert taken(table(*OFFICE), after).events == ()
    later = draft_on(after)
    later.at += timedelta(days=200)
    assert planned_import(table(*OFFICE), later).events == ()


@pytest.mark.parametrize("seed", range(30))
def test_what_is_exported_and_imported_changes_nothing(seed: int) -> None:
    """Whatever an office went through, its own export changes nothing of it."""
    draft = office_at_random(random.Random(seed), 60)
    plan = planned_import(as_table(rows_of(draft.directory)), draft_on(draft.directory, draft.at))
    assert plan.changes == ()
    assert plan.kept == ()


@pytest.mark.parametrize("seed", range(30))
def test_an_export_taken_elsewhere_says_the_same_of_each_day(seed: int) -> None:
    """A directory made from another one's export has the same persons, departments and roles on every day."""
    there = office_at_random(random.Random(seed), 60)
    here = planned_import(as_table(rows_of(there.directory)), draft_on(at=there.at)).after
    assert {n: (p.name, p.periods) for n, p in here.persons.items()} == {
        n: (p.name, p.periods) for n, p in there.directory.persons.items()
    }
    assert {n: (d.name, d.periods, d.aliases) for n, d in here.departments.items()} == {
        n: (d.name, d.periods, d.aliases) for n, d in there.directory.departments.items()
    }

    def roles(directory: Directory) -> set[tuple[object, ...]]:
        return {(g.person_id, g.role, g.department_id, g.principal_id, g.period) for g in directory.grants}

    assert roles(here) == roles(there.directory)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("科室,,组织部,", "第2行：“类别”写的是“科室”"),
        ("人员,,,", "第2行：“编号”和“名称”都是空的"),
        ("人员,,赵六,,,联络员,组织部", "第2行：人员一行不写“角色”，任职请另起一行"),
        ("部门,,办公室,,os:x", "第2行：部门一行不写“账号”"),
        ("任职,,李红,,,科员,组织部", "第2行：“角色”写的是“科员”"),
        ("任职,,赵六,,,联络员,组织部", "第2行：名册里 2018-04-25 没有人员“赵六”"),
        ("任职,,李红,,,联络员,财务部", "第2行：名册里 2018-04-25 没有部门“财务部”"),
        ("任职,,李红,,,联络员,", "第2行：联络员须写部门"),
        ("任职,,李红,,,督查人员,组织部", "第2行：督查人员不写部门"),
        ("任职,,李红,,,代办人,,,,2018-06-30", "第2行：代办人须写代谁办理"),
        ("任职,P0002,李红,,,督查人员,", "第2行：编号 P0002 是王伟（P0002），而名称写的是“李红”：请改写其中一个"),
        ("任职,,王伟,,,主要负责人,组织部,,2018-03-01,", "第2行：组织部主要负责人自 2018-01-01 起是李红（P0001）"),
        ("人员,,赵六,,,,,,2018-02-30,", "第2行：“自”写的“2018-02-30”不是日期"),
        ("人员,,赵六,,,,,,上月,", "第2行：“自”写的“上月”不是日期"),
        ("人员,,赵六,,,,,,2018-02-03,至今", "第2行：“至”写的“至今”不是日期：应写作 2018-04-25，没有止日的留空"),
        ("人员,,赵六,,,,,,1900-01-01,", "第2行：“自”写的“1900-01-01”不可用"),
        ("人员,,赵六,,,,,,2018-05-01,2018-04-01", "第2行：赵六（P0006）自 2018-05-01 起才有"),
        ("人员,P0001,,,,,,,2018-02-01,", "第2行：李红（P0001）已登记自 2018-01-01 起，文件写的是 2018-02-01"),
        ("人员,编号一,赵六,", "第2行：“编号”写的“编号一”不可用"),
        ("人员,X9,,", "第2行：编号 X9 是新的：请写名称"),
        (f"人员,,{'赵' * 90},", "第2行：“名称”写的"),
        ("人员,,赵\u202e六,", "第2行：“名称”写的"),
        ("部门,,财务部,干部处；组部", "第2行：“组部”已是组织部（D0001）"),
    ],
)
def test_a_row_at_fault_refuses_the_table(row: str, fault: str) -> None:
    """Each fault is a sentence that names its row, also beside rows that are sound."""
    found = faults_of(table(row, "人员,,新来的,"), small_office())
    assert [each for each in found if each.startswith(fault)], found


def test_every_row_at_fault_is_told() -> None:
    """Three rows at fault are three sentences of one refusal."""
    found = faults_of(table("x,,a", "人员,,赵六,", "人员,,,", "任职,,钱七,,,联络员,组织部"), small_office())
    assert [fault.partition("：")[0] for fault in found] == ["第2行", "第4行", "第5行"]


def test_two_rows_about_one_are_refused() -> None:
    """A person or a role stands in one row, under whatever spelling."""
    two = faults_of(table("人员,,李明,", "人员,,李 明,"))
    assert two == ("第3行：与第2行说的是同一个，只能写一行；是同名的另一位，请另写编号",)
    twice = ("任职,,李红,,,联络员,宣传部", "任职,P0001,,,,liaison,D0002")
    assert faults_of(table(*twice), small_office()) == ("第3行：与第2行说的是同一个，只能写一行",)


def test_a_name_that_two_bear_needs_a_number() -> None:
    """Where two persons have the name, the row must say which; a new number is a new person of the same name."""
    plan = taken(table("人员,007,李红,"), small_office())
    assert plan.changes == ("新增人员 李红（007），自 2018-04-25 起",)
    assert plan.remarks == ("李红（P0001）、李红（007）姓名相同或相近：办理时须写编号",)
    assert faults_of(table("人员,,李红,"), plan.after) == ("第2行：“李红”可能是李红（P0001）、李红（007）：请写编号",)


def test_a_newcomer_does_not_inherit_the_past_of_a_namesake() -> None:
    """The name of one who left needs a number: his own for the same person, a new one for another."""
    draft = draft_on(small_office())
    changes.close_person(draft, "P0003", day(3, 31))
    (fault,) = faults_of(table("人员,,张敏,,,,,,2018-04-20,"), draft.directory)
    assert "若是同一个，请写编号 P0003，若是另一个，请写新的编号" in fault
    back = taken(table("人员,P0003,张敏,,,,,,2018-04-20,"), draft.directory).after
    assert [period.from_on for period in back.persons["P0003"].periods] == [NEW_YEAR, day(4, 20)]
    assert taken(table("人员,P0010,张敏,,,,,,2018-04-20,"), draft.directory).after.persons["P0010"].name == "张敏"


def test_a_last_day_ends_what_went_on() -> None:
    """A row with a last day ends a role, a person, a department; what ends with them is not told twice."""
    ends = ("任职,,张敏,,,联络员,组织部,,2018-01-01,2018-05-31", "人员,,刘洋,,,,,,2018-01-01,2018-06-30")
    plan = taken(table(*ends), small_office())
    assert plan.changes == (
        "人员离开 刘洋（P0004），至 2018-06-30 止，任职和账号一并终止",
        "终止任职 张敏（P0003）：组织部联络员，至 2018-05-31 止",
    )
    assert plan.after.superior_of("宣传部", "head", day(7, 1)) is None
    assert taken(table(*ends), plan.after).events == ()


def test_a_place_is_handed_over_in_one_table() -> None:
    """The one before and the one after stand in one table, in either order."""
    rows = ("任职,,王伟,,,主要负责人,组织部,,2018-05-01,", "任职,,李红,,,主要负责人,组织部,,2018-01-01,2018-04-30")
    for order in (rows, rows[::-1]):
        after = taken(table(*order), small_office()).after
        found = [after.superior_of("组织部", "head", on) for on in (day(4, 30), day(5, 1))]
        assert [person and person.name for person in found] == ["李红", "王伟"]


def test_a_table_does_not_rewrite_the_past() -> None:
    """An ended role is not prolonged, and a blank last day does not take an end back."""
    ended = taken(table("任职,,张敏,,,联络员,组织部,,2018-01-01,2018-03-31"), small_office()).after
    for until, said in (("2018-06-30", "续任请另起一行"), ("", "请写上止日")):
        (fault,) = faults_of(table(f"任职,,张敏,,,联络员,组织部,,2018-01-01,{until}"), ended)
        assert said in fault


def test_a_role_that_ended_with_its_person_needs_no_last_day() -> None:
    """A sheet that gives the person's last day and none for his roles is taken, and taken again."""
    sheet = table("人员,,刘洋,,,,,,2018-01-01,2018-06-30", "任职,,刘洋,,,主要负责人,宣传部,,2018-01-01,")
    after = taken(sheet, small_office()).after
    assert taken(sheet, after).events == ()


def test_what_a_table_does_not_mention_stays_and_is_named() -> None:
    """Persons, departments and roles that no row mentions are kept and told; so is what was left out of the file."""
    sheet = DirectoryTable("x.csv", table("人员,P0001,李虹,").rows, ("“备注”一栏没有读入",))
    plan = taken(sheet, small_office())
    assert plan.changes == ("人员改名 李红 → 李虹（P0001），自 2018-04-25 起",)
    assert "组织部（D0001）文件中没有，保留不动" in plan.kept
    assert "李虹（P0001）的任职“组织部主要负责人”文件中没有，保留不动" in plan.kept
    assert len(plan.kept) == 2 + 4 + 6
    assert plan.remarks == ("“备注”一栏没有读入",)


def test_a_table_has_a_size() -> None:
    """More rows than any office has are refused before they are read."""
    (fault,) = faults_of(table(*["人员,,赵六,"] * (MOST_ROWS + 1)))
    assert str(MOST_ROWS) in fault


def test_what_no_row_can_say_is_told() -> None:
    """Former names and ended accounts stay in the ledger alone, and an export says how many."""
    draft = draft_on(small_office())
    assert not_in_rows(draft.directory) == ()
    changes.rename_person(draft, "P0001", "李虹")
    changes.give_account(draft, "P0001", "os:a", NEW_YEAR)
    changes.take_account(draft, "P0001", "os:a")
    assert not_in_rows(draft.directory) == (
        "1 个曾用名只在台账里，不在文件中",
        "1 个已停用的账号只在台账里，不在文件中",
    )
