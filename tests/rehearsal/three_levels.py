"""Three levels of a duty on the time-skipping engine: a department's, its cities', their districts', a silent year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from application.engine_room.engine import Engine
from bench import sample
from bench.costs import START, Act, Cost, Scenario, play
from domain.actors import department
from domain.acts.commands import DecomposeDuty
from domain.acts.decisions import decide
from domain.evolution import fold
from domain.lists.docketing import docket
from domain.lists.sub_duties import sub_duties_of, sub_duty_row
from domain.project import KeyProject
from domain.rules.of_sub_duties import rules_below
from domain.rules.policy import SupervisionPolicy

CITIES, DISTRICTS = 11, 3
SERIAL = 40
_GIVEN_AT = START + timedelta(hours=1)


def of_three_levels(cities: int = CITIES, districts: int = DISTRICTS) -> list[Scenario]:
    """A row of a list whose first milestone is given to cities, each of which gives its part to districts; nobody
    reports. The first scenario is the row, then each city with its districts behind it."""
    row, policy = sample.project(SERIAL, sample.month_ends(6, 2)), SupervisionPolicy()
    top, below = _given("row", row, policy, [f"第{n}市" for n in range(1, cities + 1)])
    found = [top]
    for n, (city, rules) in enumerate(below, start=1):
        middle, last = _given("city", city, rules, [f"第{n}市第{d}区" for d in range(1, districts + 1)])
        found += [middle, *(Scenario("district", district, own) for district, own in last)]
    return found


async def play_three_levels(
    environment: WorkflowEnvironment, engine: Engine, scenarios: Sequence[Scenario]
) -> dict[str, list[Cost]]:
    """Play them side by side through their year; what each cost, by level."""
    costs: dict[str, list[Cost]] = {}
    for cost in await play(environment, engine, scenarios):
        costs.setdefault(cost.name, []).append(cost)
    return costs


def _given(
    name: str, project: KeyProject, policy: SupervisionPolicy, units: Sequence[str]
) -> tuple[Scenario, list[tuple[KeyProject, SupervisionPolicy]]]:
    """A duty that is given to units, and what each of them gets, as the core makes it."""
    milestone_id = project.milestones[0].milestone_id
    act = DecomposeDuty(
        request_id=f"{milestone_id}/decompose",
        by=department(project.lead_department),
        milestone_id=milestone_id,
        units=tuple(units),
    )
    state = fold(docket(sample.HEADER, project, policy, sample.calendar(), START))
    assert state is not None
    state = fold(decide(state, act, _GIVEN_AT), state)
    assert state is not None
    below = [
        (sub_duty_row(state, where, part), rules_below(policy, where, part.by)) for where, part in sub_duties_of(state)
    ]
    return Scenario(name, project, policy, (Act(_GIVEN_AT, act),)), below
