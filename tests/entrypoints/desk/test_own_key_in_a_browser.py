"""The person's own key in a real browser with a virtual authenticator: enrol, sign, lose the device, enrol another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect

from application.desk_work.year_end_by_two import YearEndAsked, prepare
from domain.directory.signed_in import SignedIn
from domain.record.person_keys import PERSON_KEYS_STREAM
from domain.record.recorded_projects import recorded_events
from entrypoints.bootstrap import engine_now
from entrypoints.desk.guards import POLICY
from tests.entrypoints.desk.browser import a_browser, findings, pressed, watched, with_axe
from tests.entrypoints.desk.own_key_office import KeyOffice, key_office, own_keys_step
from tests.entrypoints.desk.small_office import PASSWORD, healthy

STRIKE = "/projects/2018-05a/acts/strike-off?milestone=2018-05a-01"
STRIKE_ANOTHER = "/projects/2018-06/acts/strike-off?milestone=2018-06-01"
LI_MING = SignedIn(account="liming", person_id="P0003", name="李明", how="password", logged_in_at=engine_now())


class Device:
    """A virtual authenticator of a page: it knows its person, and confirms by itself."""

    def __init__(self, session: CDPSession, number: str) -> None:
        self._session, self._number = session, number

    @classmethod
    async def of(cls, page: Page, transport: str = "internal") -> Device:
        """A new device at a page."""
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, made["authenticatorId"])

    async def put_away(self) -> None:
        """Nobody touches the device any more: another one answers."""
        told = {"authenticatorId": self._number, "enabled": False}
        await self._session.send("WebAuthn.setAutomaticPresenceSimulation", told)

    async def lose(self) -> None:
        """The device is gone, with every key on it."""
        await self._session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self._number})


async def signed_in(browser: Browser, office: KeyOffice, account: str, said: list[str]) -> Page:
    """A window of somebody who has signed in with his password."""
    context: BrowserContext = await browser.new_context(base_url=office.address, locale="zh-CN")
    page = await watched(context, said, office.address)
    await page.goto("/sign-in?next=/keys")
    await page.fill("#field-account", account)
    await page.fill("#field-password", PASSWORD)
    await page.click("main form button")
    await expect(page).to_have_url(f"{office.address}/keys")
    return page


async def enrol(page: Page, name: str) -> None:
    """Enrol the device of this page."""
    await page.goto("/keys")
    await page.fill("#field-name", name)
    await page.click("form[action='/keys/begin'] button")
    await page.click("form[data-ceremony] button")
    # The page of the ceremony shows the name too: only the list says that the key is enrolled.
    await expect(page.locator("main tbody tr")).to_contain_text(name)


async def enrol_another(page: Page, name: str) -> None:
    """Enrol one more device: the one that she has signs that."""
    other = await Device.of(page, "usb")
    await page.goto("/keys")
    await page.fill("#field-name", name)
    await page.click("form[action='/keys/begin'] button")
    await page.click("form[data-ceremony='create'] button")
    await expect(page.locator("dl.signed")).to_contain_text(name)
    await other.put_away()
    await page.click("form[data-ceremony='get'] button")
    await expect(page.locator("main tbody")).to_contain_text(name)


async def close_the_year(page: Page, office: KeyOffice) -> None:
    """Confirm a year's end that another one prepared: one signature for every project."""
    asked = YearEndAsked(2018, 2019, "年终结转", despite_period="机构撤并")
    await prepare(office.small.office, office.accounts, asked, LI_MING, engine_now())
    await page.goto("/year-end")
    await page.click("form[action$='/confirm'] button")
    await expect(page.locator("h1")).to_contain_text("3 项办理")
    await expect(page.locator("dl.signed")).to_contain_text("2018-05a、2018-06、2018-07")
    await page.click("form[data-ceremony] button")
    await expect(page.locator("main")).to_contain_text("2018 年的 3 个项目已经办理")


