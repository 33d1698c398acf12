"""What must hold after a month's end under kill -9: ledger, papers, mail, workflows, and all of them together."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from application.office.office import Office
from application.office.starting import Year
from bench import sample
from bench.costs import nth_working_day
from domain.events import DomainEvent
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.ports.ledger import LedgerEntry
from domain.project import KeyProject
from domain.record.leaf import domain_event_of
from domain.rules.calendar import end_of, office_instant
from domain.rungs.ladder import RUNG_CAUSE

RUNGS = ("breach", "urge", "order-blue")
_AT_A_TIME = 16
_TIMER_TOLERANCE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class CrashFindings:
    """What the checks counted, and every rule that was broken, in words."""

    problems: tuple[str, ...]
    entries: int = 0
    papers: int = 0
    items: int = 0
    superseded: int = 0
    latest_breach: float = 0.0
    timed_out: int = 0
    failed: int = 0


def is_done(office: Office, projects: int) -> bool:
    """Whether every project has had its first order, and no paper waits."""
    orders = sum(numbered.paper.kind == "escalation_order" for numbered in office.records.outbox.papers(sample.YEAR))
    return orders >= projects and all(item.state in ("sent", "withheld") for item in office.records.outbox.items())


async def check(office: Office, year: Year) -> CrashFindings:
    """Check everything, by reading the stores, the outbox folder and the histories."""
    entries = list(office.records.ledger.entries())
    streams = _by_stream(entries)
    problems = [*_ledger_problems(entries, streams)]
    superseded, latest = 0, 0.0
    for project in year.listed.projects:
        stream = supervision_workflow_id(project.project_id)
        problems += _rung_problems(stream, project, [domain_event_of(entry) for entry in streams[stream]])
        superseded += sum(entry.event["data"].get("reason") == "superseded" for entry in streams[stream])
        latest = max(latest, _breach_lateness(year, project, streams[stream]))
    problems += _paper_problems(office, len(year.listed.projects), superseded)
    problems += _mail_problems(office, entries)
    kinds: Counter[int] = Counter()
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(project: KeyProject) -> list[str]:
        async with gate:
            found, counted = await _workflow_problems(office, year, project, streams)
            kinds.update(counted)
            return found

    for found in await asyncio.gather(*(one(project) for project in year.listed.projects)):
        problems += found
    problems += [f"{stuck} is stuck" for stuck in await office.engine.stuck()]
    return CrashFindings(
        problems=tuple(problems),
        entries=len(entries),
        papers=len(office.records.outbox.papers(sample.YEAR)),
        items=len(office.records.outbox.items()),
        superseded=superseded,
        latest_breach=latest,
        timed_out=kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT],
        failed=kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED],
    )


def _by_stream(entries: list[LedgerEntry]) -> defaultdict[str, list[LedgerEntry]]:
    streams: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        streams[entry.stream].append(entry)
    return streams


def _ledger_problems(entries: list[LedgerEntry], streams: dict[str, list[LedgerEntry]]) -> Iterator[str]:
    if [entry.position for entry in entries] != list(range(len(entries))):
        yield "the ledger's positions are not dense"
    if len({entry.event_id for entry in entries}) != len(entries):
        yield "an event stands twice in the ledger"
    for stream, own in streams.items():
        if [entry.stream_seq for entry in own] != list(range(len(own))):
            yield f"{stream}: the events are not dense or not in order"


def _rung_problems(stream: str, project: KeyProject, events: list[DomainEvent]) -> Iterator[str]:
    taken = Counter(
        (event.type, event.cause)
        for event in events
        if event.cause.startswith(RUNG_CAUSE)
        and getattr(event, "milestone_id", "") == project.milestones[0].milestone_id
    )
    if twice := [key for key, times in taken.items() if times > 1]:
        yield f"{stream}: taken twice: {twice}"
    causes = {cause.removeprefix(RUNG_CAUSE) for _, cause in taken}
    if missing := [rung for rung in RUNGS if rung not in causes]:
        yield f"{stream}: not taken: {missing}"


def _breach_lateness(year: Year, project: KeyProject, entries: list[LedgerEntry]) -> float:
    due = project.milestones[0].due_on
    assert due is not None
    nominal = year.clock.engine(end_of(due) + year.policy.spread_for(project.project_id))
    found = [entry.appended_at for entry in entries if entry.type == "DeadlineBreached"]
    return max(((at - nominal).total_seconds() for at in found), default=0.0)


def _paper_problems(office: Office, projects: int, superseded: int) -> Iterator[str]:
    papers = office.records.outbox.papers(sample.YEAR)
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for numbered in papers:
        numbers[numbered.paper.kind].append(numbered.sequence)
    for kind, sequences in numbers.items():
        if sorted(sequences) != list(range(1, len(sequences) + 1)):
            yield f"the numbers of {kind} are not dense"
    for what, values in (
        ("number", [numbered.number for numbered in papers]),
        ("event", [numbered.paper.paper_id for numbered in papers]),
        (
            "subject",
            [(p.paper.kind, p.paper.level, p.paper.milestone_id or p.paper.project_id) for p in papers],
        ),
    ):
        if len(set(values)) != len(papers):
            yield f"two papers share a {what}"
    # A kind of which none went out has no numbers: when every urge was superseded, there is no urge.
    wanted = {"supervision_order": projects, "urge": projects - superseded, "escalation_order": projects}
    expected = {kind: count for kind, count in wanted.items() if count}
    if (found := {kind: len(sequences) for kind, sequences in numbers.items()}) != expected:
        yield f"papers {found}, expected {expected}"


def _mail_problems(office: Office, entries: list[LedgerEntry]) -> Iterator[str]:
    sent = Counter(
        (item.numbered.number, item.addressee) for item in office.records.outbox.items() if item.state == "sent"
    )
    receipts = Counter(
        (entry.event["data"]["number"], entry.event["data"]["addressee"])
        for entry in entries
        if entry.type == "NoticeSent"
    )
    delivered: Counter[tuple[str, str]] = Counter()
    for file in office.settings.outbox_folder.rglob("*.json"):
        digest = json.loads(file.read_bytes())
        delivered.update((paper["number"], digest["addressee"]) for paper in digest["papers"])
    if not sent or set(sent.values()) != {1}:
        yield "an item stands twice in the outbox, or none was sent"
    if receipts != sent:
        yield f"receipts and sent items differ: {dict((receipts - sent) + (sent - receipts))}"
    if delivered != sent:
        yield f"delivered and sent items differ: {dict((delivered - sent) + (sent - delivered))}"


async def _workflow_problems(
    office: Office, year: Year, project: KeyProject, streams: dict[str, list[LedgerEntry]]
) -> tuple[list[str], Counter[int]]:
    problems = []
    workflow_id = supervision_workflow_id(project.project_id)
    view = await office.engine.status(project.project_id)
    if view.next_due_on != project.milestones[0].due_on or view.light != "red":
        problems.append(f"{workflow_id}: shows {view.light} and {view.next_due_on}")
    state = await office.engine.state(project.project_id)
    entries = list(office.records.ledger.entries(workflow_id))
    if fold(domain_event_of(entry) for entry in entries) != state:
        problems.append(f"{workflow_id}: the ledger folds to another state than the workflow's")
    history = await office.engine.client.get_workflow_handle(workflow_id).fetch_history()
    problems += [f"{workflow_id}: {problem}" for problem in _timer_problems(history, year, project)]
    return problems, Counter(event.event_type for event in history.events)


def _timer_problems(history: WorkflowHistory, year: Year, project: KeyProject) -> Iterator[str]:
    pending: dict[int, datetime] = {}
    for event in history.events:
        match event.event_type:
            case EventType.EVENT_TYPE_TIMER_STARTED:
                wait = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
                pending[event.event_id] = event.event_time.ToDatetime(UTC) + wait
            case EventType.EVENT_TYPE_TIMER_FIRED:
                pending.pop(event.timer_fired_event_attributes.started_event_id, None)
            case EventType.EVENT_TYPE_TIMER_CANCELED:
                pending.pop(event.timer_canceled_event_attributes.started_event_id, None)
    wanted = year.clock.engine(_next_instant(year, project))
    if len(pending) != 1 or abs(next(iter(pending.values())) - wanted) > _TIMER_TOLERANCE:
        yield f"waits for {sorted(pending.values())} instead of {wanted}"


def _next_instant(year: Year, project: KeyProject) -> datetime:
    """What comes after the first order: the second one, or the first reminder of the next milestone."""
    first, second = (milestone.due_on for milestone in project.milestones[:2])
    assert first is not None
    assert second is not None
    days = [
        nth_working_day(year.calendar, second, -year.policy.rules.reminders_working_days_before[0]),
        nth_working_day(year.calendar, first, year.policy.rules.escalation[1].after_working_days),
    ]
    return _opening(min(days), year) + year.policy.spread_for(project.project_id)


def _opening(day: date, year: Year) -> datetime:
    opens: time = year.policy.working_hours_open
    return office_instant(day, opens)
