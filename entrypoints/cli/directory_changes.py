"""Single changes of the directory: `duban directory person` and `duban directory department`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click

from application.office.directory import Change
from application.settings import Settings
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.ids import ROLE_WORDS, DirectoryRole, role_named
from entrypoints.cli.directory_asking import record_change, takes_over_option
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import DAY, usual_options

_WHO = click.argument("who", metavar="PERSON")
_WHICH = click.argument("which", metavar="DEPARTMENT")
_ROLE = click.argument("role", metavar="ROLE")
_FROM = click.option("--from", "from_on", type=DAY, help="第一天（默认今天）")
_UNTIL = click.option("--until", "until_on", type=DAY, help="最后一天（默认今天）")
_NUMBER = click.option("--number", help="编号，如工号（默认由名册给出）")
_DEPARTMENT = click.option("--department", "in_department", help="哪个部门（承办人、主要负责人、联络员、分管领导须写）")
_BY = click.option("--by", required=True, help="办理人：管理员的姓名或编号")
_FOR = click.option("--for", "principal", help="代谁办理（代办人须写）")


def _changing(made: Callable[..., Change]) -> Callable[..., Any]:
    """A command that makes one change: its own arguments, and who asks."""

    @wraps(made)
    def command(settings: Settings, by: str, *, takes_over: bool = False, **given: Any) -> None:
        record_change(settings, by, made(**given), takes_over=takes_over)

    asked: Any = command
    return _BY(usual_options(asked))


@click.group(cls=WordedGroup)
def person() -> None:
    """人员：新增、改名、离开、账号、角色；过去的都留着。"""


@person.command("open")
@click.argument("name")
@_NUMBER
@_FROM
@click.option("--account", "accounts", multiple=True, help="账号，如 os:lihong（可重复）")
@click.option(
    "--role", "roles", multiple=True, help="不属于哪个部门的角色：督查人员、审计人员、管理员、主要领导（可重复）"
)
@_changing
def open_person(
    name: str, number: str | None, from_on: date | None, accounts: tuple[str, ...], roles: tuple[str, ...]
) -> Change:
    """新增一位人员；名册还空着时，第一位须是办理人本人：--role 管理员。"""
    given = [_role(each) for each in roles]

    def change(draft: Draft) -> None:
        opened = changes.open_person(draft, name, number, from_on)
        for account in accounts:
            changes.give_account(draft, opened, account, from_on)
        for role in given:
            changes.give_role(draft, opened, role, from_on=from_on)

    return change


@person.command("rename")
@_WHO
@click.argument("name")
@_FROM
@_changing
def rename_person(who: str, name: str, from_on: date | None) -> Change:
    """改名；编号不变，曾用名留着。"""
    return lambda draft: changes.rename_person(draft, _person(draft, who), name, from_on)


@person.command("close")
@_WHO
@_UNTIL
@_changing
def close_person(who: str, until_on: date | None) -> Change:
    """离开：角色和账号到这一天一并终止，过去的都留着。"""
    return lambda draft: changes.close_person(draft, _person(draft, who, ends=True), until_on)


@person.command("account")
@_WHO
@click.argument("account")
@click.option("--take", is_flag=True, help="停用")
@click.option("--on", "on", type=DAY, help="启用的第一天，或停用前的最后一天（默认今天）")
@_changing
def account(who: str, account: str, on: date | None, *, take: bool) -> Change:
    """启用或停用一个账号：登录时用它认出是谁。"""
    done = changes.take_account if take else changes.give_account
    return lambda draft: done(draft, _person(draft, who, ends=take), account, on)


@person.command("give")
@_WHO
@_ROLE
@_DEPARTMENT
@_FOR
@_FROM
@click.option("--until", "until_on", type=DAY, help="最后一天（代办人须写）")
@_changing
def give(
    who: str,
    role: str,
    in_department: str | None,
    principal: str | None,
    from_on: date | None,
    until_on: date | None,
) -> Change:
    """任职：给一个角色，有起止日期。"""
    given = _role(role)

    def change(draft: Draft) -> None:
        about = _about(draft, in_department, principal, from_on)
        changes.give_role(draft, _person(draft, who), given, **about, from_on=from_on, until_on=until_on)

    return change


@person.command("take")
@_WHO
@_ROLE
@_DEPARTMENT
@_FOR
@_UNTIL
@_changing
def take(who: str, role: str, in_department: str | None, principal: str | None, until_on: date | None) -> Change:
    """终止一个角色：到这一天为止，过去的留着。"""
    taken = _role(role)

    def change(draft: Draft) -> None:
        about = _about(draft, in_department, principal, until_on, ends=True)
        changes.take_role(draft, _person(draft, who, ends=True), taken, **about, until_on=until_on)

    return change


@click.group(cls=WordedGroup)
def department() -> None:
    """部门：新增、改名、撤销、别名；过去的都留着。"""


@department.command("open")
@click.argument("name")
@_NUMBER
@_FROM
@click.option("--alias", "aliases", multiple=True, help="别名（可重复）")
@takes_over_option
@_changing
def open_department(name: str, number: str | None, from_on: date | None, aliases: tuple[str, ...]) -> Change:
    """新增一个部门。"""

    def change(draft: Draft) -> None:
        opened = changes.open_department(draft, name, number, from_on)
        for alias in aliases:
            changes.give_alias(draft, opened, alias)

    return change


@department.command("rename")
@_WHICH
@click.argument("name")
@_FROM
@takes_over_option
@_changing
def rename_department(which: str, name: str, from_on: date | None) -> Change:
    """改名；编号不变，按旧名仍能找到。"""
    return lambda draft: changes.rename_department(draft, _department(draft, which), name, from_on)


@department.command("close")
@_WHICH
@_UNTIL
@_changing
def close_department(which: str, until_on: date | None) -> Change:
    """撤销：部门里的角色到这一天一并终止。"""
    return lambda draft: changes.close_department(draft, _department(draft, which), until_on)


@department.command("alias")
@_WHICH
@click.argument("alias")
@click.option("--take", is_flag=True, help="取消")
@takes_over_option
@_changing
def alias(which: str, alias: str, *, take: bool) -> Change:
    """新增或取消一个别名。"""
    done = changes.take_alias if take else changes.give_alias
    return lambda draft: done(draft, _department(draft, which), alias)


def _role(text: str) -> DirectoryRole:
    role = role_named(text)
    if role is None:
        raise click.UsageError(f"没有角色“{text}”：应是 {'、'.join(ROLE_WORDS.values())} 之一。")
    return role


def _person(draft: Draft, text: str, on: date | None = None, *, ends: bool = False) -> str:
    named = changes.person_to_end if ends else changes.person_in
    return named(draft.directory, text, on or draft.today).number


def _department(draft: Draft, text: str) -> str:
    return changes.department_in(draft.directory, text, draft.today).number


def _about(
    draft: Draft, department: str | None, principal: str | None, on: date | None, *, ends: bool = False
) -> dict[str, str | None]:
    day = on or draft.today
    return {
        "department_id": changes.department_in(draft.directory, department, day).number if department else None,
        "principal_id": _person(draft, principal, day, ends=ends) if principal else None,
    }
