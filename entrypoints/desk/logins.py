"""Logins that go on and tokens of programs, for an administrator: listed, and ended or revoked."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.accounts.accounts import revoke_by_number
from application.accounts.signing_in import sessions_of
from application.accounts.tokens import tokens_of
from application.accounts.tries import listed_tries
from domain.accounts.sessions import Session
from domain.accounts.tokens import ApiToken
from domain.directory.ids import ROLE_WORDS
from domain.errors import DubanError
from entrypoints.desk.languages import later as _
from entrypoints.desk.listings import Column, Table, exports, shown
from entrypoints.desk.routing import ADMINISTRATORS, Page, told
from entrypoints.desk.visits import Visit

HOW: Final = {
    "password": _("密码"),
    "passkey": _("密钥"),
    "oidc": _("统一身份"),
    "token": _("令牌"),
    "local-os-user": _("本机用户"),
}


async def logins(visit: Visit) -> Response:
    """The logins that go on, the addresses that have to wait, and the tokens that hold."""
    sessions, tokens = await whole_sessions(visit), await whole_tokens(visit)
    return await visit.page_now(
        "logins.html",
        sessions=shown(visit, sessions, "/logins"),
        session_numbers=[each.number for each in sessions.rows],
        tokens=shown(visit, tokens, "/logins/tokens"),
        waiting=shown(visit, await whole_waiting(visit), "/logins/waiting"),
    )


async def whole_sessions(visit: Visit) -> Table:
    """The logins that go on, the one that was used last in front."""
    sessions = await sessions_of(visit.desk.accounts, None, visit.desk.clock())
    columns = (
        Column(_("账号"), lambda each: each.account),
        Column(_("方式"), lambda each: HOW[each.how], "word"),
        Column(_("登录时间"), lambda each: each.logged_in_at, "instant"),
        Column(_("最近使用"), lambda each: each.seen_at, "instant"),
        Column(_("来自"), lambda each: each.from_address, "id"),
    )
    newest = sorted(sessions, key=lambda each: each.seen_at, reverse=True)
    return Table("logins", _("正在登录的"), columns, newest)


async def whole_tokens(visit: Visit) -> Table:
    """The tokens that hold."""
    columns = (
        Column(_("编号"), lambda each: each.number, "id"),
        Column(_("用途"), lambda each: each.name),
        Column(_("账号"), lambda each: each.account),
        Column(_("代表"), lambda each: ROLE_WORDS[each.role] if each.role else each.department_id, "word"),
        Column(_("有效至"), lambda each: each.ends_at, "instant"),
        Column(_("最近使用"), lambda each: each.used_at, "instant"),
    )
    return Table("tokens", _("程序的令牌"), columns, await tokens_of(visit.desk.accounts, None, visit.desk.clock()))


async def whole_waiting(visit: Visit) -> Table:
    """The addresses that have to wait after too many wrong passwords."""
    now = visit.desk.clock()
    tries = await visit.desk.accounts.store.read(lambda rows: listed_tries(rows, now))
    return Table("waiting", _("密码试错太多、须等一会儿的地址"), (Column(_("来自"), str, "id"),), tries.waiting)


async def end_login(visit: Visit) -> Response:
    """End a login."""
    return await _ended(visit, Session)


async def end_token(visit: Visit) -> Response:
    """Revoke a token."""
    return await _ended(visit, ApiToken)


async def _ended(visit: Visit, kind: type[Session | ApiToken]) -> Response:
    try:
        await revoke_by_number(visit.desk.accounts, kind, visit.request.path_params["number"])
    except DubanError as error:
        return told(visit, 400, visit.refused(error))
    return visit.see("/logins")


PAGES = (
    Page("/logins", logins, ADMINISTRATORS, menu=_("登录和令牌")),
    *exports("/logins", ADMINISTRATORS, whole_sessions),
    *exports("/logins/waiting", ADMINISTRATORS, whole_waiting),
    *exports("/logins/tokens", ADMINISTRATORS, whole_tokens),
    Page("/logins/{number}/end", end_login, ADMINISTRATORS, "POST"),
    Page("/tokens/{number}/revoke", end_token, ADMINISTRATORS, "POST"),
)
