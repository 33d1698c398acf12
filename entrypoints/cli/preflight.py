"""`duban engine preflight`: may the code that is installed here take over what is running?"""

from __future__ import annotations

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from entrypoints.bootstrap import Office, open_office
from entrypoints.cli.session import data_option, err, json_option, out, print_json, run_async, settings_of
from entrypoints.preflight import Preflight, preflight
from entrypoints.settings import Settings


@click.command(name="preflight")
@click.option("--closed", is_flag=True, help="已结束的运行也重放（审计用得到的全部历史）")
@data_option
@json_option
@click.pass_context
def preflight_command(context: click.Context, closed: bool, data: str | None, as_json: bool) -> int:
    """升级前检查：用现在安装的程序重放所有在办的历史，逐项指出不符之处；不改变任何东西。"""
    settings = settings_of(context, data=data)
    found = run_async(_replayed(settings, closed=closed))
    if as_json:
        print_json(found)
    else:
        tell_differences(found)
        differ = f"{len(found.differences)}个不符，换上这套程序后它们会停住。" if found.differences else "全部相符。"
        out().print(f"重放了{found.workflows}个流程、{found.history_events}个历史事件：{differ}")
    return 1 if found.differences else 0


async def _replayed(settings: Settings, *, closed: bool) -> Preflight:
    async with open_office(settings) as office:
        return await replayed_with_progress(office, closed=closed)


async def replayed_with_progress(office: Office, *, closed: bool = False) -> Preflight:
    """The preflight of an installation, with a bar where a person looks on."""
    console = err()
    columns = (TextColumn("重放历史"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("重放", total=None)
        return await preflight(
            office.archive,
            closed=closed,
            on_open=lambda total: bar.update(task, total=total),
            on_each=lambda: bar.advance(task),
        )


def tell_differences(found: Preflight) -> None:
    """One line for each workflow that differs: which, and where."""
    for verdict in found.differences:
        out().print(f"{verdict.workflow_id} {verdict.problem}", markup=False)
