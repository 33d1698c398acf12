"""An act at the desk under kill -9 (`python -m bench desk-kills` has more of it), and people who act at once."""

from __future__ import annotations

import asyncio

from bench.desk_kills import VICTIMS, desk_kills
from tests.entrypoints.installation import apart


def test_whatever_dies_in_the_middle_of_an_act_it_is_there_once_after_all() -> None:
    """Desk, worker and engine each die once on the way of an act: a sentence, the form again, one event."""
    report = apart(lambda: asyncio.run(desk_kills(len(VICTIMS), seed=7)))

    assert report.problems == []
    assert [report.figures[f"kills of the {victim}"] for victim in VICTIMS] == [1, 1, 1]
