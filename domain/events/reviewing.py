"""What becomes of a completion: returned for rework, completed, struck off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from domain.confidence import STEP_WORDS
from domain.events.event import ProjectEvent, noted
from domain.ids import MilestoneId
from domain.papers.draft import about, chinese_date, counted, paper, sentence, taking_part
from domain.papers.paper import Overtaken, Paper
from domain.state import Confidence, ProjectState
from domain.state.change import Change, milestone_change, with_milestone
from domain.state.last_words import Fact
from domain.state.rounds import with_date_set_anew


class ConfidenceAssessed(ProjectEvent):
    """A reviewer said how sure he is that a milestone will be done, beside its computed light, which it changes not."""

    type: Literal["ConfidenceAssessed"] = "ConfidenceAssessed"
    milestone_id: MilestoneId
    step: int
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("confidence", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        by = self.on_behalf_of or self.actor
        said = Confidence(step=self.step, by=by, on=self.decided_at.date(), reason=self.reason)
        return milestone_change(state, self.milestone_id, confidence=said)

    def words(self) -> str:
        return f"独立研判：{STEP_WORDS[self.step]}（{self.step}级）：{self.reason}"


class MilestoneReturnedForRework(ProjectEvent):
    """A reviewer sent a completion back; the department answers again by `answer_by`."""

    type: Literal["MilestoneReturnedForRework"] = "MilestoneReturnedForRework"
    milestone_id: MilestoneId
    reason: str
    round: int
    answer_by: date

    def decides(self) -> Iterable[Fact]:
        return (Fact("outcome", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        anew = self.round != before.round
        returned = with_date_set_anew(state, before, self.decided_at.date()) if anew else before
        return with_milestone(
            state,
            returned.having(
                stage="returned_for_rework",
                round=self.round,
                answer_by=self.answer_by,
                taken=() if anew else before.taken,
                done_on=None,
                requested_at=None,
            ),
        )

    def paper(self, state: ProjectState) -> Paper | None:
        due_on = counted(state, self.milestone_id, self.answer_by)
        text = (
            f"{about(state, self.milestone_id)}的办结申请经审核退回：{sentence(self.reason)}"
            f"请于{chinese_date(due_on)}前重新办理并申请办结。"
        )
        return paper(state, self, "return_notice", state.lead, text, due_on=due_on)

    def words(self) -> str:
        return f"退办：{self.reason}（{self.answer_by}前重新办理）"


class MilestoneCompleted(ProjectEvent):
    """A reviewer accepted the completion of a milestone."""

    type: Literal["MilestoneCompleted"] = "MilestoneCompleted"
    milestone_id: MilestoneId
    done_on: date
    note: str | None

    def decides(self) -> Iterable[Fact]:
        return (Fact("outcome", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return milestone_change(
            state,
            self.milestone_id,
            stage="completed",
            accepted_by=self.actor,
            accepted_for=self.on_behalf_of,
            accepted_person=self.by_person,
            accepted_for_person=self.for_person,
            stops={},
            stopped_on=None,
        )

    def words(self) -> str:
        return noted(f"审核办结（完成于{self.done_on}）", self.note)

    def paper(self, state: ProjectState) -> Paper | None:
        note = f"审核意见：{sentence(self.note)}" if self.note else ""
        told = f"的办结申请已经审核。现认定办结，完成日期为{chinese_date(self.done_on)}。"
        text = f"{about(state, self.milestone_id)}{told}{note}"
        copies = taking_part(state, self.milestone_id)
        return paper(state, self, "completion_notice", state.lead, text, copies_to=copies)


class MilestoneStruckOff(ProjectEvent):
    """A completed milestone was struck off the register, by another person than the one who completed it."""

    type: Literal["MilestoneStruckOff"] = "MilestoneStruckOff"
    milestone_id: MilestoneId

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, stage="struck_off", closed_at=self.decided_at)

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def paper(self, state: ProjectState) -> Paper | None:
        text = f"{about(state, self.milestone_id)}已办结，并经复核。现予销号，不再督办。"
        copies = taking_part(state, self.milestone_id)
        return paper(state, self, "strike_off_notice", state.lead, text, copies_to=copies)

    def words(self) -> str:
        return "销号"


ReviewingEvent = ConfidenceAssessed | MilestoneReturnedForRework | MilestoneCompleted | MilestoneStruckOff
