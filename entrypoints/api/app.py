"""The interface as one application: its table behind the desk's guards."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Final, get_origin
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Security, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from application.accounts.accounts import Accounts
from application.audit.inquiries import record_reading
from application.desk_work.office_desks import OfficeDesks
from application.log_lines import log_lines
from application.office.office import Office
from domain.errors import DubanError
from domain.plain_json import RepeatedNameError, plain_json
from entrypoints.api import problems
from entrypoints.api.acts import Key, give_act
from entrypoints.api.answers import ActAnswer
from entrypoints.api.callers import AccountTokens
from entrypoints.api.calls import Call, NotYetError, Premises
from entrypoints.api.document import document_of
from entrypoints.api.evidence import BODY
from entrypoints.api.json_types import Instant
from entrypoints.api.reads import Project
from entrypoints.api.receipts import PATH, channel_receipts
from entrypoints.api.table import DOCUMENT, ROOT, Route, table
from entrypoints.bootstrap import engine_now
from entrypoints.desk.guards import (
    FORM_BYTES,
    MEGABYTE,
    BodyTooLargeError,
    BodyTooSlowError,
    Limits,
    OwnHost,
    SecurityHeaders,
    hosts_of,
)

_BEARER: Final = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of one department or one role, issued by an administrator (`duban account token`)",
)
_DEPTH: Final = 6
_LONGEST_READING: Final = 200
_FILES: Final = (f"{ROOT}/evidence/", f"{ROOT}/plan-files/")
_log = log_lines("duban.api")


def api_application(
    office: Office, callers: AccountTokens, accounts: Accounts, desks: OfficeDesks | None = None
) -> ASGIApp:
    """The interface of an installation, behind its guards; with the desks of the one beside which it answers."""
    files = office.settings.evidence_megabytes * MEGABYTE

    def room(scope: Scope) -> int:
        return files if scope["method"] == "PUT" and scope["path"].startswith(_FILES) else FORM_BYTES

    premises = Premises(desks or OfficeDesks(office), callers, accounts, engine_now)
    limited = Limits(_Faultless(application(premises)), room, refuse=_refusing)
    return SecurityHeaders(OwnHost(limited, hosts_of(office.settings), _refusing))


def application(premises: Premises) -> FastAPI:
    """The interface without its guards."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        routes=_routes(),
        exception_handlers={
            DubanError: _answering(problems.of_error),
            RequestValidationError: _answering(problems.of_values),
            AnyHTTPException: _answering(problems.of_http),
            problems.UnusableActError: _answering(problems.of_act),
            ClientDisconnect: _answering(problems.of_nobody),
            Exception: _answering(problems.of_fault),
        },
    )
    app.state.premises = premises

    async def receipts(request: Request) -> Response:
        return await channel_receipts(premises.office, request)

    # No token comes with it: the channel proves itself.
    app.add_route(ROOT + PATH, receipts, methods=["POST"], include_in_schema=False)

    async def openapi(_request: Request) -> Response:
        # Making it takes longer than all the rest of the application: who asks for it first waits, nobody else.
        return JSONResponse(await asyncio.to_thread(_document), headers={"Cache-Control": "public, max-age=300"})

    app.add_route(ROOT + DOCUMENT, openapi, methods=["GET"], include_in_schema=False)
    return app


@cache
def _routes() -> list[BaseRoute]:
    """The table as routes, made once: they know no office, a call finds that of the application that is asked."""
    router = APIRouter()
    for route in table():
        _add(router, route)
    return router.routes


@cache
def _document() -> dict[str, Any]:
    return document_of(_routes())


def _add(router: APIRouter, route: Route) -> None:
    call = Annotated[Call, Depends(_calling(route))]
    endpoint = _act(route, call) if route.act is not None else _reading(route, call)
    router.add_api_route(
        ROOT + route.path,
        endpoint,
        methods=[route.method],
        operation_id=route.name,
        summary=route.sentence,
        responses=problems.responses(),
        openapi_extra=BODY if route.method == "PUT" else None,
    )


def _reading(route: Route, call: Any) -> Callable[..., Awaitable[Any]]:
    assert route.answer is not None
    answer = route.answer
    parameters = inspect.signature(answer, eval_str=True)
    named = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=call if each.name == "call" else each.annotation)
        for each in parameters.parameters.values()
    ]

    async def endpoint(**values: Any) -> Any:
        return await answer(**values)

    return _signed(endpoint, route, parameters.replace(parameters=named))


def _act(route: Route, call: Any) -> Callable[..., Awaitable[Any]]:
    act = route.act
    assert act is not None

    async def endpoint(**given: Any) -> ActAnswer:
        return await give_act(given["call"], act, given["project_id"], given["asked"], given["key"])

    kinds = {"call": call, "project_id": Project, "asked": act.body, "key": Key}
    named = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in kinds.items()]
    return _signed(endpoint, route, inspect.Signature(named, return_annotation=ActAnswer))


