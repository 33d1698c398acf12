"""How long a command waits, beside how long the engine waits for a worker."""

from __future__ import annotations

from datetime import timedelta

from application.engine_room.engine import TAKEN_WITHIN
from application.settings import Settings


def test_a_command_waits_longer_than_its_task_does_for_a_worker_that_has_gone() -> None:
    """A worker that stops takes no act with it: another one has ten seconds left to answer."""
    sticky = timedelta(seconds=Settings.model_fields["sticky_seconds"].default)
    assert sticky + timedelta(seconds=10) <= TAKEN_WITHIN
