"""Histories outlive the engine: every closed run goes into the vault byte for byte, and its hash into the ledger.

It is done beside the workflows, from what the engine keeps of them anyway: no workflow's history grows by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import WorkflowHistory

from application.engine_room.engine import Engine, Runs
from domain.errors import InputError
from domain.frozen import Frozen
from domain.ids import is_mailbox, mailbox_workflow_id, supervision_workflow_id
from domain.ports.audit_log import AuditLog
from domain.ports.evidence import EvidenceStore
from domain.ports.ledger import Ledger
from domain.ports.outbox import Outbox
from domain.ports.register import Register
from domain.ports.vault import HistoryVault
from domain.record.leaf import CLOSED_RUN, history_stream
from domain.record.recorded_projects import is_project, recorded_projects, repairs_in
from domain.record.rehearsals import rehearsal_of

_SOON_ENOUGH = timedelta(hours=1)
_ENDS = ("ProjectArchived", "ProjectWithdrawn")
_WAY_BACK = "ProjectReopened"


class RunLost(Frozen):
    """A run whose history is nowhere any more, or that will be so unless it is kept; `text` says it to a person."""

    workflow_id: str
    run_id: str
    gone: bool
    text: str


@dataclass(frozen=True, slots=True)
class Archive:
    """What keeping needs: the ledger and its log, the outbox that names the mailboxes, what is kept, the engine."""

    engine: Engine
    ledger: Ledger
    outbox: Outbox
    log: AuditLog
    vault: HistoryVault
    evidence: EvidenceStore
    folder: Path | None = None
    """The data folder, where the documents and letters lie that went out; none where there are none."""
    register: Register | None = None

    def workflow_ids(self) -> list[str]:
        """Every workflow that the ledger knows of: the projects' and the mailboxes'."""
        # Whoever has got a paper has a stream of receipts; whoever waits for the first one stands in the outbox.
        streams = self.ledger.streams()
        waiting = (mailbox_workflow_id(mail.addressee) for mail in self.outbox.open_mail())
        mailboxes = sorted({*filter(is_mailbox, streams), *waiting})
        return [*sorted(filter(is_project, streams)), *mailboxes]


@dataclass(frozen=True, slots=True)
class _Run:
    run_id: str
    number: int
    recorded: bool
    kept: bool
    open: bool
    history: WorkflowHistory | None


def history_bytes(history: WorkflowHistory) -> bytes:
    """A run's history as the bytes that are kept and hashed."""
    return History(events=history.events).SerializeToString(deterministic=True)


def readable_history(history: WorkflowHistory) -> bytes:
    """The same history for people, as JSON; the keys are sorted, or one history would be written in many ways."""
    document = json.loads(history.to_json())
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def history_from(workflow_id: str, data: bytes) -> WorkflowHistory:
    """A run's history from its kept bytes.

    Raises:
        ValueError: the bytes are no history.
    """
    try:
        return WorkflowHistory(workflow_id, list(History.FromString(data).events))
    except Exception as error:  # the library raises an error of its own, by no public name
        raise ValueError(f"not a history: {error}") from error


async def keep_closed_runs(archive: Archive) -> int:
    """Keep every closed run that was not kept yet; answer how many there were.

    Raises:
        LedgerUnavailableError: the vault or the ledger cannot be written.
        LedgerConflictError: the vault has another history under a run's name.
    """
    return sum([await keep_runs_of(archive, workflow_id) for workflow_id in archive.workflow_ids()])


async def keep_runs_of(archive: Archive, workflow_id: str) -> int:
    """Keep the closed runs of one workflow that were not kept yet; answer how many (raises as `keep_closed_runs`)."""
    new = 0
    async for run in _chain_of_runs(archive, workflow_id):
        if run.open or run.history is None or (run.recorded and (run.kept or not _is_recorded(archive, run))):
            continue
        facts: dict[str, str | int] = {"run": run.number, "events": len(run.history.events), "build": version("duban")}
        data = archive.vault.read(_place(workflow_id, run.run_id)) if run.kept else history_bytes(run.history)
        await archive.log.keep_history(workflow_id, run.run_id, data, readable_history(run.history), facts)
        new += 1
    return new


def is_kept(archive: Archive, workflow_id: str, run_id: str) -> bool:
    """Whether a run's history is in the vault and its hash in the ledger."""
    return archive.log.has_history(workflow_id, run_id) and run_id in _recorded_runs(archive.ledger, workflow_id)


def _is_recorded(archive: Archive, run: _Run) -> bool:
    """Whether the engine still has the very bytes whose hash the ledger has: then a lost file can be kept again."""
    assert run.history is not None
    digest = hashlib.sha256(history_bytes(run.history)).hexdigest()
    return digest in recorded_hashes(archive.ledger, run.history.workflow_id)


