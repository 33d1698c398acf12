"""Scores: `duban score`, the table with the event of each point, its publication, appeals and corrections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import click

from application.office import scoring
from application.office.named_givers import must_be_no_department
from application.office.office import Office
from application.settings import Settings
from domain.actors import Actor, department, operator
from domain.ids import record_name
from domain.rules.score_rules import ScoreRules
from domain.scoring import score_acts
from domain.scoring.bulletin_text import WHO_COUNTS
from domain.scoring.period import Period
from domain.scoring.point_names import point_name, point_named
from domain.scoring.points import RULE_WORDS
from domain.scoring.reported_record import ReportedRecord
from domain.scoring.score_acts import (
    AnyScoreAct,
    AppealRuled,
    ScoreAppealed,
    ScoreCorrected,
    ScorePublished,
)
from domain.scoring.table import differences, in_points
from entrypoints.bootstrap import engine_now, must_have_ledger, open_records, score_rules_in
from entrypoints.cli.acting import BY_OPERATOR, actor_given, as_given
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.in_locale import OwnWords
from entrypoints.cli.session import (
    OLD_FILE,
    err,
    json_option,
    ledger_options,
    out,
    print_json,
    replied,
    reply,
    run_async,
    settings_option,
    usual_options,
    wants_json,
)
from entrypoints.cli.signing import giving_office
from entrypoints.cli.tables import Table, Tables, tables_option
from verifier.bundle import UnreadableBundleError, bundle_at
from verifier.score_report import score_report

_RULES = click.option("--rules", type=OLD_FILE, help="得分规则文件（默认内置规则）")


Saying = Callable[[Office], Awaitable[AnyScoreAct]]


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something about scores, and why; who confirms it, where two do."""

    by: Actor
    reason: str
    confirmed_by: Actor | None

    @property
    def second(self) -> Actor:
        """Who confirms what two persons say."""
        assert self.confirmed_by is not None
        return self.confirmed_by


def saying(
    actor_of: Callable[[str], Actor], *, by: str, reason: str, by_two: bool = False
) -> Callable[[Callable[..., Saying]], Callable[..., None]]:
    """Make a shell command of a function that says something about scores: it is given what is `Said` and the options
    of its own. What was done and what comes next is told."""

    def decorate(function: Callable[..., Saying]) -> Callable[..., None]:
        @click.option("--reason", required=True, help=reason)
        @click.option("--by", required=True, help=by)
        @usual_options
        @wraps(function)
        def asked(settings: Settings, /, *, reason: str, by: str, confirmed_by: str | None = None, **own: Any) -> None:
            second = None if confirmed_by is None else actor_given(operator, confirmed_by, "--confirmed-by")
            said = Said(actor_given(actor_of, by), reason, second)
            work = function(said, **own)
            must_have_ledger(settings)
            act, elsewhere = run_async(_given(settings, said, work))
            if replied({"kind": act.kind, **act.model_dump(mode="json", exclude_none=True)}):
                return
            for line in filter(None, (_in_words(act), elsewhere)):
                err().print(line)

        second = click.option("--confirmed-by", required=True, help="确认人（须是办理人以外的督查人员）")
        return second(asked) if by_two else asked

    return decorate


async def _given(settings: Settings, said: Said, work: Saying) -> tuple[AnyScoreAct, str]:
    """What was said, and of a publication what is to be known besides."""
    async with giving_office(settings) as office:
        await must_be_no_department(office.records, said.by, said.confirmed_by)
        with as_given():
            act = await work(office)
        if not isinstance(act, ScorePublished):
            return act, ""
        return act, _elsewhere(await scoring.scored(office.records, scoring.period_of(act.period), None, act.on))


@click.group(cls=WordedGroup)
def score() -> None:
    """考核得分：按记录推算，每一分写明出自哪条记录；公布、申诉、更正。"""


