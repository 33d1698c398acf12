"""Commands by update: a rejection costs nothing, a repeat changes nothing, a timer is moved only when it must be."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from application.audit.replaying import replayed
from application.engine_room.engine_answers import RefusedByRuleError
from domain.acts.commands import AcceptCompletion, ReportProgress, RequestCompletion, StrikeOff, Withdraw
from domain.errors import RejectedError
from domain.events import CommandRejected
from domain.evidence import EvidenceFile
from domain.rungs.ladder import START_CAUSE
from tests.domain.samples import LI, STRANGER, WANG, request
from tests.workflows.conftest import Office
from workflows.inputs import CommandMessage

EMPTY_TASK = {"WORKFLOW_TASK_SCHEDULED", "WORKFLOW_TASK_STARTED", "WORKFLOW_TASK_COMPLETED"}


async def test_a_rejected_command_names_its_rule_and_leaves_nothing_behind(office: Office) -> None:
    """The caller hears the rule and the sentence; no update, no recording and no timer stands in the history."""
    supervision = await office.open()
    state, history = await supervision.state(), await supervision.history_events()
    with pytest.raises(RefusedByRuleError) as refused:
        await supervision.command(request(ReportProgress, supervision.first, by=STRANGER))
    assert refused.value.rule == "own_duty"
    assert "统战部" in refused.value.text
    refusal: Any = refused.value.ids["refusal"]
    assert refusal["command"]["type"] == "ReportProgress"
    # This server writes down the empty workflow task of the refusal; the real one does not (bench counts that).
    assert set((await supervision.history_events())[len(history) :]) <= EMPTY_TASK
    assert await supervision.state() == state
    assert await supervision.agrees()


@pytest.mark.parametrize("garbage", [{}, {"type": "Nonsense"}, b"\xff", None, [1]], ids=str)
async def test_an_update_that_is_no_command_is_refused_to_its_sender_and_does_no_harm(
    office: Office, garbage: Any
) -> None:
    """Whatever an update carries, its sender hears of it and the supervision goes on."""
    supervision = await office.open()
    with pytest.raises(WorkflowUpdateFailedError):
        await supervision.handle.execute_update("command", garbage)
    assert not [event for event in supervision.recorded() if isinstance(event, CommandRejected)]
    await supervision.command(request(ReportProgress, supervision.first))
    assert "WORKFLOW_TASK_FAILED" not in await supervision.history_events()


async def test_an_accepted_command_answers_its_events_and_its_stage(office: Office) -> None:
    """The answer names the events as the ledger has them."""
    supervision = await office.open()
    outcome = await supervision.command(request(RequestCompletion, supervision.first))
    assert outcome.stage == "completion_requested"
    await supervision.status()
    stream = f"key-project/2018/{supervision.project_id[5:]}"
    made = [event for event in supervision.recorded() if event.cause != START_CAUSE]
    assert [event.type for event in made] == ["CompletionRequested", "ClockStopped", "LimitSet"]
    assert outcome.event_ids == tuple(f"{stream}#{event.seq}" for event in made)


async def test_the_same_request_twice_is_one_request(office: Office) -> None:
    """By update and by signal, under one request id: one event, one answer."""
    supervision = await office.open()
    command = request(ReportProgress, supervision.first)
    first = await supervision.command(command)
    assert await supervision.command(command) == first
    again = await supervision.handle.execute_update("command", CommandMessage(command), id="another-update-id")
    await supervision.handle.signal("command", command)
    assert again["event_ids"] == list(first.event_ids)
    assert [event.type for event in supervision.recorded()].count("ProgressReported") == 1
    assert await supervision.agrees()


async def test_the_same_request_with_another_proof_is_one_request_and_another_update(office: Office) -> None:
    """Whoever is cut off and tries again proves it anew: the engine never has two contents under one id."""
    supervision = await office.open()
    asked = request(ReportProgress, supervision.first)
    tries = [asked.model_copy(update={"attested": str(EvidenceFile.of("proof.json", bytes([n])))}) for n in range(3)]
    first, *others = await asyncio.gather(*map(supervision.command, tries))
    assert [each.event_ids for each in others] == [first.event_ids] * 2
    assert [event.type for event in supervision.recorded()].count("ProgressReported") == 1
    assert len({each.update_id for each in tries}) == len(tries)
    history = await supervision.handle.fetch_history()
    given = [event.workflow_execution_update_accepted_event_attributes.accepted_request for event in history.events]
    ids = {each.meta.update_id for each in given if each.meta.update_id}
    assert ids == {each.update_id for each in tries}
    assert (await replayed(await supervision.histories(), supervision.recorded())).problem is None


async def test_the_same_message_has_the_same_id(office: Office) -> None:
    """A connection that was lost is made again, and the engine answers what it knows: nothing new in the history."""
    supervision = await office.open()
    asked = request(ReportProgress, supervision.first)
    first = await supervision.command(asked)
    before = await supervision.history_events()
    assert await supervision.command(asked.model_copy()) == first
    assert await supervision.history_events() == before


async def test_a_command_that_does_not_move_the_clock_sets_no_timer(office: Office) -> None:
    """A report sets none, a completion request one; none is ever taken back."""
    supervision = await office.open()
    await supervision.status()
    before = await supervision.history_events()
    await supervision.command(request(ReportProgress, supervision.first))
    reported = await supervision.history_events()
    assert (reported.count("TIMER_STARTED"), reported.count("TIMER_CANCELED")) == (before.count("TIMER_STARTED"), 0)
    await supervision.command(request(RequestCompletion, supervision.first))
    requested = await supervision.history_events()
    set_anew = requested.count("TIMER_STARTED") - before.count("TIMER_STARTED")
    assert (set_anew, requested.count("TIMER_CANCELED")) == (1, 0)


async def test_a_command_costs_seven_events_at_most(office: Office) -> None:
    """A report costs an update's five events, the recording one, and one more where something shown has changed."""
    supervision = await office.open()
    await supervision.command(request(ReportProgress, supervision.first))
    before = len(await supervision.history_events())
    await supervision.command(request(ReportProgress, supervision.first))
    assert len(await supervision.history_events()) - before <= 7


