"""What departments say of their work: progress, completion, a part delivered; and a period without a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from domain.events.event import ProjectEvent, noted
from domain.frozen import added_later
from domain.ids import DepartmentId, MilestoneId
from domain.papers.draft import about, chinese_date, paper
from domain.papers.paper import Overtaken, Paper
from domain.state import ProjectState
from domain.state.change import Change, milestone_change, part_change

_JUST_ASKED = "申请办结"
"""What stands as the text where nothing but completion was asked for."""


class ProgressReported(ProjectEvent):
    """A department reported progress. `quantity` is the total delivered so far where the milestone has a quota.

    `forecast_on` is the date that the department itself expects, `period` the reporting period that it reports for,
    `corrects` the total reported before that `quantity` corrects downwards.
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
    corrects: int | None = added_later()

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        part = before.parts.get(self.department)
        if part is not None and self.department != state.lead:
            return part_change(
                state,
                self.milestone_id,
                self.department,
                stage="in_progress" if part.stage == "assigned" else part.stage,
                reports=part.reports + 1,
                last_reported_at=self.decided_at,
            )
        periods = before.periods_reported
        if self.period is not None and self.period not in periods:
            periods = (*periods, self.period)
        return milestone_change(
            state,
            self.milestone_id,
            stage="in_progress" if before.stage == "assigned" else before.stage,
            reports=before.reports + 1,
            last_reported_at=self.decided_at,
            quantity=before.quantity if self.quantity is None else self.quantity,
            forecast_due_on=self.forecast_on or before.forecast_due_on,
            periods_reported=periods,
        )

    def words(self) -> str:
        return (
            "反馈进展"
            + (f"（第{self.period}期）" if self.period else "")
            + (f"，累计{self.quantity}" if self.quantity is not None else "")
            + (f"，更正此前的{self.corrects}" if self.corrects is not None else "")
            + (f"，预计{self.forecast_on}完成" if self.forecast_on else "")
            + f"：{self.text}"
        )


class CompletionRequested(ProjectEvent):
    """A department says that a milestone is done, when it was done, and shows evidence."""

    type: Literal["CompletionRequested"] = "CompletionRequested"
    milestone_id: MilestoneId
    department: DepartmentId
    done_on: date
    text: str
    quantity: int | None
    evidence: tuple[str, ...]

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        return milestone_change(
            state,
            self.milestone_id,
            stage="completion_requested",
            reports=before.reports + 1,
            last_reported_at=self.decided_at,
            quantity=before.quantity if self.quantity is None else self.quantity,
            done_on=self.done_on,
            requested_at=self.decided_at,
            asked_by=None,
        )

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", None

    def words(self) -> str:
        return noted(f"申请办结（完成于{self.done_on}）", _said(self.text))


class PartDelivered(ProjectEvent):
    """A participating department says that its part of a milestone is done; its own duty ends with it."""

    type: Literal["PartDelivered"] = "PartDelivered"
    milestone_id: MilestoneId
    department: DepartmentId
    done_on: date
    text: str
    evidence: tuple[str, ...]

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        part = before.parts.get(self.department) if before else None
        if part is None:
            return {}
        return part_change(
            state,
            self.milestone_id,
            self.department,
            stage="delivered",
            reports=part.reports + 1,
            last_reported_at=self.decided_at,
            done_on=self.done_on,
        )

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        yield self.milestone_id, "settled_before_sending", self.department

    def words(self) -> str:
        return noted(f"{self.department}完成参与部分（完成于{self.done_on}）", _said(self.text))


class ReportPeriodMissed(ProjectEvent):
    """A period ended for which a report was due and none came. A later report catches it up and does not undo it."""

    type: Literal["ReportPeriodMissed"] = "ReportPeriodMissed"
    milestone_id: MilestoneId
    period: int
    periods: int
    ended_on: date

    def change(self, state: ProjectState) -> Change:
        milestone = state.milestones.get(self.milestone_id)
        missed = milestone.periods_missed if milestone else ()
        return milestone_change(state, self.milestone_id, periods_missed=(*missed, self.period))

    def paper(self, state: ProjectState) -> Paper | None:
        text = (
            f"{about(state, self.milestone_id)}第{self.period}期（共{self.periods}期）"
            f"已于{chinese_date(self.ended_on)}结束，未收到反馈，请尽快补报。"
        )
        return paper(state, self, "status_notice", state.lead, text, due_on=self.ended_on)

    def words(self) -> str:
        return f"第{self.period}期（共{self.periods}期）到{self.ended_on}未反馈"


class PaceWarningIssued(ProjectEvent):
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

    def change(self, state: ProjectState) -> Change:
        milestone = state.milestones.get(self.milestone_id)
        warned = milestone.pace_warned if milestone else ()
        return milestone_change(state, self.milestone_id, pace_warned=(*warned, self.percent))

    def paper(self, state: ProjectState) -> Paper | None:
        text = (
            f"{about(state, self.milestone_id)}按时序进度应完成{self.scheduled}{self.unit}"
            f"（全部{self.target}{self.unit}），现累计{self.quantity}{self.unit}，进度偏慢；"
            f"时限{chinese_date(self.due_on)}，请加快推进并反馈预计完成时间。"
        )
        return paper(state, self, "pace_warning", state.lead, text, due_on=self.due_on)

    def words(self) -> str:
        return (
            f"进度预警：应完成{self.scheduled}{self.unit}，累计{self.quantity}{self.unit}（共{self.target}{self.unit}）"
        )


ReportingEvent = ProgressReported | CompletionRequested | PartDelivered | ReportPeriodMissed | PaceWarningIssued


def _said(text: str) -> str | None:
    return None if text == _JUST_ASKED else text
