"""The log of heads: which logs it has, their heads taken in turn, what is missing, and the proofs of what it has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from application.audit.log_of_heads import LogOfHeads, LogSeen
from application.settings import Settings
from domain.clock import office_minute
from domain.errors import DubanError, InputError
from domain.record.heads_of_logs import TakenHead
from entrypoints.bootstrap import engine_now, must_have_ledger, open_records
from entrypoints.bootstrap.heads import request_from
from entrypoints.cli.audit_log import hand_out
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import FILE, OLD_FILE, out, replied, settings_option, usual_options

Answer = TypeVar("Answer")
_NOTHING_NEW = "没有新的校验值，上次收下的仍是最新的，不用处理"


@click.group(cls=WordedGroup)
def heads() -> None:
    """总账：依次收下各本台账的签名校验值，拒收不相延续的；审计人留存总账的一个校验值，就能核对每一本台账。"""


@heads.command()
@click.argument("vkey")
@settings_option
def watch(settings: Settings, vkey: str) -> None:
    """登记一本台账：它的公钥（duban audit witness policy 的 log 一行）；数据目录没有总账的，由此开账。"""
    watched = _done(settings, lambda above: above.watch(vkey), new=True)
    out().print(
        f"已登记台账 {watched.log}。下一步：收它的校验值：duban heads collect {watched.log}=来源；来源是对方用 "
        "duban audit witness request 出的文件，或对方接口的地址（…/api/v1/audit/head）。"
    )


@heads.command()
@click.argument("sources", nargs=-1, required=True, metavar="台账=来源…")
@click.option("--token-file", type=OLD_FILE, help="接口令牌的文件")
@click.option("--restored", default="", help="台账恢复过备份、丢了条目：写明缘由（记入总账）")
@usual_options
def collect(settings: Settings, sources: tuple[str, ...], token_file: Path | None, restored: str) -> int:
    """依次收下各本台账的校验值：来源是文件（duban audit witness request 所出），或接口地址（…/api/v1/audit/head）。"""
    named = [_named(source) for source in sources]

    async def collected(above: LogOfHeads) -> list[tuple[str, TakenHead | None, str]]:
        found = []
        for log, source in named:
            taken, problem = None, ""
            try:
                request = request_from(log, source, above.since(log), token_file)
                taken = await above.collect(log, request, restored)
            except DubanError as error:  # one log's trouble is not the others'
                problem = error.text
            found.append((log, taken, problem))
        return found

    found = _done(settings, collected)
    told = [{"log": log, "size": taken.size if taken else None, "problem": why or None} for log, taken, why in found]
    if not replied({"heads": told}):
        for log, taken, problem in found:
            if problem:
                out().print(f"✗ {problem}")
            else:
                out().print(
                    f"{log}：{f'已收下算到第 {taken.size} 条的校验值，不用再做什么' if taken else _NOTHING_NEW}。"
                )
    return 1 if any(problem for _, _, problem in found) else 0


@heads.command()
@click.option("--within", type=click.IntRange(1, 8_760), default=26, show_default=True, help="多少小时内应收到过校验值")
@usual_options
def show(settings: Settings, within: int) -> int:
    """各本台账收到了哪里；久未收到的、有过分叉的，逐一列出（退出状态为 1）。"""

    async def shown(above: LogOfHeads) -> tuple[list[LogSeen], list[str]]:
        seen = above.logs()
        return seen, above.missing(seen, engine_now() - timedelta(hours=within))

    seen, missing = _done(settings, shown)
    if not replied({"logs": [_shown(each, missing) for each in seen]}):
        if not seen:
            out().print("还没有登记台账：登记用 duban heads watch 公钥。")
        for each in seen:
            last = each.last
            words = [f"{last.head.size} 条，收于 {office_minute(last.at)}" if last else "还没有收过校验值"]
            words += [f"✗ 超过 {within} 小时没有新的校验值"] if each.log.log in missing and last else []
            words += [f"✗ 有 {each.forks} 次不相延续，证据在总账的 log/forks"] if each.forks else []
            out().print(f"{each.log.log}  {'  '.join(words)}")
    return 1 if missing or any(each.forks for each in seen) else 0


@heads.command()
@click.argument("log")
@click.option(
    "--under", type=click.IntRange(min=1), help="用总账到第几条的校验值作证（审计人留存的那一个；默认最后一个）"
)
@click.option("-o", "--output", type=FILE, help="写入文件（默认打印）")
@settings_option
def prove(settings: Settings, log: str, under: int | None, output: Path | None) -> None:
    """出一份证明：总账收有这本台账的校验值（交审计人，用 --heads-proof 核验）。"""

    async def proved(above: LogOfHeads) -> str:
        return above.proof(log, under)

    hand_out(_done(settings, proved), output, "请连同总账的校验值交给审计人，用来核对这本台账")


def _done(settings: Settings, work: Callable[[LogOfHeads], Awaitable[Answer]], *, new: bool = False) -> Answer:
    """Do something with the log of heads, and sign over what came of it."""
    if not new:
        must_have_ledger(settings)

    async def done() -> Answer:
        with open_records(settings) as records:
            await records.log.open()
            answer = await work(LogOfHeads(records.ledger, records.own_streams, records.log))
            await records.log.seal()
            return answer

    return asyncio.run(done())


def _named(source: str) -> tuple[str, str]:
    log, equals, place = source.partition("=")
    if not (log and equals and place):
        raise InputError(f"“{source}”应写作 台账名=来源，来源是文件或接口地址。", given=source)
    return log, place


def _shown(each: LogSeen, missing: list[str]) -> dict[str, Any]:
    last = each.last
    return {
        "log": each.log.log,
        "size": last.head.size if last else None,
        "origin": last.head.origin if last else None,
        "at": last.at.isoformat() if last else None,
        "missing": each.log.log in missing,
        "forks": each.forks,
    }
