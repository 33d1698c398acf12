"""Thousands of commands to one project, twenty at once, over several continue-as-news: is each recorded once, in order?

While they come, matters wait for their answers, clocks stand still and an extension is asked for: all of it must be
carried over from run to run. Requests are repeated, at once and after the run that took them has ended.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from application.engine_room.engine import Engine
from bench import sample
from bench.histories import histories_of
from bench.installation import at_work, installation
from bench.report import Report
from domain.actors import department, operator
from domain.acts.commands import (
    AnyCommand,
    AppointDeputy,
    DeclineAssignment,
    IssueDirective,
    OpenInspection,
    RequestExtension,
    SilenceNotices,
    Suspend,
    Urge,
)
from domain.clock import VirtualClock
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.project import KeyProject
from domain.record.recorded_projects import recorded_events
from domain.rules.calendar import office_instant
from domain.rungs.ladder import REQUEST_CAUSE
from domain.state import ProjectState
from entrypoints.bootstrap import engine_now
from workflows.inputs import HISTORY_LIMIT

START = office_instant(sample.ISSUED_ON, time_of_day(9, 0))
_PARTICIPANT = "宣传部"
_LONGEST_ID = 100
RUNS, UNDER_WAY = "runs", "commands under way at a continue-as-new, most"
MATTERS = "matters carried over"


@dataclass(frozen=True, slots=True)
class ManyCommands:
    """How many commands, how many of them at once, how many are sent twice at once, how many again at the end.

    `remembered` is how many requests a project remembers; `long_ids` makes every id as long as one may be.
    """

    commands: int = 5_000
    at_once: int = 20
    twice_every: int = 40
    repeated: int = 200
    remembered: int = 4_000
    history_limit: int = HISTORY_LIMIT
    long_ids: bool = False

    def request_id(self, number: int) -> str:
        """The id of a request."""
        text = f"c{number:05d}"
        return text + "办" * (_LONGEST_ID - len(text)) if self.long_ids else text


@dataclass(slots=True)
class Given:
    """One command as its sender saw it: when it was sent, when answered, and with which events."""

    sent: float
    answered: float
    event_ids: tuple[str, ...]


def project_of(serial: int) -> KeyProject:
    """The project: five milestones, and a department that takes part."""
    project = sample.project(serial, sample.month_ends(6, 5))
    return project.model_copy(update={"participating_departments": (_PARTICIPANT,)})


def _matters(project: KeyProject) -> tuple[AnyCommand, ...]:
    lead, other = department(project.lead_department), department(_PARTICIPANT)
    li, wang = operator("李"), operator("王")
    first, second, third, fourth, _ = (milestone.milestone_id for milestone in project.milestones)
    until = date(2018, 12, 28)
    return (
        DeclineAssignment(request_id="m1", by=other, milestone_id=second, reason="不属本部门"),
        RequestExtension(
            request_id="m2", by=lead, milestone_id=third, reason="汛期", new_due_on=until, progress="一半"
        ),
        Suspend(request_id="m3", by=li, milestone_id=fourth, reason="机构改革", until=until),
        IssueDirective(request_id="m4", by=li, milestone_id=None, leader="书记", text="抓紧。"),
        OpenInspection(request_id="m5", by=li, milestone_id=first, reason="抽查"),
        SilenceNotices(request_id="m6", by=li, milestone_id=second, reason="防汛", until=until),
        AppointDeputy(
            request_id="m7", by=li, principal=li, deputy=wang, from_on=START.date(), until_on=until, reason="假"
        ),
    )


def _command(plan: ManyCommands, project: KeyProject, number: int) -> AnyCommand:
    milestone_id = project.milestones[number % 2].milestone_id
    request_id = plan.request_id(number)
    if number % 25 == 0:
        return Urge(
            request_id=request_id,
            by=operator("王"),
            on_behalf_of=operator("李"),
            milestone_id=milestone_id,
            reason="催",
        )
    report = sample.report(project, request_id, milestone=number % 2, text=f"第{number}次反馈")
    return report.model_copy(update={"by": department(_PARTICIPANT)}) if number % 3 == 0 else report


def _carried(state: ProjectState) -> dict[str, object]:
    """What must be the same whatever runs come between."""
    kept: dict[str, object] = {
        name: getattr(state, name) for name in ("limits", "suspension", "silence", "deputies", "directives")
    }
    for milestone in state.milestones.values():
        for name in ("answer_by", "stops", "stopped_on", "extension", "inspection", "suspension", "silence", "taken"):
            kept[f"{milestone.milestone_id} {name}"] = getattr(milestone, name)
        kept[f"{milestone.milestone_id} parts"] = {name: part.stops for name, part in milestone.parts.items()}
    return kept


async def many_commands(
    plan: ManyCommands,
    engine: Engine,
    clock: VirtualClock,
    project: KeyProject,
    recorded: Callable[[], Iterable[DomainEvent]],
    ahead: timedelta = timedelta(),
    **options: timedelta,
) -> Report:
    """Give the commands to a project on a running engine whose worker records into the ledger that `recorded` reads.

    The engine's clock is `ahead` of this process's; `options` go with the start.
    """
    assert clock.engine_at is not None
    await engine.start_project(sample.given(project, clock, history_limit=plan.history_limit), **options)
    project_id = project.project_id
    for command in _matters(project):
        await engine.command(project_id, command)
    before = _carried(await engine.state(project_id))
    began = time.monotonic()
    sent, problems = await _give_all(plan, engine, project)
    seconds = time.monotonic() - began
    state, events = await engine.state(project_id), list(recorded())
    after = _carried(state)
    problems += _not_once(events, sent, state) + _out_of_order(events, sent)
    problems += [f"{name} was {before[name]}, is {after[name]}" for name in before if before[name] != after[name]]
    problems += await _repeated(plan, engine, project, sent)
    if len(list(recorded())) != len(events):
        problems.append("a repeated request made another event")
    sizes, ends = await _runs(engine, project_id)
    report = Report(problems=problems)
    report.figures |= {
        "commands": plan.commands,
        "of which at once": plan.at_once,
        "seconds": seconds,
        "commands a second": plan.commands / seconds,
        RUNS: len(sizes),
        "history events of the longest run": max(sizes),
        "events in the ledger": len(events),
        MATTERS: len(state.limits),
    }
    for end in ends:
        under_way = sum(each.sent <= (end - ahead).timestamp() < each.answered for each in sent.values())
        report.most(UNDER_WAY, under_way)
    return report


async def _give_all(plan: ManyCommands, engine: Engine, project: KeyProject) -> tuple[dict[str, Given], list[str]]:
    gate = asyncio.Semaphore(plan.at_once)
    sent: dict[str, Given] = {}
    problems: list[str] = []

    async def give(number: int) -> None:
        command = _command(plan, project, number)
        times = 2 if number % plan.twice_every == 0 else 1
        async with gate:
            began = time.time()
            answers = await asyncio.gather(*(engine.command(project.project_id, command) for _ in range(times)))
            sent[command.request_id] = Given(began, time.time(), answers[0].event_ids)
        # The stage is that of the moment of the answer, and others act meanwhile: what the act brought is one thing.
        if any(answer.event_ids != answers[0].event_ids for answer in answers):
            problems.append(f"{command.request_id} was sent twice at once and answered in two ways: {answers}")

    await asyncio.gather(*(give(number) for number in range(plan.commands)))
    return sent, problems


def _not_once(events: Sequence[DomainEvent], sent: dict[str, Given], state: ProjectState) -> list[str]:
    times = Counter(
        event.cause.removeprefix(REQUEST_CAUSE) for event in events if event.cause.startswith(REQUEST_CAUSE)
    )
    problems = [f"recorded {times[name]} times: {name}" for name in sent if times[name] != 1]
    if [event.seq for event in events] != list(range(state.next_seq)):
        problems.append("the ledger's events are not numbered without a gap up to the state's")
    return problems


def _out_of_order(events: Sequence[DomainEvent], sent: dict[str, Given]) -> list[str]:
    """A command sent after another one was answered must stand behind it."""
    places = {event.cause.removeprefix(REQUEST_CAUSE): event.seq for event in events}
    answered = sorted((each.answered, places[name]) for name, each in sent.items() if name in places)
    problems, latest, next_one = [], -1, 0
    for name, each in sorted(sent.items(), key=lambda item: item[1].sent):
        while next_one < len(answered) and answered[next_one][0] <= each.sent:
            latest = max(latest, answered[next_one][1])
            next_one += 1
        if places.get(name, -1) < latest:
            problems.append(f"{name} stands before one that was answered before it was sent")
    return problems


async def _repeated(plan: ManyCommands, engine: Engine, project: KeyProject, sent: dict[str, Given]) -> list[str]:
    """Requests among the latest that are remembered, given once more: the same answer, whichever run took them."""
    oldest = max(0, plan.commands - plan.remembered + plan.at_once)
    step = max(1, (plan.commands - oldest) // plan.repeated)
    problems = []
    for number in range(oldest, plan.commands, step):
        command = _command(plan, project, number)
        again = await engine.command(project.project_id, command)
        if again.event_ids != sent[command.request_id].event_ids:
            problems.append(f"{command.request_id} was answered in another way when it was repeated")
    return problems


async def _runs(engine: Engine, project_id: str) -> tuple[list[int], list[datetime]]:
    sizes, ends = [], []
    async for history in histories_of(engine, supervision_workflow_id(project_id)):
        sizes.append(len(history.events))
        last = history.events[-1]
        if last.HasField("workflow_execution_continued_as_new_event_attributes"):
            ends.append(last.event_time.ToDatetime(tzinfo=UTC))
    return sizes, ends


async def continue_as_new(plan: ManyCommands) -> Report:
    """The whole on an engine of its own, with a worker in a process of its own."""
    async with installation("continue-as-new") as office, at_work(office):
        clock = VirtualClock(engine_at=engine_now(), supervised_at=START)
        project = project_of(40)

        def recorded() -> Iterable[DomainEvent]:
            return recorded_events(office.records.ledger, project.project_id)

        return await many_commands(plan, office.engine, clock, project, recorded)
