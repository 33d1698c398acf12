"""What if: the same commands of a year under another policy, and what would have been different.

Both policies are played over the same commands at the same instants with an engine that is never away, so that only
the policy can make a difference; `unexplained` counts the events that the ledger has otherwise, under its own policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

from domain import events as e
from domain.colours import Colour
from domain.frozen import Frozen
from domain.ids import DepartmentId, MilestoneId, ProjectId
from domain.rules.changed_rules import Change, Path, changed_rules, told_apart
from domain.rules.policy import SupervisionPolicy
from domain.rungs.limits import LIMIT_WORDS
from domain.seeing.daily_lights import Duty, colours_by_day
from domain.seeing.year_replay import Lived, Played, opened_with, played_side_by_side

_NOTICES = (
    *(
        e.ReminderIssued,
        e.UrgeIssued,
        e.EscalationOrderIssued,
        e.InspectionOpened,
        e.InspectionNotOpened,
        e.DeadlineBreached,
    ),
    *(e.LimitReminderIssued, e.LimitPassed, e.LimitEscalated, e.PaceWarningIssued, e.ReportPeriodMissed),
)

Notice = tuple[str, str, str, int]
"""A notice's kind, its milestone (empty for the whole project), what tells it from others, and its round."""

ColoursByDay = Mapping[date, Mapping[Duty, Colour]]


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


class RuleEffect(Frozen):
    """What one changed rule alone would make different: notices by kind and change, days of a duty with another light,
    commands that would be refused. Rules that cannot stand alone are told together."""

    rules: tuple[str, ...]
    counts: dict[str, int]
    light_days: int
    rejected: int


class Foreseen(Frozen):
    """What another policy would have made of the same commands; `counts` and `light_days` are the total, `by_rule` is
    the effect of each changed rule by itself. Where rules act upon each other, the total is no sum."""

    notices: tuple[NoticeDifference, ...]
    lights: tuple[LightDifference, ...]
    rejected: tuple[str, ...]
    unexplained: int
    counts: dict[str, int]
    light_days: int
    by_rule: tuple[RuleEffect, ...]

    @property
    def is_sum(self) -> bool:
        """Whether the total is the sum of what each rule does alone."""
        alone: Counter[str] = Counter()
        for effect in self.by_rule:
            alone.update(effect.counts)
        days = sum(effect.light_days for effect in self.by_rule)
        return (dict(alone), days) == (self.counts, self.light_days)


def foreseen(
    projects: Sequence[Lived],
    policy: SupervisionPolicy,
    until: datetime,
    now: datetime | None = None,
    names: Mapping[DepartmentId, DepartmentId] = MappingProxyType({}),
) -> Foreseen:
    """The differences that another policy makes for what the projects have lived through, up to an instant.

    `now` is how far the ledger goes, where `until` lies after it; `names` lead from one that a department had before to
    that under which its inspections are counted.
    """
    known_until = min(until, now or until)
    unexplained = 0
    changes = [_change(lived, policy) for lived in projects]
    owns = played_side_by_side([(lived, each.own) for lived, each in zip(projects, changes, strict=True)], until, names)
    for lived, own in zip(projects, owns, strict=True):
        so_far = [[event for event in each if event.decided_at <= known_until] for each in (lived.events, own.events)]
        unexplained += len(_notices(so_far[0]).items() ^ _notices(so_far[1]).items())
    shown = [dict(colours_by_day(own.states, until)) for own in owns]
    total = _differences(projects, owns, shown, [each.other for each in changes], until, names)
    apart = told_apart(changes)
    by_rule = []
    for paths in apart:
        alone = total
        if len(apart) > 1:
            mixed = [each.alone(paths) for each in changes]
            alone = _differences(projects, owns, shown, mixed, until, names)
        effect = RuleEffect(
            rules=tuple(".".join(path) for path in paths),
            counts=_counts(alone.notices),
            light_days=_days(alone.lights),
            rejected=len(alone.rejected),
        )
        by_rule.append(effect)
    return Foreseen(
        notices=tuple(total.notices),
        lights=tuple(total.lights),
        rejected=tuple(total.rejected),
        unexplained=unexplained,
        counts=_counts(total.notices),
        light_days=_days(total.lights),
        by_rule=tuple(by_rule),
    )


class _Differences(NamedTuple):
    notices: list[NoticeDifference]
    lights: list[LightDifference]
    rejected: list[str]


