"""Scores by program: read, published, appealed against, ruled on, corrected and found false, as at the desk."""

from __future__ import annotations

from typing import Any, get_args

from application.desk_work import by_two
from domain.acts.office_weights import OFFICE_WEIGHTS
from domain.scoring.point_names import point_name
from domain.scoring.score_acts import AnyScoreAct, ScoreBulletinPublished, recorded_scores
from entrypoints.api.scores import SCORE_ACTS
from entrypoints.bootstrap import engine_now
from tests.entrypoints.api.conftest import Programs
from tests.entrypoints.desk.small_office import OTHER, OWN


async def said(programs: Programs, account: str, act: str, **asked: Any) -> tuple[int, dict[str, Any]]:
    """Say something about scores with somebody's token."""
    answer = await programs.of(account).post(f"/scores/acts/{act}", json=asked)
    return answer.status_code, answer.json()


def test_every_act_about_scores_is_given_by_program() -> None:
    """What the core says about scores is said at an address of the table; a bulletin beside its reading."""
    given = {kind for act in SCORE_ACTS.values() for kind in act.kinds}
    assert given | {ScoreBulletinPublished} == set(get_args(AnyScoreAct))
    assert {kind.kind for kind in given} < set(OFFICE_WEIGHTS)


async def test_a_point_is_appealed_against_and_ruled_on_by_program(fresh: Programs) -> None:
    """A department reads its own points, appeals against one once; another person than the publisher rules."""
    own, may = fresh.of("own"), {"period": "2018-05", "reason": "月度考核"}
    assert [each["department"] for each in (await own.get("/scores/2018-05")).json()["departments"]] == [OWN]
    assert len((await fresh.of("auditor").get("/scores/2018-05")).json()["departments"]) > 1
    assert (await said(fresh, "own", "publish", **may))[0] == 403
    status, told = await said(fresh, "operator", "publish", **may)
    assert (status, told["kind"]) == (200, "score.published")
    assert (await said(fresh, "second", "publish", **may))[1]["rule"] == "published_once"

    (row,) = (await own.get("/scores/2018-05")).json()["departments"]
    point = next(each["key"] for part in row["assignments"] for each in part["points"] if each["holds"] < 0)
    asked = {**may, "point": point, "reason": "当天已报"}
    assert (await said(fresh, "other", "appeal", **asked))[1]["rule"] == "own_point"
    assert (await said(fresh, "own", "appeal", **asked))[0] == 200
    assert (await said(fresh, "own", "appeal", **asked))[0] == 409
    ruling = {**may, "point": point_name(point), "granted": True, "points": 0}
    assert (await said(fresh, "operator", "rule", **ruling))[0] == 409
    assert [each["point"] for each in (await own.get("/scores/2018-05")).json()["appeals"]] == [point]
    assert (await fresh.of("other").get("/scores/2018-05")).json()["appeals"] == []
    assert (await said(fresh, "second", "rule", **ruling | {"granted": "yes"}))[0] == 422
    assert (await said(fresh, "second", "rule", **ruling))[0] == 200
    after = (await own.get("/scores/2018-05")).json()
    assert (after["changed"], after["appeals"]) == (True, [])


async def test_what_needs_two_persons_is_prepared_by_one_program_and_confirmed_by_another_one_s(
    fresh: Programs,
) -> None:
    """A correction and a false report: sent again it is one, nobody confirms his own, the record has both."""
    await said(fresh, "operator", "publish", period="2018-05", reason="考核")
    await fresh.act("own", "2018-05a", "report-progress", milestone_id="2018-05a-02", text="已完成")
    events = (await fresh.of("auditor").get("/projects/2018-05a/events")).json()["events"]
    record = next(each["event_id"] for each in events[::-1] if "已完成" in str(each))
    row = (await fresh.of("operator").get("/scores/2018-05")).json()["departments"][0]
    point = next(each["key"] for part in row["assignments"] for each in part["points"] if each["holds"] < 0)
    correction = {"period": "2018-05", "point": point, "points": -1, "reason": "重新核对"}
    finding = {"record": record, "milestone_id": "2018-05a-02", "department": OWN, "reason": "核查不符"}
    assert (await said(fresh, "operator", "find-false", **finding | {"record": "2018-05a#999"}))[0] == 409
    assert (await said(fresh, "operator", "find-false", **finding | {"department": OTHER}))[0] == 409
    for act, asked in (("correct", correction), ("find-false", finding)):
        assert (await said(fresh, "own", act, **asked))[0] == 403
        told = await fresh.of("operator").post("/scores/challenge", json={"act": act, "asked": asked})
        assert (told.json()["challenge"], (await fresh.of("second").get("/prepared")).json()["prepared"]) == (None, [])
        keys = {(await said(fresh, "operator", act, **asked))[1]["prepared"]["key"] for _ in range(2)}
        (waiting,) = (await fresh.of("second").get("/prepared")).json()["prepared"]
        assert keys == {waiting["key"]}
        assert (await said(fresh, "operator", "confirm", key=waiting["key"]))[1]["rule"] == "two_persons"
        assert (await said(fresh, "second", "confirm", key=waiting["key"]))[0] == 200
        assert (await said(fresh, "second", "confirm", key=waiting["key"]))[0] == 404
    acts = recorded_scores(fresh.office.office.records.ledger).acts[1:]
    assert [(each.kind, each.by.name) for each in acts] == [("score.corrected", "赵六"), ("score.falsified", "赵六")]


async def test_what_was_prepared_is_given_up_by_program(fresh: Programs) -> None:
    """By one of the section; an administrator gives up what is about names alone."""
    accounts, person = fresh.office.accounts, fresh.office.door.people["operator"]
    kept = await by_two.prepare(accounts, "correction", "重新核对", person, engine_now(), period="2018-05")
    assert (await fresh.of("administrator").delete(f"/prepared/{kept.key}")).json()["prepared"] == []
    assert (await fresh.of("own").delete(f"/prepared/{kept.key}")).status_code == 403
    assert [each["by"] for each in (await fresh.of("second").get("/prepared")).json()["prepared"]] == ["李四"]
    assert (await fresh.of("second").delete(f"/prepared/{kept.key}")).json()["prepared"] == []


async def test_what_nobody_s_key_signs_is_told_so_and_not_done(fresh: Programs) -> None:
    """A challenge is of nothing where its person has no key, and of an act that weighs nothing."""
    body = {"act": "publish", "asked": {"period": "2018-05", "reason": "考核"}}
    told = await fresh.of("operator").post("/scores/challenge", json=body)
    assert told.status_code == 200, told.text
    assert (told.json()["challenge"], told.json()["keys"]) == (None, [])
    assert recorded_scores(fresh.office.office.records.ledger).acts == ()
    assert (await fresh.of("own").post("/scores/challenge", json=body)).status_code == 403
    unread = await fresh.of("operator").post("/scores/challenge", json={"act": "publish", "asked": {"period": 5}})
    assert {each["field"] for each in unread.json()["errors"]} == {"asked.period", "asked.reason"}
    proof = {"key": "0" * 64, "signature": "AA"}
    needless = await said(fresh, "operator", "publish", period="2018-05", reason="考核", own_key=proof)
    assert (needless[0], needless[1]["rule"]) == (409, "own_key_has_signed")
    assert recorded_scores(fresh.office.office.records.ledger).acts == ()
