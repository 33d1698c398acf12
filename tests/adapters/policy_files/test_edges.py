"""Every field of a policy at its edges: a sentence with its line, or rules under which a year goes by."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.ledger.leaf_bytes import canonical_event
from adapters.policy_files.yaml_policy import UnreadablePolicyError, read_policy
from application.office.starting import addressees_for
from domain.acts.commands import RequestCompletion
from domain.errors import InputError
from domain.events import RungSkipped
from domain.ids import supervision_workflow_id
from domain.lists.startable import must_be_startable
from domain.project import ProjectList
from domain.rules.ladder_rules import RulesOverride
from domain.rules.life_cycle import LifeCycleRules, PlannedInspection
from domain.rules.policy import SupervisionPolicy
from tests.domain.edges import Edge, edges, tried
from tests.domain.samples import CALENDAR, FIRST, HEADER, PROJECT, START, Desk, key_project, milestone, request

OVERRIDE = RulesOverride.model_validate({"due_roll": "following", "rework_working_days": 3})
BASE: Any = SupervisionPolicy(
    life_cycle=LifeCycleRules(inspection_plan=(PlannedInspection(on=date(2018, 9, 10)),)),
    projects={PROJECT: OVERRIDE},
    milestones={FIRST: OVERRIDE},
).model_dump(mode="json")
EDGES = list(edges(SupervisionPolicy.model_json_schema(), BASE))
EVERY = 12


def test_the_walk_reaches_every_field_of_a_policy() -> None:
    """Of the ladders, the limits, the caps and the plan."""
    assert {edge.path[0] for edge in EDGES} == set(SupervisionPolicy.model_fields)
    assert {edge.path[-1] for edge in EDGES} >= {"on", "to", "papers_per_month", "supervision_section", "working_days"}


def test_every_field_of_a_policy_at_its_edges_is_refused_or_a_year_goes_by() -> None:
    """Under every policy that is one, projects open, come due, are told of and recorded."""
    policies = {policy.model_dump_json(): policy for edge in EDGES if (policy := _policy(edge)) is not None}
    assert len(policies) > 60
    for policy in policies.values():
        _a_year(policy)


def _policy(edge: Edge) -> SupervisionPolicy | None:
    read = tried(lambda: SupervisionPolicy.model_validate_json(json.dumps(edge.document), strict=True), ValidationError)
    return None if isinstance(read, ValidationError) else read


def _a_year(policy: SupervisionPolicy) -> None:
    project = key_project([milestone(), milestone(2, date(2018, 9, 30), quota=30)], lead="𠮷" * 80)
    listed = ProjectList(**dict(HEADER), projects=(project,))
    refusal = tried(lambda: must_be_startable(listed, policy, CALENDAR, START), InputError)
    if refusal is not None:
        assert refusal.text.endswith("。")
        return
    addressees = set(addressees_for(project, policy))
    desk = Desk(project=project, policy=policy)
    desk.run_until(datetime(2018, 6, 20, tzinfo=START.tzinfo))
    desk.ask(request(RequestCompletion, by=request(RequestCompletion).by.model_copy(update=_lead())))
    desk.run_until(datetime(2018, 8, 1, tzinfo=START.tzinfo))
    assert not desk.of(RungSkipped)
    assert {paper.to for paper in desk.papers} <= addressees
    for event in desk.events:
        assert canonical_event(supervision_workflow_id(PROJECT), event).body


def _lead() -> dict[str, str]:
    return {"department": "𠮷" * 80, "name": "𠮷" * 80}


@pytest.mark.parametrize("edge", [e for e in EDGES[::EVERY] if e.name not in ("many", "100,000 characters")], ids=str)
def test_a_policy_file_at_its_edges_is_a_sentence_or_a_policy(edge: Edge, tmp_path: Path) -> None:
    """As JSON, which is YAML too: never anything else than the one kind of error."""
    file = tmp_path / "policy.yaml"
    file.write_text(json.dumps(edge.document), encoding="utf-8")
    answer = tried(lambda: read_policy(file), UnreadablePolicyError)
    if isinstance(answer, UnreadablePolicyError):
        assert answer.text.endswith("。")
        assert "\n" not in answer.text
    else:
        assert isinstance(answer, SupervisionPolicy)
