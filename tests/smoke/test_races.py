"""Whatever arrives and whenever a worker goes: nothing is stuck or lost, and every history replays cold, small.

The campaigns are `bench races` and `bench absences`.
"""

from __future__ import annotations

import pytest

from bench.absences import ANSWERED, AbsencesPlan, absences
from bench.races import RacesPlan, races

_RACES = 4
# The embedded engine outlives the call that starts it, so nobody waits for its process.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


async def test_a_question_that_the_next_worker_gets_first_upsets_no_project() -> None:
    """The real list, asked while nobody works and all reminders fall due: nothing is stuck, late or decided twice."""
    # All seventeen are reminded of in one half-hour, 45 hours after the start: 18 seconds at this speed.
    plan = AbsencesPlan(
        projects=17, rounds=1, speed=9_000, lives=(0.2, 0.5), absences=(16, 17), asked=1, asked_at=(0.2, 0.2), killed=0
    )
    report = await absences(plan)
    # Each of the seventeen projects and twenty-four mailboxes.
    assert report.figures[ANSWERED] == 41
    assert report.problems == []


async def test_short_histories_replay_cold_whatever_arrives_and_whenever_a_worker_goes() -> None:
    """Rungs fall due among what arrives, the store is slow, workers are killed, runs continue as new: all agrees."""
    answered = 0.0
    # Workers that live for a second answer little where the machine is busy: then there are more histories.
    for seed in range(3, 3 + _RACES):
        report = await races(RacesPlan(histories=24, seed=seed, seconds=4.0, lives=((0.5, 2.0), (0.0, 1.0))))
        assert report.figures["workers killed"] + report.figures["workers stopped"] > 0
        assert report.problems == []
        answered += report.figures["update: answered"]
        if answered > 24:
            break
    assert answered > 24


async def test_what_arrives_while_the_docketing_is_recorded_replays() -> None:
    """Commands, signals and questions in the first task of forty projects; the worker stays."""
    # Nothing falls due meanwhile: what rungs do to crowded histories is among what the test above plays.
    plan = RacesPlan(histories=40, seed=2, crowded=1.0, seconds=1.0, lives=None, speeds=(1_000, 1_000))
    report = await races(plan)
    assert report.figures["update: answered"] > 40
    assert report.problems == []
