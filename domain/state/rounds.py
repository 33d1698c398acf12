"""A duty as it begins, begins again, is given up or gets another date: the lead's and the participants'."""

from __future__ import annotations

from datetime import date

from domain.ids import DepartmentId
from domain.project import KeyProject, Milestone
from domain.rungs.timing import gone_on
from domain.state import MilestoneState, PartState, ProjectState


def opened(milestone: Milestone, project: KeyProject) -> MilestoneState:
    """A milestone as it begins: nothing done, and a duty of its own for every department that takes part in it."""
    return MilestoneState(
        milestone_id=milestone.milestone_id,
        baseline_due_on=milestone.due_on,
        approved_due_on=milestone.due_on,
        answer_by=milestone.due_on,
        parts={
            name: PartState(department=name, answer_by=milestone.due_on)
            for name in project.participating_departments
            if name not in (project.lead_department, *(milestone.without or ()))
        },
    )


def opened_part(known: PartState | None, name: DepartmentId, answer_by: date | None) -> PartState:
    """A participating department's duty as it begins, or begins again: what it had missed before stays on record."""
    if known is None:
        return PartState(department=name, answer_by=answer_by)
    return PartState(
        department=name,
        answer_by=answer_by,
        round=known.round + 1,
        breaches=known.breaches,
        reports=known.reports,
        last_reported_at=known.last_reported_at,
    )


def released(part: PartState) -> PartState:
    """A participating department's duty that is no longer its own."""
    return part.having(stage="released", stops={})


def moved_part(part: PartState, due_on: date | None, new_round: int, on: date) -> PartState:
    """A participant's duty when the milestone's date moves: a new round of its own ladder, unless it is over."""
    if part.stage in ("delivered", "released"):
        return part
    stops = {because: max(since, on) for because, since in part.stops.items()}
    new_round = max(new_round, part.round + 1)
    return part.having(answer_by=due_on, round=new_round, taken=(), stops=stops)


def with_date_set_anew(state: ProjectState, before: MilestoneState, on: date) -> MilestoneState:
    """A milestone that gets another date while its clock may stand still.

    The date that is set is the lead's from that day on: the days before it are not excused again. The participants,
    whose dates may stay, are excused for them now.
    """
    if before.stopped_on is None or before.stopped_on >= on:
        return before
    days = state.calendar.working_days_between(before.stopped_on, on)
    return before.having(
        stopped_on=on,
        working_days_excused=before.working_days_excused + days,
        parts=with_excused_parts(state, before, days),
    )


def with_excused_parts(
    state: ProjectState, before: MilestoneState, excused: int, not_before: date | None = None
) -> dict[DepartmentId, PartState]:
    """The participants' duties after so many working days are excused to all of a milestone."""
    # What stopped the whole milestone stopped every participant's clock; one that stands still for a reason of its own
    # too is excused for the days before that reason, and gets the others when the reason falls away.
    parts: dict[DepartmentId, PartState] = {}
    for name, part in before.parts.items():
        days, goes_on = excused, not_before
        if part.stops and before.stopped_on is not None:
            goes_on = None
            days = min(days, state.calendar.working_days_between(before.stopped_on, min(part.stops.values())))
        answer_by = gone_on(state, before.milestone_id, part, days, before.stopped_on, goes_on)
        parts[name] = part.having(answer_by=answer_by)
    return parts
