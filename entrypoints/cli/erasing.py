"""A file shown as evidence, erased by order: `duban evidence erase`."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import click

from application.office.erasing import Erasing, erase_evidence
from application.office.shown_files import ShownFile
from domain.errors import InputError
from domain.record.erasures import Erasure
from entrypoints.bootstrap import attestor_of, engine_now, local_user, must_have_ledger, open_records
from entrypoints.cli.session import data_option, json_option, out, print_json, settings_of

_SHA256 = re.compile(r"[0-9a-f]{64}")


@click.command()
@click.argument("file", metavar="文件|摘要")
@click.option("--order", required=True, help="依据：谁的哪一份决定，如“省委网信办〔2026〕3号”（记入台账）")
@click.option("--by", required=True, help="办理人（督查人员或管理员）")
@click.option("--confirmed-by", required=True, help="确认人（须是办理人以外的督查人员或管理员）")
@data_option
@json_option
@click.pass_context
def erase(
    context: click.Context, file: str, order: str, by: str, confirmed_by: str, data: str | None, *, as_json: bool
) -> None:
    """依令删除一份佐证：原件从佐证库删去，不能恢复；台账仍留摘要，并记明依据和两名办理人。旧备份里的须另行销毁。"""
    settings = settings_of(context, data=data)
    must_have_ledger(settings)
    erasing = Erasing(_sha256_of(file), order, by, confirmed_by)

    async def erased() -> Erasure:
        with open_records(settings) as records:
            at = records.clock.supervised(engine_now())
            return await erase_evidence(records, attestor_of(settings), local_user(), erasing, at)

    done = asyncio.run(erased())
    if as_json:
        print_json(done)
    else:
        out().print(
            f"已依“{done.order}”删除佐证 {done.sha256}，办理 {done.by}，确认 {done.confirmed_by}。", markup=False
        )
        out().print("以前的备份和发出的审计包里若有这份文件，请按规定销毁。")


def _sha256_of(text: str) -> str:
    if _SHA256.fullmatch(text):
        return text
    path = Path(text)
    if not path.is_file():
        raise InputError(f"“{text}”不是文件，也不是摘要（64 位十六进制）：请核对。", place=text)
    return ShownFile.at(path).described().sha256
