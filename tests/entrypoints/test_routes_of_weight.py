"""Each route that gives acts of weight under one form, a list or scores or keys: none without the signature."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from application.accounts.asked_signatures import ask_signature, taken_signature
from application.accounts.passkeys import passkeys_of
from application.audit.who_acted import ActedBy, who_acted
from application.desk_work import by_two, whole_lists
from application.desk_work.year_end_by_two import YearEndAsked, prepare
from application.office import scoring
from application.office.attesting import How, local_giver, prepared_act
from application.office.scoring import period_of, scored
from domain.accounts.desk_items import PreparedByTwo
from domain.actors import department, operator
from domain.acts.act_digest import act_document
from domain.acts.commands import StrikeOff
from domain.clock import OFFICE_TIME
from domain.ids import ProjectId
from domain.record.recorded_projects import recorded_events, recorded_projects
from domain.scoring import score_acts
from domain.scoring.score_acts import ScoreAppealed
from entrypoints.bootstrap import engine_now
from tests.application.accounts.authenticator import Device
from tests.domain.samples import at
from tests.entrypoints.desk.conftest import hidden
from tests.entrypoints.desk.small_office import NOW, OTHER, healthy
from tests.entrypoints.desk.test_signing_together import challenge_in, send
from tests.entrypoints.own_key_hall import (
    ADMINISTRATOR,
    COLLEAGUE,
    RULES,
    SIGNER,
    Hall,
    program,
    signed_in,
    verified_hall,
)

LIST: Final = """关于印发2018年重点项目清单的通知
2018年4月25日
序号,项目名称,牵头部门,参与部门,工作进度安排
91,青年之家建设,宣传部,组织部,6月：印发方案；9月底前：建成3个
92,座谈会,组织部,,6月底前：召开座谈会；全年：开展6期
"""
BOTH: Final = {"act": "strike-off", "item": ["2018-05a-01", "2018-06-01"], "request_id": "desk-many"}
MAY: Final = {"period": "2018-05", "reason": "月度考核"}
Trial = Callable[[Hall], Awaitable[None]]


async def many(opened: Hall) -> None:
    """Two milestones are struck off at once."""
    await opened.exactly_the_signed_passes(opened.form("/many", BOTH))


async def year_end(opened: Hall) -> None:
    """Every project of the year is closed."""
    await opened.must_pass(*await _signed(opened, "/many", BOTH))
    asked = YearEndAsked(2018, 2019, "年终结转", despite_period="机构撤并")
    await prepare(opened.office.small.office, opened.office.accounts, asked, signed_in(COLLEAGUE), engine_now())
    await confirmed(opened, "/year-end", "year_end")


async def whole_list(opened: Hall) -> None:
    """Every project of a list is withdrawn."""
    asked = whole_lists.ListAsked("withdrawal", 2018, "清单作废")
    await whole_lists.prepare(
        opened.office.small.office, opened.office.accounts, asked, signed_in(COLLEAGUE), engine_now()
    )
    await confirmed(opened, "/whole-lists", "withdrawal")


async def confirmed(opened: Hall, place: str, what: Any) -> None:
    """What a colleague prepared is confirmed."""
    (prepared,) = await by_two.waiting(opened.office.accounts, (what,), engine_now())
    await opened.exactly_the_signed_passes(opened.form(f"{place}/{prepared.key}/confirm", {}))


async def list_started(opened: Hall) -> None:
    """A list that is issued anew amends what runs: the record says who signed which version, and of which start."""
    key = await reissued(opened)
    before = signers(opened)
    await opened.exactly_the_signed_passes(opened.form(f"/plans/{key}/start", {"confirmed": "yes"}))
    after = signers(opened)
    assert after[: len(before)] == before, "what was signed of the version before stays as it was"
    assert {kind for kind, _, _ in before} == {"ProjectWithdrawn"}
    new = after[len(before) :]
    assert {(kind, project_id) for kind, project_id, _ in new} == {("ProjectAmended", "2018-92")}
    assert {(who.account, who.own_key is not None) for *_, who in after} == {(SIGNER, True)}


def signers(opened: Hall) -> list[tuple[str, ProjectId, ActedBy]]:
    """Who withdrew and amended, by which login and key, as the record proves it, in its order."""
    records = opened.office.small.office.records
    return [
        (event.type, project_id, acted[event.seq])
        for project_id in recorded_projects(records.ledger)
        for events in [list(recorded_events(records.ledger, project_id))]
        for acted in [who_acted(records.evidence, events)]
        for event in events
        if event.type in ("ProjectWithdrawn", "ProjectAmended") and event.seq in acted
    ]


async def list_confirmed(opened: Hall) -> None:
    """A list that withdraws all that runs, prepared by a colleague: who confirms it signs for all of it."""
    key = await prepared(opened)
    await opened.exactly_the_signed_passes(opened.form(f"/plans/{key}/confirm", {}))
    assert {(kind, who.account, who.own_key is not None) for kind, _, who in signers(opened)} == {
        ("ProjectWithdrawn", SIGNER, True)
    }


async def list_started_by_a_program(opened: Hall) -> None:
    """A program brings what its person signed of the whole list; a new project waits for that as well."""
    key = await reissued(opened, f"{LIST}95,新项目,组织部,,9月底前：办结\n")
    await _list_by_a_program(opened, key, "start", {"confirmed": True})
    doors = {(kind, project_id): who.door for kind, project_id, who in signers(opened)}
    assert doors["ProjectAmended", "2018-92"] == "api"


async def list_confirmed_by_a_program(opened: Hall) -> None:
    """What a colleague prepared is confirmed by a program with what its person signed."""
    await _list_by_a_program(opened, await prepared(opened), "confirm", {})
    assert {(kind, who.account, who.own_key is not None) for kind, _, who in signers(opened)} == {
        ("ProjectWithdrawn", SIGNER, True)
    }


async def _list_by_a_program(opened: Hall, key: str, act: str, asked: dict[str, Any]) -> None:
    done = await _by_a_program(opened, f"/plans/{key}/challenge", f"/plans/{key}/{act}", {"act": act}, asked)
    assert "failed" not in {row["outcome"] for row in done.json()["results"]}


async def _by_a_program(
    opened: Hall, challenge: str, path: str, about: dict[str, Any], asked: dict[str, Any]
) -> httpx2.Response:
    async with program(opened.office) as client:
        told = (await client.post(challenge, json=about)).json()

        async def post(answer: dict[str, Any] | None) -> httpx2.Response:
            more = {} if answer is None else {"own_key": {**opened.proof(answer), "acts": told["acts"]}}
            return await client.post(path, json={**asked, **more})

        await opened.must_be_refused(post, None, "missing")
        cut = {**opened.proof(opened.devices[SIGNER].sign(told["challenge"])), "acts": (told["acts"] or [])[:-1]}
        for what, answer in opened.wrong(told["challenge"]).items():
            refused = await opened.must_be_refused(post, answer, what)
            assert refused.json()["rule"] in RULES
        if len(cut["acts"]) > 1:
            less = await client.post(path, json={**asked, "own_key": cut})
            assert (less.status_code, less.json()["rule"]) == (409, "own_key_has_signed")
        return await opened.must_pass(post, opened.devices[SIGNER].sign(told["challenge"]))


async def _score_by_a_program(opened: Hall, act: str, asked: dict[str, Any]) -> None:
    about = {"act": act, "asked": asked}
    await _by_a_program(opened, "/scores/challenge", f"/scores/acts/{act}", about, asked)


async def scores_published_by_a_program(opened: Hall) -> None:
    """A program brings what its person signed of the publication; the challenge has published nothing."""
    await _score_by_a_program(opened, "publish", MAY)


async def appeal_ruled_on_by_a_program(opened: Hall) -> None:
    """A colleague published the table, and a program rules with its person's signature."""
    point = await _appealed(opened, COLLEAGUE)
    await _score_by_a_program(opened, "rule", {**MAY, "point": point, "granted": True, "points": -1})


