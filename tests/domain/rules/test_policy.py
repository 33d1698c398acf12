"""The supervision policy: what its rules may say, how overrides lie over one another, its hours and its spread."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ids import project_id_for
from domain.rules.ladder_rules import EscalationStep, MilestoneRules, RulesOverride
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, FIRST, PROJECT, SECOND, at


def step(level: str, days: int, to: str = "分管领导") -> dict[str, Any]:
    """A rung as a file has it."""
    return {"level": level, "after_working_days": days, "to": to}


@pytest.mark.parametrize(
    "rules",
    [
        {"reminders_working_days_before": (7, 14, 1)},
        {"reminders_working_days_before": (7, 7, 1)},
        {"reminders_working_days_before": (7, 0)},
        {"yellow_light_working_days_before": 2},
        {"escalation": (step("yellow", 3), step("blue", 5))},
        {"escalation": (step("blue", 3), step("blue", 5))},
        {"escalation": (step("blue", 5), step("yellow", 5))},
        {"escalation": (step("blue", 3, "{boss}"),)},
        {"escalation": (step("blue", 3, " "),)},
        {"urge_after_working_days": 3},
        {"rework_working_days": 0},
        {"unknown": 1},
    ],
    ids=str,
)
def test_rules_that_contradict_one_another_are_refused(rules: dict[str, Any]) -> None:
    """A ladder climbs, reminders come nearer, the urge precedes the first order, names are names."""
    with pytest.raises(ValidationError):
        MilestoneRules.model_validate(rules)


@pytest.mark.parametrize(
    "policy",
    [
        {"digest_at": "08:00"},
        {"digest_at": "17:30"},
        {"spread_minutes": 31},
        {"working_hours_open": "08:30+08:00"},
        {"projects": {PROJECT: {"urge_after_working_days": 3}}},
        {"milestones": {FIRST: {"rework_working_days": None}}},
        {
            "projects": {PROJECT: {"urge_after_working_days": 2}},
            "milestones": {FIRST: {"escalation": [step("red", 2)]}},
        },
    ],
    ids=str,
)
def test_hours_and_overrides_that_do_not_fit_are_refused(policy: dict[str, Any]) -> None:
    """The digest lies in working hours and after the spread; an override must climb together with what it lies over."""
    with pytest.raises(ValidationError):
        SupervisionPolicy.model_validate(policy)


def test_a_milestones_rules_lie_over_its_projects_and_those_over_the_lists() -> None:
    """What an override leaves out stays; the most particular one wins; other projects are not touched."""
    policy = SupervisionPolicy(
        projects={PROJECT: RulesOverride(due_roll="following", rework_working_days=3)},
        milestones={FIRST: RulesOverride(due_roll="preceding")},
    )
    found = [(r.due_roll, r.rework_working_days) for r in map(policy.rules_for, (FIRST, SECOND, "2018-05b-01"))]
    assert found == [("preceding", 3), ("following", 3), ("none", 5)]


def test_an_override_can_switch_the_urge_off() -> None:
    """A null in an override says no, which is not the same as saying nothing."""
    policy = SupervisionPolicy(milestones={FIRST: RulesOverride(urge_after_working_days=None)})
    assert policy.rules_for(FIRST).urge_after_working_days is None
    assert policy.rules_for(SECOND).urge_after_working_days == 1


@pytest.mark.parametrize("absent", [RulesOverride(due_roll="following"), RulesOverride(urge_after_working_days=None)])
def test_a_policy_with_overrides_survives_the_way_through_json(absent: RulesOverride) -> None:
    """What an override leaves out is left out on the wire and in the ledger too, and a null stays a null."""
    policy = SupervisionPolicy(projects={PROJECT: absent})
    again = SupervisionPolicy.model_validate_json(policy.model_dump_json())
    assert again.rules_for(FIRST) == policy.rules_for(FIRST)
    assert SupervisionPolicy.model_validate(policy.model_dump(mode="json")) == policy


def test_a_project_carries_only_its_own_overrides() -> None:
    """A workflow's input holds what concerns it, and its rules are the same as before."""
    policy = SupervisionPolicy(
        projects={PROJECT: RulesOverride(due_roll="following"), "2018-01": RulesOverride(due_roll="preceding")},
        milestones={FIRST: RulesOverride(rework_working_days=2), "2018-01-01": RulesOverride(rework_working_days=3)},
    )
    own = policy.for_project(PROJECT, None)
    assert (set(own.projects), set(own.milestones)) == ({PROJECT}, {FIRST})
    assert own.rules_for(FIRST) == policy.rules_for(FIRST)


