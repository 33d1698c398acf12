"""What programs do about the office itself: lists, the directory and accounts, the audit, receivers of changes."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from application.desk_work.webhooks import WebhookDesk, webhooks
from application.examples import file_or_example
from application.office.directory import AskedChange, change_directory
from bench.patience import PATIENCE_SECONDS
from domain.accounts.webhooks import CLAIM_LASTS, LONGEST_REST
from domain.directory import changes
from domain.directory.draft import Draft
from domain.ports.channel import Answer
from domain.record.recorded_projects import recorded_events
from tests.entrypoints.api.conftest import Programs
from tests.entrypoints.desk.small_office import NOW, OTHER, OWN, healthy, with_departments, with_one_who_left
from tests.entrypoints.desk.test_plans import LIST
from verifier.proofs import consistency_from


async def handed_in(programs: Programs, text: str, **asked: str) -> httpx2.Response:
    """Hand a list in as a program does."""
    data = text.encode()
    path = f"/plan-files/{hashlib.sha256(data).hexdigest()}"
    return await programs.of("operator").put(path, params={"name": "清单.txt", **asked}, content=data)


async def test_a_list_is_handed_in_ruled_on_and_compared(fresh: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the same bytes are one list; a wrong hash and a marked text keep nothing; what is not there is 404."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    first, again = [(await handed_in(fresh, LIST)).json() for _ in range(2)]
    assert first["key"] == again["key"]
    program = fresh.of("operator")
    (line,) = (await program.get("/plans")).json()["plans"]
    assert (line["key"], line["unruled"]) == (first["key"], len(first["unruled"]))
    for finding in first["unruled"]:
        ruled = await program.post(
            f"/plans/{first['key']}/rulings", json={"finding": finding["key"], "choice": finding["assumed"] or "年底"}
        )
        assert ruled.status_code in (200, 409), ruled.text
    difference = await program.get(f"/plans/{first['key']}/difference")
    assert difference.status_code in (200, 409)
    assert (await program.get("/plans/no-such-list-00-")).status_code == 404
    wrong = await program.put(f"/plan-files/{'0' * 64}", params={"name": "清单.txt"}, content=b"x")
    assert (wrong.status_code, wrong.json()["rule"]) == (409, "usable_evidence")
    marked = await handed_in(fresh, f"机密★\n{LIST}")
    assert marked.status_code == 409
    assert len((await program.get("/plans")).json()["plans"]) == 1


async def test_a_list_is_joined_with_another_one_and_dropped(fresh: Programs) -> None:
    """The rows of both stand in one, not twice; what was dropped is no longer there, and may be dropped again."""
    program = fresh.of("operator")
    keys = [(await handed_in(fresh, text)).json()["key"] for text in (LIST, LIST.replace("\n9", "\n8"))]
    joined = [await program.post(f"/plans/{keys[0]}/join", json={"other": keys[1]}) for _ in range(2)]
    assert [answer.status_code for answer in joined] == [200, 409]
    assert len(joined[0].json()["plan"]["projects"]) == 4
    for _ in range(2):
        left = (await program.delete(f"/plans/{keys[1]}")).json()["plans"]
        assert [each["key"] for each in left] == keys[:1]
    assert (await program.post(f"/plans/{keys[0]}/join", json={"other": keys[1]})).status_code == 404


async def test_the_figures_of_a_year_are_read_by_program(seen: Programs) -> None:
    """By department and by month, and the whole is their sum; a year without a list has nothing in it."""
    figures = (await seen.of("auditor").get("/years/2018")).json()["figures"]
    assert figures["whole"]["duties"] == sum(each["duties"] for each in figures["departments"]) > 0
    assert len(figures["months"]) == 12
    assert (await seen.of("operator").get("/years/2017")).json()["figures"]["departments"] == []


async def test_a_refusal_names_the_call_that_comes_next(fresh: Programs) -> None:
    """Doubts that are open, a doubt that is none, a list without a year: each with its call, and no line of a shell."""
    program = fresh.of("operator")
    real = file_or_example(Path("examples/2018-key-projects.txt")).read_text("utf-8")
    key = (await handed_in(fresh, real)).json()["key"]
    ruling = {"finding": "no-such-doubt", "choice": "全年"}
    for answer, rule, call in (
        (await program.get(f"/plans/{key}/difference"), "findings_are_ruled_on", "POST /plans/{key}/rulings"),
        (await program.post(f"/plans/{key}/rulings", json=ruling), "readable_ruling", "GET /plans/{key}"),
        (await handed_in(fresh, LIST.replace("2018年", "")), "list_has_a_year", "PUT /plan-files/{sha256}"),
    ):
        told = answer.json()
        assert (answer.status_code, told.get("rule"), told.get("next")) == (409, rule, call), told
        assert "duban" not in told["detail"]
        assert "--" not in told["detail"]


async def test_the_audit_is_asked_for_by_a_program(fresh: Programs) -> None:
    """A receipt and the bundle; no verification yet is no answer; what is not there is 404."""
    auditor = fresh.of("auditor")
    assert (await auditor.get("/audit/verification")).status_code == 404
    receipt = await auditor.get("/audit/receipt", params={"event_id": "key-project/2018/05a#0"})
    assert receipt.status_code == 200, receipt.text
    assert receipt.text.startswith("c2sp.org/tlog-proof@v1")
    head = await auditor.get("/audit/head", params={"since": 1})
    assert consistency_from(head.content).old_size == 1
    assert (await auditor.get("/audit/head", params={"since": 1_000_000})).status_code == 409
    bundle = await auditor.get("/audit/bundle")
    assert bundle.headers["content-type"] == "application/x-tar"
    assert len(bundle.content) > 10_000
    assert (await auditor.get("/audit/receipt", params={"event_id": "key-project/2018/99#0"})).status_code in (404, 409)


class Receivers:
    """Other sides: those that are away are tried, and nothing of theirs is lost."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.got: dict[str, list[bytes]] = {}
        self.hanging = asyncio.Event()
        self.tries = 0

    async def post(self, url: str, secret: str, identity: str, body: bytes) -> Answer:
        """Take a part, or be away."""
        assert secret
        assert identity
        self.tries += 1
        if url.endswith("/hangs"):
            await self.hanging.wait()
        if url in self.away:
            return Answer(outcome="failed_for_now", reason="connect:refused")
        self.got.setdefault(url, []).append(body)
        return Answer(outcome="accepted")


