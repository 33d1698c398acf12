"""What reconciliation finds beside the replays: in the register and the outlook, in what was sent, in the engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause

from application.audit.kept_histories import Archive
from application.engine_room.mailboxes import without_mailbox
from application.engine_room.standing import listed_workflows, sick_projects
from application.engine_room.unavailable import sentences
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import ProjectId, is_mailbox, mailbox_workflow_id, supervised_project_id, supervision_workflow_id
from domain.papers.delivery import DESK
from domain.papers.delivery_words import in_words
from domain.papers.routes import INBOX
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.outlook import TallyKey
from domain.ports.register import DutyQuery, MatterQuery, ProjectQuery, Register
from domain.ports.register_lines import DeputyRow, DutyRow, MatterRow, RegisteredProject
from domain.record.recorded_mail import receipts_after, recorded_mail, recorded_readers
from domain.record.recorded_projects import is_project, repairs_in
from domain.seeing.register_rows import registered
from domain.seeing.tallies import counted_in, foretold, lead_then
from domain.state import ProjectState

_SENT = "NoticeSent"
_ENDED_BY_HAND = "WorkflowId STARTS_WITH 'key-project/' AND ExecutionStatus='Terminated'"
_RESET = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW


async def engine_findings(
    archive: Archive, states: Mapping[ProjectId, ProjectState], engine_now: datetime
) -> list[tuple[str, str]]:
    """What does not go on in the engine of the recorded projects, or was done there around the house: workflow and
    sentence, for the audit.

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    closed = {project_id: state.closed for project_id, state in states.items()}
    sick = await sick_projects(archive.engine, closed, engine_now)
    found = [
        (supervision_workflow_id(project_id), text)
        for project_id, text in zip(sorted(sick), sentences(sick), strict=True)
    ]
    for project_id, state in states.items():
        if not state.closed and project_id not in sick and await unnoted_reset(archive, project_id):
            found.append((supervision_workflow_id(project_id), _reset_told(project_id)))
    return found + await _mailboxes_missing(archive)


async def resets_told(archive: Archive) -> list[str]:
    """What was reset in the engine and stands in no record, of what the engine still has an ended run of: a sentence
    each. A look at what was ended takes a moment; an audit looks at every project (`engine_findings`).

    Raises:
        EngineUnreachableError: the engine does not answer.
    """
    ended = {info.execution.workflow_id async for info in listed_workflows(archive.engine, _ENDED_BY_HAND)}
    projects = [supervised_project_id(workflow_id) for workflow_id in sorted(ended) if is_project(workflow_id)]
    return [_reset_told(project_id) for project_id in projects if await unnoted_reset(archive, project_id)]


def _reset_told(project_id: ProjectId) -> str:
    return f"{project_id} 在引擎中被重置过，台账没有记载：请管理员运行 duban engine repair {project_id} 补记。"


async def _mailboxes_missing(archive: Archive) -> list[tuple[str, str]]:
    waiting = [mail.addressee for mail in archive.outbox.open_mail()]
    missing = await without_mailbox(archive.engine, waiting)
    if len(missing) == len(waiting) and not _was_anything_sent(archive.ledger):
        return []  # a rehearsal has no mailboxes: nothing is sent there
    text = (
        "有文书待发，而负责发送的流程（收文流程）没有在运行："
        "督办程序几分钟内会自动补开，十分钟后仍没有的，请管理员看日志（logs/duban.log）。"
    )
    return [(mailbox_workflow_id(addressee), f"{addressee} {text}") for addressee in missing]


def _was_anything_sent(ledger: Ledger) -> bool:
    mailboxes = filter(is_mailbox, ledger.streams())
    return any(entry.type == _SENT for stream in mailboxes for entry in ledger.entries(stream))


async def unnoted_reset(archive: Archive, project_id: ProjectId) -> tuple[str, str, str] | None:
    """The runs of a reset that the ledger does not have: the one that was reset, its chain's first, the new one."""
    workflow_id = supervision_workflow_id(project_id)
    there = await archive.engine.runs(workflow_id)
    # A run that was reset is never the first of its chain, as the engine counts.
    if there is None or there.first == there.last:
        return None
    history = await archive.engine.history(workflow_id, there.last)
    for event in history.events if history else ():
        failed = event.workflow_task_failed_event_attributes
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED and failed.cause == _RESET:
            known = {repair.run_id for repair in repairs_in(archive.ledger, workflow_id)}
            if failed.base_run_id not in known:
                return failed.base_run_id, there.first, failed.new_run_id
    return None


_LATE = timedelta(hours=1)


