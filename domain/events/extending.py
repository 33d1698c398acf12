"""Extensions: asked before the due date, reviewed, ruled on; and grace, which is another act after it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import Event
from domain.ids import MilestoneId


class ExtensionRequested(Event):
    """The lead department asked, before the due date, for a later one: why, until when, and how the work stands."""

    type: Literal["ExtensionRequested"] = "ExtensionRequested"
    milestone_id: MilestoneId
    reason: str
    requested_due_on: date
    progress: str


class ExtensionReviewed(Event):
    """The first review of an extension: whether it is recommended, and which date."""

    type: Literal["ExtensionReviewed"] = "ExtensionReviewed"
    milestone_id: MilestoneId
    recommended_due_on: date | None
    opinion: str


class ExtensionMoreAsked(Event):
    """Before ruling, more was asked of the department; its clock runs until it has said more."""

    type: Literal["ExtensionMoreAsked"] = "ExtensionMoreAsked"
    milestone_id: MilestoneId
    question: str


class ExtensionSupplemented(Event):
    """The department said more about the extension that it asks for; the review begins anew."""

    type: Literal["ExtensionSupplemented"] = "ExtensionSupplemented"
    milestone_id: MilestoneId
    text: str


class ExtensionRefused(Event):
    """An extension was refused, with the reason: the date stays, later only by the days that the ruling took."""

    type: Literal["ExtensionRefused"] = "ExtensionRefused"
    milestone_id: MilestoneId
    reason: str


class ExtensionLapsed(Event):
    """An extension that was asked for fell away before its ruling: the completion was requested, or the duty ended."""

    type: Literal["ExtensionLapsed"] = "ExtensionLapsed"
    milestone_id: MilestoneId


class DeadlineExtended(Event):
    """An extension was granted, to exactly this date; the baseline and every breach stay."""

    type: Literal["DeadlineExtended"] = "DeadlineExtended"
    milestone_id: MilestoneId
    before: date
    requested_due_on: date
    after: date
    round: int
    reason: str


class GraceGranted(Event):
    """After the due date, a later one was set as an act of grace, of a named person; the breach stays."""

    type: Literal["GraceGranted"] = "GraceGranted"
    milestone_id: MilestoneId
    before: date
    after: date
    round: int
    reason: str
