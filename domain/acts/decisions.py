"""The rules of supervision: what a command makes happen, or which rule it breaks.

`decide(state, command, now)` answers the events, or raises the rejection. Who may do what is in `access.py`, each
family of acts in a module beside it; how a project is opened is in `domain/lists/docketing.py`, what time alone brings
in `domain/rungs/wakeups.py`.

No clock, no IO: the instants come from the caller, in office time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from domain.actors import ENGINE
from domain.acts import closing, decomposing, directing, extending, inspecting, pausing, receiving, reporting
from domain.acts import rejections as r
from domain.acts.access import check_access
from domain.acts.act import Act, Handler
from domain.acts.commands import AmendProject, AnyCommand, Command, CommandOutcome, ReopenProject, Withdraw
from domain.acts.spelling import as_the_project_spells
from domain.errors import RejectedError
from domain.events import CommandRejected, DomainEvent, ProjectArchived
from domain.ids import event_id_for, supervision_workflow_id
from domain.markings import standard_mark_in
from domain.papers.drafting import papers_for, withholdings_for
from domain.record.leaf import MOST_LEAF_BYTES, too_long
from domain.record.recorder import EventRecorder
from domain.rungs.duties import end_needless_receipts
from domain.rungs.ladder import LIST_REQUEST, REQUEST_CAUSE, RUNG_CAUSE
from domain.rungs.matters import end_all_limits, end_limit
from domain.rungs.timing import problem_of
from domain.rungs.wakeups import next_rung, take_what_is_over
from domain.state import CLOSED_STAGES, AppliedRequest, ProjectState

HANDLERS: dict[type[Command], Handler] = {
    **reporting.HANDLERS,
    **receiving.HANDLERS,
    **extending.HANDLERS,
    **inspecting.HANDLERS,
    **directing.HANDLERS,
    **decomposing.HANDLERS,
    **pausing.HANDLERS,
    **closing.HANDLERS,
}
"""What a command of each type makes happen."""


def decide(state: ProjectState, command: AnyCommand, now: datetime) -> tuple[DomainEvent, ...]:
    """The events that a command makes happen; none when the same request was applied before.

    Raises:
        RejectedError: the command breaks a rule; which one is the error's name (`domain/acts/rejections`).
    """
    applied = state.applied.get(command.request_id)
    if applied is not None:
        if applied.digest not in (None, command.digest):
            raise r.RequestReusedError(request_id=command.request_id, first=_first_event(state, applied))
        return ()
    return _worked_out(state, command, now)


def caught_up(state: ProjectState, now: datetime) -> ProjectState | None:
    """A project with every fact whose day is over, as an act finds it; none where it cannot be worked out."""
    over = EventRecorder(state, now, ENGINE, RUNG_CAUSE)
    try:
        take_what_is_over(over, now)
    except Exception:  # noqa: BLE001 - whatever the core cannot work out, `decide` refuses with its sentence
        return None
    return over.project


def must_be_open(found: ProjectState, command: AnyCommand, now: datetime) -> None:
    """Raise what `decide` would of an act that a project, once `caught_up`, is only asked about: many acts are asked of
    one instant, and what would follow from each (its papers, the next alarm) is worked out when it is given.

    Raises:
        RejectedError: the command breaks a rule.
    """
    _worked_out(found, command, now, asked_only=True)


def _worked_out(
    state: ProjectState, command: AnyCommand, now: datetime, *, asked_only: bool = False
) -> tuple[DomainEvent, ...]:
    try:
        events, after = _decided(state, command, now, is_caught_up=asked_only)
        if not asked_only:
            _look_ahead(after, events, now)
    except RejectedError:
        raise
    except Exception as error:
        # Whatever the core cannot work out is refused here: raised in a workflow, it would stop the project for good.
        raise r.UndecidableCommandError(
            project_id=state.project_id, command=command.type, problem=problem_of(error)
        ) from error
    return events


def _decided(
    state: ProjectState, command: AnyCommand, now: datetime, *, is_caught_up: bool
) -> tuple[tuple[DomainEvent, ...], ProjectState]:
    if state.closed and not isinstance(command, ReopenProject):
        raise r.ProjectClosedError(project_id=state.project_id, stage=state.stage)
    if command.request_id.startswith(LIST_REQUEST) and not isinstance(command, AmendProject | Withdraw):
        raise r.ReservedRequestError(request_id=command.request_id)
    # A withdrawal weighs the same when a list that is issued anew asks for it: nobody may choose its id to weigh less.
    if state.policy.own_key.asks(command.weight, command.own_key):
        raise r.OwnKeyMissingError(project_id=state.project_id, held=command.own_key == "unsigned")
    digest, command = command.digest, as_the_project_spells(state, command)
    principal = check_access(state, command, now.date())
    cause = f"{REQUEST_CAUSE}{command.request_id}"
    recorder = EventRecorder(state, now, command.by, cause, command, request_digest=digest)
    if not is_caught_up:
        take_what_is_over(recorder, now)
    over = len(recorder.events)
    HANDLERS[type(command)](Act(recorder, now, command.by, principal), command)
    if len(recorder.events) == over:
        return (), state
    _must_have_seen(state, command, recorder.events[over:])
    end_needless_receipts(recorder, now)
    _archive_when_nothing_is_open(recorder, now)
    return tuple(recorder.events), recorder.project


def _must_have_seen(state: ProjectState, command: AnyCommand, brought: Iterable[DomainEvent]) -> None:
    """Refuse what replaces another person's word that its giver had not seen; what he said himself he knows.

    Raises:
        LastWordNotSeenError: somebody has settled the same since.
    """
    for event in brought if command.seen else ():
        for fact in event.decides():
            last = state.last_words.get(fact.key)
            if last is not None and last.seq >= (command.seen or 0) and not last.known.is_same(command.by.known):
                raise r.LastWordNotSeenError(project_id=state.project_id, fact=fact, last=last)


def _look_ahead(after: ProjectState, events: Sequence[DomainEvent], now: datetime) -> None:
    """All that follows from a decision, worked out once before it holds: its entries, its papers, the next alarm."""
    if not events:
        return
    project_id = after.project_id
    if (found := too_long(supervision_workflow_id(project_id), events)) is not None:
        raise r.EntryTooLongError(project_id=project_id, length=found[0], most=MOST_LEAF_BYTES)
    papers_for(after, events)
    withholdings_for(after, events)
    next_rung(after, now)


def _first_event(state: ProjectState, applied: AppliedRequest) -> str:
    return event_id_for(supervision_workflow_id(state.project_id), applied.first_seq)


def outcome_of(state: ProjectState, command: AnyCommand) -> CommandOutcome:
    """What an applied command answers; `state` is the one after it."""
    stream = supervision_workflow_id(state.project_id)
    applied = state.applied.get(command.request_id)
    seqs = range(applied.first_seq, applied.last_seq + 1) if applied else range(0)
    milestone_id: Any = getattr(command, "milestone_id", None)
    milestone = state.milestones.get(milestone_id)
    return CommandOutcome(
        event_ids=tuple(event_id_for(stream, seq) for seq in seqs),
        stage=milestone.stage if milestone else state.stage,
    )


_NOT_KEPT = "（带有密级标志，内容没有保存）"


def reject(state: ProjectState, rule: str, text: str, received: str, now: datetime) -> tuple[DomainEvent, ...]:
    """The record of a command that came by signal and was refused: its sender hears nothing, so the record tells."""
    recorder = EventRecorder(state, now, ENGINE, f"rejected:{rule}")
    recorder.record(
        CommandRejected, rule=rule, text=text, received=_NOT_KEPT if standard_mark_in(received) else received[:2_000]
    )
    return tuple(recorder.events)


def _archive_when_nothing_is_open(recorder: EventRecorder, now: datetime) -> None:
    state = recorder.project
    if state.closed or any(m.stage not in CLOSED_STAGES for m in state.milestones.values()):
        return
    # An inspection or a directive outlives the milestones: its rectification is still to be seen through.
    if not (state.directives or any(milestone.inspection for milestone in state.milestones.values())):
        end_all_limits(recorder, now)
        recorder.record(ProjectArchived)
        return
    for limit in state.limits.values():
        if limit.kind == "declined_assignment":  # nothing is left to be assigned
            end_limit(recorder, limit, now, answered=False)
