"""Reconciliation: does the ledger hold exactly what the workflows did, and did everything follow from it that must?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, groupby
from typing import Literal

from pydantic import computed_field

from application.audit.asked_once import AskedOnce
from application.audit.delivery_findings import delivery_findings
from application.audit.engine_findings import engine_findings
from application.audit.kept_histories import Archive, histories_of, lost_runs
from application.audit.next_steps import Check, by_another_program, with_next_step
from application.audit.register_findings import RegisterThen
from application.audit.replay_pool import ReplayPool, replay_pool
from domain.directory.person_name import ERASED_NAME
from domain.directory.superiors import post_of
from domain.events import DomainEvent
from domain.evolution import fold
from domain.frozen import Frozen
from domain.ids import ProjectId, mailbox_workflow_id, supervision_workflow_id
from domain.lists.sub_duties import never_started, not_started_text
from domain.papers.drafting import papers_for
from domain.papers.mail import NoticeSent
from domain.papers.paper import Paper
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outbox import OutboxItem
from domain.record.erasures import erasures
from domain.record.leaf import CLOSED_RUN, DIGESTS_STREAM, ROW_STREAMS, domain_event_of, mail_event_of
from domain.record.ledger_errors import NotInLedgerError
from domain.record.recorded_directory import DirectoryReader
from domain.record.recorded_projects import recorded_projects, repairs_in
from domain.rungs.limits import LIMIT_WORDS
from domain.rungs.wakeups import due_actions
from domain.state import ProjectState

Weight = Literal["evidence_missing", "changed"]
Conclusion = Literal["nothing_found", "evidence_missing", "changed"]
_MAY_TAKE = timedelta(hours=1)
_LOOKS_AGAIN = 2


class Finding(Frozen):
    """One thing that does not fit: which check found it, in which stream, and what it is."""

    check: Check
    stream: str
    text: str
    verdict: Weight = "changed"


class Reconciliation(Frozen):
    """What was compared, in numbers, and everything that does not fit."""

    streams: int
    entries: int
    replayed: int
    papers: int
    receipts: int
    findings: tuple[Finding, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> Conclusion:
        """Nothing found, something that would show it is missing, or something contradicts what is recorded."""
        found = {finding.verdict for finding in self.findings}
        return "changed" if "changed" in found else "evidence_missing" if found else "nothing_found"


async def reconcile(
    archive: Archive,
    now: datetime,
    engine_now: datetime,
    retention: timedelta,
    *,
    on_open: Callable[[int], None] = lambda _: None,
    on_each: Callable[[], None] = lambda: None,
    processes: int | None = None,
) -> Reconciliation:
    """Compare the ledger with the histories, and the outbox with the ledger; `now` is the supervised year's instant.

    An office goes on while its stores are read one after the other: what one look found and the next one does not was
    such a moment. A real difference stays. `on_open` is told how many projects are replayed, `on_each` when one is.

    Raises:
        EngineUnreachableError: the engine does not answer.
        DubanError: a replaying process was ended from outside.
    """
    projects = recorded_projects(archive.ledger)
    on_open(len(projects))
    with replay_pool(len(projects), processes) as pool:
        look = partial(_looked_over, archive, pool, now, engine_now, retention)
        found = await look(on_each=on_each)
        for _ in range(_LOOKS_AGAIN):
            if not found.findings:
                break
            # Only what was found before can stay: what replayed well is not replayed again.
            doubted = {finding.stream for finding in found.findings if finding.check == "replay"}
            again = await look(doubted=doubted)
            seen = {(finding.check, finding.stream, finding.text) for finding in found.findings}
            stays = [each for each in again.findings if (each.check, each.stream, each.text) in seen]
            found = again.having(findings=tuple(stays))
    return found


async def _looked_over(
    archive: Archive,
    pool: ReplayPool,
    now: datetime,
    engine_now: datetime,
    retention: timedelta,
    *,
    doubted: Container[str] | None = None,
    on_each: Callable[[], None] = lambda: None,
) -> Reconciliation:
    archive = replace(archive, engine=AskedOnce(archive.engine))
    ledger = archive.ledger
    then = None if archive.register is None else RegisterThen(archive.register)
    projects = recorded_projects(ledger)
    known = frozenset(projects)
    findings = list(_gaps(archive))
    items = archive.outbox.items()
    issued = {paper.paper.paper_id: paper.paper for paper in archive.outbox.papers()}
    expected: dict[str, Paper] = {}
    states: dict[ProjectId, ProjectState] = {}
    directory = DirectoryReader(ledger, archive.evidence)

    async def of_project(project_id: ProjectId) -> list[Finding]:
        stream = supervision_workflow_id(project_id)
        entries = list(ledger.entries(stream))
        events = [domain_event_of(entry) for entry in entries]
        differs = await _replay_findings(archive, pool, stream, entries) if doubted is None or stream in doubted else []
        state = fold(events)
        if state is not None:
            states[project_id] = state
        if then is not None:
            then.look_at(project_id, entries, events, state)
        expected.update((each.paper_id, each) for each in directory.with_superiors(_papers_of(events)))
        return [*differs, *_overdue(project_id, state, now), *_never_started(state, known)]

    findings += chain.from_iterable(await pool.each(projects, of_project, on_each))
    rows = list(_row_findings(archive))
    hashed = sum(len(each.event["data"]["sha256"]) for each in ledger.entries(ROW_STREAMS["paper"]))
    as_issued = len(issued) >= hashed and not any(each.check == "papers" for each in rows)
    findings += _paper_findings(expected, issued, as_issued=as_issued)
    receipts, found = await _receipt_findings(archive, items, now)
    findings += found
    findings += _evidence_findings(archive)
    findings += rows
    findings += _file_findings(archive)
    findings += _register_findings(then, ledger)
    for stream, text in delivery_findings(ledger, now):
        findings.append(Finding(check="deliveries", stream=stream, text=text, verdict="evidence_missing"))
    for workflow_id, text in await engine_findings(archive, dict(sorted(states.items())), engine_now):
        # A project that does not go on accuses nobody: what the ledger has of it may be whole.
        findings.append(Finding(check="engine", stream=workflow_id, text=text, verdict="evidence_missing"))
    for run in await lost_runs(archive, engine_now, retention):
        finding = Finding(check="histories", stream=run.workflow_id, text=run.text, verdict="evidence_missing")
        findings.append(finding)
    return Reconciliation(
        streams=len(ledger.streams()),
        entries=sum(1 for _ in ledger.entries()),
        replayed=len(projects),
        papers=len(issued),
        receipts=receipts,
        findings=tuple(each.having(text=with_next_step(each.check, each.text)) for each in findings),
    )


def _gaps(archive: Archive) -> Iterator[Finding]:
    following: Counter[str] = Counter()
    for position, entry in enumerate(archive.ledger.entries()):
        if entry.position != position:
            yield Finding(check="dense", stream=entry.stream, text=f"台账第{position}条缺失")
            return
        if entry.stream_seq != following[entry.stream]:
            text = f"第{following[entry.stream]}条之后是第{entry.stream_seq}条，序号不连续"
            yield Finding(check="dense", stream=entry.stream, text=text)
        following[entry.stream] = entry.stream_seq + 1


async def _replay_findings(
    archive: Archive, pool: ReplayPool, stream: str, entries: Sequence[LedgerEntry]
) -> list[Finding]:
    histories, repairs = await histories_of(archive, stream), repairs_in(archive.ledger, stream)
    there = [history for history in histories if history.events]
    whole, gone = len(there) == len(histories), "历史不在引擎中，也没有保存，不能核对：请从备份恢复"
    if there:
        # What is gone says nothing of the rest, which is compared all the same.
        gone = "有的运行历史不在引擎中，也没有保存，只核对了其余各次：请从备份恢复"
    missing = Finding(check="replay", stream=stream, text=gone, verdict="evidence_missing")
    if not there:
        return [missing]
    verdict = await pool.replayed(there, entries, repairs, whole=whole)
    if verdict.problem is not None and verdict.computed != verdict.recorded:
        # The project goes on while history and ledger are read one after the other: a real difference stays.
        entries, again = list(archive.ledger.entries(stream)), await histories_of(archive, stream)
        verdict = await pool.replayed([each for each in again if each.events], entries, repairs, whole=whole)
    differs = [Finding(check="replay", stream=stream, text=verdict.problem)] if verdict.problem else []
    return differs if whole else [missing, *differs]


def _overdue(project_id: ProjectId, state: ProjectState | None, now: datetime) -> Iterator[Finding]:
    if state is None:
        return
    at = now - _MAY_TAKE
    # Outside working hours no paper is due before the next opening: what was due is asked of the last open hour too.
    due_then = {
        (due.ladder, due.rung.name): due
        for instant in (state.policy.last_open(at, state.calendar), at)
        for due in due_actions(state, instant)
    }
    due_now = {(due.ladder, due.rung.name) for due in due_actions(state, now)}
    opening = state.policy.next_opening(now, state.calendar)
    for key, due in due_then.items():
        matter = state.limits.get(due.limit_id or "")
        whose = f"（{LIMIT_WORDS[matter.kind]}，{matter.owner}）" if matter else ""
        whose = f"（{due.department}）" if due.department else whose
        about = due.milestone_id or project_id
        text = (
            f"{about} 的 {due.rung.name}{whose} 应于 {due.at:%Y-%m-%d %H:%M} 发生，台账中没有记到："
            "请管理员运行 duban doctor，看督办程序是否在运行、流程是否卡住"
            if key in due_now
            # Whatever held it up, it goes out at the next opening.
            else f"{about} 的 {due.rung.name}{whose} 应于 {due.at:%Y-%m-%d %H:%M} 发生，错过了当天的工作时间："
            f"督办程序会在 {opening:%Y-%m-%d %H:%M} 上班后补办，请届时再对一次账"
        )
        stream = supervision_workflow_id(project_id)
        yield Finding(check="due", stream=stream, text=text, verdict="evidence_missing")


def _never_started(state: ProjectState | None, known: Container[ProjectId]) -> Iterator[Finding]:
    """The parts that a department gave to its units and that no supervision was begun for."""
    for milestone_id, given in never_started(state, known) if state is not None else ():
        stream = supervision_workflow_id(given.project_id)
        text = not_started_text(milestone_id, given)
        yield Finding(check="sub_duties", stream=stream, text=text, verdict="evidence_missing")


def _papers_of(events: Sequence[DomainEvent]) -> list[Paper]:
    """The papers that follow from the events, each drafted as it was: from the state after its whole decision."""
    state: ProjectState | None = None
    papers: list[Paper] = []
    for _, group in groupby(events, key=lambda event: event.decided_at):
        decision = tuple(group)
        state = fold(decision, state)
        if state is not None:
            papers += papers_for(state, decision)
    return papers


def _evidence_findings(archive: Archive) -> Iterator[Finding]:
    checked: dict[str, tuple[Weight, str] | None] = dict.fromkeys(erasures(archive.ledger))
    for entry in archive.ledger.entries():
        for blob in entry.event["blobs"] if entry.type != CLOSED_RUN else ():
            sha256 = str(blob["sha256"])
            if sha256 not in checked:
                checked[sha256] = _fault_of(archive, sha256)
            if fault := checked[sha256]:
                text = f"{entry.event_id} 的佐证“{blob['name']}”{fault[1]}（{sha256}）"
                yield Finding(check="evidence", stream=entry.stream, text=text, verdict=fault[0])


def _fault_of(archive: Archive, sha256: str) -> tuple[Weight, str] | None:
    try:
        data = archive.evidence.read(sha256)
    except NotInLedgerError:
        return "evidence_missing", "没有保存在佐证库中，请用 duban evidence add 补存原件"
    return None if hashlib.sha256(data).hexdigest() == sha256 else ("changed", "在佐证库中被改动过")


def _paper_findings(expected: dict[str, Paper], issued: dict[str, Paper], *, as_issued: bool) -> Iterator[Finding]:
    """The papers against the events. Where all stand `as_issued`, by their hashes in the ledger, nobody touched them:
    the program that recorded the event drafted otherwise than today's, and no backup has it otherwise."""
    for paper_id in sorted(expected.keys() | issued.keys()):
        due, there = expected.get(paper_id), issued.get(paper_id)
        weight: Weight = "changed"
        if there is None:
            weight = "evidence_missing" if as_issued else "changed"
            text = f"事件 {paper_id} 应有文书而没有"
        elif due is None:
            text = f"文书 {paper_id} 没有相应的事件"
        elif _facts(due, erased=ERASED_NAME in due.to) != _facts(there, erased=ERASED_NAME in due.to):
            # Of a superior whose name was erased since, the post alone can be compared.
            text = f"文书 {paper_id} 的收文方、级别或时限与事件不符"
        else:
            continue
        text = by_another_program(text) if as_issued else text
        yield Finding(check="papers", stream=paper_id.partition("#")[0], text=text, verdict=weight)


