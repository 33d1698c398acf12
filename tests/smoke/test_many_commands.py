"""Twenty commands at once to one project on the real engine."""

from __future__ import annotations

from bench.continue_as_new import RUNS, UNDER_WAY, ManyCommands, continue_as_new


async def test_twenty_commands_at_once_are_all_answered_while_runs_end() -> None:
    """The server takes ten updates at once by default and lets go of them when one more comes: ours takes them all."""
    plan = ManyCommands(commands=160, twice_every=20, repeated=20, history_limit=150)
    done = await continue_as_new(plan)
    assert done.problems == []
    assert done.figures[RUNS] >= 3
    assert done.figures[UNDER_WAY] == plan.at_once
