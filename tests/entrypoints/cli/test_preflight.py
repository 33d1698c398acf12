"""`duban engine preflight` on a running installation."""

from __future__ import annotations

import pytest

from entrypoints.preflight import Preflight
from entrypoints.replaying import ReplayVerdict
from tests.entrypoints.cli.conftest import Duban


def test_a_healthy_installation_is_ready_for_its_own_code(running: Duban) -> None:
    """`duban engine preflight` replays projects and mailboxes and ends in 0, for people and for programs."""
    answer = running("engine", "preflight")
    assert (answer.status, "全部相符" in answer.out) == (0, True)
    document = running("engine", "preflight", "--json").document
    assert document["workflows"] > 17
    assert document["differences"] == []


def test_each_workflow_that_differs_is_one_line_and_the_end_status_says_so(
    running: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A difference is a line with the workflow and the place; the command ends in 1, so that a deploy stops there."""
    verdict = ReplayVerdict(
        workflow_id="key-project/2018/01", runs=1, history_events=9, computed=2, recorded=2, problem="第19个事件不符"
    )

    async def differs(*_: object, **__: object) -> Preflight:
        return Preflight(workflows=3, history_events=40, differences=(verdict,))

    monkeypatch.setattr("entrypoints.cli.preflight.preflight", differs)
    answer = running("engine", "preflight")
    assert answer.status == 1
    assert answer.out.splitlines()[0] == "key-project/2018/01 第19个事件不符"
    assert "1个不符" in answer.out.splitlines()[-1]
