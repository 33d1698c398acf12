"""The clock that stops, while the supervising side must answer or work is suspended; and notices that are silenced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from domain.events.event import ProjectEvent, whose
from domain.frozen import added_later
from domain.ids import DepartmentId, MilestoneId
from domain.papers.draft import (
    about,
    chinese_date,
    date_or_open,
    day_of,
    due_in_force,
    in_place_of_a_date,
    inside,
    named,
    sentence,
    standing_days,
    to_all,
)
from domain.papers.paper import NotSentReason, Overtaken, Paper
from domain.rungs.going_on import limits_gone_on, with_clock_gone_on
from domain.state import OPEN_STAGES, Pause, ProjectState, Silence
from domain.state.change import Change, milestone_change, part_change, with_milestone
from domain.state.last_words import Fact

StopReason = Literal[
    "completion_review",  # a completion waits for its review
    "extension",  # an extension waits for its review and its ruling
    "declined_assignment",  # the assigning side has not ruled on a declined assignment
    "dispute",  # the assigning side has not decided a dispute
    "suspension",  # the milestone or the whole project is suspended
]
STOP_WORDS: dict[str, str] = {
    "completion_review": "办结待审核",
    "extension": "延期待批复",
    "declined_assignment": "退回交办待处理",
    "dispute": "争议待裁定",
    "suspension": "中止",
}
"""Why a clock stands still, as people call it."""
_OVERTAKEN: dict[StopReason, NotSentReason] = {
    "extension": "clock_stopped",
    "declined_assignment": "clock_stopped",
    "dispute": "clock_stopped",
    "suspension": "suspended",
}
"""Why what waits for the morning is not sent; a request of completion overtakes it by itself."""


class ClockStopped(ProjectEvent):
    """A milestone's clock stopped, of one department or (where none is named) of all: no lateness is counted."""

    type: Literal["ClockStopped"] = "ClockStopped"
    milestone_id: MilestoneId
    department: DepartmentId | None
    because: StopReason

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        today = self.decided_at.date()
        if self.department is None:
            stops = {**before.stops, self.because: today}
            return milestone_change(state, self.milestone_id, stops=stops, stopped_on=before.stopped_on or today)
        part = before.parts.get(self.department)
        if part is None:
            return {}
        return part_change(state, self.milestone_id, self.department, stops={**part.stops, self.because: today})

    def overtakes(self, state: ProjectState) -> Iterator[Overtaken]:
        if self.because in _OVERTAKEN:
            yield self.milestone_id, _OVERTAKEN[self.because], self.department

    def words(self) -> str:
        return f"{whose(self.department)}计时停止（{STOP_WORDS[self.because]}）"


class ClockResumed(ProjectEvent):
    """One reason for which a milestone's clock stood still fell away.

    `answer_by` is the date that holds from now on: the one before, later by the working days that are excused. Where
    another reason still stops the clock, no days are excused yet. `not_before` is the first working day on which it
    goes on, where a day of the milestone would else be over before.
    """

    type: Literal["ClockResumed"] = "ClockResumed"
    milestone_id: MilestoneId
    department: DepartmentId | None
    because: StopReason
    working_days_excused: int
    answer_by: date | None
    not_before: date | None = added_later()

    def change(self, state: ProjectState) -> Change:
        before = state.milestones.get(self.milestone_id)
        if before is None:
            return {}
        if self.department is not None:
            part = before.parts.get(self.department)
            if part is None:
                return {}
            stops = {because: since for because, since in part.stops.items() if because != self.because}
            return part_change(state, self.milestone_id, self.department, stops=stops, answer_by=self.answer_by)
        stops = {because: since for because, since in before.stops.items() if because != self.because}
        if stops:
            return milestone_change(state, self.milestone_id, stops=stops)
        after = with_clock_gone_on(state, before, self.working_days_excused, self.not_before)
        return with_milestone(state, after.having(answer_by=self.answer_by))

    def words(self) -> str:
        due = f"，时限{self.answer_by}" if self.answer_by else ""
        if self.answer_by is not None and self.answer_by == self.not_before:
            due = f"，时限{self.answer_by}（恢复后首个工作日）"
        said = f"计时恢复（{STOP_WORDS[self.because]}），扣除{self.working_days_excused}个工作日"
        return f"{whose(self.department)}{said}{due}"


