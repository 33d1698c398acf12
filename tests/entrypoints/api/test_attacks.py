"""What a hostile program tries against the interface, each with what happens then."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp

from application.accounts.tokens import PREFIX
from domain.errors import EngineUnreachableError
from domain.record.ledger_errors import NotInLedgerError
from entrypoints.desk.guards import SECURITY_HEADERS
from entrypoints.desk.opened import under_their_paths
from tests.entrypoints.api.conftest import BASE, Programs

LIST = Path("examples/2018-key-projects.txt")
NASTY = (
    "'; DROP TABLE entry; --",
    "' OR 1=1 --",
    '=HYPERLINK("http://evil","x")',
    "<script>alert('x')</script>",
    "../../../etc/passwd",
    "%00",
    "\u202e反",
    "😀" * 90,
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
async def test_whatever_a_filter_says_is_a_text_to_look_for(seen: Programs, text: str) -> None:
    """In every filter and path: an empty list, or a refusal; the record stays, and nothing fails."""
    before = len(list(seen.office.office.records.ledger.entries()))
    client = seen.of("operator")
    for name in ("lead", "participant", "category", "source", "leader", "text"):
        answer = await client.get("/projects", params={name: text})
        if answer.status_code in (409, 422):  # no text has such characters, no name is so long
            assert name in ("lead", "participant") or "\u202e" in text
            continue
        assert answer.status_code == 200
        found = answer.json()["projects"]
        assert [row["project_id"] for row in found] == (["2018-07"] if name == "text" and "script" in text else [])
    for path in ("/projects/{}", "/duties/{}", "/projects/{}/evidence/{}", "/evidence/{}", "/{}"):
        answer = await client.get(path.format(*[text.replace("/", "%2F")] * 2))
        assert 400 <= answer.status_code < 500
    assert len(list(seen.office.office.records.ledger.entries())) == before


@pytest.mark.parametrize(
    "path",
    ["/../../alive", "/%2e%2e/%2e%2e/sign-in", "/projects/..%2f..%2fhealth", "//evil.example/me", "/me/", "/docs"],
)
async def test_no_path_leads_anywhere_else(seen: Programs, path: str) -> None:
    """What the table does not have is not there, with a token too."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(seen.app), headers=seen.of("operator").headers
    ) as client:
        answer = await client.get(f"{BASE}/api/v1{path}")
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("path", "by"),
    [("/api", "api"), ("/api/v1/me", "api"), ("/apiary", "desk"), ("/", "desk"), ("/x/api/v1/me", "desk")],
)
async def test_the_interface_answers_below_its_own_path_alone(path: str, by: str) -> None:
    """What only looks like it is the desk's."""
    asked: list[str] = []

    def named(name: str) -> ASGIApp:
        async def app(*_args: object) -> None:
            asked.append(name)

        return app

    both = under_their_paths(named("desk"), {"/api": named("api")})
    await both({"type": "http", "path": path}, None, None)  # type: ignore[arg-type]  # nobody reads or answers
    assert asked == [by]


async def test_what_somebody_writes_stays_data(fresh: Programs) -> None:
    """Through a report and back as JSON that no browser shows as a page."""
    for number, text in enumerate(NASTY):
        if "\u202e" in text:
            continue
        asked = {"milestone_id": "2018-05a-02", "text": f"进展：{text}"}
        assert (await fresh.act("own", "2018-05a", "report-progress", f"k{number}", **asked)).status_code == 200
    answer = await fresh.of("operator").get("/events", params={"limit": 500})
    told = [each["data"].get("text") for each in answer.json()["events"] if each["type"] == "ProgressReported"]
    assert told == [f"进展：{text}" for text in NASTY if "\u202e" not in text]
    assert answer.headers["content-type"] == "application/json"
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("key", ["a\r\nX: y", "键", "", "x" * 65, "a b"])
async def test_a_key_is_one_plain_word(seen: Programs, key: str) -> None:
    """Nothing of it can become a header, a line or another key."""
    headers = [(b"idempotency-key", key.encode())]
    path = "/projects/2018-05a/acts/report-progress"
    body = {"milestone_id": "2018-05a-02", "text": "x"}
    answer = await seen.of("own").post(path, json=body, headers=httpx2.Headers(headers))
    assert (answer.status_code, answer.json()["rule"]) == (422, "readable_request")


