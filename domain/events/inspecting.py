"""Inspections: opened, findings, conclusion, answer, rectification and closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from domain.events.event import ProjectEvent, noted
from domain.frozen import FieldsOf, added_later
from domain.ids import DepartmentId, MilestoneId
from domain.papers.draft import about, chinese_date, date_or_open, paper, sentence
from domain.papers.paper import Paper
from domain.rules.ladder_rules import Level
from domain.state import Inspection, InspectionStage, ProjectState
from domain.state.change import Change, decided_by_hand, milestone_change
from domain.state.last_words import Fact
from domain.state.under_way import CAPPED_INSPECTION, Undecided

_NOT_OPENED = {"burden_cap": "本月督查已达上限", "already_open": "已有督查在进行", "nothing_open": "没有在办节点"}
InspectionNotOpenedReason = Literal[
    "burden_cap",  # the department has had as many inspections this month as the policy allows
    "already_open",  # an inspection of the milestone is under way
    "nothing_open",  # no milestone of the project is open on the planned day
]


class InspectionOpened(ProjectEvent):
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

    def change(self, state: ProjectState) -> Change:
        changed = _planned(state, self.planned_on)
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return changed
        today = self.decided_at.date()
        inspected_on = (*before.inspected_on, today)
        inspection = before.inspection or Inspection(opened_on=today)
        return {
            **changed,
            **milestone_change(state, self.milestone_id, inspection=inspection, inspected_on=inspected_on),
            **decided_by_hand(state, self._stands_for),
        }

    def _stands_for(self, each: Undecided) -> bool:
        if each.kind == CAPPED_INSPECTION:
            return each.milestone_id == self.milestone_id
        # One that a person opens stands for the planned one that could not be decided.
        return each.kind == "planned_inspection" and bool(self.reason)

    def paper(self, state: ProjectState) -> Paper | None:
        what = f"{state.lead}承办的{about(state, self.milestone_id)}"
        due = date_or_open(self.due_on)
        if self.reason is not None:
            told = f"现对{what}（时限{due}）开展督查。督查事由：{sentence(self.reason)}"
        elif self.planned_on is not None:
            plan = f"按年度督查计划（{chinese_date(self.planned_on)}）和抽查结果"
            told = f"{plan}，现对{what}（时限{due}）开展督查。"
        else:
            told = f"{what}应于{due}前完成，逾期未办结，现对其开展督查。"
        text = f"{told}请准备工作台账和佐证材料，配合督查，具体时间另行告知。"
        return paper(state, self, "inspection_notice", state.lead, text, due_on=self.due_on, level=self.level)

    def words(self) -> str:
        return noted("开展督查", self.reason or (f"年度督查计划{self.planned_on}" if self.planned_on else None)) + (
            f"（超出上限的理由：{self.despite_cap}）" if self.despite_cap else ""
        )


class FindingRecorded(ProjectEvent):
    """An inspector recorded a finding, with its working papers."""

    type: Literal["FindingRecorded"] = "FindingRecorded"
    milestone_id: MilestoneId
    text: str
    evidence: tuple[str, ...]

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        findings = before.inspection.findings if before and before.inspection else 0
        return _update(state, self.milestone_id, findings=findings + 1)

    def paper(self, state: ProjectState) -> Paper | None:
        """The inspector's own record: it goes to those who inspect, and to nobody else."""
        text = f"经对{state.lead}承办的{about(state, self.milestone_id)}督查，查明：{sentence(self.text)}"
        return paper(state, self, "inspection_record", state.policy.life_cycle.supervision_section, text)

    def words(self) -> str:
        return f"督查发现：{self.text}"


