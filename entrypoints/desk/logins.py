"""Logins that go on and tokens of programs, for an administrator: listed, and ended or revoked."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from application.accounts.signing_in import revoke_session, sessions_of
from application.accounts.tokens import revoke_token, tokens_of
from application.accounts.tries import listed_tries
from domain.errors import DubanError
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import ADMINISTRATORS, Page, told
from entrypoints.desk.visits import Visit

HOW: Final = {
    "password": _("口令"),
    "passkey": _("密钥"),
    "oidc": _("统一身份"),
    "token": _("令牌"),
    "local-os-user": _("本机用户"),
}


async def logins(visit: Visit) -> Response:
    """The logins that go on, and the tokens that hold."""
    accounts, now = visit.desk.accounts, visit.desk.clock()
    sessions = await sessions_of(accounts, None, now)
    return visit.page(
        "logins.html",
        as_of=await visit.desk.now(),
        sessions=sorted(sessions, key=lambda each: each.seen_at, reverse=True),
        tokens=await tokens_of(accounts, None, now),
        how=HOW,
        waiting=(await accounts.store.read(lambda rows: listed_tries(rows, now))).waiting,
    )


async def end_login(visit: Visit) -> Response:
    """End a login."""
    try:
        await revoke_session(visit.desk.accounts, visit.request.path_params["number"])
    except DubanError as error:
        return told(visit, 400, error.text)
    return visit.see("/logins")


async def end_token(visit: Visit) -> Response:
    """Revoke a token."""
    try:
        await revoke_token(visit.desk.accounts, visit.request.path_params["number"])
    except DubanError as error:
        return told(visit, 400, error.text)
    return visit.see("/logins")


PAGES = (
    Page("/logins", logins, ADMINISTRATORS, menu=_("登录和令牌")),
    Page("/logins/{number}/end", end_login, ADMINISTRATORS, "POST"),
    Page("/tokens/{number}/revoke", end_token, ADMINISTRATORS, "POST"),
)
