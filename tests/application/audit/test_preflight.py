"""The preflight before a deploy, on kept histories: what the installed code agrees with, and where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from application.audit.kept_histories import Archive
from application.audit.preflight import Preflight, preflight
from application.engine_room.engine import Engine, Runs
from application.settings import Settings
from domain.events import DomainEvent
from domain.ports.ledger import Decision
from entrypoints.bootstrap import open_records
from tests.replay.golden import histories_of, names, recorded_in

NAME = max(names(), key=lambda name: len(histories_of(name)))
HISTORIES, RECORDED = histories_of(NAME), recorded_in(NAME)


class EngineWith:
    """An engine that has these runs of one workflow; the last one is open or closed."""

    def __init__(self, histories: Sequence[WorkflowHistory], *, running: bool) -> None:
        self._there = {history.run_id: history for history in histories}
        ids = list(self._there)
        self._ends = Runs(ids[0], ids[-1], running=running)

    async def runs(self, workflow_id: str) -> Runs | None:
        """Its ends."""
        return self._ends

    async def history(self, workflow_id: str, run_id: str) -> WorkflowHistory | None:
        """One run."""
        return self._there.get(run_id)


async def checked(
    folder: Path,
    histories: Sequence[WorkflowHistory] = HISTORIES,
    recorded: Sequence[DomainEvent] = RECORDED,
    *,
    running: bool = True,
    closed: bool = False,
    processes: int = 1,
) -> tuple[Preflight, list[int]]:
    """The preflight of an office with this one workflow, and what was told of how far it is."""
    told: list[int] = []
    with open_records(Settings(data=folder / "data")) as records:
        await records.log.open()
        await records.ledger.record(Decision(stream=histories[0].workflow_id, events=tuple(recorded)))
        engine = cast(Engine, EngineWith(histories, running=running))
        archive = Archive(engine, records.ledger, records.outbox, records.log, records.vault, records.evidence)
        found = await preflight(
            archive, closed=closed, on_open=told.append, on_each=lambda: told.append(1), processes=processes
        )
    return found, told


def with_another_step(history: WorkflowHistory) -> WorkflowHistory:
    """The same history, but where our code starts its timer it has an activity that we do not know."""
    events = list(History.FromString(History(events=history.events).SerializeToString()).events)
    timer = next(event for event in events if event.HasField("timer_started_event_attributes"))
    timer.event_type = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    timer.activity_task_scheduled_event_attributes.activity_id = "1"
    timer.activity_task_scheduled_event_attributes.activity_type.name = "another step"
    return WorkflowHistory(history.workflow_id, events)


async def test_the_open_run_is_replayed_and_agrees(tmp_path: Path) -> None:
    """Only the run that is open concerns the new code; its events are those of the ledger."""
    found, told = await checked(tmp_path)
    assert found == Preflight(workflows=1, history_events=len(HISTORIES[-1].events), differences=())
    assert told == [1, 1]


async def test_many_are_replayed_in_processes_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one process is told by another is what it would have found itself."""
    monkeypatch.setattr("application.audit.replay_pool._WORTH_A_PROCESS", 1)
    monkeypatch.delattr("application.audit.replay_pool.ThreadPoolExecutor")
    found, _ = await checked(tmp_path, processes=2)
    assert found == Preflight(workflows=1, history_events=len(HISTORIES[-1].events), differences=())


async def test_what_is_closed_is_replayed_on_wish(tmp_path: Path) -> None:
    """A workflow that has ended does not go on under any code; an audit replays it all the same."""
    assert (await checked(tmp_path / "1", running=False))[0].workflows == 0
    found, _ = await checked(tmp_path / "2", running=False, closed=True)
    assert found.history_events == sum(len(history.events) for history in HISTORIES)
    assert found.differences == ()


async def test_a_history_that_the_code_does_not_agree_with_is_named_with_the_place(tmp_path: Path) -> None:
    """Which workflow, and at which of its events the installed code goes another way."""
    found, _ = await checked(tmp_path, [*HISTORIES[:-1], with_another_step(HISTORIES[-1])])
    (difference,) = found.differences
    assert (difference.workflow_id, difference.check) == (HISTORIES[0].workflow_id, "code")
    assert "ActivityTaskScheduled" in str(difference.problem)


async def test_an_event_that_the_code_decides_otherwise_is_named(tmp_path: Path) -> None:
    """Code that takes the same steps and decides otherwise differs too, by the event."""
    last = RECORDED[-1]
    found, _ = await checked(tmp_path, recorded=[*RECORDED[:-1], last.model_copy(update={"cause": "rung:another"})])
    (difference,) = found.differences
    assert f"第{last.seq}条" in str(difference.problem)
