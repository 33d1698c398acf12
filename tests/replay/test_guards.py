"""Workers run workflows outside the sandbox; a replay keeps its guards, and impure code does not pass it."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from application.engine_room.runtime import build_replayer
from tests.replay.golden import histories_of
from tests.replay.impure_workflows import ClockReadingSupervision, FileReadingSupervision


@pytest.mark.parametrize("impure", [ClockReadingSupervision, FileReadingSupervision])
async def test_a_replay_refuses_code_that_reads_the_machine(impure: type[Any]) -> None:
    """A workflow that reads the machine's clock or a file cannot replay a kept history."""
    replayer = build_replayer(workflows=[impure], guarded=True)
    (history, *_) = histories_of("silent")
    with pytest.raises(Exception, match=RestrictedWorkflowAccessError.__name__ + "|Cannot access"):
        await replayer.replay_workflow(history)