def events_of(bodies: list[bytes]) -> list[str]:
    """The identities of all events in some bodies."""
    return [event["event_id"] for body in bodies for event in json.loads(body)["events"]]


async def receiver(program: httpx2.AsyncClient, asked: dict[str, str], key: str = "key-1") -> httpx2.Response:
    """A receiver of changes that a program names, under a key."""
    return await program.post("/webhooks", json=asked, headers={"Idempotency-Key": key})


async def test_a_receiver_is_named_once_under_its_key(fresh: Programs) -> None:
    """Sent twice, at once too, it is one, with one secret; another one is refused; one that was dropped stays so."""
    program, asked = fresh.of("administrator"), {"url": "https://a.example.org/", "name": "甲"}
    first, again = await asyncio.gather(receiver(program, asked), receiver(program, asked))
    later = await receiver(program, asked)
    assert {each.status_code for each in (first, again, later)} == {200}
    assert len({each.json()["secret"] for each in (first, again, later)}) == 1
    (one,) = (await program.get("/webhooks")).json()["webhooks"]
    other = await receiver(program, {**asked, "name": "乙"})
    assert (other.status_code, other.json()["rule"]) == (409, "request_reused")
    assert (await receiver(program, asked, "key-2")).status_code == 200
    assert (await program.delete(f"/webhooks/{one['number']}")).status_code == 200
    assert (await receiver(program, asked)).status_code == 404
    assert len((await program.get("/webhooks")).json()["webhooks"]) == 1
    assert (await program.post("/webhooks", json=asked)).status_code == 422


