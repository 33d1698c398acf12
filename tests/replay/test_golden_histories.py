"""Golden histories: today's code replays what yesterday's code did, and decides the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowHistory

from application.audit.replaying import difference, replayed, replays
from application.engine_room.runtime import WORKFLOWS
from domain import events
from domain.events import DomainEvent
from tests.architecture.catalogue import models_of
from tests.replay.changed_workflows import IncompatibleSupervision, PatchedSupervision
from tests.replay.golden import histories_of, names, recorded_in
from workflows.department_mailbox import DepartmentMailbox

PROJECTS = [name for name in names() if name != "mailbox"]


def with_supervision(changed: type[Any]) -> tuple[type, ...]:
    """The workflows with a changed supervision."""
    return (changed, DepartmentMailbox)


@pytest.mark.parametrize("name", names())
async def test_every_golden_history_replays_to_the_recorded_events(name: str) -> None:
    """All runs replay without a difference, and the code computes exactly the ledger's events."""
    recorded = recorded_in(name)
    verdict = await replayed(histories_of(name), recorded, guarded=True)
    assert verdict.problem is None
    assert verdict.computed == verdict.recorded == len(recorded)
    assert verdict.runs == len(histories_of(name))


def test_the_golden_histories_cover_what_can_happen() -> None:
    """Every type of event stands in one of them, and so does a run that was continued several times."""
    kinds = {event.type for name in PROJECTS for event in recorded_in(name)}
    # Nothing that time brings fails in them: what is skipped is held by tests/domain/acts/test_undecidable.py.
    assert {kind.__name__ for kind in models_of(events, events.Event)} - kinds == {"RungSkipped"}
    assert max(len(histories_of(name)) for name in PROJECTS) >= 3


@pytest.mark.parametrize("name", ["busy", "mailbox"])
async def test_a_run_that_has_its_beginning_alone_is_replayed_at_once(name: str) -> None:
    """The engine gives a run that follows another one at once its first task a moment later: nothing is waited for."""
    whole = histories_of(name)[0]
    begun = WorkflowHistory(whole.workflow_id, whole.events[:1])
    async with asyncio.timeout(20):
        verdict = await replayed([whole, begun], None)
        assert await replays(begun)
    assert (verdict.problem, verdict.runs) == (None, 2)


@pytest.mark.parametrize("name", ["silent", "busy"])
async def test_an_incompatible_change_is_caught(name: str) -> None:
    """A step added without a patch is named as a difference in the first run that it meets."""
    verdict = await replayed(histories_of(name), recorded_in(name), with_supervision(IncompatibleSupervision))
    assert verdict.problem is not None
    assert "Nondeterminism" in verdict.problem


@pytest.mark.parametrize("name", PROJECTS)
async def test_the_same_change_behind_a_patch_replays(name: str) -> None:
    """Runs from before the change go on as they were."""
    verdict = await replayed(histories_of(name), recorded_in(name), with_supervision(PatchedSupervision))
    assert verdict.problem is None


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        (lambda events: events[:-1], "不在台账中"),
        (lambda events: [*events, events[-1].model_copy(update={"seq": events[-1].seq + 1})], "不是由历史推算"),
        (lambda events: [*events[:-1], events[-1].model_copy(update={"actor": "operator:某人"})], "actor"),
    ],
    ids=["one removed", "one added", "one changed"],
)
async def test_a_ledger_that_was_changed_is_found_by_the_replay(forged: Any, said: str) -> None:
    """An event removed, added or changed is named by the comparison with the replayed history."""
    verdict = await replayed(histories_of("silent"), forged(recorded_in("silent")))
    assert verdict.problem is not None
    assert said in verdict.problem


async def test_a_run_that_another_program_took_further_is_told_in_a_sentence() -> None:
    """A state with a field that this program does not know says whose it is, and nothing of the engine's library."""
    run = histories_of("life-cycle")[1]
    (given,) = run.events[0].workflow_execution_started_event_attributes.input.payloads
    given.data = given.data.replace(b'"next_seq":', b'"of_tomorrow":1,"next_seq":')
    verdict = await replayed([run], None)
    assert str(verdict.problem).startswith("第1次运行与代码不符：它是由另一版程序接着办的")
    assert "Failure" not in str(verdict.problem)


async def test_a_history_of_an_unknown_workflow_is_a_problem_and_no_crash() -> None:
    """Code that has lost a workflow cannot replay its histories, and says so."""
    verdict = await replayed(histories_of("mailbox"), None, (WORKFLOWS[0],))
    assert verdict.problem is not None


def test_the_first_difference_is_the_one_that_is_named() -> None:
    """Two ledgers that part at an event are told apart there."""
    recorded: list[DomainEvent] = recorded_in("silent")
    computed = {event.seq: event for event in recorded}
    assert difference(computed, recorded) is None
    changed = [event.model_copy(update={"cause": "x"}) if event.seq in (5, 9) else event for event in recorded]
    assert "第5条" in str(difference(computed, changed))


@pytest.mark.parametrize(("changed", "said"), [("text", None), ("rule", "rule"), ("received", "received")])
def test_a_refusal_is_compared_by_its_rule_and_not_by_its_wording(changed: str, said: str | None) -> None:
    """A sentence that is worded better today is no difference; another rule, or another command refused, is one."""
    recorded: list[DomainEvent] = recorded_in("life-cycle")
    (seq, *_) = [event.seq for event in recorded if event.type == "CommandRejected"]
    computed = {event.seq: event for event in recorded}
    computed[seq] = computed[seq].model_copy(update={changed: "x"})
    problem = difference(computed, recorded)
    assert problem is None if said is None else problem is not None and problem.endswith(f"：{said}")
