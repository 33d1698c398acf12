"""Workflow code as somebody may change it: compatibly, incompatibly, and in what it decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow

from domain.arrivals import Arrival
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


@workflow.defn(name="ProjectSupervision")
class LenientSupervision(ProjectSupervision):
    """Does the same steps and decides otherwise: the engine's own replay sees no difference."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever."""
        return await super().run(given)

    def _take(self, arrival: Arrival, now: datetime) -> None:
        super()._take(arrival, now)
        made = self._decided[-1]
        events = tuple(event.model_copy(update={"actor": "somebody"}) for event in made.events)
        self._decided[-1] = replace(made, events=events)
