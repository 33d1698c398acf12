"""Inspections: opened, findings, conclusion, answer, rectification and closing."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event, added_later
from domain.ids import DepartmentId, MilestoneId
from domain.rules.policy import Level

InspectionNotOpenedReason = Literal[
    "burden_cap",  # the department has had as many inspections this month as the policy allows
    "already_open",  # an inspection of the milestone is under way
    "nothing_open",  # no milestone of the project is open on the planned day
]


class InspectionOpened(Event):
    """An inspection of the lead department was opened for a milestone: by the ladder, by the yearly plan, by a person.

    `reason` is a person's, `planned_on` the plan's day, `despite_cap` says why the cap on inspections did not hold.
    """

    type: Literal["InspectionOpened"] = "InspectionOpened"
    milestone_id: MilestoneId
    due_on: date | None
    round: int
    level: Level | None
    reason: str | None = added_later()
    planned_on: date | None = added_later()
    despite_cap: str | None = added_later()


class FindingRecorded(Event):
    """An inspector recorded a finding, with its working papers."""

    type: Literal["FindingRecorded"] = "FindingRecorded"
    milestone_id: MilestoneId
    text: str
    evidence: tuple[str, ...]


class InspectionConcluded(Event):
    """An inspection was concluded. `rectify_by` is the date by which what was found must be put right, if anything."""

    type: Literal["InspectionConcluded"] = "InspectionConcluded"
    milestone_id: MilestoneId
    conclusion: str
    rectify_by: date | None


class InspectionAnswered(Event):
    """The inspected department answered the conclusion."""

    type: Literal["InspectionAnswered"] = "InspectionAnswered"
    milestone_id: MilestoneId
    department: DepartmentId
    text: str
    evidence: tuple[str, ...]


class RectificationReported(Event):
    """The department says that what the inspection found is put right; the supervision section checks it."""

    type: Literal["RectificationReported"] = "RectificationReported"
    milestone_id: MilestoneId
    department: DepartmentId
    text: str
    evidence: tuple[str, ...]


class RectificationReturned(Event):
    """The check found that it is not put right; the department answers again by `rectify_by`."""

    type: Literal["RectificationReturned"] = "RectificationReturned"
    milestone_id: MilestoneId
    reason: str
    rectify_by: date


class InspectionClosed(Event):
    """An inspection was closed: answered, and put right where that was asked for."""

    type: Literal["InspectionClosed"] = "InspectionClosed"
    milestone_id: MilestoneId
    note: str | None


class InspectionNotOpened(Event):
    """The ladder or the yearly plan foresaw an inspection that was not opened, for this reason."""

    type: Literal["InspectionNotOpened"] = "InspectionNotOpened"
    milestone_id: MilestoneId | None
    rung: str
    planned_on: date | None
    reason: InspectionNotOpenedReason
