"""What the engine keeps, in clear for those who may read it: the remote codec that Temporal's Web UI and command ask.

The protocol is theirs: `POST …/decode` with `{"payloads": […]}`. Nothing is encoded here: whoever gives an act comes
through a door of ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from temporalio.api.common.v1 import Payloads

from application.accounts.accounts import Accounts
from application.desk_work.office_desks import OfficeDesks
from application.engine_room.sealed_payloads import SealedPayloads
from application.log_lines import log_lines
from application.office.office import Office
from domain.directory.ids import DirectoryRole
from domain.directory.signed_in import SignedIn
from domain.errors import DubanError
from domain.plain_json import plain_json
from entrypoints.api.callers import AccountTokens, token_in
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.bootstrap.payloads import payloads_of
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.guards import MEGABYTE, Limits, OwnHost, SecurityHeaders, hosts_of
from entrypoints.desk.opened import Beside
from entrypoints.desk.visits import SESSION, cookie_name

PATH: Final = "/codec"
WHO: Final[frozenset[DirectoryRole]] = frozenset({"operator", "auditor"})
"""Those who may read every project."""
_LARGEST: Final = 16 * MEGABYTE
_HEADERS: Final = "authorization, content-type, x-namespace"
_NOBODY: Final = "您没有登录督办台，或登录已经过期，没有解密：请先在督办台登录，或出示令牌。"
_log = log_lines("duban.codec")
Sessions = Callable[[str], Awaitable[SignedIn | None]]


def codec_application(office: Office, callers: AccountTokens, sessions: Sessions, payloads: SealedPayloads) -> ASGIApp:
    """The remote codec of an installation, behind its guards."""
    origins = frozenset(filter(None, (office.settings.web_ui_origin, office.web_ui)))

    async def asks(request: Request) -> SignedIn | None:
        if (token := token_in(request.headers.get("authorization"))) is not None:
            return await callers.caller_of(token)
        secret = request.cookies.get(cookie_name(request, SESSION))
        # A cookie comes along whoever made the browser ask: only the Web UI's own pages may use it.
        return await sessions(secret) if secret and request.headers.get("origin") in origins else None

    async def decode(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin not in origins:
            return _told(403, "这个网页不是本单位引擎的网页，没有解密：请由管理员在 DUBAN_WEB_UI_ORIGIN 中写明。")
        allowed = {} if origin is None else _allowing(origin)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allowed)
        person = await asks(request)
        if person is None:
            return _told(401, _NOBODY, allowed)
        if not WHO & set(person.roles):
            return _told(403, "引擎中的内容只有督查人员和审计人员可以看，没有解密。", allowed)
        await request.body()
        # It may be a minute on its way: whose login ended meanwhile reads no more.
        person = await asks(request)
        if person is None or not WHO & set(person.roles):
            return _told(401, _NOBODY, allowed)
        return await _in_clear(request, person, payloads, allowed)

    app = Starlette(routes=[Route(f"{PATH}/decode", decode, methods=["POST", "OPTIONS"])])
    return SecurityHeaders(OwnHost(Limits(app, _LARGEST), hosts_of(office.settings)))


async def _in_clear(request: Request, person: SignedIn, payloads: SealedPayloads, allowed: dict[str, str]) -> Response:
    try:
        asked = ParseDict(dict(plain_json(await request.body())), Payloads())
        opened = await payloads.decode(asked.payloads)
    except (ValueError, TypeError, ParseError, RecursionError):
        return _told(400, '请求读不懂，没有解密：应为 {"payloads": […]}。', allowed)
    except DubanError as error:
        return _told(503, error.text, allowed)
    _log.info("payloads_read", account=person.account, payloads=len(opened))
    return JSONResponse(MessageToDict(Payloads(payloads=opened)) or {"payloads": []}, headers=allowed)


def _allowing(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": _HEADERS,
        "Vary": "Origin",
    }


def _told(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"message": sentence}, status, headers=headers)


def _opened(desks: OfficeDesks, accounts: Accounts) -> ASGIApp:
    office = desks.office
    door = AccountsDoor(accounts, attestor_of(office.settings), engine_now)
    callers = AccountTokens(accounts, engine_now)
    return codec_application(office, callers, door.session_of, payloads_of(office.settings))


CODEC: Final = Beside(PATH, _opened)
"""What `open_desk` serves beside the desk."""