async def score_corrected_by_a_program(opened: Hall) -> None:
    """What a colleague prepared is confirmed by a program with its person's signature."""
    await _score_by_a_program(opened, "confirm", {"key": (await _prepared_correction(opened)).key})


async def handed_over(opened: Hall) -> None:
    """What a department has in all projects goes over."""
    asked = {"department": "组织部", "to": "宣传部", "reason": "机构合并"}
    await opened.exactly_the_signed_passes(opened.form("/hand-over", asked))


async def handed_over_by_a_program(opened: Hall) -> None:
    """What a department has in all projects goes over with one signature of a program's person."""
    asked = {"department": "组织部", "to": "宣传部", "reason": "机构合并"}
    done = await _by_a_program(opened, "/handing-over/challenge", "/handing-over", asked, asked)
    assert {row["outcome"] for row in done.json()["results"]} == {"done"}


async def prepared(opened: Hall) -> str:
    """A list that leaves out all that runs, handed in, and its start prepared by a colleague: its key."""
    key = await handed_in(opened, LIST)
    assert (await send(opened.clients[COLLEAGUE], f"/plans/{key}/prepare", {})).status_code == 303
    return key


async def reissued(opened: Hall, text: str = LIST) -> str:
    """A list at the desk that has another text for a project that runs: the key of its draft."""
    key = await prepared(opened)
    await opened.must_pass(*await _signed(opened, f"/plans/{key}/confirm", {}))
    return await handed_in(opened, text.replace("召开座谈会", "召开两次座谈会"))


