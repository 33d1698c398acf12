"""A time stamp by hand: to try an authority, or to catch up."""

from __future__ import annotations

import asyncio

import click

from application.settings import Settings
from domain.clock import OFFICE_TIME
from domain.errors import InputError
from domain.record.stamps import HeadStamp
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.stamps import stamp_desk_of
from entrypoints.cli.session import ledger_options, reply


@click.command()
@ledger_options
def stamp(settings: Settings) -> None:
    """为台账最近的校验值取一个时间戳（RFC 3161，机构见 DUBAN_STAMP_URL）；督办程序每天自己取一次。"""

    async def got() -> HeadStamp | None:
        with open_records(settings) as records:
            desk = stamp_desk_of(settings, records)
            if desk is None:
                raise InputError(
                    "没有设置时间戳机构：请管理员设环境变量 DUBAN_STAMP_URL（机构的地址）"
                    "和 DUBAN_STAMP_CERTIFICATES（它的证书文件）后再试。"
                )
            await records.log.seal()
            return await desk.stamp()

    found = asyncio.run(got())
    told = "台账还没有签过校验值，没有可盖时间戳的：请先启动督办（duban run），签过校验值后再执行。"
    if found is not None:
        at = found.at.astimezone(OFFICE_TIME)
        told = f"{found.authority} 证明：{at:%Y-%m-%d %H:%M:%S} 时台账已有前 {found.size} 条。"
    reply({"stamp": found.model_dump(mode="json") if found else None}, told)
