"""What every command of the directory does: it opens the ledger, asks in somebody's name, and tells what changed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from application.office.directory import AskedChange, Change, Changed, by_giver, change_directory
from application.records import Records
from application.settings import Settings
from domain.directory.events import DIRECTORY_STREAM, PersonOpened
from domain.ids import event_id_for
from entrypoints.bootstrap import attestor_of, engine_now, local_user, open_records
from entrypoints.cli.acting import as_given
from entrypoints.cli.session import err, out, replied

Answer = TypeVar("Answer")
takes_over_option = click.option(
    "--takes-over", is_flag=True, help="用另一部门的曾用名时写：由它接办还用着这个名称的任务"
)


def with_records(settings: Settings, work: Callable[[Records], Coroutine[Any, Any, Answer]]) -> Answer:
    """Do something with the records of an installation; no engine is needed."""
    with open_records(settings) as records:
        return asyncio.run(work(records))


def asking_now(records: Records, by: str, settings: Settings, *, takes_over: bool = False) -> AskedChange:
    """A request of this moment of the office, attested by the shell as its owner's for the administrator he names."""
    clock = records.clock
    attest = by_giver(attestor_of(settings), local_user())
    return AskedChange(by, clock.supervised(engine_now()), uuid.uuid4().hex, attest, takes_over)


def record_change(settings: Settings, by: str, change: Change, *, takes_over: bool = False) -> None:
    """Make a change of the directory, and tell it."""

    async def work(records: Records) -> Changed:
        return await change_directory(records, asking_now(records, by, settings, takes_over=takes_over), change)

    with as_given(
        name="名称", after="名称", alias="别名", account="账号", person_id="--number", department_id="--number"
    ):
        changed = with_records(settings, work)
    ids = [event_id_for(DIRECTORY_STREAM, event.seq) for event in changed.events]
    if replied({"event_ids": ids, "changes": list(changed.changes)}):
        return
    if changed.changes:
        out().print("已记入名册：")
    for line in changed.changes:
        out().print(line)
    for line in changed.left:
        err().print(f"注意：{line}")
    if any(isinstance(event, PersonOpened) for event in changed.events):
        err().print("下一步：要登录督办台的，给本人开设账号：duban account open 姓名 账号 --by 管理员。")
