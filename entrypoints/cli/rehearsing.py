"""Rehearsing a year: every paper that would go out, the burden of each addressee, and the lights by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TextColumn

from application.office.starting import Year, clock_asked_for
from application.rehearsing.behaviours import behaviour_of
from application.rehearsing.rehearsal import Rehearsed, RehearsedPaper, rehearse_list
from domain.errors import InputError
from domain.os_faults import os_fault
from domain.papers.mail_cap import MonthOfPapers
from domain.papers.paper import LEVEL_WORDS, PAPER_KINDS, PAPER_TITLES, titled
from domain.seeing.daily_lights import DayLight
from entrypoints.bootstrap import calendar_of, engine_now, policy_of, rehearsal_premises
from entrypoints.bootstrap.documents import documents_of
from entrypoints.bootstrap.plan_files import load_plan
from entrypoints.cli.in_locale import OwnWords, shown, told
from entrypoints.cli.inquiry import tell_foreseen
from entrypoints.cli.session import (
    calendar_option,
    err,
    json_option,
    out,
    policy_option,
    print_json,
    replied,
    run_async,
    settings_of,
    wants_json,
)
from entrypoints.cli.startable import must_be_startable, tell_unmatched
from entrypoints.cli.tables import SCREEN, Table
from entrypoints.desk.exports import as_csv
from entrypoints.desk.listings import LIGHT_WORDS

_DAYS_SHOWN = 10


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False))
@click.option(
    "--behaviour",
    default="silent",
    help="on-time（按期）、early:天数（提前办结）、silent（都不报）、late:天数、silent:部门、mixed（各种文书都有）",
)
@policy_option
@calendar_option
@click.option("-o", "folder", type=click.Path(file_okay=False), help="把文书清单、每月收文和灯的变化写入目录")
@click.option("--documents", is_flag=True, help="连同每一份文书（.docx）写入 -o 的目录，供启动前过目")
@click.option(
    "--what-if",
    "other",
    type=click.Path(exists=True, dir_okay=False),
    help="另一份督办规则：同样的办理，各条规则单独改、一并改会有哪些不同（不列文书）",
)
@json_option
@click.pass_context
def rehearse(
    context: click.Context,
    plan: str,
    behaviour: str,
    policy: str | None,
    calendar: str | None,
    folder: str | None,
    documents: bool,
    other: str | None,
) -> None:
    """演练一年：几十秒内在真实引擎上走完全年，列出会发出的每一份文书。"""
    settings = settings_of(context, policy=policy, calendar=calendar, log_level="error")
    if documents and not folder:
        raise click.UsageError("--documents 把文书写入目录，请用 -o 写明目录。")
    papers = Path(folder or ".") / "papers"
    if documents and papers.exists():
        raise InputError(f"目录 {papers} 已经存在，演练的文书不与旧的混在一起：请移走它，或用 -o 另选目录。")
    store = documents_of(settings, papers) if documents else None
    listed = load_plan(Path(plan))
    must_be_startable(listed, settings)
    script = behaviour_of(behaviour, listed)
    year = Year(listed, policy_of(settings), calendar_of(settings, listed.year), clock_asked_for(None, 1, engine_now()))
    what_if = policy_of(settings.model_copy(update={"policy": Path(other)})) if other else None
    tell_unmatched(listed, year.policy, *([what_if] if what_if else []))
    console = err()
    columns = (TextColumn(f"{told('演练')} {{task.fields[day]}}"), BarColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("演练", total=None, day="")

        def advance(now: datetime, end: datetime) -> None:
            begin = datetime.combine(listed.issued_on, datetime.min.time(), tzinfo=now.tzinfo)
            total, done = (end - begin).days, (now - begin).days
            bar.update(task, total=total, completed=done, day=f"{now:%Y-%m-%d}")

        premises = partial(rehearsal_premises, settings)
        rehearsed, lights, otherwise = run_async(
            rehearse_list(year, script, premises, advance, lights=bool(folder), documents=store, what_if=what_if)
        )
    if folder:
        _write_report(Path(folder), rehearsed, lights)
    if otherwise is not None:
        if not replied(otherwise):
            tell_foreseen(otherwise)
    elif wants_json():
        # The interface's keys alone; the burden follows from the papers and stands in the report's folder.
        document = rehearsed.model_dump(mode="json", include={"papers", "counts", "events", "seconds"})
        print_json({"from": str(rehearsed.start.date()), "to": str(rehearsed.end.date()), **document})
    else:
        _tell_rehearsal(rehearsed, behaviour)


def _tell_rehearsal(rehearsed: Rehearsed, behaviour: str) -> None:
    console = out()
    console.print(
        f"演练“{behaviour}”：{rehearsed.start:%Y-%m-%d} 至 {rehearsed.end:%Y-%m-%d}，"
        f"共 {len(rehearsed.papers)} 份文书、{rehearsed.events} 条记录，用时 {rehearsed.seconds} 秒。"
    )
    SCREEN.show(_by_day(rehearsed, _DAYS_SHOWN), _by_addressee(rehearsed))
    _tell_burden(rehearsed)
    table = Table("全部文书", ("日期", "文书", "收文方", "节点"), "全部文书", whole={"日期"})
    for paper in rehearsed.papers:
        about = paper.milestone_id or paper.project_id
        table.add(str(paper.on), titled(paper.kind, paper.level), OwnWords(paper.to), about)
    SCREEN.show(table)


def _by_day(rehearsed: Rehearsed, most: int | None = None) -> Table:
    return _counted(rehearsed, "按日（高峰在前）", "日期", lambda paper: str(paper.on), most)


def _by_addressee(rehearsed: Rehearsed) -> Table:
    return _counted(rehearsed, "按收文方", "收文方", lambda paper: paper.to)


def _counted(
    rehearsed: Rehearsed, title: str, by: str, name: Callable[[RehearsedPaper], str], most: int | None = None
) -> Table:
    """How many papers of each kind, most first; the kinds are those of the rows that are shown."""
    groups: dict[str, Counter[str]] = {}
    for paper in rehearsed.papers:
        groups.setdefault(name(paper), Counter())[paper.kind] += 1
    rows = sorted(groups.items(), key=lambda row: (-row[1].total(), row[0]))[:most]
    there = [kind for kind in PAPER_KINDS if any(kinds[kind] for _, kinds in rows)]
    numbers = (*(PAPER_TITLES[kind] for kind in there), "合计")
    table = Table(title, (by, *numbers), title, whole={by}, numbers=numbers)
    for named, kinds in rows:
        table.add(OwnWords(named), *(kinds[kind] or "" for kind in there), kinds.total())
    return table


def _tell_burden(rehearsed: Rehearsed) -> None:
    """Each addressee's papers by month (copies included), and what the caps held back."""
    months = sorted({each.month for each in rehearsed.burden})
    addressees = dict.fromkeys(each.addressee for each in rehearsed.burden)
    found = {(each.addressee, each.month): each for each in rehearsed.burden}
    title = "每月收文（含抄送；“-n”为超出每月上限而不发的提醒）"
    numbers = tuple(month[2:] for month in months)
    table = Table("每月收文", ("收文方", *numbers), title, whole={"收文方", *numbers}, numbers=numbers)
    for addressee in addressees:
        table.add(OwnWords(addressee), *(_month_cell(found.get((addressee, month))) for month in months))
    SCREEN.show(table)
    if rehearsed.inspections_not_opened:
        out().print(f"因超出每月督查次数上限未开展的督查：{rehearsed.inspections_not_opened} 次。")


