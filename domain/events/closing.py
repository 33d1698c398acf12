"""How supervision ends: withdrawn, carried over, ended by ruling, archived."""

from __future__ import annotations

from typing import Literal

from domain.events.event import Event
from domain.ids import MilestoneId


class MilestoneWithdrawn(Event):
    """A milestone was taken out of supervision, with the reason; its history stays."""

    type: Literal["MilestoneWithdrawn"] = "MilestoneWithdrawn"
    milestone_id: MilestoneId
    reason: str


class ProjectWithdrawn(Event):
    """The whole project was taken out of supervision, with the reason; its history stays."""

    type: Literal["ProjectWithdrawn"] = "ProjectWithdrawn"
    reason: str


class ProjectArchived(Event):
    """Nothing of the project is open any more: its file is closed."""

    type: Literal["ProjectArchived"] = "ProjectArchived"


class MilestoneCarriedOver(Event):
    """The year was closed while a milestone was open: it goes on in another year's list."""

    type: Literal["MilestoneCarriedOver"] = "MilestoneCarriedOver"
    milestone_id: MilestoneId
    to_year: int
    reason: str


class MilestoneEnded(Event):
    """The year was closed while a milestone was open: by ruling, it ends as it stands."""

    type: Literal["MilestoneEnded"] = "MilestoneEnded"
    milestone_id: MilestoneId
    reason: str