async def handed_in(opened: Hall, text: str) -> str:
    """A list that the signer handed in and ruled on."""
    client = opened.clients[SIGNER]
    token = hidden(await client.get("/keys"), "csrf")
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": opened.office.address}
    files = {"file": ("清单.csv", text.encode(), "text/csv")}
    answer = await client.post("/plans", data={"csrf": token}, files=files, headers=headers)
    place = answer.headers["location"]
    for finding in re.findall(r'name="finding(?:-\d+)?" value="([^"]+)"', (await client.get(place)).text):
        await send(client, f"{place}/rulings", {"finding": finding, "choice": "确认"})
    return str(place.rpartition("/")[2])


async def scores_published(opened: Hall) -> None:
    """The table of a month is published."""
    await opened.exactly_the_signed_passes(opened.form("/scores/publish", MAY))


async def _point(opened: Hall, name: str | None = None, by: str = SIGNER) -> str:
    await opened.must_pass(*await _signed(opened, "/scores/publish", MAY, by))
    found = await scored(opened.office.small.office.records, period_of("2018-05"), None, at("06-11").date())
    rows = [row for row in found.table.departments if name in (None, row.department)]
    return next(point.key for row in rows for point in row.points)


async def _signed(opened: Hall, path: str, values: dict[str, Any], by: str = SIGNER) -> tuple[Any, Any]:
    post = opened.form(path, values, of=by)
    return post, opened.devices[by].sign(challenge_in(await post(None)))


async def _prepared_correction(opened: Hall) -> PreparedByTwo:
    asked: dict[str, Any] = {"period": "2018-05", "point": await _point(opened), "points": -1}
    accounts, who = opened.office.accounts, signed_in(COLLEAGUE)
    return await by_two.prepare(accounts, "correction", "重新核对", who, engine_now(), **asked)


async def score_corrected(opened: Hall) -> None:
    """A point that a colleague would have corrected."""
    await _prepared_correction(opened)
    await confirmed(opened, "/scores/corrections", "correction")


async def _appealed(opened: Hall, publisher: str) -> str:
    office, point = opened.office.small.office, await _point(opened, OTHER, publisher)
    act = ScoreAppealed(
        by=department(OTHER),
        reason="已口头报告",
        on=NOW.date(),
        period="2018-05",
        department=OTHER,
        point=point,
    )
    owner = replace(office, giver=local_giver(engine_now()))
    await scoring.say(owner, period_of("2018-05"), lambda found: score_acts.appealed(found.book, found.table, act))
    return point


async def appeal_ruled_on(opened: Hall) -> None:
    """An appeal of the department whose point it is."""
    values = {**MAY, "point": await _appealed(opened, SIGNER), "granted": "yes", "points": "-1"}
    # Not the one who published the table.
    await opened.exactly_the_signed_passes(opened.form("/scores/rule", values, of=COLLEAGUE), of=COLLEAGUE)


async def key_of_another_let_go(opened: Hall) -> None:
    """An administrator lets a colleague's key go."""
    (held,) = await passkeys_of(opened.office.accounts, COLLEAGUE)
    post = opened.form(f"/keys/of-others/{held.number}/let-go", {}, of=ADMINISTRATOR)
    await opened.exactly_the_signed_passes(post, of=ADMINISTRATOR)


