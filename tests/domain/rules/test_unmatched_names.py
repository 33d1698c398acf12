"""Names in a policy's rules of single things: those that a list has not are found, each with what was perhaps meant."""

from __future__ import annotations

from typing import Any

import pytest

from domain.rules.ladder_rules import RulesOverride
from domain.rules.life_cycle_overrides import LifeCycleOverride, LifeCyclesOf
from domain.rules.policy import SupervisionPolicy
from domain.rules.unmatched_names import UnmatchedName, unmatched_names
from tests.domain.samples import key_project, milestone

OTHERWISE = LifeCycleOverride(extensions_at_most=0)
CASES: dict[str, tuple[Any, str, str]] = {
    "life_cycle_of.categories": (
        lambda name: {"life_cycle_of": LifeCyclesOf(categories={name: OTHERWISE})},
        "民生工程",
        "民声工程",
    ),
    "life_cycle_of.projects": (
        lambda name: {"life_cycle_of": LifeCyclesOf(projects={name: OTHERWISE})},
        "2018-05a",
        "2018-05c",
    ),
    "projects": (lambda name: {"projects": {name: RulesOverride()}}, "2018-05a", "2018-05c"),
    "milestones": (lambda name: {"milestones": {name: RulesOverride()}}, "2018-05a-01", "2018-05c-01"),
}


@pytest.mark.parametrize("table", CASES)
def test_each_table_of_a_policy_is_looked_up_in_the_list(table: str) -> None:
    """The name that the list has is no doubt; the other one is, with the table and the near name."""
    made, right, wrong = CASES[table]
    listed = [key_project((milestone(),)).model_copy(update={"category": "民生工程"})]
    assert unmatched_names(SupervisionPolicy(**made(right)), listed) == []
    assert unmatched_names(SupervisionPolicy(**made(wrong)), listed) == [UnmatchedName(table, wrong, right)]


def test_nothing_near_is_made_up() -> None:
    """A list without categories has none that was meant."""
    policy = SupervisionPolicy(life_cycle_of=LifeCyclesOf(categories={"民生": OTHERWISE}))
    assert unmatched_names(policy, [key_project((milestone(),))]) == [
        UnmatchedName("life_cycle_of.categories", "民生", None)
    ]
