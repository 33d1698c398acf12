"""The score of a period from the entries alone: a second program's answer, by the rules that were published.

It shares no code with the one that published the table. Whoever holds a bundle computes the same numbers offline:
`python -m verifier score BUNDLE PERIOD`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from math import floor
from typing import Any

from verifier.due import due_days
from verifier.roles import held_roles

SCORES = "log/score"
_PROJECTS = "key-project/"
_OFFICE = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)
_ADDED = {"early", "evidenced", "praised"}
_ENDS_OF_LATENESS = {
    "CompletionRequested",
    "DeadlineExtended",
    "GraceGranted",
    "MilestoneWithdrawn",
}
_ENDS_WITH_THE_YEAR = {"MilestoneCarriedOver", "MilestoneEnded"}

Event = Mapping[str, Any]


@dataclass
class Score:
    """What one department has in one project: its weight, its points by key, its score; where nothing is due of it, it
    is not `based`, and its score is that of its points alone."""

    weight: int
    points: dict[str, int] = field(default_factory=dict)
    score: int = 0
    based: bool = True


Table = dict[str, dict[str, Score]]
"""By department and project."""


def scored(events: Iterable[Event], published: Mapping[str, Any], acts: Iterable[Event] = ()) -> Table:
    """The table of a period: `published` says its rules and days, and under which names a department stood before the
    one that it was published under; `acts` are the entries about scores."""
    names = {former: each["department"] for each in published.get("scores", ()) for former in each.get("formerly", ())}
    rules, first, last = published["rules"], _day(published["from_on"]), _day(published["until"])
    corrections, falsified = said_about(acts, published)
    streams: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        # A sub-duty (`05a_03_01`) counts in the project whose milestone it is a part of.
        if event["stream"].startswith(_PROJECTS) and "_" not in event["stream"]:
            streams[event["stream"]].append(event)
    table: Table = defaultdict(dict)
    for stream, told in streams.items():
        project = str(told[0]["data"]["project"]["project_id"])
        points: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        for name, key, rule, amount in [*_points(stream, told, rules, first, last), *falsified.get(project, ())]:
            points[names.get(name, name)].append((key, rule, corrections.get(key, amount)))
        due, had = _roles(told, first, _day(published["to_on"]))
        now = {name: names.get(name, name) for name in had}
        based = {now[name] for name in due}
        for name in sorted(based | {now[name] for name in had if points.get(now[name])}):
            roles = [role for each, role in (due if name in based else had).items() if now[each] == name]
            own = points[name]
            added = sum(amount for _, rule, amount in own if rule in _ADDED)
            deducted = sum(amount for _, rule, amount in own if rule not in _ADDED)
            moved = min(added, rules["added_at_most"]) + deducted
            table[name][project] = Score(
                weight=rules["lead_weight" if "lead" in roles else "participant_weight"],
                points={key: amount for key, _, amount in own},
                score=max(rules["lowest"], min(rules["highest"], rules["base"] + moved)) if name in based else moved,
                based=name in based,
            )
    return dict(table)


def hundredths(scores: Iterable[Score], rules: Mapping[str, Any]) -> int:
    """A department's score in hundredths, a half rounded up: the mean of what has a base, moved by what has none."""
    told = list(scores)
    based = [each for each in told if each.based]
    weight = sum(each.weight for each in based)
    mean = Fraction(sum(each.weight * each.score for each in based), weight) if based else Fraction(rules["base"])
    alone = sum(each.weight * each.score for each in told if not each.based)
    moved = Fraction(alone, sum(each.weight for each in told))
    hundred_fold = floor((mean + moved) * 100 + Fraction(1, 2))
    return int(max(100 * rules["lowest"], min(100 * rules["highest"], hundred_fold)))


def said_about(
    acts: Iterable[Event], published: Mapping[str, Any]
) -> tuple[dict[str, int], dict[str, list[tuple[str, str, str, int]]]]:
    """What appeals and corrections of the period said, by the key of a point, and the false reports that were found."""
    corrections: dict[str, int] = {}
    falsified: dict[str, list[tuple[str, str, str, int]]] = defaultdict(list)
    for act in acts:
        data = act["data"]
        if act["type"] == "score.falsified":
            if published["from_on"] <= data["on"] <= published["to_on"]:
                key = f"{data['event_id']}/falsified"
                found = (data["department"], key, "falsified", -published["rules"]["falsified"])
                falsified[data["project_id"]].append(found)
        elif data.get("period") == published["period"] and data.get("points") is not None and _changes(act):
            corrections[data["point"]] = data["points"]
    return corrections, falsified