async def key_stolen(opened: Hall) -> None:
    """An administrator reports a colleague's key as stolen."""
    (held,) = await passkeys_of(opened.office.accounts, COLLEAGUE)
    since = (engine_now() - timedelta(hours=1)).astimezone(OFFICE_TIME)
    values = {"whose": "person", "number": held.number, "since": f"{since:%Y-%m-%dT%H:%M}", "reason": "电脑被盗"}
    await opened.exactly_the_signed_passes(opened.form("/stolen-keys", values, of=ADMINISTRATOR), of=ADMINISTRATOR)


async def key_enrolled(opened: Hall) -> None:
    """Who has a key enrols another one: the one that she has signs it."""
    client, device = opened.clients[SIGNER], opened.devices[SIGNER]
    asked = await send(client, "/sign-in/key/begin", {"account": SIGNER, "next": "/keys"})
    answer = {"account": SIGNER, "answer": json.dumps(device.sign(challenge_in(asked)))}
    assert (await send(client, "/sign-in/key", answer)).status_code == 303
    begun = await send(client, "/keys/begin", {"name": "新电脑"})
    made = json.dumps(Device(rp_id="localhost", origin=opened.office.address).enrol(_options(begun)))

    async def post(signed: dict[str, Any] | None) -> httpx2.Response:
        said = {"answer": made} if signed is None else {"made": made, "answer": json.dumps(signed)}
        return await send(client, "/keys", {"name": "新电脑", **said})

    await opened.exactly_the_signed_passes(post)


async def signed_for_the_shell(opened: Hall) -> None:
    """What the shell prepared is signed at the desk by the one who is named; it is given when the shell has that."""
    office, accounts = opened.office.small.office, opened.office.accounts
    command = StrikeOff(request_id="shell-1", by=operator("王芳"), milestone_id="2018-05a-01")
    act = prepared_act(replace(office, giver=local_giver(engine_now())), "2018-05a", command, How())
    asked = await ask_signature(accounts, (act_document(act),), "P0002", engine_now())
    page = await opened.clients[SIGNER].get(f"/signatures/{asked.key}")
    post = opened.form(f"/signatures/{asked.key}", {})
    await opened.must_be_refused(post, None, "missing")
    for what, answer in opened.wrong(challenge_in(page)).items():
        await opened.must_be_refused(post, answer, what)
    assert await taken_signature(accounts, asked.key, engine_now()) is None
    assert (await post(opened.devices[SIGNER].sign(challenge_in(page)))).status_code == 200
    taken = await taken_signature(accounts, asked.key, engine_now())
    assert taken is not None
    assert taken.proof is not None


def _options(page: httpx2.Response) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]*)"', page.text)
    assert found, page.text
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


TRIED: Final[dict[str, Trial]] = {
    "POST /many": many,
    "POST /plans/{key}/start": list_started,
    "POST /plans/{key}/confirm": list_confirmed,
    "POST /year-end/{key}/confirm": year_end,
    "POST /whole-lists/{key}/confirm": whole_list,
    "POST /hand-over": handed_over,
    "POST /scores/publish": scores_published,
    "POST /scores/rule": appeal_ruled_on,
    "POST /scores/corrections/{key}/confirm": score_corrected,
    "POST /stolen-keys": key_stolen,
    "POST /keys": key_enrolled,
    "POST /keys/of-others/{number}/let-go": key_of_another_let_go,
    "POST /signatures/{key}": signed_for_the_shell,
    "POST /api/plans/{key}/start": list_started_by_a_program,
    "POST /api/plans/{key}/confirm": list_confirmed_by_a_program,
    "POST /api/handing-over": handed_over_by_a_program,
    "POST /api/scores/acts/publish": scores_published_by_a_program,
    "POST /api/scores/acts/rule": appeal_ruled_on_by_a_program,
    "POST /api/scores/acts/confirm": score_corrected_by_a_program,
}
"""What is tried of each route that the list of routes says to give something of weight."""


@pytest.mark.parametrize("route", TRIED)
async def test_what_weighs_is_done_with_its_person_s_signature_alone(
    route: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing it is asked for, wrong it is refused on record, right it is done, as the verifier finds."""
    monkeypatch.setattr("application.office.every_project.sick_projects", healthy)
    monkeypatch.setattr("application.office.planning.sick_projects", healthy)
    async with verified_hall(tmp_path) as opened:
        await TRIED[route](opened)
