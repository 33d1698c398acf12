"""Whose clock runs: nothing is late, and nothing comes due, while it stands still."""

from __future__ import annotations

from datetime import date

from domain.state import OPEN_PART_STAGES, OPEN_STAGES, MilestoneState, PartState


def lead_clock_runs(milestone: MilestoneState) -> bool:
    """Whether the lead department's clock runs in a milestone."""
    return milestone.stage in OPEN_STAGES and not milestone.stops


def part_clock_runs(milestone: MilestoneState, part: PartState) -> bool:
    """Whether a participating department's own clock runs in a milestone."""
    return lead_clock_runs(milestone) and part.stage in OPEN_PART_STAGES and not part.stops


def stopped_since(milestone: MilestoneState, duty: MilestoneState | PartState) -> date | None:
    """The day since which a duty's clock stands still, for the whole milestone or for a participant's own reason."""
    days = [] if milestone.stopped_on is None else [milestone.stopped_on]
    if isinstance(duty, PartState):
        days += duty.stops.values()
    return min(days) if days else None
