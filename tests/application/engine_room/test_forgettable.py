"""A workflow is forgotten as a whole and at once; nobody asks whose its payloads are when they are read or written."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import Any

import pytest
from temporalio.bridge.proto.workflow_activation import RemoveFromCache, WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import CompositePayloadConverter, WithSerializationContext
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from application.engine_room import runtime
from application.engine_room.connecting import DATA_CONVERTER
from application.engine_room.forgettable import ForgettableInstance
from application.engine_room.sealed_payloads import SealedPayloads
from tests.replay.golden import histories_of
from workflows.project_supervision import ProjectSupervision


def kept() -> int:
    """How many projects are in memory, whether anything still leads to them or not."""
    return sum(type(each) is ProjectSupervision for each in gc.get_objects())


@pytest.mark.parametrize("runner", [runtime._LeanRunner, runtime._Replaying])
async def test_a_forgotten_project_leaves_the_memory_without_a_collection(
    runner: type[UnsandboxedWorkflowRunner],
) -> None:
    """Collections are rare in a worker: what waited for one was ten times what was to be kept."""
    replayer = Replayer(
        workflows=runtime.WORKFLOWS, data_converter=DATA_CONVERTER, build_id="test", workflow_runner=runner()
    )
    gc.collect()
    before = kept()
    gc.disable()
    try:
        for history in histories_of("silent"):
            await replayer.replay_workflow(history)
        assert kept() == before
    finally:
        gc.enable()


class Loop(asyncio.AbstractEventLoop):
    """A workflow's own loop, with something that failed while it was cut short."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self._failed: asyncio.Future[None] = asyncio.Future(loop=self)
        self._failed.set_exception(RuntimeError("cut short"))

    def get_debug(self) -> bool:
        """Nothing is looked into."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Hear that something failed and nobody asked."""
        self.told.append(context)

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Take everything."""
        del act
        completion = WorkflowActivationCompletion()
        completion.successful.SetInParent()
        return completion


def test_what_was_cut_short_in_a_forgotten_project_tells_nobody() -> None:
    """A record that was under way when its worker let go fails in no log, and meets no loop that is half gone."""
    inner: Any = Loop()  # type: ignore[abstract]  # as much of a loop as a failure asks for
    told = inner.told
    forget = WorkflowActivation(jobs=[WorkflowActivationJob(remove_from_cache=RemoveFromCache())])
    failing: list[object] = []
    hook, sys.unraisablehook = sys.unraisablehook, failing.append
    try:
        ForgettableInstance(inner).activate(forget)
        gc.collect()
    finally:
        sys.unraisablehook = hook
    assert (failing, told) == ([], [])


def test_nothing_that_reads_or_writes_a_payload_asks_what_it_belongs_to() -> None:
    """Neither our converter's parts, nor the cipher, nor what tells failures, and there is no store but the history."""
    whole = DATA_CONVERTER.payload_converter_class()
    assert isinstance(whole, CompositePayloadConverter)
    parts = list(whole.converters.values())

    assert parts
    assert not [
        each for each in (*parts, DATA_CONVERTER.failure_converter) if isinstance(each, WithSerializationContext)
    ]
    assert not issubclass(SealedPayloads, WithSerializationContext)
    assert DATA_CONVERTER.external_storage is None
