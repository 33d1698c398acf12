"""Running a year: embedded in the foreground, started on any engine, or rehearsed."""

from __future__ import annotations

import asyncio
import csv
import signal
import tempfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from domain.errors import InputError, NoWorkerError
from domain.papers import PAPER_KINDS
from domain.project import ProjectList
from domain.views import RegisterView
from entrypoints.bootstrap import (
    Office,
    activities_of,
    calendar_of,
    engine_now,
    ledger_place,
    load_plan,
    metrics_of,
    open_office,
    open_records,
    policy_of,
    prepare_data_folder,
    working,
)
from entrypoints.cli.register import register_table
from entrypoints.cli.session import INSTANT, data_option, err, json_option, out, print_json, run_async, settings_of
from entrypoints.embedded import EmbeddedEngine
from entrypoints.engine import gathered, standard_configuration
from entrypoints.history import recorded_projects
from entrypoints.planning import apply_plan
from entrypoints.rehearsal import Rehearsed, RehearsedPaper, behaviour_of, report
from entrypoints.rehearsal import rehearse as rehearse_year
from entrypoints.settings import Settings
from entrypoints.year import Started, Year, clock_asked_for, must_agree

_KIND_WORDS = {
    "supervision_order": "督查通知单",
    "reminder": "提醒",
    "urge": "催办单",
    "escalation_order": "督办单",
    "inspection_record": "督查记录",
    "return_notice": "退办通知",
}
_OUTCOME_WORDS = {
    "started": "已启动",
    "running": "此前已启动",
    "differs": "与清单不同",
    "amended": "已变更",
    "withdrawn": "已撤销",
    "closed": "已结束",
    "failed": "失败",
}
SUPERVISION_SECTION = "督查人员"

policy_option = click.option("--policy", type=click.Path(dir_okay=False), help="督办规则文件（默认内置规则）")
calendar_option = click.option("--calendar", type=click.Path(dir_okay=False), help="补充或更改节假日安排的文件")
as_of_option = click.option("--as-of", type=INSTANT, help="把今天当作这一天（默认实时）")
speed_option = click.option("--speed", type=click.IntRange(1, 10_000_000), default=1, help="日历快进倍数")


async def settled_year(office: Office, listed: ProjectList, as_of: date | datetime | None, speed: int) -> Year:
    """The year to start, under the installation's one calendar: the one kept, or the one asked for."""
    asked = clock_asked_for(as_of, speed, engine_now())
    kept = office.records.ledger.clock()
    if kept is not None:
        must_agree(kept, asked, str(office.settings.data), asked_at_all=as_of is not None or speed != 1)
    clock = kept or await office.records.ledger.settle_clock(asked)
    return Year(listed, policy_of(office.settings), calendar_of(office.settings, listed.year), clock)


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False), required=False)
@as_of_option
@speed_option
@policy_option
@calendar_option
@data_option
@click.pass_context
def run(
    context: click.Context,
    plan: str | None,
    as_of: date | datetime | None,
    speed: int,
    policy: str | None,
    calendar: str | None,
    data: str | None,
) -> int:
    """在本机运行：启动内嵌引擎、督办进程和清单；再次运行即从中断处继续。"""
    settings = settings_of(context, data=data, policy=policy, calendar=calendar)
    listed = load_plan(Path(plan)) if plan else None
    policy_of(settings)
    prepare_data_folder(settings)
    return run_async(_run(settings, listed, as_of, speed))


async def _run(settings: Settings, listed: ProjectList | None, as_of: date | datetime | None, speed: int) -> int:
    stopped = asyncio.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(stop, stopped.set)
    embedded = EmbeddedEngine(settings) if standard_configuration() is None else None
    ours = False
    if embedded is not None:
        ours = embedded.running() is None
        err().print("启动引擎……" if ours else "引擎已在运行。")
        await embedded.up()
    try:
        async with open_office(settings, **metrics_of(settings)) as office:
            await office.engine.prepare_namespace()
            async with working(office, console=True):
                failed = False
                if listed is not None:
                    year = await settled_year(office, listed, as_of, speed)
                    failed = _tell_results(await _start_with_progress(office, year))
                await _show_register(office)
                await stopped.wait()
                err().print("正在停止……再次运行即从这里继续。")
                return 1 if failed else 0
    finally:
        if embedded is not None and ours:
            await asyncio.to_thread(embedded.down)


