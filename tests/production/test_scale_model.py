"""The model of docs/scale.md against what was measured, and the page against the model."""

from __future__ import annotations

import pytest

from bench.scale_model import (
    LATER,
    LAWS,
    POINTS,
    SIZES,
    TOLERANCE,
    limits_table,
    measured_table,
    off,
    plan_table,
    prediction_table,
    workers,
)
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs/scale.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LAWS)
def test_the_model_is_near_what_was_measured(name: str) -> None:
    """At every size each figure of the model is within its tolerance of the measured one."""
    measured = [(int(point["projects"]), point[name]) for point in POINTS if name in point]
    assert len(measured) >= 2
    for projects, figure in measured:
        assert LAWS[name].at(projects) == pytest.approx(figure, rel=TOLERANCE), projects


def test_a_size_between_checks_the_laws() -> None:
    """The largest size is at least four times the smallest, and one between them has most of the figures."""
    smallest, between, largest = POINTS
    assert largest["projects"] >= 4 * smallest["projects"]
    assert smallest["projects"] < between["projects"] < largest["projects"]
    assert len(LAWS.keys() & between.keys()) >= len(LAWS) - 1


def test_a_prediction_is_no_further_off_than_the_page_says() -> None:
    """Nothing took half as much again as was said; at ten thousand start, backup and reconciliation did."""
    thousand, ten_thousand = LATER
    assert POINTS[-1]["projects"] < thousand["projects"] < ten_thousand["projects"]
    assert {name for name in LAWS if not -0.35 < off(thousand, name) < 0.5} == set()
    dearer = {"start_cpu_seconds", "backup_own_cpu_seconds", "reconcile_own_cpu_seconds"}
    assert {name for name in LAWS if off(ten_thousand, name) > 0.5} == dearer


@pytest.mark.parametrize("printed", [measured_table, prediction_table, plan_table, limits_table])
def test_the_page_has_the_tables_of_the_model(printed: object) -> None:
    """Each table on the page is what the model prints today."""
    assert callable(printed)
    assert printed() in PAGE


def test_more_projects_need_no_fewer_workers() -> None:
    """The plan does not shrink with the size, and two workers are the least."""
    counts = [workers(size) for size in (1, *SIZES)]
    assert counts == sorted(counts)
    assert counts[0] == 2
