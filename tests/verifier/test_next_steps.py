"""Whoever verifies a bundle reads after each finding who does what next."""

from __future__ import annotations

from bench.memory_bundle import MemoryBundle
from tests.verifier.rehearsed_year import Year
from verifier.findings import NEXT_STEPS, STEPS
from verifier.verify import verify

_ASKS = "请"


def test_every_step_has_what_comes_next() -> None:
    """In the order of the steps, each with somebody who is asked."""
    assert list(NEXT_STEPS) == list(STEPS)
    assert all(_ASKS in told for told in NEXT_STEPS.values())


async def test_a_contradiction_is_told_with_what_comes_next_and_nothing_else_is(year: Year) -> None:
    """One line below the step's findings, however many there are; none where nothing contradicts."""
    files = year.files()
    whole = verify(MemoryBundle(files), year.trust())
    assert "下一步：" not in whole.as_text()
    changed = verify(MemoryBundle(files | {"report/state.json": b"{}"}), year.trust())
    contradicted = [step for step in changed.steps if step.verdict == "failed"]
    assert contradicted
    lines = changed.as_text().split("\n")
    for step in contradicted:
        assert lines.count(f"    下一步：{NEXT_STEPS[step.name]}。") == 1
