"""`duban audit verify`: a bundle, or the installation's own ledger, held against everything that must hold."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from application.audit.kept_histories import RunLost, lost_runs, unkept_by_the_ledger
from application.desk_work.verification import replay_kept, versions
from application.settings import Settings
from domain.errors import EngineUnreachableError, InputError
from domain.ports.audit_log import AuditLog
from entrypoints.bootstrap import engine_now, open_office, open_records
from entrypoints.cli.inquiry import reader_option
from entrypoints.cli.own_log import read_or_changed, tell_changed
from entrypoints.cli.session import OLD_FILE, err, out, print_json, run_async, usual_options, wants_json
from verifier.bundle import UnreadableBundleError, bundle_at
from verifier.certificates import Certificate, certificates_in
from verifier.der import UnreadableDerError
from verifier.findings import CONCLUSIONS, Report
from verifier.log_of_heads import above_in
from verifier.verify import Trust
from verifier.verify import verify as verify_bundle


@click.command()
@click.argument("bundle", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--policy", type=OLD_FILE, help="您自己保存的策略文件")
@click.option("--kept", type=OLD_FILE, multiple=True, help="您以前留存的校验值（可重复）")
@click.option("--stamp-authority", type=OLD_FILE, help="您所信任的时间戳机构的证书（PEM）")
@click.option("--heads-proof", type=OLD_FILE, help="总账收有这本台账的校验值的证明（duban heads prove）")
@click.option("--heads-kept", type=OLD_FILE, help="您留存的总账的校验值")
@click.option("--heads-policy", type=OLD_FILE, help="您保存的总账的策略文件")
@reader_option
@usual_options
def verify(  # the options of the verifier, and where the ledger is
    settings: Settings,
    bundle: Path | None,
    policy: Path | None,
    kept: tuple[Path, ...],
    stamp_authority: Path | None,
    heads_proof: Path | None,
    heads_kept: Path | None,
    heads_policy: Path | None,
    reader: str,
) -> int:
    """核验审计包；不写审计包则核验本机台账的全部。"""
    heads = {str(path): path.read_bytes() for path in kept}
    named = stamp_authority or settings.stamp_certificates
    authorities = _authorities(named) if named else None
    above = above_in(heads_proof, heads_kept, heads_policy)
    trust = Trust(policy.read_bytes() if policy else None, heads, replay_kept, authorities, above=above)
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

        own_report, changed = read_or_changed(settings, own, reader)
        if changed is not None:
            return tell_changed(changed)
        assert own_report is not None
        report = own_report
        lost, asked = run_async(unkept_runs(settings))
        unkept = [run.text for run in lost]
    seconds = time.monotonic() - started
    conclusion = report.conclusion
    if unkept and conclusion == "nothing_found":
        conclusion = "evidence_missing"
    if wants_json():
        told = {"passed": conclusion == "nothing_found", "verdict": conclusion, "seconds": round(seconds, 3)}
        answer = {**report.as_json(), **told}
        print_json(answer if unkept is None else {**answer, "unkept": unkept, "engine_asked": asked})
    else:
        out().print(report.steps_as_text())
        if unkept is not None:
            _tell_unkept(unkept, asked=asked)
        same = conclusion == report.conclusion
        out().print(report.conclusion_as_text() if same else f"结论：{CONCLUSIONS[conclusion]}")
        out().print(f"用时 {seconds:.1f} 秒。")
    return 0 if conclusion == "nothing_found" else 1


def _authorities(file: Path) -> Sequence[Certificate]:
    try:
        return certificates_in(file.read_bytes())
    except (OSError, UnreadableDerError) as error:
        raise InputError(f"“{file}”不是可读的证书文件（{error}）：应为 PEM。", place=str(file)) from error


async def unkept_runs(settings: Settings) -> tuple[list[RunLost], bool]:
    """The runs whose history is in danger or lost, and whether the engine was there to ask; without it the ledger alone
    is looked at."""
    try:
        async with open_office(settings) as office:
            return await lost_runs(office.archive, engine_now(), await office.engine.retention()), True
    except EngineUnreachableError:
        with open_records(settings) as records:
            return unkept_by_the_ledger(records.ledger, records.log, engine_now()), False


def _tell_unkept(unkept: Sequence[str], *, asked: bool) -> None:
    how = "" if asked else "（引擎不应答，只按台账核对）"
    if not unkept:
        out().print(f"[通过] 结束的运行，历史都已保存{how}")
        return
    out().print(f"[缺证据] 有 {len(unkept)} 次运行的历史没有保存或已丢失{how}")
    for text in unkept:
        out().print(f"    {text}")


def _verified(place: Path, trust: Trust) -> Report:
    try:
        with closing(bundle_at(place)) as bundle:
            return verify_bundle(bundle, trust, _show)
    except (UnreadableBundleError, OSError) as error:
        raise InputError(f"“{place}”不是可读的审计包（{error}）：请重新复制一份。", place=str(place)) from error


def _show(step: str, done: int, of: int) -> None:
    if sys.stderr.isatty() and done:
        err().print(f"{step} {done}/{of}", end="\r")
