"""The story played on the real workflow: the time-skipping engine, the real ledger, the real words of the timeline."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from activities.recording import RecordingActivities
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.embedded import engine_program
from application.engine_room.engine import Engine
from application.engine_room.runtime import build_worker
from application.rehearsing.skipping import pass_time
from application.settings import Settings
from bench.histories import histories_of
from domain.clock import VirtualClock
from domain.errors import RejectedError
from domain.events import DomainEvent
from domain.ids import supervision_workflow_id
from domain.papers.paper import NumberedPaper
from domain.record.recorded_projects import recorded_events
from domain.rules.policy import SupervisionPolicy
from domain.seeing.views import ProjectView
from domain.state import ProjectState
from entrypoints.bootstrap import open_records
from entrypoints.bootstrap.plan_files import load_plan
from tests.domain.samples import START, at
from tests.story.script import ACTS, EXAMPLE, ISSUED_CALENDAR, PROJECT
from workflows.inputs import Opening, SupervisionInput

ROOT = Path(__file__).resolve().parents[2]
_QUEUE = "story"
_LONGER_THAN_THE_YEAR = timedelta(days=3_000)
_YEAR_OVER = "2019-01-31 12:00"


@dataclass(frozen=True, slots=True)
class ToldYear:
    """The year gone by: what the register showed at each look, and all that the ledger and the engine have."""

    looks: dict[str, ProjectView]
    events: tuple[DomainEvent, ...]
    papers: tuple[NumberedPaper, ...]
    refused: tuple[tuple[str, str], ...]
    state: ProjectState
    histories: tuple[WorkflowHistory, ...]
    timeline: str


async def told_year(folder: Path, looks: Sequence[str] = ()) -> ToldYear:
    """Let the year go by in `folder`, looking at the register at the instants of `looks`."""
    settings = Settings(data=folder)
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=engine_program("temporal-test-server"), data_converter=DATA_CONVERTER
    )
    async with environment:
        with open_records(settings) as records, environment.auto_time_skipping_disabled():
            engine = Engine(environment.client, _QUEUE)
            await engine.prepare_namespace()
            activities = [RecordingActivities(records.ledger).record_decision]
            async with build_worker(environment.client, task_queue=_QUEUE, activities=activities):
                seen, refused = await _play(environment, engine, looks)
                state = await engine.state(PROJECT)
                histories = [each async for each in histories_of(engine, supervision_workflow_id(PROJECT))]
            events = tuple(recorded_events(records.ledger, PROJECT))
            papers = tuple(records.outbox.papers())
    printed = await asyncio.to_thread(_printed_timeline, folder)
    return ToldYear(seen, events, papers, refused, state, tuple(histories), printed)


async def _play(
    environment: WorkflowEnvironment, engine: Engine, looks: Sequence[str]
) -> tuple[dict[str, ProjectView], tuple[tuple[str, str], ...]]:
    clock = await _started(environment, engine)
    seen: dict[str, ProjectView] = {}
    refused: list[tuple[str, str]] = []
    instants = sorted([(act.at, 0, act) for act in ACTS] + [(at(look), 1, look) for look in looks], key=lambda e: e[:2])
    for instant, _, what in instants:
        await pass_time(environment, clock.engine(instant))
        if isinstance(what, str):
            seen[what] = await engine.status(PROJECT)
            continue
        try:
            await engine.command(PROJECT, what.command)
        except RejectedError as error:
            if error.rule != what.refused:
                raise
            refused.append((error.rule, f"{what.command.by.name}"))
    await pass_time(environment, clock.engine(at(_YEAR_OVER)))
    return seen, tuple(refused)


async def _started(environment: WorkflowEnvironment, engine: Engine) -> VirtualClock:
    listed = load_plan(EXAMPLE)
    project = next(each for each in listed.projects if each.project_id == PROJECT)
    now = await environment.get_current_time()
    clock = VirtualClock(engine_at=now, supervised_at=START)
    opening = Opening(
        listed=listed.header,
        project=project,
        policy=SupervisionPolicy(),
        calendar=ISSUED_CALENDAR,
        rulings=listed.rulings_about(project),
    )
    given = SupervisionInput(clock=clock, opening=opening)
    await engine.start_project(given, execution_timeout=_LONGER_THAN_THE_YEAR)
    await engine.status(PROJECT)
    return clock


def _printed_timeline(folder: Path) -> str:
    # A person's own call: another process, no screen, no width of a screen in its environment.
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
    command = [sys.executable, "-m", "entrypoints.cli.main", "audit", "history", PROJECT, "--data", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return "\n".join(line.rstrip() for line in done.stdout.splitlines())
