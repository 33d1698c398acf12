"""An engine as one look of an audit sees it: several checks ask for the runs of the same workflows."""

from __future__ import annotations

from application.engine_room.engine import Engine, Runs


class AskedOnce(Engine):
    """An engine that is asked once for the runs of each workflow; what comes meanwhile, the next look sees."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.client, engine.task_queue)
        self._known: dict[str, Runs | None] = {}

    async def runs(self, workflow_id: str) -> Runs | None:
        """The runs of a workflow as they were first answered (see `Engine.runs`)."""
        if workflow_id not in self._known:
            self._known[workflow_id] = await super().runs(workflow_id)
        return self._known[workflow_id]