def _facts(paper: Paper, *, erased: bool) -> tuple[object, ...]:
    to = post_of(paper.to) if erased else paper.to
    return paper.kind, to, paper.copies_to, paper.milestone_id, paper.level, paper.due_on, paper.issued_at


async def _receipt_findings(archive: Archive, items: Sequence[OutboxItem], now: datetime) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    receipts: Counter[tuple[str, str, str]] = Counter()
    said: dict[tuple[str, str], tuple[str, object]] = {}
    addressees = sorted({item.addressee for item in items})
    for addressee in addressees:
        for entry in archive.ledger.entries(mailbox_workflow_id(addressee)):
            mail = mail_event_of(entry)
            receipts["sent" if isinstance(mail, NoticeSent) else "withheld", mail.paper_id, mail.addressee] += 1
            what = (mail.digest_id, mail.occurred_at) if isinstance(mail, NoticeSent) else mail.reason
            said[mail.paper_id, mail.addressee] = mail.number, what
    settled: Counter[tuple[str, str, str]] = Counter(
        (item.state, item.numbered.paper.paper_id, item.addressee)
        for item in items
        if item.state in ("sent", "withheld")
    )
    for state, paper_id, addressee in sorted(receipts.keys() | settled.keys()):
        key = (state, paper_id, addressee)
        if receipts[key] != settled[key]:
            text = f"文书 {paper_id}：发文箱记{state} {settled[key]} 次，台账有 {receipts[key]} 份回执"
            findings.append(Finding(check="receipts", stream=mailbox_workflow_id(addressee), text=text))
    findings += _receipts_that_differ(items, said)
    findings += await _unsent(archive, items, now)
    return receipts.total(), findings


