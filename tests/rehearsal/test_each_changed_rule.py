"""`what-if` rule by rule on the real list, against two calculations from the notice: one with the rule, one without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from domain.events import LimitSet
from domain.project import Milestone, ProjectList
from domain.rules.ladder_rules import EscalationStep, MilestoneRules, RulesOverride
from domain.rules.life_cycle import LifeCycleRules, LimitStep
from domain.rules.life_cycle_overrides import LifeCycleOverride, LifeCyclesOf
from domain.rules.policy import SupervisionPolicy
from domain.seeing.what_if import Foreseen, foreseen
from domain.seeing.year_replay import Lived
from tests.domain.rules_otherwise import RULES, otherwise
from tests.rehearsal import expected, test_daily_lights
from tests.rehearsal.conftest import RehearsedYear, Rehearsing
from tests.rehearsal.notice_2018 import the_list
from tests.rehearsal.office_days import on_or_after
from tests.rehearsal.test_daily_lights import AS_SHIPPED, LightsBy, expected_colours


class Otherwise(NamedTuple):
    """A rule's other value, the same in the numbers of the independent calculation and in those of the lights, and of
    which project or milestone alone it is. `moves` says that a date or period of its own colours lights."""

    value: Any
    numbers: Mapping[str, Any] = {}
    lights: LightsBy = AS_SHIPPED
    of: str = ""
    moves: bool = False


_HEAD, _LEADER = "{department}主要负责人", "分管领导"
SMALL = {
    "rules.reminders_working_days_before": Otherwise((7, 1), {"_REMINDERS": (7, 1)}),
    "rules.urge_after_working_days": Otherwise(2, {"_URGE": 2}),
    "life_cycle.inspections_per_month": Otherwise(1, {"_INSPECTIONS_PER_MONTH": 1}),
    "life_cycle.pace_warnings_at_percent": Otherwise((50,), {"_PACE": (50,)}),
    "life_cycle.lights.silent_yellow_percent": Otherwise(None, lights=LightsBy(silent=None)),
}
"""Five rules, of every kind."""
WHOLE = {
    **SMALL,
    "spread_minutes": Otherwise(10, {"_SPREAD_MINUTES": 10}),
    "rules.yellow_light_working_days_before": Otherwise(7, lights=LightsBy(warning=7)),
    "rules.due_roll": Otherwise("following", {"ROLLED": True}, moves=True),
    "rules.escalation": Otherwise(
        (
            EscalationStep(level="blue", after_working_days=4, to="{lead}主要负责人"),
            EscalationStep(level="yellow", after_working_days=6, to=_LEADER, opens_inspection=True),
        ),
        {"_ORDERS": ((4, "blue", "{lead}主要负责人"), (6, "yellow", _LEADER))},
    ),
    "life_cycle.limits.receipt.working_days": Otherwise(5, {"_RECEIPT": 5}, LightsBy(receipt=5)),
    "life_cycle.limits.receipt.reminders_working_days_before": Otherwise((), {"_RECEIPT_REMINDERS": ()}),
    "life_cycle.limits.receipt.escalation": Otherwise(
        (LimitStep(after_working_days=2, to=_HEAD),), {"_RECEIPT_ESCALATION": ((2, _HEAD),)}
    ),
    "life_cycle.participants.reminders_working_days_before": Otherwise((), {"_PARTICIPANT_REMINDERS": ()}),
    "life_cycle.participants.urge_after_working_days": Otherwise(2, {"_PARTICIPANT_URGE": 2}),
    "life_cycle.participants.escalation": Otherwise(
        (EscalationStep(level="blue", after_working_days=4, to=_HEAD),),
        {"_PARTICIPANT_ORDERS": ((4, "blue", _HEAD),)},
    ),
    "life_cycle.lights.unsigned_is_yellow": Otherwise(False, lights=LightsBy(unsigned=False)),
    "life_cycle.lights.behind_yellow_points": Otherwise(15, lights=LightsBy(yellow=15)),
    "life_cycle.lights.behind_red_points": Otherwise(99, lights=LightsBy(red=99)),
    "life_cycle.lights.behind_after_working_days": Otherwise(None, lights=LightsBy(judged_after=None)),
    "life_cycle.ongoing_report_every_months": Otherwise(2, {"_ONGOING_EVERY_MONTHS": 2}, moves=True),
    "projects": Otherwise({"2018-06": RulesOverride(urge_after_working_days=2)}, {"_URGE": 2}, of="2018-06"),
    "milestones": Otherwise({"2018-05a-04": RulesOverride(urge_after_working_days=2)}, {"_URGE": 2}, of="2018-05a-04"),
}
"""Every rule that shows where nobody does anything."""
OF_ACTS = {
    "working_hours_open", "working_hours_close", "digest_at", "refused_words", "own_key.asked_of", "own_key.acts",
    "rules.rework_working_days", "life_cycle.supervision_section", "life_cycle.extensions_at_most",
    "life_cycle.takeover_working_days", "life_cycle.papers_per_month", "life_cycle.inspection_plan",
    "life_cycle_of.categories", "life_cycle_of.projects",
}  # fmt: skip
"""Rules that need an act, an hour of the day or a plan to show: `tests/domain/seeing/test_what_if_each_rule.py`,
`test_burden.py`, `test_planned_inspections.py` and `test_rules_of_single_projects.py` have them."""
_EVENTS = {
    "reminder": "ReminderIssued",
    "urge": "UrgeIssued",
    "escalation_order": "EscalationOrderIssued",
    "inspection_notice": "InspectionOpened",
    "pace_warning": "PaceWarningIssued",
    "limit_reminder": "LimitReminderIssued",
    "limit_escalation": "LimitEscalated",
}
_FACTS = ("InspectionNotOpened", "DeadlineBreached", "LimitPassed", "ReportPeriodMissed")
_LADDER = {
    "ReminderIssued", "UrgeIssued", "EscalationOrderIssued", "InspectionOpened", "InspectionNotOpened",
    "DeadlineBreached",
}  # fmt: skip
_ENDS = ("added", "dropped")
What = tuple[str, str, str | None, str]


def _rolled() -> ProjectList:
    """The list with each date on the first working day that is not before it."""

    def on_a_working_day(milestone: Milestone) -> Milestone:
        assert milestone.due_on is not None
        return milestone.model_copy(update={"due_on": on_or_after(milestone.due_on)})

    return the_list().model_copy(
        update={
            "projects": tuple(
                project.model_copy(update={"milestones": tuple(map(on_a_working_day, project.milestones))})
                for project in the_list().projects
            )
        }
    )


def _notices(listed: ProjectList, behaviour: str, until: date) -> Counter[tuple[What, date]]:
    """What goes out or is on record by the calculation, with its day."""
    found: Counter[tuple[What, date]] = Counter()
    for paper in expected.papers_of(listed, behaviour):
        if paper.kind in _EVENTS and paper.on < until:
            who = f"{paper.level or ''} {paper.to}".strip()
            found[(_EVENTS[paper.kind], paper.project_id, paper.milestone_id, who), paper.on] += 1
    for fact in expected.facts_of(listed, behaviour):
        if fact.what in _FACTS and fact.on < until:
            found[(fact.what, fact.project_id, fact.milestone_id, fact.who), fact.on] += 1
    return found


class Calculated:
    """Two calculations from the notice, one as shipped and one with a rule otherwise."""

    def __init__(self, behaviour: str, until: date, patch: pytest.MonkeyPatch) -> None:
        self._behaviour, self._until, self._patch = behaviour, until, patch
        self._before = _notices(the_list(), behaviour, until)

    def counts(self, rule: Otherwise) -> dict[str, int]:
        """How many notices of each kind are added, dropped or moved."""
        with self._patch.context() as changed:
            listed = self._numbers(changed, rule)
            after = _notices(listed, self._behaviour, self._until)
        if listed != the_list():
            # A date that is rolled moves its ladder; periods, silence and the schedule are judged by that of the list.
            after = Counter({key: n for key, n in after.items() if key[0][0] in _LADDER})
            after += Counter({key: n for key, n in self._before.items() if key[0][0] not in _LADDER})
        gone, new = self._before - after, after - self._before
        counts: Counter[str] = Counter()
        dropped, added = (Counter(what for what, _ in each.elements()) for each in (gone, new))
        for what in dropped | added:
            if not (what[2] or what[1]).startswith(rule.of):
                continue
            moved = min(dropped[what], added[what])
            counts[f"{what[0]} moved"] += moved
            counts[f"{what[0]} dropped"] += dropped[what] - moved
            counts[f"{what[0]} added"] += added[what] - moved
        return dict(sorted((+counts).items()))

    def light_days(self, rule: Otherwise) -> int:
        """On how many days a duty has another light."""
        if rule.lights == AS_SHIPPED and not rule.moves:
            return 0
        was = expected_colours(self._behaviour, self._until)
        with self._patch.context() as changed:
            listed = self._numbers(changed, rule)
            changed.setattr(test_daily_lights, "the_list", lambda: listed)
            for by_the_list in (
                test_daily_lights.points_behind,
                test_daily_lights.silent_too_long,
                expected.missed_periods,
            ):
                changed.setattr(test_daily_lights, by_the_list.__name__, _of_the_list(by_the_list))
            would = expected_colours.__wrapped__(self._behaviour, self._until, rule.lights)
        return sum(colour != would[duty] for duty, colour in was.items() if duty[2] is not None)

    @staticmethod
    def _numbers(changed: pytest.MonkeyPatch, rule: Otherwise) -> ProjectList:
        for name, value in rule.numbers.items():
            if name != "ROLLED":
                changed.setattr(expected, name, value)
        return _rolled() if "ROLLED" in rule.numbers else the_list()


def _of_the_list(counted: Callable[..., Any]) -> Callable[..., Any]:
    issued = {milestone.milestone_id: milestone for project in the_list().projects for milestone in project.milestones}
    return lambda milestone, *rest: counted(issued[milestone.milestone_id], *rest)


def _foreseen(year: RehearsedYear, rules: Mapping[str, Otherwise]) -> Foreseen:
    other = otherwise({name: rule.value for name, rule in rules.items()})
    return foreseen([Lived(events) for events in year.events.values()], other, year.report.end)


@pytest.mark.parametrize(("behaviour", "rules"), [("silent", WHOLE), ("on-time", SMALL)], ids=["silent", "on-time"])
async def test_each_changed_rule_shows_exactly_what_it_changes(
    rehearsed: Rehearsing, behaviour: str, rules: Mapping[str, Otherwise], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notices by kind and change, and days of other lights: each rule has those of the calculation, and no other."""
    year = await rehearsed(behaviour)
    found = _foreseen(year, rules)
    calculated = Calculated(behaviour, year.report.end.date(), monkeypatch)

    assert sorted(effect.rules for effect in found.by_rule) == sorted((name,) for name in rules)
    seen = 0
    for effect in found.by_rule:
        rule = rules[effect.rules[0]]
        assert (effect.rules, effect.counts) == (effect.rules, calculated.counts(rule))
        assert (effect.rules, effect.light_days) == (effect.rules, calculated.light_days(rule))
        seen += bool(effect.counts or effect.light_days)
    assert seen >= {"silent": len(rules) - 1, "on-time": 2}[behaviour]


