"""Many acts under one signature: a year's end, many strike-offs, what the shell prepares; nothing less holds."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from application.accounts.asked_signatures import ask_signature, taken_signature
from application.accounts.own_keys import KeysDesk, enrol_own_key
from application.accounts.passkeys import begin_enrolment
from application.desk_work.by_two import waiting
from application.desk_work.year_end_by_two import YearEndAsked, prepare
from application.office.attesting import How, ask, local_giver, prepared_act
from application.office.calendar_change import CalendarChange
from application.office.every_project import AskedBy
from application.office.office import Office
from bench.patience import PATIENCE_SECONDS
from domain.accounts.desk_items import AskedSignature
from domain.accounts.refusals import NoOwnKeyError
from domain.accounts.webauthn import Site
from domain.actors import operator
from domain.acts.act_digest import act_document
from domain.acts.commands import StrikeOff
from domain.acts.own_key import key_name_of
from domain.acts.rejections import OwnKeyMissingError
from domain.directory.signed_in import SignedIn
from domain.record.recorded_projects import recorded_events, recorded_state
from domain.rules.calendar import CalendarYear, WorkingCalendar
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.cli.main import duban
from entrypoints.cli.signing import AtTheDesk
from tests.application.accounts.authenticator import Device
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import hidden
from tests.entrypoints.desk.own_key_office import KeyOffice, key_office, own_keys_step
from tests.entrypoints.desk.small_office import PASSWORD, healthy
from tests.entrypoints.desk.test_own_key_in_a_browser import LI_MING
from tests.plain_http import PLAIN

WANG_FANG = SignedIn(account="wangfang", person_id="P0002", name="王芳", how="password", logged_in_at=engine_now())
BOTH = ("2018-05a-01", "2018-06-01")


@asynccontextmanager
async def signing_office(folder: Path) -> AsyncIterator[tuple[KeyOffice, Device, httpx2.AsyncClient]]:
    """An office in which 王芳 has a key and is signed in."""
    async with key_office(folder) as office:
        site, device = Site("localhost", office.address), Device(rp_id="localhost", origin=office.address)
        options = await begin_enrolment(office.accounts, WANG_FANG, site, engine_now())
        desk = KeysDesk(office.accounts, attestor_of(office.small.office.settings))
        await enrol_own_key(desk, WANG_FANG, site, "电脑", device.enrol(options), engine_now())
        async with httpx2.AsyncClient(base_url=office.address, **PLAIN) as client:
            await send(client, "/sign-in", {"account": "wangfang", "password": PASSWORD})
            yield office, device, client


async def send(client: httpx2.AsyncClient, path: str, values: dict[str, Any]) -> httpx2.Response:
    """Send a form of the desk."""
    token = hidden(await client.get("/keys", follow_redirects=True), "csrf")
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": str(client.base_url).rstrip("/")}
    return await client.post(path, data={"csrf": token, **values}, headers=headers)


def challenge_in(page: httpx2.Response) -> str:
    """What the page of a ceremony asks the device to sign."""
    found = re.search(r'data-options="([^"]*)"', page.text)
    assert found, page.text
    return str(json.loads(html.unescape(found[1]))["challenge"])


async def test_a_year_s_end_is_signed_once_for_every_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown before anything is given; a signature of something else gives nothing; each act bears the one signature."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    async with signing_office(tmp_path) as (office, device, client):
        many = {"act": "strike-off", "item": list(BOTH), "request_id": "desk-1"}
        await signed(client, device, "/many", many, "2 项办理")
        asked = YearEndAsked(2018, 2019, "年终结转", despite_period="机构撤并")
        await prepare(office.small.office, office.accounts, asked, LI_MING, engine_now())
        (prepared,) = await waiting(office.accounts, ("year_end",), engine_now())
        path = f"/year-end/{prepared.key}/confirm"
        page = await send(client, path, {})
        assert "用密钥签名：3 项办理" in page.text
        assert "2018-05a、2018-06、2018-07（3）" in page.text
        wrong = await send(client, path, {"answer": json.dumps(device.sign("AAAA"))})
        assert (wrong.status_code, "证明不是为这一次做的" in wrong.text) == (400, True)
        assert not (await office.small.known("2018-06")).closed
        done = await send(client, path, {"answer": json.dumps(device.sign(challenge_in(page)))})
        assert "2018 年的 3 个项目已经办理" in done.text
        ledger = office.small.office.records.ledger
        for project_id in ("2018-05a", "2018-06", "2018-07"):
            events = list(recorded_events(ledger, project_id))
            assert {each.own_key for each in events if each.type == "MilestoneCarriedOver"} == {"signed"}
        step = await own_keys_step(office, tmp_path / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])
        assert "5 项有本人设备的签名" in step.note


async def signed(
    client: httpx2.AsyncClient, device: Device, path: str, values: dict[str, Any], said: str
) -> httpx2.Response:
    """Send a form, sign what its page shows, send it again."""
    page = await send(client, path, values)
    assert said in page.text, page.text
    return await send(client, path, {**values, "answer": json.dumps(device.sign(challenge_in(page)))})


async def test_the_shell_prepares_and_the_desk_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A calendar that the owner gives for 王芳: refused without her, seen by nobody else, done when she signed."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    async with signing_office(tmp_path) as (office, device, client):
        owner = replace(office.small.office, giver=local_giver(engine_now()))
        asking = AskedBy(operator("王芳"), None, "国办发明电")

        def calendar(_own: WorkingCalendar, _year: int) -> WorkingCalendar:
            return WorkingCalendar(
                years=(CalendarYear(year=2018, days_off=(at("10-08").date(),), makeup_working_days=()),)
            )

        change = CalendarChange(2018, asking, calendar)
        alone = await change.give(owner)
        assert {result.outcome for result in alone} == {"failed"}
        assert all("须用本人的密钥签名" in result.text for result in alone)
        shell = replace(owner, signer=AtTheDesk(owner))
        giving = asyncio.create_task(change.give(shell))
        key = await waiting_key(office)
        async with httpx2.AsyncClient(base_url=office.address, **PLAIN) as stranger:
            await send(stranger, "/sign-in", {"account": "qian", "password": PASSWORD})
            assert (await stranger.get(f"/signatures/{key}")).status_code == 404
        page = await client.get(f"/signatures/{key}")
        assert "用密钥签名：3 项办理" in page.text
        answer = json.dumps(device.sign(challenge_in(page)))
        assert "已签名" in (await send(client, f"/signatures/{key}", {"answer": answer})).text
        changed = await asyncio.wait_for(giving, PATIENCE_SECONDS)
        assert {result.outcome for result in changed} == {"done"}
        assert (await client.get(f"/signatures/{key}")).status_code == 404
        step = await own_keys_step(office, tmp_path / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])


def owner_account(office: Office) -> str:
    """The account of the one who gives acts in an office."""
    assert office.giver is not None
    return office.giver.by.account


async def waiting_key(office: KeyOffice) -> str:
    """What the shell waits for, as soon as it does."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        waiting = await office.accounts.store.read(lambda rows: rows.every(AskedSignature))
        if waiting:
            return waiting[0].key
        await asyncio.sleep(0.05)
    raise TimeoutError("nothing waits for a signature")


