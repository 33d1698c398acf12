"""How supervision ends: withdrawn, carried over, ended by ruling, archived; and the way back from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from domain.events.event import ProjectEvent
from domain.ids import MilestoneId
from domain.papers.draft import (
    about,
    chinese_date,
    due_in_force,
    in_place_of_a_date,
    inside,
    named,
    outcome_lines,
    paper,
    quoted,
    sentence,
    taking_part,
    titled,
    to_all,
)
from domain.papers.paper import Overtaken, Paper
from domain.state import CLOSED_STAGES, OPEN_STAGES, MilestoneState, PartState, ProjectState
from domain.state.change import Change, milestone_change
from domain.state.last_words import Fact


class MilestoneWithdrawn(ProjectEvent):
    """A milestone was taken out of supervision, with the reason; its history stays."""

    type: Literal["MilestoneWithdrawn"] = "MilestoneWithdrawn"
    milestone_id: MilestoneId
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("outcome", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        changed = milestone_change(
            state, self.milestone_id, stage="withdrawn", closed_at=self.decided_at, stops={}, stopped_on=None
        )
        # A leader's directive about it has nothing left to be answered for.
        kept = {number: each for number, each in state.directives.items() if each.milestone_id != self.milestone_id}
        return {**changed, "directives": kept}

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def amends(self, state: ProjectState) -> str:
        return f"撤销节点{named(state, self.milestone_id)}{quoted(state.issued(self.milestone_id).description)}"

    def words(self) -> str:
        return f"撤销节点：{self.reason}"


class ProjectWithdrawn(ProjectEvent):
    """The whole project was taken out of supervision, with the reason; its history stays."""

    type: Literal["ProjectWithdrawn"] = "ProjectWithdrawn"
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("end"),)

    def change(self, state: ProjectState) -> Change:
        before = state.ending(self.decided_at).having(to_the_end=True)
        return {"withdrawn": True, "before_the_end": before}

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        for milestone_id in state.milestones:
            yield milestone_id, "settled_before_sending", None

    def paper(self, state: ProjectState) -> Paper | None:
        return to_all(state, self, f"{about(state, None)}撤销督办，不再要求办理和反馈：{sentence(self.reason)}")

    def words(self) -> str:
        return f"撤销项目：{self.reason}"


class ProjectArchived(ProjectEvent):
    """Nothing of the project is open any more: its file is closed."""

    type: Literal["ProjectArchived"] = "ProjectArchived"

    def change(self, state: ProjectState) -> Change:
        before = state.before_the_end
        if before is None or before.ended_at != self.decided_at:
            return {"archived": True}
        return {"archived": True, "before_the_end": before.having(to_the_end=True)}

    def words(self) -> str:
        return "归档"


class YearClosed(ProjectEvent):
    """The closing of the project's year began, with its reason: what falls away and goes over follows it."""

    type: Literal["YearClosed"] = "YearClosed"
    to_year: int
    reason: str
    confirmed_by: str | None = None

    def decides(self) -> Iterable[Fact]:
        return (Fact("end"),)

    def change(self, state: ProjectState) -> Change:
        over = all(each.stage in CLOSED_STAGES for each in state.milestones.values())
        if state.before_the_end is not None and over:
            return {}  # closed a second time, it ends nothing more: the way back is the first one's
        return {"before_the_end": state.ending(self.decided_at)}

    def paper(self, state: ProjectState) -> Paper | None:
        """One notice for the whole row: what becomes of each of its milestones."""
        outcomes = outcome_lines(state)
        counted = "，".join(f"{what}{times}项" for what, times in Counter(each.due for each in outcomes).items())
        row = f"{titled(state.list_title)}第{state.project.serial}项{quoted(state.project.title)}"
        text = f"{row}年度督办结束（{inside(self.reason)}）：{counted}。"
        copies = taking_part(state, None)
        return paper(state, self, "closing_notice", state.lead, text, copies_to=copies, duties=outcomes)

    def words(self) -> str:
        return f"年终结转至{self.to_year}年：{self.reason}"