async def _show_register(office: Office) -> None:
    console = out()
    projects = recorded_projects(office.records.ledger)
    if projects:
        views = await gathered(office.engine, projects)
        console.print(register_table(RegisterView(as_of=office.now(), projects=tuple(views))))
    else:
        console.print("还没有启动任何清单：duban start 计划文件.yaml")
    if office.web_ui:
        console.print(f"Temporal 网页：{office.web_ui}/namespaces/{office.engine.client.namespace}/workflows")
    console.print(f"数据目录：{office.settings.data.resolve()}（文书 papers/，发文 outbox/）")
    console.print(f"台账：{ledger_place(office.settings)}")
    console.print("按 Ctrl-C 停止；另开一个终端可用 duban status、duban report 等。")
    console.file.flush()


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False))
@as_of_option
@speed_option
@policy_option
@calendar_option
@click.option("--by", default=SUPERVISION_SECTION, show_default=True, help="办理人姓名（写入变更和撤销的记录）")
@data_option
@json_option
@click.pass_context
def start(
    context: click.Context,
    plan: str,
    as_of: date | datetime | None,
    speed: int,
    policy: str | None,
    calendar: str | None,
    by: str,
    data: str | None,
    as_json: bool,
) -> int:
    """启动一份计划（等同 python starter.py）：新增、变更、撤销，可重复执行，逐项报告结果。"""
    settings = settings_of(context, data=data, policy=policy, calendar=calendar)
    listed = load_plan(Path(plan))
    policy_of(settings)
    return run_async(_start(settings, listed, as_of, speed, by, as_json=as_json))


async def _start(
    settings: Settings, listed: ProjectList, as_of: date | datetime | None, speed: int, by: str, *, as_json: bool
) -> int:
    async with open_office(settings) as office:
        await office.engine.prepare_namespace()
        try:
            await office.engine.must_have_worker()
        except NoWorkerError as error:
            # Nothing was asked of the engine yet: no calendar is settled, no supervision waits for somebody to come.
            results = [Started(project.project_id, "failed", error.text) for project in listed.projects]
            clock = office.records.ledger.clock() or clock_asked_for(as_of, speed, engine_now())
        else:
            year = await settled_year(office, listed, as_of, speed)
            clock, results = year.clock, await _start_with_progress(office, year, by)
    if as_json:
        rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
        print_json({"as_of": clock.supervised(engine_now()).isoformat(), "projects": rows})
        failed = any(result.outcome == "failed" for result in results)
    else:
        failed = _tell_results(results, everything=True)
    return 1 if failed else 0


