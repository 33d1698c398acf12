"""The small office's desk on a port, with what its rarer pages show, and a browser before it."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext

from application.accounts.own_keys import KeysDesk
from application.desk_work.draft_plans import HandedIn, hand_in
from application.examples import file_or_example
from domain.accounts.account import login_key
from domain.accounts.desk_items import AskedSignature
from domain.accounts.passkeys import Passkey
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.desk.app import desk_application
from entrypoints.desk.plans import FILES
from entrypoints.desk.serving import listening, serving
from tests.entrypoints.desk.browser import a_browser
from tests.entrypoints.desk.conftest import Browsers
from tests.entrypoints.desk.small_office import NOW, OWN

_PAPER = re.compile(r'href="(/papers/one\?[^"]+)"')


@dataclass
class Served:
    """The desk on a port, and a browser."""

    browsers: Browsers
    browser: Browser
    address: str
    paper: str
    """The page of a paper that one's own department has received."""

    async def context(self, account: str, **look: Any) -> BrowserContext:
        """A window in which somebody is signed in."""
        context = await self.browser.new_context(base_url=self.address, **look)
        await self.sign_in(context, account)
        return context

    async def sign_in(self, context: BrowserContext, account: str) -> None:
        """Sign somebody in in a window, or nobody."""
        await context.clear_cookies()
        if account:
            secret = f"session-of-{account}"
            self.browsers.office.door.sessions[secret] = account
            await context.add_cookies([{"name": "duban-session", "value": secret, "url": self.address}])


@asynccontextmanager
async def desk_in_a_browser(seen: Browsers, *, drawn: bool = True) -> AsyncIterator[Served]:
    """The desk on any free port, in a real browser: a list is being read, and the second operator has a key and an act
    that waits for its signature."""
    office, accounts = seen.office.office, seen.office.accounts
    seen.office.door.links |= {"first": None, "of-a-person": "own"}
    real = file_or_example(Path("examples/2018-key-projects.txt")).read_bytes()
    draft = await hand_in(accounts, FILES, HandedIn("通知.txt", real), seen.office.door.people["operator"], NOW)
    await accounts.store.change(lambda rows: rows.put(draft.model_copy(update={"key": "draft"})))
    key, asked = _of_one_with_a_key(seen)
    await accounts.store.change(lambda rows: rows.put(key))
    await accounts.store.change(lambda rows: rows.put(asked))
    await office.records.outbox.settle(await office.records.outbox.claim(OWN, f"{OWN}/1", NOW), NOW)
    listed = await (await seen.of("own")).get("/papers")
    keys = KeysDesk(accounts, attestor_of(office.settings))
    app = desk_application(office, seen.office.door, accounts, keys)
    bound = listening(office.settings.model_copy(update={"desk_port": 0}))
    async with serving(app, bound), a_browser(drawn=drawn) as browser:
        # Under a name: at a number a browser uses no keys.
        address = f"http://localhost:{bound.getsockname()[1]}"
        yield Served(seen, browser, address, html.unescape(_PAPER.findall(listed.text)[0]))


def _of_one_with_a_key(seen: Browsers) -> tuple[Passkey, AskedSignature]:
    who, now = seen.office.door.people["second"], engine_now()
    assert who.person_id is not None
    owner: dict[str, Any] = {"owner": login_key("second"), "person_id": who.person_id}
    key = Passkey(
        key="c" * 64,
        account="second",
        name="办公室电脑",
        credential_id="Y3JlZGVudGlhbA",
        public_key="a2V5",
        user_handle="dXNlcg",
        sign_count=0,
        made_at=now,
        **owner,
    )
    command = {"type": "strike_off", "milestone_id": "2018-05a-01", "note": "同意销号"}
    act = {"project_id": "2018-05a", "command": command}
    return key, AskedSignature(key="asked", ends_at=now + timedelta(hours=1), acts=(act,), **owner)