async def strike_off(page: Page, path: str) -> None:
    """Give an act of weight: it asks for the signature, shows what is signed, and is done."""
    await page.goto(path)
    await expect(page.locator("main")).to_contain_text("须用您的密钥签名")
    await page.click("main form button")
    await expect(page.locator("dl.signed")).to_contain_text("项目")
    await page.click("form[data-ceremony] button")
    await page.wait_for_url("**/confirmations/**")


async def test_enrol_sign_lose_the_device_enrol_another_and_what_was_signed_stays_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One act, another key, a year's end; nothing on the console, nothing leaves the host, the verifier is content."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    said: list[str] = []
    async with key_office(tmp_path) as office, a_browser() as browser:
        page = await signed_in(browser, office, "wangfang", said)
        device = await Device.of(page)
        await enrol(page, "办公室电脑")
        await strike_off(page, STRIKE)

        await device.lose()
        await Device.of(page)
        await page.goto("/keys")
        await page.fill("#field-name", "新电脑")
        await page.click("form[action='/keys/begin'] button")
        await expect(page.locator(".errors")).to_contain_text("您已有密钥")

        administrator = await signed_in(browser, office, "qian", said)
        await pressed(administrator, "form[action^='/keys/of-others/'] button")
        await expect(administrator.locator("main")).to_contain_text("还没有人登记密钥")

        await enrol(page, "新电脑")
        await strike_off(page, STRIKE_ANOTHER)
        await pressed(page, "form[action='/sign-out'] button")

        await with_axe(page.context)
        await page.goto("/projects/2018-06")
        await pressed(page, "a[href^='/sign-in/key']")
        await page.fill("#field-account", "wangfang")
        await pressed(page, "main form button")
        assert await findings(page) == []
        await page.click("form[data-ceremony] button")
        await expect(page).to_have_url(f"{office.address}/projects/2018-06")

        await enrol_another(page, "手机")
        await close_the_year(page, office)

        assert [line for line in said if "status of 400" not in line] == []
        step = await own_keys_step(office, tmp_path / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])
        assert "5 项有本人设备的签名；登记了 3 把密钥，1 人" in step.note
        ledger = office.small.office.records.ledger
        assert [entry.type.partition(".")[2] for entry in ledger.entries(PERSON_KEYS_STREAM)] == [
            *("enrolled", "revoked", "enrolled", "enrolled")
        ]
        for project_id in ("2018-05a", "2018-06"):
            (struck,) = [each for each in recorded_events(ledger, project_id) if each.type == "MilestoneStruckOff"]
            assert (struck.own_key, struck.by_person) == ("signed", "P0002")


async def test_only_the_pages_of_a_ceremony_have_a_script(tmp_path: Path) -> None:
    """By the hash of its bytes and its own address; every other page says `default-src 'none'` and no script."""
    async with key_office(tmp_path) as office, a_browser() as browser:
        page = await signed_in(browser, office, "wangfang", [])
        policies: dict[str, Any] = {}
        for path in ("/keys", "/sign-in", STRIKE):
            answer = await page.goto(path)
            assert answer is not None
            policies[path] = answer.headers["content-security-policy"]
            assert await page.locator("script").count() == 0
        assert set(policies.values()) == {POLICY}
        await page.goto("/keys")
        await page.fill("#field-name", "电脑")
        async with page.expect_response("**/keys/begin") as begun:
            await page.click("form[action='/keys/begin'] button")
        policy = (await (await begun.value).all_headers())["content-security-policy"]
        assert policy.startswith(f"{POLICY}; script-src 'sha256-")
        assert policy.endswith(".js")
        assert "unsafe" not in policy
        assert await page.evaluate("Promise.resolve(document.scripts.length)") == 1
        blocked = "(() => { const s = document.createElement('script'); s.text = 'window.x = 1';"
        assert await page.evaluate(f"{blocked} document.body.append(s); return window.x || 0; }})()") == 0
