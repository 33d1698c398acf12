"""Signing in at a third party (OpenID Connect): sent away, come back, and on to the page that was wanted."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from application.accounts.third_party import begin_login, finish_login
from domain.accounts.own_path import own_path
from domain.errors import DubanError, EngineUnreachableError, LedgerUnavailableError
from domain.ports.third_party import ThirdParty
from entrypoints.desk.entering import come_in, knock_of, sign_in_page
from entrypoints.desk.routing import Page
from entrypoints.desk.visits import NotFoundError, Visit, cookie_name, drop_cookie, set_cookie

_BROWSER: Final = "duban-elsewhere"
_BACK: Final = "/sign-in/elsewhere/back"


def _elsewhere(visit: Visit) -> ThirdParty:
    if visit.desk.elsewhere is None:
        raise NotFoundError
    return visit.desk.elsewhere


async def send_away(visit: Visit) -> Response:
    """Send the browser to the third party: a link and no form, since a form of ours may lead to ourselves alone."""
    onward, url = own_path(visit.request.query_params.get("next", "/")), visit.request.url
    try:
        back, now = f"{url.scheme}://{url.netloc}{_BACK}", visit.desk.clock()
        departure = await begin_login(visit.desk.accounts, _elsewhere(visit), onward, back, now)
    except DubanError as error:
        return sign_in_page(visit, onward, visit.refused(error))
    response = RedirectResponse(departure.address, 303)
    set_cookie(visit.request, response, _BROWSER, departure.browser)
    return response


async def come_back(visit: Visit) -> Response:
    """Let in the one who comes back, and go on where he wanted to go."""
    browser = visit.request.cookies.get(cookie_name(visit.request, _BROWSER))
    query, knock, now = dict(visit.request.query_params), knock_of(visit), visit.desk.clock()
    try:
        arrival = await finish_login(visit.desk.accounts, _elsewhere(visit), query, browser, knock, now)
    except (EngineUnreachableError, LedgerUnavailableError):
        raise
    except DubanError as error:
        return sign_in_page(visit, "/", visit.refused(error))
    response = come_in(visit, arrival.entered, own_path(arrival.return_to))
    drop_cookie(visit.request, response, _BROWSER)
    return response


PAGES = (
    Page("/sign-in/elsewhere", send_away, "everybody"),
    Page(_BACK, come_back, "everybody"),
)