def _receipts_that_differ(
    items: Sequence[OutboxItem], said: Mapping[tuple[str, str], tuple[str, object]]
) -> Iterator[Finding]:
    """Number, digest and instant of each item that went out, as the outbox and as the ledger have them."""
    for item in items:
        paper_id, stream = item.numbered.paper.paper_id, mailbox_workflow_id(item.addressee)
        number, what = said.get((paper_id, item.addressee), ("", None))
        if what is None or item.state not in ("sent", "withheld"):
            continue
        if number != item.numbered.number:
            text = f"文书 {paper_id}：发文箱的文号是 {item.numbered.number}，台账的回执是 {number}"
            yield Finding(check="receipts", stream=stream, text=text)
        there = (item.digest_id, item.sent_at) if item.state == "sent" else item.reason
        if there != what:
            text = f"文书 {number}：发文箱所记的汇总件、发出时间或不发的缘由，与台账的回执不同"
            yield Finding(check="receipts", stream=stream, text=text)


def _row_findings(archive: Archive) -> Iterator[Finding]:
    """Numbered papers, refused and accepted commands, row by row against their hashes in the ledger."""
    checks: dict[str, Check] = {"paper": "papers", "refusal": "refusals", "acceptance": "acceptances"}
    for table, text in archive.log.differing_rows():
        yield Finding(check=checks[table], stream=ROW_STREAMS[table], text=text)