@score.command()
@click.argument("period")
@_RULES
@click.option("--department", "only", help="只看一个部门")
@settings_option
@tables_option
def table(settings: Settings, tables: Tables, period: str, rules: Path | None, only: str | None) -> None:
    """一个考核期的得分（2018、2018-H1、2018-Q2、2018-06）；写明部门则逐项列出。只读台账。"""
    if only is not None and tables.file is not None:
        raise click.UsageError("-o 写的是各部门的得分表：请不要同时写 --department。")
    must_have_ledger(settings)
    given, of = _rules_of(rules), scoring.period_of(period)
    with open_records(settings) as records:
        now = records.clock.supervised(engine_now())
        found = asyncio.run(scoring.scored(records, of, given, now.date()))
    if wants_json():
        elsewhere = [
            {"point": key, "period": each.period, "points": each.holds} for key, each in found.elsewhere.items()
        ]
        known = {"published": found.is_published, "digest": found.table.digest(), "corrected_elsewhere": elsewhere}
        print_json({**known, **found.table.model_dump(mode="json")})
        return
    if only is None:
        _tell_table(tables, found)
    else:
        _tell_points(found, only)


@score.command("what-if")
@click.argument("rules", type=OLD_FILE)
@click.argument("period")
@ledger_options
def what_if(settings: Settings, rules: Path, period: str) -> None:
    """换一份得分规则，同样的记录会有什么不同：逐部门列出变化的得分和规则。只读台账。"""
    other, of = score_rules_in(rules), scoring.period_of(period)
    with open_records(settings) as records:
        now = records.clock.supervised(engine_now())
        foreseen = asyncio.run(scoring.foreseen(records, of, other, now.date()))
    was = foreseen.was
    found = differences(was, foreseen.would_be)
    by_rule = [each.model_dump(mode="json") for each in foreseen.by_rule]
    departments = [each.model_dump(mode="json") for each in found]
    if replied({"period": of.name, "departments": departments, "by_rule": by_rule}):
        return
    console = out()
    for each in found:
        changed = "，".join(f"{RULE_WORDS[rule]} {a} → {b}" for rule, (a, b) in each.rules.items())
        was_score, would_be = ("无" if score is None else in_points(score) for score in (each.was, each.would_be))
        told = f"{each.department} {was_score} → {would_be}"
        console.print(f"{told}（{changed}）" if changed else told)
    for effect in foreseen.by_rule:
        told = f"{effect.departments}个部门有变化，{effect.points}项得分不同，合计 {effect.sum:+d} 分。"
        console.print(f"单独改 {'、'.join(effect.rules)}：{told}")
    console.print(f"共{len(was.departments)}个部门，{len(found)}个有变化。")


@score.command()
@click.argument("period")
@_RULES
@saying(operator, by=BY_OPERATOR, reason="依据")
def publish(said: Said, period: str, rules: Path | None) -> Saying:
    """公布一个考核期的得分：规则和结果记入台账，此后可以申诉。"""
    of, given = scoring.period_of(period), _rules_of(rules)
    return lambda office: scoring.publish(office, of, said.by, said.reason, given)


@score.command()
@click.argument("period")
@click.argument("point")
@saying(department, by="申诉的部门", reason="申诉的理由")
def appeal(said: Said, period: str, point: str) -> Saying:
    """就本部门的一项得分申诉（编号见 duban score table --department）。"""
    of = scoring.period_of(period)
    return lambda office: scoring.appeal(office, of, said.by, said.reason, point_named(point))


@score.command()
@click.argument("period")
@click.argument("point")
@click.option("--grant", is_flag=True, help="同意申诉")
@click.option("--refuse", is_flag=True, help="不同意申诉")
@click.option("--points", type=int, help="同意的，改为多少分（扣分写负数，不扣写 0）")
@saying(operator, by=BY_OPERATOR, reason="裁定的理由")
def rule(said: Said, period: str, point: str, points: int | None, *, grant: bool, refuse: bool) -> Saying:
    """裁定一项申诉：由公布人以外的人同意或不同意。"""
    if grant == refuse:
        raise click.UsageError("请写明一项：--grant（同意）或 --refuse（不同意）。")
    of, key = scoring.period_of(period), point_named(point)
    return lambda office: scoring.rule(office, of, said.by, said.reason, key, granted=grant, points=points)