def test_the_superior_of_a_rung_may_be_the_departments_own_head() -> None:
    """The placeholder stands for the lead department, a plain role for itself."""
    own = EscalationStep(level="blue", after_working_days=3, to="{lead}主要负责人")
    assert own.superior_of("组织部") == "组织部主要负责人"
    assert EscalationStep(level="red", after_working_days=3, to="主要领导").superior_of("组织部") == "主要领导"


@given(st.integers(min_value=1, max_value=99_999), st.integers(min_value=0, max_value=30))
def test_the_spread_is_bounded_and_depends_on_the_project_alone(serial: int, minutes: int) -> None:
    """The same project always wakes at the same offset, below the spread, in whole milliseconds."""
    policy = SupervisionPolicy(spread_minutes=minutes)
    project_id = project_id_for(2018, str(serial))
    spread = policy.spread_for(project_id)
    assert timedelta() <= spread <= timedelta(minutes=minutes)
    assert spread < timedelta(minutes=minutes) or minutes == 0
    assert spread % timedelta(milliseconds=1) == timedelta()
    assert spread == SupervisionPolicy(spread_minutes=minutes, digest_at=time(10)).spread_for(project_id)


def test_the_spread_of_a_project_is_the_same_in_every_process_and_version() -> None:
    """Pinned values: a replay years later must find the same instants."""
    policy = SupervisionPolicy()
    found = [policy.spread_for(project_id) // timedelta(milliseconds=1) for project_id in ("2018-01", "2018-05a")]
    assert found == [1_652_286, 282_735]


def test_a_thousand_projects_are_spread_evenly() -> None:
    """No minute of the half hour holds more than twice its share of a thousand projects."""
    policy = SupervisionPolicy()
    minutes = [policy.spread_for(f"2018-{n}") // timedelta(minutes=1) for n in range(1_000)]
    assert max(minutes.count(minute) for minute in range(30)) <= 2 * 1_000 / 30


@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        ("05-09 08:29:59", False),
        ("05-09 08:30", True),
        ("05-09 17:29:59", True),
        ("05-09 17:30", False),
        ("05-12 10:00", False),
        ("04-28 10:00", True),
        ("04-30 10:00", False),
    ],
)
def test_working_hours_are_those_of_working_days(instant: str, inside: bool) -> None:
    """From the opening to before the close; a make-up Saturday counts, a holiday Monday does not."""
    assert SupervisionPolicy().within_working_hours(at(instant), CALENDAR) is inside


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("05-09 08:00", "05-09 08:30"),
        ("05-09 08:30", "05-10 08:30"),
        ("05-09 18:00", "05-10 08:30"),
        ("05-11 18:00", "05-14 08:30"),
        ("04-28 18:00", "05-02 08:30"),
        ("04-27 23:59", "04-28 08:30"),
    ],
)
def test_the_next_opening_is_the_next_morning_that_is_worked(instant: str, opening: str) -> None:
    """Later the same day when it is early, otherwise the next working day's, holidays and make-up days observed."""
    assert SupervisionPolicy().next_opening(at(instant), CALENDAR) == at(opening)


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=330)))
def test_the_next_opening_lies_ahead_and_inside_working_hours(into_the_year: timedelta) -> None:
    """Whatever the instant, the office opens later than it, within ten days."""
    now = at("01-01 00:00") + into_the_year
    opening = SupervisionPolicy().next_opening(now, CALENDAR)
    assert now < opening <= now + timedelta(days=10)
    assert SupervisionPolicy().within_working_hours(opening, CALENDAR)


def test_equal_rules_of_two_policies_are_one_copy() -> None:
    """Ladders are looked up by rules at every turn: those that were read twice must not be compared field by field."""
    one, other = (SupervisionPolicy.model_validate_json(SupervisionPolicy().model_dump_json()) for _ in range(2))
    assert one.rules is other.rules is SupervisionPolicy().rules
    assert one.life_cycle.limits is other.life_cycle.limits is SupervisionPolicy().life_cycle.limits
    assert one.life_cycle.participants is other.life_cycle.participants
