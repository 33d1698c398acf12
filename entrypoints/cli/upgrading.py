"""Changing the code under running years: may this build take over, which builds are there, which one is current."""

from __future__ import annotations

import click

from application.audit.preflight import Preflight, preflight
from application.engine_room.build import build_id, none_agrees, worked_last, works_now
from application.engine_room.versions import Build, builds, make_current
from application.office.office import Office
from application.settings import Settings
from domain.errors import DubanError
from domain.ids import record_name
from entrypoints.bootstrap import open_office
from entrypoints.cli.counted_bar import counted_bar
from entrypoints.cli.in_locale import told
from entrypoints.cli.session import err, out, replied, run_async, settings_option, usual_options


@click.command(name="preflight")
@click.option("--closed", is_flag=True, help="已结束的运行也重放（审计用得到的全部历史）")
@usual_options
def preflight_command(settings: Settings, closed: bool) -> int:
    """升级前检查：用现在安装的程序重放所有在办的历史，逐项指出不符之处；不改变任何东西。"""
    found = run_async(_replayed(settings, closed=closed))
    if not replied(found):
        tell_differences(found)
        differ = (
            f"以上{len(found.differences)}个流程与这套新程序不符，换上后会停住："
            "请先不要升级，把以上各行交给维护人员；不升级，督办照常进行。"
            if found.differences
            else "全部相符，可以升级。"
        )
        out().print(f"重放了{found.workflows}个流程、{found.history_events}个历史事件：{differ}")
    return 1 if found.differences else 0


async def _replayed(settings: Settings, *, closed: bool) -> Preflight:
    async with open_office(settings, as_it_stands=True) as office:
        return await replayed_with_progress(office, closed=closed)


async def replayed_with_progress(office: Office, *, closed: bool = False) -> Preflight:
    """The preflight of an installation, with a bar where a person looks on."""
    with counted_bar("重放历史") as bar:
        return await preflight(office.archive, closed=closed, on_open=bar.expect, on_each=bar.advance)


def tell_differences(found: Preflight) -> None:
    """One line for each workflow that differs: which, and where."""
    for verdict in found.differences:
        out().print(f"{record_name(verdict.workflow_id)} {told(verdict.problem or '')}")


async def must_agree_with_this_build(office: Office) -> None:
    """Where another build worked last on this data folder's engine, replay what is open, and say what differs.

    The others go on: one project whose history differs stops no other. It is asked again until all agree.
    """
    folder, console = office.settings.engine_folder, err()
    if worked_last(folder) == build_id():
        return
    none_agrees(folder)
    try:
        found = await replayed_with_progress(office)
    except DubanError as error:
        console.print(error.text)
        return
    if not found.differences:
        works_now(folder)
        return
    for verdict in found.differences:
        console.print(f"{record_name(verdict.workflow_id)} {told(verdict.problem or '')}")
    differ = len(found.differences)
    console.print(
        f"程序换过了：{differ}个流程与现在的程序不符，会停在原处：换回原来的程序即可继续；"
        "不换回的，请管理员运行 duban engine repair --all，按台账接着办；其余照常。"
    )


@click.command(name="builds")
@usual_options
def builds_command(settings: Settings) -> int:
    """引擎所知的各个版本：哪个是现行版本，各有多少在办流程和督办程序。"""
    found = run_async(_known(settings))
    vain = [each for each in found if each.waited_for_in_vain]
    if replied({"installed": build_id(), "builds": [each.model_dump(mode="json") for each in found]}):
        return 1 if vain else 0
    out().print(f"现在安装的版本：{build_id()}")
    for each in found:
        current = "，现行版本" if each.current else ""
        out().print(f"{each.build_id}{current}：在办流程{each.pinned}个，督办程序{each.workers}个")
    for each in vain:
        out().print(
            f"版本 {each.build_id} 还有{each.pinned}个流程，而没有这个版本的督办程序在运行，流程停在原处："
            "请管理员启动这个版本的督办程序。"
        )
    if not found:
        out().print("在办流程都由现在安装的版本办理（设置 DUBAN_VERSIONS 为 move，是默认的），不必启用哪个版本。")
    return 1 if vain else 0


async def _known(settings: Settings) -> list[Build]:
    async with open_office(settings) as office:
        return await builds(office.engine.client, settings.task_queue)


@click.command(name="current")
@settings_option
def current_command(settings: Settings) -> None:
    """把现在安装的版本设为现行版本：新项目由它办理，在办项目在下一次办理时转来。"""

    async def become_current() -> None:
        async with open_office(settings) as office:
            await make_current(office.engine.client, build_id())

    run_async(become_current())
    out().print(f"已启用：现行版本是 {build_id()}，新项目由它办理，在办项目在下一次办理时转来。")
