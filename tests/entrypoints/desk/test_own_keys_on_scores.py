"""What is decided about scores bears the own key of whoever has one: at the desk, through the shell, in the bundle."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from application.desk_work import by_two
from application.office import scoring
from application.office.attesting import Giver, local_giver
from application.office.office_acts import attested_office_act
from application.office.scoring import period_of, scored
from bench.patience import PATIENCE_SECONDS
from domain.actors import operator
from domain.acts.act_digest import office_act_document
from domain.acts.office_weights import OFFICE_WEIGHTS
from domain.acts.rejections import OwnKeyMissingError
from domain.directory.naming import NotOnePersonError
from domain.events import CompletionRequested
from domain.record.leaf import SCORES_STREAM
from domain.record.recorded_projects import recorded_events
from domain.scoring import score_acts
from domain.scoring.refusals import ScoreRefusedError
from domain.scoring.reported_record import ReportedRecord
from domain.scoring.score_acts import ScoreAct, ScoreCorrected, recorded_scores
from entrypoints.bootstrap import attestor_of, engine_now
from entrypoints.cli.signing import AtTheDesk
from entrypoints.desk import signatures
from tests.domain.samples import at
from tests.entrypoints.desk.own_key_office import KeyOffice, own_keys_step
from tests.entrypoints.desk.test_own_key_in_a_browser import LI_MING
from tests.entrypoints.desk.test_signing_together import (
    WANG_FANG,
    challenge_in,
    send,
    signed,
    signing_office,
    waiting_key,
)
from verifier.own_keys import WEIGHTS

MAY = {"period": "2018-05", "reason": "月度考核"}


async def published(office: KeyOffice, client: httpx2.AsyncClient, device: Any) -> str:
    """May's table is published by 王芳, who signs that; one of its points."""
    await signed(client, device, "/scores/publish", MAY, "公布得分")
    table = await scored(office.small.office.records, period_of("2018-05"), None, at("06-11").date())
    assert table.is_published
    return next(point.key for row in table.table.departments for point in row.points)


def correction(point: str, by: str = "王芳", confirmed_by: str = "李明") -> ScoreCorrected:
    """A correction by two."""
    return ScoreCorrected(
        by=operator(by),
        confirmed_by=operator(confirmed_by),
        reason="重新核对",
        on=at("06-11").date(),
        period="2018-05",
        point=point,
        points=-1,
    )


async def test_a_correction_and_a_finding_are_signed_by_whoever_confirms_it_and_has_a_key(tmp_path: Path) -> None:
    """Shown first, then signed; a signature of something else corrects nothing; the verifier finds both signatures."""
    async with signing_office(tmp_path) as (office, device, client):
        point = await published(office, client, device)
        asked: dict[str, Any] = {"period": "2018-05", "point": point, "points": -1}
        prepared = await by_two.prepare(office.accounts, "correction", "重新核对", LI_MING, engine_now(), **asked)
        path = f"/scores/corrections/{prepared.key}/confirm"
        page = await send(client, path, {})
        assert "更正得分" in page.text
        assert point in page.text
        wrong = await send(client, path, {"answer": json.dumps(device.sign("AAAA"))})
        assert (wrong.status_code, "证明不是为这一次做的" in wrong.text) == (400, True)
        ledger = office.small.office.records.ledger
        assert recorded_scores(ledger).corrections("2018-05") == {}
        done = await send(client, path, {"answer": json.dumps(device.sign(challenge_in(page)))})
        assert done.status_code == 303
        assert recorded_scores(ledger).corrections("2018-05") == {point: -1}
        assert recorded_scores(ledger).acts[-1].by.person_id == "P0002"
        events = recorded_events(ledger, "2018-05a")
        seq = next(event.seq for event in events if isinstance(event, CompletionRequested))
        named = ReportedRecord(
            department="组织部",
            project_id="2018-05a",
            milestone_id="2018-05a-01",
            event_id=f"key-project/2018/05a#{seq}",
        )
        prepared = await by_two.prepare(
            office.accounts, "false_report", "核查不符", LI_MING, engine_now(), record=named
        )
        await signed(client, device, f"/scores/corrections/{prepared.key}/confirm", {}, "认定反馈不实")
        assert recorded_scores(ledger).found_false(named.event_id) is not None
        step = await own_keys_step(office, tmp_path / "bundle.tar")
        assert (step.verdict, step.findings) == ("passed", [])
        assert "3 项有本人设备的签名" in step.note


async def test_the_shell_waits_for_the_signature_and_without_it_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner names 王芳: where nobody can ask her it is refused, and what goes round that the verifier finds."""
    async with signing_office(tmp_path) as (office, device, client):
        point = await published(office, client, device)
        owner = replace(office.small.office, giver=local_giver(engine_now()))
        act, period = correction(point), period_of("2018-05")

        def decision(found: scoring.Scored) -> Any:
            return score_acts.corrected(found.book, found.table, act)

        with pytest.raises(OwnKeyMissingError):
            await scoring.say(owner, period, decision)
        giving = asyncio.create_task(scoring.say(replace(owner, signer=AtTheDesk(owner)), period, decision))
        key = await waiting_key(office)
        page = await client.get(f"/signatures/{key}")
        await send(client, f"/signatures/{key}", {"answer": json.dumps(device.sign(challenge_in(page)))})
        said = await asyncio.wait_for(giving, PATIENCE_SECONDS)
        step = await own_keys_step(office, tmp_path / "one.tar")
        assert (step.verdict, step.findings) == ("passed", [])
        command = {"type": said.kind, **said.model_dump(mode="json", exclude_none=True)}
        attestor = attestor_of(owner.settings)
        file = await attested_office_act(attestor, Giver(WANG_FANG, "desk"), SCORES_STREAM, command, "again")
        await owner.records.own_streams.append_own(said.entry(file))
        # Her key was enrolled a moment ago: that a door may not have known of it yet is not in question here.
        monkeypatch.setattr("verifier.own_keys._AT_ONCE", timedelta(0))
        step = await own_keys_step(office, tmp_path / "two.tar")
        assert [finding.code for finding in step.findings] == ["proof_required"]


async def test_two_names_of_one_person_correct_nothing(tmp_path: Path) -> None:
    """The directory says who is named: her number in the place of her name is she herself; a stranger is nobody."""
    async with signing_office(tmp_path) as (office, device, client):
        point = await published(office, client, device)
        owner, period = replace(office.small.office, giver=Giver(WANG_FANG, "desk")), period_of("2018-05")

        def corrected_by(other: str) -> scoring.Decision:
            return lambda f: score_acts.corrected(f.book, f.table, correction(point, confirmed_by=other))

        for other, error in (("P0002", ScoreRefusedError), ("王 芳", ScoreRefusedError), ("赵六", NotOnePersonError)):
            with pytest.raises(error):
                await scoring.say(owner, period, corrected_by(other))
        assert recorded_scores(owner.records.ledger).corrections("2018-05") == {}


def test_whatever_weighs_has_a_title_where_it_is_signed_and_is_attested_by_its_weight() -> None:
    """Every act that the policy's list names is shown in words; every kind about scores has said what it weighs."""
    assert set(WEIGHTS) <= set(signatures._TITLES)
    kinds = {kind.kind for kind in ScoreAct.__subclasses__()}
    assert kinds == {kind for kind in OFFICE_WEIGHTS if kind.startswith("score.")}
    with pytest.raises(KeyError):
        office_act_document("log/other", {"type": "SomethingNew"}, "wangfang", "")