def _file_findings(archive: Archive) -> Iterator[Finding]:
    """The letters and documents that went out, as they lie on the disk, against their hashes in the ledger."""
    if archive.folder is None:
        return
    for entry in archive.ledger.entries(DIGESTS_STREAM):
        for name, sha256, _ in entry.event["data"]["files"]:
            path = archive.folder / str(name)
            about = f"{entry.event['data']['digest_id']} 发出的 {name}"
            if not path.is_file():
                text = f"{about} 不在数据目录中：请从备份恢复"
                yield Finding(check="files", stream=DIGESTS_STREAM, text=text, verdict="evidence_missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                yield Finding(check="files", stream=DIGESTS_STREAM, text=f"{about} 与发出时不同，被改动过")


def _register_findings(then: RegisterThen | None, ledger: Ledger) -> Iterator[Finding]:
    """The rows of the register, against what the core makes of the same events at the same instant."""
    for project_id, text in then.findings(ledger) if then is not None else ():
        told = f"{project_id} {text}：请管理员运行 duban engine rebuild-register"
        stream = supervision_workflow_id(project_id) if project_id else DIGESTS_STREAM
        yield Finding(check="register", stream=stream, text=told)


async def _unsent(archive: Archive, items: Sequence[OutboxItem], now: datetime) -> list[Finding]:
    late = [
        item
        for item in items
        if item.state in ("waiting", "claimed") and item.numbered.paper.send_from < now - _MAY_TAKE
    ]
    # A rehearsal has no mailboxes: nothing is sent there, and nothing is late.
    with_mailbox = [
        addressee
        for addressee in sorted({item.addressee for item in late})
        if await archive.engine.runs(mailbox_workflow_id(addressee)) is not None
    ]
    return [
        Finding(
            check="receipts",
            stream=mailbox_workflow_id(item.addressee),
            text=f"文书 {item.numbered.number} 应于 {item.numbered.paper.send_from:%Y-%m-%d %H:%M} 起发出，至今未发："
            "督办程序在运行的会自动发出；请管理员运行 duban doctor 查看，没有运行的请启动（duban run）",
            verdict="evidence_missing",
        )
        for item in late
        if item.addressee in with_mailbox
    ]
