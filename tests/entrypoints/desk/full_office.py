"""An office whose tables all have rows, hard ones among them: what is put into it, thing by thing."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from application.accounts.own_keys import KeysDesk
from application.desk_work import verification
from application.desk_work.verification import Verification
from application.office.readers_mail import MailBook
from application.rehearsing.rehearsal import Rehearsed, RehearsedPaper
from domain.accounts.account import login_key
from domain.accounts.lock_outs import Tries
from domain.accounts.passkeys import Passkey
from domain.clock import OFFICE_TIME
from domain.papers.delivery import MessageFailedForGood, MessageGathered
from domain.papers.mail_cap import MonthOfPapers
from domain.papers.paper import PaperKind
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.desk.app import desk_application
from entrypoints.desk.verification import ROWS
from tests.entrypoints.desk.conftest import Browser, Browsers
from tests.entrypoints.desk.small_office import (
    NOW,
    OTHER,
    OWN,
    at_the_door,
    stood_in_for,
    with_departments,
    with_one_who_left,
)
from tests.entrypoints.desk.test_erasures import PAGE as ERASURES
from tests.entrypoints.desk.test_plans import LIST, handed_in
from verifier.findings import Report, Step

HARD: Final = {
    "2018-31": "=1+1",
    "2018-32": '=HYPERLINK("http://evil.example","x")',
    "2018-33": "+86 571 0001",
    "2018-34": "-12",
    "2018-35": "@SUM(A1)",
    "2018-36": "0012345678901234567890",
    "2018-37": "1E5",
    "2018-38": "'quoted",
    "2018-39": "http://evil.example/x",
    "2018-40": "3/4",
}
"""Titles that a spreadsheet would count, open or read as a day."""


async def filled(browsers: Browsers, patched: pytest.MonkeyPatch) -> str:
    """Put a row into every table; the place of a list that was rehearsed."""
    await _sent(browsers)
    await stood_in_for(browsers.office.office, "2018-31")
    await with_one_who_left(browsers.office)
    await with_departments(browsers.office, *HARD.values())
    await at_the_door(browsers.office.accounts)
    await _waiting(browsers)
    await _given_below(browsers)
    await _own_keys_and_addresses(browsers)
    await _erased(browsers)
    await _verified(browsers, patched)
    return await _rehearsed(await browsers.of("operator"), patched)


async def _given_below(browsers: Browsers) -> None:
    """A duty that its department gave to units below it, and a deputy of the department."""
    browser, place = await browsers.of("own"), "/duties/2018-31-01"
    given = {"units": "甲市、=乙市", "due_on": "2018-06-20", "new_units": "yes", "request_id": "desk-d"}
    assert (await browser.post(f"{place}/decompose-duty", given)).status_code == 303
    deputy = {"deputy_department": "教务处", "person": "=陈", "from_on": "2018-06-04", "until_on": "2018-06-30"}
    assert "已办理" in (await browser.post("/deputies", {**deputy, "reason": "出差", "request_id": "desk-e"})).text


async def _own_keys_and_addresses(browsers: Browsers) -> None:
    """A calendar's address, and a desk with a key."""
    assert (
        await (await browsers.of("own")).post("/calendar", {"department": OWN, "days_before": "3"})
    ).status_code == 200
    office = browsers.office
    keys = KeysDesk(office.accounts, attestor_of(office.office.settings))
    browsers.app = desk_application(office.office, office.door, office.accounts, keys)
    whose: dict[str, Any] = {"owner": login_key("operator"), "account": "operator", "person_id": "P0003"}
    key = Passkey(
        key="c" * 64,
        name="=电脑",
        credential_id="a",
        public_key="a",
        user_handle="a",
        sign_count=0,
        made_at=NOW,
        **whose,
    )
    await office.accounts.store.change(lambda rows: rows.put(key))


async def _verified(browsers: Browsers, patched: pytest.MonkeyPatch) -> None:
    """A verification that found something in one of its steps, and a history that is lost."""

    async def followed(_office: object, one: Verification) -> None:
        step = Step("tree", note="=1+1")
        for number in range(ROWS + 1):
            step.fail("leaf", f"@2018-31#{number}", "这一条与签名的不一致")
        one.unkept, one.report = ["-流程的历史没有留存"], Report(steps=[Step("bundle"), step])

    patched.setattr(verification, "_followed", followed)
    assert (await (await browsers.of("auditor")).post("/verification")).status_code == 303
    await asyncio.sleep(0)


async def _erased(browsers: Browsers) -> None:
    """A name that two persons erased."""
    assert (
        await (await browsers.of("operator")).post(ERASURES, {"who": "P0099", "order": "=1+1号"})
    ).status_code == 303
    second = await browsers.of("second")
    confirm = re.search(rf'action="({ERASURES}/[^"]+/confirm)"', (await second.get(ERASURES)).text)
    assert confirm is not None
    assert (await second.post(confirm[1])).status_code == 303


async def _waiting(browsers: Browsers) -> None:
    """An address of too many wrong passwords, the last one in an hour: it waits as long as tests last."""
    later = engine_now() + timedelta(hours=1)
    tries = Tries(
        key="address 10.9.9.9", ends_at=later + timedelta(hours=8), subject="address", count=1_000, last_at=later
    )
    await browsers.office.accounts.store.change(lambda rows: rows.put(tries))


async def _sent(browsers: Browsers) -> None:
    """A digest that a department has received, and a message that came back."""
    records = browsers.office.office.records
    digest = await records.outbox.claim(OTHER, f"{OTHER}/1", NOW)
    await records.outbox.settle(digest, NOW)
    book, gathered = MailBook(records, lambda: NOW), {"digests": ("d1",), "papers": 3, "urgent": False, "after": 0}
    for number, reason in enumerate(HARD.values()):
        message, reader = f"m{number}", f"张三{number}"
        refused = {"channel": "mail", "reason": reason, "address_refused": True}
        await book.write(reader, MessageGathered, "gathered", message_id=message, **gathered)
        await book.write(reader, MessageFailedForGood, "answered", message_id=message, **refused)


async def _rehearsed(browser: Browser, patched: pytest.MonkeyPatch) -> str:
    place = await handed_in(browser, text=LIST.replace("座谈会", "=座谈会"))
    for finding in re.findall(r'name="finding(?:-\d+)?" value="([^"]+)"', (await browser.get(place)).text):
        await browser.post(f"{place}/rulings", {"finding": finding, "choice": "确认"})
    kinds: tuple[PaperKind, ...] = ("reminder", "urge")
    papers = tuple(
        RehearsedPaper(on=NOW.date(), kind=kind, to=to, project_id="2018-92", milestone_id="2018-92-01", level=None)
        for kind in kinds
        for to in (OWN, "=cmd")
    )
    burden = tuple(MonthOfPapers(addressee=to, month="2018-06", sent=1, withheld=0) for to in (OWN, "+1"))
    brought = Rehearsed(
        start=NOW,
        end=datetime(2018, 12, 31, tzinfo=OFFICE_TIME),
        papers=papers,
        counts={"reminder": 2, "urge": 2},
        events=7,
        seconds=0.1,
        burden=burden,
    )

    async def followed(asked: Any, _given: object) -> None:
        asked.found = brought

    patched.setattr("application.desk_work.rehearsals._followed", followed)
    assert (await browser.post(f"{place}/rehearsal", {"behaviour": "silent"})).status_code == 303
    await asyncio.sleep(0)
    return place
