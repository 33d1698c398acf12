"""What departments say of their work: progress, completion, a part delivered; and a period without a report."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event, added_later
from domain.ids import DepartmentId, MilestoneId


class ProgressReported(Event):
    """A department reported progress. `quantity` is the total delivered so far where the milestone has a quota.

    `forecast_on` is the date that the department itself expects, `period` the reporting period that it reports for.
    """

    type: Literal["ProgressReported"] = "ProgressReported"
    milestone_id: MilestoneId
    department: DepartmentId
    text: str
    done_on: date | None
    quantity: int | None
    evidence: tuple[str, ...]
    forecast_on: date | None = added_later()
    period: int | None = added_later()


class CompletionRequested(Event):
    """A department says that a milestone is done, when it was done, and shows evidence."""

    type: Literal["CompletionRequested"] = "CompletionRequested"
    milestone_id: MilestoneId
    department: DepartmentId
    done_on: date
    text: str
    quantity: int | None
    evidence: tuple[str, ...]


class PartDelivered(Event):
    """A participating department says that its part of a milestone is done; its own duty ends with it."""

    type: Literal["PartDelivered"] = "PartDelivered"
    milestone_id: MilestoneId
    department: DepartmentId
    done_on: date
    text: str
    evidence: tuple[str, ...]


class ReportPeriodMissed(Event):
    """A period ended for which a report was due and none came. A later report catches it up and does not undo it."""

    type: Literal["ReportPeriodMissed"] = "ReportPeriodMissed"
    milestone_id: MilestoneId
    period: int
    periods: int
    ended_on: date


class PaceWarningIssued(Event):
    """Long before the due date, what is delivered lags behind the calendar.

    `quantity` stood where `scheduled` was due when `percent` of the window had passed.
    """

    type: Literal["PaceWarningIssued"] = "PaceWarningIssued"
    milestone_id: MilestoneId
    percent: int
    quantity: int
    scheduled: int
    target: int
    unit: str
    due_on: date
