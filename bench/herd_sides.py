"""The two sides of a herd: supervised projects, and the smallest workflow in their place."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from application.office.office import Office
from bench import sample
from bench.attested import AttestedEngine
from bench.costs import command_of
from bench.floor import Smallest, floor_file
from bench.installation import used_bytes
from domain.clock import VirtualClock
from domain.ids import supervision_workflow_id
from domain.project import KeyProject
from domain.rules.calendar import end_of, office_instant
from domain.rules.policy import SupervisionPolicy
from workflows.inputs import SupervisionInput

DUE_ON = sample.month_ends(5, 1)[0]
_HERD_DUE = sample.month_ends(5, 6)
_OTHERS_DUE = sample.month_ends(6, 6)
_NEXT_MORNING = office_instant(date(2018, 6, 1), time(8, 30))
_LATER = office_instant(date(2018, 6, 8), time(8, 30))


@dataclass(slots=True)
class Herd:
    """Which projects a herd has: those that fall due, and those that are completed meanwhile."""

    due: tuple[int, ...]
    others: tuple[int, ...]
    clock: VirtualClock
    policy: SupervisionPolicy

    def project(self, serial: int) -> KeyProject:
        """A project of the herd."""
        return sample.project(serial, _OTHERS_DUE if serial in self.others else _HERD_DUE)

    def given(self, serial: int) -> SupervisionInput:
        """What a project is started with."""
        project = self.project(serial)
        return sample.given(project, self.clock, self.policy.for_project(project.project_id, project.category))

    def due_at(self, serial: int) -> datetime:
        """The instant of the engine's clock at which a project of the herd must wake."""
        spread = self.policy.spread_for(self.project(serial).project_id)
        return self.clock.engine(end_of(DUE_ON) + spread)


class Side(ABC):
    """One side: starts, completes, and tells from its store who was opened and who woke when."""

    def __init__(self, office: Office, task_queue: str, herd: Herd) -> None:
        self._office, self._herd, self.task_queue = office, herd, task_queue
        self._ours = {self.workflow_id(serial) for serial in (*herd.due, *herd.others)}
        self._last = -1
        self.opened: set[str] = set()
        self.woken: dict[str, datetime] = {}

    @abstractmethod
    def workflow_id(self, serial: int) -> str:
        """The workflow of a project."""

    @abstractmethod
    async def start(self, serial: int) -> None:
        """Start a project."""

    @abstractmethod
    async def complete(self, serial: int) -> None:
        """Complete a project's first milestone."""

    @abstractmethod
    def look(self) -> None:
        """Read in its store what was opened since the last look, and when what woke was recorded."""

    @abstractmethod
    def store_bytes(self) -> int:
        """The size of its store."""


class DubanSide(Side):
    """Supervised projects, started and commanded as every command does it."""

    def __init__(self, office: Office, task_queue: str, herd: Herd) -> None:
        super().__init__(office, task_queue, herd)
        self._engine = AttestedEngine(office, task_queue)

    def workflow_id(self, serial: int) -> str:
        """The supervision of a project."""
        return supervision_workflow_id(self._herd.project(serial).project_id)

    async def start(self, serial: int) -> None:
        """Start its supervision."""
        await self._engine.start_project(self._herd.given(serial))

    async def complete(self, serial: int) -> None:
        """Its department requests the completion."""
        project = self._herd.project(serial)
        milestone_id = project.milestones[0].milestone_id
        command = command_of("request", milestone_id, project.lead_department)
        await self._engine.command(project.project_id, command)

    def look(self) -> None:
        """What the ledger has."""
        for entry in self._office.records.ledger.entries(after=self._last):
            self._last = entry.position
            if entry.stream not in self._ours:
                continue  # of an earlier herd on the same ledger
            if entry.type == "ProjectDocketed":
                self.opened.add(entry.stream)
            elif entry.type == "DeadlineBreached":
                self.woken[entry.stream] = entry.appended_at

    def store_bytes(self) -> int:
        """The ledger's file."""
        return used_bytes(self._office.settings.ledger_file)


class FloorSide(Side):
    """The smallest workflows, with the same texts and the same instants."""

    def workflow_id(self, serial: int) -> str:
        """The workflow in a project's place, with an id as long."""
        return f"floor-proj/{sample.YEAR}/{serial:02d}"

    async def start(self, serial: int) -> None:
        """Start it."""
        herd = self._herd
        first = [herd.due_at(serial)] if serial in herd.due else []
        instants = [*first, herd.clock.engine(_NEXT_MORNING if first else _LATER)]
        await self._office.engine.client.start_workflow(
            Smallest.run,
            args=[herd.given(serial).model_dump_json(), instants],
            id=self.workflow_id(serial),
            task_queue=self.task_queue,
        )

    async def complete(self, serial: int) -> None:
        """One update."""
        handle = self._office.engine.client.get_workflow_handle(self.workflow_id(serial))
        await handle.execute_update(Smallest.complete, "已按要求完成", id=f"bench/{serial}")

    def look(self) -> None:
        """What its store has."""
        path = floor_file(self._office.settings.data)
        if not path.exists():
            return
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            rows: Sequence[tuple[int, str, int, str, str]] = connection.execute(
                "SELECT position, stream, seq, written_at, what FROM record WHERE position > ? ORDER BY position",
                (self._last,),
            ).fetchall()
        finally:
            connection.close()
        for position, stream, seq, written_at, what in rows:
            self._last = position
            if stream not in self._ours:
                continue
            if seq == 0:
                self.opened.add(stream)
            elif what.startswith("due "):
                self.woken[stream] = datetime.fromisoformat(written_at)

    def store_bytes(self) -> int:
        """Its file."""
        path = floor_file(self._office.settings.data)
        return used_bytes(path) if path.exists() else 0


def herd_of(projects: int, others: int, first_serial: int, due_at: datetime, spread: timedelta, speed: int) -> Herd:
    """A herd whose due day ends at `due_at` of the engine's clock, spread over so much of it."""
    return Herd(
        due=tuple(range(first_serial, first_serial + projects)),
        others=tuple(range(first_serial + projects, first_serial + projects + others)),
        clock=VirtualClock(engine_at=due_at, supervised_at=end_of(DUE_ON), speed=speed),
        policy=SupervisionPolicy(spread_minutes=round(spread.total_seconds() * speed / 60)),
    )
