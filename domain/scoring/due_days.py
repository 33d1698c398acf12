"""On which days something of a project is due: a date as it holds on its own day, and all days of work that goes on.

It is the measure of who counts in a period. Whether the work was done before its date is no matter, and neither is
what the department did: it can neither earn nor lose a base by its own acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain import events as e
from domain.ids import MilestoneId
from domain.project import Milestone


@dataclass
class DueSpan:
    """From when to when something of a milestone is due, unless it falls away before: the one day of its date, where it
    neither goes on nor comes back. A new lead's own date is `lead_alone`, where no date of the others is to come.
    """

    milestone_id: MilestoneId
    first: date
    last: date
    lead_alone: bool = False
    falls_away_on: date = date.max
    with_the_end: bool = False

    @property
    def until(self) -> date:
        """The last day on which it is due; one before the first where it never was."""
        return min(self.last, self.falls_away_on - timedelta(days=1))


@dataclass
class DueDays:
    """What the events of a project have said so far of when something of it is due."""

    year: int = 0
    issued: dict[MilestoneId, Milestone] = field(default_factory=dict)
    spans: list[DueSpan] = field(default_factory=list)
    latest: dict[MilestoneId, DueSpan] = field(default_factory=dict)
    """The last span of each milestone that has a date, since it was given as it is."""
    stops: set[tuple[MilestoneId, str]] = field(default_factory=set)
    at_an_end: bool = False

    def take(self, event: e.DomainEvent, on: date) -> None:
        """Take the next event, of a day."""
        match event:
            case e.ProjectDocketed():
                self.year = event.year
                for each in event.project.milestones:
                    self._give(each, on)
            case e.MilestoneAdded(milestone=milestone):
                self._give(milestone, on)
            case e.MilestoneAmended(before=before, after=after) if before.due_on != after.due_on:
                self._fall_away(event.milestone_id, on)
                self._give(after, on)
            case e.DeadlineExtended(after=due_on) | e.GraceGranted(after=due_on):
                self._fall_away(event.milestone_id, on)
                self._begin(event.milestone_id, due_on, on)
            case e.DutyHandedOver():
                self._hand_over(event, on)
            case e.ClockStopped(department=None) if event.because != "completion_review":
                self.stops.add((event.milestone_id, event.because))
                self._fall_away(event.milestone_id, on)
            case e.ClockResumed(department=None) if not self.at_an_end:
                self._go_on(event, on)
            case e.MilestoneCompleted():
                self._complete(event.milestone_id, on)
            case e.MilestoneWithdrawn():
                self._fall_away(event.milestone_id, on)
                self.issued.pop(event.milestone_id, None)
            case _:
                self._take_ends(event, on)

    def _take_ends(self, event: e.DomainEvent, on: date) -> None:
        match event:
            case e.YearClosed():
                self.at_an_end = True
            case e.MilestoneCarriedOver() | e.MilestoneEnded():
                # What was due in the year stays so, on whichever of its last days it is closed.
                self._fall_away(event.milestone_id, max(on, date(self.year + 1, 1, 1)), with_the_end=True)
            case e.ProjectWithdrawn():
                self.at_an_end = True
                for milestone_id in self.issued:
                    self._fall_away(milestone_id, on, with_the_end=True)
            case e.ProjectReopened():
                self.at_an_end = False
                for span in self.spans:
                    if span.with_the_end:
                        span.falls_away_on, span.with_the_end = date.max, False
            case _:
                pass

    def between(self, first: date, last: date) -> Iterator[tuple[DueSpan, date, date]]:
        """What is due within some days, from when to when."""
        for span in self.spans:
            since, until = max(first, span.first), min(last, span.until)
            if since <= until:
                yield span, since, until

    def _give(self, milestone: Milestone, on: date) -> None:
        self.issued[milestone.milestone_id] = milestone
        self.latest.pop(milestone.milestone_id, None)
        self._begin(milestone.milestone_id, milestone.due_on, on)

    def _begin(self, milestone_id: MilestoneId, due_on: date | None, on: date, *, lead_alone: bool = False) -> None:
        milestone = self.issued.get(milestone_id)
        if milestone is None or due_on is None:
            return
        # What was over before is due as it is given, or goes on: never on a day that is past.
        last = max(due_on, on)
        goes_on = milestone.ongoing or milestone.recurrence is not None
        first = max(milestone.starts_on, on) if goes_on and milestone.starts_on is not None else last
        self.latest[milestone_id] = DueSpan(milestone_id, min(first, last), last, lead_alone)
        self.spans.append(self.latest[milestone_id])
        if self._stands_still(milestone_id):
            self._fall_away(milestone_id, on)

    def _hand_over(self, event: e.DutyHandedOver, on: date) -> None:
        milestone_id, last = event.milestone_id, self.latest.get(event.milestone_id)
        alone = last is None or last.lead_alone or (last.last < on and last.until == last.last)
        self._fall_away(milestone_id, on)
        self._begin(milestone_id, event.answer_by, on, lead_alone=alone)

    def _go_on(self, event: e.ClockResumed, on: date) -> None:
        self.stops.discard((event.milestone_id, event.because))
        if event.because == "completion_review" or self._stands_still(event.milestone_id):
            return
        held_up = self._held_up(event.milestone_id)
        if held_up is not None:
            self._begin(event.milestone_id, event.answer_by, on, lead_alone=held_up.lead_alone)

    def _complete(self, milestone_id: MilestoneId, on: date) -> None:
        # What is accepted waits for no clock: the date that was held up is that of the work, or else this day.
        held_up = self._held_up(milestone_id)
        if held_up is not None and self._stands_still(milestone_id):
            self.stops = {each for each in self.stops if each[0] != milestone_id}
            self._begin(milestone_id, held_up.last, on, lead_alone=held_up.lead_alone)

    def _held_up(self, milestone_id: MilestoneId) -> DueSpan | None:
        """What had not come of a milestone when its clock stopped; none where it had, or has gone on since."""
        last = self.latest.get(milestone_id)
        return last if last is not None and last.until < last.last else None

    def _stands_still(self, milestone_id: MilestoneId) -> bool:
        return any(each == milestone_id for each, _ in self.stops)

    def _fall_away(self, milestone_id: MilestoneId, on: date, *, with_the_end: bool = False) -> None:
        for span in self.spans:
            if span.milestone_id == milestone_id and on <= span.until:
                span.falls_away_on, span.with_the_end = on, with_the_end
