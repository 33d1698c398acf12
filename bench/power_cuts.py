"""Power cuts and kills of `duban run` as people have it: it comes up every time, and every project goes on.

A cut ends everything of the installation at once; a kill ends the foreground process or the engine while acts come in.
Each act is given again under its own request id until it is taken, as a person would.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from application.audit.kept_histories import histories_of
from application.audit.replaying import replayed
from application.engine_room.embedded import EmbeddedEngine
from application.engine_room.standing import sick_projects
from application.engine_room.unavailable import sentences
from application.office.attesting import ask
from application.office.office import Office
from application.settings import Settings
from bench import sample
from bench.installation import environment_of, progress
from bench.patience import PATIENCE_SECONDS, until
from bench.processes import ROOT, SHELL, Process, started
from bench.report import Report
from domain.errors import DubanError
from domain.ids import ProjectId, supervision_workflow_id
from domain.record.recorded_projects import recorded_events, recorded_states, repairs_in
from entrypoints.bootstrap import engine_now, local_user, open_office

_REAL_LIST = ROOT / "examples" / "2018-key-projects.yaml"
_UP = "按 Ctrl-C 停止"
_ACT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class CutsPlan:
    """How often, and what; a year at `speed` has things fall due while nobody works."""

    cuts: int = 5
    kills: int = 20
    seed: int = 1
    as_of: str = "2018-04-28"
    speed: int = 2_000
    away_seconds: float = 1.0


async def power_cuts(plan: CutsPlan) -> Report:
    """Cut, kill, start again; then look at every project."""
    folder = Path(tempfile.mkdtemp(prefix="duban-bench-cuts-"))
    scene = _Scene(plan, folder)
    try:
        await scene.play()
    finally:
        scene.cut()
        shutil.rmtree(folder, ignore_errors=True)
    scene.report.figures["starts"] = len(scene.starts)
    scene.report.figures["start, median, s"] = statistics.median(scene.starts)
    scene.report.figures["start, longest, s"] = max(scene.starts)
    return scene.report


class _Scene:
    def __init__(self, plan: CutsPlan, folder: Path) -> None:
        first = 12_000 + os.getpid() % 180 * 100
        self._plan, self._folder = plan, folder
        self._settings = Settings(data=folder / "data", engine_port=first, ui_port=first + 50, log_level="error")
        self._random = random.Random(plan.seed)
        self._run: Process | None = None
        self.starts: list[float] = []
        self.report = Report()

    async def play(self) -> None:
        """The cuts, then the kills with acts, then the look at everything."""
        await self._start("--as-of", self._plan.as_of, "--speed", str(self._plan.speed))
        for number in range(self._plan.cuts):
            await asyncio.sleep(self._random.uniform(1, 4))
            self.cut()
            await asyncio.sleep(self._plan.away_seconds)
            await self._start()
            progress(f"power cuts: {number + 1} of {self._plan.cuts}, up in {self.starts[-1]:.1f} s")
        for number in range(self._plan.kills):
            act = asyncio.create_task(self._act(number))
            await asyncio.sleep(self._random.uniform(0, 1))
            self._kill(self._random.choice(("run", "engine", "both")))
            await asyncio.sleep(self._plan.away_seconds)
            self.cut() if self._random.random() < 0.5 else self._end_run()
            await self._start()
            await act
            progress(f"kills with acts: {number + 1} of {self._plan.kills}, up in {self.starts[-1]:.1f} s")
        await self._look()

    def cut(self) -> None:
        """End everything, as a power failure would."""
        self._end_run()
        self._kill("engine")

    async def _start(self, *options: str) -> None:
        begun, told = time.monotonic(), self._folder / "run.out"
        ports = {"DUBAN_ENGINE_PORT": str(self._settings.engine_port), "DUBAN_UI_PORT": str(self._settings.ui_port)}
        with told.open("wb") as out, (self._folder / "run.err").open("ab") as err:
            run = self._run = started(
                (*SHELL, "run", str(_REAL_LIST), *options), environment_of(self._settings) | ports, out, err
            )
        await until(lambda: run.poll() is not None or _UP in told.read_text(encoding="utf-8"), "a start")
        if run.poll() is not None:
            self.report.problems.append(f"start {len(self.starts) + 1} did not come up")
        self.starts.append(time.monotonic() - begun)

    def _kill(self, what: str) -> None:
        engine = EmbeddedEngine(self._settings).running() if what in ("engine", "both") else None
        if what in ("run", "both"):
            self._end_run()
        if engine is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(engine.pid, signal.SIGKILL)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while EmbeddedEngine(self._settings).running() is not None and time.monotonic() < deadline:
                time.sleep(0.05)

    def _end_run(self) -> None:
        if self._run is not None and self._run.poll() is None:
            self._run.kill()
            self._run.wait(PATIENCE_SECONDS)

    async def _act(self, number: int) -> None:
        """Report on a project until it is taken, through whatever is killed meanwhile."""
        deadline, problem = time.monotonic() + _ACT_SECONDS + PATIENCE_SECONDS, ""
        while time.monotonic() < deadline:
            try:
                async with asyncio.timeout(_ACT_SECONDS), open_office(self._settings, giver=local_user()) as office:
                    projects = sorted(recorded_states(office.records.ledger))
                    await _reported(office, projects[number % len(projects)], f"act-{number}")
                    self.report.figures["acts taken"] += 1
                    return
            except (DubanError, TimeoutError) as error:
                problem = str(error)
                await asyncio.sleep(0.3)
        self.report.problems.append(f"act {number} was never taken: {problem}")

    async def _look(self) -> None:
        async with open_office(self._settings, giver=local_user()) as office:
            states = recorded_states(office.records.ledger)
            for project_id in states:
                try:
                    await _reported(office, project_id, f"last-{project_id}")
                except DubanError as error:
                    self.report.problems.append(f"{project_id} does not go on: {error}")
            await asyncio.sleep(1)
            closed = {project_id: state.closed for project_id, state in states.items()}
            self.report.problems += sentences(await sick_projects(office.engine, closed, engine_now()))
            for project_id in states:
                workflow_id = supervision_workflow_id(project_id)
                events = list(recorded_events(office.records.ledger, project_id))
                histories = await histories_of(office.archive, workflow_id)
                verdict = await replayed(histories, events, repairs=repairs_in(office.records.ledger, workflow_id))
                self.report.figures["histories replayed cold"] += 1
                if verdict.problem and verdict.recorded == verdict.computed:
                    self.report.problems.append(f"{project_id}: {verdict.problem}")


async def _reported(office: Office, project_id: ProjectId, request_id: str) -> None:
    state = recorded_states(office.records.ledger)[project_id]
    (*_, last) = (
        n for n, each in enumerate(state.milestones.values()) if each.stage not in ("completed", "struck_off")
    )
    await ask(office, project_id, sample.report(state.project, request_id, milestone=last))
