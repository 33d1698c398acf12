"""The state that the entries add up to: a second program's answer, from the leaves alone."""

from __future__ import annotations

from typing import Any

from verifier.kinds import WITHOUT_EFFECT

_STAGES = {
    "ProgressReported": None,
    "CompletionRequested": "completion_requested",
    "MilestoneReturnedForRework": "returned_for_rework",
    "MilestoneCompleted": "completed",
    "MilestoneStruckOff": "struck_off",
    "MilestoneWithdrawn": "withdrawn",
    "MilestoneCarriedOver": "carried_over",
    "MilestoneEnded": "ended",
}
_OF_DEPARTMENTS = {"DeadlineBreached", "NoReportReceived", "ProgressReported"}
"""Events that are about the duty of one department: the lead's, or a participating one's own."""
_ROUNDS = {"MilestoneAmended", "DeadlineExtended", "GraceGranted", "DutyHandedOver"}
"""Events that give a milestone a new round."""
_OVER = {"struck_off", "withdrawn", "carried_over", "ended"}
_ENDS = {"ProjectWithdrawn", "ProjectArchived", "YearClosed", "ProjectReopened"}
"""Events that end a project, or lead back from its end."""


class Fold:
    """Folds the events of key projects, in order. Events of types that it does not know are kept by name."""

    def __init__(self) -> None:
        self.projects: dict[str, dict[str, Any]] = {}
        self.unknown: dict[str, set[str]] = {}

    def take(self, event: dict[str, Any]) -> None:
        """Take one event of any stream."""
        stream, kind, data = event["stream"], event["type"], event["data"]
        if not stream.startswith("key-project/"):
            return
        if kind == "ProjectDocketed":
            self.projects[stream] = _docketed(data)
        project = self.projects.get(stream)
        if project is None:
            return
        project["events"] = event["seq"] + 1
        if kind not in WITHOUT_EFFECT and kind != "ProjectDocketed":
            self._change(project, stream, kind, data)

    def _change(self, project: dict[str, Any], stream: str, kind: str, data: dict[str, Any]) -> None:
        milestone = project["milestones"].get(data.get("milestone_id"))
        if kind in _ENDS:
            _end(project, kind)
        elif data.get("department") not in (None, project["lead"]) and kind in _OF_DEPARTMENTS:
            pass  # a participating department's own duty, which is not the milestone's
        elif kind == "DeadlineBreached" and milestone:
            milestone["breaches"].append(data["due_on"])
        elif kind == "LeadReassigned":
            project["lead"] = data["after"]
        elif kind == "MilestoneAdded":
            project["milestones"][data["milestone_id"]] = _opened(data["milestone"])
        elif kind in _ROUNDS and milestone:
            milestone["round"] = data["round"]
        elif kind in _STAGES and milestone:
            _move(milestone, kind, data)
        else:
            self.unknown.setdefault(stream, set()).add(kind)

    def state(self, stream: str) -> dict[str, Any]:
        """The state of a project."""
        project = dict(self.projects[stream])
        ended = project.pop("ended", None)
        project.pop("lead")
        project.pop("before", None)
        project["stage"] = _stage(ended, {m["stage"] for m in project["milestones"].values()} - {"withdrawn"})
        return project


def _end(project: dict[str, Any], kind: str) -> None:
    """Take what ends a project, or leads back from its end: of what is reported an end changes stages alone."""
    stages = {each["stage"] for each in project["milestones"].values()}
    again = kind == "YearClosed" and "before" in project and stages <= _OVER  # it ends nothing more
    if kind in ("ProjectWithdrawn", "YearClosed") and not again:
        project["before"] = {name: each["stage"] for name, each in project["milestones"].items()}
    if kind in ("ProjectWithdrawn", "ProjectArchived"):
        project["ended"] = kind
    if kind == "ProjectReopened":
        for name, stage in project.pop("before", {}).items():
            project["milestones"][name]["stage"] = stage
        project.pop("ended", None)


def _docketed(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "project_id": data["project"]["project_id"],
        "lead": data["project"]["lead_department"],
        "milestones": {milestone["milestone_id"]: _opened(milestone) for milestone in data["project"]["milestones"]},
    }


def _opened(milestone: dict[str, Any]) -> dict[str, Any]:
    return {
        "stage": "assigned",
        "baseline_due_on": milestone["due_on"],
        "done_on": None,
        "round": 0,
        "reports": 0,
        "quantity": None,
        "breaches": [],
    }


def _move(milestone: dict[str, Any], kind: str, data: dict[str, Any]) -> None:
    milestone["stage"] = _STAGES[kind] or ("in_progress" if milestone["stage"] == "assigned" else milestone["stage"])
    if kind in ("ProgressReported", "CompletionRequested"):
        milestone["reports"] += 1
        if data["quantity"] is not None:
            milestone["quantity"] = data["quantity"]
    if kind == "CompletionRequested":
        milestone["done_on"] = data["done_on"]
    if kind == "MilestoneReturnedForRework":
        milestone["done_on"], milestone["round"] = None, data["round"]


def _stage(ended: str | None, stages: set[str]) -> str:
    if ended:
        return {"ProjectArchived": "archived", "ProjectWithdrawn": "withdrawn"}[ended]
    if stages == {"struck_off"}:
        return "struck_off"
    if stages and stages <= {"struck_off", "completed"}:
        return "completed"
    return "assigned" if stages <= {"assigned"} else "in_progress"
