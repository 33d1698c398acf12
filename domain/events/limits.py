"""The limits that run beside the due dates, for departments and for the supervision section alike: one mechanism.

A limit is set by what opens a matter (an assignment to sign for, a completion to review, an extension to rule on) and
ended by what answers it. In between it reminds, passes and climbs to a superior, as the due dates do.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events.event import ProjectEvent
from domain.ids import DepartmentId, MilestoneId
from domain.names import Addressee
from domain.papers.draft import about, chinese_date, paper
from domain.papers.paper import NOT_SENT_WORDS, NotSentReason, Paper
from domain.rules.life_cycle import LimitKind
from domain.rungs.limits import LIMIT_PASSED, LIMIT_WORDS, escalation_rung, limit_id, reminder_of_limit
from domain.state import Limit, ProjectState
from domain.state.change import Change, limit_taken


class LimitSet(ProjectEvent):
    """Somebody has until the end of `due_on` to answer a matter: a department, or the supervision section itself.

    `working_days` is the limit that was counted by the calendar; it is absent where a person set the date. `about`
    names the department whose matter the supervision section must answer, where there can be several.
    """

    type: Literal["LimitSet"] = "LimitSet"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    due_on: date
    working_days: int | None
    about: DepartmentId | None

    def change(self, state: ProjectState) -> Change:
        limit = Limit(
            limit_id=self.limit_id,
            kind=self.kind,
            milestone_id=self.milestone_id,
            owner=self.owner,
            set_on=self.decided_at.date(),
            due_on=self.due_on,
            working_days=self.working_days,
            about=self.about,
            stopped_on=self.decided_at.date() if state.suspended(self.milestone_id) else None,
        )
        return {"limits": {**state.limits, limit.limit_id: limit}}

    def paper(self, state: ProjectState) -> Paper | None:
        # A department hears of its matter by the paper that brings it; the supervision section by this one.
        if self.owner != state.policy.life_cycle.supervision_section:
            return None
        text = f"待办：{about(state, self.milestone_id)}的{LIMIT_WORDS[self.kind]}，时限{chinese_date(self.due_on)}。"
        return paper(state, self, "status_notice", self.owner, text, due_on=self.due_on)

    def words(self) -> str:
        return f"{LIMIT_WORDS[self.kind]}时限：{self.owner}，{self.due_on}前"


class LimitReminderIssued(ProjectEvent):
    """The one who must answer a matter was reminded, neutrally, that its limit runs out."""

    type: Literal["LimitReminderIssued"] = "LimitReminderIssued"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    to: Addressee
    due_on: date
    working_days_before: int

    def change(self, state: ProjectState) -> Change:
        return limit_taken(state, self.limit_id, reminder_of_limit(self.working_days_before))

    def paper(self, state: ProjectState) -> Paper | None:
        limit = f"{LIMIT_WORDS[self.kind]}时限为{chinese_date(self.due_on)}"
        text = f"{about(state, self.milestone_id)}的{limit}，请按时办理。"
        return paper(state, self, "limit_reminder", self.to, text, due_on=self.due_on)

    def words(self) -> str:
        return f"提醒{self.to}：{LIMIT_WORDS[self.kind]}时限{self.due_on}"


class LimitPassed(ProjectEvent):
    """A limit ran out and the matter was not answered. It stays in the record whatever follows."""

    type: Literal["LimitPassed"] = "LimitPassed"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    due_on: date

    def change(self, state: ProjectState) -> Change:
        return limit_taken(state, self.limit_id, LIMIT_PASSED)

    def words(self) -> str:
        return f"{self.owner}超时：{LIMIT_WORDS[self.kind]}时限{self.due_on}"


class LimitEscalated(ProjectEvent):
    """A matter that stayed unanswered was brought to a superior of the one who must answer it."""

    type: Literal["LimitEscalated"] = "LimitEscalated"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    to: Addressee
    due_on: date
    after_working_days: int

    def change(self, state: ProjectState) -> Change:
        return limit_taken(state, self.limit_id, escalation_rung(self.after_working_days))

    def paper(self, state: ProjectState) -> Paper | None:
        what = f"{about(state, self.milestone_id)}的{LIMIT_WORDS[self.kind]}"
        # Counted to the day on which it was really issued: an engine that was away issues it late.
        days = state.calendar.working_days_between(self.due_on, self.decided_at.date())
        late = f"至今未办，已超时{days}个工作日"
        text = f"{what}，{self.owner}应于{chinese_date(self.due_on)}前办理，{late}。现提请{self.to}督促办理。"
        return paper(state, self, "limit_escalation", self.to, text, due_on=self.due_on, copies_to=(self.owner,))

    def words(self) -> str:
        return f"{self.owner}：{LIMIT_WORDS[self.kind]}超时{self.after_working_days}个工作日，上报{self.to}"


class LimitEnded(ProjectEvent):
    """A matter was answered, or fell away: its limit runs no longer. `working_days_late` counts what was over it."""

    type: Literal["LimitEnded"] = "LimitEnded"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    owner: DepartmentId
    answered: bool
    working_days_late: int

    def change(self, state: ProjectState) -> Change:
        limits = {each: limit for each, limit in state.limits.items() if each != self.limit_id}
        if self.kind != "directive_answer":
            return {"limits": limits}
        # A directive that nobody has to answer any more holds nothing open: its matter is the event after its own.
        waiting = {n: each for n, each in state.directives.items() if limit_id(self.kind, n + 1) != self.limit_id}
        return {"limits": limits, "directives": waiting}

    def words(self) -> str:
        return (
            f"{LIMIT_WORDS[self.kind]}已办理" if self.answered else f"{self.owner}的{LIMIT_WORDS[self.kind]}不再需要"
        ) + (f"，超时{self.working_days_late}个工作日" if self.working_days_late else "")


class LimitNoticeNotSent(ProjectEvent):
    """A notice about a limit that a rule foresaw did not go out, for this reason."""

    type: Literal["LimitNoticeNotSent"] = "LimitNoticeNotSent"
    limit_id: str
    kind: LimitKind
    milestone_id: MilestoneId | None
    rung: str
    reason: NotSentReason

    def change(self, state: ProjectState) -> Change:
        return limit_taken(state, self.limit_id, self.rung)

    def words(self) -> str:
        return f"{LIMIT_WORDS[self.kind]}的提醒或上报未发：{NOT_SENT_WORDS[self.reason]}"


LimitEvent = LimitSet | LimitReminderIssued | LimitPassed | LimitEscalated | LimitEnded | LimitNoticeNotSent