async def test_each_receiver_gets_every_change_once_and_a_dead_one_keeps_nobody_waiting(fresh: Programs) -> None:
    """One takes everything, one is away, one never answers: the first is not held up; the second misses nothing."""
    program, sides, now = fresh.of("administrator"), Receivers(), [NOW]
    urls = {name: f"https://{name}.example.org/{name}" for name in ("good", "away", "hangs")}
    made = {name: (await receiver(program, {"url": url, "name": name}, name)).json() for name, url in urls.items()}
    assert all(each["secret"] for each in made.values())
    sides.away.add(urls["away"])
    desk = WebhookDesk(fresh.office.accounts, fresh.office.office.records.ledger, sides, lambda: now[0])
    expected = [
        f"{entry.stream}#{entry.stream_seq}"
        for entry in fresh.office.office.records.ledger.entries()
        if entry.stream.startswith("key-project/")
    ]

    async def until(told: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(events_of(sides.got.get(urls["good"], []))) < told:
                await desk.look()
                await asyncio.sleep(0.01)

    await until(len(expected))
    assert events_of(sides.got[urls["good"]]) == expected
    await fresh.act("own", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="有进展")
    await until(len(expected) + 1)
    told: Mapping[str, dict[str, object]] = {
        each["name"]: each for each in (await program.get("/webhooks")).json()["webhooks"]
    }
    assert told["away"]["problem"] == "connect:refused"
    assert told["away"]["after"] == -1
    assert "secret" not in json.dumps(told["good"])
    tries = sides.tries
    await desk.look()
    await asyncio.sleep(0)
    assert sides.tries == tries, "one that rests is not tried"
    sides.away.clear()
    now[0] += LONGEST_REST + timedelta(seconds=1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(events_of(sides.got.get(urls["away"], []))) < len(expected) + 1:
            await desk.look()
            await asyncio.sleep(0.01)
    assert events_of(sides.got[urls["away"]])[: len(expected)] == expected
    number = told["away"]["number"]
    assert (await program.delete(f"/webhooks/{number}")).status_code == 200
    assert (await program.delete(f"/webhooks/{number}")).status_code == 404
    signed = f"https://example.org/hook?token={'k' * 200}"
    long = await receiver(program, {"url": signed, "name": "长"}, "long")
    assert (long.status_code, long.json()["webhook"]["url"]) == (200, signed)
    bad = await receiver(program, {"url": "ftp://example.org/x", "name": "坏"}, "bad")
    assert (bad.status_code, bad.json()["rule"]) == (409, "usable_webhook")
    await desk.close()


async def test_two_desks_send_each_part_once_and_none_sets_a_receiver_back(fresh: Programs) -> None:
    """While one sends, the other one waits; who was overtaken says nothing; after a crash the part comes again."""
    accounts, ledger, now = fresh.office.accounts, fresh.office.office.records.ledger, [NOW]
    sides = Receivers()
    await receiver(fresh.of("administrator"), {"url": "https://a.example.org/hangs", "name": "甲"})
    first, second = (WebhookDesk(accounts, ledger, sides, lambda: now[0]) for _ in "ab")

    async def until(tries: int, desk: WebhookDesk) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sides.tries < tries:
                await desk.look()
                await asyncio.sleep(0.01)

    await until(1, first)
    await second.look()
    await second.settle()
    assert sides.tries == 1, "the one claims the part"
    now[0] += CLAIM_LASTS + timedelta(seconds=1)
    await until(2, second)
    sides.hanging.set()
    await asyncio.gather(first.settle(), second.settle())
    (one,) = await webhooks(accounts)
    last = max(entry.position for entry in ledger.entries())
    assert (one.after, one.rests_until) == (last, None)
    assert len(sides.got["https://a.example.org/hangs"]) >= 2, "the part whose desk was taken for dead"


class Forgets:
    """An other side whose answers get lost, as long as it `loses` them; by what is known of repeats it takes each
    identity once."""

    def __init__(self) -> None:
        self.loses, self.took = True, dict[str, bytes]()

    async def post(self, url: str, secret: str, identity: str, body: bytes) -> Answer:
        """Take a part that it does not know, and say so, or lose the answer."""
        del url, secret
        self.took.setdefault(identity, body)
        return Answer(outcome="failed_for_now", reason="cut:ReadError") if self.loses else Answer(outcome="accepted")


async def test_a_part_whose_answer_was_lost_comes_again_as_it_was(fresh: Programs) -> None:
    """Whatever was recorded meanwhile comes behind it: who leaves a known identity aside misses nothing."""
    side, now, ledger = Forgets(), [NOW], fresh.office.office.records.ledger
    await receiver(fresh.of("administrator"), {"url": "https://a.example.org/", "name": "甲"})

    async def sent_by_a_desk() -> None:
        desk = WebhookDesk(fresh.office.accounts, ledger, side, lambda: now[0])
        await desk.look()
        await desk.settle()
        now[0] += LONGEST_REST + timedelta(seconds=1)

    await sent_by_a_desk()
    await fresh.act("own", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="断线时的进展")
    await sent_by_a_desk()
    side.loses = False
    await sent_by_a_desk()

    expected = [
        f"{each.stream}#{each.stream_seq}" for each in ledger.entries() if each.stream.startswith("key-project/")
    ]
    assert events_of(list(side.took.values())) == expected
    (one,) = await webhooks(fresh.office.accounts)
    assert (await fresh.of("administrator").delete(f"/webhooks/{one.number}")).status_code == 200


def test_the_signature_is_of_the_identity_the_instant_and_the_body() -> None:
    """What a receiver computes with the secret it was told: HMAC-SHA256, as the Standard Webhooks say."""
    from adapters.channels.signed_webhook import signed_headers  # noqa: PLC0415 - the one adapter that is looked into

    headers = signed_headers("geheim", "abc-5", "1700000000", b'{"events":[]}')
    own = hmac.new(b"geheim", b'abc-5.1700000000.{"events":[]}', hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(own).decode()}"


async def test_a_name_is_erased_by_two_programs_of_two_persons(fresh: Programs) -> None:
    """Prepared by one token nothing is erased, and the same one confirms nothing; another one does, once."""
    await with_one_who_left(fresh.office)
    first, second = fresh.of("operator"), fresh.of("second")
    here = await first.post("/directory/persons/P0006/erasures", json={"order": "〔2026〕7号"})
    assert (here.status_code, here.json()["rule"]) == (409, "erased_after_leaving")
    await first.post("/directory/persons/P0099/erasures", json={"order": "〔2026〕7号"})
    asked = await first.post("/directory/persons/P0099/erasures", json={"order": "〔2026〕7号"})  # it waits once
    (waiting,) = asked.json()["waiting"]
    assert (waiting["person_id"], waiting["order"], waiting["by"]) == ("P0099", "〔2026〕7号", "李四")
    path = f"/directory/erasures/{waiting['key']}/confirm"
    refused = await first.post(path)
    assert (refused.status_code, refused.json()["rule"]) == (409, "two_persons")
    assert (await second.get("/directory/erasures")).json()["erased"] == []
    done = (await second.post(path)).json()
    told = {"person_id": "P0099", "order": "〔2026〕7号", "by": "P0003", "confirmed_by": "P0004"}
    assert (done["waiting"], done["erased"]) == ([], [told])
    assert (await second.post(path)).status_code == 404


async def test_a_list_for_two_is_prepared_and_confirmed_by_two_programs(
    fresh: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cannot start it, nor confirm what he prepared; the other's token does; nothing prepared is 404."""
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    key = (await handed_in(fresh, LIST, year="2018")).json()["key"]
    first, second = fresh.of("operator"), fresh.of("second")
    for finding in (await first.get(f"/plans/{key}")).json()["unruled"]:
        await first.post(f"/plans/{key}/rulings", json={"finding": finding["key"], "choice": "确认"})
    difference = (await first.get(f"/plans/{key}/difference")).json()
    assert difference["withdrawn"] == ["2018-05a", "2018-06", "2018-07"]
    alone = await first.post(f"/plans/{key}/start", json={"confirmed": True})
    assert (alone.status_code, alone.json()["rule"]) == (409, "second_person_for_list")
    assert (await second.post(f"/plans/{key}/confirm", json={})).status_code == 404
    waits = await first.post(f"/plans/{key}/prepare")
    assert (waits.status_code, waits.json()["by"]) == (200, "李四")
    himself = await first.post(f"/plans/{key}/confirm", json={})
    assert (himself.status_code, himself.json()["rule"]) == (409, "two_persons")
    assert not (await fresh.office.known("2018-05a")).closed
    done = await second.post(f"/plans/{key}/confirm", json={})
    assert {row["outcome"] for row in done.json()["results"]} == {"started", "withdrawn"}, done.text
    events = list(recorded_events(fresh.office.office.records.ledger, "2018-05a"))
    assert events[-1].actor == "operator:赵六"


async def test_one_person_and_one_department_are_read_as_their_pages_tell_them(fresh: Programs) -> None:
    """Names, roles, whom a deputy acts for, the last day, what is open: also of a past day, and of who has left."""
    await with_one_who_left(fresh.office)
    await with_departments(fresh.office, OWN)
    records = fresh.office.office.records

    def change(draft: Draft) -> None:
        changes.give_role(draft, "P0003", "department", department_id="D0001")
        changes.give_role(draft, "P0006", "deputy", principal_id="P0003", until_on=date(2018, 6, 30))
        changes.rename_department(draft, "D0001", "人事处")
        changes.close_person(draft, "P0003", date(2018, 6, 30))

    await change_directory(records, AskedChange("P0006", fresh.office.now, "changed"), change)
    program = fresh.of("administrator")
    li = (await program.get("/directory/persons/P0003")).json()
    assert (li["is_there"], li["until_on"]) == (True, "2018-06-30")
    assert {(each["role"], each["department"]) for each in li["person"]["roles"]} >= {("department", "人事处")}
    deputy = (await program.get("/directory/persons/P0006")).json()["person"]["roles"]
    assert [each["principal"] for each in deputy if each["role"] == "deputy"] == ["P0003"]
    assert (await program.get("/directory/persons/P0099")).json()["is_there"] is False
    there = (await program.get("/directory/departments/D0001")).json()
    assert (there["department"]["name"], there["former_names"]) == ("人事处", [OWN])
    assert [(each["number"], each["role"]) for each in there["holders"]] == [("P0003", "department")]
    read = (await fresh.of("operator").get("/duties", params={"department": OWN, "open": "true"})).json()
    asked = await program.get("/directory/departments/D0001", params={"as_of": NOW.isoformat()})
    assert asked.json()["open_duties"] == there["open_duties"] == len(read["duties"]) > 0
    before = {"as_of": (NOW - timedelta(days=20)).isoformat()}
    for path in ("persons/P0003", "departments/D0001"):
        assert (await program.get(f"/directory/{path}", params=before)).status_code == 404
    for path in ("persons/P7777", "departments/D7777"):
        assert (await program.get(f"/directory/{path}")).status_code == 404


async def test_all_duties_of_a_department_are_handed_over_after_a_preview(
    fresh: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preview does nothing; what went over is told for each project, and a second time nothing is left."""

    async def none_is_sick(*_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr("application.office.every_project.sick_projects", none_is_sick)
    program, asked = fresh.of("operator"), {"department": OTHER, "to": OWN, "reason": "机构合并"}
    first = await program.post("/handing-over", json={**asked, "preview": True})
    assert first.status_code == 200, first.text
    foreseen = first.json()
    assert (foreseen["results"], foreseen["projects"] > 0) == ([], True)
    done = (await program.post("/handing-over", json=asked)).json()
    assert {each["outcome"] for each in done["results"]} == {"done"}
    assert len(done["results"]) == foreseen["projects"]
    again = (await program.post("/handing-over", json=asked)).json()
    assert (again["projects"], again["results"]) == (0, [])
    itself = await program.post("/handing-over", json={**asked, "to": OTHER})
    assert (itself.status_code, itself.json()["rule"]) == (409, "another_takes_over")
    assert (await fresh.of("own").post("/handing-over", json=asked)).status_code == 403
