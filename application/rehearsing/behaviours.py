"""How departments behave in a rehearsal: what each does in the year, and when, as a script says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from application.office.starting import Year
from application.rehearsing.mixed_year import RETURNED, WAYS, Way, acts_of_the_office
from domain.actors import department, operator
from domain.acts import commands as c
from domain.errors import InputError
from domain.evolution import fold
from domain.frozen import Frozen
from domain.ids import DepartmentId, ProjectId
from domain.lists.docketing import docket
from domain.project import KeyProject, Milestone, ProjectList
from domain.rules.calendar import end_of, office_instant
from domain.rules.life_cycle import LifeCycleRules
from domain.rungs.reporting_periods import periods_of, scheduled_progress, share_day
from domain.rungs.wakeups import pending_rungs
from domain.state import ProjectState

_DELIVERING, _REPORTING, _REVIEWING = time(9, 30), time(10, 0), time(14, 0)
_RETROSPECTIVE_AFTER = 3
_SIGNING_AFTER = 1
_BEGUN_AFTER = 2
_DONE_AGAIN_AFTER = 3
_BEFORE_THE_LAST_REQUEST = timedelta(hours=1)
_TEXT = "演练"


class UnreadableBehaviourError(InputError, rule="readable_behaviour"):
    """A behaviour that no script plays."""


class Behaviour(Frozen):
    """How departments behave: all in time, all `days` calendar days after each of their dates, or never (all, or one);
    or they are done `days` calendar days before each due date, before the window began too.

    It holds for everything that a department owes: receipts, reports, its own parts and the completions that it leads.
    In a mixed year each row goes a way of its own, and the office acts as well.
    """

    kind: Literal["on-time", "early", "silent", "late", "mixed"]
    days: int = 0
    department: DepartmentId | None = None
    way: Way | None = None
    """Of one row in a mixed year."""

    def of_row(self, place: int) -> Behaviour:
        """How it is in the row at a place of the list."""
        if self.kind != "mixed":
            return self
        way = WAYS[place % len(WAYS)]
        return _OF_WAYS[way].having(way=way)

    def days_late(self, name: DepartmentId) -> int | None:
        """How many days after each of its dates a department answers; none when it never does."""
        if self.kind == "silent" and self.department in (None, name):
            return None
        return self.days if self.kind == "late" else 0

    @property
    def days_early(self) -> int:
        """How many days before each due date everybody is done."""
        return self.days if self.kind == "early" else 0


_OF_WAYS: dict[Way, Behaviour] = {
    "returned": Behaviour(kind="early", days=10),
    "asks": Behaviour(kind="late", days=20),
    "silent": Behaviour(kind="silent"),
    "urged": Behaviour(kind="on-time"),
}


def behaviour_of(text: str, listed: ProjectList) -> Behaviour:
    """The behaviour that a text names: `on-time`, `early:N`, `silent`, `late:N`, `silent:DEPARTMENT` or
    `mixed`.

    Raises:
        UnreadableBehaviourError: it names none, or a department that has no duty in this list.
    """
    if text in ("on-time", "silent", "mixed"):
        return Behaviour.model_validate({"kind": text})
    if match := re.fullmatch(r"(late|early):(\d{1,3})", text):
        return Behaviour(kind="late" if match.group(1) == "late" else "early", days=int(match.group(2)))
    names = sorted(
        {name for each in listed.projects for name in (each.lead_department, *each.participating_departments)}
    )
    if text.startswith("silent:"):
        name = text.removeprefix("silent:")
        if name in names:
            return Behaviour(kind="silent", department=name)
        raise UnreadableBehaviourError(f"“{name}”在清单中没有任务，请从这些部门中选：{'、'.join(names)}。", text=text)
    raise UnreadableBehaviourError(
        f"演练方式“{text}”无法识别：请写 on-time（都按时）、early:天数（都提前）、late:天数（都迟）、"
        "silent（都不报）、silent:部门（它不报）或 mixed（各项不同，各种文书都有）。",
        text=text,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One scripted act: a command to a project at an instant of the supervised year."""

    at: datetime
    project_id: ProjectId
    command: c.AnyCommand
    may_be_refused: bool = False
    """Whether a row's own days and stages may rule it out: the year goes on without it then."""


