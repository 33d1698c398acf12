"""Signing in at a third party through the desk's pages: away, back, and on to the page that was wanted."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from adapters.third_party.oidc_provider import OidcProvider
from application.office.directory import AskedChange, change_directory
from domain.accounts.third_party import third_party_account
from domain.directory import changes
from tests.application.accounts.providers import CLIENT_ID, CLIENT_SECRET, Provider, first_provider
from tests.domain.samples import at
from tests.entrypoints.desk.own_key_office import KeyOffice, key_office
from tests.plain_http import PLAIN

DEEP = "/projects/2018-06?x=1"


def client(office: KeyOffice) -> httpx2.AsyncClient:
    """A browser without a window."""
    return httpx2.AsyncClient(base_url=office.address, **PLAIN)


async def sent_away(browser: httpx2.AsyncClient) -> str:
    """Ask for a page, be sent to the login, follow its link; answer the third party's address."""
    asked = await browser.get(DEEP)
    login = await browser.get(asked.headers["location"])
    link = next(part for part in login.text.split('"') if part.startswith("/sign-in/elsewhere?"))
    away = await browser.get(link)
    assert away.status_code == 303
    return str(away.headers["location"])


async def test_one_comes_back_as_himself_at_the_page_he_wanted(tmp_path: Path) -> None:
    """The deep link is kept; another browser, a second time, an account of nobody, a page elsewhere are refused."""
    with first_provider() as provider:
        party = OidcProvider(provider.issuer, CLIENT_ID, CLIENT_SECRET)
        async with key_office(tmp_path, party) as office, client(office) as browser, client(office) as stranger:
            nobody = await browser.get(provider.sign_in(await sent_away(browser), "wangwei"))
            assert nobody.status_code == 403
            await known(office, provider)

            back = provider.sign_in(await sent_away(browser), "wangwei")
            refused = await stranger.get(back)
            assert (refused.status_code, "不是从本浏览器发起的" in refused.text) == (403, True)
            arrived = await browser.get(back)
            assert (arrived.status_code, arrived.headers["location"]) == (303, DEEP)
            assert (await browser.get(DEEP)).status_code == 200
            again = await browser.get(back)
            assert again.status_code == 403
            for page in ("//evil.example", "https://evil.example/", "/\\evil.example"):
                away = await stranger.get("/sign-in/elsewhere", params={"next": page})
                arrived = await stranger.get(provider.sign_in(str(away.headers["location"]), "wangwei"))
                assert arrived.headers["location"] == "/"


async def known(office: KeyOffice, provider: Provider) -> None:
    """Let the login at the third party name 王芳."""
    account = third_party_account(provider.issuer, "wangwei")
    asking = AskedChange("钱管理", at("04-26 09:00"), "elsewhere")
    await change_directory(office.accounts.records, asking, lambda draft: changes.give_account(draft, "P0002", account))


@pytest.mark.parametrize("path", ["/sign-in/elsewhere", "/sign-in/elsewhere/back?state=x&code=y"])
async def test_a_desk_without_a_third_party_has_no_such_pages(tmp_path: Path, path: str) -> None:
    """Nor does its login name one."""
    async with key_office(tmp_path) as office, client(office) as browser:
        assert (await browser.get(path)).status_code == 404
        assert "/sign-in/elsewhere" not in (await browser.get("/sign-in")).text


async def test_a_third_party_that_is_away_is_told_on_the_login(tmp_path: Path) -> None:
    """A sentence, and the password's form beside it."""
    party = OidcProvider("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET)
    async with key_office(tmp_path, party) as office, client(office) as browser:
        answer = await browser.get("/sign-in/elsewhere")
        assert answer.status_code == 403
        assert 'id="field-password"' in answer.text
        assert "统一身份认证未成功" in answer.text
