"""What a new lead department takes over: receipts anew, days of its own for what is late or all but due, and the parts
that were given to units."""

from __future__ import annotations

from datetime import datetime

from domain.events import DutyHandedOver, NamedPart, SubDutiesHandedOver
from domain.ids import DepartmentId, MilestoneId
from domain.record.recorder import EventRecorder
from domain.rungs.due_dates import pass_over_reminders
from domain.rungs.duties import unsigned_duties
from domain.rungs.matters import end_limit, set_limit
from domain.rungs.waiting import end_declines_of, lapse_extension
from domain.state import OPEN_STAGES


def hand_over_open_duties(recorder: EventRecorder, before: DepartmentId, now: datetime) -> None:
    """After a lead was reassigned: end the old lead's receipt and what it asked for, ask the new one for its own, and
    give it days and the parts that were given to units. Directives and inspections go over as they stand, by the event
    of the reassignment itself.

    A breach of the department before stays in the record; the new one does not inherit the rungs that follow from it.
    """
    state = recorder.project
    hand_over_parts(recorder, before, state.lead)
    end_limit(recorder, state.open_limit("receipt", None, before), now, answered=False)
    # What the new lead had declined as a participant is its own now, one way or the other.
    end_declines_of(recorder, state.lead, now)
    # The reasons for more time were the other department's: the new lead asks for its own, if it needs them.
    for milestone_id in state.milestones:
        lapse_extension(recorder, milestone_id, now)
    # One that it was asked for as a participant may be long over: the lead's receipt has days of its own.
    end_limit(recorder, state.open_limit("receipt", None, state.lead), now, answered=False)
    set_limit(recorder, "receipt", now, owner=state.lead)
    takeover_by = state.calendar.working_day(now.date(), state.policy.life_cycle.takeover_working_days)
    for milestone in recorder.project.milestones.values():
        if milestone.stage not in OPEN_STAGES or milestone.retrospective or milestone.answer_by is None:
            continue
        if milestone.answer_by < takeover_by:
            recorder.record(
                DutyHandedOver,
                milestone_id=milestone.milestone_id,
                before=before,
                after=state.lead,
                answer_by=takeover_by,
                round=milestone.round + 1,
            )
            pass_over_reminders(recorder, milestone.milestone_id, now, "amended")


def hand_over_parts(
    recorder: EventRecorder, before: DepartmentId, to: DepartmentId, milestone_id: MilestoneId | None = None
) -> None:
    """After a department's duty went to another: the parts that it had given of it go with it."""
    parts = tuple(
        NamedPart(project_id=each.project_id, unit=each.unit)
        for where, milestone in recorder.project.milestones.items()
        for each in milestone.sub_duties or ()
        if each.by == before != to and not each.withdrawn and milestone_id in (None, where)
    )
    if parts:
        recorder.record(SubDutiesHandedOver, department=to, before=before, parts=parts)


def renew_receipts(recorder: EventRecorder, before: tuple[DepartmentId, ...], now: datetime) -> None:
    """After the participants changed: ask the new ones for their receipt, and end that of the released ones, whose
    parts the lead takes over."""
    state = recorder.project
    after = state.project.participating_departments
    for department in before:
        if department not in after and department != state.lead:
            end_limit(recorder, state.open_limit("receipt", None, department), now, answered=False)
            end_declines_of(recorder, department, now)
            hand_over_parts(recorder, department, state.lead)
    for department in after:
        if department not in before and state.open_limit("receipt", None, department) is None:
            set_limit(recorder, "receipt", now, owner=department)


def ask_for_receipts(recorder: EventRecorder, now: datetime) -> None:
    """Ask every department for its receipt that has something to sign for and is not asked already."""
    state = recorder.project
    for department in dict.fromkeys((state.lead, *state.project.participating_departments)):
        if unsigned_duties(state, department, None) and state.open_limit("receipt", None, department) is None:
            set_limit(recorder, "receipt", now, owner=department)
