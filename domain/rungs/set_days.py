"""Days that are set in advance: the end of a suspension, and the days of the yearly inspection plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime

from domain.ids import DepartmentId
from domain.record.recorder import EventRecorder
from domain.rules.calendar import end_of
from domain.rules.life_cycle import PlannedInspection
from domain.rungs.due_dates import deadline_in
from domain.rungs.inspections import open_foreseen
from domain.rungs.ladder import RUNG_CAUSE, Rung, planned_day, planned_rung
from domain.rungs.suspension import resume
from domain.rungs.timing import DueRung, due_rung
from domain.state import OPEN_STAGES, MilestoneState, Pause, ProjectState

RESUMPTION = "resumption"
_TERM_IS_OVER = "中止期满"


def pending(state: ProjectState, now: datetime) -> Iterator[DueRung]:
    """The ends of suspensions, and the planned days on which the lead department is in the sample."""
    for milestone_id, pause in _suspensions(state):
        if pause.until is not None:
            rung = Rung(RESUMPTION, "resumption", pause.until)
            yield due_rung(state, rung, now, milestone_id)
    if state.suspension is not None:
        return
    for planned in state.policy.life_cycle.inspection_plan:
        if planned.on not in state.planned_inspections_taken and _is_planned(state, planned):
            day = state.calendar.on_or_after(planned.on)
            rung = Rung(planned_rung(planned.on), "planned_inspection", day)
            yield due_rung(state, rung, now, "")


def _suspensions(state: ProjectState) -> Iterator[tuple[str, Pause]]:
    if state.suspension is not None:
        yield "", state.suspension
    for milestone in state.milestones.values():
        if milestone.suspension is not None:
            yield milestone.milestone_id, milestone.suspension


def _is_planned(state: ProjectState, planned: PlannedInspection) -> bool:
    return planned.on > state.docketed_at.date() and in_sample(state.lead, planned)


def in_sample(department: DepartmentId, planned: PlannedInspection) -> bool:
    """Whether a department is in the sample of a planned day: by its name and the day, so that anybody can check it."""
    digest = hashlib.sha256(f"{planned.on}/{department}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < planned.sample_percent


def take(recorder: EventRecorder, due: DueRung, now: datetime) -> None:
    """End a suspension whose term is over, or open a planned inspection."""
    cause = f"{RUNG_CAUSE}{due.rung.name}"
    if due.rung.kind == "resumption":
        # The clock goes on with the day after the last suspended one, whenever the wake-up came to record it.
        resume(recorder, due.milestone_id or None, _TERM_IS_OVER, due.rung.day, cause=cause, at=end_of(due.rung.day))
        return
    state = recorder.project
    milestone = _first_open(state)
    open_foreseen(
        recorder,
        milestone,
        due.rung.name,
        now,
        cause=cause,
        due_on=deadline_in(state, milestone) if milestone else None,
        planned_on=planned_day(due.rung.name),
    )


def _first_open(state: ProjectState) -> MilestoneState | None:
    # What was over before the assignment is asked for without alarm, and that goes for inspections too; what is
    # suspended has nothing to show.
    open_now = [
        each
        for each in state.milestones.values()
        if each.stage in OPEN_STAGES and not each.retrospective and each.suspension is None
    ]
    return min(open_now, key=lambda milestone: (milestone.answer_by or date.max, milestone.milestone_id), default=None)