def _month_cell(found: MonthOfPapers | None) -> str:
    if found is None:
        return ""
    return f"{found.sent}" + (f" -{found.withheld}" if found.withheld else "")


def _write_report(folder: Path, rehearsed: Rehearsed, lights: Sequence[DayLight]) -> None:
    papers = (
        [
            p.on,
            told(PAPER_TITLES[p.kind]),
            shown(LEVEL_WORDS[p.level]) if p.level else "",
            p.to,
            p.project_id,
            p.milestone_id or "",
        ]
        for p in rehearsed.papers
    )
    burden = ([b.addressee, b.month, b.sent, b.withheld] for b in rehearsed.burden)
    changes = (
        [
            light.day,
            light.project_id,
            light.milestone_id or "",
            light.department or "",
            shown(LIGHT_WORDS[light.colour]),
            told(light.explanation),
        ]
        for light in sorted(lights, key=lambda each: each.day)
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rehearsal.json").write_text(rehearsed.model_dump_json(indent=2) + "\n", encoding="utf-8")
        _write_table(folder / "papers.csv", ["日期", "文书", "级别", "收文方", "项目", "节点"], papers)
        _write_table(folder / "burden.csv", ["收文方", "月份", "发出", "超限不发"], burden)
        for name, table in (("days", _by_day(rehearsed)), ("addressees", _by_addressee(rehearsed))):
            _write_table(folder / f"{name}.csv", table.heads, table.told())
        _write_table(folder / "lights.csv", ["日期", "项目", "节点", "参与部门", "灯", "说明"], changes)
    except OSError as error:
        raise InputError(f"演练结果写不进目录 {folder}（{os_fault(error)}）：请检查权限，或另选目录。") from error


def _write_table(file: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    file.write_bytes(as_csv([shown(each) for each in heading], list(rows)))