def unkept_by_the_ledger(ledger: Ledger, log: AuditLog, now: datetime) -> list[RunLost]:
    """What the ledger alone shows to be unkept, where no engine answers: projects that ended more than an hour ago and
    whose history was never kept, and kept runs whose file is not in the vault any more."""
    lost = []
    for project_id in recorded_projects(ledger):
        workflow_id = supervision_workflow_id(project_id)
        runs = _recorded_runs(ledger, workflow_id)
        lost += [_gone(workflow_id, run_id) for run_id in runs if not log.has_history(workflow_id, run_id)]
        ended = None if runs else _ended_at(ledger, workflow_id)
        if ended is not None and now - ended > _SOON_ENOUGH:
            text = f"{workflow_id} 已于 {ended:%Y-%m-%d} 结束而历史没有保存：请管理员趁引擎还在时运行 duban audit keep"
            lost.append(RunLost(workflow_id=workflow_id, run_id="", gone=False, text=text))
    return lost


def _ended_at(ledger: Ledger, workflow_id: str) -> datetime | None:
    """When a project came to its end, whatever was recorded with the end; none of one that goes on."""
    ended = None
    for entry in ledger.entries(workflow_id):
        if entry.type in _ENDS:
            ended = entry.appended_at
        elif entry.type == _WAY_BACK:
            ended = None
    return ended


def _gone(workflow_id: str, run_id: str) -> RunLost:
    text = f"{workflow_id} 的运行 {run_id} 记有历史的摘要，档案库中却没有文件：请从备份恢复，或运行 duban audit keep"
    return RunLost(workflow_id=workflow_id, run_id=run_id, gone=True, text=text)


async def lost_runs(archive: Archive, now: datetime, retention: timedelta) -> list[RunLost]:
    """The runs that are gone without having been kept, and those that closed long enough ago to have been kept."""
    if rehearsal_of(archive.ledger) is not None:
        return []  # a copy has its year's record and none of its runs: it is for showing, and proves nothing of them
    each = [await lost_runs_of(archive, workflow_id, now, retention) for workflow_id in archive.workflow_ids()]
    return [run for runs in each for run in runs]


async def lost_runs_of(archive: Archive, workflow_id: str, now: datetime, retention: timedelta) -> list[RunLost]:
    """Those of one workflow."""
    lost = []
    async for run in _chain_of_runs(archive, workflow_id):
        if run.recorded and not run.kept:
            lost.append(_gone(workflow_id, run.run_id))
        elif run.history is None and not run.open:
            text = (
                f"{workflow_id} 的第{run.number}次运行（{run.run_id or '？'}）已不在引擎中，也没有保存："
                "请从备份恢复；恢复不了的，这段经过只能按台账核对"
            )
            lost.append(RunLost(workflow_id=workflow_id, run_id=run.run_id, gone=True, text=text))
        elif run.history is not None and not run.recorded and not run.open:
            closed = run.history.events[-1].event_time.ToDatetime(UTC)
            if now - closed > _SOON_ENOUGH:
                until = closed + retention
                text = (
                    f"{workflow_id} 的第{run.number}次运行（{run.run_id}）已于 {closed:%Y-%m-%d} 结束而没有保存，"
                    f"引擎只保留到 {until:%Y-%m-%d}：请管理员运行 duban audit keep"
                )
                lost.append(RunLost(workflow_id=workflow_id, run_id=run.run_id, gone=False, text=text))
    return lost


async def runs_of(archive: Archive, workflow_id: str) -> Sequence[tuple[str, WorkflowHistory | None]]:
    """All runs of a workflow by their identities: the kept ones from the vault, the open one as the engine has it now;
    none of one that is nowhere any more.

    A run that another one went on instead of, on record, is left out: its good part stands in that one, or in the
    ledger's state from which that one began.
    """
    repaired = {repair.run_id for repair in repairs_in(archive.ledger, workflow_id) if repair.supersedes}
    runs = _chain_of_runs(archive, workflow_id, up_to_now=True)
    return [(run.run_id, run.history) async for run in runs if run.run_id not in repaired]


async def histories_of(archive: Archive, workflow_id: str) -> Sequence[WorkflowHistory]:
    """The histories of all runs of a workflow (see `runs_of`); one without events of a run that is gone."""
    return [history or WorkflowHistory(workflow_id, []) for _, history in await runs_of(archive, workflow_id)]