class InspectionConcluded(ProjectEvent):
    """An inspection was concluded. `rectify_by` is the date by which what was found must be put right, if anything."""

    type: Literal["InspectionConcluded"] = "InspectionConcluded"
    milestone_id: MilestoneId
    conclusion: str
    rectify_by: date | None

    def decides(self) -> Iterable[Fact]:
        return (Fact("inspection", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        stage: InspectionStage = "rectifying" if self.rectify_by else "concluded"
        return _update(state, self.milestone_id, stage=stage, rectify_by=self.rectify_by)

    def paper(self, state: ProjectState) -> Paper | None:
        rectify = f"，并于{chinese_date(self.rectify_by)}前完成整改" if self.rectify_by else ""
        limit = state.open_limit("inspection_answer", self.milestone_id)
        answer = f"请于{chinese_date(limit.due_on)}前书面答复" if limit else "请按时书面答复"
        text = f"{about(state, self.milestone_id)}的督查结论：{sentence(self.conclusion)}{answer}{rectify}。"
        # The form that is given back is the written answer: its day, not that of what is put right later.
        answer_by = limit.due_on if limit else self.rectify_by
        return paper(state, self, "inspection_conclusion", state.lead, text, due_on=answer_by)

    def words(self) -> str:
        return f"督查结论：{self.conclusion}" + (f"（{self.rectify_by}前整改）" if self.rectify_by else "")


class InspectionAnswered(ProjectEvent):
    """The inspected department answered the conclusion."""

    type: Literal["InspectionAnswered"] = "InspectionAnswered"
    milestone_id: MilestoneId
    department: DepartmentId
    text: str
    evidence: tuple[str, ...]

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        waits = before is not None and before.inspection is not None and before.inspection.stage == "concluded"
        if waits:
            return _update(state, self.milestone_id, answered=True, stage="answered")
        return _update(state, self.milestone_id, answered=True)

    def words(self) -> str:
        return f"{self.department}答复督查结论：{self.text}"


class RectificationReported(ProjectEvent):
    """The department says that what the inspection found is put right; the supervision section checks it."""

    type: Literal["RectificationReported"] = "RectificationReported"
    milestone_id: MilestoneId
    department: DepartmentId
    text: str
    evidence: tuple[str, ...]

    def change(self, state: ProjectState) -> Change:
        return _update(state, self.milestone_id, stage="checking")

    def words(self) -> str:
        return f"{self.department}报告整改情况：{self.text}"


class RectificationReturned(ProjectEvent):
    """The check found that it is not put right; the department answers again by `rectify_by`."""

    type: Literal["RectificationReturned"] = "RectificationReturned"
    milestone_id: MilestoneId
    reason: str
    rectify_by: date

    def decides(self) -> Iterable[Fact]:
        return (Fact("inspection", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return _update(state, self.milestone_id, stage="rectifying", rectify_by=self.rectify_by)

    def paper(self, state: ProjectState) -> Paper | None:
        text = (
            f"{about(state, self.milestone_id)}的整改经核查未到位：{sentence(self.reason)}"
            f"请于{chinese_date(self.rectify_by)}前继续整改。"
        )
        return paper(state, self, "return_notice", state.lead, text, due_on=self.rectify_by)

    def words(self) -> str:
        return f"整改未到位：{self.reason}（{self.rectify_by}前继续整改）"


class InspectionClosed(ProjectEvent):
    """An inspection was closed: answered, and put right where that was asked for."""

    type: Literal["InspectionClosed"] = "InspectionClosed"
    milestone_id: MilestoneId
    note: str | None

    def decides(self) -> Iterable[Fact]:
        return (Fact("inspection", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return milestone_change(state, self.milestone_id, inspection=None)

    def paper(self, state: ProjectState) -> Paper | None:
        note = f"：{sentence(self.note)}" if self.note else "。"
        return paper(state, self, "status_notice", state.lead, f"{about(state, self.milestone_id)}的督查已结束{note}")

    def words(self) -> str:
        return noted("督查结束", self.note)


class InspectionNotOpened(ProjectEvent):
    """The ladder or the yearly plan foresaw an inspection that was not opened, for this reason.

    `elsewhere` is how many the department had this month in other projects, where the cap counts them.
    """

    type: Literal["InspectionNotOpened"] = "InspectionNotOpened"
    milestone_id: MilestoneId | None
    rung: str
    planned_on: date | None
    reason: InspectionNotOpenedReason
    elsewhere: int | None = added_later()

    def change(self, state: ProjectState) -> Change:
        """What the cap holds back waits for a person, once for each milestone: no later rung opens it."""
        changed, milestone = _planned(state, self.planned_on), state.milestones.get(self.milestone_id or "")
        if milestone is None or self.reason != "burden_cap":
            return changed
        capped = Undecided(
            milestone_id=milestone.milestone_id,
            kind=CAPPED_INSPECTION,
            rung=self.rung,
            problem=self._why(),
            since=self.decided_at,
            round=milestone.round,
        )
        others = (
            each
            for each in state.undecided
            if (each.kind, each.milestone_id) != (CAPPED_INSPECTION, milestone.milestone_id)
        )
        return {**changed, "undecided": (*others, capped)}

    def words(self) -> str:
        return f"未开展督查：{self._why()}"

    def _why(self) -> str:
        others = f"（其中其他项目{self.elsewhere}次）" if self.elsewhere else ""
        return f"{_NOT_OPENED[self.reason]}{others}"


def _planned(state: ProjectState, planned_on: date | None) -> Change:
    if planned_on is None:
        return {}
    return {"planned_inspections_taken": (*state.planned_inspections_taken, planned_on)}


def _update(state: ProjectState, milestone_id: MilestoneId, **update: FieldsOf[Inspection]) -> Change:
    before = state.milestones.get(milestone_id)
    if before is None or before.inspection is None:
        return {}
    return milestone_change(state, milestone_id, inspection=before.inspection.model_copy(update=update))


InspectingEvent = (
    InspectionOpened
    | FindingRecorded
    | InspectionConcluded
    | InspectionAnswered
    | RectificationReported
    | RectificationReturned
    | InspectionClosed
    | InspectionNotOpened
)
