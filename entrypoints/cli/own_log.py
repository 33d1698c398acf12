"""How the commands of the log open it: the reading is recorded first, and a changed ledger is an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from application.settings import Settings
from domain.ports.audit_log import AuditLog
from domain.record.ledger_errors import LedgerForkError, LedgerMisplacedError
from entrypoints.bootstrap import open_log
from entrypoints.cli.session import err, reply
from verifier.findings import CONCLUSIONS

ChangedError = LedgerForkError | LedgerMisplacedError
"""How a ledger says that it is not what was signed, or that not all of it is found."""
Answer = TypeVar("Answer")


def read_log(settings: Settings, work: Callable[[AuditLog], Awaitable[Answer]], reader: str | None = None) -> Answer:
    """Open the log of the installation that the settings name, record the reading, and do the work."""

    async def done(log: AuditLog) -> Answer:
        if reader is None:
            await log.open()
        else:
            await record_reading(log, reader, f"audit {click.get_current_context().info_name}")
        return await work(log)

    with open_log(settings) as log:
        return asyncio.run(done(log))


async def record_reading(log: AuditLog, reader: str, command: str) -> None:
    """Say in the ledger who read it, before anything is answered; where nothing can be written, say that here."""
    await log.open()
    await log.record_reading(reader, command)
    if log.is_still:
        unsigned = (await asyncio.to_thread(log.unsigned)).entries
        err().print("这里不能记账（只读的盘，或复制来的数据目录），这次查阅没有记入台账。")
        if unsigned:
            err().print(f"台账末尾 {unsigned} 条还没有签校验值，导出和核验不含这些。")


def read_or_changed(
    settings: Settings, work: Callable[[AuditLog], Awaitable[Answer]], reader: str
) -> tuple[Answer | None, ChangedError | None]:
    """The same; a ledger that does not begin with what was signed, or hides an entry, is an answer too."""
    try:
        return read_log(settings, work, reader), None
    except (LedgerForkError, LedgerMisplacedError) as error:
        return None, error


def tell_changed(error: ChangedError) -> int:
    """Say that the ledger is not what was signed; answer the end status."""
    told = {"verdict": "changed", "rule": error.rule, "text": error.text}
    return reply(told, error.text, f"结论：{CONCLUSIONS['changed']}", status=1)
