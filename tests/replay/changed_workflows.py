"""Workflow code as somebody may change it: compatibly and incompatibly (rules are changed in `changed_rules`)."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from workflows.inputs import SupervisionInput, SupervisionResult
from workflows.project_supervision import ProjectSupervision

PATCH = "look-twice"


@workflow.defn(name="ProjectSupervision")
class PatchedSupervision(ProjectSupervision):
    """Waits a second before it begins, guarded by a patch: runs that began before do not."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever, after a second that only new runs wait."""
        if workflow.patched(PATCH):
            await workflow.sleep(timedelta(seconds=1))
        return await super().run(given)


@workflow.defn(name="ProjectSupervision")
class IncompatibleSupervision(ProjectSupervision):
    """Waits the same second without a patch: no history that exists has it."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever, after a second."""
        await workflow.sleep(timedelta(seconds=1))
        return await super().run(given)