def _change(lived: Lived, policy: SupervisionPolicy) -> Change[SupervisionPolicy]:
    """A project's own policy, and what the other one is for it.

    What the other policy has for a category or for this project alone is told under that, and not under the rule of the
    list, which does not hold here.
    """
    opened = opened_with(lived)
    project = opened.project
    other = policy.for_project(project.project_id, project.category)
    shows_at: dict[Path, list[Path]] = {}
    for path in changed_rules(opened.policy, other):
        rule = path
        if path[0] == "life_cycle":
            table = policy.life_cycle_of.given_by(path[1], project.project_id, project.category)
            rule = ("life_cycle_of", table) if table else path
        shows_at.setdefault(rule, []).append(path)
    return Change(opened.policy, other, shows_at)


def _differences(
    projects: Sequence[Lived],
    owns: Sequence[Played],
    shown: Sequence[ColoursByDay],
    policies: Sequence[SupervisionPolicy],
    until: datetime,
    names: Mapping[DepartmentId, DepartmentId],
) -> _Differences:
    """What differs from what was played, and shown, under the projects' own policies."""
    found = _Differences([], [], [])
    others = played_side_by_side(list(zip(projects, policies, strict=True)), until, names)
    for lived, own, own_colours, other in zip(projects, owns, shown, others, strict=True):
        project_id = opened_with(lived).project.project_id
        found.notices.extend(_notice_differences(project_id, _notices(own.events), _notices(other.events)))
        found.lights.extend(_light_differences(own_colours, dict(colours_by_day(other.states, until))))
        found.rejected.extend(other.rejected)
    return found


def _counts(notices: Sequence[NoticeDifference]) -> dict[str, int]:
    return dict(sorted(Counter(f"{notice.kind} {notice.change}" for notice in notices).items()))


def _days(lights: Sequence[LightDifference]) -> int:
    return sum(light.days for light in lights)


def _notices(events: Sequence[e.DomainEvent]) -> dict[Notice, date]:
    found: dict[Notice, date] = {}
    for event in events:
        if isinstance(event, _NOTICES):
            kind, milestone_id, what, ordinal = _notice(event)
            while (kind, milestone_id, what, ordinal) in found:
                ordinal += 1  # a second matter of the same kind
            found[kind, milestone_id, what, ordinal] = event.decided_at.date()
    return found


def _notice(event: e.DomainEvent) -> Notice:  # noqa: PLR0911 - one form for each kind of notice
    match event:
        case e.ReminderIssued():
            what = f"提前{event.working_days_before}个工作日 {event.department or ''}".strip()
            return event.type, event.milestone_id, what, event.round
        case e.EscalationOrderIssued():
            return event.type, event.milestone_id, f"{event.level} {event.to}", event.round
        case e.UrgeIssued():
            by_hand = f"{event.reason} {event.cause}" if event.reason is not None else ""
            return event.type, event.milestone_id, f"{event.department or ''} {by_hand}".strip(), event.round
        case e.DeadlineBreached():
            return event.type, event.milestone_id, event.department or "", event.round
        case e.InspectionOpened():
            return event.type, event.milestone_id, event.level or "", event.round
        case e.InspectionNotOpened():
            return event.type, event.milestone_id or "", event.reason, 0
        case e.PaceWarningIssued():
            return event.type, event.milestone_id, f"时间过{event.percent}%", 0
        case e.ReportPeriodMissed():
            return event.type, event.milestone_id, f"第{event.period}期", 0
        case e.LimitReminderIssued():
            what = f"{LIMIT_WORDS[event.kind]} {event.to} 提前{event.working_days_before}个工作日"
            return event.type, event.milestone_id or "", what, 0
        case e.LimitEscalated():
            return event.type, event.milestone_id or "", f"{LIMIT_WORDS[event.kind]} {event.owner} → {event.to}", 0
        case e.LimitPassed():
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


def _light_differences(own: ColoursByDay, other: ColoursByDay) -> list[LightDifference]:
    days: dict[tuple[MilestoneId, DepartmentId | None, Colour, Colour], list[date]] = {}
    for day in own.keys() & other.keys():
        here, there = own[day], other[day]
        for duty in here.keys() & there.keys() if here != there else ():
            if here[duty] != there[duty]:
                days.setdefault((*duty, here[duty], there[duty]), []).append(day)
    return [
        LightDifference(
            milestone_id=key[0],
            department=key[1],
            was=key[2],
            would_be=key[3],
            days=len(on),
            first=min(on),
            last=max(on),
        )
        for key, on in sorted(days.items(), key=lambda row: (row[0][0], row[0][1] or "", row[1][0]))
    ]
