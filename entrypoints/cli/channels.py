"""Channels: `duban channel`. A trial needs no ledger, and nothing of it is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import click

from application.desk_work.mailed_answers import MOST_BYTES, BouncedError, NotAnAnswerError, draft_of, laid_before
from application.office.channel_desk import Trial, compared, listed_in, standings, tried_out
from application.office.message_receipts import Messages, bounce_came, receipts_came
from application.settings import Settings
from domain.os_faults import os_fault
from domain.papers.delivery_words import STATE_WORDS, in_words, reason_in_words
from domain.papers.routes import Routes
from domain.ports.channel import Channel
from entrypoints.bootstrap import engine_now, open_records
from entrypoints.bootstrap.accounts import open_accounts
from entrypoints.bootstrap.channels import open_channels, routes_of
from entrypoints.bootstrap.documents import said_of
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.in_locale import OwnWords, shown, told
from entrypoints.cli.session import (
    OLD_FILE,
    json_option,
    ledger_option,
    ledger_options,
    out,
    replied,
    reply,
    settings_of,
)
from entrypoints.cli.tables import Table, Tables, tables_option

_NO_FILE = (
    "没有设置通道文件，通知只在督办平台看；要送出去，请管理员写好通道文件（示例见 duban examples），"
    "设环境变量 DUBAN_CHANNELS=文件，再启动 duban run。"
)


@click.group(cls=WordedGroup)
def channel() -> None:
    """通道：通知怎样送到人——检查通道文件、试发、看每条消息到了哪里。"""


@channel.command()
@tables_option
@click.pass_context
def check(context: click.Context, tables: Tables) -> int:
    """检查通道文件和其中的密钥文件；只读，不发送。"""
    settings = settings_of(context)
    routes = routes_of(settings)
    channels = open_channels(settings, routes)
    asyncio.run(_closed(channels.values()))
    if replied({"channels": list(routes.channels), "readers": list(routes.readers), "open": list(channels)}):
        return 0
    title = f"通道文件 {settings.channels}，可以使用" if settings.channels is not None else ""
    table = Table("收件人", ("收件人", "收谁的文书", "通道（依次）"), title)
    for name, reader in routes.readers.items():
        steps = " → ".join(step.channel for step in routes.steps_of(name))
        table.add(OwnWords(name), OwnWords("、".join(reader.reads)), steps)
    tables.show(table, nothing=_NO_FILE if settings.channels is None else "")
    return 0


@channel.command()
@click.argument("reader", metavar="收件人")
@click.option("--channel", "only", help="只试这一个通道")
@json_option
@click.pass_context
def test(context: click.Context, reader: str, only: str | None) -> int:
    """给一位收件人试发一条消息，说明每个通道是否收下；不记入台账。"""
    settings = settings_of(context)
    routes = routes_of(settings)
    _known(routes, reader)

    async def trials() -> list[Trial]:
        channels = open_channels(settings, routes)
        try:
            return await tried_out(routes, channels, reader, engine_now(), said_of(settings), only)
        finally:
            await _closed(channels.values())

    found = asyncio.run(trials())
    failed = any(each.answer.outcome not in ("accepted", "delivered") for each in found)
    if replied({"trials": [{"channel": each.channel, **each.answer.model_dump(mode="json")} for each in found]}):
        return 1 if failed else 0
    for each in found:
        good = each.answer.outcome in ("accepted", "delivered")
        said = each.answer.reference or reason_in_words(each.answer.reason)
        # Told part by part: a pattern with a head that may be anything would take the channel's name in.
        line = f"{'✓' if good else '✗'} {each.channel} {told(STATE_WORDS[each.answer.outcome])}"
        out().print(OwnWords(line + (told("：") + told(said) if said else "")))
    if failed:
        out().print(
            "试发只发一次，不自动再试：改好后请再执行一次；正式的消息由程序自动再试，情况见 duban channel states。"
        )
    if not found:
        out().print(
            f"没有试发：{reader} 在平台以外没有通知通道，通知只能在督办平台看到；"
            "要另发的，请管理员在通道文件（DUBAN_CHANNELS）里写上这位收件人。"
        )
    return 1 if failed else 0


@channel.command()
@click.option("--reader", help="只看这一位收件人")
@ledger_option
@tables_option
def states(settings: Settings, tables: Tables, reader: str | None) -> None:
    """每条消息到了哪里：待发、已交出、已收下、已送达、暂未成功、不能送达、未发及原因。"""
    with open_records(settings) as records:
        found = standings(records.ledger, reader)
    if replied({"messages": [{"reader": each.reader, **each.delivery.model_dump(mode="json")} for each in found]}):
        return
    table = Table("发送情况", ("时间", "收件人", "件数", "急", "状态"))
    for name, delivery in found:
        at = f"{delivery.gathered_at:%Y-%m-%d %H:%M}"
        table.add(at, OwnWords(name), delivery.papers, "急" if delivery.urgent else "", in_words(delivery))
    tables.show(table, nothing="还没有要送出的消息：没有设置通道，或还没有文书到期。")


@channel.command()
@click.argument("name", metavar="通道")
@click.argument("file", type=OLD_FILE)
@ledger_options
def compare(settings: Settings, name: str, file: Path) -> int:
    """把对方收到的消息清单（每行一个 Message-ID 或 webhook-id）与台账核对。"""
    with open_records(settings) as records:
        found = compared(records.ledger, name, listed_in(file))
    lines = [f"{message} {text}" for message, text in found] or ["台账与对方的清单一致。"]
    told = [{"message": message, "text": text} for message, text in found]
    return reply({"findings": told}, *lines, status=1 if found else 0)


@channel.command()
@click.argument("folder", metavar="目录", type=click.Path(exists=True, file_okay=False, path_type=Path))
@ledger_options
def answers(settings: Settings, folder: Path) -> None:
    """把目录里的回信（.eml，或 Maildir 的 new、cur）作为草稿放到各部门的督办台，由部门确认；可重复执行。"""
    routes = routes_of(settings)
    letters = [each for part in (folder, folder / "new", folder / "cur") for each in _files_in(part)]
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        now, messages = records.clock.supervised(engine_now()), Messages(records)
        rows = []
        for letter in letters:
            try:
                drafts = draft_of(_bytes_of(letter, folder), records, routes, now, messages)
                new = asyncio.run(laid_before(accounts, drafts, engine_now()))
                said = f"放入 {new} 份草稿" if new else "以前已经收下，没有新的草稿"
            except NotAnAnswerError as error:
                said = error.text
                asyncio.run(laid_before(accounts, error.told, engine_now()))
                if isinstance(error, BouncedError) and error.known is not None and error.bounce.is_failure:
                    asyncio.run(bounce_came(records, error.known, error.bounce.status, now))
            rows.append((letter.name, said))
    if replied({"letters": [{"file": name, "text": said} for name, said in rows]}):
        return
    for name, said in rows:
        out().print(OwnWords(f"{name} {shown(said)}"))
    if not rows:
        out().print("目录里没有回信（.eml，或 Maildir 的 new、cur），什么也没有收下：请核对目录。")


@channel.command()
@click.argument("name", metavar="通道")
@click.argument("file", type=OLD_FILE)
@ledger_options
def receipts(settings: Settings, name: str, file: Path) -> int:
    """把对方的回执（每行一个 Message-ID 或 webhook-id，后写 delivered 或 read）记入台账，可重复执行。"""
    with open_records(settings) as records:
        now = records.clock.supervised(engine_now())
        new, strange = asyncio.run(receipts_came(records, name, listed_in(file), now))
    also = f"有 {len(strange)} 行不是这个通道收下的消息，没有记入，请核对：" if strange else ""
    told = f"已记入 {new} 条新的回执。{also}"
    return reply({"new": new, "unknown": strange}, told, *strange, status=1 if strange else 0)


def _files_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("*") if each.is_file() and not each.name.startswith("."))


def _bytes_of(letter: Path, folder: Path) -> bytes:
    """The beginning of a letter; in the folder itself, where other files may lie, by its ending."""
    if letter.parent == folder and letter.suffix.lower() != ".eml":
        raise NotAnAnswerError("不是 .eml 文件，没有读：是信的，请另存为 .eml。")
    try:
        with letter.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotAnAnswerError(f"读不出来（{os_fault(error)}），没有采用：请管理员检查这个文件和权限。") from None


def _known(routes: Routes, reader: str) -> None:
    if reader not in routes.readers:
        named = (
            f"有的是{'、'.join(routes.readers)}"
            if routes.readers
            else "一个收件人也没有，请先在通道文件的收件人（readers）一栏登记"
        )
        raise click.UsageError(f"通道文件里没有收件人“{reader}”：{named}。")


async def _closed(channels: Iterable[Channel]) -> None:
    for each in channels:
        await each.close()