class ProjectReopened(ProjectEvent):
    """A closed year, or a withdrawal, was taken back: the project stands as before its end, and what happened stays.

    `whole` says that nothing else had happened since: then everything is as it was. Otherwise the milestones that the
    closing ended are, with what waited; a directive that was answered meanwhile stays answered.
    """

    type: Literal["ProjectReopened"] = "ProjectReopened"
    reason: str
    ended_on: date
    was: Literal["closed", "withdrawn"]
    whole: bool
    confirmed_by: str | None = None

    def decides(self) -> Iterable[Fact]:
        return (Fact("end"),)

    def change(self, state: ProjectState) -> Change:
        before = state.before_the_end
        if before is None:
            return {}
        change: Change = {"archived": False, "withdrawn": False, "before_the_end": None}
        if self.whole:
            return {
                **change,
                "milestones": before.milestones,
                "limits": before.limits,
                "suspension": before.suspension,
                "silence": before.silence,
                "directives": before.directives,
            }
        ended = {
            milestone_id
            for milestone_id, milestone in state.milestones.items()
            if milestone.stage in CLOSED_STAGES and milestone != before.milestones.get(milestone_id, milestone)
        }
        milestones = {
            each: _shared_as(milestone, before.milestones[each]) if each in ended else milestone
            for each, milestone in state.milestones.items()
        }
        # What waited fell away with the milestones; a directive on the whole alone can have been answered since.
        limits = {
            each: state.limits.get(each, limit)
            for each, limit in before.limits.items()
            if limit.kind != "directive_answer" or limit.milestone_id or each in state.limits
        }
        fell_away = {number: each for number, each in before.directives.items() if each.milestone_id}
        # Their clocks stand still for a suspension that may have ended since: it stands again, to be ended for them.
        suspension = state.suspension or before.suspension
        return {
            **change,
            "milestones": milestones,
            "limits": {**limits, **state.limits},
            "suspension": suspension,
            "directives": {**fell_away, **state.directives},
        }

    def paper(self, state: ProjectState) -> Paper | None:
        what = "年终结转" if self.was == "closed" else "撤销"
        open_duties = [
            f"{quoted(state.issued(milestone_id).description)}（{_until(state, milestone_id)}）"
            for milestone_id, milestone in state.milestones.items()
            if milestone.stage in OPEN_STAGES
        ]
        duties = f"未办结的节点照原要求办理：{'；'.join(open_duties)}。" if open_duties else ""
        text = (
            f"{about(state, None)}于{chinese_date(self.ended_on)}作出的{what}决定已收回（{inside(self.reason)}），"
            f"此前的{what}通知作废，继续督办。{duties}"
        )
        return to_all(state, self, text)

    def words(self) -> str:
        what = "年终结转" if self.was == "closed" else "撤销"
        return f"{self.ended_on} 作出的{what}决定已收回，照原要求继续督办；理由：{self.reason}"


def _shared_as(now: MilestoneState, before: MilestoneState) -> MilestoneState:
    """A milestone as it was before its end, with the parts that another lead, or a list, has made of it since."""
    known = {name: part for name, part in before.parts.items() if _is_the_same(part, now.parts[name])}
    return before.having(parts={**now.parts, **known}, asked_by=now.asked_by)


def _is_the_same(part: PartState, now: PartState) -> bool:
    return (part.stage, part.round) == (now.stage, now.round)


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

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def words(self) -> str:
        return f"裁定终结：{self.reason}"


ClosingEvent = (
    MilestoneWithdrawn
    | ProjectWithdrawn
    | ProjectArchived
    | YearClosed
    | ProjectReopened
    | MilestoneCarriedOver
    | MilestoneEnded
)


def _until(state: ProjectState, milestone_id: MilestoneId) -> str:
    if instead := in_place_of_a_date(state, milestone_id):
        return instead
    due_on = due_in_force(state, milestone_id)
    return f"{chinese_date(due_on)}前" if due_on else "时限待定"