@pytest.mark.parametrize(
    "content",
    [b"[" * 200_000, b'{"a":' * 100_000, b'{"text": "\\ud800"}', b"\xff\xfe", b"null", b"[]", b"1e999", b"NaN"],
)
async def test_a_body_that_is_no_act_is_refused(seen: Programs, content: bytes) -> None:
    """However deep, however broken: a problem, and never a fault."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = await seen.of("own").post("/projects/2018-05a/acts/report-progress", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    assert json.loads(answer.text)["rule"] == "readable_request"


async def test_no_depth_of_a_body_is_a_fault(seen: Programs) -> None:
    """A body is read more than once, each time some calls deeper: what one could take, the next may not."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    caller = seen.of("own")
    for depth in range(500, 1_000, 4):
        body = b"[" * depth + b"]" * depth
        answer = await caller.post("/projects/2018-05a/acts/report-progress", content=body, headers=headers)
        assert answer.status_code in (400, 422), depth


async def test_a_name_that_is_not_ours_is_not_answered(seen: Programs) -> None:
    """Another host's name that leads here gets nothing, with a token too."""
    answer = await seen.of("operator").get("/me", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["rule"]) == (421, "own_address")


async def test_a_cookie_is_no_token(seen: Programs) -> None:
    """What a browser sends by itself gives nothing here, so that no other site can use it."""
    entered = seen.office.door._entered("operator")
    answer = await seen.of(None).get("/me", headers={"Cookie": f"duban-session={entered.token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("names", [("own", "operator"), ("operator", "own"), ("own", "own")])
async def test_two_tokens_at_once_are_none(seen: Programs, names: tuple[str, str]) -> None:
    """Whoever stands between could take one of them for the caller, and the interface the other."""
    shown = [("authorization", seen.of(name).headers["authorization"]) for name in names]
    answer = await seen.of(None).get("/me", headers=httpx2.Headers(shown))
    assert (answer.status_code, answer.json()["rule"]) == (401, "valid_token")


async def test_a_fault_of_ours_is_told_and_shows_nothing_inside(
    fresh: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500 with one sentence, no trace of the program; the next call is answered."""

    def broken(*_args: object) -> None:
        raise ValueError("inside /srv/secret")

    monkeypatch.setattr("entrypoints.api.changes._changes", broken)
    answer = await fresh.of("operator").get("/events")
    assert (answer.status_code, answer.json()["rule"]) == (500, "no_fault")
    assert "secret" not in answer.text
    assert (await fresh.of("operator").get("/me")).status_code == 200


async def test_when_the_engine_is_away_the_same_call_may_be_sent_again(fresh: Programs) -> None:
    """503 with when to try; afterwards the same key gives the act once."""
    fresh.office.engine.failing = EngineUnreachableError("引擎没有应答：请稍后再试。")
    asked = {"milestone_id": "2018-05a-02", "text": "推进"}
    answer = await fresh.act("own", "2018-05a", "report-progress", "again", **asked)
    assert (answer.status_code, answer.json()["rule"]) == (503, "engine_reachable")
    assert int(answer.headers["retry-after"]) > 0
    fresh.office.engine.failing = None
    for _ in range(2):
        answer = await fresh.act("own", "2018-05a", "report-progress", "again", **asked)
        assert answer.status_code == 200
    feed = (await fresh.of("operator").get("/events", params={"limit": 500})).json()["events"]
    assert sum(each["type"] == "ProgressReported" for each in feed) == 1


@pytest.mark.parametrize("path", ["/evidence/{}?name=a.txt", "/plan-files/{}?name=a.txt&year=2018"])
async def test_bytes_of_a_token_that_was_revoked_on_the_way_are_not_kept(fresh: Programs, path: str) -> None:
    """A body may be a minute on its way: nobody sends what he could no more begin to send."""
    data = await asyncio.to_thread(LIST.read_bytes)
    sha256 = hashlib.sha256(data).hexdigest()

    async def slowly() -> AsyncIterator[bytes]:
        yield data[:10]
        fresh.callers.revoked.add(f"{PREFIX}operator")
        yield data[10:]

    answer = await fresh.of("operator").put(path.format(sha256), content=slowly())

    assert (answer.status_code, answer.json()["rule"]) == (401, "valid_token")
    with pytest.raises(NotInLedgerError):
        fresh.office.office.records.evidence.open(sha256)
    fresh.callers.revoked.clear()
    assert (await fresh.of("operator").get("/plans")).json()["plans"] == []
