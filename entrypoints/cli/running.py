"""Running a year: embedded in the foreground, started on any engine, or rehearsed."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from application.engine_room.connecting import standard_configuration
from application.engine_room.data_folder import must_be_the_original, prepare_data_folder
from application.engine_room.loops import Beside, going_on
from application.office.office import Office
from application.office.present_register import present_register
from application.office.starting import OUTCOME_WORDS, Started
from application.office.starting_a_list import SUPERVISION_SECTION, Start, start_list
from application.rehearsing.copies import begin_from_the_record, let_time_go_on
from application.settings import Settings
from domain.clock import VirtualClock
from domain.errors import DubanError, EngineUnreachableError, InputError, ProjectUnavailableError
from domain.ids import is_sub_duty
from domain.ports.register import ProjectQuery
from domain.project import ProjectList
from domain.record.rehearsals import rehearsal_of
from entrypoints.api.codec import CODEC
from entrypoints.api.opened import API
from entrypoints.at_work import working
from entrypoints.bootstrap import calendar_of, engine_now, ledger_place, local_user, metrics_of, open_office, policy_of
from entrypoints.bootstrap.documents import documents_of
from entrypoints.bootstrap.engine_access import access_kept
from entrypoints.bootstrap.plan_files import load_plan
from entrypoints.cli.acting import person_given
from entrypoints.cli.counted_bar import counted_bar
from entrypoints.cli.in_locale import shown, told
from entrypoints.cli.own_engine import LOOKED_AT_EVERY_SECONDS, OwnEngine
from entrypoints.cli.own_folder import in_folder
from entrypoints.cli.register_filters import ROWS_OF_A_PAGE
from entrypoints.cli.register_table import short_register, tell_the_lag, tell_the_rest
from entrypoints.cli.results import grouped
from entrypoints.cli.session import (
    INSTANT,
    asked_to_stop,
    calendar_option,
    data_option,
    err,
    json_option,
    out,
    policy_option,
    replied,
    run_async,
    settings_of,
    settings_option,
)
from entrypoints.cli.signing import giving_office
from entrypoints.cli.startable import kept_rules_told, must_be_startable, tell_besides
from entrypoints.cli.tables import SCREEN
from entrypoints.cli.upgrading import must_agree_with_this_build
from entrypoints.desk.opened import OpenDesk, open_desk
from entrypoints.log_setup import configure_logging

_AGAIN_SECONDS = 5.0

as_of_option = click.option("--as-of", type=INSTANT, help="把今天当作这一天（默认实时）")
speed_option = click.option("--speed", type=click.IntRange(1, 10_000_000), default=1, help="日历快进倍数")


by_option = click.option(
    "--by",
    default=SUPERVISION_SECTION,
    show_default=True,
    callback=person_given,
    help="办理人姓名（写入变更和撤销的记录）",
)
confirmed_by_option = click.option(
    "--confirmed-by", callback=person_given, help="确认人姓名：清单将撤销较多在办项目时须两人"
)
yes_option = click.option(
    "--yes", is_flag=True, help="起始日期早于印发日期、引擎走着另一年的日历、名称或规则与清单、名册对不上时，也照样启动"
)


class _StartOptions(NamedTuple):
    """How a list is to be started, as the options say it."""

    as_of: date | datetime | None
    speed: int
    by: str
    yes: bool
    confirmed_by: str | None

    def start_of(self, listed: ProjectList, settings: Settings) -> Start:
        """The start of a list under the rules and the calendar of the settings."""
        return Start(listed, policy_of(settings), calendar_of(settings, listed.year), *self)


def _start_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options of whatever starts a list; its first arguments are the settings, and how it is to be started."""

    @as_of_option
    @speed_option
    @yes_option
    @policy_option
    @calendar_option
    @by_option
    @confirmed_by_option
    @data_option
    @click.pass_context
    @wraps(function)
    def called(
        context: click.Context, /, *, data: str | None, policy: str | None, calendar: str | None, **given: Any
    ) -> int:
        settings = settings_of(context, data=data, policy=policy, calendar=calendar)
        asked = _StartOptions(**{name: given.pop(name) for name in _StartOptions._fields})
        return function(settings, asked, **given)

    return called


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False), required=False)
@_start_options
def run(settings: Settings, asked: _StartOptions, plan: str | None) -> int:
    """在本机运行：启动内嵌引擎、督办程序和清单；再次运行即从中断处继续。"""
    if plan is None and (asked.as_of is not None or asked.speed != 1):
        raise InputError(
            "没有启动：--as-of、--speed 说的是清单从哪一天、走多快；请同时写计划文件，或在督办台启动时写这一天。"
        )
    listed = load_plan(Path(plan)) if plan else None
    if listed is not None:
        must_be_startable(listed, settings)
    # Whatever of the settings cannot be used is refused before anything is made.
    policy_of(settings)
    documents_of(settings, settings.papers_folder)
    prepare_data_folder(settings)
    must_be_the_original(settings)
    return run_async(_run(settings, asked.start_of(listed, settings) if listed is not None else None))