async def test_a_milestone_on_time_goes_through_its_three_events_and_two_persons(office: Office) -> None:
    """Requested, accepted, struck off by another; the workflow completes with its archive."""
    supervision = await office.open()
    await supervision.command(request(RequestCompletion, supervision.first))
    await supervision.command(request(AcceptCompletion, supervision.first, by=LI))
    with pytest.raises(RejectedError) as refused:
        await supervision.command(request(StrikeOff, supervision.first, by=LI))
    assert refused.value.rule == "two_persons"
    outcome = await supervision.command(request(StrikeOff, supervision.first, by=WANG))
    result = await supervision.handle.result()
    assert (len(outcome.event_ids), result.stage) == (3, "archived")
    assert (await supervision.status()).stage == "archived"


async def test_commands_that_arrive_at_once_are_taken_one_after_another(office: Office) -> None:
    """Twenty reports started together are twenty events with twenty different places."""
    supervision = await office.open()
    reports = [request(ReportProgress, supervision.first) for _ in range(20)]
    answers = await asyncio.gather(*map(supervision.command, reports))
    assert len({answer.event_ids[0] for answer in answers}) == 20
    await supervision.status()
    assert await supervision.agrees()


async def test_withdrawing_ends_the_supervision_and_its_timer(office: Office) -> None:
    """After the withdrawal of the project the workflow is complete and nothing waits any more."""
    supervision = await office.open()
    await supervision.command(request(Withdraw, None))
    result = await supervision.handle.result()
    assert result.stage == "withdrawn"
    assert (await supervision.history_events())[-1] == "WORKFLOW_EXECUTION_COMPLETED"
