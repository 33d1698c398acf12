"""Accounts and logins: `duban account`. It works on the installation's own stores; no engine is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, get_args

import click

from application.accounts.accounts import Accounts, revoke_by_number
from application.accounts.opening import MadeLink, close_account, listed_accounts, make_link, open_account
from application.accounts.own_keys import KeysDesk, let_go
from application.accounts.passkeys import passkeys_of
from application.accounts.signing_in import revoke_sessions, sessions_of
from application.accounts.tokens import AskedToken, issue_token, tokens_of
from application.accounts.tries import listed_tries
from application.engine_room.desk_address import told_address
from application.office.directory import AskedChange
from application.settings import Settings
from domain.accounts.links import LINK_PATH
from domain.accounts.passkeys import Passkey
from domain.accounts.refusals import UnknownSessionError
from domain.accounts.sessions import Session
from domain.accounts.tokens import ApiToken, TokenRole
from domain.clock import OFFICE_TIME, office_minute
from domain.directory.ids import role_named
from entrypoints.bootstrap import attestor_of, engine_now, local_user, must_have_ledger, open_records
from entrypoints.bootstrap.accounts import open_accounts
from entrypoints.cli.acting import as_given
from entrypoints.cli.certificates import certificate
from entrypoints.cli.directory_asking import asking_now
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.login_words import LOGIN_WORDS
from entrypoints.cli.session import DAY, out, replied, reply, settings_option, usual_options
from entrypoints.cli.tables import Table, Tables, tables_option

Answer = TypeVar("Answer")

_BY = click.option("--by", required=True, help="办理人：管理员的姓名或编号")
_ACCOUNT = click.argument("account")


@click.group(cls=WordedGroup)
def account() -> None:
    """账号：开设、一次性链接、登录和令牌；密码由本人用链接自己设，管理员也看不到。"""


@account.command("open")
@click.argument("who", metavar="PERSON")
@_ACCOUNT
@_BY
@usual_options
def open_one(settings: Settings, who: str, account: str, by: str) -> None:
    """给名册里的一位人员开设账号，并给出设密码的一次性链接（24 小时内有效，只显示这一次）。"""

    async def work(accounts: Accounts) -> MadeLink:
        return await open_account(accounts, who, account, _asking(settings, accounts, by), engine_now())

    with as_given(account="账号"):
        _tell_link(_with_accounts(settings, work), settings)


@account.command("link")
@_ACCOUNT
@_BY
@usual_options
def link(settings: Settings, account: str, by: str) -> None:
    """忘了密码：另给一个设密码的一次性链接，以前给的作废；设好后，原来的登录全部退出，通行密钥和令牌仍有效。"""

    async def work(accounts: Accounts) -> tuple[MadeLink, list[str]]:
        made = await make_link(accounts, account, _asking(settings, accounts, by), engine_now())
        tokens, keys = await tokens_of(accounts, account, engine_now()), await passkeys_of(accounts, account)
        return made, [each.number for each in (*tokens, *keys)]

    made, stay = _with_accounts(settings, work)
    _tell_link(made, settings, stay=stay)


@account.command("list")
@settings_option
@tables_option
def list_all(settings: Settings, tables: Tables) -> None:
    """今天的账号：各是谁的，有没有密码、通行密钥和令牌。"""

    async def work(accounts: Accounts) -> list[dict[str, Any]]:
        return [
            {
                "account": each.account,
                "person": each.person_id,
                "name": each.name,
                "has_password": each.has_password,
                "passkeys": each.passkeys,
                "tokens": each.tokens,
            }
            for each in await listed_accounts(accounts, engine_now())
        ]

    rows = _with_accounts(settings, work)
    if replied({"accounts": rows}):
        return
    table = Table("账号", ("账号", "人员", "密码", "通行密钥", "令牌"))
    for row in rows:
        has = "已设" if row["has_password"] else "未设"
        table.add(row["account"], OwnWords(f"{row['name']}（{row['person']}）"), has, row["passkeys"], row["tokens"])
    tables.show(table)


@account.command("close")
@_ACCOUNT
@_BY
@usual_options
def close(settings: Settings, account: str, by: str) -> None:
    """关闭账号：登录、密码、通行密钥和令牌立即失效；名册里留着它曾是谁的。"""
    _with_accounts(settings, lambda base: close_account(base, account, _asking(settings, base, by), engine_now()))
    reply(
        {"closed": account},
        f"账号 {account} 已关闭：从现在起，用它不能再办理任何事，它的登录、通行密钥和令牌都已失效；"
        "以后要再用，请重新开设：duban account open。",
    )


@account.command("sessions")
@click.argument("account", required=False)
@settings_option
@tables_option
def sessions(settings: Settings, tables: Tables, account: str | None) -> None:
    """正在进行的登录（可只看一个账号）、通行密钥和有效的令牌，各有编号，可用 revoke 停用。"""

    async def work(accounts: Accounts) -> tuple[Sequence[Session], Sequence[Passkey], Sequence[ApiToken]]:
        now = engine_now()
        logins, keys = await sessions_of(accounts, account, now), await passkeys_of(accounts, account)
        return logins, keys, await tokens_of(accounts, account, now)

    logins, keys, tokens = _with_accounts(settings, work)
    listed = {"sessions": map(_login, logins), "passkeys": map(_passkey, keys), "tokens": map(_token, tokens)}
    if replied({what: list(each) for what, each in listed.items()}):
        return
    table = Table("登录", ("编号", "账号", "方式", "何时登录或发放", "最近使用", "从哪里或作何用", "止期"))
    for each in logins:
        row = (each.account, LOGIN_WORDS[each.how], _shown(each.logged_in_at), _shown(each.seen_at), each.from_address)
        table.add(each.number, *row, _shown(each.ends_at))
    for key in keys:
        row = (key.account, LOGIN_WORDS["passkey"], _shown(key.made_at), _shown(key.used_at), OwnWords(key.name))
        table.add(key.number, *row, "")
    for token in tokens:
        row = (token.account, LOGIN_WORDS["token"], _shown(token.made_at), _shown(token.used_at), OwnWords(token.name))
        table.add(token.number, *row, _shown(token.ends_at))
    tables.show(table, nothing="没有正在进行的登录，也没有通行密钥和有效的令牌。")


@account.command("tries")
@settings_option
@tables_option
def tries(settings: Settings, tables: Tables) -> None:
    """每小时有多少次登录没有成功、多少次因次数太多没有受理，以及现在要等候的来处。"""
    found = _with_accounts(settings, lambda base: base.store.read(lambda rows: listed_tries(rows, engine_now())))
    hours = [
        {"hour": f"{each.key}:00Z", "failed": each.failed, "not_looked_at": each.not_looked_at} for each in found.hours
    ]
    if replied({"hours": hours, "waiting": list(found.waiting)}):
        return
    table = Table("登录", ("小时", "未成功", "未受理"))
    for each in found.hours:
        table.add(_shown(datetime.fromisoformat(f"{each.key}:00+00:00")), each.failed, each.not_looked_at)
    tables.show(table, nothing="近来没有不成功的登录。")
    for address in found.waiting:
        out().print(f"来自 {address} 的登录现在须等候。")


@account.command("revoke")
@click.argument("number", required=False)
@click.option("--all-of", "account", help="停用这个账号的全部登录")
@usual_options
def revoke(settings: Settings, number: str | None, account: str | None) -> None:
    """停用一次登录、一把通行密钥或一个令牌（编号见 sessions），或一个账号的全部登录；立即失效。"""
    if (number is None) == (account is None):
        raise click.UsageError("请写一个编号，或用 --all-of 写账号，二者取一。")

    async def work(accounts: Accounts) -> int:
        if account is not None:
            return await revoke_sessions(accounts, account)
        with suppress(UnknownSessionError):
            await revoke_by_number(accounts, Session, number or "")
            return 1
        with suppress(UnknownSessionError):
            desk = KeysDesk(accounts, attestor_of(settings))
            await let_go(desk, local_user(), number or "", "在命令行停用")
            return 1
        await revoke_by_number(accounts, ApiToken, number or "")
        return 1

    count = _with_accounts(settings, work)
    reply({"revoked": count}, _revoked(count, all_of=account is not None))


def _revoked(count: int, *, all_of: bool) -> str:
    """What was disabled: one thing by its number, or the logins of an account, whose keys and tokens stay."""
    if not count:
        return (
            "没有停用：这个账号现在没有正在进行的登录；通行密钥、令牌和账号都没有动，"
            "要关闭账号请用 duban account close。"
        )
    if all_of:
        return f"已停用这个账号的 {count} 次登录，立即失效；通行密钥、令牌和账号都没有动。"
    return "已停用 1 项登录、通行密钥或令牌，立即失效；账号没有关闭。"


@account.command("token")
@_ACCOUNT
@click.argument("name")
@click.option("--department", help="只代表本人在这个部门承办")
@click.option("--role", help="只代表本人的这个角色：督查人员、审计人员、管理员")
@click.option("--until", "until_on", type=DAY, required=True, help="最后一天（一年之内）")
@_BY
@usual_options
def token(
    settings: Settings, account: str, name: str, department: str | None, role: str | None, until_on: date, by: str
) -> None:
    """给一个程序发放令牌：只有本人的一个部门或一个角色的权限；令牌只显示这一次。"""
    named = role_named(role) if role is not None else None
    bound = next((each for each in get_args(TokenRole) if each == named), None)
    if (department is None) == (role is None) or (role is not None and bound is None):
        raise click.UsageError("请写 --department 部门，或 --role 督查人员、审计人员、管理员之一，二者取一。")
    ends_at = datetime.combine(until_on + timedelta(days=1), time(), OFFICE_TIME)

    async def work(accounts: Accounts) -> tuple[ApiToken, str]:
        asked = AskedToken(account, name, ends_at, department, bound)
        issued = await issue_token(accounts, asked, _asking(settings, accounts, by), engine_now())
        return issued.token, issued.secret

    with as_given(name="用途"):
        issued, secret = _with_accounts(settings, work)
    if replied({**_token(issued), "secret": secret}):
        return
    out().print(f"令牌（只显示这一次）：{secret}", soft_wrap=True)
    out().print(f"编号 {issued.number}，{_shown(issued.ends_at)} 止；停用：duban account revoke {issued.number}")
    out().print("请现在交给要用它的程序：随每次请求带上 Authorization: Bearer 令牌（docs/api.md）。")


def _asking(settings: Settings, accounts: Accounts, by: str) -> AskedChange:
    return asking_now(accounts.records, by, settings)


def _with_accounts(settings: Settings, work: Callable[[Accounts], Coroutine[Any, Any, Answer]]) -> Answer:
    must_have_ledger(settings)
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        return asyncio.run(work(accounts))


def _address(settings: Settings) -> str:
    """Where the desk of this installation is set to listen, as one opens it."""
    host = settings.desk_address
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.desk_port}"


def _tell_link(link: MadeLink, settings: Settings, *, stay: Sequence[str] = ()) -> None:
    """Tell a link; `stay` are the numbers of the tokens and passkeys that a new password does not end."""
    told: dict[str, Any] = {"account": link.account, "secret": link.secret, "ends_at": link.ends_at.isoformat()}
    if replied(told | {"still_valid": list(stay)}):
        return
    answers = told_address(settings.data)
    address = answers or _address(settings)
    sentence = f"账号 {link.account} 设密码的一次性链接：{address}/{LINK_PATH}{link.secret}"
    out().print(sentence, soft_wrap=True)
    out().print("请当面或用可信的方式交给本人，由本人打开设好密码；督办台不在这个地址的，换成它的地址。")
    if answers is None:
        out().print("这里现在没有督办台在运行，地址是设置里的：请先运行 duban run，它说的地址不同的，换成它的。")
    until = _shown(link.ends_at)
    out().print(f"实际的北京时间 {until} 前有效，用一次即作废，只显示这一次；以前给这个账号的链接都已作废。")
    if stay:
        out().print(
            f"设好新密码后，原来的登录全部退出；{len(stay)} 个令牌和通行密钥（{'、'.join(stay)}）仍然有效："
            "可能已被别人拿到的，请逐个停用：duban account revoke 编号。"
        )


def _shown(instant: datetime | None) -> str:
    return office_minute(instant) if instant else ""


def _login(session: Session) -> dict[str, Any]:
    document = session.model_dump(
        mode="json", include={"account", "how", "issuer", "logged_in_at", "seen_at", "ends_at"}
    )
    return {"number": session.number, **document, "from_address": session.from_address}


def _passkey(passkey: Passkey) -> dict[str, Any]:
    fields = {"account", "name", "made_at", "used_at"}
    return {"number": passkey.number, **passkey.model_dump(mode="json", include=fields)}


def _token(token: ApiToken) -> dict[str, Any]:
    fields = {"account", "name", "department_id", "role", "made_at", "used_at", "ends_at"}
    return {"number": token.number, **token.model_dump(mode="json", include=fields)}


account.add_command(certificate)