async def _run(settings: Settings, start: Start | None) -> int:
    stopped = asked_to_stop()
    engine = OwnEngine(settings, stopped) if standard_configuration() is None else None
    if engine is not None:
        await engine.up()
    try:
        async with open_office(settings, giver=local_user(), **metrics_of(settings)) as office:
            await office.engine.prepare_namespace()
            if engine is not None:
                await must_agree_with_this_build(office)
            await let_time_go_on(office.records, engine_now())
            kept_up = [Beside("engine", LOOKED_AT_EVERY_SECONDS, engine.look)] if engine is not None else []
            async with working(office, console=shown), going_on(kept_up), AsyncExitStack() as opened:
                desk = await _desk_beside(office, opened)
                beginning = asyncio.create_task(_begun(office, start, desk))
                stopping = asyncio.create_task(stopped.wait())
                await asyncio.wait((beginning, stopping), return_when=asyncio.FIRST_COMPLETED)
                failed = await beginning if beginning.done() else await _given_up(beginning)
                await stopping
                err().print("正在停止……再次运行即从这里继续；一分钟内停不下来的会自动结束，也可再按一次 Ctrl-C。")
                return 1 if failed or (engine is not None and engine.moved) else 0
    finally:
        if engine is not None:
            await engine.down()


async def _desk_beside(office: Office, opened: AsyncExitStack) -> OpenDesk | None:
    """Open the web desk; where it cannot be, say so: the projects are supervised all the same."""
    try:
        return await opened.enter_async_context(open_desk(office, API, CODEC))
    except (DubanError, OSError) as error:
        _tell_that_there_is_no_desk(error)
        return None


def _tell_that_there_is_no_desk(error: DubanError | OSError) -> None:
    why = error.text if isinstance(error, DubanError) else f"{error}。"
    err().print(f"督办台没有打开，督办照常进行：{why}改正后重新运行即可。")


async def _begun(office: Office, start: Start | None, desk: OpenDesk | None) -> bool:
    """Start what is missing and show the register, again until the engine answers; say whether something failed.

    Whatever cannot be started or shown now, the others are supervised: the engine stays.
    """
    told: str | None = None
    while True:
        try:
            failed = False
            if await asyncio.to_thread(rehearsal_of, office.records.ledger) is not None:
                begun = await begin_from_the_record(office)
                err().print(f"这是演练副本，不是正式的一年：通道关闭，文书注明“演练”；续办 {begun} 个项目。")
            if start is not None:
                failed = _tell_results((await _start_with_progress(office, start, at_work=True))[1])
            await _show_register(office, desk)
        except (EngineUnreachableError, ProjectUnavailableError) as error:
            if error.text != told:
                told = error.text
                err().print(f"{told}其他项目照常督办；过{_AGAIN_SECONDS:.0f}秒再试。")
        else:
            return failed
        await asyncio.sleep(_AGAIN_SECONDS)


async def _given_up(beginning: asyncio.Task[bool]) -> bool:
    """Somebody stops us before all has begun: that is a failure, and the next run goes on with it."""
    beginning.cancel()
    with suppress(asyncio.CancelledError):
        await beginning
    return True


async def _show_register(office: Office, desk: OpenDesk | None) -> None:
    console = out()
    query = ProjectQuery(limit=ROWS_OF_A_PAGE)
    present = await present_register(office, query)
    if present.page.count or present.sick:
        SCREEN.show(short_register(present.as_of, present.page.rows, present.sick))
        tell_the_rest(present.page.lies, len(present.page.rows), present.page.count, "个项目")
        tell_the_lag(present.standing)
    else:
        console.print("还没有启动任何清单：duban start 计划文件.yaml")
    if office.web_ui:
        console.print(f"Temporal 网页：{office.web_ui}/namespaces/{office.engine.client.namespace}/workflows")
        if desk is not None and office.settings.payloads == "sealed":
            where = f"{desk.address.rstrip('/')}{CODEC.path}"
            console.print(
                "    那里的内容是加密的。要阅读：督查人员先登录督办台，再点网页右上角的眼镜图标（Codec Server），"
                f"选用浏览器的设置，填 {where}，并允许携带凭据（include cross-origin credentials）。",
                soft_wrap=True,
            )
    begin: tuple[str, ...] = ()
    if desk is not None:
        try:
            begin = ("", *await where_the_desk_is(desk))
        except DubanError as error:
            _tell_that_there_is_no_desk(error)
    _tell_how_to_stop(office, begin)