async def _chain_of_runs(archive: Archive, workflow_id: str, *, up_to_now: bool = False) -> AsyncIterator[_Run]:
    recorded = _recorded_runs(archive.ledger, workflow_id)
    there = await archive.engine.runs(workflow_id)
    repairs = {repair.run_id: repair for repair in repairs_in(archive.ledger, workflow_id)}
    beginning = there.first if there else next(iter(recorded), None)
    chains = [repair.first_run_id for repair in repairs.values() if repair.way != "reset"]
    waiting = list(dict.fromkeys([*chains, *([beginning] if beginning else [])]))
    number, seen = 0, set[str]()
    # What is withheld is written beside the decision that overtook it: only what was sent needed a mailbox at work.
    if not waiting and any(entry.type != "NoticeWithheld" for entry in archive.ledger.entries(workflow_id)):
        yield _Run("", 1, recorded=False, kept=False, open=False, history=None)
    gap_passed = False
    while waiting:
        run_id = waiting.pop(0)
        if not run_id or run_id in seen:
            continue
        number, seen = number + 1, seen | {run_id}
        kept = archive.log.has_history(workflow_id, run_id)
        is_open = there is not None and there.running and run_id == there.last
        history: WorkflowHistory | None = None
        if kept:
            history = history_from(workflow_id, archive.vault.read(_place(workflow_id, run_id)))
        elif not is_open or up_to_now:
            history = await archive.engine.history(workflow_id, run_id)
        yield _Run(run_id, number, recorded=run_id in recorded, kept=kept, open=is_open, history=history)
        after = next_run(history.events[-1]) if history and history.events else None
        if after is None and run_id in repairs:
            after = repairs[run_id].new_run_id
        waiting[:0] = [after] if after else []
        if history is None and not is_open and not gap_passed:
            # It alone knew which run came next: what is behind it is found from the other end.
            gap_passed = True
            waiting += await _behind_a_gap(archive, workflow_id, recorded, there, seen)


async def _behind_a_gap(
    archive: Archive, workflow_id: str, recorded: Iterable[str], there: Runs | None, seen: Container[str]
) -> list[str]:
    """The runs that no run before them leads to, in order: the kept ones, and back from the last one, each by the name
    of the one that it continues, to the first that is gone."""
    found, run_id = list[str](), there.last if there else ""
    while run_id and run_id not in seen:
        found.append(run_id)
        history = await archive.engine.history(workflow_id, run_id)
        began = history.events[0].workflow_execution_started_event_attributes if history else None
        run_id = began.continued_execution_run_id if began else ""
    return [*(each for each in recorded if each not in found), *reversed(found)]


def next_run(last: HistoryEvent) -> str | None:
    """The run that goes on where one ended, by its last event."""
    return last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id or None


@dataclass(frozen=True, slots=True)
class ExportedRun:
    """One run in a folder of exported histories: its file's name and hash, and the history."""

    name: str
    sha256: str
    history: WorkflowHistory


def exported_histories(folder: Path) -> dict[str, list[ExportedRun]]:
    """The histories in a folder (`…/WORKFLOW/RUN.pb`), the runs of each workflow in order.

    Raises:
        InputError: there are none, or a file is no history.
    """
    found: dict[str, list[ExportedRun]] = {}
    for path in sorted(folder.rglob("*.pb")):
        try:
            data = path.read_bytes()
            events = history_from("", data).events
            started = events[0].workflow_execution_started_event_attributes
        except (OSError, ValueError, IndexError) as error:
            raise InputError(f"“{path}”不是流程的历史：请用 duban audit export 重新导出。", place=str(path)) from error
        workflow_id = started.workflow_id or _workflow_of(path.relative_to(folder))
        run = ExportedRun(path.name, hashlib.sha256(data).hexdigest(), WorkflowHistory(workflow_id, events))
        found.setdefault(workflow_id, []).append(run)
    if not found:
        raise InputError(f"“{folder}”里没有历史文件（流程/运行.pb）：请核对目录。", place=str(folder))
    for runs in found.values():
        runs.sort(key=lambda run: run.history.events[0].event_time.ToNanoseconds())
    return found


def recorded_hashes(ledger: Ledger, workflow_id: str) -> set[str]:
    """The hashes of a workflow's kept histories, as the ledger has them."""
    return {
        str(blob["sha256"]) for entry in ledger.entries(history_stream(workflow_id)) for blob in entry.event["blobs"]
    }


def evidence_named(ledger: Ledger) -> dict[str, set[str]]:
    """The evidence that the entries fix by its hash, and under which names it was shown."""
    named: dict[str, set[str]] = {}
    for entry in ledger.entries():
        for blob in entry.event["blobs"] if entry.type != CLOSED_RUN else ():
            named.setdefault(str(blob["sha256"]), set()).add(str(blob["name"]))
    return named


def _workflow_of(path: Path) -> str:
    parts = path.parent.parts
    return "/".join(parts[parts.index("histories") + 1 :] if "histories" in parts else parts)


def _recorded_runs(ledger: Ledger, workflow_id: str) -> list[str]:
    return [str(entry.event["data"]["run_id"]) for entry in ledger.entries(history_stream(workflow_id))]


def _place(workflow_id: str, run_id: str) -> str:
    return f"histories/{workflow_id}/{run_id}.pb"
