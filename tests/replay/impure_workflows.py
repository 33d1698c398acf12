"""Workflow code that asks the machine what only the engine may tell: what the linter would refuse in `workflows/`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from temporalio import workflow

from workflows.inputs import SupervisionInput, SupervisionResult
from workflows.project_supervision import ProjectSupervision


@workflow.defn(name="ProjectSupervision")
class ClockReadingSupervision(ProjectSupervision):
    """Reads the machine's clock."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever, having looked at the machine's clock."""
        workflow.logger.debug(datetime.now())  # noqa: DTZ005 - the call that must be refused
        return await super().run(given)


@workflow.defn(name="ProjectSupervision")
class FileReadingSupervision(ProjectSupervision):
    """Reads a file."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever, having looked into a file."""
        workflow.logger.debug(Path("plan.yaml").read_text())  # noqa: ASYNC240 - the call that must be refused
        return await super().run(given)