async def _start_with_progress(office: Office, year: Year, by: str = SUPERVISION_SECTION) -> list[Started]:
    console = err()
    columns = (TextColumn("启动清单"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("启动", total=len(year.listed.projects))
        ledger = office.records.ledger
        return await apply_plan(office.engine, ledger, year, engine_now(), by, lambda _: bar.advance(task))


def _tell_results(results: list[Started], *, everything: bool = False) -> bool:
    counts = Counter(result.outcome for result in results)
    console = out() if everything else err()
    for result in results:
        if everything or result.outcome not in ("started", "running"):
            console.print(f"{result.project_id} {_OUTCOME_WORDS[result.outcome]} {result.text}".rstrip())
    summary = "，".join(f"{_OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())
    unchanged = "没有变化。" if results and set(counts) <= {"running", "closed"} else ""
    console.print(f"清单共{len(results)}项：{summary}。{unchanged}")
    return bool(counts["failed"])


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False))
@click.option("--behaviour", default="silent", help="on-time（按期）、silent（都不报）、late:天数、silent:部门")
@policy_option
@calendar_option
@click.option("-o", "folder", type=click.Path(file_okay=False), help="把文书清单和按日、按部门的统计写入目录")
@json_option
@click.pass_context
def rehearse(
    context: click.Context,
    plan: str,
    behaviour: str,
    policy: str | None,
    calendar: str | None,
    folder: str | None,
    as_json: bool,
) -> None:
    """演练一年：几十秒内在真实引擎上走完全年，列出会发出的每一份文书。"""
    settings = settings_of(context, policy=policy, calendar=calendar, log_level="error")
    listed = load_plan(Path(plan))
    script = behaviour_of(behaviour, listed)
    year = Year(listed, policy_of(settings), calendar_of(settings, listed.year), clock_asked_for(None, 1, engine_now()))
    console = err()

    async def play() -> Rehearsed:
        with tempfile.TemporaryDirectory(prefix="duban-rehearsal-") as scratch:
            # Played, not lived: nothing of it may reach the installation's own ledger, wherever that is.
            rehearsal = settings.model_copy(update={"data": Path(scratch) / "data", "ledger_url": None})
            with open_records(rehearsal) as records:
                activities = activities_of(records, rehearsal.papers_folder, rehearsal.outbox_folder, settings.issuer)
                columns = (TextColumn("演练 {task.fields[day]}"), BarColumn())
                with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
                    task = bar.add_task("演练", total=None, day="")

                    def advance(now: datetime, end: datetime) -> None:
                        begin = datetime.combine(listed.issued_on, datetime.min.time(), tzinfo=now.tzinfo)
                        total, done = (end - begin).days, (now - begin).days
                        bar.update(task, total=total, completed=done, day=f"{now:%Y-%m-%d}")

                    begin, end, seconds = await rehearse_year(year, script, activities, advance)
                events = sum(1 for _ in records.ledger.entries())
                return report(records.outbox.papers(), begin, end, events, seconds)

    rehearsed = run_async(play())
    if folder:
        _write_report(Path(folder), rehearsed)
    if as_json:
        document = rehearsed.model_dump(mode="json", exclude={"start", "end"})
        print_json({"from": str(rehearsed.start.date()), "to": str(rehearsed.end.date()), **document})
    else:
        _tell_rehearsal(rehearsed, behaviour)


def _tell_rehearsal(rehearsed: Rehearsed, behaviour: str) -> None:
    console = out()
    console.print(
        f"演练“{behaviour}”：{rehearsed.start:%Y-%m-%d} 至 {rehearsed.end:%Y-%m-%d}，"
        f"共 {len(rehearsed.papers)} 份文书、{rehearsed.events} 条记录，用时 {rehearsed.seconds} 秒。"
    )
    for title, rows in (("按日（高峰在前）", _peaks(rehearsed, by_day=True)), ("按收文方", _peaks(rehearsed))):
        table = Table(title=title, title_justify="left")
        table.add_column("日期" if "日" in title else "收文方", no_wrap=True)
        for kind in PAPER_KINDS:
            table.add_column(_KIND_WORDS[kind], justify="right")
        table.add_column("合计", justify="right")
        for name, kinds in rows:
            table.add_row(name, *(str(kinds[kind] or "") for kind in PAPER_KINDS), str(kinds.total()))
        console.print(table)
    table = Table(title="全部文书", title_justify="left")
    for heading in ("日期", "文书", "收文方", "节点"):
        table.add_column(heading, no_wrap=heading == "日期")
    for paper in rehearsed.papers:
        level = f"（{paper.level}）" if paper.level else ""
        table.add_row(str(paper.on), _KIND_WORDS[paper.kind] + level, paper.to, paper.milestone_id or paper.project_id)
    console.print(table)


def _peaks(rehearsed: Rehearsed, *, by_day: bool = False) -> list[tuple[str, Counter[str]]]:
    def name(paper: RehearsedPaper) -> str:
        return str(paper.on) if by_day else paper.to

    groups: dict[str, Counter[str]] = {}
    for paper in rehearsed.papers:
        groups.setdefault(name(paper), Counter())[paper.kind] += 1
    rows = sorted(groups.items(), key=lambda row: (-row[1].total(), row[0]))
    return rows[:10] if by_day else rows


def _write_report(folder: Path, rehearsed: Rehearsed) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rehearsal.json").write_text(rehearsed.model_dump_json(indent=2) + "\n", encoding="utf-8")
        # With a byte order mark, or a spreadsheet reads the Chinese as something else.
        with (folder / "papers.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["日期", "文书", "级别", "收文方", "项目", "节点"])
            writer.writerows(
                [p.on, _KIND_WORDS[p.kind], p.level or "", p.to, p.project_id, p.milestone_id or ""]
                for p in rehearsed.papers
            )
    except OSError as error:
        raise InputError(f"演练结果写不进目录 {folder}：{error.strerror}。") from error
