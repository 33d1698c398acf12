"""What supervision costs in history events: counted in real histories, against the floor for the same work.

The wake-ups of the floor are counted from the policy and the calendar alone, the commands from the script, so that a
wake-up for nothing, or an event that nobody asked for, stands out.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.office.office import Office
from application.rehearsing.skipping import pass_time
from application.settings import Settings
from bench import sample
from bench.installation import at_work, installation, progress
from bench.report import Report
from domain.actors import department, operator
from domain.acts.commands import AcceptCompletion, AnyCommand, ReportProgress, RequestCompletion, SignReceipt, StrikeOff
from domain.clock import VirtualClock
from domain.errors import RejectedError
from domain.ids import supervision_workflow_id
from domain.project import KeyProject
from domain.rules.calendar import WorkingCalendar, office_instant
from domain.rules.ladder_rules import MilestoneRules
from domain.rules.life_cycle import LifeCycleRules, ParticipantRules
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap import activities_of, open_records
from entrypoints.bootstrap.documents import documents_of

START = office_instant(sample.ISSUED_ON, time(9, 0))
_YEAR_OVER = office_instant(date(2018, 12, 31), time(12, 0))
_LONGER_THAN_THE_YEAR = timedelta(days=3_000)

EMPTY, PER_WAKEUP, PER_COMMAND = 5, 6, 7
"""The floor: an empty workflow, a timer with its task and one marker, an update with its marker and half a timer."""

_NOTHING_LEFT = "WORKFLOW_EXECUTION_COMPLETED"


@dataclass(frozen=True, slots=True)
class Act:
    """A command at an instant."""

    at: datetime
    command: AnyCommand


@dataclass(frozen=True, slots=True)
class Scenario:
    """A project with its policy and all that is done to it in its year."""

    name: str
    project: KeyProject
    policy: SupervisionPolicy
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """A scenario's history, by kind of event, with what it had to do."""

    name: str
    wakeups: int
    commands: int
    closed: bool
    kinds: Counter[str] = field(compare=False)

    @property
    def events(self) -> int:
        """All events of the history."""
        return self.kinds.total()

    @property
    def floor(self) -> int:
        """The least that the same wake-ups and commands cost; an open workflow has not had its last event."""
        return EMPTY - (not self.closed) + PER_WAKEUP * self.wakeups + PER_COMMAND * self.commands

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.events / self.floor

    def above(self) -> dict[str, int]:
        """Each kind of event with how many there are more (or less) than in the floor."""
        tasks = 1 + self.wakeups + self.commands
        expected: Counter[str] = Counter(
            {
                "WORKFLOW_EXECUTION_STARTED": 1,
                _NOTHING_LEFT: int(self.closed),
                "WORKFLOW_TASK_SCHEDULED": tasks,
                "WORKFLOW_TASK_STARTED": tasks,
                "WORKFLOW_TASK_COMPLETED": tasks,
                "TIMER_STARTED": self.wakeups + self.commands // 2,
                "TIMER_FIRED": self.wakeups,
                "TIMER_CANCELED": self.commands - self.commands // 2,
                "MARKER_RECORDED": self.wakeups + self.commands,
                "WORKFLOW_EXECUTION_UPDATE_ACCEPTED": self.commands,
                "WORKFLOW_EXECUTION_UPDATE_COMPLETED": self.commands,
            }
        )
        kinds = sorted({*expected, *self.kinds})
        return {kind: more for kind in kinds if (more := self.kinds[kind] - expected[kind])}


def nth_working_day(calendar: WorkingCalendar, day: date, offset: int) -> date:
    """The n-th working day after (or before) a day, by counting."""
    step = timedelta(days=1 if offset > 0 else -1)
    while offset:
        day += step
        offset -= calendar.is_working_day(day) * (1 if offset > 0 else -1)
    return day


def wakeups_of(scenario: Scenario, calendar: WorkingCalendar, until: datetime = _YEAR_OVER) -> int:
    """How many different instants bring something to the project, from the policy and the calendar alone."""
    lead = scenario.project.lead_department
    answered = {
        act.command.milestone_id: act.at
        for act in scenario.acts
        if isinstance(act.command, RequestCompletion) and act.command.by.department == lead
    }
    instants = set(_receipt_instants(scenario, calendar))
    for milestone in scenario.project.milestones:
        rules, due = scenario.policy.rules_for(milestone.milestone_id), milestone.due_on
        assert due is not None
        offsets = [-days for days in rules.reminders_working_days_before]
        offsets += [rules.urge_after_working_days] if rules.urge_after_working_days else []
        offsets += [step.after_working_days for step in rules.escalation]
        # A part is delivered with the completion, or never: its rungs are there as long as the lead's.
        part = scenario.policy.life_cycle.participants.over(rules)
        offsets += [-days for days in part.reminders_working_days_before]
        offsets += [part.urge_after_working_days] if part.urge_after_working_days else []
        offsets += [step.after_working_days for step in part.escalation]
        mornings = {(nth_working_day(calendar, due, offset), True) for offset in offsets}
        end = min(answered.get(milestone.milestone_id, until), until)
        # The night after the due day is written as the next day before it opens.
        for day, opens in {*mornings, (due + timedelta(days=1), False)}:
            if office_instant(day, time(9, 0) if opens else time(0, 30)) <= end:
                instants.add((day, opens))
    return len(instants)


