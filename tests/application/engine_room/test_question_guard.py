"""A question that comes before its task moves nothing on; a task is never taken for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance

from application.engine_room.question_guard import GuardedInstance, RefusedBefore
from workflows.message_names import BEFORE_ITS_TASK

TASK = datetime(2018, 5, 2, 1, 0, tzinfo=UTC)
LATER = TASK + timedelta(hours=1)
NEWS = ["fire_timer", "signal_workflow", "do_update", "cancel_workflow", "resolve_activity"]


class Inner(WorkflowInstance):
    """Counts what reaches the workflow's code."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Take everything."""
        self.reached += [str(job.WhichOneof("variant")) for job in act.jobs]
        done = WorkflowActivationCompletion()
        done.successful.SetInParent()
        return done

    get_serialization_context = get_external_store_context = get_info = NotImplemented


def activation(
    kind: str, at: datetime, *, length: int = 8, replays: bool = False, run: str = "run"
) -> WorkflowActivation:
    """What the library hands over: one job at an instant, at a length of the history."""
    job = WorkflowActivationJob()
    getattr(job, kind).SetInParent()
    act = WorkflowActivation(run_id=run, history_length=length, is_replaying=replays, jobs=[job])
    act.timestamp.FromDatetime(at)
    return act


def begun(refused: RefusedBefore | None = None) -> tuple[Inner, GuardedInstance]:
    """A workflow in memory whose last task began at `TASK`."""
    inner = Inner()
    guarded = GuardedInstance(inner, refused or RefusedBefore())
    guarded.activate(activation("initialize_workflow", TASK, length=3))
    inner.reached.clear()
    return inner, guarded


def is_refused(done: WorkflowActivationCompletion) -> bool:
    """Whether the engine forgets the instance and the asker hears why."""
    return done.WhichOneof("status") == "failed" and done.failed.failure.message == BEFORE_ITS_TASK


@pytest.mark.parametrize("kind", NEWS)
def test_news_without_a_task_of_their_own_reach_no_code(kind: str) -> None:
    """At the instant of the last task something new is shown: only a question can have brought it."""
    inner, guarded = begun()
    assert is_refused(guarded.activate(activation(kind, TASK)))
    assert inner.reached == []


@pytest.mark.parametrize("kind", NEWS)
def test_news_of_a_task_are_taken(kind: str) -> None:
    """A task that has started is later than the one before."""
    inner, guarded = begun()
    assert not is_refused(guarded.activate(activation(kind, LATER)))
    assert inner.reached == [kind]


@pytest.mark.parametrize("kind", NEWS)
def test_what_was_done_already_is_gone_through(kind: str) -> None:
    """In a replay the instants are what they were."""
    inner, guarded = begun()
    assert not is_refused(guarded.activate(activation(kind, TASK, replays=True)))
    assert inner.reached == [kind]


@pytest.mark.parametrize("kind", ["query_workflow", "notify_has_patch", "update_random_seed", "remove_from_cache"])
def test_what_the_worker_itself_needs_is_taken(kind: str) -> None:
    """A question about what stands is answered, and an instance is forgotten when it must be."""
    inner, guarded = begun()
    reached = inner.reached
    assert not is_refused(guarded.activate(activation(kind, TASK)))
    assert reached == [kind]


def test_an_answer_of_the_store_belongs_to_its_task() -> None:
    """A local activity ends at its task's own instant."""
    inner, guarded = begun()
    answer = activation("resolve_activity", TASK)
    answer.jobs[0].resolve_activity.is_local = True
    assert not is_refused(guarded.activate(answer))
    assert inner.reached == ["resolve_activity"]


def test_a_clock_that_went_back_does_not_stop_a_project() -> None:
    """The server's clock is set back by an hour: the task that failed for it is given out again, and is taken."""
    refused = RefusedBefore()
    assert is_refused(begun(refused)[1].activate(activation("fire_timer", TASK, length=8)))
    inner, guarded = begun(refused)
    assert not is_refused(guarded.activate(activation("fire_timer", TASK, length=11)))
    assert inner.reached == ["fire_timer"]


def test_a_question_asked_twice_is_refused_twice_and_other_runs_as_well() -> None:
    """Until its task comes the history is as long as it was; what is remembered of other runs changes nothing."""
    refused = RefusedBefore()
    for number in range(2_000):
        for _ in range(2):
            assert is_refused(begun(refused)[1].activate(activation("fire_timer", TASK, run=f"run {number}")))
