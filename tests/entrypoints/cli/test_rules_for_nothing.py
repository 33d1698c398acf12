"""Rules for what no list has are told beside the answer of every command that looks at rules before a year."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.rules.ladder_rules import RulesOverride
from domain.rules.policy import SupervisionPolicy
from entrypoints.bootstrap.plan_files import load_plan, write_plan
from entrypoints.cli.startable import tell_unmatched
from tests.entrypoints.cli.conftest import Duban
from tests.entrypoints.installation import PLAN

GONE = "2018-09"


@pytest.fixture
def policy(tmp_path: Path) -> str:
    """A policy with a slip of the pen in the name of a project, and a right one."""
    file = tmp_path / "policy.yaml"
    file.write_text(
        "version: 2\nlife_cycle_of:\n  projects:\n"
        "    2018-9: {extensions_at_most: 0}\n    2018-09: {extensions_at_most: 0}\n",
        encoding="utf-8",
    )
    return str(file)


def test_a_plan_and_what_other_rules_would_do_say_which_of_them_hold_for_nothing(
    running: Duban, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the error stream: the answer stays a program's. Of a list that runs it is said that it keeps its rules."""
    asked = running("audit", "what-if", "--policy", policy, "--json")
    assert "life_cycle_of.projects 所写的“2018-9”（相近的有“2018-09”）" in asked.err
    assert asked.document["by_rule"]
    monkeypatch.setenv("DUBAN_POLICY", policy)
    told = running("plan", str(PLAN), "--json").err
    assert "所写的" not in told
    assert "1个在办项目立项时的不同（life_cycle.extensions_at_most）：在办项目仍按立项时的规则办理" in told
    listed, shorter = load_plan(PLAN), tmp_path / "plan.yaml"
    write_plan(
        listed.model_copy(update={"projects": tuple(p for p in listed.projects if p.project_id != GONE)}), shorter
    )
    answer = running("plan", str(shorter), "--json")
    assert f"所写的“{GONE}”" in answer.err
    assert [each["project_id"] for each in answer.document["withdrawn"]] == [GONE]


def test_a_rehearsal_says_which_rules_hold_for_nothing_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Its own rules and the others that are tried have the same slip: it is told once; a right name is not told."""
    slip = SupervisionPolicy(milestones={"2018-09-99": RulesOverride(), "2018-09-02": RulesOverride()})
    tell_unmatched(load_plan(PLAN), slip, slip)
    told = capsys.readouterr().err
    assert told.count("所写的“2018-09-99”") == 1
    assert "所写的“2018-09-02”" not in told
