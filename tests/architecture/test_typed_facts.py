"""What an event says and what it changes are typed: a misspelt or missing name fails the type checker."""

from __future__ import annotations

from pathlib import Path
from typing import get_type_hints

import pytest
from mypy import api

from domain.state import ProjectFields, ProjectState
from tests.architecture.tree import ROOT

_SNIPPET = """
from datetime import date
from domain.acts.act import Act
from domain.events import DeadlineExtended, ReceiptSigned, Suspended
from domain.record.recorder import EventRecorder
from domain.state import MilestoneState, ProjectState
from domain.state.change import Change, duty_change, milestone_change, part_change

def facts(act: Act, recorder: EventRecorder, state: ProjectState, day: date | None) -> None:
    act.record(ReceiptSigned, department="组织部", milestone_ids=())
    act.record(Suspended, milestone_id=None, reson="x", until=None)
    recorder.record(ReceiptSigned, department="组织部")
    recorder.because("rung:x").record(Suspended, milestone_id=None, reason=3, until=None)
    act.record(ReceiptSigned, department="组织部", milestone_ids=(), seq=3)

def fields(state: ProjectState, milestone: MilestoneState) -> Change:
    milestone_change(state, "x", extensions_granted=1)
    milestone_change(state, "x", extension_granted=1)
    part_change(state, "x", "组织部", signed="yes")
    milestone.having(stage="finished")
    duty_change(state, "x", None, signed=True, taken=())
    duty_change(state, "x", None, stage="assigned")
    state.policy.life_cycle.having(papers_per_month=1, paper_per_month=1)
    state.duty_of("x", None).having(signed=1)
    state.having(milestones={}, suspension=None).project.having(title="x")
    return {"suspention": None}
"""
_WRONG = {
    11: 'Unexpected keyword argument "reson"',
    12: 'Missing named argument "milestone_ids"',
    13: 'Argument "reason" to "record" of "Because" has incompatible type "int"',
    14: 'Unexpected keyword argument "seq"',
    18: 'Unexpected keyword argument "extension_granted"',
    19: 'Argument "signed" to "part_change" has incompatible type "str"',
    20: 'Argument "stage" to "having" of "Frozen" has incompatible type',
    22: 'Unexpected keyword argument "stage"',
    23: 'Unexpected keyword argument "paper_per_month"',
    24: 'Argument "signed" to "having" of "Frozen" has incompatible type "int"',
    26: 'Extra key "suspention"',
}


def test_a_misspelt_fact_or_field_fails_the_type_checker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown, missing, of another type, or the recorder's own: each line is refused, and the right ones are not."""
    snippet = tmp_path / "misspelt.py"
    snippet.write_text(_SNIPPET, encoding="utf-8")
    monkeypatch.chdir(ROOT)
    told, problems, _ = api.run([str(snippet)])
    assert not problems
    errors = [line.split(": error: ") for line in told.splitlines() if ": error: " in line and snippet.name in line]
    found = {int(where.rpartition(":")[2]): says for where, says in errors}
    assert set(found) == set(_WRONG), told
    assert {line: says for line, says in _WRONG.items() if says not in found[line]} == {}


def test_what_may_be_changed_of_a_project_is_what_it_has() -> None:
    """Every field of a typed change is a field of its model, with the model's own type."""
    has = get_type_hints(ProjectState)
    changed = get_type_hints(ProjectFields)
    assert changed == {name: has[name] for name in changed}
