"""A decision that reached the ledger and was lost by the engine (a worker killed in between) stands, and once."""

from __future__ import annotations

from datetime import datetime, timedelta

from application.audit.replaying import replayed
from domain.acts.commands import AnyCommand, ReportProgress, RequestCompletion, StrikeOff
from domain.acts.decisions import decide, reject
from domain.events import CommandRejected, DomainEvent, ReminderIssued
from domain.evolution import fold
from domain.ids import supervision_workflow_id
from domain.lists.docketing import docket
from domain.papers.drafting import papers_for
from domain.ports.ledger import Decision
from domain.rules.policy import SupervisionPolicy
from domain.rungs.ladder import START_CAUSE
from domain.rungs.wakeups import wake
from tests.domain.samples import CALENDAR, HEADER, START, WANG, at, request
from tests.workflows.conftest import PATIENT, Office, Supervision
from workflows.inputs import CommandMessage

A_MOMENT = timedelta(milliseconds=3)


async def lost(supervision: Supervision, events: tuple[DomainEvent, ...]) -> None:
    """Record events as a worker does that is killed before the engine has heard of them."""
    state = fold(events, await supervision.state())
    assert state is not None
    await supervision.office.ledger.record(
        Decision(
            stream=supervision_workflow_id(supervision.project_id), events=events, papers=papers_for(state, events)
        )
    )


async def lost_command(supervision: Supervision, command: AnyCommand, when: datetime) -> None:
    """Record what a command brings, and lose it."""
    await lost(supervision, decide(await supervision.state(), command, when))


async def in_agreement(supervision: Supervision) -> list[str]:
    """The types of the events beyond the start, when state, ledger and replay agree on all of them."""
    await supervision.quiet()
    state, recorded = await supervision.state(), supervision.recorded()
    assert fold(recorded) == state
    assert (await replayed(await supervision.histories(), recorded)).problem is None
    assert "WORKFLOW_TASK_FAILED" not in await supervision.history_events()
    return [event.type for event in recorded if event.cause != START_CAUSE]


async def test_a_command_that_was_lost_and_comes_again_is_one_event(office: Office) -> None:
    """The update is delivered again after the worker's death, a moment later: the first event stands."""
    supervision = await office.open()
    command = request(ReportProgress, supervision.first)
    await lost_command(supervision, command, START + A_MOMENT)
    await supervision.command(command)
    assert await in_agreement(supervision) == ["ProgressReported"]
    assert supervision.recorded()[-1].decided_at == START + A_MOMENT


async def test_another_command_comes_after_the_lost_one(office: Office) -> None:
    """What the ledger has stands first; the later command is decided again behind it."""
    supervision = await office.open()
    first, second = (request(ReportProgress, supervision.first, text=text) for text in ("先办", "后办"))
    await lost_command(supervision, first, START + A_MOMENT)
    await supervision.command(second)
    assert await in_agreement(supervision) == ["ProgressReported", "ProgressReported"]
    outcomes = [
        await supervision.handle.execute_update("command", CommandMessage(command), id=f"again-{command.text}")
        for command in (first, second)
    ]
    assert [outcome["event_ids"][0].split("#")[1] for outcome in outcomes] == ["3", "4"]


async def test_a_command_that_the_lost_one_makes_impossible_is_recorded_as_rejected(office: Office) -> None:
    """Two completion requests, the first one lost: the second one was decided without it, and the record says so."""
    supervision = await office.open()
    await lost_command(supervision, request(RequestCompletion, supervision.first), START + A_MOMENT)
    await supervision.command(request(RequestCompletion, supervision.first))
    assert await in_agreement(supervision) == ["CompletionRequested", "ClockStopped", "LimitSet", "CommandRejected"]
    last = supervision.recorded()[-1]
    assert isinstance(last, CommandRejected)
    assert last.rule == "one_completion_request"


async def test_a_rung_that_was_lost_is_not_taken_again(office: Office) -> None:
    """The reminder stands with its first instant, and its paper exists once."""
    supervision = await office.open()
    await supervision.until("05-11 08:29")
    due = at("05-11 08:30") + SupervisionPolicy().spread_for(supervision.project_id)
    await lost(supervision, wake(await supervision.state(), due))
    await supervision.until("05-12 00:00")
    assert await in_agreement(supervision) == ["ReminderIssued"]
    papers = [
        numbered
        for numbered in office.ledger.papers()
        if numbered.paper.project_id == supervision.project_id and numbered.paper.kind == "reminder"
    ]
    assert len(papers) == 1
    await supervision.until("05-23 00:00")
    assert [e.working_days_before for e in supervision.recorded() if isinstance(e, ReminderIssued)] == [14, 7]


async def test_a_refusal_by_signal_that_was_lost_is_recorded_once(office: Office) -> None:
    """The signal is in the history and is heard again: one rejection on record."""
    supervision = await office.open()
    command = request(StrikeOff, supervision.first, by=WANG)
    await supervision.handle.signal("command", command)
    await supervision.quiet()
    event = supervision.recorded()[-1]
    assert isinstance(event, CommandRejected)
    again = command.model_copy(update={"request_id": "again"})
    received = event.received.replace(command.request_id, "again")
    await lost(
        supervision, reject(await supervision.state(), event.rule, event.text, received, event.decided_at + A_MOMENT)
    )
    await supervision.handle.signal("command", again)
    assert await in_agreement(supervision) == ["CommandRejected", "CommandRejected"]


async def test_a_docketing_that_was_lost_stands(office: Office) -> None:
    """The very first task is repeated after a death: the supervision order keeps its number and its instant."""
    clock = await office.clock()
    project = office.next_project()
    events = docket(HEADER, project, PATIENT, CALENDAR, START - A_MOMENT)
    state = fold(events)
    assert state is not None
    stream = supervision_workflow_id(project.project_id)
    await office.ledger.record(Decision(stream=stream, events=events, papers=papers_for(state, events)))
    supervision = await office.open(project=project, clock=clock)
    assert await in_agreement(supervision) == []
    assert (await supervision.state()).docketed_at == START - A_MOMENT
    assert len([n for n in office.ledger.papers() if n.paper.project_id == project.project_id]) == 1


async def test_a_lost_decision_is_made_good_before_the_run_is_continued(office: Office) -> None:
    """A run that ends with the lost decision still unknown carries over what the ledger has."""
    supervision = await office.open(history_limit=20)
    for _ in range(6):
        await lost_command(supervision, request(ReportProgress, supervision.first), START + A_MOMENT)
        await supervision.command(request(ReportProgress, supervision.first))
    assert len(await supervision.histories()) >= 2
    assert await in_agreement(supervision) == ["ProgressReported"] * 12
