"""The desk as one application: its pages behind its guards; the same in `duban run` and as a process of its own."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from application.accounts.accounts import Accounts
from application.accounts.own_keys import KeysDesk
from application.desk_work.office_desks import OfficeDesks
from application.desk_work.rehearsals import RehearsalDesk
from application.office.office import Office
from domain.errors import LedgerUnavailableError
from domain.ports.third_party import ThirdParty
from entrypoints.bootstrap import engine_now, rehearsal_premises
from entrypoints.bootstrap.documents import kept_documents
from entrypoints.desk import pages
from entrypoints.desk.accounts_door import AccountsDoor
from entrypoints.desk.guards import guarded
from entrypoints.desk.languages import later as _
from entrypoints.desk.routing import UNREADABLE, closing, page_above, routes, taking_files, told
from entrypoints.desk.visits import Desk, recognise, visit_of

_NO_PAGE: Final = _("没有这个页面：请核对地址，或从菜单重新进入。")


def desk_application(
    office: Office,
    door: AccountsDoor,
    accounts: Accounts,
    keys: KeysDesk | None = None,
    elsewhere: ThirdParty | None = None,
    desks: OfficeDesks | None = None,
) -> ASGIApp:
    """The desk of an installation; with keys and a third party where it has them, and with what others beside it share
    with it."""
    desk = Desk(
        office=office,
        door=door,
        accounts=accounts,
        clock=engine_now,
        desks=desks or OfficeDesks(office),
        rehearsals=RehearsalDesk(partial(rehearsal_premises, office.settings)),
        documents=kept_documents(office.settings),
        keys=keys,
        elsewhere=elsewhere,
    )

    async def no_page(request: Request, error: Exception) -> Response:
        status, visit = error.status_code if isinstance(error, HTTPException) else 500, visit_of(desk, request)
        with suppress(LedgerUnavailableError):
            await recognise(visit)  # the page is the same without it
        if status == 405 and request.method in ("GET", "HEAD"):  # where a form is sent, asked for by its address
            return visit.see(page_above(request.url.path, pages.PAGES))
        sentence = _NO_PAGE if status in (404, 405) else UNREADABLE
        response = told(visit, status, sentence)
        response.headers.update(getattr(error, "headers", None) or {})  # which methods there are
        return response

    def refusing(status: int, sentence: str) -> ASGIApp:
        async def refusal(scope: Scope, receive: Receive, send: Send) -> None:
            visit = visit_of(desk, Request(scope))
            visit.steps[page_above(visit.request.url.path, pages.PAGES)] = visit.say("回到刚才的页面")
            await closing(told(visit, status, sentence))(scope, receive, send)

        return refusal

    application = Starlette(
        routes=routes(desk, pages.PAGES),
        exception_handlers={HTTPException: no_page},
    )
    return guarded(application, office.settings, refusing, taking_files(pages.PAGES))
