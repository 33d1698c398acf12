"""What if: the same commands of a year under another policy, and what would have been different.

Both policies are played over the same commands at the same instants with an engine that is never away, so that only
the policy can make a difference; `unexplained` counts the events that the ledger has otherwise, under its own policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from domain.colours import Colour
from domain.events import (
    DeadlineBreached,
    DomainEvent,
    EscalationOrderIssued,
    InspectionNotOpened,
    InspectionOpened,
    LimitEscalated,
    LimitPassed,
    LimitReminderIssued,
    PaceWarningIssued,
    ReminderIssued,
    ReportPeriodMissed,
    UrgeIssued,
)
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.rules.calendar import office_instant
from domain.rules.policy import SupervisionPolicy
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.lights import light_of, light_of_part
from domain.seeing.year_replay import Lived, Played, opened_with, played_side_by_side
from domain.state import ProjectState

_LIGHTS_AT = timedelta(hours=12)
_NOTICES = (
    *(ReminderIssued, UrgeIssued, EscalationOrderIssued, InspectionOpened, InspectionNotOpened, DeadlineBreached),
    *(LimitReminderIssued, LimitPassed, LimitEscalated, PaceWarningIssued, ReportPeriodMissed),
)

Notice = tuple[str, str, str, int]
"""A notice's kind, its milestone (empty for the whole project), what tells it from others, and its round."""


class NoticeDifference(Frozen):
    """One notice or order that only one of the policies issues, or that both issue on different days."""

    kind: str
    project_id: ProjectId
    milestone_id: MilestoneId | None
    what: str
    change: Literal["added", "dropped", "moved"]
    was_on: date | None
    would_be_on: date | None


class LightDifference(Frozen):
    """The days on which one duty would have had another light (seen at noon), first and last of them.

    `department` names a participant, and nobody where the duty is the lead's.
    """

    milestone_id: MilestoneId
    department: DepartmentId | None
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


def foreseen(
    projects: Sequence[Lived], policy: SupervisionPolicy, until: datetime, now: datetime | None = None
) -> Foreseen:
    """The differences that another policy makes for what the projects have lived through, up to an instant.

    `now` is how far the ledger goes, where `until` lies after it.
    """
    known_until = min(until, now or until)
    notices: list[NoticeDifference] = []
    lights: list[LightDifference] = []
    rejected: list[str] = []
    unexplained = 0
    owns = played_side_by_side([(lived, opened_with(lived).policy) for lived in projects], until)
    others = played_side_by_side([(lived, policy) for lived in projects], until)
    for lived, own, other in zip(projects, owns, others, strict=True):
        recorded, opened = lived.events, opened_with(lived)
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


def _notices(events: Sequence[DomainEvent]) -> dict[Notice, date]:
    found: dict[Notice, date] = {}
    for event in events:
        if isinstance(event, _NOTICES):
            kind, milestone_id, what, ordinal = _notice(event)
            while (kind, milestone_id, what, ordinal) in found:
                ordinal += 1  # a second matter of the same kind
            found[kind, milestone_id, what, ordinal] = event.decided_at.date()
    return found


def _notice(event: DomainEvent) -> Notice:  # noqa: PLR0911 - one form for each kind of notice
    match event:
        case ReminderIssued():
            what = f"提前{event.working_days_before}个工作日 {event.department or ''}".strip()
            return event.type, event.milestone_id, what, event.round
        case EscalationOrderIssued():
            return event.type, event.milestone_id, f"{event.level} {event.to}", event.round
        case UrgeIssued():
            by_hand = f"{event.reason} {event.cause}" if event.reason is not None else ""
            return event.type, event.milestone_id, f"{event.department or ''} {by_hand}".strip(), event.round
        case DeadlineBreached():
            return event.type, event.milestone_id, event.department or "", event.round
        case InspectionOpened():
            return event.type, event.milestone_id, event.level or "", event.round
        case InspectionNotOpened():
            return event.type, event.milestone_id or "", event.reason, 0
        case PaceWarningIssued():
            return event.type, event.milestone_id, f"时间过{event.percent}%", 0
        case ReportPeriodMissed():
            return event.type, event.milestone_id, f"第{event.period}期", 0
        case LimitReminderIssued():
            what = f"{LIMIT_WORDS[event.kind]} {event.to} 提前{event.working_days_before}个工作日"
            return event.type, event.milestone_id or "", what, 0
        case LimitEscalated():
            return event.type, event.milestone_id or "", f"{LIMIT_WORDS[event.kind]} {event.owner} → {event.to}", 0
        case LimitPassed():
            return event.type, event.milestone_id or "", f"{LIMIT_WORDS[event.kind]} {event.owner}", 0
        case _:
            raise AssertionError(f"{event.type} is no notice")


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
                    milestone_id=milestone_id or None,
                    what=what,
                    change=change,
                    was_on=was,
                    would_be_on=would,
                )
            )
    return found


def _light_differences(own: Played, other: Played, since: datetime, until: datetime) -> list[LightDifference]:
    days: dict[tuple[MilestoneId, DepartmentId | None, Colour, Colour], list[date]] = {}
    day = since.date()
    while (noon := office_instant(day, datetime.min.time()) + _LIGHTS_AT) <= until:
        mine, theirs = own.at(noon), other.at(noon)
        if mine is not None and theirs is not None:
            here, there = _lights(mine, noon), _lights(theirs, noon)
            for duty in here.keys() & there.keys():
                if here[duty] != there[duty]:
                    days.setdefault((*duty, here[duty], there[duty]), []).append(day)
        day += timedelta(days=1)
    return [
        LightDifference(
            milestone_id=key[0], department=key[1], was=key[2], would_be=key[3], days=len(on), first=on[0], last=on[-1]
        )
        for key, on in sorted(days.items(), key=lambda row: (row[0][0], row[0][1] or "", row[1][0]))
    ]


def _lights(state: ProjectState, at: datetime) -> dict[tuple[MilestoneId, DepartmentId | None], Colour]:
    lights: dict[tuple[MilestoneId, DepartmentId | None], Colour] = {}
    for milestone_id, milestone in state.milestones.items():
        lights[milestone_id, None] = light_of(state, milestone_id, at).colour
        for name in milestone.parts:
            lights[milestone_id, name] = light_of_part(state, milestone_id, name, at).colour
    return lights
