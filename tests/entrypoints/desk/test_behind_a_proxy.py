"""The desk as production has it: in a container of its own, behind a proxy with TLS at another address."""

from __future__ import annotations

import httpx2
import pytest

from entrypoints.desk import serving as desk_serving
from entrypoints.desk.guards import guarded
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
