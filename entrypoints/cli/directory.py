"""Persons and departments: `duban directory`. It reads and writes the ledger; no engine is needed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from application.office.directory import directory_of, export_directory, import_directory, preview_import, previewed
from application.records import Records
from application.settings import Settings
from domain.directory.directory import Directory, Person
from domain.directory.ids import SuperiorLevel
from domain.directory.importing import ImportPlan, look_alike_persons
from domain.directory.words import grant_in_words
from entrypoints.bootstrap import engine_now, has_ledger
from entrypoints.bootstrap.directory_files import read_directory_file, write_directory_file
from entrypoints.cli.directory_asking import asking_now, takes_over_option, with_records
from entrypoints.cli.directory_changes import department, person
from entrypoints.cli.erasing import erase_name
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.session import DAY, FILE, err, ledger_option, out, replied, usual_options
from entrypoints.cli.tables import Table, Tables, tables_option

_SHOWN: tuple[SuperiorLevel, ...] = ("head", "leader_in_charge")
_EMPTY = "名册还是空的：请先导入（duban directory import 文件），或新增第一位管理员（duban directory person open）。"


@click.group(cls=WordedGroup)
def directory() -> None:
    """名册：人员、部门和各人的角色，各有起止日期；由管理员更改。"""


@directory.command("import")
@click.argument("file", type=FILE)
@click.option("--apply", "applied", is_flag=True, help="记入台账；不写则只列出会改动什么")
@click.option("--by", help="办理人：管理员的姓名或编号（--apply 时须写）")
@takes_over_option
@usual_options
def import_file(settings: Settings, file: Path, *, applied: bool, by: str | None, takes_over: bool) -> None:
    """导入名册（.xlsx 或 .csv）：先列出会改动什么，加 --apply 才记入；有一行不对则整份不收，逐行说明。"""
    if applied and by is None:
        raise click.UsageError("记入台账须用 --by 写明办理人。")
    table = read_directory_file(file)

    async def work(records: Records) -> ImportPlan:
        asking = asking_now(records, by or "", settings, takes_over=takes_over)
        if not applied:
            return await preview_import(records, table, asking.at, takes_over=takes_over)
        plan, _ = await import_directory(records, table, asking)
        return plan

    if applied or has_ledger(settings):
        plan = with_records(settings, work)
    else:
        plan = previewed(Directory(), table, engine_now())
    listed = {"changes": plan.changes, "kept": plan.kept, "remarks": plan.remarks}
    if replied({"applied": applied and bool(plan.events), **{name: list(each) for name, each in listed.items()}}):
        return
    for line in plan.changes:
        out().print(line)
    for line in (*plan.kept, *plan.remarks):
        err().print(f"注意：{line}")
    if not plan.events:
        out().print("与名册相同，没有要改动的。")
    else:
        told = "已记入台账。" if applied else "还没有记入：核对后加 --apply --by 姓名 再执行。"
        out().print(f"共 {len(plan.events)} 项改动，{told}")


@directory.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@ledger_option
def export_file(settings: Settings, file: Path) -> None:
    """导出名册为 .xlsx 或 .csv；原样导入不会改动任何东西。"""
    exported = with_records(settings, export_directory)
    write_directory_file(exported.rows, file)
    out().print(f"已写入 {file}：{len(exported.rows)} 行。")
    for line in exported.left_out:
        err().print(f"注意：{line}")


@directory.command()
@click.option("--on", "on", type=DAY, help="哪一天的名册（默认今天）")
@ledger_option
@tables_option
def show(settings: Settings, on: date | None, tables: Tables) -> None:
    """某一天的名册：在岗的人员、他们的角色和账号，以及各部门。"""

    async def work(records: Records) -> tuple[Directory, date]:
        return await directory_of(records), on or asking_now(records, "", settings).day

    found, day = with_records(settings, work)
    if replied(_as_document(found, day)):
        return
    nobody = not found.departments and not found.persons
    tables.show(_departments(found, day), _persons(found, day), nothing=_EMPTY if nobody else "")
    for line in look_alike_persons(found, day):
        err().print(f"注意：{line}")


def _as_document(found: Directory, day: date) -> dict[str, object]:
    return {
        "on": str(day),
        "departments": [
            {"number": each.number, "name": each.name_on(day), "aliases": list(each.aliases)}
            for each in found.departments.values()
            if each.is_there(day)
        ],
        "persons": [_person_document(found, each, day) for each in found.persons.values() if each.is_there(day)],
    }


def _person_document(found: Directory, person: Person, day: date) -> dict[str, object]:
    roles = [
        {
            "role": grant.role,
            "department": grant.department_id,
            "principal": grant.principal_id,
            "from_on": str(grant.period.from_on),
            "until_on": str(grant.period.until_on) if grant.period.until_on else None,
        }
        for grant in found.roles_on(person.number, day)
    ]
    accounts = [held.account for held in person.accounts if held.period.covers(day)]
    return {"number": person.number, "name": person.name_on(day), "accounts": accounts, "roles": roles}


def _departments(found: Directory, day: date) -> Table:
    heads = ("编号", "部门", "别名", "主要负责人", "分管领导")
    table = Table("部门", heads, f"{day} 的名册")
    for each in found.departments.values():
        if each.is_there(day):
            head, leader = (found.superior_of(each.number, level, day) for level in _SHOWN)
            superiors = [OwnWords(superior.name_on(day)) if superior else "（未定）" for superior in (head, leader)]
            table.add(each.number, OwnWords(each.name_on(day)), OwnWords("、".join(each.aliases)), *superiors)
    return table


def _persons(found: Directory, day: date) -> Table:
    table = Table("人员", ("编号", "姓名", "角色", "账号"))
    for each in found.persons.values():
        if each.is_there(day):
            roles = "、".join(grant_in_words(found, grant) for grant in found.roles_on(each.number, day))
            accounts = "、".join(held.account for held in each.accounts if held.period.covers(day))
            table.add(each.number, OwnWords(each.name_on(day)), roles, OwnWords(accounts))
    return table


for group in (person, department, erase_name):
    directory.add_command(group)
