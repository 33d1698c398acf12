"""A second book of a project, kept from its events alone and by other means than the core's: it finds what is wrong.

What a clock makes of a date is in `standing.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from domain.events import DomainEvent
from domain.rules.calendar import end_of
from domain.rungs.ladder import deadline_of
from domain.state import CLOSED_STAGES, OPEN_PART_STAGES, OPEN_STAGES, ProjectState
from tests.domain.standing import Standing

Key = tuple[str, str | None]
"""A duty: its milestone, and the participating department (none: the lead)."""
DATED = ("DeadlineExtended", "GraceGranted", "MilestoneAmended", "DutyHandedOver", "MilestoneReturnedForRework")
LADDER = ("ReminderIssued", "UrgeIssued", "EscalationOrderIssued", "DeadlineBreached", "NoReportReceived")
_RUNGS = {
    "ReminderIssued": "reminder-{0.working_days_before}",
    "UrgeIssued": "urge",
    "EscalationOrderIssued": "order-{0.level}",
    "DeadlineBreached": "breach",
    "NoticeNotSent": "{0.rung}",
    "PaceWarningIssued": "pace-{0.percent}",
    "ReportPeriodMissed": "period-{0.period}",
    "LimitReminderIssued": "limit-reminder-{0.working_days_before}",
    "LimitEscalated": "limit-order-{0.after_working_days}",
    "LimitPassed": "limit-passed",
    "LimitNoticeNotSent": "{0.rung}",
    "InspectionOpened": "planned-{0.planned_on}",
    "InspectionNotOpened": "planned-{0.planned_on}",
}
"""The name of the rung that an event takes, or tells that it was not taken."""
OUTLIVING = ("inspection_answer", "rectification", "rectification_check", "directive_answer")


@dataclass(slots=True)
class Matter:
    """A limit that runs: what it was counted from, and what it has brought so far."""

    kind: str
    milestone_id: str | None
    standing: Standing
    set_on: date
    working_days: int | None
    excused: int = 0


class Book:
    """What the events say, kept apart from the state that the core makes of them."""

    def __init__(self) -> None:
        self.seq = 0
        self.baselines: dict[str, date | None] = {}
        self.approved: dict[str, date | None] = {}
        self.breaches: dict[Key, list[date]] = {}
        self.duties: dict[Key, Standing] = {}
        self.matters: dict[str, Matter] = {}
        self.ended: set[str] = set()
        self.rungs: Counter[tuple[Any, ...]] = Counter()
        self.pauses: dict[str | None, date | None] = {}
        self.reviewers: dict[str, set[str]] = {}
        self.acceptors: dict[str, set[str]] = {}
        self.stages: dict[str, str] = {}
        self.ended_at: Any = None
        self.before_the_end: Any = None

    def take(self, event: Any, before: ProjectState | None, after: ProjectState) -> None:
        """Enter one event; what contradicts the rules of supervision is an assertion that fails."""
        assert event.seq == self.seq, "the sequence has a hole"
        self.seq += 1
        if event.type == "ProjectDocketed":
            for each in event.project.milestones:
                self._open(each.milestone_id, each.due_on, after)
            return
        assert before is not None
        # What ends with a withdrawal is told after it; else a closed project hears of its reopening alone.
        with_the_end = event.type in ("LimitEnded", "LimitPassed") and event.decided_at == self.ended_at
        assert not before.closed or with_the_end or event.type == "ProjectReopened", "it is closed, and gets more"
        if event.type in LADDER and getattr(event, "reason", None) is None:
            self._must_run((event.milestone_id, event.department), before, event.type)
        self._rung(event)
        entry = getattr(self, f"_on_{_snake(event.type)}", None)
        if entry is not None:
            entry(event, before, after)
        if event.type in DATED:
            self._dated(event, before, after)
        for key in [(m, name) for m, each in after.milestones.items() for name in each.parts]:
            known = before.milestones.get(key[0])
            was = known.parts.get(key[1]) if known else None
            part = after.milestones[key[0]].parts[key[1]]
            if was is None or (was.stage == "released") > (part.stage == "released"):
                self._open_part(key, part.answer_by, after)

    def _open(self, milestone_id: str, due_on: date | None, after: ProjectState) -> None:
        self.baselines[milestone_id] = self.approved[milestone_id] = due_on
        self.duties[milestone_id, None] = Standing(due_on)
        self.breaches[milestone_id, None] = []
        for name in after.milestones[milestone_id].parts:
            self._open_part((milestone_id, name), due_on, after)

    def _open_part(self, key: Key, answer_by: date | None, after: ProjectState) -> None:
        lead = self.duties[key[0], None]
        since = {reason: lead.still_since or day for reason, day in lead.since.items()}
        self.duties[key] = Standing(answer_by, since=since, still_since=lead.still_since)
        self.breaches.setdefault(key, [])

    def _must_run(self, key: Key, before: ProjectState, what: str) -> None:
        assert not self.duties[key].since, f"{what} of {key}, whose clock stands still"
        milestone = before.milestones[key[0]]
        assert milestone.stage in OPEN_STAGES, f"{what} of {key}, which is {milestone.stage}"
        if key[1] is not None:
            assert milestone.parts[key[1]].stage in OPEN_PART_STAGES
        assert not milestone.retrospective

    def _rung(self, event: Any) -> None:
        name = _RUNGS.get(event.type)
        if name is None or (event.type == "UrgeIssued" and event.reason is not None):
            return
        rung = name.format(event)
        if rung == "planned-None":
            return
        where = getattr(event, "limit_id", None) or (
            getattr(event, "milestone_id", None),
            getattr(event, "department", None),
            getattr(event, "round", None) if not rung.startswith(("pace", "period")) else None,
        )
        if rung.startswith("planned"):
            where = "project"
        self.rungs[where, rung] += 1
        assert self.rungs[where, rung] == 1, f"{where} {rung} was taken twice"

    def _ends(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        self.ended_at, self.before_the_end = event.decided_at, deepcopy((self.duties, self.matters, self.pauses))

    _on_year_closed = _on_project_withdrawn = _ends

    def _on_project_reopened(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        duties, matters, pauses = self.before_the_end
        closed = {each for each, milestone in before.milestones.items() if milestone.stage in CLOSED_STAGES}
        self.duties |= {key: standing for key, standing in duties.items() if event.whole or key[0] in closed}
        self.pauses = pauses
        # A directive that was answered since the closing stays answered.
        again = {key: each for key, each in matters.items() if event.whole or each.kind != "directive_answer"}
        self.matters = {**again, **self.matters}
        self.ended -= self.matters.keys()

    def _on_milestone_added(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        self._open(event.milestone_id, event.milestone.due_on, after)

    def _on_deadline_breached(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        self.breaches[event.milestone_id, event.department].append(event.due_on)
        self.duties[event.milestone_id, event.department].late = True

    def _dated(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        was, now, today = before.milestones[event.milestone_id], after.milestones[event.milestone_id], _day(event)
        if event.round == was.round:
            return
        due_on = event.after.due_on if event.type == "MilestoneAmended" else getattr(event, "after", None)
        if event.type in ("DutyHandedOver", "MilestoneReturnedForRework"):
            self.duties[event.milestone_id, None].set_anew(event.answer_by, today)
            return
        self.approved[event.milestone_id] = due_on
        self.duties[event.milestone_id, None].set_anew(due_on, today)
        for name, part in now.parts.items():
            if part.round != was.parts[name].round:
                self.duties[event.milestone_id, name].set_anew(due_on, today)

    def _on_clock_stopped(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        for key, standing in self.duties.items():
            if key[0] == event.milestone_id and event.department in (None, key[1]):
                standing.stop(_scope(event), _day(event))

    def _on_clock_resumed(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        until, first = self._last_day(event)
        for key, standing in self.duties.items():
            if key[0] == event.milestone_id and event.department in (None, key[1]):
                due_of = partial(deadline, before, event.milestone_id)
                standing.go_on(_scope(event), until, before.calendar, first, due_of)

    def _on_milestone_completed(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        lead = self.duties[event.milestone_id, None]
        lead.since, lead.still_since = {}, None
        self.acceptors[event.milestone_id] = {event.actor, event.on_behalf_of or event.actor}

    def _on_milestone_struck_off(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        both = self.acceptors[event.milestone_id] & {event.actor, event.on_behalf_of or event.actor}
        assert not both, f"{both} accepted and struck off"

    def _on_extension_reviewed(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        self.reviewers[event.milestone_id] = {event.actor, event.on_behalf_of or event.actor}

    def _ruled(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        both = self.reviewers[event.milestone_id] & {event.actor, event.on_behalf_of or event.actor}
        assert not both, f"{both} reviewed and ruled"

    _on_deadline_extended = _on_extension_refused = _on_extension_more_asked = _ruled

    def _on_suspended(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        assert event.milestone_id not in self.pauses
        self.pauses[event.milestone_id] = event.until
        for matter in self.matters.values():
            if event.milestone_id in (None, matter.milestone_id):
                matter.standing.stop(_pause(event), _day(event))

    def _on_resumed(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        until, first = self._last_day(event)
        del self.pauses[event.milestone_id]
        for matter in self.matters.values():
            if _pause(event) in matter.standing.since:
                matter.standing.go_on(_pause(event), until, before.calendar, first)
        self.last_resumed = until, first

    def _last_day(self, event: Any) -> tuple[date, date]:
        """The last day of a standstill, and the first one on which the clock goes on."""
        # A suspension that ended by its term ended on that day, whenever it was recorded.
        if event.type == "Resumed":
            on = event.occurred_at.date() if _by_term(event) else _day(event)
            return on - timedelta(days=_by_term(event)), on
        if event.because == "suspension" and event.cause.startswith("rung:"):
            return self.last_resumed
        return _day(event), _day(event)

    def _on_limit_set(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        assert event.limit_id not in self.matters
        assert event.limit_id not in self.ended
        assert (
            event.milestone_id is None
            or before.milestones[event.milestone_id].stage not in CLOSED_STAGES
            or (event.kind in OUTLIVING)
        )
        standing = Standing(event.due_on)
        for scope in self.pauses:
            if scope in (None, event.milestone_id):
                standing.stop(f"pause-{scope}", _day(event))
        self.matters[event.limit_id] = Matter(event.kind, event.milestone_id, standing, _day(event), event.working_days)

    def _running(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        assert not self.matters[event.limit_id].standing.since, f"{event.type} of a matter that stands still"

    _on_limit_passed = _on_limit_reminder_issued = _on_limit_escalated = _on_limit_notice_not_sent = _running

    def _on_limit_ended(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        matter = self.matters.pop(event.limit_id)
        self.ended.add(event.limit_id)
        standing, today = matter.standing, _day(event)
        for reason in tuple(standing.since):
            standing.go_on(reason, today, before.calendar)
        due_on = standing.date(before.calendar, standing.base)
        late = before.calendar.working_days_between(due_on, today) if due_on else 0
        assert event.working_days_late == late, f"{event.limit_id}: {event.working_days_late} days late, not {late}"

    def _on_calendar_changed(self, event: Any, before: ProjectState, after: ProjectState) -> None:
        for (milestone_id, name), standing in self.duties.items():
            if name is not None and (standing.since or standing.unsure):
                standing.begin_again(after.duty_of(milestone_id, name).answer_by)
            else:
                due_on = standing.stood(before.calendar, deadline(before, milestone_id, standing.base))
                told = deadline(before, milestone_id, due_on)
                since, moved = standing.still_since, deadline(after, milestone_id, due_on)
                if told is None or moved is None or moved == told:
                    pass
                elif end_of(told) <= event.decided_at and (since is None or told < since):
                    # What is over stays over, by as many working days, though another calendar would have moved it.
                    due_on = after.calendar.on_or_before(told)
                elif moved < min(told, _learnt(event, before)):
                    due_on = after.calendar.on_or_after(told)
                standing.count_anew(due_on)
        for limit_id, matter in self.matters.items():
            standing = matter.standing
            due_on, excused = standing.stood(before.calendar, standing.base), standing.excused_before()
            matter.excused += excused
            if matter.working_days is not None and not self.rungs[limit_id, "limit-passed"]:
                told = due_on
                due_on = event.calendar.working_day(matter.set_on, matter.working_days)
                due_on = event.calendar.working_day(due_on, matter.excused) if matter.excused else due_on
                # A day that comes earlier holds where it lies after the one on which it is told.
                due_on = told if told is not None and due_on < min(told, _learnt(event, before)) else due_on
            standing.count_anew(due_on)

    def compare(self, state: ProjectState, now: datetime) -> None:
        """Hold the state against the book."""
        assert state.next_seq == self.seq
        assert set(state.limits) == set(self.matters)
        if state.closed:
            assert not state.limits, "a closed project has a matter open"
        for milestone_id, each in state.milestones.items():
            assert each.baseline_due_on == self.baselines[milestone_id], "the baseline moved"
            assert each.approved_due_on == self.approved[milestone_id], "the approved date moved without a ruling"
            for name in (None, *each.parts):
                self._compare_duty(state, (milestone_id, name), now)
        for limit_id, matter in self.matters.items():
            closed = matter.milestone_id and state.milestones[matter.milestone_id].stage in CLOSED_STAGES
            assert not closed or matter.kind in OUTLIVING, f"{limit_id} is open in a closed milestone"
            assert bool(matter.standing.since) == (state.limits[limit_id].stopped_on is not None)
            if not matter.standing.since:
                due_on = matter.standing.date(state.calendar, matter.standing.base)
                assert state.limits[limit_id].due_on == due_on, f"{limit_id}: {state.limits[limit_id].due_on}, {due_on}"

    def _compare_duty(self, state: ProjectState, key: Key, now: datetime) -> None:
        duty, standing = state.duty_of(*key), self.duties[key]
        assert [breach.due_on for breach in duty.breaches] == self.breaches[key], f"{key} lost a breach"
        milestone = state.milestones[key[0]]
        over = milestone.stage in CLOSED_STAGES or milestone.stage == "completed"
        if over or duty.stage in ("released", "delivered") or (milestone.retrospective and key[1]):
            return  # what was due before it was assigned is never late, nor is a part in it
        assert bool(standing.since) == bool(duty.stops or milestone.stops), f"{key} runs and stands still"
        if standing.unsure and not standing.since:
            standing.begin_again(duty.answer_by)
        if not standing.since:
            due_on = deadline(state, key[0], standing.base)
            expected = standing.date(state.calendar, due_on)
            assert duty.answer_by == expected, f"{key} is due on {duty.answer_by}, not {expected}"


def deadline(state: ProjectState, milestone_id: str, day: date | None) -> date | None:
    """The day that counts as due."""
    return None if day is None else deadline_of(day, state.policy.rules_for(milestone_id), state.calendar)


def _learnt(event: Any, before: ProjectState) -> date:
    """The first working day after the one on which an order about a new calendar goes out."""
    at, policy = event.decided_at, before.policy
    goes_out = at if policy.within_working_hours(at, event.calendar) else policy.next_opening(at, event.calendar)
    first: date = event.calendar.working_day(goes_out.date(), 1)
    return first


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _day(event: DomainEvent) -> date:
    return event.decided_at.date()


def _by_term(event: Any) -> bool:
    return str(event.cause).startswith("rung:")


def _scope(event: Any) -> str:
    return event.because if event.department is None else f"own {event.because}"


def _pause(event: Any) -> str:
    return f"pause-{event.milestone_id}"
