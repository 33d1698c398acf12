"""The whole record verified as an auditor elsewhere would: exported, then checked in another process."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from application.audit.inquiries import record_reading
from application.audit.kept_histories import history_from, lost_runs, unkept_by_the_ledger
from application.audit.replaying import computed_events
from application.office.office import Office
from domain.errors import DubanError, EngineUnreachableError, InputError
from domain.ids import record_named
from domain.ports.audit_log import AuditLog
from domain.record.leaf import leaf_event
from domain.record.ledger_errors import LedgerForkError, LedgerMisplacedError
from verifier.bundle import bundle_at
from verifier.findings import CONCLUSIONS, Report
from verifier.verify import Trust, verify

_NOTED_EVERY: Final = 0.2


class BusyVerifyingError(InputError, rule="one_verification"):
    """A verification goes on."""


@dataclass(slots=True)
class Verification:
    """A verification: since when, who asked, how far it is; in the end the report and what of the histories is lost."""

    began_at: datetime
    reader: str
    progress: Path | None = None
    seconds: float = 0.0
    report: Report | None = None
    unkept: list[str] = field(default_factory=list)
    engine_asked: bool = False
    changed: str | None = None
    problem: str | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.report is None and self.changed is None and self.problem is None

    @property
    def verdict(self) -> str:
        """One of the three verdicts; empty as long as there is none."""
        if self.changed is not None:
            return "changed"
        if self.report is None:
            return ""
        found = self.report.conclusion
        return "evidence_missing" if self.unkept and found == "nothing_found" else found

    @property
    def conclusion(self) -> str:
        """The verdict in words."""
        return next((words for verdict, words in CONCLUSIONS.items() if verdict == self.verdict), "")

    def how_far(self) -> str:
        """The step that goes on, as the verifier names it, and how much of it is done."""
        try:
            return self.progress.read_text(encoding="utf-8") if self.progress else ""
        except OSError:
            return ""  # it has not begun to compute


class VerificationDesk:
    """The verifications of one installation, one at a time; the last one is kept."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tasks: set[asyncio.Task[None]] = set()
        self.last: Verification | None = None

    async def begin(self, reader: str) -> Verification:
        """Begin a verification; that somebody reads is recorded first.

        Raises:
            BusyVerifyingError: another one goes on.
        """
        if self.last is not None and self.last.running:
            raise BusyVerifyingError("另一次核验还在进行：请等它结束后再核验。")
        await record_reading(self._office.records, reader, "desk verify")
        at = await asyncio.to_thread(self._office.now)
        self.last = begun = Verification(at, reader)
        task = asyncio.create_task(_followed(self._office, begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return begun


async def _followed(office: Office, one: Verification) -> None:
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="duban-bundle-") as folder:
            place, one.progress = Path(folder) / "bundle", Path(folder) / "progress"
            await office.records.log.seal()
            await asyncio.to_thread(office.records.log.export, str(place), versions())
            # In a process of its own: what takes a minute of computing keeps nobody waiting here.
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                loop = asyncio.get_running_loop()
                report = await loop.run_in_executor(pool, verified, place, one.progress)
        one.unkept, one.engine_asked = await _unkept(office)
        one.seconds = time.monotonic() - began
        one.report = report
    except (LedgerForkError, LedgerMisplacedError) as error:
        one.changed = error.text
    except DubanError as error:
        one.problem = error.text
    except BrokenProcessPool:
        one.problem = "核验的进程被中断，多半是内存不足：请稍后再试。"
    except Exception:
        one.problem = "核验没有做完：请再试一次；若仍如此，请管理员查看运行日志。"
        raise


def verified(place: Path, progress: Path) -> Report:
    """The verifier's report on a bundle; how far it is stands in a file."""
    noted = 0.0

    def note(step: str, done: int, of: int) -> None:
        nonlocal noted
        if time.monotonic() - noted > _NOTED_EVERY:
            noted = time.monotonic()
            progress.write_text(f"{step} {done}/{of}" if of else step, encoding="utf-8")

    with closing(bundle_at(place)) as bundle:
        return verify(bundle, Trust(replay=replay_kept, whole=True), note)


def replay_kept(workflow_id: str, histories: Sequence[bytes]) -> Sequence[Mapping[str, Any]]:
    """The leaf events that today's code computes from a workflow's kept histories, in order (the verifier's step 6)."""
    runs = [history_from(workflow_id, data) for data in histories]
    return [leaf_event(workflow_id, event) for event in asyncio.run(computed_events(runs))]


async def _unkept(office: Office) -> tuple[list[str], bool]:
    now = office.engine_now()
    try:
        found = await lost_runs(office.archive, now, await office.engine.retention())
    except EngineUnreachableError:
        records = office.records
        found = await asyncio.to_thread(unkept_by_the_ledger, records.ledger, records.log, now)
        return [run.text for run in found], False
    return [run.text for run in found], True


async def bundle_of(office: Office, reader: str, place: Path) -> None:
    """Write the bundle that an auditor takes away, as one file; that somebody reads is recorded first.

    Raises:
        LedgerForkError: the ledger does not begin with what was signed.
        LedgerMisplacedError: an entry is not found where it says.
    """
    await record_reading(office.records, reader, "desk export")
    await office.records.log.seal()
    await asyncio.to_thread(office.records.log.export, str(place), versions())


async def receipt_of(office: Office, reader: str, event_id: str) -> str:
    """The receipt of one entry, which stands for itself; that somebody reads is recorded first.

    Raises:
        DubanError: there is no such entry.
    """
    await record_reading(office.records, reader, "desk receipt")
    await office.records.log.seal()
    return await asyncio.to_thread(office.records.log.receipt, record_named(event_id))


async def extension_of(log: AuditLog, since: int) -> str:
    """The last signed head with the proof that it extends that of `since` entries.

    Raises:
        InputError: the log is not that long.
    """
    head = await log.seal()
    if head is not None and since > head.size:
        raise InputError(f"台账只有 {head.size} 条，没有 {since} 条的校验值：请核对留存的条数。", since=since)
    return await asyncio.to_thread(log.witness_request, since)


def versions() -> Mapping[str, str]:
    """The versions of what wrote a bundle."""
    found = {"python": sys.version.split()[0]}
    for name in ("duban", "temporalio", "pydantic"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found