def _signed(
    endpoint: Callable[..., Awaitable[Any]], route: Route, signature: inspect.Signature
) -> Callable[..., Awaitable[Any]]:
    endpoint.__name__ = route.name
    endpoint.__signature__ = signature  # type: ignore[attr-defined]  # what the web framework reads
    return endpoint


def _calling(route: Route) -> Callable[..., Awaitable[Call]]:
    async def now_asked(
        request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
    ) -> Call:
        return await _call(route, request, shown)

    async def as_of_asked(
        request: Request,
        shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
        as_of: Instant = None,
    ) -> Call:
        call = await _call(route, request, shown)
        if as_of is not None and as_of > call.now:
            raise NotYetError(now=call.now)
        return replace(call, asked_at=as_of)

    return as_of_asked if route.is_as_of else now_asked


async def _call(route: Route, request: Request, shown: HTTPAuthorizationCredentials | None) -> Call:
    premises: Premises = request.app.state.premises
    # Two tokens at once would be one caller here, and perhaps another one to whatever passed them on.
    if len(request.headers.getlist("authorization")) > 1 or shown is None:
        raise HTTPException(401)
    caller = await premises.callers.caller_of(shown.credentials)
    if caller is None:
        raise HTTPException(401, headers=problems.REFUSED_TOKEN)
    asked = request.scope["route"]
    _must_be_asked_as_documented(request, asked.dependant)
    if asked.body_field is not None and "json" in request.headers.get("content-type", "").lower():
        await _must_be_plain(request)
    call = Call(premises, request, caller, await asyncio.to_thread(premises.office.now))
    if route.who not in ("everybody", "signed_in") and not call.has(*route.who):
        raise HTTPException(403)
    if route.on_record and call.has("auditor"):
        query = f"?{request.url.query}" if request.url.query else ""
        reading = f"api {route.method} {quote(request.url.path)}{query}"[:_LONGEST_READING]
        await record_reading(premises.office.records, caller.name, reading)
    return call


def _must_be_asked_as_documented(request: Request, dependant: Dependant) -> None:
    """Refuse what would be left out in silence: a parameter that the document has not (a filter misspelt would give
    everything), and one value of what stands twice, which somebody who looked at the request before may have read.
    """
    known = get_flat_params(dependant)
    in_query = {each.alias: each for each in known if isinstance(each.field_info, params.Query)}
    many = {name for name, each in in_query.items() if get_origin(each.field_info.annotation) is list}
    asked = Counter(name for name, _ in request.query_params.multi_items())
    faults = [_fault("extra_forbidden", "query", name) for name in asked if name not in in_query]
    faults += [
        _fault(problems.REPEATED, "query", name) for name, times in asked.items() if times > 1 and name not in many
    ]
    headers = [each.alias for each in known if isinstance(each.field_info, params.Header)]
    faults += [_fault(problems.REPEATED, "header", name) for name in headers if len(request.headers.getlist(name)) > 1]
    if faults:
        raise RequestValidationError(faults)


async def _must_be_plain(request: Request) -> None:
    """Refuse a body that two readers of JSON read differently."""
    try:
        plain_json(await request.body() or b"null")
    except RepeatedNameError as error:
        raise RequestValidationError([_fault(problems.REPEATED, "body", error.name)]) from error
    except (ValueError, RecursionError) as error:
        raise RequestValidationError([_fault("json_invalid", "body")]) from error


def _fault(kind: str, *place: str) -> dict[str, Any]:
    return {"type": kind, "loc": place, "msg": "", "input": None}


def _answering(
    answer: Callable[[Request, Exception], Response],
) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        return answer(request, error)

    return handler


def _refusing(status: int, sentence: str) -> ASGIApp:
    """A guard's refusal, as this interface says it; nothing more is read of what is being sent."""

    async def refusal(scope: Scope, receive: Receive, send: Send) -> None:
        rule = _GUARDS.get(status, "readable_request")
        response = problems.problem(Request(scope), status, rule, sentence, headers={"Connection": "close"})
        await response(scope, receive, send)

    return refusal


_GUARDS: Final = {408: "prompt_content", 413: "bounded_content", 421: "own_address"}


class _Faultless:
    """Lets nothing out that is not an answer: a fault of ours is told and logged, what the guards cut off is theirs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever becomes of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        async def received() -> Message:
            try:
                return await receive()
            except BodyTooLargeError as error:
                raise HTTPException(413, headers={"Connection": "close"}) from error
            except BodyTooSlowError as error:
                raise HTTPException(408, headers={"Connection": "close"}) from error

        try:
            await self._app(scope, received, noted)
        except Exception as error:  # noqa: BLE001 - one call's fault is told and logged; the interface goes on
            # As text: values at hand (a token) are not for a log.
            trace = "".join(traceback.format_exception(error, limit=-_DEPTH))
            _log.error("call_failed", path=scope["path"], method=scope["method"], trace=trace)
            if not begun:
                await problems.of_fault(Request(scope), error)(scope, receive, send)
