"""A rule of supervision as somebody may change it: for everybody at once, and behind a patch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow

from domain.acts.arrivals import Arrival, TimePassed
from domain.events import DomainEvent, ReminderIssued
from domain.rungs.wakeups import wake
from domain.state import ProjectState
from workflows.inputs import SupervisionInput, SupervisionResult
from workflows.project_supervision import ProjectSupervision

PATCH = "reminders-with-another-cause"


def changed_wake(state: ProjectState, at: datetime, inspections_elsewhere: int = 0) -> tuple[DomainEvent, ...]:
    """What is due, by a rule that somebody has changed: a reminder has another cause."""
    return tuple(
        event.model_copy(update={"cause": f"{event.cause}-as-changed"}) if isinstance(event, ReminderIssued) else event
        for event in wake(state, at, inspections_elsewhere)
    )


@dataclass(frozen=True, slots=True)
class TimePassedByTheChangedRule(TimePassed):
    """An instant has come, and the changed rule says what is due."""

    def events(self, state: ProjectState | None, at: datetime) -> tuple[DomainEvent, ...]:
        """What is due."""
        return changed_wake(state, at) if state else ()


@workflow.defn(name="ProjectSupervision")
class PatchedRuleSupervision(ProjectSupervision):
    """Goes by the changed rule in every run that begins after the change: what was decided stays decided."""

    @workflow.init
    def __init__(self, given: SupervisionInput) -> None:
        super().__init__(given)

    @workflow.run
    async def run(self, given: SupervisionInput) -> SupervisionResult:
        """Supervise as ever."""
        return await super().run(given)

    def _take(self, arrival: Arrival, now: datetime) -> None:
        changed = isinstance(arrival, TimePassed) and workflow.patched(PATCH)
        super()._take(TimePassedByTheChangedRule() if changed else arrival, now)
