"""What a supervision asks for does not depend on the portions in which it hears what arrives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from temporalio.bridge.proto.workflow_commands import WorkflowCommand

from domain.acts.commands import ReportProgress, SignReceipt, Urge
from domain.clock import VirtualClock
from domain.ports.ledger import Decision, NotHeard, Recorded
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, HEADER, START, key_project, milestone, request
from tests.workflows.activations import (
    ALARM,
    BEGUN,
    CONVERTER,
    UPDATE,
    Arrival,
    InMemory,
    gone_on_with,
    heard_at_once,
    played,
)
from workflows.inputs import Opening, SupervisionInput
from workflows.message_names import LOOK_AT_THE_CLOCK
from workflows.project_supervision import ProjectSupervision

_ACTS = {
    "receipt": request(SignReceipt, None),
    "progress": request(ReportProgress),
    "urge": request(Urge),
}
_SIGNALS = [("command", (act.model_dump(mode="json"),)) for act in _ACTS.values()] + [
    ("command", ({"type": "Nothing"},)),
    (LOOK_AT_THE_CLOCK, ()),
]
_UPDATES = [(UPDATE, (act.model_dump(mode="json"),)) for act in _ACTS.values()]
_PORTION = st.lists(st.sampled_from([*_SIGNALS, *_UPDATES, (ALARM, ())]), min_size=1, max_size=3)
_TASKS = st.lists(st.lists(_PORTION, min_size=1, max_size=3), min_size=1, max_size=6)


class Supervision(InMemory):
    """A supervision before a ledger that takes everything, or that has some acts by signal refused."""

    def __init__(
        self, history_limit: int, history: dict[int, Any] | None = None, arrivals: Sequence[Arrival] = ()
    ) -> None:
        opening = Opening(
            listed=HEADER,
            project=key_project((milestone(),)),
            policy=SupervisionPolicy(),
            calendar=CALENDAR,
        )
        clock = VirtualClock(engine_at=BEGUN, supervised_at=START)
        given = SupervisionInput(clock=clock, opening=opening, history_limit=history_limit)
        super().__init__(ProjectSupervision, given, history, arrivals)

    def answer_to(self, command: WorkflowCommand) -> Any:
        """The record's answer."""
        (decision,) = CONVERTER().from_payloads(list(command.schedule_local_activity.arguments), [Decision])
        refused = [act.key for act in decision.unheard if act.command.request_id == _ACTS["urge"].request_id]
        if refused:
            return Recorded(not_heard=tuple(NotHeard(key=key, rule="attested", text="没有签名") for key in refused))
        return Recorded.as_given(decision)


@given(drawn=_TASKS, limit=st.sampled_from([20, 4_000]))
def test_what_is_heard_by_portions_and_at_once_comes_to_the_same(drawn: list[list[list[Arrival]]], limit: int) -> None:
    """A task's second attempt reaches a worker that has begun with it; a replay hears the whole task at once."""
    tasks = played(original := Supervision(limit), drawn)
    assert heard_at_once(partial(Supervision, limit), original, tasks) == original.commands


@given(drawn=_TASKS, limit=st.sampled_from([20, 4_000]))
def test_a_record_that_outlasts_its_task_comes_to_the_same(drawn: list[list[list[Arrival]]], limit: int) -> None:
    """The record's answer stands in a later task; a replay goes on from it before it hears what that task brought."""
    tasks = played(original := Supervision(limit), drawn)
    assert gone_on_with(partial(Supervision, limit), original, tasks) == original.commands
