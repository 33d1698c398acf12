"""The clock that stops, while the supervising side must answer or work is suspended; and notices that are silenced."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event
from domain.ids import DepartmentId, MilestoneId

StopReason = Literal[
    "completion_review",  # a completion waits for its review
    "extension",  # an extension waits for its review and its ruling
    "declined_assignment",  # the assigning side has not ruled on a declined assignment
    "dispute",  # the assigning side has not decided a dispute
    "suspension",  # the milestone or the whole project is suspended
]


class ClockStopped(Event):
    """A milestone's clock stopped, of one department or (where none is named) of all: no lateness is counted."""

    type: Literal["ClockStopped"] = "ClockStopped"
    milestone_id: MilestoneId
    department: DepartmentId | None
    because: StopReason


class ClockResumed(Event):
    """One reason for which a milestone's clock stood still fell away.

    `answer_by` is the date that holds from now on: the one before, later by the working days that are excused. Where
    another reason still stops the clock, no days are excused yet.
    """

    type: Literal["ClockResumed"] = "ClockResumed"
    milestone_id: MilestoneId
    department: DepartmentId | None
    because: StopReason
    working_days_excused: int
    answer_by: date | None


class Suspended(Event):
    """A milestone, or the whole project where none is named, was suspended: by whom, why, until when.

    `until` is the last suspended day; it is absent where a person will resume.
    """

    type: Literal["Suspended"] = "Suspended"
    milestone_id: MilestoneId | None
    reason: str
    until: date | None


class Resumed(Event):
    """A suspension ended, by a person or on its day; limits that stood still go on after so many working days."""

    type: Literal["Resumed"] = "Resumed"
    milestone_id: MilestoneId | None
    reason: str
    working_days: int


class NoticesSilenced(Event):
    """Notices about a milestone, or the whole project, are not sent up to and with `until`; lateness counts on."""

    type: Literal["NoticesSilenced"] = "NoticesSilenced"
    milestone_id: MilestoneId | None
    reason: str
    until: date


class SilenceEnded(Event):
    """Notices are sent again before the silence would have ended by itself."""

    type: Literal["SilenceEnded"] = "SilenceEnded"
    milestone_id: MilestoneId | None
    reason: str
