"""The remote codec: what the engine keeps is read in clear by those who may, from the engine's own pages alone."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from application.engine_room.connecting import DATA_CONVERTER
from entrypoints.api.codec import WHO, codec_application
from entrypoints.bootstrap.payloads import payloads_of
from tests.entrypoints.api.conftest import BASE, MemoryCallers
from tests.entrypoints.desk.small_office import SmallOffice, small_office, with_people

UI = "https://ui.office.example"
TEXT = "经初审符合条件"


@dataclass
class Codec:
    """The codec of an office, and how it is asked."""

    office: SmallOffice
    app: Any

    async def ask(
        self, document: Any, method: str = "POST", cookie: str | None = None, **headers: str
    ) -> httpx2.Response:
        """Ask it to decode; an origin and a token stand in the headers, a session in a cookie."""
        given = {**headers, **({"Cookie": f"duban-session={cookie}"} if cookie else {})}
        transport = httpx2.ASGITransport(self.app, client=("127.0.0.1", 50_000))
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as browser:
            return await browser.request(method, "/codec/decode", json=document, headers=given)

    async def sealed(self) -> dict[str, Any]:
        """One payload as the Web UI has it."""
        (payload,) = await payloads_of(self.office.office.settings).converter(DATA_CONVERTER).encode([TEXT])
        metadata = {name: base64.b64encode(value).decode() for name, value in payload.metadata.items()}
        return {"payloads": [{"metadata": metadata, "data": base64.b64encode(payload.data).decode()}]}


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    """An office with people, whose engine has its Web UI elsewhere."""
    with small_office(tmp_path_factory.mktemp("codec"), web_ui_origin=UI) as office:
        with_people(office)
        payloads = payloads_of(office.office.settings)
        yield Codec(office, codec_application(office.office, MemoryCallers(office), office.door.session_of, payloads))


def allow(path: Path, mode: int) -> None:
    """Let others have so much of a file."""
    path.chmod(mode)


def texts(answer: httpx2.Response) -> list[str]:
    """What an answer says in clear."""
    return [base64.b64decode(each["data"]).decode() for each in answer.json()["payloads"]]


async def test_who_may_read_every_project_reads_what_the_engine_keeps(codec: Codec) -> None:
    """Each person's roles decide; nobody else gets a byte."""
    for account, person in codec.office.door.people.items():
        answer = await codec.ask(await codec.sealed(), Authorization=f"Bearer duban_{account}")
        if WHO & set(person.roles):
            assert (answer.status_code, texts(answer)) == (200, [f'"{TEXT}"']), account
        else:
            assert answer.status_code == 403, account
            assert TEXT not in answer.text
    assert {answer for person in codec.office.door.people.values() for answer in WHO & set(person.roles)} == WHO


async def test_a_session_counts_from_the_engine_s_own_pages_alone(codec: Codec) -> None:
    """The cookie comes along whoever makes a browser ask: another page, or none, gets nothing."""
    secret = (await codec.office.door.sign_in("auditor", "correct horse battery", None)).token  # type: ignore[arg-type]
    sealed = await codec.sealed()
    assert texts(await codec.ask(sealed, cookie=secret, Origin=UI)) == [f'"{TEXT}"']
    assert (await codec.ask(sealed, cookie=secret, Origin="https://elsewhere.example")).status_code == 403
    assert (await codec.ask(sealed, cookie=secret)).status_code == 401
    assert (await codec.ask(sealed, Origin=UI)).status_code == 401


async def test_only_the_web_ui_s_origin_is_allowed_to_ask(codec: Codec) -> None:
    """What a browser asks before: allowed by name, with its cookies; never for every page."""
    allowed = await codec.ask(None, "OPTIONS", Origin=UI)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == UI
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert "x-namespace" in allowed.headers["access-control-allow-headers"]
    other = await codec.ask(None, "OPTIONS", Origin="https://elsewhere.example")
    assert other.status_code == 403
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("document", [None, {"payloads": 1}, {"payloads": [{"datum": ""}]}, "x", 1, ["ab"]])
async def test_what_is_no_question_is_told_so(codec: Codec, document: Any) -> None:
    """A sentence, and no fault of ours."""
    answer = await codec.ask(document, Authorization="Bearer duban_auditor")
    assert answer.status_code == 400
    assert "payloads" in answer.json()["message"]


async def test_what_is_in_clear_or_another_s_comes_back_as_it_is(codec: Codec) -> None:
    """The Web UI shows what it can: one unknown key hides nothing else."""
    sealed = (await codec.sealed())["payloads"]
    strange = {"metadata": {**sealed[0]["metadata"], "encryption-key-id": "eHg="}, "data": sealed[0]["data"]}
    answer = await codec.ask({"payloads": [strange, *sealed]}, Authorization="Bearer duban_auditor")
    assert answer.json()["payloads"][0] == strange
    assert base64.b64decode(answer.json()["payloads"][1]["data"]).decode() == f'"{TEXT}"'
    assert (await codec.ask({"payloads": []}, Authorization="Bearer duban_auditor")).json() == {"payloads": []}


async def test_keys_that_cannot_be_used_are_told(codec: Codec, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who asks learns what to mend."""
    sealed = await codec.sealed()
    monkeypatch.setattr("adapters.engine_keys.payload_keys._LOOKED_AT_SECONDS", 0)
    path = codec.office.office.settings.payload_keys_file
    allow(path, 0o644)
    try:
        answer = await codec.ask(sealed, Authorization="Bearer duban_auditor")
    finally:
        allow(path, 0o600)
    assert (answer.status_code, "chmod 600" in answer.json()["message"]) == (503, True)


async def test_who_was_let_out_while_his_request_was_on_its_way_reads_nothing(codec: Codec) -> None:
    """A body may be a minute on its way."""
    secret = (await codec.office.door.sign_in("auditor", "correct horse battery", None)).token  # type: ignore[arg-type]
    data = json.dumps(await codec.sealed()).encode()

    async def slowly() -> AsyncIterator[bytes]:
        yield data[:10]
        await codec.office.door.sign_out(secret)
        yield data[10:]

    transport = httpx2.ASGITransport(codec.app, client=("127.0.0.1", 50_000))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as browser:
        headers = {"Origin": UI, "Cookie": f"duban-session={secret}"}
        answer = await browser.post("/codec/decode", content=slowly(), headers=headers)

    assert (answer.status_code, "payloads" in answer.json()) == (401, False)
