"""Keys of doors changed, and keys that may be stolen let go: `duban audit change-door-key` and `key-stolen`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

from application.accounts.own_keys import KeysDesk
from application.accounts.stolen_keys import WHOSE_KEYS, Suspicion, WhoseKey, change_door_key, report_stolen
from application.office.starting import anchor_of
from application.settings import Settings
from domain.acts.attestation import DoorKind
from domain.clock import office_minute
from entrypoints.bootstrap import attestor_of, engine_now, local_user, must_have_ledger, open_records
from entrypoints.bootstrap.accounts import open_accounts
from entrypoints.cli.login_words import DOOR_WORDS
from entrypoints.cli.session import INSTANT, reply, usual_options

Answer = TypeVar("Answer")
_REASON = click.option("--reason", required=True, help="缘由（记入台账）")
_NEXT: Final = {
    "ledger": "请把新的策略文件交给审计人和见证人（duban audit witness policy）。以前签名的校验值仍然有效。",
    "person": "请本人在督办台“我的密钥”登记新的。以前签过的办理仍然有效。",
}


def _with_keys(settings: Settings, work: Callable[[KeysDesk], Coroutine[Any, Any, Answer]]) -> Answer:
    must_have_ledger(settings)
    with open_records(settings) as records, open_accounts(settings, records) as accounts:
        return asyncio.run(work(KeysDesk(accounts, attestor_of(settings))))


@click.command("change-door-key")
@click.argument("door", type=click.Choice(list(DOOR_WORDS)))
@_REASON
@usual_options
def change_key(settings: Settings, door: DoorKind, reason: str) -> None:
    """给命令行、督办台或接口换一把证明办理的新密钥：旧的立即停用，用它证明过的仍然有效。"""
    key = _with_keys(settings, lambda desk: change_door_key(desk, local_user(), door, reason))
    told = f"{DOOR_WORDS[door]}的密钥已更换，新的是 {key[:16]}；旧的从现在起不再作证，办理照常。"
    reply({"door": door, "key": key}, told)


@click.command("key-stolen")
@click.argument("whose", type=click.Choice(list(WHOSE_KEYS)))
@click.option("--number", help="本人密钥（person）的编号")
@click.option("--since", type=INSTANT, required=True, help="最早可能在何时被盗")
@_REASON
@usual_options
def stolen(settings: Settings, *, whose: WhoseKey, number: str | None, since: date | datetime, reason: str) -> None:
    """密钥被盗或可能被盗：立即停用并换新，记明从何时起存疑；核验时列出这段时间里它作证的办理。"""
    suspicion = Suspicion(whose, anchor_of(since), reason, number)

    told = _with_keys(settings, lambda desk: report_stolen(desk, local_user(), suspicion, engine_now()))
    window = f"{office_minute(told.since)} 至今"
    stopped = f"密钥 {told.key[:16]} 已停用；{window}由它作证或签名的，核验时都标为存疑。"
    reply(told, stopped, _NEXT.get(whose, "新的密钥已经启用，办理照常。"))
