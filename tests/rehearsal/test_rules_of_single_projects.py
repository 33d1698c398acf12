"""The life cycle's rules of one project or category: on the real list, they change that project and no other."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.events import ProjectDocketed
from domain.rules.life_cycle import LifeCycleRules, LimitRules, Limits
from domain.rules.life_cycle_overrides import LifeCycleOverride, LifeCyclesOf
from domain.rules.light_rules import LightRules
from domain.rules.policy import SupervisionPolicy
from domain.seeing.what_if import Foreseen, foreseen
from domain.seeing.year_replay import Lived
from tests.rehearsal.conftest import RehearsedYear, Rehearsing

_ONE = "2018-06"
_OTHERWISE: dict[str, Any] = {
    "limits": Limits(receipt=LimitRules(working_days=10)),
    "pace_warnings_at_percent": (30, 60, 90),
    "lights": LightRules(silent_yellow_percent=None),
}


def _under(year: RehearsedYear, policy: SupervisionPolicy) -> Foreseen:
    return foreseen([Lived(events) for events in year.events.values()], policy, year.report.end)


async def test_the_rules_of_one_project_change_what_the_same_rules_of_all_change_of_it(rehearsed: Rehearsing) -> None:
    """What `what-if` shows of every project under the changed list, cut to the one, and nothing of the others."""
    year = await rehearsed("silent")
    of_all = _under(year, SupervisionPolicy(life_cycle=LifeCycleRules(**_OTHERWISE)))
    one = LifeCyclesOf(projects={_ONE: LifeCycleOverride(**_OTHERWISE)})
    of_one = _under(year, SupervisionPolicy(life_cycle_of=one))

    assert of_one.notices == tuple(each for each in of_all.notices if each.project_id == _ONE)
    assert of_one.lights == tuple(each for each in of_all.lights if each.milestone_id.startswith(f"{_ONE}-"))
    assert len(of_one.notices) > 3
    assert 0 < len(of_one.lights) < len(of_all.lights)


async def test_the_rules_of_a_category_hold_for_its_projects_and_a_projects_own_stand_above(
    rehearsed: Rehearsing,
) -> None:
    """Of two projects of a category one has its own word: each is opened with the life cycle that holds for it."""
    year = await rehearsed("silent")
    stream = next(iter(year.events.values()))
    opened = stream[0]
    assert isinstance(opened, ProjectDocketed)
    ofs = LifeCyclesOf(
        categories={"民生": LifeCycleOverride(extensions_at_most=0, takeover_working_days=9)},
        projects={"2018-02": LifeCycleOverride(extensions_at_most=5)},
    )
    policy = SupervisionPolicy(life_cycle_of=ofs)

    def found(project_id: str, category: str | None) -> tuple[int, int]:
        rules = policy.for_project(project_id, category).life_cycle
        return rules.extensions_at_most, rules.takeover_working_days

    assert [found("2018-01", None), found("2018-01", "民生"), found("2018-02", "民生"), found("2018-02", None)] == [
        (2, 5),
        (0, 9),
        (5, 9),
        (5, 5),
    ]


def test_a_null_is_refused_where_leaving_out_says_the_same() -> None:
    """What was left out stays out when a policy travels as JSON."""
    with pytest.raises(ValidationError, match="不能是 null"):
        LifeCycleOverride.model_validate({"limits": None})
    policy = SupervisionPolicy(life_cycle_of=LifeCyclesOf(categories={"民生": LifeCycleOverride(extensions_at_most=0)}))
    assert SupervisionPolicy.model_validate_json(policy.model_dump_json()) == policy