class Suspended(ProjectEvent):
    """A milestone, or the whole project where none is named, was suspended: by whom, why, until when.

    `until` is the last suspended day; it is absent where a person will resume.
    """

    type: Literal["Suspended"] = "Suspended"
    milestone_id: MilestoneId | None
    reason: str
    until: date | None

    def decides(self) -> Iterable[Fact]:
        return (Fact("suspension", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        by, today = self.on_behalf_of or self.actor, self.decided_at.date()
        pause = Pause(since=today, until=self.until, by=by, reason=self.reason)
        changed: Change = {"suspension": pause}
        if self.milestone_id is not None:
            changed = milestone_change(state, self.milestone_id, suspension=pause)
        changed["limits"] = {
            limit_id: limit.having(stopped_on=limit.stopped_on or today)
            if self.milestone_id in (None, limit.milestone_id)
            else limit
            for limit_id, limit in state.limits.items()
        }
        return changed

    def paper(self, state: ProjectState) -> Paper | None:
        until = f"至{chinese_date(self.until)}" if self.until else "，恢复时间另行通知"
        since = f"自{chinese_date(self.decided_at.date())}起中止{until}"
        text = f"{about(state, self.milestone_id)}{since}：{sentence(self.reason)}中止期间不计逾期。"
        return to_all(state, self, text)

    def words(self) -> str:
        return f"中止{f'至{self.until}' if self.until else ''}：{self.reason}"


class Resumed(ProjectEvent):
    """A suspension ended, by a person or on its day; limits that stood still go on after so many working days.

    `not_before` is the first working day on which they go on, where one would else be over before.
    """

    type: Literal["Resumed"] = "Resumed"
    milestone_id: MilestoneId | None
    reason: str
    working_days: int
    not_before: date | None = added_later()

    def decides(self) -> Iterable[Fact]:
        return (Fact("suspension", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        if self.milestone_id is not None and self.milestone_id not in state.milestones:
            return {}
        changed: Change = {"suspension": None}
        end, pause = state.before_the_end, state.suspension
        if self.milestone_id is not None:
            changed = milestone_change(state, self.milestone_id, suspension=None)
        elif end is not None and pause is not None and pause == end.suspension:
            # What the end closed stood still as well: reopened, it goes on after the same day.
            last = min(pause.until or date.max, self.decided_at.date())
            changed["before_the_end"] = end.having(suspension=pause.having(until=last))
        changed["limits"] = limits_gone_on(state, self.milestone_id, self.working_days, self.not_before)
        return changed

    def paper(self, state: ProjectState) -> Paper | None:
        dates = "；".join(
            f"{named(state, milestone_id)}，{in_place_of_a_date(state, milestone_id) or _days_of(state, milestone_id)}"
            for milestone_id, milestone in state.milestones.items()
            if self.milestone_id in (None, milestone_id) and milestone.stage in OPEN_STAGES
        )
        # How far each date moves is its own: its clock may have stopped before, or stand still for another reason.
        lasted = f"，中止共{self.working_days}个工作日，不计入办理时间" if self.working_days else ""
        now = f"现时限：{dates}。" if dates else ""
        return to_all(state, self, f"{about(state, self.milestone_id)}恢复办理（{inside(self.reason)}）{lasted}。{now}")

    def words(self) -> str:
        return f"恢复：{self.reason}（中止{self.working_days}个工作日）"


class NoticesSilenced(ProjectEvent):
    """Notices about a milestone, or the whole project, are not sent up to and with `until`; lateness counts on."""

    type: Literal["NoticesSilenced"] = "NoticesSilenced"
    milestone_id: MilestoneId | None
    reason: str
    until: date

    def decides(self) -> Iterable[Fact]:
        return (Fact("silence", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        silence = Silence(until=self.until, by=self.on_behalf_of or self.actor, reason=self.reason)
        return _silence(state, self.milestone_id, silence)

    def words(self) -> str:
        return f"停发通知至{self.until}：{self.reason}"


class SilenceEnded(ProjectEvent):
    """Notices are sent again before the silence would have ended by itself."""

    type: Literal["SilenceEnded"] = "SilenceEnded"
    milestone_id: MilestoneId | None
    reason: str

    def decides(self) -> Iterable[Fact]:
        return (Fact("silence", self.milestone_id),)

    def change(self, state: ProjectState) -> Change:
        return _silence(state, self.milestone_id, None)

    def words(self) -> str:
        return f"恢复发送通知：{self.reason}"


def _days_of(state: ProjectState, milestone_id: MilestoneId) -> str:
    """The day of a milestone, and those of the participants that have another one."""
    of_all = due_in_force(state, milestone_id)
    others = [
        day_of(state, milestone_id, department, day)
        for department, day in standing_days(state, milestone_id)
        if department != state.lead and day != of_all
    ]
    return "；".join((date_or_open(of_all), *others))


def _silence(state: ProjectState, milestone_id: MilestoneId | None, silence: Silence | None) -> Change:
    if milestone_id is None:
        return {"silence": silence}
    return milestone_change(state, milestone_id, silence=silence)


PausingEvent = ClockStopped | ClockResumed | Suspended | Resumed | NoticesSilenced | SilenceEnded
