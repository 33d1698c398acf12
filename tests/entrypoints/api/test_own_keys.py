"""The person's own key through the interface: a challenge, then the act with what the device signed of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio

from application.accounts.passkeys import passkeys_of
from application.accounts.tokens import AskedToken, issue_token
from application.office.directory import AskedChange
from domain.acts.own_key import key_name_of
from entrypoints.api.app import api_application
from entrypoints.api.callers import AccountTokens
from entrypoints.api.table import ROOT
from entrypoints.bootstrap import engine_now
from tests.application.accounts.authenticator import Device
from tests.domain.samples import at
from tests.entrypoints.api.conftest import BASE
from tests.entrypoints.desk.own_key_office import KeyOffice, own_keys_step
from tests.entrypoints.desk.test_signing_together import signing_office
from tests.entrypoints.desk.test_sub_duties import FIRST as FIRST_PART
from tests.entrypoints.desk.test_sub_duties import SECOND as SECOND_PART
from tests.entrypoints.desk.test_withdrawn_with_whole import two_parts

PROJECT, FIRST = "2018-05a", "2018-05a-01"
STRIKE = {"milestone_id": FIRST}


class Program:
    """A program with a token of 王芳, who has a key."""

    def __init__(self, office: KeyOffice, device: Device, client: httpx2.AsyncClient) -> None:
        self.office, self.device, self._client = office, device, client

    async def strike(self, proof: dict[str, Any] | None = None, key: str = "k") -> httpx2.Response:
        """Strike off, with a proof or without one."""
        asked = {**STRIKE, **({"own_key": proof} if proof is not None else {})}
        path, headers = f"/projects/{PROJECT}/acts/strike-off", {"Idempotency-Key": key}
        return await self._client.post(path, json=asked, headers=headers)

    async def challenge(self, act: str = "strike-off", key: str = "k", **asked: Any) -> httpx2.Response:
        """Ask what is to be signed of an act."""
        body = {"act": act, "asked": asked or STRIKE}
        return await self._client.post(f"/projects/{PROJECT}/challenge", json=body, headers={"Idempotency-Key": key})

    def signed(self, told: httpx2.Response, device: Device | None = None) -> dict[str, Any]:
        """What a device signs of a challenge, as an act brings it."""
        device = device or self.device
        said = device.sign(told.json()["challenge"])["response"]
        return {
            "key": key_name_of(device.public_key),
            "client_data": said["clientDataJSON"],
            "authenticator_data": said["authenticatorData"],
            "signature": said["signature"],
        }


@pytest_asyncio.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    """The program, and an engine that hears acts as an installation's worker does."""
    async with signing_office(tmp_path) as (office, device, _browser):
        asked = AskedToken("wangfang", "程序", engine_now() + timedelta(days=30), role="operator")
        issued = await issue_token(office.accounts, asked, AskedChange("钱管理", at("04-26 08:00"), "t"), engine_now())
        app = api_application(office.small.office, AccountTokens(office.accounts, engine_now), office.accounts)
        transport = httpx2.ASGITransport(app, client=("127.0.0.1", 50_000))
        headers = {"Authorization": f"Bearer {issued.secret}"}
        async with httpx2.AsyncClient(transport=transport, base_url=BASE + ROOT, headers=headers) as client:
            yield Program(office, device, client)


async def test_an_act_of_weight_is_given_with_its_proof_and_refused_without(program: Program, tmp_path: Path) -> None:
    """Refused by the rule's name; the challenge names the keys; with the device's answer it is done and proved."""
    missing = await program.strike()
    assert (missing.status_code, missing.json()["rule"]) == (409, "own_key_signs_what_weighs")
    told = await program.challenge()
    assert told.status_code == 200, told.text
    (held,) = told.json()["keys"]
    assert held["key"] == key_name_of(program.device.public_key)
    assert held["rp_id"] == "localhost"
    assert held["credential_id"]
    done = await program.strike(program.signed(told))
    assert (done.status_code, done.json()["stage"]) == (200, "struck_off")
    again = await program.strike(program.signed(await program.challenge()))
    assert again.json()["event_ids"] == done.json()["event_ids"]
    step = await own_keys_step(program.office, tmp_path / "bundle.tar")
    assert (step.verdict, step.findings) == ("passed", [])
    assert "1 项有本人设备的签名" in step.note


async def test_a_proof_of_something_else_is_refused(program: Program) -> None:
    """Of another act, under another key of the call, by a strange device, cut short: nothing happens."""
    told = await program.challenge()
    good = program.signed(told)
    proofs = {
        "another act": program.signed(await program.challenge("withdraw", reason="x", milestone_id=FIRST)),
        "another call": program.signed(await program.challenge(key="other")),
        "a strange device": program.signed(told, Device(rp_id="localhost", origin=program.office.address)),
        "a strange device's signature": {**program.signed(told, Device()), "key": good["key"]},
        "cut short": {**good, "signature": good["signature"][:30]},
    }
    rules = {name: (await program.strike(proof)).json().get("rule") for name, proof in proofs.items()}
    assert set(rules.values()) == {"own_key_has_signed"}, rules
    assert (await program.office.small.known(PROJECT)).milestones[FIRST].stage == "completed"


async def test_a_device_that_does_not_count_on_is_refused_as_at_the_desk(program: Program) -> None:
    """What was accepted may come again; another signature under the same count may be a copy's."""
    program.device.sign_count = 7
    proof = program.signed(await program.challenge())
    done = await program.strike(proof)
    assert done.status_code == 200, done.text
    program.device.sign_count = 7
    copy = await program.strike(program.signed(await program.challenge(key="2")), "2")
    assert (copy.status_code, copy.json()["rule"], "计数没有增加" in copy.text) == (409, "own_key_has_signed", True)
    assert (await program.strike(proof)).json()["event_ids"] == done.json()["event_ids"]
    (kept,) = await passkeys_of(program.office.accounts, "wangfang")
    assert kept.sign_count == 7


async def test_a_challenge_of_what_is_no_act_is_refused(program: Program) -> None:
    """A name that is none, fields that are not its own, a project that is not there; nothing of it is kept."""
    assert (await program.challenge("no-such-act")).status_code == 422
    faulty = await program.challenge("report-progress", milestone_id=FIRST)
    assert faulty.status_code == 403  # a department's act, under a token of the supervision section
    missing = await program.challenge("withdraw", milestone_id=FIRST)
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (409, "asked.reason")


async def test_a_whole_is_withdrawn_with_a_proof_of_its_parts_too(program: Program) -> None:
    """The challenge covers the open parts; a proof of the whole alone is refused before anything is withdrawn."""
    await two_parts(program.office)
    asked = {"reason": "并入其他项目"}
    told = await program.challenge("withdraw", **asked)
    assert len(told.json()["acts"]) == 3

    async def withdraw(proof: dict[str, Any]) -> httpx2.Response:
        path, headers = f"/projects/{PROJECT}/acts/withdraw", {"Idempotency-Key": "k"}
        return await program._client.post(path, json={**asked, "own_key": proof}, headers=headers)

    bare = await withdraw(program.signed(told))
    assert (bare.status_code, bare.json()["rule"]) == (409, "parts_signed_with_whole"), bare.text
    assert not (await program.office.small.known(PROJECT)).closed
    done = await withdraw({**program.signed(told), "acts": told.json()["acts"]})
    assert done.status_code == 200, done.text
    for project_id in (PROJECT, FIRST_PART, SECOND_PART):
        assert (await program.office.small.known(project_id)).withdrawn