def _changes(act: Event) -> bool:
    return bool(act["type"] == "score.corrected" or (act["type"] == "score.ruled" and act["data"]["granted"]))


def _roles(told: list[Event], first: date, last: date) -> tuple[dict[str, str], dict[str, str]]:
    """From whom something is due in a period, and who had a duty by its end at all: as what (who leads on a day of what
    is due is no participant)."""
    held, due = held_roles(told, _day_of), dict[str, str]()
    for each in due_days(told, _day_of):
        begin, end = max(each.first, first), min(each.last, last)
        for name, role, part, since, until in held:
            has_it = role == "lead" or (part == each.milestone and not each.lead_alone)
            if has_it and begin <= end and since <= end and begin <= until and due.get(name) != "lead":
                due[name] = role
    return due, {name: role for name, role, _, since, _ in held if since <= last}


def _points(
    stream: str, told: list[Event], rules: Mapping[str, Any], first: date, last: date
) -> Iterable[tuple[str, str, str, int]]:
    """The points of a project: whose, the key, the rule, how many."""
    for name, event, rule, on in _facts(told, rules):
        amount = rules[rule] * (1 if rule in _ADDED else -1)
        if amount and first <= on <= last:
            yield name, f"{stream}#{event['seq']}/{rule}", rule, amount
        if rule == "breach":
            yield from _lateness(name, event, stream, told, rules, first, last)


_Fact = tuple[str, Event, str, date]


def _facts(told: list[Event], rules: Mapping[str, Any]) -> Iterable[_Fact]:
    """What counts for or against a department: who, the event, the rule, the day."""
    lead, due, requests, rectified = "", dict[str, date | None](), dict[str, Event](), dict[str, str]()
    delivered: dict[tuple[str, str], Event] = {}
    for event in told:
        data, where = event["data"], event["data"].get("milestone_id")
        match event["type"]:
            case "ProjectDocketed":
                lead = data["project"]["lead_department"]
                due.update((each["milestone_id"], _given(each)) for each in data["project"]["milestones"])
            case "LeadReassigned":
                lead = data["after"]
            case "MilestoneAdded":
                due[where] = _given(data["milestone"])
            case "MilestoneAmended" if data["before"]["due_on"] != data["after"]["due_on"]:
                due[where] = _day_or_none(data["after"]["due_on"])
            case "CompletionRequested":
                requests[where] = event
            case "PartDelivered":
                delivered[where, data["department"]] = event
            case "RectificationReported":
                rectified[where] = data["department"]
            case "MilestoneReturnedForRework":
                yield _asked_by(requests.get(where), lead), event, "returned", _day_of(event)
            case "MilestoneCompleted":
                parts = [delivered.pop(each) for each in [*delivered] if each[0] == where]
                yield from _accepted(event, requests.get(where), parts, lead, due.get(where), rules)
            case "RectificationReturned":
                yield rectified.get(where, lead), event, "returned", _day_of(event)
            case _:
                yield from _faults(lead, event)


def _given(milestone: Mapping[str, Any]) -> date | None:
    """The day by which work is due as it is given; none where that was over before."""
    return None if milestone["born_late"] else _day_or_none(milestone["due_on"])


def _asked_by(request: Event | None, lead: str) -> str:
    # Who asked for it has done it, though another leads since.
    return str(request["data"]["department"]) if request else lead


def _accepted(
    event: Event, request: Event | None, parts: list[Event], lead: str, due_on: date | None, rules: Mapping[str, Any]
) -> Iterable[_Fact]:
    """What an acceptance brings: the parts of the participants are reviewed with their whole."""
    yield from _work(_asked_by(request, lead), event, request, due_on, rules, _day_of(event))
    for part in parts:
        yield from _work(part["data"]["department"], part, part, due_on, rules, _day_of(event))


def _work(
    name: str, event: Event, shown: Event | None, due_on: date | None, rules: Mapping[str, Any], on: date
) -> Iterable[_Fact]:
    if due_on is not None and 0 < (due_on - _day(event["data"]["done_on"])).days >= rules["early_days"]:
        yield name, event, "early", on
    if shown is not None and shown["data"]["evidence"]:
        yield name, shown, "evidenced", on


