"""What the audit says of a supervision that was brought back: accepted and named where the ledger says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from application.audit.replaying import replayed
from application.engine_room.connecting import DATA_CONVERTER
from application.office.repairing import last_good_task
from application.settings import Settings
from domain.events import DomainEvent
from domain.record.recorded_projects import repairs_in
from domain.record.repairs import Repair
from entrypoints.bootstrap import open_records
from tests.replay.golden import histories_of, names, recorded_in
from workflows.inputs import SupervisionInput

NAME = max(names(), key=lambda name: len(histories_of(name)))
WORKFLOW = histories_of(NAME)[0].workflow_id
NEW_RUN = "00000000-0000-4000-8000-000000000001"


def begun_from_a_state() -> tuple[WorkflowHistory, int]:
    """A run that begins from a state and continues no other, and how many events that state has."""
    last = histories_of(NAME)[-1]
    copied = History()
    copied.events.extend(last.events)
    begun = copied.events[0].workflow_execution_started_event_attributes
    begun.continued_execution_run_id = ""
    begun.original_execution_run_id = NEW_RUN
    given: SupervisionInput = DATA_CONVERTER.payload_converter.from_payload(begun.input.payloads[0], SupervisionInput)
    assert given.state is not None
    return WorkflowHistory(WORKFLOW, list(copied.events)), given.state.next_seq


def repair(standing: int) -> Repair:
    """The incident that such a run needs."""
    return Repair(
        workflow_id=WORKFLOW,
        way="restarted",
        run_id="gone",
        first_run_id="gone",
        new_run_id=NEW_RUN,
        standing=standing,
        reason="引擎中没有这个项目的督办流程",
        by="管理员",
    )


async def test_a_run_that_begins_from_a_state_needs_an_incident_that_names_it() -> None:
    """Without one the replay refuses it; with one it agrees, and the verdict names who repaired and how."""
    history, standing = begun_from_a_state()
    recorded = recorded_in(NAME)

    refused = await replayed([history], recorded)
    accepted = await replayed([history], recorded, repairs=[repair(standing)])

    assert "修复记录" in (refused.problem or "")
    assert accepted.problem is None
    assert "管理员" in accepted.repairs[0]


@pytest.mark.parametrize("changed", ["actor", "missing"])
async def test_the_state_it_begins_from_is_the_ledger_s_own(changed: str) -> None:
    """A run that was started from another state than the ledger's is named, incident or not."""
    history, standing = begun_from_a_state()
    recorded: list[DomainEvent] = list(recorded_in(NAME))
    claimed = repair(standing if changed == "actor" else standing - 1)
    if changed == "actor":
        recorded = _with_another_date(recorded, standing)

    verdict = await replayed([history], recorded, repairs=[claimed])

    assert "初始状态" in (verdict.problem or "")


def _with_another_date(recorded: list[DomainEvent], standing: int) -> list[DomainEvent]:
    docketed = recorded[0]
    project = docketed.project.model_copy(update={"title": "另一个名称"})  # type: ignore[union-attr]
    assert standing > 1
    return [docketed.model_copy(update={"project": project}), *recorded[1:]]


async def test_the_last_good_task_of_a_sound_history_is_its_last() -> None:
    """A run that was only ended loses nothing: it goes on from its last completed task."""
    history = histories_of(NAME)[0]
    finished = [
        event.event_id for event in history.events if event.HasField("workflow_task_completed_event_attributes")
    ]
    assert await last_good_task(history) == finished[-1]


async def test_a_history_that_the_code_does_not_follow_goes_back_to_where_it_does() -> None:
    """The first event that no code of ours asks for is behind the task that a reset goes back to."""
    whole = histories_of(NAME)[0]
    finished = [event.event_id for event in whole.events if event.HasField("workflow_task_completed_event_attributes")]
    copied = History()
    copied.events.extend(whole.events)
    broken_at = finished[len(finished) // 2]
    wrong = copied.events[broken_at]
    wrong.Clear()
    wrong.CopyFrom(whole.events[broken_at])
    for field in ("marker_recorded_event_attributes", "timer_started_event_attributes"):
        if wrong.HasField(field):
            wrong.ClearField(field)
    wrong.event_type = EventType.EVENT_TYPE_TIMER_STARTED  # by nobody's code
    wrong.timer_started_event_attributes.timer_id = "nobody's"
    wrong.timer_started_event_attributes.workflow_task_completed_event_id = broken_at

    found = await last_good_task(WorkflowHistory(whole.workflow_id, list(copied.events)))

    assert found is not None
    assert found <= broken_at


async def test_a_repair_is_kept_once_and_read_back(tmp_path: Path) -> None:
    """The incident stands in the ledger with who, how and from which run to which."""
    with open_records(Settings(data=tmp_path / "data")) as records:
        await records.log.open()
        for _ in range(2):
            await records.log.record_repair(repair(5))
        assert repairs_in(records.ledger, WORKFLOW) == [repair(5)]
        assert repairs_in(records.ledger, "key-project/2018/99") == []
