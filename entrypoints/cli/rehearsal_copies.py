"""A rehearsal copy of the running year, and its time: how fast it runs, and to which day it goes."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from application.engine_room.data_folder import prepare_data_folder
from application.office.starting import anchor_of
from application.rehearsing.copies import Jump, copy_year, jump, set_time
from application.settings import Settings, settings_of_copy
from domain.clock import VirtualClock
from domain.record.rehearsals import NotARehearsalError, rehearsal_of
from entrypoints.bootstrap import activities_of, engine_now, must_have_ledger, open_records, policy_of
from entrypoints.bootstrap.backing_up import backup_tools
from entrypoints.bootstrap.documents import documents_of
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.running import speed_option
from entrypoints.cli.session import (
    FOLDER,
    INSTANT,
    data_option,
    err,
    json_option,
    ledger_options,
    reply,
    run_async,
    settings_of,
)
from entrypoints.cli.startable import kept_rules_told, tell_besides


@click.group(cls=WordedGroup)
def rehearsal() -> None:
    """演练副本：把正在运行的一年复制到别处，在副本里快进、跳到某一天；正式的一年不受影响。"""


@rehearsal.command("copy")
@click.argument("folder", type=FOLDER)
@speed_option
@ledger_options
def copy_command(settings: Settings, folder: Path, speed: int) -> None:
    """复制一份演练副本到空目录：另一本台账、另外的密钥，通道关闭；正式的一年照常运行。"""
    copy, now = settings_of_copy(settings, folder), engine_now()
    with open_records(settings) as records:
        head, present = records.log.head_line(), records.clock.supervised(now)
    origin = copy_year(settings, backup_tools(settings), copy, backup_tools(copy), now)
    clock = VirtualClock(engine_at=now, supervised_at=present, speed=speed)

    async def begun() -> None:
        with open_records(copy) as records:
            await set_time(records, head, clock, now)

    run_async(begun())
    reply(
        {"folder": str(folder), "origin": origin, "as_of": present.isoformat(), "speed": speed},
        f"已复制到 {folder}：副本打开后，副本里的时间从 {present:%Y-%m-%d %H:%M} 起，"
        f"每过一秒走 {speed} 秒；副本不向外发文，"
        f"文书都注明“演练”，台账和密钥是副本自己的（{origin}）。正式的一年没有任何改动。",
        f"接着：duban rehearsal jump {present.date() + timedelta(days=30)} --data {folder} 跳到某一天，"
        f"或 duban run --data {folder} 打开副本。",
    )


@rehearsal.command("jump")
@click.argument("to", type=INSTANT)
@speed_option
@data_option
@json_option
@click.pass_context
def jump_command(context: click.Context, to: date | datetime, speed: int, data: str | None) -> None:
    """让副本走到某一天（其间到期的事项逐件办理），此后按 --speed 走；正式的一年拒绝跳转。"""
    # What went wrong is told; that the library's worker begins and ends is not what people asked for.
    year = settings_of(context, data=data, log_level="error")
    settings = settings_of_copy(year, year.data)
    must_have_ledger(settings)
    asked = Jump(anchor_of(to), speed, engine_now())
    start, entries = run_async(_jumped(settings, asked))
    reply(
        {"from": start.isoformat(), "to": asked.to.isoformat(), "entries": entries, "speed": speed},
        f"副本里的时间已由 {start:%Y-%m-%d %H:%M} 走到 {asked.to:%Y-%m-%d %H:%M}，其间记录 {entries} 条，"
        f"打开后每过一秒走 {speed} 秒。"
        f"接着运行 duban run --data {settings.data}，或先用 duban status --data {settings.data} 查看。",
    )


async def _jumped(settings: Settings, asked: Jump) -> tuple[datetime, int]:
    with open_records(settings) as records:
        if rehearsal_of(records.ledger) is None:
            raise NotARehearsalError(place=str(settings.data))
        prepare_data_folder(settings)
        documents, language = documents_of(settings, settings.papers_folder), settings.paper_language
        activities = activities_of(records, documents, settings.outbox_folder, language=language)
        told, policy = err(), policy_of(settings)
        if settings.policy is not None:
            tell_besides(await asyncio.to_thread(kept_rules_told, policy, None, records.ledger))
        return await jump(settings, records, activities, asked, lambda at: told.print(f"演练 {at:%Y-%m-%d}……"))
