"""An office in which two operators, an administrator and one of a department have keys, and every way in which a
signature can be wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from application.accounts.opening import open_account, set_password
from application.accounts.own_keys import KeysDesk, Signed, enrol_own_key, enrolment_of, let_go
from application.accounts.passkeys import begin_enrolment
from application.accounts.tokens import AskedToken, issue_token
from application.office.attesting import Giver
from application.office.directory import AskedChange, change_directory
from domain.accounts.webauthn import Site, in_base64url
from domain.acts.act_digest import document_digest
from domain.acts.own_key import challenge_of_acts, key_name_of
from domain.directory import changes
from domain.directory.draft import Draft
from domain.directory.signed_in import SignedIn
from domain.ports.ledger import Refusal
from entrypoints.api.app import api_application
from entrypoints.api.callers import AccountTokens
from entrypoints.api.table import ROOT
from entrypoints.bootstrap import attestor_of, engine_now
from tests.application.accounts.authenticator import Device
from tests.domain.samples import at
from tests.entrypoints.desk.own_key_office import KeyOffice, key_office, own_keys_step
from tests.entrypoints.desk.small_office import OWN, PASSWORD
from tests.entrypoints.desk.test_signing_together import challenge_in, send
from tests.plain_http import PLAIN

BASE: Final = "http://127.0.0.1:8600"
SIGNER, COLLEAGUE, ADMINISTRATOR, OF_A_DEPARTMENT = "wangfang", "liming", "qian", "zhangsan"
_NAMES: Final = {
    SIGNER: ("P0002", "王芳"),
    COLLEAGUE: ("P0003", "李明"),
    ADMINISTRATOR: ("P0001", "钱管理"),
    OF_A_DEPARTMENT: ("P0004", "张三"),
}
_WITH_A_PAST: Final = (SIGNER, OF_A_DEPARTMENT)
"""Who let a key go, and used another one, before anything is tried."""
RULES: Final = frozenset({"own_key", "own_key_has_signed", "own_key_signs_what_weighs"})
"""The rules by which an act is refused for want of its person's signature."""
Answer = dict[str, Any]
Post = Callable[[Answer | None], Awaitable[httpx2.Response]]
"""Asks for one act once: with what a device answered, or with nothing."""


@dataclass(frozen=True)
class Hall:
    """The office, each person's device and browser, devices that were let go, and answers that were used."""

    office: KeyOffice
    devices: Mapping[str, Device]
    gone: Mapping[str, Device]
    used: Mapping[str, Answer]
    clients: Mapping[str, httpx2.AsyncClient]

    def wrong(self, challenge: str, of: str = SIGNER) -> dict[str, Answer]:
        """What is brought in the place of somebody's signature of a challenge, by what is wrong with it."""
        other = next(name for name in (COLLEAGUE, SIGNER) if name != of)
        stranger = Device(rp_id="localhost", origin=self.office.address)
        good = self.devices[of]
        copied = {**stranger.sign(challenge), "id": in_base64url(good.credential_id)}
        elsewhere = Device(good.key, good.credential_id, good.user_handle, "localhost", "http://evil.example")
        wrong = {
            "unreadable": {},
            "another's": self.devices[other].sign(challenge),
            "a stranger's": stranger.sign(challenge),
            "a stranger's under a known name": copied,
            "of another act": good.sign(in_base64url(b"x" * 32)),
            "made at another site": elsewhere.sign(challenge),
        }
        if of in _WITH_A_PAST:
            wrong |= {"used before": self.used[of], "of a key that was let go": self.gone[of].sign(challenge)}
        return wrong

    @property
    def entries(self) -> int:
        """How many entries the record has."""
        return 1 + next(iter(self.office.small.office.records.ledger.newest())).position

    @property
    def refusals(self) -> list[Refusal]:
        """What was refused, as it stands on record."""
        return list(self.office.small.office.records.ledger.refusals())

    async def must_be_refused(self, post: Post, answer: Answer | None, what: str) -> httpx2.Response:
        """Nothing happens, and the refusal is on record."""
        entries, refusals = self.entries, len(self.refusals)
        response = await post(answer)
        assert response.status_code in (200, 400, 403, 409), (what, response.status_code, response.text[-500:])
        assert self.entries == entries, (what, "left an event")
        new = self.refusals[refusals:]
        assert new, (what, "left no refusal")
        assert {refusal.rule for refusal in new} <= RULES, (what, new)
        assert all(refusal.command["type"] for refusal in new)
        return response

    async def must_pass(self, post: Post, answer: Answer) -> httpx2.Response:
        """It is done, and the record has it."""
        entries, refusals = self.entries, len(self.refusals)
        response = await post(answer)
        assert response.status_code in (200, 303), response.text[-2_000:]
        assert [each.text for each in self.refusals[refusals:]] == []
        assert self.entries > entries
        return response

    async def exactly_the_signed_passes(self, post: Post, of: str = SIGNER) -> None:
        """Without a signature it is asked for, with a wrong one refused, with the right one done."""
        before = self.entries
        page = await post(None)
        assert page.status_code == 200, page.text[-2_000:]
        challenge = challenge_in(page)
        assert self.entries == before
        for what, answer in self.wrong(challenge, of).items():
            await self.must_be_refused(post, answer, what)
        await self.must_pass(post, self.devices[of].sign(challenge))

    def form(self, path: str, values: Mapping[str, Any], of: str = SIGNER) -> Post:
        """How a form of the desk is sent."""

        async def post(answer: Answer | None) -> httpx2.Response:
            more = {} if answer is None else {"answer": json.dumps(answer)}
            return await send(self.clients[of], path, {**values, **more})

        return post

    def proof(self, answer: Answer) -> dict[str, Any]:
        """What a device answered, as a program brings it: under the name of the key that it claims to be."""
        said, devices = answer.get("response", {}), (*self.devices.values(), *self.gone.values())
        named = {in_base64url(each.credential_id): key_name_of(each.public_key) for each in devices}
        return {
            "key": named.get(answer.get("id", ""), "0" * 64),
            "client_data": said.get("clientDataJSON", "e30"),
            "authenticator_data": said.get("authenticatorData", "AAAA"),
            "signature": said.get("signature", "AAAA"),
        }


