"""What a regular activity was given is held against the replay, as far as the ledger took it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.history.v1 import (
    ActivityTaskCompletedEventAttributes,
    ActivityTaskScheduledEventAttributes,
    HistoryEvent,
    WorkflowExecutionStartedEventAttributes,
)
from temporalio.client import WorkflowHistory

from application.audit import history_claims
from application.engine_room.connecting import DATA_CONVERTER
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for
from domain.ports.ledger import Decision, NotHeard, Recorded
from domain.rules.policy import SupervisionPolicy
from tests.domain.samples import CALENDAR, HEADER, START, key_project, milestone

LISTED = key_project([milestone()])
LATER = START + timedelta(days=400)


def decision(at: datetime) -> Decision:
    """The docketing of one project at an instant, with its papers."""
    events = docket(HEADER, LISTED, SupervisionPolicy(), CALENDAR, at)
    state = fold(events)
    assert state is not None
    return Decision(stream=supervision_workflow_id(LISTED.project_id), events=events, papers=papers_for(state, events))


def payload(value: object) -> Payload:
    """A value as the engine keeps it."""
    return DATA_CONVERTER.payload_converter.to_payload(value)


def history(given: Decision, answer: Recorded) -> WorkflowHistory:
    """A run that asked for one record and was answered."""
    started = WorkflowExecutionStartedEventAttributes()
    started.workflow_type.name = "Another"
    scheduled = ActivityTaskScheduledEventAttributes(input=Payloads(payloads=[payload(given)]))
    scheduled.activity_type.name = "record_decision"
    completed = ActivityTaskCompletedEventAttributes(scheduled_event_id=2, result=Payloads(payloads=[payload(answer)]))
    return WorkflowHistory(
        given.stream,
        [
            HistoryEvent(event_id=1, workflow_execution_started_event_attributes=started),
            HistoryEvent(event_id=2, activity_task_scheduled_event_attributes=scheduled),
            HistoryEvent(event_id=3, activity_task_completed_event_attributes=completed),
        ],
    )


def replayed_at(at: datetime) -> history_claims.Testimony:
    """A replay that comes to the same record at another instant, and so to other papers."""
    heard = history_claims.Testimony()
    heard.given.append(history_claims.Given("record_decision", (decision(at),), None))
    return heard


@pytest.mark.parametrize(
    "answer",
    [
        Recorded(standing=decision(START).events),
        Recorded(not_heard=(NotHeard(key="signal 1", rule="act_attested", text="没有凭证"),)),
        Recorded(refused=NotHeard(key="docketing", rule="issued_list", text="没有印发")),
        Recorded(elsewhere=3),
    ],
    ids=["standing", "not heard", "refused", "elsewhere"],
)
def test_what_the_ledger_took_nothing_of_accuses_nobody(answer: Recorded) -> None:
    """An earlier decision stood, or an act was not heard: what was asked in vain may differ in a replay."""
    assert history_claims.contradiction(history(decision(LATER), answer), replayed_at(START)) is None


def test_what_the_ledger_took_must_be_what_the_code_makes() -> None:
    """Papers that a replay does not come to are named, with the place in the history."""
    given = decision(START)
    forged = given.model_copy(
        update={"papers": tuple(paper.model_copy(update={"to": "某部"}) for paper in given.papers)}
    )
    assert forged.papers
    found = history_claims.contradiction(history(forged, Recorded.as_given(forged)), replayed_at(START))
    assert found is not None
    assert found.startswith("历史第2个事件")


@pytest.mark.parametrize("begun", [b'{"project": "x"}', b"nothing of ours", b"[]"])
def test_a_run_that_somebody_began_with_anything_is_told(begun: bytes) -> None:
    """Whoever reaches the engine can begin a project's run with bytes of his own: the audit says so, and goes on."""
    started = WorkflowExecutionStartedEventAttributes(input=Payloads(payloads=[Payload(data=begun)]))
    started.workflow_type.name = "ProjectSupervision"
    strange = WorkflowHistory(
        "key-project/2018/09", [HistoryEvent(event_id=1, workflow_execution_started_event_attributes=started)]
    )
    assert "读不懂" in (history_claims.contradiction(strange, history_claims.Testimony()) or "")