@score.command()
@click.argument("period")
@click.argument("point")
@click.option("--points", type=int, required=True, help="更正为多少分（扣分写负数，不扣写 0）")
@saying(operator, by=BY_OPERATOR, reason="更正的理由", by_two=True)
def correct(said: Said, period: str, point: str, points: int) -> Saying:
    """更正已公布的一项得分，须两人。"""
    of, key, second = scoring.period_of(period), point_named(point), said.second
    return lambda office: scoring.correct(office, of, said.by, said.reason, key, points=points, confirmed_by=second)


@score.command()
@click.argument("event_id")
@click.option("--milestone", required=True, help="哪个节点，如 2018-05a-03")
@click.option("--department", "whose", required=True, help="哪个部门的反馈不实")
@saying(operator, by=BY_OPERATOR, reason="认定的依据", by_two=True)
def falsified(said: Said, event_id: str, milestone: str, whose: str) -> Saying:
    """认定一条记录所说的不实（编号见 duban audit history），须两人。"""
    with as_given(department="--department", milestone_id="--milestone"):
        named = ReportedRecord.named(event_id, milestone, whose)
    return lambda office: scoring.find_false(office, named, said.by, said.reason, said.second)


@score.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.argument("period")
@json_option
def verify(bundle: Path, period: str) -> int:
    """由审计包独立重算一个已公布考核期的得分，与公布的对照；不用引擎和台账。"""
    try:
        opened = bundle_at(bundle)
    except (UnreadableBundleError, OSError) as error:
        raise click.UsageError(f"读不到审计包：{error}。") from error
    with closing(opened):
        report = score_report(opened, scoring.period_of(period).name)
    return reply(report.as_json(), report.as_text(), status=0 if report.agrees else 1)


_NAMED = 3
"""So many points are named where more were corrected elsewhere."""
_PUBLISH_AGAIN = "得分表已随之更新；下一步：再次公布（duban score publish）。"


def _in_words(act: AnyScoreAct) -> str:
    match act:
        case ScorePublished():
            until = act.on + timedelta(days=act.rules.appeal_within_days)
            if act.scores:
                next_step = f"下一步：各部门可在 {until} 以前（含当日）申诉（duban score appeal）。"
            else:
                next_step = "这一期没有部门有得分，没有可申诉的，不必再办。"
            return f"已公布 {act.period} 的得分（{len(act.scores)}个部门）。{next_step}"
        case score_acts.ScoreBulletinPublished():
            return (
                f"已发布 {act.period} 考核得分的通报。"
                f"下一步：导出印发（duban bulletin score {act.period} -o 文件）；"
                "各部门在督办台“本部门得分”页看得到本部门的部分。"
            )
        case ScoreAppealed():
            return f"已提出申诉：{point_name(act.point)}。下一步：由公布人以外的督查人员裁定（duban score rule）。"
        case AppealRuled():
            if act.points is None:
                how, next_step = "不同意，这一项不变", "申诉到此为止，不必再办。"
            else:
                how, next_step = f"同意，这一项改为{_counted(act.points)}", _PUBLISH_AGAIN
            return f"已裁定 {point_name(act.point)}：{how}。{next_step}"
        case ScoreCorrected():
            return f"已更正 {point_name(act.point)}：这一项改为{_counted(act.points)}。{_PUBLISH_AGAIN}"
        case _:
            name = record_name(act.event_id)
            return (
                f"已认定记录 {name} 不实，计入 {act.on} 所在各期的得分：按默认规则扣{ScoreRules().falsified}分，"
                f"公布时另用规则的按该规则（看：duban score table {act.on:%Y-%m}）。"
                "下一步：各期结束后公布（duban score publish）。"
            )


