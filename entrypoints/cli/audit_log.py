"""What an auditor asks of the ledger itself: verify, heads, export, receipt, and the exchange with witnesses.

The commands are made around a way to open the log, which the composition root gives.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from application.audit.kept_histories import RunLost
from application.desk_work.verification import extension_of, versions
from application.settings import Settings
from domain.errors import InputError
from domain.ports.audit_log import AuditLog
from domain.record.ledger_errors import LedgerForkError
from entrypoints.cli.inquiry import reader_option
from entrypoints.cli.session import data_option, err, json_option, out, print_json, run_async, settings_of
from verifier.bundle import UnreadableBundleError, bundle_at
from verifier.certificates import Certificate, certificates_in
from verifier.der import UnreadableDerError
from verifier.findings import CONCLUSIONS, Report
from verifier.log_of_heads import above_in
from verifier.verify import Replayer, Trust
from verifier.verify import verify as verify_bundle

OpenLog = Callable[[Settings], AbstractContextManager[AuditLog]]
"""Opens the audit log of the installation that the settings name."""

Unkept = Callable[[Settings], Coroutine[Any, Any, tuple[list[RunLost], bool]]]
"""Looks for runs whose history is in danger or lost, and says whether the engine was there to ask."""

Answer = TypeVar("Answer")
_FILE = click.Path(dir_okay=False, path_type=Path)
_OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def ledger_commands(
    open_log: OpenLog, replay: Replayer | None = None, unkept: Unkept | None = None
) -> Sequence[click.Command]:
    """The commands of the log and its witnesses; `replay` runs the code over a kept history, `unkept` looks for runs
    whose history was not kept."""
    desk = _Desk(open_log, replay, unkept)
    return (_verify(desk), _heads(desk), _export(desk), _receipt(desk), _witness(desk), _rotate_key(desk))


class _Desk:
    def __init__(self, open_log: OpenLog, replay: Replayer | None, unkept: Unkept | None) -> None:
        self._open_log = open_log
        self.replay = replay
        self._unkept = unkept

    def unkept(self, context: click.Context, data: str | None) -> tuple[list[str], bool]:
        """The runs of the installation that are in danger or lost, a sentence each, and whether its engine answered."""
        if self._unkept is None:
            return [], False
        runs, asked = run_async(self._unkept(settings_of(context, data=data)))
        return [run.text for run in runs], asked

    def read(
        self,
        context: click.Context,
        data: str | None,
        work: Callable[[AuditLog], Awaitable[Answer]],
        reader: str | None = None,
    ) -> Answer:
        """Open the log, record the reading, and do the work."""
        settings = settings_of(context, data=data)

        async def done(log: AuditLog) -> Answer:
            await log.open()
            if reader is not None:
                await log.record_reading(reader, f"audit {context.info_name}")
            return await work(log)

        with self._open_log(settings) as log:
            return asyncio.run(done(log))

    def read_or_changed(
        self,
        context: click.Context,
        data: str | None,
        work: Callable[[AuditLog], Awaitable[Answer]],
        reader: str | None = None,
    ) -> tuple[Answer | None, LedgerForkError | None]:
        """The same; a ledger that does not begin with what was signed is an answer too: it was changed."""
        try:
            return self.read(context, data, work, reader), None
        except LedgerForkError as error:
            return None, error


def _tell_changed(error: LedgerForkError, *, as_json: bool) -> int:
    if as_json:
        print_json({"verdict": "changed", "rule": error.rule, "text": error.text})
    else:
        out().print(error.text, markup=False)
        out().print(f"结论：{CONCLUSIONS['changed']}")
    return 1


def _verify(desk: _Desk) -> click.Command:
    @click.command()
    @click.argument("bundle", required=False, type=click.Path(exists=True, path_type=Path))
    @click.option("--policy", type=_OLD_FILE, help="您自己保存的策略文件")
    @click.option("--kept", type=_OLD_FILE, multiple=True, help="您以前留存的头（可重复）")
    @click.option("--stamp-authority", type=_OLD_FILE, help="您所信任的时间戳机构的证书（PEM）")
    @click.option("--heads-proof", type=_OLD_FILE, help="总账收有这个账本的头的证明（duban heads prove）")
    @click.option("--heads-kept", type=_OLD_FILE, help="您留存的总账的头")
    @click.option("--heads-policy", type=_OLD_FILE, help="您保存的总账的策略文件")
    @reader_option
    @data_option
    @json_option
    @click.pass_context
    def verify(  # the options of the verifier, and where the ledger is
        context: click.Context,
        bundle: Path | None,
        policy: Path | None,
        kept: tuple[Path, ...],
        stamp_authority: Path | None,
        heads_proof: Path | None,
        heads_kept: Path | None,
        heads_policy: Path | None,
        reader: str,
        data: str | None,
        as_json: bool,
    ) -> int:
        """核验审计包；不写审计包则核验本机账本的全部。"""
        heads = {str(path): path.read_bytes() for path in kept}
        named = stamp_authority or settings_of(context, data=data).stamp_certificates
        authorities = _authorities(named) if named else None
        above = above_in(heads_proof, heads_kept, heads_policy)
        trust = Trust(policy.read_bytes() if policy else None, heads, desk.replay, authorities, above=above)
        started = time.monotonic()
        unkept: list[str] | None = None
        asked = False
        if bundle is not None:
            report = _verified(bundle, trust)
        else:

            async def own(log: AuditLog) -> Report:
                await log.seal()
                with tempfile.TemporaryDirectory() as folder:
                    place = Path(folder) / "bundle"
                    await asyncio.to_thread(log.export, str(place), versions())
                    return await asyncio.to_thread(_verified, place, replace(trust, whole=True))

            own_report, changed = desk.read_or_changed(context, data, own, reader)
            if changed is not None:
                return _tell_changed(changed, as_json=as_json)
            assert own_report is not None
            report = own_report
            unkept, asked = desk.unkept(context, data)
        seconds = time.monotonic() - started
        conclusion = report.conclusion
        if unkept and conclusion == "nothing_found":
            conclusion = "evidence_missing"
        if as_json:
            told = {"passed": conclusion == "nothing_found", "verdict": conclusion, "seconds": round(seconds, 3)}
            answer = {**report.as_json(), **told}
            print_json(answer if unkept is None else {**answer, "unkept": unkept, "engine_asked": asked})
        else:
            out().print(report.as_text(), markup=False)
            if unkept is not None:
                _tell_unkept(unkept, asked=asked)
            if conclusion != report.conclusion:
                out().print(f"连同历史：{CONCLUSIONS[conclusion]}")
            out().print(f"用时 {seconds:.1f} 秒。")
        return 0 if conclusion == "nothing_found" else 1

    return verify


def _authorities(file: Path) -> Sequence[Certificate]:
    try:
        return certificates_in(file.read_bytes())
    except (OSError, UnreadableDerError) as error:
        raise InputError(f"“{file}”不是可读的证书文件（{error}）：应为 PEM。", place=str(file)) from error


def _tell_unkept(unkept: Sequence[str], *, asked: bool) -> None:
    how = "" if asked else "（引擎不应答，只按台账核对）"
    if not unkept:
        out().print(f"[通过] 结束的运行，历史都已保存{how}", markup=False)
        return
    out().print(f"[缺证据] 有 {len(unkept)} 次运行的历史没有保存或已丢失{how}", markup=False)
    for text in unkept:
        out().print(f"    {text}", markup=False)


def _verified(place: Path, trust: Trust) -> Report:
    try:
        with closing(bundle_at(place)) as bundle:
            return verify_bundle(bundle, trust, _show)
    except (UnreadableBundleError, OSError) as error:
        raise InputError(f"“{place}”不是可读的审计包（{error}）：请重新复制一份。", place=str(place)) from error


def _show(step: str, done: int, of: int) -> None:
    if sys.stderr.isatty() and done:
        err().print(f"{step} {done}/{of}", end="\r")


def _heads(desk: _Desk) -> click.Command:
    @click.command()
    @click.option("-o", "--output", type=_FILE, help="把最后一个头另存为文件，供您留存")
    @reader_option
    @data_option
    @json_option
    @click.pass_context
    def heads(context: click.Context, output: Path | None, reader: str, data: str | None, as_json: bool) -> int:
        """账本的全部已签名的头；留存其中一个，以后便能看出此前的账是否被改写。"""

        async def listed(log: AuditLog) -> Sequence[Any]:
            await log.seal()
            return log.heads()

        found, changed = desk.read_or_changed(context, data, listed, reader)
        if changed is not None:
            return _tell_changed(changed, as_json=as_json)
        assert found is not None
        if output is not None and found:
            _write(output, found[-1].note)
        if as_json:
            print_json({"heads": [head.model_dump(mode="json") for head in found], "verdict": "nothing_found"})
            return 0
        for head in found:
            seen = "、".join(head.witnesses) or "无人见证"
            out().print(f"{head.size:>9} 条  {head.root}  {seen}", markup=False)
        return 0

    return heads


def _export(desk: _Desk) -> click.Command:
    @click.command()
    @click.argument("place", type=click.Path(path_type=Path))
    @reader_option
    @data_option
    @json_option
    @click.pass_context
    def export(context: click.Context, place: Path, reader: str, data: str | None, as_json: bool) -> int:
        """导出审计包：文件夹，或以 .tar 结尾的一个文件。"""

        async def written(log: AuditLog) -> Any:
            await log.seal()
            return await asyncio.to_thread(log.export, str(place), versions())

        bundle, changed = desk.read_or_changed(context, data, written, reader)
        if changed is not None:
            return _tell_changed(changed, as_json=as_json)
        assert bundle is not None
        if as_json:
            verdict = "evidence_missing" if bundle.missing else "nothing_found"
            print_json({**bundle.model_dump(mode="json"), "verdict": verdict})
            return 1 if bundle.missing else 0
        seen = "、".join(bundle.witnesses) or "无"
        out().print(f"已导出 {bundle.place}：{bundle.size} 条，见证人：{seen}。", markup=False)
        for name in bundle.missing:
            how = "duban audit keep" if name.startswith("histories/") else "duban evidence add 文件"
            out().print(f"✗ 缺证据：账本记有 {name}，本机却没有保存：请从备份恢复，或用 {how} 补存。", markup=False)
        return 1 if bundle.missing else 0

    return export


def _receipt(desk: _Desk) -> click.Command:
    @click.command()
    @click.argument("event_id")
    @click.option("-o", "--output", type=_FILE, help="写入文件（默认打印）")
    @reader_option
    @data_option
    @click.pass_context
    def receipt(context: click.Context, event_id: str, output: Path | None, reader: str, data: str | None) -> None:
        """一条记录的入账凭证：duban audit receipt key-project/2018/05a#3."""

        async def made(log: AuditLog) -> str:
            await log.seal()
            return log.receipt(event_id)

        text = desk.read(context, data, made, reader)
        hand_out(text, output)

    return receipt


