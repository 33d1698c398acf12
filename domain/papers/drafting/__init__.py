"""The papers that follow from events: to whom, from when they may be sent, and what they say. One module a family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.acts.amending import is_amendment
from domain.events import (
    CompletionRequested,
    DeadlineExtended,
    DomainEvent,
    Event,
    LeadReassigned,
    MilestoneAmended,
    MilestoneCarriedOver,
    MilestoneEnded,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    PartDelivered,
    ParticipantReplaced,
    ProjectWithdrawn,
    Suspended,
)
from domain.ids import event_id_for, supervision_workflow_id
from domain.papers.drafting import ladder, matters, orders
from domain.papers.drafting.paper import Drafter
from domain.papers.drafting.paper import chinese_date as chinese_date
from domain.papers.drafting.paper import send_time as send_time
from domain.papers.paper import NotSentReason, Paper, Withholding
from domain.state import ProjectState

_DRAFTERS: dict[type[Event], Drafter] = {**orders.DRAFTERS, **ladder.DRAFTERS, **matters.DRAFTERS}


def papers_for(state: ProjectState, events: Sequence[DomainEvent]) -> tuple[Paper, ...]:
    """The papers that follow from a decision's events, in order; `state` is the one after them."""
    papers: list[Paper] = []
    told: set[str] = set()
    for event in events:
        if is_amendment(event):
            # One order tells all that one request changed; it follows from the first of its events.
            if event.cause not in told:
                told.add(event.cause)
                papers.append(orders.amendment_order(state, event, events))
        elif (drafter := _DRAFTERS.get(type(event))) is not None and (paper := drafter(state, event)) is not None:
            papers.append(paper)
    return tuple(papers)


def withholdings_for(state: ProjectState, events: Sequence[DomainEvent]) -> tuple[Withholding, ...]:
    """The milestones whose waiting reminders and urges a decision's events have overtaken."""
    stream = supervision_workflow_id(state.project.project_id)
    return tuple(
        Withholding(
            milestone_id=milestone_id,
            reason=reason,
            by_event=event_id_for(stream, event.seq),
            addressee=addressee,
        )
        for event in events
        for milestone_id, reason, addressee in _overtaken_by(state, event)
    )


def _overtaken_by(state: ProjectState, event: DomainEvent) -> Iterator[tuple[str, NotSentReason, str | None]]:
    match event:
        case (
            CompletionRequested()
            | MilestoneStruckOff()
            | MilestoneWithdrawn()
            | MilestoneCarriedOver()
            | MilestoneEnded()
        ):
            yield event.milestone_id, "settled_before_sending", None
        case PartDelivered():
            yield event.milestone_id, "settled_before_sending", event.department
        case MilestoneAmended() | DeadlineExtended():
            yield event.milestone_id, "amended", None
        case LeadReassigned():
            # They stand in the name of the department before: the new lead gets the order instead.
            for milestone_id in state.milestones:
                yield milestone_id, "amended", None
        case ParticipantReplaced():
            for milestone_id in [event.milestone_id] if event.milestone_id else state.milestones:
                yield milestone_id, "amended", event.before
        case Suspended():
            for milestone_id in [event.milestone_id] if event.milestone_id else state.milestones:
                yield milestone_id, "suspended", None
        case ProjectWithdrawn():
            for milestone_id in state.milestones:
                yield milestone_id, "settled_before_sending", None
        case _:
            return