def _faults(lead: str, event: Event) -> Iterable[_Fact]:
    data = event["data"]
    match event["type"]:
        case "DeadlineBreached":
            yield data.get("department") or lead, event, "breach", _day(data["due_on"])
        case "ReportPeriodMissed":
            yield lead, event, "missing_report", _day(data["ended_on"])
        case "LimitPassed" if data["kind"] == "receipt":
            yield data["owner"], event, "late_receipt", _day(data["due_on"])
        case "BulletinPublished":
            yield data["department"], event, _bulletin(data), _day_of(event)
        case _:
            pass


def _bulletin(data: Mapping[str, Any]) -> str:
    return "praised" if data["kind"] == "praise" else "criticised"


def _lateness(
    name: str, breach: Event, stream: str, told: list[Event], rules: Mapping[str, Any], first: date, last: date
) -> Iterable[tuple[str, str, str, int]]:
    """The days of one breach: counted one by one, from the day after the date to its answer."""
    where, part = breach["data"]["milestone_id"], breach["data"].get("department")
    spans = _answers(told, breach, where, part)
    day, days = _day(breach["data"]["due_on"]) + _DAY, 0
    while day <= min(last, spans[-1][1]):
        counts = any(since <= day <= until for since, until in spans)
        if counts and day >= first and not (rules["excuse_stopped_days"] and _stood_still(told, where, part, day)):
            days += 1
        day += _DAY
    if days and rules["breach_day"]:
        amount = min(days * rules["breach_day"], rules["breach_days_at_most"])
        yield name, f"{stream}#{breach['seq']}/breach_days", "breach_days", -amount


def _answers(told: list[Event], breach: Event, where: str, part: str | None) -> list[tuple[date, date]]:
    """From when to when the breach lasts: it goes on where the project is reopened, and for a participant where the
    lead's request is returned."""
    spans: list[tuple[date, date]] = []
    since, by = date.min, ""
    for event in told:
        if event["seq"] <= breach["seq"]:
            continue
        kind, data, on = event["type"], event["data"], _day_of(event)
        here = data.get("milestone_id") == where
        if by == "the end" and kind == "ProjectReopened":
            since, by = spans.pop()[0], ""
        elif by == "CompletionRequested" and part and here and kind == "MilestoneReturnedForRework":
            since, by = max(on, spans[-1][1]) + _DAY, ""
        before = by
        if by in ("", "CompletionRequested") and (
            (kind in _ENDS_OF_LATENESS and here)
            or (kind == "MilestoneAmended" and here and data["before"]["due_on"] != data["after"]["due_on"])
            or (kind == "DutyHandedOver" and here and part is None)
            or (kind == "PartDelivered" and here and part == data["department"])
            or (part is not None and part in _released(kind, data, where))
        ):
            by = kind
        elif not by and ((kind in _ENDS_WITH_THE_YEAR and here) or kind in ("ProjectArchived", "ProjectWithdrawn")):
            by = "the end"
        if by and not before:
            spans.append((since, on))
    return spans if by else [*spans, (since, date.max)]


def _released(kind: str, data: Mapping[str, Any], where: str) -> list[str]:
    """The departments that an event releases from taking part in a milestone."""
    match kind:
        case "ParticipantReplaced" if data["milestone_id"] in (None, where):
            return [data["before"]]
        case "LeadReassigned":
            return [data["after"]]
        case "ProjectAmended":
            before, after = (data[when]["participating_departments"] for when in ("before", "after"))
            return [name for name in before if name not in after]
        case _:
            return []


def _stood_still(told: list[Event], where: str, part: str | None, day: date) -> bool:
    since: dict[tuple[Any, Any], date] = {}
    closed = False
    for event in told:
        data = event["data"]
        if event["type"] in ("YearClosed", "ProjectReopened"):
            closed = event["type"] == "YearClosed"
        if closed and event["type"] == "ClockResumed":
            continue  # a reopened project stands as before: what the closing let go on stood still
        if part is not None and part in _released(event["type"], data, where):
            # What stopped its own clock is over with the day of its release.
            if any(since.pop(key) <= day <= _day_of(event) for key in [*since] if key[0] == part):
                return True
            continue
        if event["type"] not in ("ClockStopped", "ClockResumed") or data["milestone_id"] != where:
            continue
        if data["department"] not in (None, part) or data["because"] == "completion_review":
            continue
        key = (data["department"], data["because"])
        if event["type"] == "ClockStopped":
            since[key] = _day_of(event)
        elif key in since and since.pop(key) <= day < _day_of(event):
            return True
    return any(begun <= day for begun in since.values())


def _day_of(event: Event) -> date:
    text = event.get("occurred") or event["data"]["occurred_at"]
    return datetime.fromisoformat(text).astimezone(_OFFICE).date()


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return None if text is None else _day(text)
