"""The points of one project in a period: each of them follows from one event, by one rule.

Nothing counts how often somebody reported, signed in or wrote: an event that the department itself can repeat brings a
point only once its work was accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from domain import events as e
from domain.clock import office_day
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId, event_id_for, supervision_workflow_id
from domain.project import Milestone
from domain.rules.score_rules import ScoreRules
from domain.scoring.due_days import DueDays
from domain.scoring.lateness import Lateness, Undone
from domain.scoring.period import Period
from domain.scoring.roles import HeldRoles, Role

PointRule = Literal[
    "early",
    "evidenced",
    "praised",
    "breach",
    "breach_days",
    "missing_report",
    "late_receipt",
    "returned",
    "criticised",
    "falsified",
]
RULE_WORDS: dict[PointRule, str] = {
    "early": "提前完成",
    "evidenced": "佐证齐全",
    "praised": "通报表扬",
    "breach": "违期",
    "breach_days": "违期天数",
    "missing_report": "缺报",
    "late_receipt": "逾期签收",
    "returned": "退办",
    "criticised": "通报批评",
    "falsified": "弄虚作假",
}
ADDED: frozenset[PointRule] = frozenset({"early", "evidenced", "praised"})


class ScorePoint(Frozen):
    """Points that one event brought a department by one rule; `days` where the rule counts days.

    `corrected` are the points that hold instead, where an appeal or a correction has said so.
    """

    department: DepartmentId
    project_id: ProjectId
    milestone_id: MilestoneId | None
    rule: PointRule
    points: int
    event_id: str
    on: date
    days: int | None = None
    corrected: int | None = None

    @property
    def key(self) -> str:
        """By what an appeal names it."""
        return f"{self.event_id}/{self.rule}"

    @property
    def holds(self) -> int:
        """The points that count."""
        return self.points if self.corrected is None else self.corrected


@dataclass
class ProjectAccount:
    """What the events of a project have said so far: who leads and takes part, what is late, what stood still."""

    stream: str = ""
    project_id: ProjectId = ""
    lead: DepartmentId = ""
    roles: HeldRoles = field(default_factory=HeldRoles)
    due_days: DueDays = field(default_factory=DueDays)
    due: dict[MilestoneId, date | None] = field(default_factory=dict)
    at_an_end: bool = False
    late: list[Lateness] = field(default_factory=list)
    stood_still: list[tuple[MilestoneId, DepartmentId | None, str, date, date]] = field(default_factory=list)
    requests: dict[MilestoneId, e.CompletionRequested] = field(default_factory=dict)
    delivered: dict[tuple[MilestoneId, DepartmentId], e.PartDelivered] = field(default_factory=dict)
    """The parts whose milestone was not accepted yet."""
    rectified: dict[MilestoneId, DepartmentId] = field(default_factory=dict)
    """Who reported last that what an inspection found is put right."""
    found: list[tuple[DepartmentId, MilestoneId | None, PointRule, e.Event, date, int | None]] = field(
        default_factory=list
    )

    def take(self, event: e.DomainEvent) -> None:
        """Take the next event: on the day that it is about, however late an engine that was away decided it."""
        on = office_day(event.occurred_at)
        self.due_days.take(event, on)
        self._take_duties(event, on)
        self._take_ends(event, on)
        self._take_work(event, on)
        self._take_faults(event, on)

    def _take_duties(self, event: e.DomainEvent, on: date) -> None:
        match event:
            case e.ProjectDocketed():
                self._begin(event, on)
            case e.LeadReassigned():
                self.roles.end(event.before, "lead", on)
                self.lead = event.after
                self.roles.end(event.after, "participant", on)
                self._release(event.after, None, on)
                self.roles.begin(event.after, "lead", on)
            case e.ParticipantReplaced():
                self._replace(event, on)
            case e.ProjectAmended():
                self._amend(event, on)
            case e.MilestoneAdded(milestone=milestone):
                self._add(milestone, self.roles.listed_now(), on)
            case e.MilestoneAmended(before=before, after=after):
                if after.due_on != before.due_on:  # other words make nothing that is late or over less so
                    self.due[event.milestone_id] = after.due_on
                    self._answered(event.milestone_id, on)
            case e.ClockStopped() if event.because != "completion_review":  # what was answered is not late any more
                self.stood_still.append((event.milestone_id, event.department, event.because, on, date.max))
            case e.YearClosed() | e.ProjectReopened():
                self.at_an_end = isinstance(event, e.YearClosed)
            case e.ClockResumed() if not self.at_an_end:  # taken back, the end has let no clock go on
                self._resumed(event, on)
            case _:
                pass

    def _take_ends(self, event: e.DomainEvent, on: date) -> None:
        match event:
            case e.DeadlineExtended() | e.GraceGranted() | e.DutyHandedOver() | e.MilestoneWithdrawn():
                # A new lead gets a date of its own; those of the participants stay.
                self._answered(event.milestone_id, on, lead_alone=isinstance(event, e.DutyHandedOver))
            case e.MilestoneCarriedOver() | e.MilestoneEnded():
                self._answered(event.milestone_id, on, by="the end")
            case e.ProjectWithdrawn() | e.ProjectArchived():
                for late in self.late:
                    self._answered(late.event.milestone_id, on, by="the end")
            case e.MilestoneReturnedForRework():
                # The lead gets a date of its own for the rework; those of the others stay.
                for late in self.late:
                    if late.is_part and late.event.milestone_id == event.milestone_id:
                        late.is_answered_no_more("a request", on)
            case e.ProjectReopened():
                for late in self.late:
                    late.is_answered_no_more("the end", on)
            case _:
                pass

    def _take_work(self, event: e.DomainEvent, on: date) -> None:
        match event:
            case e.CompletionRequested():
                self.requests[event.milestone_id] = event
                self._answered(event.milestone_id, on, by="a request")
            case e.PartDelivered(department=name):
                self._answered(event.milestone_id, on, name)
                self.delivered[event.milestone_id, name] = event
            case e.RectificationReported():
                self.rectified[event.milestone_id] = event.department
            case e.MilestoneCompleted():
                # Who asked for it has done it, though another leads since; a part is reviewed with its whole.
                request = self.requests.get(event.milestone_id)
                self._accepted(request.department if request else self.lead, event, request, on)
                for part in [each for each in self.delivered.values() if each.milestone_id == event.milestone_id]:
                    self._accepted(part.department, part, part, on)
                    del self.delivered[part.milestone_id, part.department]
            case e.BulletinPublished(kind=kind, department=name):
                self._note(name, event.milestone_id, "praised" if kind == "praise" else "criticised", event, on)
            case _:
                pass

    def _take_faults(self, event: e.DomainEvent, on: date) -> None:
        match event:
            case e.DeadlineBreached():
                name = event.department or self.lead
                self.late.append(Lateness(event, name, event.department is not None))
                self._note(name, event.milestone_id, "breach", event, event.due_on)
            case e.MilestoneReturnedForRework():
                request = self.requests.get(event.milestone_id)
                self._note(request.department if request else self.lead, event.milestone_id, "returned", event, on)
            case e.RectificationReturned():
                name = self.rectified.get(event.milestone_id, self.lead)
                self._note(name, event.milestone_id, "returned", event, on)
            case e.ReportPeriodMissed(ended_on=ended_on):
                self._note(self.lead, event.milestone_id, "missing_report", event, ended_on)
            case e.LimitPassed(kind="receipt", owner=owner, due_on=due_on):
                self._note(owner, event.milestone_id, "late_receipt", event, due_on)
            case _:
                pass

    def _begin(self, event: e.ProjectDocketed, on: date) -> None:
        project = event.project
        self.project_id, self.lead = project.project_id, project.lead_department
        self.stream = supervision_workflow_id(project.project_id)
        self.roles.begin(self.lead, "lead", on)
        for name in project.participating_departments:
            self.roles.begin(name, "participant", on)
        for each in project.milestones:
            self._add(each, project.participating_departments, on)

    def _add(self, milestone: Milestone, participants: Iterable[DepartmentId], on: date) -> None:
        self.due[milestone.milestone_id] = _due_on(milestone)
        for name in participants:
            if name not in (milestone.without or ()):
                self.roles.begin(name, "participant", on, (milestone.milestone_id,))

    def _replace(self, event: e.ParticipantReplaced, on: date) -> None:
        parts = [each for each in self.roles.parts_now(event.before) if event.milestone_id in (None, each)]
        self.roles.end(event.before, "participant", on, event.milestone_id)
        if event.after is not None:
            self.roles.begin(event.after, "participant", on, (None, *parts))
        self._release(event.before, event.milestone_id, on)

    def _release(self, department: DepartmentId, milestone_id: MilestoneId | None, on: date) -> None:
        """A part that a department was released from is late no more, and what stopped its clock is over that day."""
        self.stood_still = [
            (*each[:4], on + timedelta(days=1) if ends else each[4])
            for each in self.stood_still
            for ends in [each[1] == department and milestone_id in (None, each[0]) and each[4] == date.max]
        ]
        for late in self.late:
            if late.is_part and late.department == department and milestone_id in (None, late.event.milestone_id):
                late.answer(on)

    def _amend(self, event: e.ProjectAmended, on: date) -> None:
        before, after = (dict.fromkeys(text.participating_departments) for text in (event.before, event.after))
        for name in before.keys() - after.keys():
            self.roles.end(name, "participant", on)
            self._release(name, None, on)
        for name in after.keys() - before.keys():
            self.roles.begin(name, "participant", on, (None, *self.due))

    def _answered(
        self,
        milestone_id: MilestoneId,
        on: date,
        part: DepartmentId | None = None,
        by: Undone | None = None,
        *,
        lead_alone: bool = False,
    ) -> None:
        # What ends the lead's clock ends those of the participants too; a part ends its own alone.
        for late in self.late:
            if late.event.milestone_id != milestone_id or (late.is_part and lead_alone):
                continue
            if part in (None, late.department if late.is_part else None):
                late.answer(on, by)

    def _resumed(self, event: e.ClockResumed, on: date) -> None:
        key = (event.milestone_id, event.department, event.because)
        self.stood_still = [
            (*each[:4], on if each[:3] == key and each[4] == date.max else each[4]) for each in self.stood_still
        ]

    def _accepted(
        self,
        department: DepartmentId,
        event: e.MilestoneCompleted | e.PartDelivered,
        shown: e.CompletionRequested | e.PartDelivered | None,
        on: date,
    ) -> None:
        due_on = self.due.get(event.milestone_id)
        if due_on is not None and event.done_on < due_on:
            self._note(department, event.milestone_id, "early", event, on, (due_on - event.done_on).days)
        if shown is not None and shown.evidence:
            self._note(department, event.milestone_id, "evidenced", shown, on)

    def _note(
        self,
        department: DepartmentId,
        milestone_id: MilestoneId | None,
        rule: PointRule,
        event: e.Event,
        on: date,
        days: int | None = None,
    ) -> None:
        self.found.append((department, milestone_id, rule, event, on, days))

    def due_from(self, period: Period) -> dict[DepartmentId, Role]:
        """From whom something is due in a period, and as what: who leads on one of its days leads."""
        roles: dict[DepartmentId, Role] = {}
        for span, first, last in self.due_days.between(period.from_on, period.to_on):
            for name, role in self.roles.between(first, last, span.milestone_id).items():
                if role == "lead" or not span.lead_alone:
                    roles[name] = role if roles.get(name) != "lead" else "lead"
        return roles

    def points(self, rules: ScoreRules, period: Period, until: date) -> Iterator[ScorePoint]:
        """The points of a period, as far as it has gone by `until`."""
        worth: dict[PointRule, int] = {
            "early": rules.early,
            "evidenced": rules.evidenced,
            "praised": rules.praised,
            "breach": -rules.breach,
            "missing_report": -rules.missing_report,
            "late_receipt": -rules.late_receipt,
            "returned": -rules.returned,
            "criticised": -rules.criticised,
        }
        for department, milestone_id, rule, event, on, days in self.found:
            too_late = rule == "early" and (days or 0) < rules.early_days
            if period.has(on) and on <= until and worth[rule] and not too_late:
                yield self._point(department, milestone_id, rule, worth[rule], event, on, days)
        for late in self.late:
            late_days = sum(1 for _ in self._late_days(late, rules, period, until))
            if late_days and rules.breach_day:
                points, event = -min(late_days * rules.breach_day, rules.breach_days_at_most), late.event
                yield self._point(
                    late.department, event.milestone_id, "breach_days", points, event, event.due_on, late_days
                )

    def _late_days(self, late: Lateness, rules: ScoreRules, period: Period, until: date) -> Iterator[date]:
        for day in late.days(period.from_on, min(period.to_on, until)):
            if not (rules.excuse_stopped_days and self._stood_still(late, day)):
                yield day

    def _stood_still(self, late: Lateness, day: date) -> bool:
        own = (None, late.department) if late.is_part else (None,)
        return any(
            milestone_id == late.event.milestone_id and department in own and since <= day < until
            for milestone_id, department, _, since, until in self.stood_still
        )

    def _point(
        self,
        department: DepartmentId,
        milestone_id: MilestoneId | None,
        rule: PointRule,
        points: int,
        event: e.Event,
        on: date,
        days: int | None = None,
    ) -> ScorePoint:
        return ScorePoint(
            department=department,
            project_id=self.project_id,
            milestone_id=milestone_id,
            rule=rule,
            points=points,
            event_id=event_id_for(self.stream, event.seq),
            on=on,
            days=days,
        )


def _due_on(milestone: Milestone) -> date | None:
    """The day that work can be earlier than: what was over before it was assigned cannot be early."""
    return None if milestone.born_late else milestone.due_on


def account_of(events: Iterable[e.DomainEvent]) -> ProjectAccount:
    """What the events of one project say, in order."""
    account = ProjectAccount()
    for event in events:
        account.take(event)
    return account