def script(year: Year, behaviour: Behaviour, start: datetime) -> list[Act]:
    """All acts of the year, in order of their instants."""
    acts = [
        act
        for place, project in enumerate(year.listed.projects)
        for act in _Script(year, project, behaviour.of_row(place), start).acts()
    ]
    return sorted(acts, key=lambda act: (act.at, act.project_id, act.command.request_id))


def last_instant(year: Year, start: datetime) -> datetime:
    """When nothing of the year can come due any more: after the last rung of all, were everybody silent."""
    last = start
    for project in year.listed.projects:
        state = _opened(year, project, start)
        last = max([last, *(due.at for due in pending_rungs(state, start))])
    return office_instant(last.date() + timedelta(days=1), time.min)


def _opened(year: Year, project: KeyProject, start: datetime) -> ProjectState:
    state = fold(docket(year.listed.header, project, year.policy, year.calendar, start))
    assert state is not None
    return state


class _Script:
    """What is done to one project in its year."""

    def __init__(self, year: Year, project: KeyProject, behaviour: Behaviour, start: datetime) -> None:
        self._calendar = year.calendar
        self._project = project
        self._behaviour = behaviour
        self._start = start
        self._state = _opened(year, project, start)
        self._rules = self._state.policy.life_cycle

    def acts(self) -> list[Act]:
        """All acts, in no order."""
        acts = [act for milestone in self._project.milestones for act in self._completion(milestone)]
        last = max((act.at for act in acts if isinstance(act.command, c.RequestCompletion)), default=None)
        acts += [act for milestone in self._project.milestones for act in self._beside(milestone, self._rules)]
        acts += self._receipts(self._rules, last)
        if self._behaviour.way is not None:
            for day, hour, command in acts_of_the_office(self._state, self._behaviour.way, self._start.date()):
                acts.append(Act(office_instant(day, hour), self._project.project_id, command, may_be_refused=True))
        return acts

    def _completion(self, milestone: Milestone) -> Iterator[Act]:
        """The lead asks for completion, a reviewer accepts it, another person strikes it off on the next day; where
        work comes back once, the lead asks again some days later."""
        answer = self._answer(milestone, self._project.lead_department, _REPORTING)
        if answer is None:
            return
        at, done_on = answer
        milestone_id, by = milestone.milestone_id, department(self._project.lead_department)
        request = f"rehearsal-{milestone_id}"
        if self._behaviour.way == "returned":
            asked = c.RequestCompletion(
                request_id=f"{request}-0", by=by, text=_TEXT, done_on=done_on, milestone_id=milestone_id
            )
            yield self._act(at, asked)
            back = c.ReturnForRework(
                request_id=f"{request}-9", by=operator("审核员"), milestone_id=milestone_id, reason=RETURNED
            )
            yield self._act(office_instant(at.date(), _REVIEWING), back)
            at = office_instant(self._calendar.working_day(at.date(), _DONE_AGAIN_AFTER), _REPORTING)
        yield self._act(
            at,
            c.RequestCompletion(
                request_id=f"{request}-1", by=by, text=_TEXT, done_on=done_on, milestone_id=milestone_id
            ),
        )
        yield self._act(
            office_instant(at.date(), _REVIEWING),
            c.AcceptCompletion(request_id=f"{request}-2", by=operator("审核员"), milestone_id=milestone_id),
        )
        yield self._act(
            office_instant(self._calendar.working_day(at.date(), 1), _REPORTING),
            c.StrikeOff(request_id=f"{request}-3", by=operator("销号员"), milestone_id=milestone_id),
        )

    def _beside(self, milestone: Milestone, rules: LifeCycleRules) -> Iterator[Act]:
        """What a milestone asks for beside its completion: each participant's own part, and reports on the way."""
        milestone_id = milestone.milestone_id
        for name in self._state.milestones[milestone_id].parts:
            answer = self._answer(milestone, name, _DELIVERING)
            if answer is not None:
                at, done_on = answer
                request = f"rehearsal-{milestone_id}-{name}"
                by = department(name)
                delivery = c.RequestCompletion(
                    request_id=request, by=by, text=_TEXT, done_on=done_on, milestone_id=milestone_id
                )
                yield self._act(at, delivery)
        answer = self._answer(milestone, self._project.lead_department, _REPORTING)
        if answer is not None and not self._state.milestones[milestone_id].retrospective:
            yield from (act for act in self._reports(milestone, rules) if act.at < answer[0])

    def _reports(self, milestone: Milestone, rules: LifeCycleRules) -> Iterator[Act]:
        """A report by the end of each period, and one with the scheduled quantity before each day of a pace warning."""
        state, milestone_id, start = self._state, milestone.milestone_id, self._start.date()
        late = self._behaviour.days_late(self._project.lead_department) or 0
        told: list[tuple[date, date, int | None]] = []
        for period in periods_of(milestone, rules):
            if period.ends_on >= start and not period.closing:
                in_time = max(self._calendar.on_or_before(period.ends_on), start)
                told.append((_late(period.ends_on, late) or in_time, period.ends_on, period.number))
        for percent in rules.pace_warnings_at_percent:
            day = share_day(state, milestone_id, percent)
            plan = scheduled_progress(state, milestone_id, day) if day else None
            if day is not None and plan is not None and day > start and plan.by_then > 0:
                in_time = max(self._calendar.working_day(day, -1), start)
                told.append((_late(day, late) or in_time, day, None))
        so_far = 0
        for ordinal, (on, day, number) in enumerate(sorted(told, key=lambda each: each[:2])):
            plan = scheduled_progress(state, milestone_id, day)
            so_far = max(so_far, plan.by_then if plan else 0)
            report = c.ReportProgress(
                request_id=f"rehearsal-{milestone_id}-0{ordinal:02d}",
                by=department(self._project.lead_department),
                text=_TEXT,
                milestone_id=milestone_id,
                quantity=so_far if plan else None,
                period=number,
            )
            yield self._act(self._not_before_the_start(on, _REPORTING), report)

    def _receipts(self, rules: LifeCycleRules, last_request: datetime | None) -> Iterator[Act]:
        """Each department signs for all its duties on the first working day, or late; never after its last answer."""
        limit = self._calendar.working_day(self._start.date(), rules.limits.receipt.working_days)
        for name in dict.fromkeys((self._project.lead_department, *self._project.participating_departments)):
            late = self._behaviour.days_late(name)
            if late is None:
                continue
            on = _late(limit, late) or self._calendar.working_day(self._start.date(), _SIGNING_AFTER)
            at = office_instant(on, _REPORTING)
            if last_request is not None:
                at = max(min(at, last_request - _BEFORE_THE_LAST_REQUEST), self._start)
            request = f"rehearsal-{self._project.project_id}-{name}"
            yield self._act(at, c.SignReceipt(request_id=request, by=department(name)))

    def _answer(self, milestone: Milestone, name: DepartmentId, hour: time) -> tuple[datetime, date] | None:
        """When a department says that a milestone is done, and on which day it was; none when it never does."""
        late = self._behaviour.days_late(name)
        if late is None or milestone.due_on is None:
            return None
        if milestone.born_late or end_of(milestone.due_on) <= self._start:
            on = self._calendar.working_day(self._start.date(), _RETROSPECTIVE_AFTER)
            return self._not_before_the_start(on, hour), milestone.due_on
        # A department that is on time answers on the last working day that is not after the due date.
        in_time = max(self._calendar.on_or_before(milestone.due_on), self._start.date())
        on = _late(milestone.due_on, late) or in_time
        if early := self._behaviour.days_early:
            begun = self._calendar.working_day(self._start.date(), _BEGUN_AFTER)
            on = min(max(milestone.due_on - timedelta(days=early), begun), in_time)
        return self._not_before_the_start(on, hour), min(on, milestone.due_on)

    def _not_before_the_start(self, on: date, hour: time) -> datetime:
        # On the day of the start itself the order of the hours stays: parts, then reports, then reviews.
        return max(office_instant(on, hour), self._start + timedelta(hours=hour.hour - 9, minutes=hour.minute))

    def _act(self, at: datetime, command: c.AnyCommand) -> Act:
        return Act(at, self._project.project_id, command)


def _late(day: date, days: int) -> date | None:
    return day + timedelta(days=days) if days else None
