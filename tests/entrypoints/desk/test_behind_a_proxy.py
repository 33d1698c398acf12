"""The desk as production has it: in a container of its own, behind a proxy with TLS at another address."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from application.settings import Settings
from entrypoints.desk import serving as desk_serving
from entrypoints.desk.guards import guarded
from entrypoints.desk.opened import is_behind_proxies
from tests.entrypoints.desk.conftest import Browsers, hidden
from tests.entrypoints.desk.small_office import PASSWORD
from tests.production.test_compose import SERVICES

SITE = "localhost:8443"
PROXY, BROWSER = "127.0.0.2", "192.0.2.7"
"""As the desk sees the proxy, and as the proxy says whom it serves."""
OF_THE_COMPOSE_FILE = SERVICES["desk"]["environment"]["DUBAN_DESK_PROXIES"]


@pytest.mark.parametrize("proxies", [OF_THE_COMPOSE_FILE, PROXY, "10.9.0.0/16, 127.0.0.0/29"])
async def test_people_come_in_through_the_proxy(seen: Browsers, proxies: str) -> None:
    """The forms of its pages are the desk's own, and the cookies are bound to the host, as over TLS."""
    settings = seen.office.office.settings.model_copy(update={"desk_port": 0})
    bound = desk_serving.listening(settings)
    said = {"Host": SITE, "X-Forwarded-Proto": "https", "X-Forwarded-For": BROWSER}
    form = {"Origin": f"https://{SITE}", "Sec-Fetch-Site": "same-origin"}
    transport = httpx2.AsyncHTTPTransport(local_address=PROXY)
    async with (
        desk_serving.serving(guarded(seen.app, settings), bound, proxies),
        httpx2.AsyncClient(base_url=desk_serving.address_of(bound), transport=transport, headers=said) as client,
    ):
        page = await client.get("/sign-in")
        mine = page.headers["set-cookie"].partition(";")[0]
        given = {"csrf": hidden(page, "csrf"), "account": "own", "password": PASSWORD}
        answer = await client.post("/sign-in", data=given, headers={**form, "Cookie": mine})

    assert answer.status_code == 303, answer.text
    session = next(each for each in answer.headers.get_list("set-cookie") if "session" in each)
    assert session.startswith("__Host-")
    assert "secure" in session.lower()


async def who_asks(request: Request) -> PlainTextResponse:
    """From where a request is said to come: by that tries are counted."""
    return PlainTextResponse(f"{request.url.scheme} {request.client.host if request.client else ''}")


@pytest.mark.parametrize(
    ("proxies", "is_behind", "told"),
    [
        ("*", True, f"https {BROWSER}"),
        ("127.0.0.1", True, f"https {BROWSER}"),
        ("10.9.0.0/16", True, "http 127.0.0.1"),
        ("127.0.0.1", False, "http 127.0.0.1"),
    ],
)
async def test_nobody_comes_from_another_address_with_each_try(
    seen: Browsers, proxies: str, is_behind: bool, told: str
) -> None:
    """What a browser sent before the nearest proxy's word counts nothing; of no proxy at all, nothing of it."""
    settings = seen.office.office.settings.model_copy(update={"desk_port": 0})
    bound = desk_serving.listening(settings)
    app = Starlette(routes=[Route("/", who_asks)])
    said = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", f"198.51.100.2, {BROWSER}")]
    async with (
        desk_serving.serving(app, bound, proxies, is_behind=is_behind),
        httpx2.AsyncClient(base_url=desk_serving.address_of(bound)) as client,
    ):
        answer = await client.get("/", headers=[*said, ("X-Forwarded-Proto", "https")])

    assert answer.text == told


@pytest.mark.parametrize(
    ("set_to", "is_behind"),
    [({}, False), ({"desk_hosts": "duban.example"}, True), ({"desk_proxies": "127.0.0.1"}, True)],
)
def test_a_desk_that_nobody_put_behind_a_proxy_believes_none(set_to: dict[str, Any], is_behind: bool) -> None:
    """Another account of the machine would be whoever he says, and never wait."""
    assert is_behind_proxies(Settings(**set_to)) == is_behind


@pytest.mark.parametrize(
    ("proxies", "taken"),
    [("*", 9), ("127.0.0.0/29", 9), ("::/0,127.0.0.0/29", 9), ("10.9.0.0/16", 8), ("::/0", 8)],
)
def test_a_proxy_of_a_network_has_as_many_connections_as_it_has_people(proxies: str, taken: int) -> None:
    """Behind one address of the network are all of them; of any other address so many are taken, and no more."""
    addresses = desk_serving.Addresses(8, proxies)
    assert [addresses.admit("127.0.0.2") for _ in range(9)].count(True) == taken


@pytest.mark.parametrize("proxies", ["proxy", "10.0.0.0/33", "10.0.0.5/16", "*, 10.0.0.5", "10.0.0.5,", ""])
def test_a_proxy_that_is_named_otherwise_is_refused(proxies: str) -> None:
    """A name, or half a network, would be taken for nobody: the desk says so at once, and which part it is."""
    with pytest.raises(desk_serving.UnusableProxiesError, match="DUBAN_DESK_PROXIES"):
        desk_serving.Addresses(8, proxies)
