"""Backup and restore of a whole installation, and evidence that is supplied by its hash."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click

from application.office.backing_up import back_up, restore
from application.office.evidence import Supplied, supply
from application.office.shown_files import ShownFile
from application.settings import Settings
from domain.errors import InputError
from entrypoints.bootstrap import engine_now, open_records
from entrypoints.bootstrap.backing_up import backup_tools
from entrypoints.cli.erasing import erase
from entrypoints.cli.help_words import WordedGroup
from entrypoints.cli.session import OLD_FILE, ledger_options, out, replied, usual_options

passphrase_option = click.option(
    "--passphrase-file", type=OLD_FILE, help="口令文件（取第一行）；备份用它加密，恢复用它打开"
)


@click.command("backup")
@click.argument("to", type=click.Path(path_type=Path))
@passphrase_option
@click.option(
    "--also", type=click.Path(exists=True, path_type=Path), multiple=True, help="另外一并备份的文件或目录，如 secrets"
)
@usual_options
def backup(settings: Settings, to: Path, passphrase_file: Path | None, also: tuple[Path, ...]) -> None:
    """备份整套安装为一个文件（运行中即可）：引擎、台账、密钥、文书、发文、佐证、历史、设置；写完读回核对。"""
    started = time.monotonic()
    written = back_up(settings, backup_tools(settings), to, _passphrase(passphrase_file), also, engine_now())
    if replied(written):
        return
    head = f"台账 {written.head['size']} 条的校验值" if written.head else "还没有签过校验值"
    sealed = "，已加密" if written.sealed else ""
    out().print(
        f"已备份到 {written.place}：{written.files} 个文件、{written.bytes >> 10} KB{sealed}，{head}，"
        f"已读回核对，用时 {time.monotonic() - started:.1f} 秒。请另存到别的机器；要恢复时用 duban restore。"
    )
    if written.evidence_elsewhere:
        where = written.evidence_elsewhere
        out().print(f"佐证在 {where}，不在备份里：请用对象存储自己的复制另行保存，并晚于本命令。")
    if not written.engine:
        out().print("引擎不在数据目录里：它的数据库请另行备份，并先于本命令（docs/operations.md）。")


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path), metavar="FROM")
@passphrase_option
@click.option(
    "--known-head",
    type=OLD_FILE,
    multiple=True,
    help="别处留存的校验值（审计人、见证人、发文中的），以说明缺了多少；可重复",
)
@usual_options
def restore_command(
    settings: Settings, source: Path, passphrase_file: Path | None, known_head: tuple[Path, ...]
) -> None:
    """把备份恢复到空的数据目录；台账从此是新的一代，记明接自哪个校验值、已知缺多少。拒绝时什么也不改动。"""
    heads = [_text(path) for path in known_head]
    started = time.monotonic()
    done = restore(settings, backup_tools(settings), source, _passphrase(passphrase_file), heads)
    if replied(done):
        return
    out().print(
        f"已恢复到 {done.data}：{done.files} 个文件，备份作于 {done.made[:19]}Z，"
        f"用时 {time.monotonic() - started:.1f} 秒。"
    )
    if done.generation is not None:
        lost = f"已知缺 {done.generation.lost} 条" if done.generation.lost else "没有已知的缺失"
        out().print(
            f"台账是新的一代 {done.generation.origin}，接第 {done.generation.continues} 条，{lost}。"
            "请把新的策略文件（duban audit witness policy）交给审计人和见证人，并告知恢复的缘由。"
        )
    if done.differing:
        out().print(f"备份时的这些设置与现在不同，请核对：{'，'.join(done.differing)}")
    out().print(
        "接收变更的地址（API 的 /webhooks）和程序录入人员时的请求编号不在备份里："
        "请管理员重新登记接收方，由对方从头核对；程序重发录入之前请先查名册。",
    )
    if settings.evidence:
        out().print(f"佐证从 {settings.evidence} 读取，不在备份里：请用 duban doctor 核对是否齐全。")
    out().print("接着运行 duban run（或 python worker.py），再用 duban audit reconcile 核对。")


@click.group("evidence", cls=WordedGroup)
def evidence() -> None:
    """佐证库：按摘要补存台账所记而没有保存的佐证文件，依令删除佐证。"""


@evidence.command()
@click.argument("files", type=OLD_FILE, nargs=-1, required=True)
@click.option("--unnamed", is_flag=True, help="台账没有提到的文件也收下")
@ledger_options
def add(settings: Settings, files: tuple[Path, ...], unnamed: bool) -> int:
    """补存佐证：文件的摘要须与台账所记相同。"""
    shown = [ShownFile.at(path) for path in files]

    async def supplied() -> Supplied:
        with open_records(settings) as records:
            return await supply(records, shown, unnamed=unnamed)

    done = asyncio.run(supplied())
    each = [(str(path), sha256, kept) for path, (sha256, kept) in zip(files, done.files, strict=True)]
    rows = [{"file": path, "sha256": sha256, "kept": kept} for path, sha256, kept in each]
    if not replied({"files": rows, "missing": list(done.missing)}):
        for path, sha256, kept in each:
            told = "已补存" if kept else "台账里没有记过这份文件，未收下：请核对是不是当时交的原件"
            out().print(f"{path}：{told}（{sha256}）")
        out().print(f"台账所记的佐证还缺 {len(done.missing)} 份。")
        for sha256, names in done.missing.items():
            out().print(f"    {sha256} {'、'.join(sorted(names))}")
    return 0 if all(kept for _, kept in done.files) else 1


evidence.add_command(erase)


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    first = _text(file).split("\n", 1)[0].rstrip("\r")
    if not first:
        raise InputError(f"口令文件“{file}”的第一行是空的：请写上口令。", place=str(file))
    return first


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"“{path}”不是 UTF-8 文本：请核对是不是这一份。", place=str(path)) from error