@asynccontextmanager
async def hall(folder: Path) -> AsyncIterator[Hall]:
    """The office, with everybody signed in."""
    async with key_office(folder) as office:
        site, desk = (
            Site("localhost", office.address),
            KeysDesk(office.accounts, attestor_of(office.small.office.settings)),
        )
        await change_directory(
            office.small.office.records, AskedChange("钱管理", at("04-25 08:00"), "department"), _a_department
        )
        for account in (COLLEAGUE, OF_A_DEPARTMENT):
            asking = AskedChange("钱管理", at("04-25 08:00"), f"open-{account}")
            link = await open_account(office.accounts, _NAMES[account][1], account, asking, engine_now())
            await set_password(office.accounts, link.secret, PASSWORD, engine_now())
        devices = {account: Device(rp_id="localhost", origin=office.address) for account in _NAMES}
        for account, device in devices.items():
            options = await begin_enrolment(office.accounts, signed_in(account), site, engine_now())
            await enrol_own_key(desk, signed_in(account), site, "电脑", device.enrol(options), engine_now())
        past = {account: await _let_one_go(desk, site, account, devices[account]) for account in _WITH_A_PAST}
        gone = {account: device for account, (device, _) in past.items()}
        used = {account: answer for account, (_, answer) in past.items()}
        clients = {name: httpx2.AsyncClient(base_url=office.address, **PLAIN) for name in _NAMES}
        for account, client in clients.items():
            await send(client, "/sign-in", {"account": account, "password": PASSWORD})
        try:
            yield Hall(office, devices, gone, used, clients)
        finally:
            for client in clients.values():
                await client.aclose()


@asynccontextmanager
async def verified_hall(folder: Path) -> AsyncIterator[Hall]:
    """The hall, and at last the verifier over all that was signed in it."""
    async with hall(folder) as opened:
        yield opened
        step = await own_keys_step(opened.office, folder / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])


def signed_in(account: str, how: Any = "password") -> SignedIn:
    """Somebody of the hall who is signed in."""
    number, name = _NAMES[account]
    return SignedIn(account=account, person_id=number, name=name, how=how, logged_in_at=engine_now())


def _a_department(draft: Draft) -> None:
    own = changes.open_department(draft, OWN)
    changes.open_person(draft, "张三", "P0004")
    changes.give_role(draft, "P0004", "department", department_id=own)


async def _let_one_go(desk: KeysDesk, site: Site, account: str, own: Device) -> tuple[Device, Answer]:
    """A second device of somebody that is let go at once, and what the first one signed for it."""
    who, gone = signed_in(account, "passkey"), Device(rp_id=own.rp_id, origin=own.origin)
    made = gone.enrol(await begin_enrolment(desk.accounts, who, site, engine_now()))
    digest = document_digest(enrolment_of(who, site, made))
    used = own.sign(in_base64url(challenge_of_acts((digest,))))
    second = await enrol_own_key(desk, who, site, "旧手机", made, engine_now(), used)
    await let_go(desk, Giver(who, "desk"), second.number, "丢失", account, Signed(site, None, engine_now()))
    return gone, used


@asynccontextmanager
async def program(office: KeyOffice, account: str = SIGNER) -> AsyncIterator[httpx2.AsyncClient]:
    """A program with a token of somebody's."""
    of: dict[str, Any] = {"department": OWN} if account == OF_A_DEPARTMENT else {"role": "operator"}
    asked = AskedToken(account, "程序", engine_now() + timedelta(days=30), **of)
    issued = await issue_token(office.accounts, asked, AskedChange("钱管理", at("04-26 08:00"), account), engine_now())
    app = api_application(office.small.office, AccountTokens(office.accounts, engine_now), office.accounts)
    transport = httpx2.ASGITransport(app, client=("127.0.0.1", 50_000))
    headers = {"Authorization": f"Bearer {issued.secret}"}
    async with httpx2.AsyncClient(transport=transport, base_url=BASE + ROOT, headers=headers) as client:
        yield client