def _receipt_instants(scenario: Scenario, calendar: WorkingCalendar) -> Iterator[tuple[date, bool]]:
    """When a receipt that nobody signs is reminded of, runs out (in the night) and climbs; nothing once all signed."""
    rules = scenario.policy.life_cycle
    if any(isinstance(act.command, SignReceipt) for act in scenario.acts):
        return
    limit = nth_working_day(calendar, sample.ISSUED_ON, rules.limits.receipt.working_days)
    yield limit + timedelta(days=1), False
    for days in rules.limits.receipt.reminders_working_days_before:
        yield nth_working_day(calendar, limit, -days), True
    for step in rules.limits.receipt.escalation:
        yield nth_working_day(calendar, limit, step.after_working_days), True


def command_of(name: str, milestone_id: str, by_lead: str) -> AnyCommand:
    """One of the three commands that end a milestone: `request`, `accept`, `strike`."""
    request_id = f"{milestone_id}/{name}"
    match name:
        case "request":
            by = department(by_lead)
            return RequestCompletion(request_id=request_id, by=by, milestone_id=milestone_id, text="已按要求完成")
        case "accept":
            return AcceptCompletion(request_id=request_id, by=operator("李"), milestone_id=milestone_id)
        case _:
            return StrikeOff(request_id=request_id, by=operator("王"), milestone_id=milestone_id)


def answered(project: KeyProject, calendar: WorkingCalendar, days_before: int = 0) -> tuple[Act, ...]:
    """All that an on-time year asks for: receipts on the first working day, then each part and each completion so many
    working days before its due day (0: on its last working day), with its review."""
    first = nth_working_day(calendar, sample.ISSUED_ON, 1)
    acts = []
    for minute, name in enumerate((project.lead_department, *project.participating_departments)):
        signed = SignReceipt(request_id=f"{project.project_id}/receipt-{minute}", by=department(name))
        acts.append(Act(office_instant(first, time(10, minute)), signed))
    for milestone in project.milestones:
        assert milestone.due_on is not None
        day = calendar.on_or_before(milestone.due_on)
        day = nth_working_day(calendar, milestone.due_on, -days_before) if days_before else day
        for minute, name in enumerate(project.participating_departments):
            part = RequestCompletion(
                request_id=f"{milestone.milestone_id}/part-{minute}",
                by=department(name),
                milestone_id=milestone.milestone_id,
                text="参与部分已完成",
            )
            acts.append(Act(office_instant(day, time(13, minute)), part))
        for hour, step in enumerate(("request", "accept", "strike"), start=14):
            command = command_of(step, milestone.milestone_id, project.lead_department)
            acts.append(Act(office_instant(day, time(hour, 0)), command))
    return tuple(acts)


def scenarios() -> list[Scenario]:
    """What is counted."""
    calendar, default = sample.calendar(), SupervisionPolicy()
    orders = MilestoneRules().escalation[:2]
    goal = SupervisionPolicy(
        rules=MilestoneRules(reminders_working_days_before=(7, 1), urge_after_working_days=None, escalation=orders),
        life_cycle=LifeCycleRules(participants=ParticipantRules(urge_after_working_days=None)),
    )
    two = SupervisionPolicy(rules=MilestoneRules(reminders_working_days_before=(7, 1)))
    six, one, pair = sample.month_ends(5, 6), sample.month_ends(5, 1), sample.month_ends(5, 2)
    p = [sample.project(serial, six) for serial in range(1, 5)]
    short = [sample.project(serial, due) for serial, due in enumerate((one, pair) * 4, start=11)]
    return [
        Scenario("year, on time, reviewed and struck off", p[0], default, answered(p[0], calendar)),
        Scenario("year, on time, two reminders", p[1], two, answered(p[1], calendar)),
        Scenario("year, all silent", p[2], default),
        Scenario("year, all silent, two reminders", p[3], two),
        *(
            Scenario(f"{name}, {len(project.milestones)}", project, two, answered(project, calendar, before))
            for name, before, projects in (
                ("answered between the reminders", 3, short[0:2]),
                ("answered after both reminders", 0, short[2:4]),
            )
            for project in projects
        ),
        *(Scenario(f"silent, {len(project.milestones)}", project, two) for project in short[4:6]),
        *(
            Scenario(f"missed, two reminders and two orders, {len(project.milestones)}", project, goal)
            for project in short[6:8]
        ),
    ]