async def test_one_act_of_the_shell_is_signed_at_the_desk_too(tmp_path: Path) -> None:
    """A strike-off for a holder of a key: refused where nobody can sign, heard with the signature."""
    async with signing_office(tmp_path) as (office, device, client):
        owner = replace(office.small.office, giver=local_giver(engine_now()))
        command: Any = StrikeOff(request_id="shell-1", by=operator("王芳"), milestone_id=BOTH[0])
        with pytest.raises(OwnKeyMissingError):
            await ask(owner, "2018-05a", command)
        giving = asyncio.create_task(ask(replace(owner, signer=AtTheDesk(owner)), "2018-05a", command))
        key = await waiting_key(office)
        page = await client.get(f"/signatures/{key}")
        await send(client, f"/signatures/{key}", {"answer": json.dumps(device.sign(challenge_in(page)))})
        assert (await asyncio.wait_for(giving, PATIENCE_SECONDS)).event_ids
        state = recorded_state(office.small.office.records.ledger, "2018-05a")
        assert state is not None
        assert state.milestones[BOTH[0]].stage == "struck_off"
        data = str(office.small.office.settings.data)
        asked = ("audit", "history", "2018-05a", "--reader", "孙审计", "--data", data)
        shown = await asyncio.to_thread(CliRunner().invoke, duban, [*asked, "--json"])
        last = [each["acted"] for each in json.loads(shown.stdout)["events"] if each["acted"]][-1]
        assert (last["account"], last["login"], last["door"]) == (owner_account(owner), "local-os-user", "shell")
        assert last["own_key"] == key_name_of(device.public_key)
        table = await asyncio.to_thread(CliRunner().invoke, duban, asked, env={"COLUMNS": "250"})
        assert "本人密钥签名" in table.stdout


async def test_a_signature_that_does_not_come_in_time_gives_nothing(tmp_path: Path) -> None:
    """What waits has an end; then it is gone."""
    async with signing_office(tmp_path) as (office, _device, _client):
        owner = replace(office.small.office, giver=local_giver(engine_now()))
        command: Any = StrikeOff(request_id="shell-2", by=operator("王芳"), milestone_id=BOTH[0])
        act = prepared_act(owner, "2018-05a", command, How())
        asked = await ask_signature(office.accounts, (act_document(act),), act.command.by.person_id, engine_now())
        assert asked.ends_at is not None
        assert await taken_signature(office.accounts, asked.key, engine_now()) is None
        with pytest.raises(NoOwnKeyError, match="没有等到签名"):
            await taken_signature(office.accounts, asked.key, asked.ends_at)
        with pytest.raises(NoOwnKeyError, match="没有等到签名"):
            await taken_signature(office.accounts, asked.key, engine_now())
