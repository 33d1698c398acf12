"""Which days of a project something is due from whom: what makes it count, with its base, in a department's score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

Event = Mapping[str, Any]
_DAY = timedelta(days=1)


class Due(NamedTuple):
    """From which to which day something of a milestone is due; of its lead alone where the date of the others had come
    before a new lead got its own."""

    milestone: str
    first: date
    last: date
    lead_alone: bool


_WITH_THE_YEAR = ("MilestoneCarriedOver", "MilestoneEnded")


def due_days(told: Sequence[Event], day_of: Callable[[Event], date]) -> list[Due]:
    """What is due of each milestone of a project, as its dates held on their own days."""
    year = int(told[0]["data"]["year"])
    taken_back = _taken_back(told)
    names = dict.fromkeys(each["milestone_id"] for event in told for each in _given(event))
    found: list[Due] = []
    for name in names:
        days = _OfMilestone(name, date(year + 1, 1, 1))
        for event in told:
            if event["seq"] not in taken_back:
                days.take(event, day_of(event))
        days.gone(date.max)
        found += days.found
    return found


def _given(event: Event) -> list[dict[str, Any]]:
    """The milestones that an event gives, or gives anew with another date."""
    data = event["data"]
    if event["type"] == "ProjectDocketed":
        return list(data["project"]["milestones"])
    if event["type"] == "MilestoneAdded":
        return [data["milestone"]]
    if event["type"] == "MilestoneAmended" and data["before"]["due_on"] != data["after"]["due_on"]:
        return [data["after"]]
    return []


def _taken_back(told: Sequence[Event]) -> set[int]:
    """The places of what an end did that was taken back: from the closing or the withdrawal to the way back from it."""
    places, since = set[int](), -1
    for event in told:
        if event["type"] in ("YearClosed", "ProjectWithdrawn") and since < 0:
            since = event["seq"]
        elif event["type"] == "ProjectReopened" and since >= 0:
            undone = (*_WITH_THE_YEAR, "ProjectWithdrawn", "YearClosed", "ClockResumed")
            places |= {each["seq"] for each in told if since <= each["seq"] < event["seq"] and each["type"] in undone}
            since = -1
    return places


@dataclass
class _OfMilestone:
    """What has been said of one milestone: its days so far, those that are still to come, and what holds them up."""

    name: str
    next_year: date
    found: list[Due] = field(default_factory=list)
    milestone: Mapping[str, Any] | None = None
    ahead: Due | None = None
    stops: set[str] = field(default_factory=set)
    held_up: str | None = None
    """The date that had not come when the clock stopped, until that goes on."""
    lead_alone: bool = False
    over: bool = False

    def take(self, event: Event, on: date) -> None:
        kind, data = event["type"], event["data"]
        given = next((each for each in _given(event) if each["milestone_id"] == self.name), None)
        if given is not None:
            self.milestone, self.lead_alone = given, False
            self._due(given["due_on"], on)
        elif kind in ("ProjectWithdrawn", "YearClosed"):
            self.over = True
            if kind == "ProjectWithdrawn":
                self.gone(on)
        elif data.get("milestone_id") == self.name and self.milestone is not None:
            self._take_own(kind, data, on)

    def _take_own(self, kind: str, data: Mapping[str, Any], on: date) -> None:
        if kind in ("DeadlineExtended", "GraceGranted"):
            self.lead_alone = False
            self._due(data["after"], on)
        elif kind == "DutyHandedOver":
            self.lead_alone = self.lead_alone or not (self.held_up or (self.ahead and self.ahead.last >= on))
            self._due(data["answer_by"], on)
        elif kind == "MilestoneWithdrawn":
            self.gone(on)
            self.milestone = None
        elif kind == "MilestoneCompleted" and self.held_up:
            # What is accepted waits for no clock.
            held_up = self.held_up
            self.stops.clear()
            self._due(held_up, on)
        elif kind in _WITH_THE_YEAR:
            self.gone(max(on, self.next_year))
        elif data.get("department") is None and data.get("because") != "completion_review":
            if kind == "ClockStopped":
                if self.ahead is not None and self.ahead.last >= on:
                    self.held_up = self.ahead.last.isoformat()
                self.stops.add(data["because"])
                self.gone(on)
            elif kind == "ClockResumed":
                self.stops.discard(data["because"])
                if self.held_up and not self.stops and not self.over:
                    self._due(data["answer_by"], on)

    def gone(self, on: date) -> None:
        """Keep of what is ahead what came before a day."""
        if self.ahead is not None and (last := min(self.ahead.last, on - _DAY)) >= self.ahead.first:
            self.found.append(self.ahead._replace(last=last))
        self.ahead = None

    def _due(self, text: str | None, on: date) -> None:
        self.gone(on)
        self.held_up = text if self.stops else None
        if text is None or self.held_up or self.milestone is None:
            return
        goes_on = self.milestone["ongoing"] or self.milestone["recurrence"]
        since = self.milestone["starts_on"] if goes_on else None
        # What was over before is due as it is given, or goes on: never on a day that is past.
        last = max(date.fromisoformat(text), on)
        first = last if since is None else min(last, max(date.fromisoformat(since), on))
        self.ahead = Due(self.name, first, last, self.lead_alone)