async def where_the_desk_is(desk: OpenDesk) -> tuple[str, ...]:
    """Where the web desk is, and where its first administrator sets himself up as long as nobody can sign in: a line of
    its own, to be found and copied."""
    first = await desk.first_address()
    at = f"督办台：{desk.address}"
    return (at,) if first is None else (at, "第一次使用：请在浏览器打开下面这个一次性链接，设立管理员。", first)


def _tell_how_to_stop(office: Office, begin: Sequence[str]) -> None:
    """Say where everything is and how it is stopped; last, and apart, where one goes on."""
    console = out()
    console.print(f"数据目录：{office.settings.data.resolve()}（文书 papers/，发文 outbox/）")
    console.print(f"台账：{ledger_place(office.settings)}")
    if office.settings.log_format == "auto":
        console.print(f"运行日志：{office.settings.log_file.resolve()}")
    # Another terminal stands in another place, without this one's environment: the folder is named whole.
    here = told("按 Ctrl-C 停止；另开一个终端可用 duban status、duban report 等。")
    stop = in_folder(here, office.settings.data.resolve(), _program())
    # In one piece: whoever waits for a line of it finds all of it.
    console.print("\n".join((stop, *begin)), soft_wrap=True)
    console.file.flush()


def _program() -> str:
    """The program as another terminal finds it: `make run` calls one that is on no path."""
    return "duban" if shutil.which("duban") else shlex.quote(str(Path(sys.argv[0]).absolute()))


@click.command()
@settings_option
def desk(settings: Settings) -> int:
    """督办台：单独运行网页督办台（生产环境；duban run 已自带）。"""
    return run_async(_desk(settings))


async def _desk(settings: Settings) -> int:
    stopped = asked_to_stop()
    configure_logging(settings.log_format, settings.log_level)
    async with open_office(settings, giver=local_user()) as office:
        await office.records.log.open()
        await office.records.doors.open()
        async with going_on([access_kept(settings, office.engine)]), open_desk(office, API, CODEC) as desk:
            out().print("\n".join(await where_the_desk_is(desk)), soft_wrap=True)
            await stopped.wait()
    return 0


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False))
@_start_options
@json_option
def start(settings: Settings, asked: _StartOptions, plan: str) -> int:
    """启动一份计划：新增、变更、撤销，可重复执行，逐项报告结果。"""
    listed = load_plan(Path(plan))
    must_be_startable(listed, settings)
    beginning = asked.start_of(listed, settings)

    async def started() -> tuple[VirtualClock, list[Started]]:
        async with giving_office(settings) as office:
            await office.engine.prepare_namespace()
            return await _start_with_progress(office, beginning)

    clock, results = run_async(started())
    rows = [{"project_id": r.project_id, "outcome": r.outcome, "text": r.text} for r in results]
    if not replied({"as_of": clock.supervised(engine_now()).isoformat(), "projects": rows}):
        _tell_results(results, everything=True)
    return 1 if any(result.outcome == "failed" for result in results) else 0


async def _start_with_progress(
    office: Office, start: Start, *, at_work: bool = False
) -> tuple[VirtualClock, list[Started]]:
    with counted_bar("启动清单") as bar:
        bar.expect(len(start.listed.projects))
        started = await start_list(office, start, bar.advance, at_work=at_work)
    tell_besides(await asyncio.to_thread(kept_rules_told, start.policy, start.listed, office.records.ledger))
    return started


def _counted(results: list[Started]) -> str:
    counts = Counter(result.outcome for result in results)
    return "，".join(f"{OUTCOME_WORDS[outcome]}{count}项" for outcome, count in counts.items())


def _tell_results(results: list[Started], *, everything: bool = False) -> bool:
    counts = Counter(result.outcome for result in results)
    console = out() if everything else err()
    told = [each for each in results if everything or each.outcome not in ("started", "running")]
    for line in grouped(told, OUTCOME_WORDS):
        console.print(line)
    rows = [result for result in results if not is_sub_duty(result.project_id)]
    parts = [result for result in results if is_sub_duty(result.project_id)]
    unchanged = "没有变化。" if results and set(counts) <= {"running", "closed"} else ""
    besides = f"另有分解任务{len(parts)}项：{_counted(parts)}。" if parts else ""
    console.print(f"清单共{len(rows)}项：{_counted(rows)}。{besides}{unchanged}")
    if everything and counts["started"] and not counts["failed"]:
        err().print("下一步：duban status 看登记簿；各部门的账号由管理员在督办台或用 duban account open 开设。")
    return bool(counts["failed"])
