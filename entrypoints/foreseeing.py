"""What if: the same commands of a year under another policy, and what would have been different.

Both policies are played over the same commands at the same instants with an engine that is never away, so that only
the policy can make a difference; `unexplained` counts the events that the ledger has otherwise, under its own policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from domain.actors import actor_from_text
from domain.amending import is_amendment
from domain.calendar import office_instant
from domain.commands import (
    AcceptCompletion,
    AnyCommand,
    ReportProgress,
    RequestCompletion,
    ReturnForRework,
    StrikeOff,
    Urge,
    Withdraw,
)
from domain.decisions import decide
from domain.docketing import docket
from domain.errors import RejectedError
from domain.events import (
    CompletionRequested,
    DeadlineBreached,
    DomainEvent,
    EscalationOrderIssued,
    InspectionOpened,
    MilestoneCompleted,
    MilestoneReturnedForRework,
    MilestoneStruckOff,
    MilestoneWithdrawn,
    NoticeNotSent,
    ProgressReported,
    ProjectArchived,
    ProjectDocketed,
    ProjectWithdrawn,
    ReadingRuled,
    ReminderIssued,
    RetrospectiveReportRequested,
    UrgeIssued,
)
from domain.evolution import fold
from domain.ids import MilestoneId, ProjectId
from domain.ladder import REQUEST_CAUSE, START_CAUSE
from domain.lights import Colour, light_of
from domain.policy import SupervisionPolicy
from domain.project import Frozen, ListHeader
from domain.readings import reading_of
from domain.state import ProjectState
from domain.wakeups import next_wakeup, wake

_LIGHTS_AT = timedelta(hours=12)
_NOTICES = (ReminderIssued, UrgeIssued, EscalationOrderIssued, InspectionOpened, DeadlineBreached)

Notice = tuple[str, MilestoneId, str, int]


class NoticeDifference(Frozen):
    """One notice or order that only one of the policies issues, or that both issue on different days."""

    kind: str
    project_id: ProjectId
    milestone_id: MilestoneId
    what: str
    change: Literal["added", "dropped", "moved"]
    was_on: date | None
    would_be_on: date | None


class LightDifference(Frozen):
    """The days on which one milestone would have had another light (seen at noon), first and last of them."""

    milestone_id: MilestoneId
    was: Colour
    would_be: Colour
    days: int
    first: date
    last: date


class Foreseen(Frozen):
    """What another policy would have made of the same commands."""

    notices: tuple[NoticeDifference, ...]
    lights: tuple[LightDifference, ...]
    rejected: tuple[str, ...]
    unexplained: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Played:
    events: list[DomainEvent]
    states: list[tuple[datetime, ProjectState]]
    rejected: list[str]

    def at(self, instant: datetime) -> ProjectState | None:
        found = None
        for since, state in self.states:
            if since > instant:
                break
            found = state
        return found


def foreseen(
    streams: Sequence[Sequence[DomainEvent]], policy: SupervisionPolicy, until: datetime, now: datetime | None = None
) -> Foreseen:
    """The differences that another policy makes, for the recorded events of each project, up to an instant.

    `now` is how far the ledger goes, where `until` lies after it.
    """
    known_until = min(until, now or until)
    notices: list[NoticeDifference] = []
    lights: list[LightDifference] = []
    rejected: list[str] = []
    unexplained = 0
    for recorded in streams:
        opened = recorded[0]
        assert isinstance(opened, ProjectDocketed)
        own, other = _play(recorded, opened.policy, until), _play(recorded, policy, until)
        so_far = [[event for event in each if event.decided_at <= known_until] for each in (recorded, own.events)]
        unexplained += len(_notices(so_far[0]).items() ^ _notices(so_far[1]).items())
        notices += _notice_differences(opened.project.project_id, _notices(own.events), _notices(other.events))
        lights += _light_differences(own, other, opened.decided_at, until)
        rejected += other.rejected
    counts: dict[str, int] = {}
    for notice in notices:
        key = f"{notice.kind} {notice.change}"
        counts[key] = counts.get(key, 0) + 1
    return Foreseen(
        notices=tuple(notices),
        lights=tuple(lights),
        rejected=tuple(rejected),
        unexplained=unexplained,
        counts=dict(sorted(counts.items())),
    )


def _play(recorded: Sequence[DomainEvent], policy: SupervisionPolicy, now: datetime) -> _Played:
    opened = recorded[0]
    assert isinstance(opened, ProjectDocketed)
    listed = ListHeader(
        document_number=opened.document_number,
        title=opened.list_title,
        issuer=None,
        issued_on=opened.issued_on,
        year=opened.year,
    )
    rulings = [
        reading_of(event) for event in recorded if isinstance(event, ReadingRuled) and event.cause == START_CAUSE
    ]
    events = docket(listed, opened.project, policy, opened.calendar, opened.decided_at, rulings)
    state = fold(events)
    assert state is not None
    played = _Played(list(events), [(opened.decided_at, state)], [])
    for event in recorded:
        if not event.cause.startswith(REQUEST_CAUSE):
            continue
        state = _wait(played, state, event.decided_at)
        made = _commanded(played, state, event)
        state = _taken(played, state, made, event.decided_at)
    _wait(played, state, now)
    return played


def _wait(played: _Played, state: ProjectState, until: datetime) -> ProjectState:
    at, since = next_wakeup(state, played.states[-1][0]), played.states[-1][0]
    while at is not None and at <= until:
        at = max(at, since)
        made = wake(state, at)
        if not made:
            since, at = at, next_wakeup(state, at)
            if at is None or at <= since:
                break
            continue
        state = _taken(played, state, made, at)
        since, at = at, next_wakeup(state, at)
    return state


def _taken(played: _Played, state: ProjectState, made: Sequence[DomainEvent], at: datetime) -> ProjectState:
    after = fold(made, state)
    assert after is not None
    if made:
        played.events.extend(made)
        played.states.append((at, after))
    return after


def _commanded(played: _Played, state: ProjectState, event: DomainEvent) -> tuple[DomainEvent, ...]:
    command = command_of(event)
    applied = event.cause.removeprefix(REQUEST_CAUSE) in state.applied
    if (
        is_amendment(event)
        or (applied and isinstance(event, MilestoneWithdrawn | RetrospectiveReportRequested | NoticeNotSent))
        or isinstance(event, ReadingRuled)
    ):
        # One amendment makes many events, and what the list says is no affair of the policy: each stays as it was.
        return (_renumbered(event, state),)
    if command is None:
        if isinstance(event, DeadlineBreached | ProjectArchived):
            return ()  # follows from the command that it came with
        # What is no command of this policy's affair (an event of a later version) stays as it was.
        return () if applied else (_renumbered(event, state),)
    try:
        return decide(state, command, event.decided_at)
    except RejectedError as error:
        played.rejected.append(f"{event.decided_at:%Y-%m-%d} {command.request_id}：{error.text}")
        return ()


def _renumbered(event: DomainEvent, state: ProjectState) -> DomainEvent:
    return event.model_copy(update={"seq": state.next_seq})


def command_of(event: DomainEvent) -> AnyCommand | None:  # noqa: PLR0911 - one command for each event
    """The command that an event was the answer to, or none when the event follows from something else."""
    if not event.cause.startswith(REQUEST_CAUSE):
        return None
    request_id, by = event.cause.removeprefix(REQUEST_CAUSE), actor_from_text(event.actor)
    match event:
        case ProgressReported():
            return ReportProgress(
                request_id=request_id,
                by=by,
                milestone_id=event.milestone_id,
                text=event.text,
                done_on=event.done_on,
                quantity=event.quantity,
                evidence=event.evidence,
            )
        case CompletionRequested():
            return RequestCompletion(
                request_id=request_id,
                by=by,
                milestone_id=event.milestone_id,
                text=event.text,
                done_on=event.done_on,
                quantity=event.quantity,
                evidence=event.evidence,
            )
        case MilestoneCompleted():
            return AcceptCompletion(request_id=request_id, by=by, milestone_id=event.milestone_id, note=event.note)
        case MilestoneReturnedForRework():
            return ReturnForRework(request_id=request_id, by=by, milestone_id=event.milestone_id, reason=event.reason)
        case MilestoneStruckOff():
            return StrikeOff(request_id=request_id, by=by, milestone_id=event.milestone_id)
        case UrgeIssued(reason=str() as reason):
            return Urge(request_id=request_id, by=by, milestone_id=event.milestone_id, reason=reason)
        case MilestoneWithdrawn():
            return Withdraw(request_id=request_id, by=by, milestone_id=event.milestone_id, reason=event.reason)
        case ProjectWithdrawn():
            return Withdraw(request_id=request_id, by=by, reason=event.reason)
        case _:
            return None


def _notices(events: Sequence[DomainEvent]) -> dict[Notice, date]:
    return {_notice(event): event.decided_at.date() for event in events if isinstance(event, _NOTICES)}


def _notice(
    event: ReminderIssued | UrgeIssued | EscalationOrderIssued | InspectionOpened | DeadlineBreached,
) -> Notice:
    what = ""
    match event:
        case ReminderIssued():
            what = f"提前{event.working_days_before}个工作日"
        case EscalationOrderIssued():
            what = f"{event.level} {event.to}"
        case UrgeIssued(reason=str() as reason):
            what = f"{reason} {event.cause}"
        case InspectionOpened():
            what = event.level or ""
        case _:
            pass
    return event.type, event.milestone_id, what, event.round


def _notice_differences(
    project_id: ProjectId, own: dict[Notice, date], other: dict[Notice, date]
) -> list[NoticeDifference]:
    found = []
    for notice in sorted(own.keys() | other.keys(), key=lambda key: (own.get(key) or other[key], key)):
        was, would = own.get(notice), other.get(notice)
        if was != would:
            change: Literal["added", "dropped", "moved"] = "moved" if was and would else "dropped" if was else "added"
            kind, milestone_id, what, _ = notice
            found.append(
                NoticeDifference(
                    kind=kind,
                    project_id=project_id,
                    milestone_id=milestone_id,
                    what=what,
                    change=change,
                    was_on=was,
                    would_be_on=would,
                )
            )
    return found


def _light_differences(own: _Played, other: _Played, since: datetime, until: datetime) -> list[LightDifference]:
    days: dict[tuple[MilestoneId, Colour, Colour], list[date]] = {}
    day = since.date()
    while (noon := office_instant(day, datetime.min.time()) + _LIGHTS_AT) <= until:
        mine, theirs = own.at(noon), other.at(noon)
        if mine is not None and theirs is not None:
            for milestone_id in mine.milestones.keys() & theirs.milestones.keys():
                was = light_of(mine, milestone_id, noon).colour
                would = light_of(theirs, milestone_id, noon).colour
                if was != would:
                    days.setdefault((milestone_id, was, would), []).append(day)
        day += timedelta(days=1)
    return [
        LightDifference(milestone_id=key[0], was=key[1], would_be=key[2], days=len(on), first=on[0], last=on[-1])
        for key, on in sorted(days.items(), key=lambda row: (row[0][0], row[1][0]))
    ]
