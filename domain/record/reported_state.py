"""The state that a bundle reports: what the leaves add up to, in plain words that a second program can recompute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.ids import supervision_workflow_id
from domain.state import ProjectState

TIMELINE_COLUMNS = ("position", "appended", "occurred", "decided", "stream", "seq", "type", "actor", "cause")


def timeline_row(position: int, appended: str, event: Mapping[str, Any]) -> list[str]:
    """One line of the timeline: when, who, what and why, as the leaf says."""
    row = {**event, "position": position, "appended": appended, "cause": event["data"].get("cause", "")}
    return [str(row[column]) for column in TIMELINE_COLUMNS]


def reported_state(size: int, streams: Mapping[str, int], projects: Iterable[ProjectState]) -> dict[str, Any]:
    """The state of every project after `size` entries, and the length of every stream."""
    return {
        "size": size,
        "streams": dict(sorted(streams.items())),
        "projects": {supervision_workflow_id(state.project_id): _project(state) for state in projects},
    }


def _project(state: ProjectState) -> dict[str, Any]:
    return {
        "project_id": state.project_id,
        "stage": state.stage,
        "events": state.next_seq,
        "milestones": {
            milestone.milestone_id: {
                "stage": milestone.stage,
                "baseline_due_on": milestone.baseline_due_on.isoformat() if milestone.baseline_due_on else None,
                "done_on": milestone.done_on.isoformat() if milestone.done_on else None,
                "round": milestone.round,
                "reports": milestone.reports,
                "quantity": milestone.quantity,
                "breaches": [breach.due_on.isoformat() for breach in milestone.breaches],
            }
            for milestone in state.milestones.values()
        },
    }
