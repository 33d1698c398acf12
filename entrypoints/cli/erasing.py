"""A file shown as evidence, or a person's name, erased by order: `duban evidence erase`, `duban directory erase`."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from application.office.erasing import Erasing, ErasingPerson, erase_evidence, erase_person
from application.office.shown_files import ShownFile
from application.records import Records
from application.settings import Settings
from domain.errors import InputError
from domain.record.erasures import Erasure
from entrypoints.bootstrap import attestor_of, engine_now, local_user
from entrypoints.cli.acting import person_given
from entrypoints.cli.directory_asking import with_records
from entrypoints.cli.session import ledger_options, reply

Done = TypeVar("Done")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def _by_order(command: Callable[..., None]) -> Callable[..., None]:
    """What every erasure is asked with: by which order, by whom, and who confirms it."""
    order = click.option("--order", required=True, help="依据：谁的哪一份决定，如“省委网信办〔2026〕3号”（记入台账）")
    by = click.option("--by", required=True, callback=person_given, help="办理人（督查人员或管理员）")
    confirmed = click.option(
        "--confirmed-by", required=True, callback=person_given, help="确认人（须是办理人以外的督查人员或管理员）"
    )
    return order(by(confirmed(ledger_options(command))))


@click.command()
@click.argument("file", metavar="文件|摘要")
@_by_order
def erase(settings: Settings, file: str, order: str, by: str, confirmed_by: str) -> None:
    """依令删除一份佐证：原件从佐证库删去，不能恢复；台账仍留摘要，并记明依据和两名办理人。旧备份里的须另行销毁。"""
    erasing = Erasing(_sha256_of(file), order, by, confirmed_by)
    done = _done(
        settings, lambda records, at: erase_evidence(records, attestor_of(settings), local_user(), erasing, at)
    )
    reply(done, _told(f"佐证 {done.sha256}", done), "以前的备份和发出的审计包里若有这份文件，请按规定销毁。")


@click.command("erase")
@click.argument("who", metavar="PERSON")
@_by_order
def erase_name(settings: Settings, who: str, order: str, by: str, confirmed_by: str) -> None:
    """依令删除一位已离开人员在名册里的姓名（含曾用名），不能恢复；编号和证明仍在。旧备份、审计包和引擎历史里的须另行处理。"""
    erasing = ErasingPerson(who, order, by, confirmed_by)
    done = _done(settings, lambda records, at: erase_person(records, attestor_of(settings), local_user(), erasing, at))
    reply(
        {"person_id": done.person_id, "erased": [each.model_dump() for each in done.erased]},
        *(_told(f"{done.person_id} 在名册里的姓名（{len(done.erased)} 个）", each) for each in done.erased[:1]),
        "以前的备份和发出的审计包里仍有这个姓名，请按规定销毁；他办理过的事项和公文里的写法不变。",
    )


def _done(settings: Settings, work: Callable[[Records, datetime], Coroutine[Any, Any, Done]]) -> Done:
    async def erased(records: Records) -> Done:
        return await work(records, records.clock.supervised(engine_now()))

    return with_records(settings, erased)


def _told(what: str, done: Erasure) -> str:
    return f"已依“{done.order}”删除{what}，办理 {done.by}，确认 {done.confirmed_by}。"


def _sha256_of(text: str) -> str:
    if _SHA256.fullmatch(text):
        return text
    path = Path(text)
    if not path.is_file():
        raise InputError(f"“{text}”不是文件，也不是摘要（64 位十六进制）：请核对。", place=text)
    return ShownFile.at(path).described().sha256