async def play(environment: WorkflowEnvironment, engine: Engine, played: Sequence[Scenario]) -> list[Cost]:
    """Run the scenarios side by side through their year on the time-skipping engine, and count."""
    calendar = sample.calendar()
    now = await environment.get_current_time()
    clock = VirtualClock(engine_at=now, supervised_at=START)
    for scenario in played:
        given = sample.given(scenario.project, clock, scenario.policy)
        new = await engine.start_project(given, execution_timeout=_LONGER_THAN_THE_YEAR)
        assert new, f"{scenario.project.project_id} was started before"
    acts = [(act.at, scenario, act) for scenario in played for act in scenario.acts]
    for at, scenario, act in sorted(acts, key=lambda each: each[0]):
        await pass_time(environment, clock.engine(at))
        await engine.command(scenario.project.project_id, act.command)
    await pass_time(environment, clock.engine(_YEAR_OVER))
    return [await _cost(scenario, engine, calendar) for scenario in played]


async def refusal_events(office: Office, refusals: int = 10) -> int:
    """How many events so many refused commands leave in a history on the real engine."""
    project = sample.project(31, sample.month_ends(5, 1))
    clock = VirtualClock(engine_at=datetime.now(UTC), supervised_at=START)
    await office.engine.start_project(sample.given(project, clock))
    await office.engine.status(project.project_id)
    handle = office.engine.client.get_workflow_handle(supervision_workflow_id(project.project_id))
    before = len((await handle.fetch_history()).events)
    milestone_id, stranger = project.milestones[0].milestone_id, department("外单位")
    for number in range(refusals):
        refused = ReportProgress(request_id=f"refused-{number}", by=stranger, milestone_id=milestone_id, text="代报")
        with suppress(RejectedError):
            await office.engine.command(project.project_id, refused)
    return len((await handle.fetch_history()).events) - before


async def _cost(scenario: Scenario, engine: Engine, calendar: WorkingCalendar) -> Cost:
    workflow_id = supervision_workflow_id(scenario.project.project_id)
    history = await engine.client.get_workflow_handle(workflow_id).fetch_history()
    kinds = Counter(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events)
    wakeups, closed = wakeups_of(scenario, calendar), kinds[_NOTHING_LEFT] > 0
    return Cost(scenario.name, wakeups, len(scenario.acts), closed=closed, kinds=kinds)


async def costs() -> Report:
    """All scenarios on the time-skipping engine, and refusals on the real one (the other keeps their tasks)."""
    progress("costs: a year on the time-skipping engine")
    with tempfile.TemporaryDirectory(prefix="duban-bench-costs-") as folder:
        settings = Settings(data=Path(folder) / "data", task_queue="bench-costs")
        with open_records(settings) as records:
            environment = await WorkflowEnvironment.start_time_skipping(
                test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
            )
            async with environment:
                engine = Engine(environment.client, settings.task_queue)
                await engine.prepare_namespace()
                documents = documents_of(settings, settings.papers_folder)
                activities = activities_of(records, documents, settings.outbox_folder)
                with environment.auto_time_skipping_disabled():
                    async with build_worker(environment.client, task_queue=settings.task_queue, activities=activities):
                        found = await play(environment, engine, scenarios())
    progress("costs: refusals on the real engine")
    async with installation("refusals") as office, at_work(office):
        refused = await refusal_events(office)
    return _told(found, refused)


def _told(found: Sequence[Cost], refused: int) -> Report:
    """What each scenario costs, with every event above the floor explained by its kind."""
    report = Report()
    report.table(
        ("history of", "wake-ups", "commands", "events", "floor", "above", "which"),
        [
            (
                cost.name,
                cost.wakeups,
                cost.commands,
                cost.events,
                cost.floor,
                f"{100 * (cost.ratio - 1):+.1f} %",
                ", ".join(f"{kind.lower()} {more:+d}" for kind, more in cost.above().items()) or "none",
            )
            for cost in found
        ],
    )
    marginal = [
        (first.name.rpartition(",")[0], second.events - first.events, second.floor - first.floor)
        for first, second in pairwise(found)
        if first.name.endswith(", 1") and second.name.endswith(", 2")
    ]
    report.table(("one more milestone", "events", "floor"), marginal)
    report.figures["events that ten refused commands leave in the history (goal 0)"] = refused
    return report
