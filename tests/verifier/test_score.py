"""A published score in an auditor's bundle: computed again offline, through an appeal and its ruling."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from application.office.office_acts import attested_office_act
from application.office.score_bulletins import bulletin_from
from application.office.scoring import period_of, scored_in
from bench.memory_bundle import MemoryBundle
from domain.actors import department, operator
from domain.record.leaf import SCORES_STREAM
from domain.record.recorded_projects import recorded_streams
from domain.rules.score_rules import ScoreRules
from domain.scoring.refusals import ScoreRefusedError
from domain.scoring.score_acts import (
    AnyScoreAct,
    AppealRuled,
    ReportFalsified,
    ScoreAppealed,
    ScoreBulletinPublished,
    ScoreCorrected,
    appealed,
    corrected,
    published,
    recorded_scores,
    ruled,
)
from domain.scoring.score_bulletin import ScoreBulletin, bulletin_published
from domain.scoring.table import ScoreTable, score_table
from tests.verifier.rehearsed_year import Year, rehearsed_year
from verifier.__main__ import main
from verifier.score_report import ScoreReport, score_report
from verifier.verify import verify

LI, WANG = operator("李明"), operator("王芳")
PERIOD = period_of("2018-Q2")


async def say(year: Year, act: AnyScoreAct) -> None:
    """Attest an act as the office does, and keep it."""
    command: dict[str, Any] = {"type": act.kind, **act.model_dump(mode="json", exclude_none=True)}
    attested = await attested_office_act(
        year.attestor, year.giver("张三" if act.by.department else act.by.name), SCORES_STREAM, command
    )
    await year.store.append_own(act.entry(attested))


def table_of(year: Year) -> ScoreTable:
    """The table as it holds now."""
    book = recorded_scores(year.ledger)
    before = book.published(PERIOD.name)
    until = before.until if before else year.instant.date()
    return score_table(recorded_streams(year.ledger), ScoreRules(), PERIOD, until, book.corrections(PERIOD.name))


async def publish(year: Year) -> None:
    """Publish the table."""
    table = table_of(year)
    await say(year, published(recorded_scores(year.ledger), table, LI, "季度考核", year.instant.date()))


async def report_of(year: Year) -> ScoreReport:
    """What an auditor computes from a bundle of now; the bundle itself is sound."""
    await year.end_a_period()
    files = year.files()
    assert verify(MemoryBundle(files), year.trust()).codes() == set()
    return score_report(MemoryBundle(files), PERIOD.name)


async def test_a_bundle_gives_the_published_table_offline_and_an_appeal_changes_its_own_point_alone(
    tmp_path: Path,
) -> None:
    """Published, appealed against, granted, published again: each time the auditor agrees, or knows why he cannot."""
    year = await rehearsed_year(tmp_path / "year", seed=7, projects=4, milestones=3, days=150)
    await publish(year)
    with pytest.raises(ScoreRefusedError, match="另一份规则"):  # other rules than the published ones are no option
        scored_in(year.ledger, PERIOD, ScoreRules(base=90), year.instant.date())
    first = await report_of(year)
    assert (first.agrees, first.computed == first.published, first.changed_since) == (True, True, False)
    table = table_of(year)
    assert first.computed == {row.department: row.score for row in table.departments}

    point = next(each for row in table.departments for each in row.points if each.rule == "breach")
    today, book = year.instant.date(), recorded_scores(year.ledger)
    asked = ScoreAppealed(
        by=department(point.department),
        reason="停电所致",
        on=today,
        period=PERIOD.name,
        department=point.department,
        point=point.key,
    )
    await say(year, appealed(book, table, asked))
    answer = AppealRuled(by=WANG, reason="属实", on=today, period=PERIOD.name, point=point.key, granted=True, points=0)
    await say(year, ruled(recorded_scores(year.ledger), table, answer))
    changed = await report_of(year)
    assert (changed.agrees, changed.changed_since) == (True, True)
    moved = {name for name, score in changed.computed.items() if score != first.computed[name]}
    assert moved == {point.department}
    held = {each.key: each.holds for row in table_of(year).departments for each in row.points}
    before = {each.key: each.holds for row in table.departments for each in row.points}
    assert {key for key in held if held[key] != before[key]} == {point.key}

    await publish(year)
    again = await report_of(year)
    assert (again.agrees, again.changed_since, again.computed) == (True, False, changed.computed)
    year.ledger.close()


async def test_a_bulletin_s_scores_are_computed_again_as_they_stood_when_they_were_published(tmp_path: Path) -> None:
    """After a correction the auditor still agrees with the bulletin; forged figures are told."""
    year = await rehearsed_year(tmp_path / "year", seed=10, projects=4, milestones=3, days=150)
    await publish(year)
    book, today = recorded_scores(year.ledger), year.instant.date()
    (said,) = book.publications(PERIOD.name)
    table, second = table_of(year), await report_of(year)
    points = {key: held for own in second.table.values() for each in own.values() for key, held in each.points.items()}
    draft = await bulletin_in(year)
    assert {each.key: each.holds for row in draft.departments for each in row.points} == points
    told = ScoreBulletinPublished(
        by=LI, reason="经审定", on=today, period=PERIOD.name, publication=1, table=said.table, text="情况如下。"
    )
    await say(year, bulletin_published(book, told))
    point = next(each for row in table.departments for each in row.points if each.rule == "breach")
    fixed = ScoreCorrected(
        by=LI, reason="核对", on=today, period=PERIOD.name, point=point.key, points=0, confirmed_by=WANG
    )
    await say(year, corrected(recorded_scores(year.ledger), table, fixed))
    report = await report_of(year)
    assert (report.agrees, report.changed_since, [each.agrees for each in report.bulletins]) == (True, True, [True])
    assert report.computed != report.published
    found = await bulletin_in(year)
    assert {row.department: row.score for row in found.departments} == report.published
    (change,) = found.changes
    assert (change.point, change.was, change.becomes, change.counted) == (point.key, point.points, 0, False)
    assert found.of(point.department).changes == (change,)
    await say(year, told.model_copy(update={"table": "0" * 64, "publication": 2}))
    assert [each.agrees for each in (await report_of(year)).bulletins] == [True, False]
    year.ledger.close()


async def bulletin_in(year: Year) -> ScoreBulletin:
    """The bulletin as the product reads it from the ledger."""
    return await asyncio.to_thread(bulletin_from, year.ledger, PERIOD, None)


async def test_a_table_that_was_published_otherwise_is_named(tmp_path: Path, capsys: Any) -> None:
    """A score that does not follow from the events is told, by the command that needs nothing but Python."""
    year = await rehearsed_year(tmp_path / "year", seed=8, projects=2, milestones=2, days=130)
    table = table_of(year)
    said = published(recorded_scores(year.ledger), table, LI, "季度考核", year.instant.date())
    first, *others = said.scores
    forged = first.model_copy(update={"score": first.score + 100})
    await say(year, said.model_copy(update={"scores": (forged, *others)}))
    await year.end_a_period()
    place = year.export.write(tmp_path / "bundle", year.head(), year.extras())
    assert main(["score", str(place), PERIOD.name]) == 1
    assert "与公布的不一致，也没有裁定或更正可以说明" in capsys.readouterr().out
    assert main(["score", str(place), "2017"]) == 1
    assert "没有公布过" in capsys.readouterr().out
    year.ledger.close()


async def test_what_was_said_of_another_period_explains_no_difference(tmp_path: Path) -> None:
    """Another period's acts are no change of this one; its own excuse no figure that was false when published."""
    year = await rehearsed_year(tmp_path / "year", seed=8, projects=2, milestones=2, days=130)
    table, today = table_of(year), year.instant.date()
    said = published(recorded_scores(year.ledger), table, LI, "季度考核", today)
    first, *others = said.scores
    await say(
        year, said.model_copy(update={"scores": (first.model_copy(update={"score": first.score + 100}), *others)})
    )
    point = next(each for row in table.departments for each in row.points)
    fixed = ScoreCorrected(by=LI, reason="核对", on=today, period="2018-Q1", point="x", points=0, confirmed_by=WANG)
    false = ReportFalsified(
        by=LI,
        reason="不实",
        on=PERIOD.to_on + timedelta(days=1),
        department=point.department,
        project_id=point.project_id,
        milestone_id=point.milestone_id,
        event_id=point.event_id,
        confirmed_by=WANG,
    )
    await say(year, fixed)
    await say(year, false)
    report = await report_of(year)
    assert (report.agrees, report.changed_since) == (False, False)
    assert "也没有裁定或更正可以说明" in report.as_text()
    own = fixed.model_copy(update={"period": PERIOD.name, "point": point.key, "points": point.points})
    await say(year, own)
    report = await report_of(year)
    assert (report.agrees, report.changed_since) == (False, True)
    assert "也没有裁定或更正可以说明" in report.as_text()
    year.ledger.close()


async def test_an_act_about_scores_that_was_not_attested_so_is_named(tmp_path: Path) -> None:
    """The attestation is of the very words: another figure under it is an act of another."""
    year = await rehearsed_year(tmp_path / "year", seed=9, projects=2, milestones=2, days=130)
    said = published(recorded_scores(year.ledger), table_of(year), LI, "季度考核", year.instant.date())
    command = {"type": said.kind, **said.model_dump(mode="json", exclude_none=True), "reason": "别的"}
    attested = await attested_office_act(year.attestor, year.giver("李明"), SCORES_STREAM, command)
    await year.store.append_own(said.entry(attested))
    await year.end_a_period()
    assert verify(MemoryBundle(year.files()), year.trust()).codes() == {"acts.act_of_another"}
    year.ledger.close()
