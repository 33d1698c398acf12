"""One office of three projects for all tests of the desk that change nothing, a fresh one for those that act."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio

from entrypoints.desk.app import desk_application
from tests.entrypoints.desk.small_office import PASSWORD, SmallOffice, projects, small_office, with_people

BASE = "http://127.0.0.1:8600"


@dataclass
class Browser:
    """One person's browser without a window: cookies, forms with what they hide, nothing more."""

    client: httpx2.AsyncClient
    office: SmallOffice
    headers: Mapping[str, str] = field(default_factory=lambda: {"Sec-Fetch-Site": "same-origin", "Origin": BASE})

    async def get(self, path: str) -> httpx2.Response:
        """A page."""
        return await self.client.get(path)

    async def post(self, path: str, values: Mapping[str, Any] | None = None, **more: Any) -> httpx2.Response:
        """Send a form of our own pages, with the token that they carry."""
        token = hidden(await self.client.get("/sign-in", follow_redirects=True), "csrf")
        data = {"csrf": token, **(values or {})}
        return await self.client.post(path, data=data, headers=self.headers, **more)

    async def sign_in(self, account: str) -> Browser:
        """Come in as somebody."""
        answer = await self.post("/sign-in", {"account": account, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return self


@dataclass
class Browsers:
    """As many browsers as a test needs, of one office."""

    office: SmallOffice
    app: Any

    def new(self) -> Browser:
        """A browser in which nobody is signed in."""
        transport = httpx2.ASGITransport(self.app, client=("127.0.0.1", 50_000))
        return Browser(httpx2.AsyncClient(transport=transport, base_url=BASE), self.office)

    async def of(self, account: str) -> Browser:
        """A browser in which somebody is signed in."""
        return await self.new().sign_in(account)


def hidden(answer: httpx2.Response, name: str) -> str:
    """What a form of a page hides in a field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, answer.text
    return found[1]


async def opened(folder: Path, **settings: object) -> AsyncIterator[Browsers]:
    """An office with people and projects, and its application."""
    with small_office(folder, **settings) as office:
        with_people(office)
        await office.take(*projects())
        await office.office.register.follow()
        yield Browsers(office, desk_application(office.office, office.door, office.accounts))


@pytest_asyncio.fixture(scope="module")
async def seen(tmp_path_factory: Any) -> AsyncIterator[Browsers]:
    """An office that is only looked at."""
    async for browsers in opened(tmp_path_factory.mktemp("desk")):
        yield browsers


@pytest_asyncio.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Browsers]:
    """An office of one test's own."""
    async for browsers in opened(tmp_path):
        yield browsers