def _witness(desk: _Desk) -> click.Command:
    @click.group()
    def witness() -> None:
        """与见证人往来：出请求、收签名、登记见证人、取策略文件。"""

    @witness.command()
    @click.argument("name")
    @click.argument("vkey")
    @data_option
    @click.pass_context
    def trust(context: click.Context, name: str, vkey: str, data: str | None) -> None:
        """登记一个见证人：简称和它的公钥。"""

        async def trusted(log: AuditLog) -> None:
            await log.trust_witness(name, vkey)

        desk.read(context, data, trusted)
        out().print(
            f"已登记见证人 {name}；请把新的策略文件交给审计人保存（duban audit witness policy）。", markup=False
        )

    @witness.command()
    @click.option("--since", type=click.IntRange(min=0), default=0, show_default=True, help="见证人留存的头有多少条")
    @click.option("-o", "--output", type=_FILE, help="写入文件（默认打印）")
    @data_option
    @click.pass_context
    def request(context: click.Context, since: int, output: Path | None, data: str | None) -> None:
        """出一份请求，交给见证人核对并签名。"""

        async def made(log: AuditLog) -> str:
            return await extension_of(log, since)

        hand_out(desk.read(context, data, made), output)

    @witness.command()
    @click.argument("answer", type=_OLD_FILE)
    @data_option
    @json_option
    @click.pass_context
    def answer(context: click.Context, answer: Path, data: str | None, as_json: bool) -> None:
        """收下见证人的签名行。"""

        async def kept(log: AuditLog) -> int:
            return await log.add_cosignature(answer.read_text(encoding="utf-8"))  # noqa: ASYNC240 - one short line

        size = desk.read(context, data, kept)
        if as_json:
            print_json({"size": size})
        else:
            out().print(f"已收下：见证了 {size} 条的头。")

    @witness.command()
    @click.option("-o", "--output", type=_FILE, help="写入文件（默认打印）")
    @data_option
    @click.pass_context
    def policy(context: click.Context, output: Path | None, data: str | None) -> None:
        """策略文件：账本和见证人的公钥；请审计人自己保存一份。"""

        async def made(log: AuditLog) -> str:
            return log.policy()

        text = desk.read(context, data, made)
        hand_out(text, output)

    return witness


def _rotate_key(desk: _Desk) -> click.Command:
    @click.command("rotate-key")
    @click.option("--reason", required=True, help="更换的缘由（记入台账）")
    @data_option
    @click.pass_context
    def rotate_key(context: click.Context, reason: str, data: str | None) -> None:
        """更换账本的签名密钥：新旧密钥同签记有此事的头。"""

        async def rotated(log: AuditLog) -> None:
            await log.rotate_key(reason)

        desk.read(context, data, rotated)
        out().print("已更换密钥；请把新的策略文件交给审计人和见证人（duban audit witness policy）。")

    return rotate_key


def hand_out(text: str, place: Path | None) -> None:
    """Print a text, or write it into a file."""
    if place is None:
        click.echo(text, nl=False)
    else:
        _write(place, text)


def _write(place: Path, text: str) -> None:
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"“{place}”不能写入（{error.strerror}）：请换一个位置。", place=str(place)) from error
