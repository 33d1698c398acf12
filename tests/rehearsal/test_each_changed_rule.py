"""`what-if` rule by rule on the real list, against two calculations from the notice: one with the rule, one without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from domain.rules.life_cycle import LifeCycleRules
from domain.rules.light_rules import LightRules
from domain.rules.policy import MilestoneRules, SupervisionPolicy
from domain.seeing.what_if import Foreseen, foreseen
from domain.seeing.year_replay import Lived
from tests.rehearsal import expected
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.notice_2018 import the_list
from tests.rehearsal.test_daily_lights import AS_SHIPPED, LightsBy, expected_colours

OTHER = SupervisionPolicy(
    rules=MilestoneRules(reminders_working_days_before=(7, 1), urge_after_working_days=2),
    life_cycle=LifeCycleRules(
        inspections_per_month=1, pace_warnings_at_percent=(50,), lights=LightRules(silent_yellow_percent=None)
    ),
)
"""Five rules otherwise than shipped."""
IN_THE_NOTICE: Mapping[str, Mapping[str, Any]] = {
    "rules.reminders_working_days_before": {"_REMINDERS": (7, 1)},
    "rules.urge_after_working_days": {"_URGE": 2},
    "life_cycle.inspections_per_month": {"_INSPECTIONS_PER_MONTH": 1},
    "life_cycle.pace_warnings_at_percent": {"_PACE": (50,)},
    "life_cycle.lights.silent_yellow_percent": {},
}
"""The same in the independent calculation, whose numbers are written out there."""
_EVENTS = {
    "reminder": "ReminderIssued",
    "urge": "UrgeIssued",
    "inspection_notice": "InspectionOpened",
    "pace_warning": "PaceWarningIssued",
    "InspectionNotOpened": "InspectionNotOpened",
}
What = tuple[str, str, str | None, str]


def _notices(behaviour: str) -> Counter[tuple[What, date]]:
    """What goes out or is on record by the calculation, with its day; of urges those to the lead alone."""
    leads = {project.project_id: project.lead_department for project in the_list().projects}
    found: Counter[tuple[What, date]] = Counter()
    for paper in expected.papers_of(the_list(), behaviour):
        if paper.kind in _EVENTS and (paper.kind != "urge" or paper.to == leads[paper.project_id]):
            found[(_EVENTS[paper.kind], paper.project_id, paper.milestone_id, paper.to), paper.on] += 1
    for fact in expected.facts_of(the_list(), behaviour):
        if fact.what in _EVENTS:
            found[(fact.what, fact.project_id, fact.milestone_id, fact.who), fact.on] += 1
    return found


def _expected_counts(behaviour: str, numbers: Mapping[str, Any], patch: pytest.MonkeyPatch) -> dict[str, int]:
    before = _notices(behaviour)
    with patch.context() as changed:
        for name, value in numbers.items():
            changed.setattr(expected, name, value)
        after = _notices(behaviour)
    gone, new = (Counter(dict(each)) for each in (before - after, after - before))
    counts: Counter[str] = Counter()
    dropped, added = (Counter(what for what, _ in each.elements()) for each in (gone, new))
    for what in dropped | added:
        moved = min(dropped[what], added[what])
        counts[f"{what[0]} moved"] += moved
        counts[f"{what[0]} dropped"] += dropped[what] - moved
        counts[f"{what[0]} added"] += added[what] - moved
    return dict(sorted((+counts).items()))


def _expected_light_days(behaviour: str, until: date) -> int:
    was, would = (expected_colours(behaviour, until, by) for by in (AS_SHIPPED, LightsBy(silent=None)))
    return sum(colour != would[duty] for duty, colour in was.items() if duty[2] is not None)


def _foreseen(year: RehearsedYear) -> Foreseen:
    return foreseen([Lived(events) for events in year.events.values()], OTHER, year.report.end)


@pytest.mark.parametrize("behaviour", ["silent", "on-time"])
async def test_each_changed_rule_shows_exactly_what_it_changes(
    rehearsed: Rehearsing, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reminders, urges, inspections, warnings and lights: each rule has the counts of the calculation, and no other."""
    year = await rehearsed(behaviour)
    found = _foreseen(year)

    assert {effect.rules for effect in found.by_rule} == {(name,) for name in IN_THE_NOTICE}
    seen = 0
    for effect in found.by_rule:
        (name,) = effect.rules
        assert effect.counts == _expected_counts(behaviour, IN_THE_NOTICE[name], monkeypatch), name
        of_lights = name == "life_cycle.lights.silent_yellow_percent"
        days = _expected_light_days(behaviour, year.report.end.date()) if of_lights else 0
        assert effect.light_days == days, name
        seen += bool(effect.counts or effect.light_days)
    assert seen == {"silent": 5, "on-time": 2}[behaviour]
    assert found.is_sum
    assert (found.counts, found.light_days) == _sums(found)


def _sums(found: Foreseen) -> tuple[dict[str, int], int]:
    counts: Counter[str] = Counter()
    for effect in found.by_rule:
        counts.update(effect.counts)
    return dict(sorted(counts.items())), sum(effect.light_days for effect in found.by_rule)


async def test_rules_that_act_upon_each_other_are_no_sum(rehearsed: Rehearsing) -> None:
    """Of two rules that stop each other's inspections, the cap and the order that opens them, one says nothing more."""
    year = await rehearsed("silent")
    shipped = MilestoneRules().escalation
    without = tuple(step.model_copy(update={"opens_inspection": False}) for step in shipped)
    other = SupervisionPolicy(
        rules=MilestoneRules(escalation=without), life_cycle=LifeCycleRules(inspections_per_month=1)
    )
    found = foreseen([Lived(events) for events in year.events.values()], other, year.report.end)
    alone = {effect.rules: effect.counts.get("InspectionOpened dropped", 0) for effect in found.by_rule}
    cap, order = alone["life_cycle.inspections_per_month",], alone["rules.escalation",]
    assert 0 < cap < order == found.counts["InspectionOpened dropped"]
    assert not found.is_sum


async def test_one_changed_rule_is_the_total(rehearsed: Rehearsing) -> None:
    """And with none, nothing differs and no rule is named."""
    year = await rehearsed("silent")
    lived = [Lived(events) for events in year.events.values()]
    other = SupervisionPolicy(rules=MilestoneRules(urge_after_working_days=2))
    found = foreseen(lived, other, year.report.end)
    (effect,) = found.by_rule
    assert (effect.rules, effect.counts, effect.light_days) == (
        ("rules.urge_after_working_days",),
        found.counts,
        found.light_days,
    )
    assert foreseen(lived, SupervisionPolicy(), year.report.end).by_rule == ()