def delivery_findings(ledger: Ledger, now: datetime) -> list[tuple[str, str]]:
    """What of the readers' messages does not fit the record: their streams and sentences.

    A message names digests that went out, and is taken by a channel only after it was handed to it. What waits for
    longer than it may is told too.
    """
    found: list[tuple[str, str]] = []
    for reader in recorded_readers(ledger):
        stream = f"delivery/{reader}"
        handed: set[tuple[str, str]] = set()
        brought: dict[str, set[str]] = {}
        for entry in ledger.entries(stream):
            data = entry.event["data"]
            place = (data["message_id"], data.get("channel", INBOX))
            if entry.type == "MessageHandedOver":
                handed.add(place)
            elif entry.type in ("MessageAccepted", "MessageDelivered", "MessageUnanswered"):
                if place[1] != INBOX and place not in handed:
                    found.append((stream, f"消息 {place[0]} 记为{place[1]}已收，而没有交给它的记录"))
            elif entry.type == "MessageRead":
                if data["channel"] != DESK and place not in handed:
                    found.append((stream, f"消息 {place[0]} 记为{place[1]}已阅，而没有交给它的记录"))
                paper_id = data.get("paper_id")
                if paper_id and paper_id not in brought.get(place[0], ()):
                    found.append((stream, f"消息 {place[0]} 记为已阅文书 {paper_id}，而消息里没有这份文书"))
            elif entry.type == "MessageGathered":
                brought[place[0]] = {paper for digest in data["digests"] for paper in _papers_in(ledger, digest)}
                found += [
                    (stream, f"消息 {place[0]} 所含的汇总件 {digest_id} 没有发出的回执")
                    for digest_id in data["digests"]
                    if not _papers_in(ledger, digest_id)
                ]
        for delivery in recorded_mail(ledger, reader).open():
            due = delivery.try_again_at or delivery.since
            if delivery.state in ("handed_over", "failed_for_now", "unanswered") and now > due + _LATE:
                text = (
                    f"消息 {delivery.message_id} 停在“{in_words(delivery)}”已过一小时："
                    "请管理员看督办程序是否在运行（duban doctor）"
                )
                found.append((stream, text))
    return found


def _papers_in(ledger: Ledger, digest_id: str) -> set[str]:
    """The papers that a digest took out of the house, as their receipts say."""
    addressee = digest_id.rpartition("/")[0]
    return {event.paper_id for _, event in receipts_after(ledger, addressee, -1) if event.digest_id == digest_id}


class RegisterThen:
    """What a register had when a look began, held against one project of the ledger after the other."""

    def __init__(self, register: Register) -> None:
        self._taken, _, _ = register.changed()
        self._there = rows_of(register)
        self._foretold = {kept.project_id: kept for kept in register.outlook.kept()}
        self._tallied, self._counted = register.outlook.tallies()
        self._rows_differ: dict[ProjectId, str] = {}
        self._foretold_well: set[ProjectId] = set()

    def look_at(
        self,
        project_id: ProjectId,
        entries: Sequence[LedgerEntry],
        events: Sequence[DomainEvent],
        state: ProjectState | None,
    ) -> None:
        """Hold a project's rows, and what is foretold of it, against its entries, their events and its state."""

        def state_after(known: int) -> ProjectState | None:
            return state if known == len(events) else fold(events[:known])

        least = sum(entry.position < self._taken for entry in entries)
        there, kept = self._there.get(project_id), self._foretold.get(project_id)
        if there is None:
            if least and state_after(least) is not None:
                self._rows_differ[project_id] = "登记簿中没有这个项目"
        elif not least <= (known := there.row.events) <= len(entries):
            told = f"登记簿按 {known} 条事件推得，台账已登记 {least} 条、共有 {len(entries)} 条"
            self._rows_differ[project_id] = told
        elif (then := state_after(known)) is None or registered(then, there.row.as_of) != there:
            self._rows_differ[project_id] = "登记簿所列与台账推得的不同"
        if kept is not None and kept.events <= len(entries):
            then = state_after(kept.events)
            if then is not None and foretold(then, kept.since) == kept:
                self._foretold_well.add(project_id)

    def findings(self, ledger: Ledger) -> Iterator[tuple[ProjectId, str]]:
        """What does not fit of the projects that were looked at, and of those of which the ledger has nothing."""
        projects = [supervised_project_id(stream) for stream in ledger.streams() if is_project(stream)]
        yield from ((each, self._rows_differ[each]) for each in projects if each in self._rows_differ)
        for project_id in self._foretold:
            if project_id not in self._foretold_well:
                yield project_id, "登记簿所列将要发出的文书与台账推得的不同"
        there: Counter[TallyKey] = Counter(dict(self._counted))
        again = counted_in(islice(ledger.entries(), self._tallied), lambda entry: lead_then(ledger, entry))
        for kind, addressee, month in sorted((there - again) | (again - there)):
            yield "", f"登记簿按月统计的{addressee} {month}（{kind}）与台账不同"
        known = frozenset(projects)
        yield from ((each, "登记簿中有这个项目，台账中没有") for each in self._there if each not in known)


def rows_of(register: Register) -> dict[ProjectId, RegisteredProject]:
    """Everything that the register has, project by project."""
    duties: defaultdict[ProjectId, list[DutyRow]] = defaultdict(list)
    for duty in register.duties(DutyQuery(with_sub_duties=True)).rows:
        duties[duty.project_id].append(duty)
    matters: defaultdict[ProjectId, list[MatterRow]] = defaultdict(list)
    for matter in register.matters(MatterQuery()).rows:
        matters[matter.project_id].append(matter)
    deputies: defaultdict[ProjectId, list[DeputyRow]] = defaultdict(list)
    for deputy in register.deputy_rows():
        deputies[deputy.project_id].append(deputy)
    rows = register.projects(ProjectQuery(with_sub_duties=True)).rows
    views = register.views([row.project_id for row in rows])
    return {
        row.project_id: RegisteredProject(
            row,
            tuple(duties[row.project_id]),
            views[row.project_id],
            tuple(matters[row.project_id]),
            tuple(deputies[row.project_id]),
        )
        for row in rows
    }
