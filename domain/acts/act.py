"""One act under decision: the command's person, its instant, and the events that it makes so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.actors import Actor, KnownPerson
from domain.acts.rejections import MilestoneSettledError, UnknownMilestoneError
from domain.events import Event, Facts
from domain.ids import DepartmentId, MilestoneId
from domain.record.recorder import EventRecorder
from domain.rules.life_cycle import LimitKind
from domain.state import CLOSED_STAGES, MilestoneState, PartState, ProjectState


@dataclass(frozen=True, slots=True)
class Act:
    """What an act needs: `principal` is the one who asks, or the one for whom a deputy asks; `by` is who really did."""

    recorder: EventRecorder
    now: datetime
    by: Actor
    principal: Actor

    @property
    def state(self) -> ProjectState:
        """The project as it stands after the events so far."""
        return self.recorder.project

    @property
    def today(self) -> date:
        """The day in office time."""
        return self.now.date()

    @property
    def tomorrow(self) -> date:
        """The first day that somebody can still be given to answer by."""
        return self.today + timedelta(days=1)

    def is_by_one_of(self, persons: Iterable[KnownPerson]) -> bool:
        """Whether one of these answers for this act too: who did it, or on whose behalf."""
        return any(mine.known.is_same(other) for mine in (self.by, self.principal) for other in persons)

    @property
    def department(self) -> DepartmentId:
        """The department that acts (acts of departments only)."""
        assert self.principal.department is not None
        return self.principal.department

    @property
    def participant(self) -> DepartmentId | None:
        """The department that acts when it is a participating one; none for the lead."""
        return None if self.department == self.state.lead else self.department

    def record(self, event_type: Callable[Facts, Event], *none: Facts.args, **facts: Facts.kwargs) -> None:
        """Add one event of this act."""
        self.recorder.record(event_type, *none, **facts)

    def milestone(self, milestone_id: MilestoneId) -> MilestoneState:
        """A milestone of the project.

        Raises:
            UnknownMilestoneError: the project has no such milestone.
        """
        return known_milestone(self.state, milestone_id)

    def unsettled(self, milestone_id: MilestoneId) -> MilestoneState:
        """A milestone to which something can still happen.

        Raises:
            UnknownMilestoneError: the project has no such milestone.
            MilestoneSettledError: it is struck off, withdrawn, carried over or ended.
        """
        milestone = self.milestone(milestone_id)
        if milestone.stage in CLOSED_STAGES:
            raise MilestoneSettledError(milestone_id=milestone.milestone_id, stage=milestone.stage)
        return milestone

    def waits(
        self, kind: LimitKind, what: str, milestone_id: MilestoneId | None = None, about: DepartmentId | None = None
    ) -> str:
        """Whose answer a matter waits for, and until when, as a refusal says it."""
        limit = self.state.open_limit(kind, milestone_id, about=about)
        if limit is None:
            return f"等{self.state.policy.life_cycle.supervision_section}{what}"
        return f"{limit.owner}于 {limit.due_on} 前{what}"

    def duty(self, milestone_id: MilestoneId) -> MilestoneState | PartState:
        """The acting department's own duty in a milestone."""
        return self.state.duty_of(milestone_id, self.participant)


Handler = Callable[[Act, Any], None]
"""What a command of one type makes happen."""


def known_milestone(state: ProjectState, milestone_id: MilestoneId) -> MilestoneState:
    """A milestone of a project.

    Raises:
        UnknownMilestoneError: the project has no such milestone.
    """
    milestone = state.milestones.get(milestone_id)
    if milestone is None:
        raise UnknownMilestoneError(
            project_id=state.project_id,
            milestone_id=milestone_id,
            last=next(reversed(state.milestones), None),
        )
    return milestone
