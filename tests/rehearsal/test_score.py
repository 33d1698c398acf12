"""The score of a rehearsed year, against a second program that knows the events alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from domain.events import DomainEvent, ReminderAcknowledged
from domain.rules.score_rules import ScoreRules
from domain.scoring.period import Period
from domain.scoring.table import ScoreTable, differences, effect_of, score_table
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.expected import facts_of
from tests.rehearsal.notice_2018 import the_list
from verifier.score import hundredths, scored

BEHAVIOURS = ("silent", "on-time", "late:4", "silent:组织部", "early:60")
YEAR = Period(name="2018", from_on=date(2018, 1, 1), to_on=date(2018, 12, 31))
MAY = Period(name="2018-05", from_on=date(2018, 5, 1), to_on=date(2018, 5, 31))
END = date(2018, 12, 31)


def table_of(year: RehearsedYear, rules: ScoreRules, period: Period) -> ScoreTable:
    """The product's own table."""
    return score_table(year.events.values(), rules, period, END)


def told(streams: Mapping[str, Sequence[DomainEvent]]) -> Iterator[dict[str, Any]]:
    """The events as an auditor's bundle has them: plain values."""
    for stream, events in streams.items():
        for event in events:
            yield {"stream": stream, "type": event.type, "seq": event.seq, "data": event.model_dump(mode="json")}


def publication(rules: ScoreRules, period: Period) -> dict[str, Any]:
    """What a publication says of its rules and days."""
    said = period.model_dump(mode="json")
    until = min(END, period.to_on).isoformat()
    return {**said, "period": period.name, "until": until, "rules": rules.model_dump(mode="json")}


@pytest.mark.parametrize("period", [YEAR, MAY], ids=["year", "may"])
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
async def test_a_second_program_comes_to_the_same_points_and_scores(
    rehearsed: Rehearsing, behaviour: str, period: Period
) -> None:
    """Every department, every project, every point by its event, and the score to the hundredth."""
    year, rules = await rehearsed(behaviour), ScoreRules()
    agree(table_of(year, rules, period), year.events, rules, period)


def agree(table: ScoreTable, streams: Mapping[str, Sequence[DomainEvent]], rules: ScoreRules, period: Period) -> None:
    """Both programs say the same of every department, project and point."""
    second = scored(told(streams), publication(rules, period))
    first = {
        row.department: {
            each.project_id: (each.weight, {point.key: point.holds for point in each.points}, each.score)
            for each in row.assignments
        }
        for row in table.departments
    }
    assert first == {
        name: {project: (each.weight, each.points, each.score) for project, each in projects.items()}
        for name, projects in second.items()
    }
    scores = {row.department: row.score for row in table.departments}
    assert scores == {
        name: hundredths(projects.values(), rules.model_dump(mode="json")) for name, projects in second.items()
    }


async def test_each_point_names_an_event_that_says_what_the_point_says(rehearsed: Rehearsing) -> None:
    """The event is of the point's project and milestone, and no event brings the same rule twice."""
    year = await rehearsed("late:4")
    by_id = {f"{stream}#{event.seq}": event for stream, events in year.events.items() for event in events}
    points = [point for row in table_of(year, ScoreRules(), YEAR).departments for point in row.points]
    assert len(points) > 50
    assert len({(point.key, point.department) for point in points}) == len(points)
    for point in points:
        assert getattr(by_id[point.event_id], "milestone_id", None) == point.milestone_id


async def test_who_does_the_work_in_time_keeps_the_base_and_who_is_silent_does_not(rehearsed: Rehearsing) -> None:
    """On time nothing is deducted; silent, every department falls to the bottom of what its duties allow."""
    on_time = table_of(await rehearsed("on-time"), ScoreRules(), YEAR)
    assert not [point for row in on_time.departments for point in row.points if point.points < 0]
    assert {row.score for row in on_time.departments} == {10_000}
    silent = table_of(await rehearsed("silent"), ScoreRules(), YEAR)
    assert max(row.score for row in silent.departments) < 10_000


async def test_departments_stand_by_name_and_no_activity_is_counted(rehearsed: Rehearsing) -> None:
    """What a department can repeat at will (a report, a reminder seen, a receipt) brings no point to anybody."""
    year = await rehearsed("late:4")
    table = table_of(year, ScoreRules(), YEAR)
    assert [row.department for row in table.departments] == sorted(row.department for row in table.departments)

    def busy(events: Iterable[DomainEvent]) -> Iterator[DomainEvent]:
        for event in events:
            yield event
            if event.type in ("ProgressReported", "ReceiptSigned", "ReminderAcknowledged"):
                yield event

    again = score_table(map(busy, year.events.values()), ScoreRules(), YEAR, END)
    assert again.departments == table.departments
    assert ReminderAcknowledged.__name__ not in {point.rule for row in table.departments for point in row.points}


@pytest.mark.parametrize(
    ("changed", "fact", "more"),
    [({"breach": 8}, "DeadlineBreached", -3), ({"late_receipt": 0}, "LimitPassed", 2),
     ({"missing_report": 5}, "ReportPeriodMissed", -2)],
)  # fmt: skip
@pytest.mark.parametrize("behaviour", ["silent", "late:4"])
async def test_the_points_that_a_rule_moves_are_those_of_the_independent_calculation(
    rehearsed: Rehearsing, behaviour: str, changed: dict[str, Any], fact: str, more: int
) -> None:
    """As many points differ as breaches, receipts or periods are counted from the notice, each by what was changed."""
    year = await rehearsed(behaviour)
    before, after = table_of(year, ScoreRules(), YEAR), table_of(year, ScoreRules(**changed), YEAR)
    effect = effect_of(tuple(changed), before, after)
    counted = sum(each.what == fact and each.on <= END for each in facts_of(the_list(), behaviour))
    assert counted > 0
    assert (effect.points, effect.sum) == (counted, counted * more)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [({"breach": 8}, "breach"), ({"late_receipt": 0}, "late_receipt"), ({"breach_day": 2}, "breach_days")],
)
async def test_another_rule_moves_exactly_its_own_points(
    rehearsed: Rehearsing, changed: dict[str, Any], rule: str
) -> None:
    """What `score what-if` shows: each department that has such a point, and no other rule."""
    year = await rehearsed("late:4")
    before, after = table_of(year, ScoreRules(), YEAR), table_of(year, ScoreRules(**changed), YEAR)
    found = differences(before, after)
    assert {name for each in found for name in each.rules} == {rule}
    have = {row.department for row in before.departments if any(point.rule == rule for point in row.points)}
    assert {each.department for each in found} == have
    assert have
