"""The small office of the desk's tests, asked by programs: a token for each person, the interface without a port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio

from application.accounts.tokens import PREFIX
from domain.directory.signed_in import SignedIn
from entrypoints.api.app import api_application
from entrypoints.api.callers import AccountTokens
from entrypoints.api.table import ROOT
from tests.entrypoints.desk.small_office import SmallOffice, projects, small_office, with_people

BASE = "http://127.0.0.1:8600"


@dataclass
class MemoryCallers(AccountTokens):
    """Tokens without a store: each is the account with the prefix of ours before it."""

    office: SmallOffice
    revoked: set[str] = field(default_factory=set)

    async def caller_of(self, secret: str) -> SignedIn | None:
        account = secret.removeprefix(PREFIX)
        person = self.office.door.people.get(account)
        if person is None or secret in self.revoked or not secret.startswith(PREFIX):
            return None
        return person.model_copy(update={"how": "token"})

    async def credentials_of(self, who: SignedIn) -> Mapping[str, str]:
        return {"a key's name": f"a device's of {who.account}"}


@dataclass
class Programs:
    """As many programs as a test needs, of one office."""

    office: SmallOffice
    callers: MemoryCallers
    app: Any

    def of(self, account: str | None, **headers: str) -> httpx2.AsyncClient:
        """A program with somebody's token, or without one."""
        given = {"Authorization": f"Bearer {PREFIX}{account}"} if account else {}
        transport = httpx2.ASGITransport(self.app, client=("127.0.0.1", 50_000))
        return httpx2.AsyncClient(transport=transport, base_url=BASE + ROOT, headers={**given, **headers})

    async def act(
        self, account: str, project_id: str, act: str, key: str = "key-1", /, **asked: Any
    ) -> httpx2.Response:
        """Give an act with somebody's token."""
        path = f"/projects/{project_id}/acts/{act}"
        return await self.of(account).post(path, json=asked, headers={"Idempotency-Key": key})


async def opened(folder: Path, **settings: object) -> AsyncIterator[Programs]:
    """An office with people and projects, and its interface."""
    with small_office(folder, **settings) as office:
        with_people(office)
        await office.take(*projects())
        await office.office.register.follow()
        callers = MemoryCallers(office)
        yield Programs(office, callers, api_application(office.office, callers, office.accounts))


@pytest_asyncio.fixture(scope="module")
async def seen(tmp_path_factory: Any) -> AsyncIterator[Programs]:
    """An office that is only looked at."""
    async for programs in opened(tmp_path_factory.mktemp("api")):
        yield programs


@pytest_asyncio.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Programs]:
    """An office of one test's own."""
    async for programs in opened(tmp_path):
        yield programs
