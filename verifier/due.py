"""Which days of a project something is due from whom: what makes it count, with its base, in a department's score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Event = Mapping[str, Any]
Days = tuple[date, date]
_DAY = timedelta(days=1)
_NEW_DATES = {"DeadlineExtended": "after", "GraceGranted": "after", "DutyHandedOver": "answer_by"}
_WITH_THE_YEAR = ("MilestoneCarriedOver", "MilestoneEnded")


def due_days(told: Sequence[Event], day_of: Callable[[Event], date]) -> list[Days]:
    """From which to which day something is due of any milestone of a project, as its dates held on their own days."""
    year = int(told[0]["data"]["year"])
    taken_back = _taken_back(told)
    names = dict.fromkeys(each["milestone_id"] for event in told for each in _given(event))
    found: list[Days] = []
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
    found: list[Days] = field(default_factory=list)
    milestone: Mapping[str, Any] | None = None
    ahead: Days | None = None
    stops: set[str] = field(default_factory=set)
    held_up: str | None = None
    """The date that had not come when the clock stopped, until that goes on."""
    over: bool = False

    def take(self, event: Event, on: date) -> None:
        kind, data = event["type"], event["data"]
        given = next((each for each in _given(event) if each["milestone_id"] == self.name), None)
        if given is not None:
            self.milestone = given
            # What was over before is due on the day on which it is given.
            self._due(given["due_on"] and max(given["due_on"], on.isoformat()), on)
        elif kind in ("ProjectWithdrawn", "YearClosed"):
            self.over = True
            if kind == "ProjectWithdrawn":
                self.gone(on)
        elif data.get("milestone_id") == self.name and self.milestone is not None:
            self._take_own(kind, data, on)

    def _take_own(self, kind: str, data: Mapping[str, Any], on: date) -> None:
        if kind in _NEW_DATES:
            self._due(data[_NEW_DATES[kind]], on)
        elif kind == "MilestoneWithdrawn":
            self.gone(on)
            self.milestone = None
        elif kind == "MilestoneCompleted" and self.held_up:
            # What is accepted waits for no clock.
            day = max(self.held_up, on.isoformat())
            self.stops.clear()
            self._due(day, on)
        elif kind in _WITH_THE_YEAR:
            self.gone(max(on, self.next_year))
        elif data.get("department") is None and data.get("because") != "completion_review":
            if kind == "ClockStopped":
                if self.ahead is not None and self.ahead[1] >= on:
                    self.held_up = self.ahead[1].isoformat()
                self.stops.add(data["because"])
                self.gone(on)
            elif kind == "ClockResumed":
                self.stops.discard(data["because"])
                if self.held_up and not self.stops and not self.over:
                    self._due(data["answer_by"], on)

    def gone(self, on: date) -> None:
        """Keep of what is ahead what came before a day."""
        if self.ahead is not None and min(self.ahead[1], on - _DAY) >= self.ahead[0]:
            self.found.append((self.ahead[0], min(self.ahead[1], on - _DAY)))
        self.ahead = None

    def _due(self, text: str | None, on: date) -> None:
        self.gone(on)
        self.held_up = text if self.stops else None
        if text is None or self.held_up or self.milestone is None:
            return
        goes_on = self.milestone["ongoing"] or self.milestone["recurrence"]
        last, since = date.fromisoformat(text), self.milestone["starts_on"] if goes_on else None
        self.ahead = (last if since is None else min(last, max(date.fromisoformat(since), on))), last
