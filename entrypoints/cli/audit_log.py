"""What an auditor takes from the ledger itself: heads, a bundle, a receipt; and the exchange with witnesses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from application.desk_work.verification import extension_of, versions
from application.settings import Settings
from domain.errors import InputError
from domain.ids import record_named
from domain.os_faults import os_fault
from domain.ports.audit_log import AuditLog
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.inquiry import reader_option
from entrypoints.cli.own_folder import typed
from entrypoints.cli.own_log import read_log, read_or_changed, tell_changed
from entrypoints.cli.session import FILE, OLD_FILE, err, out, replied, reply, settings_option, usual_options


@click.command()
@click.option("-o", "--output", type=FILE, help="把最后一个校验值另存为文件，供您留存")
@reader_option
@usual_options
def heads(settings: Settings, output: Path | None, reader: str) -> int:
    """台账的全部已签名的校验值；留存其中一个，以后便能看出此前的记录是否被改写。"""

    async def listed(log: AuditLog) -> Sequence[Any]:
        await log.seal()
        return log.heads()

    found, changed = read_or_changed(settings, listed, reader)
    if changed is not None:
        return tell_changed(changed)
    assert found is not None
    if output is not None and found:
        _write(output, found[-1].note)
    if replied({"heads": [head.model_dump(mode="json") for head in found], "verdict": "nothing_found"}):
        return 0
    told = f"，最后一个已写入 {output}" if output is not None and found else ""
    out().print(
        f"台账签过名的校验值共 {len(found)} 个（每行：算到第几条、校验值、见证人）{told}；"
        "请交审计人员存到本机以外，日后可核对台账有没有被改短或改写。"
    )
    for head in found:
        seen = "、".join(head.witnesses) or "无人见证"
        out().print(f"{head.size:>9} 条  {head.root}  {seen}")
    return 0


@click.command()
@click.argument("place", type=click.Path(path_type=Path))
@reader_option
@usual_options
def export(settings: Settings, place: Path, reader: str) -> int:
    """导出审计包：文件夹，或以 .tar 结尾的一个文件。"""

    async def written(log: AuditLog) -> Any:
        await log.seal()
        return await asyncio.to_thread(log.export, str(place), versions())

    bundle, changed = read_or_changed(settings, written, reader)
    if changed is not None:
        return tell_changed(changed)
    assert bundle is not None
    verdict = "evidence_missing" if bundle.missing else "nothing_found"
    if replied({**bundle.model_dump(mode="json"), "verdict": verdict}):
        return 1 if bundle.missing else 0
    seen = "、".join(bundle.witnesses) or "无"
    out().print(
        f"已导出 {bundle.place}：{bundle.size} 条，见证人：{seen}。请连同本程序的 verifier 文件夹交给审计人员，"
        f"由他自己核验：python -m verifier {Path(bundle.place).name}（办法见 docs/auditor-guide.md）。"
    )
    for name in bundle.missing:
        how = typed("duban audit keep" if name.startswith("histories/") else "duban evidence add 文件")
        out().print(f"✗ 缺证据：台账记有 {name}，本机却没有保存：请从备份恢复，或用 {how} 补存。")
    return 1 if bundle.missing else 0


@click.command()
@click.argument("event_id")
@click.option("-o", "--output", type=FILE, help="写入文件（默认打印）")
@reader_option
@settings_option
def receipt(settings: Settings, event_id: str, output: Path | None, reader: str) -> None:
    """一条记录的入账凭证：duban audit receipt 2018-05a#3（号见 duban audit history）。"""

    async def made(log: AuditLog) -> str:
        await log.seal()
        return log.receipt(record_named(event_id))

    text = read_log(settings, made, reader)
    hand_out(text, output, "请与策略文件（duban audit witness policy）一起保存，日后可以证明这条记录在账")


@click.group(cls=WordedGroup)
def witness() -> None:
    """与见证人往来：出请求、收签名、登记见证人、取策略文件。"""


@witness.command()
@click.argument("name")
@click.argument("vkey")
@settings_option
def trust(settings: Settings, name: str, vkey: str) -> None:
    """登记一个见证人：简称和它的公钥。"""
    read_log(settings, lambda log: log.trust_witness(name, vkey))
    out().print(f"已登记见证人 {name}；请把新的策略文件交给审计人保存（duban audit witness policy）。")


@witness.command()
@click.option("--since", type=click.IntRange(min=0), default=0, show_default=True, help="见证人留存的校验值算到第几条")
@click.option("-o", "--output", type=FILE, help="写入文件（默认打印）")
@settings_option
def request(settings: Settings, since: int, output: Path | None) -> None:
    """出一份请求，交给见证人核对并签名。"""

    then = "请交给见证人核对签名，收到签名后运行 duban audit witness answer 文件"
    hand_out(read_log(settings, lambda log: extension_of(log, since)), output, then)


@witness.command()
@click.argument("answer", type=OLD_FILE)
@usual_options
def answer(settings: Settings, answer: Path) -> None:
    """收下见证人的签名行。"""
    size = read_log(settings, lambda log: log.add_cosignature(answer.read_text(encoding="utf-8")))
    reply({"size": size}, f"已收下见证人的签名：它见证了前 {size} 条的校验值，以后导出的包里带着它。")


@witness.command()
@click.option("-o", "--output", type=FILE, help="写入文件（默认打印）")
@settings_option
def policy(settings: Settings, output: Path | None) -> None:
    """策略文件：台账和见证人的公钥；请审计人自己保存一份。"""

    async def made(log: AuditLog) -> str:
        return log.policy()

    text = read_log(settings, made)
    hand_out(text, output, "请交给审计人和见证人各自保存")


@click.command("rotate-key")
@click.option("--reason", required=True, help="更换的缘由（记入台账）")
@settings_option
def rotate_key(settings: Settings, reason: str) -> None:
    """更换台账的签名密钥：新旧密钥同签记有此事的校验值。"""
    read_log(settings, lambda log: log.rotate_key(reason))
    out().print("已更换密钥；请把新的策略文件交给审计人和见证人（duban audit witness policy）。")


def hand_out(text: str, place: Path | None, then: str) -> None:
    """Print a text, or write it into a file and say what to do with it."""
    if place is None:
        click.echo(text, nl=False)
    else:
        _write(place, text)
        err().print(f"已写入 {place}：{then}。")


def _write(place: Path, text: str) -> None:
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"“{place}”不能写入（{os_fault(error)}）：请换一个位置。", place=str(place)) from error
