"""What the ladder of a due date brings: reminders, the breach, silence, urges and orders.

`department` names a participating department whose own duty it is about; it is absent for the lead department.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from domain.events.event import ProjectEvent, whose
from domain.frozen import added_later
from domain.ids import DepartmentId, MilestoneId
from domain.names import Addressee
from domain.papers.draft import about, chinese_date, date_or_open, paper, sentence
from domain.papers.paper import LEVEL_WORDS, NOT_SENT_WORDS, PAPER_TITLES, NotSentReason, Paper, PaperKind
from domain.rules.ladder_rules import Level
from domain.rungs.ladder import BREACH, URGE, order_rung, pace_mark, period_number, planned_day, reminder_rung
from domain.state import Breach, MilestoneState, PartState, ProjectState, Undecided
from domain.state.change import Change, decided_by_hand, duty_change, limit_taken, milestone_change


class ReminderIssued(ProjectEvent):
    """A department was reminded, neutrally, that a milestone will be due."""

    type: Literal["ReminderIssued"] = "ReminderIssued"
    milestone_id: MilestoneId
    due_on: date
    working_days_before: int
    round: int
    department: DepartmentId | None = added_later()

    def change(self, state: ProjectState) -> Change:
        return _sent(state, self, reminder_rung(self.working_days_before))

    def paper(self, state: ProjectState) -> Paper | None:
        ask = "请按分工推进并及时反馈" if self.department else "请按进度推进并及时反馈"
        when = f"将于{chinese_date(self.due_on)}到期（{_time_left(state, self)}）"
        text = f"{about(state, self.milestone_id)}{when}，{ask}。"
        return paper(state, self, "reminder", self.department or state.lead, text, due_on=self.due_on)

    def words(self) -> str:
        return f"{whose(self.department)}提醒：{self.due_on}到期，还有{self.working_days_before}个工作日"


class NoticeNotSent(ProjectEvent):
    """A paper that a rule foresaw did not go out, for this reason."""

    type: Literal["NoticeNotSent"] = "NoticeNotSent"
    milestone_id: MilestoneId
    kind: PaperKind
    rung: str
    round: int
    reason: NotSentReason
    department: DepartmentId | None = added_later()

    def change(self, state: ProjectState) -> Change:
        if (percent := pace_mark(self.rung)) is not None:
            milestone = state.milestones.get(self.milestone_id)
            warned = milestone.pace_warned if milestone else ()
            return milestone_change(state, self.milestone_id, pace_warned=(*warned, percent))
        return _taken(state, self.milestone_id, self.department, self.rung)

    def words(self) -> str:
        return f"{whose(self.department)}{PAPER_TITLES[self.kind]}未发：{NOT_SENT_WORDS[self.reason]}"


class RungSkipped(ProjectEvent):
    """Something that time brings could not be decided, for this problem: it counts as taken, and the project goes on.

    It belongs to a milestone's ladder (or a participating `department`'s), to that of a matter (`limit_id`), or to the
    whole project.
    """

    type: Literal["RungSkipped"] = "RungSkipped"
    milestone_id: MilestoneId | None
    rung: str
    kind: str
    problem: str
    department: DepartmentId | None = added_later()
    limit_id: str | None = added_later()

    def change(self, state: ProjectState) -> Change:
        """A rung that could not be decided is taken, and kept as what a person must look at."""
        milestone = state.milestones.get(self.milestone_id or "")
        part = milestone.parts.get(self.department or "") if milestone else None
        duty = part or milestone
        kept = Undecided(
            milestone_id=self.milestone_id,
            kind=self.kind,
            rung=self.rung,
            problem=self.problem,
            since=self.decided_at,
            round=duty.round if duty else 0,
            department=self.department,
            limit_id=self.limit_id,
        )
        return {**self._taken(state), "undecided": (*state.undecided, kept)}

    def _taken(self, state: ProjectState) -> Change:  # noqa: PLR0911 - one exit for each kind
        """A rung that could not be decided is taken, wherever its kind keeps that."""
        milestone = state.milestones.get(self.milestone_id or "")
        match self.kind:
            case "limit_reminder" | "limit_passed" | "limit_order":
                return limit_taken(state, self.limit_id or "", self.rung)
            case "planned_inspection":
                on = planned_day(self.rung)
                return {"planned_inspections_taken": (*state.planned_inspections_taken, on)} if on else {}
            case "resumption":
                # The suspension goes on without a term: a person ends it.
                pause = state.suspension if self.milestone_id is None else milestone.suspension if milestone else None
                if pause is None:
                    return {}
                endless = pause.having(until=None)
                if self.milestone_id is None:
                    return {"suspension": endless}
                return milestone_change(state, self.milestone_id, suspension=endless)
            case "period":
                missed = milestone.periods_missed if milestone else ()
                number = period_number(self.rung)
                return milestone_change(state, self.milestone_id, periods_missed=(*missed, number)) if number else {}
            case "pace":
                warned = milestone.pace_warned if milestone else ()
                percent = pace_mark(self.rung)
                return milestone_change(state, self.milestone_id, pace_warned=(*warned, percent)) if percent else {}
            case _:
                return _taken(state, self.milestone_id or "", self.department, self.rung)

    def words(self) -> str:
        return f"{whose(self.department)}到期事项 {self.rung} 无法推算，跳过不办：{self.problem}"


class DeadlineBreached(ProjectEvent):
    """A due date passed without a completion request. It stays in the record whatever follows."""

    type: Literal["DeadlineBreached"] = "DeadlineBreached"
    milestone_id: MilestoneId
    due_on: date
    round: int
    department: DepartmentId | None = added_later()

    def change(self, state: ProjectState) -> Change:
        milestone = state.milestones.get(self.milestone_id)
        if milestone is None or (self.department is not None and self.department not in milestone.parts):
            return {}
        duty = state.duty_of(self.milestone_id, self.department)
        breach = Breach(due_on=self.due_on, round=self.round, recorded_at=self.decided_at)
        return duty_change(
            state,
            self.milestone_id,
            self.department,
            taken=(*duty.taken, BREACH),
            breaches=(*duty.breaches, breach),
        )

    def words(self) -> str:
        return f"{whose(self.department)}违期：{self.due_on}到期" + (
            "未完成参与部分" if self.department else "未申请办结"
        )


class NoReportReceived(ProjectEvent):
    """A due date passed and the department had reported nothing at all: silence, which is not a refusal."""

    type: Literal["NoReportReceived"] = "NoReportReceived"
    milestone_id: MilestoneId
    due_on: date
    department: DepartmentId | None = added_later()

    def words(self) -> str:
        return f"{whose(self.department)}到期无反馈（{self.due_on}）"


class UrgeIssued(ProjectEvent):
    """A department was urged by document: by the ladder, or by an operator who gives a reason.

    `due_on` is absent where an operator urges for a milestone whose date waits for a ruling.
    """

    type: Literal["UrgeIssued"] = "UrgeIssued"
    milestone_id: MilestoneId
    due_on: date | None
    round: int
    reason: str | None = None
    department: DepartmentId | None = added_later()

    def change(self, state: ProjectState) -> Change:
        # By hand it takes no rung: the ladder's own urge is still to come.
        if self.reason is None:
            return _sent(state, self, URGE)
        answered = decided_by_hand(
            state,
            lambda each: (
                each.limit_id is None and (each.milestone_id, each.department) == (self.milestone_id, self.department)
            ),
        )
        return {**_sent(state, self, None), **answered}

    def paper(self, state: ProjectState) -> Paper | None:
        to = self.department or state.lead
        if self.reason is not None:
            due = date_or_open(self.due_on)
            text = f"{about(state, self.milestone_id)}（时限{due}），现予催办：{sentence(self.reason)}"
            return paper(state, self, "urge", to, text, due_on=self.due_on)
        assert isinstance(self.due_on, date)
        if self.department is not None:
            missing = "至今未收到贵单位参与部分的完成情况"
        else:
            missing = "至今未重新申请办结" if state.milestones[self.milestone_id].rework else "至今未收到办结申请"
        text = (
            f"{about(state, self.milestone_id)}应于{chinese_date(self.due_on)}前完成，{missing}。现予催办，"
            "请立即办理并反馈原因和预计完成时间。"
        )
        return paper(state, self, "urge", to, text, due_on=self.due_on)

    def words(self) -> str:
        return f"{whose(self.department)}催办" + (f"：{self.reason}" if self.reason else f"（{self.due_on}到期）")


class EscalationOrderIssued(ProjectEvent):
    """An order of this level went to a superior, because the milestone stayed late."""

    type: Literal["EscalationOrderIssued"] = "EscalationOrderIssued"
    milestone_id: MilestoneId
    due_on: date
    round: int
    level: Level
    to: Addressee
    department: DepartmentId | None = added_later()

    def change(self, state: ProjectState) -> Change:
        return _taken(state, self.milestone_id, self.department, order_rung(self.level), self._told())

    def _told(self) -> str:
        return f"{chinese_date(self.decided_at.date())}发{LEVEL_WORDS[self.level]}督办单至{self.to}"

    def paper(self, state: ProjectState) -> Paper | None:
        late = self.department or state.lead
        duty = _duty(state, self.milestone_id, self.department)
        before = _before(self._told(), duty.sent_before) if duty else ()
        part = "参与" if self.department else "牵头"
        text = (
            f"{late}{part}的{about(state, self.milestone_id)}应于{chinese_date(self.due_on)}前完成，"
            f"至今未办结。现发{LEVEL_WORDS[self.level]}督办单，提请{self.to}督促办理。"
        )
        return paper(
            state,
            self,
            "escalation_order",
            self.to,
            text,
            due_on=self.due_on,
            level=self.level,
            copies_to=(late,),
            before=before,
        )

    def words(self) -> str:
        return f"{whose(self.department)}{LEVEL_WORDS[self.level]}督办单，提级至{self.to}"


def _taken(
    state: ProjectState, milestone_id: str, department: DepartmentId | None, rung: str, told: str | None = None
) -> Change:
    duty = _duty(state, milestone_id, department)
    if duty is None:
        return {}
    sent_before = duty.sent_before if told is None else (*duty.sent_before, told)
    return duty_change(state, milestone_id, department, taken=(*duty.taken, rung), sent_before=sent_before)


def _before(told: str, sent: tuple[str, ...]) -> tuple[str, ...]:
    # After an engine was away several orders are one decision: each tells what went before it, not those behind it.
    return sent[: len(sent) - 1 - sent[::-1].index(told)]


def _sent(state: ProjectState, event: ReminderIssued | UrgeIssued, rung: str | None) -> Change:
    duty = _duty(state, event.milestone_id, event.department)
    if duty is None:
        return {}
    taken = duty.taken if rung is None else (*duty.taken, rung)
    urged = (f"{chinese_date(event.decided_at.date())}催办",) if isinstance(event, UrgeIssued) else ()
    return duty_change(
        state,
        event.milestone_id,
        event.department,
        taken=taken,
        last_reminder=event.seq,
        sent_before=(*duty.sent_before, *urged),
    )


def _duty(state: ProjectState, milestone_id: str, department: DepartmentId | None) -> MilestoneState | PartState | None:
    milestone = state.milestones.get(milestone_id)
    return milestone if milestone is None or department is None else milestone.parts.get(department)


def _time_left(state: ProjectState, event: ReminderIssued) -> str:
    # Counted from the day on which the reminder was really issued: an engine that was away issues it late.
    one_day = timedelta(days=1)
    left = state.calendar.working_days_between(event.decided_at.date() - one_day, event.due_on - one_day)
    return f"还有{left}个工作日" if left else "今天是最后一天"


LadderEvent = (
    ReminderIssued
    | NoticeNotSent
    | RungSkipped
    | DeadlineBreached
    | NoReportReceived
    | UrgeIssued
    | EscalationOrderIssued
)