def _counted(points: int) -> str:
    if points == 0:
        return "不加不扣"
    return f"加{points}分" if points > 0 else f"扣{-points}分"


def _rules_of(path: Path | None) -> ScoreRules | None:
    return score_rules_in(path) if path else None


def _title(period: Period) -> str:
    return f"{period.name} 得分（{period.from_on} 至 {period.to_on}）"


def _tell_table(tables: Tables, scored: scoring.Scored) -> None:
    console, found = out(), scored.table
    numbers = ("得分", "牵头", "参与", "加分", "扣分")
    shown = Table("得分", ("部门", *numbers), _title(found.period), numbers=numbers)
    for row in found.departments:
        added = sum(point.holds for point in row.points if point.holds > 0)
        deducted = sum(point.holds for point in row.points if point.holds < 0)
        counts = (row.leads, row.takes_part, added, deducted)
        shown.add(OwnWords(row.department), in_points(row.score), *(each or "" for each in counts))
    tables.show(shown)
    standing = "已公布" if scored.is_published else f"未公布，截至 {found.until}"
    if found.until < found.period.from_on:
        standing = f"这一期 {found.period.from_on} 才开始，以上都是基础分"
    if scored.is_published and scored.book.changed_since_published(found.period.name):
        standing = "公布后有裁定或更正，以上是现在的得分，还没有再次公布（duban score publish）"
    if elsewhere := _elsewhere(scored):
        console.print(elsewhere)
    console.print(WHO_COUNTS)
    console.print(
        f"{standing}；按部门名称排列，不排名。逐项依据：duban score table {found.period.name} --department 部门"
    )


def _elsewhere(scored: scoring.Scored) -> str:
    """That points were corrected in a period within this one and not in it; empty where none was."""
    found = [*scored.elsewhere.values()]
    if not found:
        return ""
    named = "、".join(f"{point_name(each.point.key)}（{each.period}）" for each in found[:_NAMED])
    more = "……" if len(found) > _NAMED else ""
    period = scored.table.period.name
    return (
        f"有{len(found)}项得分在 {period} 之内的另一期改过（申诉或更正），{period} 没有改，仍按记录计：{named}{more}。"
        f"这一期也要改的，公布以后更正：duban score correct {period} 编号 --points 分数。"
    )


def _tell_points(scored: scoring.Scored, name: str) -> None:
    console, found, elsewhere = out(), scored.table, scored.elsewhere
    row = next((each for each in found.departments if each.is_of(name)), None)
    if row is None:
        told = f"{found.period.name} 没有部门“{name}”的得分：这一期没有它的到期事项，也没有计分；也请核对名称。"
        raise click.UsageError(told)
    formerly = f"（曾用名：{'、'.join(row.formerly)}）" if row.formerly else ""
    console.print(f"{_title(found.period)}　{row.department}{formerly} {in_points(row.score)}")
    for each in row.assignments:
        role = "牵头" if each.role == "lead" else "参与"
        if each.base is not None:
            console.print(f"{each.project_id}（{role}，权数{each.weight}）{each.score}分，基础{each.base}")
        else:
            console.print(f"{each.project_id}（{role}，权数{each.weight}）{each.score:+d}分，没有到期事项")
        for point in each.points:
            days = f"{point.days}天" if point.days is not None else ""
            corrected = f"（原为{point.points}）" if point.corrected is not None else ""
            if (other := elsewhere.get(point.key)) is not None:
                corrected = f"（{other.period}：{other.holds:+d}）"
            what = f"{point.on} {point.milestone_id or '整个项目'} {RULE_WORDS[point.rule]}{days}"
            console.print(f"    {point.holds:+d}{corrected} {what}　{point_name(point.key)}")
    if told := _elsewhere(scored):
        console.print(told)
