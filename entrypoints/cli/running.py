"""Running a year: embedded in the foreground, started on any engine, or rehearsed."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from application.engine_room.connecting import standard_configuration
from application.engine_room.data_folder import prepare_data_folder
from application.engine_room.embedded import EmbeddedEngine
from application.office.office import Office
from application.office.planning import apply_plan
from application.office.starting import Started, Year, clock_asked_for, must_agree
from application.settings import Settings
from domain.errors import EngineUnreachableError, NoWorkerError, ProjectUnavailableError
from domain.project import ProjectList
from entrypoints.at_work import working
from entrypoints.bootstrap import calendar_of, engine_now, ledger_place, load_plan, metrics_of, open_office, policy_of
from entrypoints.cli.register import present_register, register_table
from entrypoints.cli.session import (
    INSTANT,
    calendar_option,
    data_option,
    err,
    json_option,
    out,
    policy_option,
    print_json,
    run_async,
    settings_of,
)
from entrypoints.cli.startable import must_be_startable
from entrypoints.cli.upgrading import must_agree_with_this_build

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
    if listed is not None:
        must_be_startable(listed, settings)
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
            if embedded is not None:
                await must_agree_with_this_build(office)
            async with working(office, console=True):
                failed = False
                # Whatever cannot be started or shown now, the others are supervised: the engine stays.
                try:
                    if listed is not None:
                        year = await settled_year(office, listed, as_of, speed)
                        failed = _tell_results(await _start_with_progress(office, year))
                    await _show_register(office)
                except (EngineUnreachableError, ProjectUnavailableError) as error:
                    failed = True
                    err().print(f"{error.text}其他项目照常督办；稍后用 duban status 查看。", markup=False)
                    _tell_how_to_stop(office)
                await stopped.wait()
                err().print("正在停止……再次运行即从这里继续。")
                return 1 if failed else 0
    finally:
        if embedded is not None and ours:
            await asyncio.to_thread(embedded.down)


async def _show_register(office: Office) -> None:
    console = out()
    register, sick = await present_register(office)
    if register.projects or sick:
        console.print(register_table(register, sick))
    else:
        console.print("还没有启动任何清单：duban start 计划文件.yaml")
    if office.web_ui:
        console.print(f"Temporal 网页：{office.web_ui}/namespaces/{office.engine.client.namespace}/workflows")
    _tell_how_to_stop(office)


def _tell_how_to_stop(office: Office) -> None:
    console = out()
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
    must_be_startable(listed, settings)
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
        return await apply_plan(office.engine, ledger, year, by, lambda _: bar.advance(task))


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
