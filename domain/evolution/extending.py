"""What extensions and grace change: the approved date; never the baseline, never a breach."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from domain.events import (
    DeadlineExtended,
    Event,
    ExtensionLapsed,
    ExtensionMoreAsked,
    ExtensionRefused,
    ExtensionRequested,
    ExtensionReviewed,
    ExtensionSupplemented,
    GraceGranted,
)
from domain.evolution.standstill import with_date_set_anew
from domain.ids import MilestoneId
from domain.state import Extension, MilestoneState, PartState, ProjectState
from domain.state.change import Change, Fold, milestone_change, with_milestone
from domain.state.duties import ExtensionFields


def _requested(state: ProjectState, event: ExtensionRequested) -> Change:
    extension = Extension(requested_due_on=event.requested_due_on, reason=event.reason)
    return milestone_change(state, event.milestone_id, extension=extension)


def _update(state: ProjectState, milestone_id: MilestoneId, **update: Unpack[ExtensionFields]) -> Change:
    before = state.milestones.get(milestone_id)
    if before is None or before.extension is None:
        return {}
    return milestone_change(state, milestone_id, extension=before.extension.having(**update))


def _reviewed(state: ProjectState, event: ExtensionReviewed) -> Change:
    persons = tuple(person for person in (event.actor, event.on_behalf_of) if person)
    return _update(
        state,
        event.milestone_id,
        stage="reviewed",
        recommended_due_on=event.recommended_due_on,
        reviewed_by=persons,
    )


def _more_asked(state: ProjectState, event: ExtensionMoreAsked) -> Change:
    return _update(state, event.milestone_id, stage="more_asked")


def _supplemented(state: ProjectState, event: ExtensionSupplemented) -> Change:
    return _update(state, event.milestone_id, stage="asked", reviewed_by=(), recommended_due_on=None)


def _refused(state: ProjectState, event: ExtensionRefused | ExtensionLapsed) -> Change:
    return milestone_change(state, event.milestone_id, extension=None)


def _extended(state: ProjectState, event: DeadlineExtended) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    return _moved(state, before, event, granted=before.extensions_granted + 1)


def _grace(state: ProjectState, event: GraceGranted) -> Change:
    before = state.milestones.get(event.milestone_id)
    if before is None:
        return {}
    return _moved(state, before, event, granted=before.extensions_granted)


def _moved(
    state: ProjectState, before: MilestoneState, event: DeadlineExtended | GraceGranted, *, granted: int
) -> Change:
    due_on, new_round, today = event.after, event.round, event.decided_at.date()
    settled = with_date_set_anew(state, before, today)
    # A participant that has a later date of its own, for days that were excused to it alone, keeps it.
    parts = {
        name: part
        if part.answer_by is not None and part.answer_by >= due_on
        else moved_part(part, due_on, new_round, today)
        for name, part in settled.parts.items()
    }
    return with_milestone(
        state,
        settled.having(
            parts=parts,
            extension=None,
            extensions_granted=granted,
            approved_due_on=due_on,
            answer_by=due_on,
            round=new_round,
            amended_round=new_round,
            taken=(),
        ),
    )


def moved_part(part: PartState, due_on: date | None, new_round: int, on: date) -> PartState:
    """A participant's duty when the milestone's date moves: a new round of its own ladder, unless it is over."""
    if part.stage in ("delivered", "released"):
        return part
    stops = {because: max(since, on) for because, since in part.stops.items()}
    new_round = max(new_round, part.round + 1)
    return part.having(answer_by=due_on, round=new_round, taken=(), stops=stops)


FOLDS: dict[type[Event], Fold] = {
    ExtensionRequested: _requested,
    ExtensionReviewed: _reviewed,
    ExtensionMoreAsked: _more_asked,
    ExtensionSupplemented: _supplemented,
    ExtensionRefused: _refused,
    ExtensionLapsed: _refused,
    DeadlineExtended: _extended,
    GraceGranted: _grace,
}
