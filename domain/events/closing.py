"""How supervision ends: withdrawn, carried over, ended by ruling, archived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from domain.events.event import ProjectEvent
from domain.ids import MilestoneId
from domain.papers.draft import about, to_all
from domain.papers.paper import Overtaken, Paper
from domain.state import ProjectState
from domain.state.change import Change, milestone_change

__all__ = [
    "ClosingEvent",
    "MilestoneCarriedOver",
    "MilestoneEnded",
    "MilestoneWithdrawn",
    "ProjectArchived",
    "ProjectWithdrawn",
]


class MilestoneWithdrawn(ProjectEvent):
    """A milestone was taken out of supervision, with the reason; its history stays."""

    type: Literal["MilestoneWithdrawn"] = "MilestoneWithdrawn"
    milestone_id: MilestoneId
    reason: str

    def change(self, state: ProjectState) -> Change:
        changed = milestone_change(
            state, self.milestone_id, stage="withdrawn", closed_at=self.decided_at, stops={}, stopped_on=None
        )
        # A leader's directive about it has nothing left to be answered for.
        kept = {number: each for number, each in state.directives.items() if each.milestone_id != self.milestone_id}
        return {**changed, "directives": kept}

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def amends(self) -> str:
        return f"撤销节点{self.milestone_id}"

    def words(self) -> str:
        return f"撤销节点：{self.reason}"


class ProjectWithdrawn(ProjectEvent):
    """The whole project was taken out of supervision, with the reason; its history stays."""

    type: Literal["ProjectWithdrawn"] = "ProjectWithdrawn"
    reason: str

    def change(self, state: ProjectState) -> Change:
        return {"withdrawn": True}

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        for milestone_id in state.milestones:
            yield milestone_id, "settled_before_sending", None

    def words(self) -> str:
        return f"撤销项目：{self.reason}"


class ProjectArchived(ProjectEvent):
    """Nothing of the project is open any more: its file is closed."""

    type: Literal["ProjectArchived"] = "ProjectArchived"

    def change(self, state: ProjectState) -> Change:
        return {"archived": True}

    def words(self) -> str:
        return "归档"


class MilestoneCarriedOver(ProjectEvent):
    """The year was closed while a milestone was open: it goes on in another year's list."""

    type: Literal["MilestoneCarriedOver"] = "MilestoneCarriedOver"
    milestone_id: MilestoneId
    to_year: int
    reason: str

    def change(self, state: ProjectState) -> Change:
        return milestone_change(
            state, self.milestone_id, stage="carried_over", closed_at=self.decided_at, carried_to=self.to_year
        )

    def paper(self, state: ProjectState) -> Paper | None:
        text = f"{about(state, self.milestone_id)}年度内未办结，结转至{self.to_year}年清单继续督办：{self.reason}"
        return to_all(state, self, text)

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def words(self) -> str:
        return f"结转至{self.to_year}年：{self.reason}"


class MilestoneEnded(ProjectEvent):
    """The year was closed while a milestone was open: by ruling, it ends as it stands."""

    type: Literal["MilestoneEnded"] = "MilestoneEnded"
    milestone_id: MilestoneId
    reason: str

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, stage="ended", closed_at=self.decided_at)

    def paper(self, state: ProjectState) -> Paper | None:
        return to_all(state, self, f"{about(state, self.milestone_id)}年度终了，裁定终结：{self.reason}")

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def words(self) -> str:
        return f"裁定终结：{self.reason}"


ClosingEvent = MilestoneWithdrawn | ProjectWithdrawn | ProjectArchived | MilestoneCarriedOver | MilestoneEnded