async def test_the_total_of_rules_that_do_not_touch_each_other_is_their_sum(rehearsed: Rehearsing) -> None:
    """Five rules of every kind, in a silent year."""
    found = _foreseen(await rehearsed("silent"), SMALL)
    assert found.is_sum
    assert (found.counts, found.light_days) == _sums(found)


async def test_every_rule_of_the_policy_is_in_the_calculation_or_needs_an_act(rehearsed: Rehearsing) -> None:
    """A new rule is in neither; in a silent year nothing waits for an answer but receipts, and nothing ends early."""
    waits_for_others = {rule for rule in RULES if rule.startswith("life_cycle.limits.") and ".receipt." not in rule}
    of_whole_years = {rule for rule in RULES if rule.startswith("mass_acts.")}
    assert set(RULES) - WHOLE.keys() == OF_ACTS | waits_for_others | of_whole_years
    year = await rehearsed("silent")
    assert {limit.kind for limit in year.of(LimitSet)} == {"receipt"}


async def test_a_rule_of_the_list_is_told_without_those_that_have_their_own(
    rehearsed: Rehearsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list's warnings of pace and, otherwise, those of one project: each has what the calculation gives it."""
    year = await rehearsed("silent")
    one = "2018-01"
    ofs = LifeCyclesOf(projects={one: LifeCycleOverride(pace_warnings_at_percent=(25,))})
    pace = "life_cycle.pace_warnings_at_percent"
    other = otherwise({pace: (50,), "life_cycle_of.projects": ofs.projects})
    found = foreseen([Lived(events) for events in year.events.values()], other, year.report.end)

    calculated = Calculated("silent", year.report.end.date(), monkeypatch)
    of_one = calculated.counts(Otherwise((25,), {"_PACE": (25,)}, of=one))
    of_all, of_it = (calculated.counts(Otherwise((50,), {"_PACE": (50,)}, of=whose)) for whose in ("", one))
    without = dict(+(Counter(of_all) - Counter(of_it)))
    moved = of_one.pop("PaceWarningIssued moved")  # to another percent, which is another warning
    of_one |= {f"PaceWarningIssued {change}": moved + of_one.get(f"PaceWarningIssued {change}", 0) for change in _ENDS}
    assert moved
    assert without
    assert {effect.rules: effect.counts for effect in found.by_rule} == {
        (pace,): without,
        ("life_cycle_of.projects",): of_one,
    }
    assert found.is_sum


async def test_what_would_come_on_the_last_morning_is_moved_only_when_it_is_over(
    rehearsed: Rehearsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders that a later date moves to 16 January do not come before that day, and have come at nine of it."""
    year, rule = await rehearsed("silent"), WHOLE["rules.due_roll"]
    other = otherwise({"rules.due_roll": rule.value})
    lived = [Lived(events) for events in year.events.values()]
    midnight = year.report.end
    dropped = []
    for until, last in ((midnight, midnight), (midnight + timedelta(hours=9), midnight + timedelta(days=1))):
        counts = foreseen(lived, other, until).counts
        assert counts == Calculated("silent", last.date(), monkeypatch).counts(rule)
        dropped.append(counts.get("EscalationOrderIssued dropped", 0))
    assert dropped == [18, 0]


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
