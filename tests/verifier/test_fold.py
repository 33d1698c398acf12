"""The verifier's own reading of the record, beside the core's, on every kept history."""

from __future__ import annotations

import pytest

from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.record.leaf import leaf_event
from domain.record.reported_state import reported_state
from tests.replay.golden import names, recorded_in
from verifier.fold import Fold


@pytest.mark.parametrize("name", [name for name in names() if name != "mailbox"])
def test_the_verifier_folds_a_kept_history_to_the_same_state(name: str) -> None:
    """It knows every event of it, and what they add up to is what the core reports."""
    events = recorded_in(name)
    state = fold(events)
    assert state is not None
    stream = supervision_workflow_id(state.project_id)
    second = Fold()
    for event in events:
        second.take(leaf_event(stream, event))
    assert second.unknown == {}
    assert second.state(stream) == reported_state(len(events), {}, [state])["projects"][stream]
